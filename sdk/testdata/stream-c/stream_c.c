/*
 * What core_c.c computes, bar by bar: the same steps, with what is remembered
 * in static variables, so that the host may hand over bars as they come. The
 * tests want the same bits.
 */
#include "ta.h"

enum { SMA_PERIOD, EMA_PERIOD, RSI_PERIOD };
enum { SMA, EMA, RSI };

static const ta_spec spec = {
    .name = "stream_c",
    .version = "1.0.0",
    .title = "SMA, EMA and RSI from C, bar by bar",
    .doc = "A simple and an exponential moving average and Wilder's relative strength index of one series.",
    .inputs = {TA_INPUT_REAL},
    .params = {
        [SMA_PERIOD] = TA_INTEGER("sma_period", 20, 1, 1000, "bars averaged"),
        [EMA_PERIOD] = TA_INTEGER("ema_period", 20, 1, 1000, "bars that seed the average; a value weighs 2/(period+1)"),
        [RSI_PERIOD] = TA_INTEGER("rsi_period", 14, 2, 1000, "bars that seed the gains and losses"),
    },
    .outputs = {
        [SMA] = {"sma", TA_UNIT_PRICE, "mean of the last sma_period values"},
        [EMA] = {"ema", TA_UNIT_PRICE, "mean in which older values fade"},
        [RSI] = {"rsi", TA_UNIT_PERCENT, "0 to 100"},
    },
    .memory = TA_MEMORY_FADING,
    .warmup = "max(max(sma_period, ema_period) - 1, rsi_period)",
};

/* The last block of n values and the one before it: rest[i] is the sum of that from its i-th value on. */
static struct {
    double *block, *rest, sum;
    int n, seen;
    bool full; /* there has been a block before this one */
} sma;

static void sma_next(double *out, double v) {
    int n = sma.n;
    sma.block[sma.seen++] = v;
    sma.sum += v;
    if (sma.full || sma.seen == n) *out = (sma.rest[sma.seen] + sma.sum) / n;
    if (sma.seen < n) return;
    for (int j = n - 1; j >= 0; j--) sma.rest[j] = sma.rest[j + 1] + sma.block[j];
    sma.full = true;
    sma.seen = 0;
    sma.sum = 0;
}

static struct {
    double y, seen;
} ema;

/* Begins with the mean of the first n values and then goes 2/(n+1) of the way to each new one. */
static void ema_next(double *out, double v, double n) {
    if (ema.seen < n) {
        ema.y += v;
        if (++ema.seen < n) return;
        ema.y /= n;
    } else {
        ema.y += 2.0 / (n + 1) * (v - ema.y);
    }
    *out = ema.y;
}

static struct {
    double gain, loss, last, seen; /* values, of which the first has no move */
} rsi;

/* The share of gains in all moves, both smoothed as Wilder did. */
static void rsi_next(double *out, double v, double n) {
    double before = rsi.last;
    rsi.last = v;
    if (rsi.seen == 0) {
        rsi.seen = 1;
        return;
    }
    /* Halves, not choices: which way the next move goes nobody can foresee. */
    double rise = v - before, size = ta_abs(rise);
    double up = (size + rise) / 2, down = (size - rise) / 2;
    if (rsi.seen <= n) {
        rsi.gain += up;
        rsi.loss += down;
        if (rsi.seen++ < n) return;
        rsi.gain /= n;
        rsi.loss /= n;
    } else {
        rsi.gain += (up - rsi.gain) / n;
        rsi.loss += (down - rsi.loss) / n;
    }
    double moves = rsi.gain + rsi.loss;
    *out = moves > 0 ? 100 * rsi.gain / moves : 0;
}

static int run(ta_call *call) {
    if (!sma.block) {
        sma.n = ta_integer(call, SMA_PERIOD);
        sma.block = ta_scratch(call, (size_t)sma.n);
        sma.rest = ta_scratch(call, (size_t)sma.n + 1);
    }
    const double *x = ta_in(call, TA_INPUT_REAL);
    for (size_t i = 0; i < call->bars; i++) {
        if (ta_is_nan(x[i])) continue;
        sma_next(ta_out(call, SMA) + i, x[i]);
        ema_next(ta_out(call, EMA) + i, x[i], ta_param(call, EMA_PERIOD));
        rsi_next(ta_out(call, RSI) + i, x[i], ta_param(call, RSI_PERIOD));
    }
    return 0;
}

TA_PLUGIN(spec, run)
TA_STREAM(spec, run)
