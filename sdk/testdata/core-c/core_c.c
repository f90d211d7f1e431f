/*
 * The simple moving average, the exponential one and the relative strength
 * index, as TA-Lib defines them, written with the C SDK. The tests hold its
 * answers against the native indicators.
 */
#include "ta.h"

enum { SMA_PERIOD, EMA_PERIOD, RSI_PERIOD };
enum { SMA, EMA, RSI };

static const ta_spec spec = {
    .name = "core_c",
    .version = "1.0.0",
    .title = "SMA, EMA and RSI from C",
    .doc = "A simple and an exponential moving average and Wilder's relative strength index of one series.",
    .inputs = {TA_INPUT_REAL},
    .params = {
        [SMA_PERIOD] = TA_INTEGER("sma_period", 20, 1, 100000, "bars averaged"),
        [EMA_PERIOD] = TA_INTEGER("ema_period", 20, 1, 100000, "bars that seed the average; a value weighs 2/(period+1)"),
        [RSI_PERIOD] = TA_INTEGER("rsi_period", 14, 2, 100000, "bars that seed the gains and losses"),
    },
    .outputs = {
        [SMA] = {"sma", TA_UNIT_PRICE, "mean of the last sma_period values"},
        [EMA] = {"ema", TA_UNIT_PRICE, "mean in which older values fade"},
        [RSI] = {"rsi", TA_UNIT_PERCENT, "0 to 100"},
    },
    .memory = TA_MEMORY_FADING,
    .warmup = "max(max(sma_period, ema_period) - 1, rsi_period)",
};

/*
 * The mean of the last n values. A window of n values spans at most two blocks
 * of n: the rest of one and the beginning of the next. Adding their sums takes
 * a few steps a bar for any n, and unlike a running total it leaves nothing
 * behind of a value that has left the window.
 *
 * block has room for the n values of this block, and rest for one more: rest[i]
 * is the sum of the last block from its i-th value on.
 */
static void sma(double *restrict out, const double *restrict x, size_t bars, int n, double *restrict block,
                double *restrict rest) {
    bool full = false; /* there has been a block before this one */
    int seen = 0;      /* values in this block so far */
    double sum = 0;    /* and their sum */
    for (size_t i = 0; i < bars; i++) {
        double v = x[i];
        if (ta_is_nan(v)) continue;
        block[seen++] = v;
        sum += v;
        if (full || seen == n) out[i] = (rest[seen] + sum) / n;
        if (seen == n) {
            for (int j = n - 1; j >= 0; j--) rest[j] = rest[j + 1] + block[j];
            full = true;
            seen = 0;
            sum = 0;
        }
    }
}

/* Begins with the mean of the first n values and then goes 2/(n+1) of the way to each new one. */
static void ema(double *restrict out, const double *restrict x, size_t bars, int n) {
    double weight = 2.0 / (n + 1), y = 0;
    int seen = 0;
    for (size_t i = 0; i < bars; i++) {
        double v = x[i];
        if (ta_is_nan(v)) continue;
        if (seen < n) {
            y += v;
            if (++seen < n) continue;
            y /= n;
        } else {
            y += weight * (v - y);
        }
        out[i] = y;
    }
}

/*
 * The share of gains in all moves, in percent. Both are smoothed as Wilder did:
 * the mean of the first n moves, then 1/n of the way to each new one.
 */
static void rsi(double *restrict out, const double *restrict x, size_t bars, int n) {
    double gain = 0, loss = 0, last = TA_NAN;
    int seen = 0;
    for (size_t i = 0; i < bars; i++) {
        double v = x[i], before = last;
        if (ta_is_nan(v)) continue;
        last = v;
        if (ta_is_nan(before)) continue;
        /* Halves, not choices: which way the next move goes nobody can foresee. */
        double rise = v - before, size = ta_abs(rise);
        double up = (size + rise) / 2, down = (size - rise) / 2;
        if (seen < n) {
            gain += up;
            loss += down;
            if (++seen < n) continue;
            gain /= n;
            loss /= n;
        } else {
            gain += (up - gain) / n;
            loss += (down - loss) / n;
        }
        double moves = gain + loss;
        out[i] = moves > 0 ? 100 * gain / moves : 0;
    }
}

static int run(ta_call *call) {
    const double *x = ta_in(call, TA_INPUT_REAL);
    int n = ta_integer(call, SMA_PERIOD);
    double *block = ta_scratch(call, (size_t)n), *rest = ta_scratch(call, (size_t)n + 1);
    sma(ta_out(call, SMA), x, call->bars, n, block, rest);
    ema(ta_out(call, EMA), x, call->bars, ta_integer(call, EMA_PERIOD));
    rsi(ta_out(call, RSI), x, call->bars, ta_integer(call, RSI_PERIOD));
    return 0;
}

TA_PLUGIN(spec, run)
