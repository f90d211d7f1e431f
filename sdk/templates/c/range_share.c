#include "ta.h"

enum { FLAT };
enum { SHARE };

static const ta_spec spec = {
    .name = "range_share",
    .version = "1.0.0",
    .title = "Place in the range",
    .doc = "Where the close is in the range of its bar: 0 at the low, 100 at the high.",
    .inputs = {TA_INPUT_HIGH, TA_INPUT_LOW, TA_INPUT_CLOSE},
    .params = {[FLAT] = TA_NUMBER("flat", 50, 0, 100, "the value of a bar without a range")},
    .outputs = {[SHARE] = {"share", TA_UNIT_PERCENT, "0 to 100"}},
    .memory = TA_MEMORY_WINDOW,
};

static int run(ta_call *call) {
    const double *high = ta_in(call, TA_INPUT_HIGH), *low = ta_in(call, TA_INPUT_LOW);
    const double *close = ta_in(call, TA_INPUT_CLOSE);
    double *share = ta_out(call, SHARE);
    for (size_t i = 0; i < call->bars; i++) {
        if (ta_is_nan(close[i])) continue; /* a hole; one in high or low is in range */
        double range = high[i] - low[i];
        if (range > 0) share[i] = 100 * (close[i] - low[i]) / range;
        else if (range == 0) share[i] = ta_param(call, FLAT);
    }
    return 0;
}

TA_PLUGIN(spec, run)
