/*
 * The regime that a market is in: a trend up or down, a range, or turbulence.
 * The trend is seen by P. J. Kaufman's efficiency ratio (Trading Systems and
 * Methods), turbulence by the true range of J. W. Wilder (New Concepts in
 * Technical Trading Systems, 1978) beside its own history.
 */
#include "ta.h"

#include "regime.h"

enum { PERIOD, HISTORY, TREND, TURBULENCE, HYSTERESIS };
enum { REGIME, EFFICIENCY, HEAT };

static const ta_spec spec = {
    .name = "regime_filter",
    .version = "1.0.0",
    .title = "Regime filter",
    .doc = "Which regime a market is in: trend up, trend down, range or turbulence, from Kaufman's efficiency ratio and "
           "from the true range, in parts of the price, beside its own history. A regime goes on with less than it "
           "needs to begin. A price of zero or below counts as missing.",
    .group = TA_GROUP_MOMENTUM,
    .inputs = {TA_INPUT_HIGH, TA_INPUT_LOW, TA_INPUT_CLOSE},
    .params = {
        [PERIOD] = TA_INTEGER("period", 20, 2, 500, "bars that the way of the price and the ranges of now are taken from"),
        [HISTORY] = TA_INTEGER("history", 200, 10, 2000, "bars whose ranges are the usual ones", .at_least = "period"),
        [TREND] = TA_NUMBER("trend", 0.4, 0.05, 1, "efficiency from which on there is a trend"),
        [TURBULENCE] = TA_NUMBER("turbulence", 1.75, 1, 10, "heat from which on there is turbulence"),
        [HYSTERESIS] = TA_NUMBER("hysteresis", 0.25, 0, 0.9, "how much less a regime needs to go on than to begin, as a share"),
    },
    .outputs = {
        [REGIME] = {"regime", TA_UNIT_RATIO, "1 trend up, -1 trend down, 0 range, 2 turbulence"},
        [EFFICIENCY] = {"efficiency", TA_UNIT_RATIO, "1 straight up, -1 straight down, near 0 to and fro"},
        [HEAT] = {"heat", TA_UNIT_RATIO, "ranges of now over the usual ones: 1 as usual, 2 twice as wide"},
    },
    .memory = TA_MEMORY_FADING, /* two that began differently are one after the next change of both */
    .warmup = "history",
};

static window of(ta_call *call, int n) {
    return (window){.block = ta_scratch(call, (size_t)n), .rest = ta_scratch(call, (size_t)n + 1), .n = n};
}

static int run(ta_call *call) {
    const double *high = ta_in(call, TA_INPUT_HIGH), *low = ta_in(call, TA_INPUT_LOW);
    const double *close = ta_in(call, TA_INPUT_CLOSE);
    double *regimes = ta_out(call, REGIME), *efficiency = ta_out(call, EFFICIENCY), *heat = ta_out(call, HEAT);
    int n = ta_integer(call, PERIOD), history = ta_integer(call, HISTORY);
    double trend = ta_param(call, TREND), turbulence = ta_param(call, TURBULENCE);
    double hysteresis = ta_param(call, HYSTERESIS);

    window steps = of(call, n), ranges = of(call, n), usual = of(call, history);
    double *closes = ta_scratch(call, (size_t)n); /* the last n; the oldest is at place */
    int place = 0, now = RANGE;
    double last = 0; /* the close before, 0 before there is one */

    for (size_t i = 0; i < call->bars; i++) {
        double h = high[i], l = low[i], c = close[i];
        if (!(h > 0 && l > 0 && c > 0)) continue;
        double before = last, oldest = closes[place];
        last = closes[place] = c;
        if (++place == n) place = 0;
        if (before == 0) continue;

        double way, range, normal, reach = (ta_max(h, before) - ta_min(l, before)) / before;
        bool moved = add(&steps, ta_abs(c - before), &way);
        add(&ranges, reach, &range);
        /* No way is longer than the sum of its steps: rounding alone says so. */
        if (moved) efficiency[i] = way > 0 ? ta_max(-1, ta_min((c - oldest) / way, 1)) : 0;
        if (add(&usual, reach, &normal)) {
            heat[i] = normal > 0 ? range / n / (normal / history) : 1;
            now = regime(now, efficiency[i], heat[i], trend, turbulence, hysteresis);
            regimes[i] = now;
        }
    }
    return 0;
}

TA_PLUGIN(spec, run)
