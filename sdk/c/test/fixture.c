/* What every SDK's fixture is, for ../../testdata/fixture/fixture.test.js. */
#include "ta.h"

enum { N, K, L, KIND, M };
enum { SUM, REST };

static const ta_spec spec = {
    .name = "fixture",
    .version = "1.2.3-rc.1",
    .title = "Bé 📈",
    .doc = "a \"quoted\"\\\n\x01 line",
    .group = TA_GROUP_MOMENTUM,
    .inputs = {TA_INPUT_CLOSE, TA_INPUT_VOLUME, TA_INPUT_TIMESTAMP},
    .params = {
        [N] = TA_INTEGER("n", 14, -2, 500, "bars"),
        [K] = TA_NUMBER("k", 1.5, -1e-7, 1e30, "weight"),
        [L] = TA_NUMBER("l", 0.123456789012345, 0, 31400, "length"),
        [KIND] = TA_CHOICE("kind", "average", "sma", "ema"),
        [M] = TA_INTEGER("m", 28, 2, 500, "more bars", .at_least = "n"),
    },
    .outputs = {
        [SUM] = {"sum", TA_UNIT_PRICE, "so far"},
        [REST] = {"rest", TA_UNIT_SIGNAL, "what to do"},
    },
    .memory = TA_MEMORY_RUNNING,
    .warmup = "2*n - 1",
};

/* The sum of all bars, in room that a stream keeps, by way of room for one call. */
static int run(ta_call *call) {
    static double *total;
    if (!total) total = ta_scratch(call, 1);
    const double *close = ta_in(call, TA_INPUT_CLOSE), *volume = ta_in(call, TA_INPUT_VOLUME);
    double *sum = ta_out(call, SUM), *sums = call->bars > 1 ? ta_scratch(call, call->bars) : sum;
    for (size_t i = 0; i < call->bars; i++) {
        if (call->bars > 1 && sums[i] != 0) __builtin_trap();
        sums[i] = *total += close[i] + ta_param(call, K) * volume[i];
    }
    for (size_t i = 0; i < call->bars; i++) sum[i] = sums[i];
    if (ta_integer(call, N) == -1) ta_scratch(call, 1 << 29);
    if (ta_integer(call, N) == -2) ta_in(call, TA_INPUT_LOW);
    return ta_integer(call, KIND);
}

TA_PLUGIN(spec, run)
TA_STREAM(spec, run)
