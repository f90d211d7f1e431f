/* What a regime is decided by. It needs nothing of the SDK, so that regime_test.c can try it on any machine. */
#ifndef REGIME_H
#define REGIME_H

#include <stdbool.h>

enum { DOWN = -1, RANGE, UP, TURBULENT };

/*
 * The regime of the next bar. What is so already needs less to go on than to
 * begin, by the share hysteresis, so that a market at the border does not change
 * its name with every bar. Turbulence goes before trends: it is the warning.
 */
static inline int regime(int now, double efficiency, double heat, double trend, double turbulence, double hysteresis) {
    double stay = 1 - hysteresis;
    if (heat >= turbulence * (now == TURBULENT ? stay : 1)) return TURBULENT;
    if (efficiency >= trend * (now == UP ? stay : 1)) return UP;
    if (-efficiency >= trend * (now == DOWN ? stay : 1)) return DOWN;
    return RANGE;
}

/*
 * The sum of the last n values. They are counted off in blocks of n, so a window
 * spans at most two: the rest of the block before, and this block as far as it
 * has come. That takes a few steps a value for any n, and unlike a running total
 * it leaves nothing behind of a value that has left the window.
 */
typedef struct {
    double *block; /* room for n values: those of this block so far */
    double *rest;  /* room for n + 1: sums of the block before, from each place on */
    int n, seen;   /* values in this block so far */
    bool full;     /* there has been a block before this one */
    double sum;    /* of this block so far */
} window;

/* Takes the next value; says whether there are n, and then *total is their sum. */
static inline bool add(window *w, double v, double *total) {
    w->block[w->seen++] = v;
    w->sum += v;
    bool enough = w->full || w->seen == w->n;
    if (enough) *total = w->rest[w->seen] + w->sum;
    if (w->seen == w->n) {
        for (int i = w->n - 1; i >= 0; i--) w->rest[i] = w->rest[i + 1] + w->block[i];
        w->full = true;
        w->seen = 0;
        w->sum = 0;
    }
    return enough;
}

#endif
