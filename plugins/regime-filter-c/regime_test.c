/* Tries what regime.h has; test.sh runs it. */
#include <math.h>
#include <stdio.h>

#include "regime.h"

static int failures;

static void want(const char *what, double got, double expected) {
    if (got == expected) return;
    printf("%s is %g, want %g\n", what, got, expected);
    failures++;
}

/* With a trend from 0.4 and turbulence from 2 on, which go on down to 0.3 and 1.5. */
static int next(int now, double efficiency, double heat) { return regime(now, efficiency, heat, 0.4, 2, 0.25); }

static void regimes_begin_and_go_on(void) {
    want("a range that moves a little", next(RANGE, 0.39, 1), RANGE);
    want("a range that begins to rise", next(RANGE, 0.4, 1), UP);
    want("a range that begins to fall", next(RANGE, -0.4, 1), DOWN);
    want("a rise that tires", next(UP, 0.31, 1), UP);
    want("a rise that ends", next(UP, 0.29, 1), RANGE);
    want("a fall that tires", next(DOWN, -0.31, 1), DOWN);
    want("a fall that ends", next(DOWN, -0.29, 1), RANGE);
    want("a rise that turns a little", next(UP, -0.39, 1), RANGE);
    want("a rise that turns", next(UP, -0.4, 1), DOWN);
    want("a storm in a rise", next(UP, 0.9, 2), TURBULENT);
    want("a storm that goes on", next(TURBULENT, 0.9, 1.51), TURBULENT);
    want("a storm that ends in a rise", next(TURBULENT, 0.9, 1.49), UP);
    want("a storm that ends with less than a rise", next(TURBULENT, 0.39, 1.49), RANGE);
    want("what does not move", next(RANGE, 0, 1), RANGE);
}

static void a_window_is_the_sum_of_its_values(void) {
    enum { N = 5 };
    double block[N] = {0}, rest[N + 1] = {0}, values[40];
    window w = {.block = block, .rest = rest, .n = N};
    for (int i = 0; i < 40; i++) {
        values[i] = (i * 7) % 11;
        double total = -1, expected = 0;
        want("enough", add(&w, values[i], &total), i >= N - 1);
        for (int j = i - N + 1; j <= i && i >= N - 1; j++) expected += values[j];
        if (i >= N - 1) want("the sum", total, expected);
    }
}

static void a_window_forgets(void) {
    double block[3] = {0}, rest[4] = {0}, total = 0;
    window w = {.block = block, .rest = rest, .n = 3};
    add(&w, 1e300, &total);
    for (int i = 0; i < 3; i++) add(&w, 0.1, &total);
    want("what a large value leaves behind", fabs(total - 0.3) < 1e-15, 1);
}

int main(void) {
    regimes_begin_and_go_on();
    a_window_is_the_sum_of_its_values();
    a_window_forgets();
    return failures > 0;
}
