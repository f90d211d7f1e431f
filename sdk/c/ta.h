/*
 * ta.h is what a technical indicator in C is written with, to be compiled to a
 * WebAssembly module and uploaded. The author writes a ta_spec and a function
 * over columns:
 *
 *     #include "ta.h"
 *
 *     enum { MIDDLE };
 *
 *     static const ta_spec spec = {
 *         .name = "middle",
 *         .version = "1.0.0",
 *         .inputs = {TA_INPUT_HIGH, TA_INPUT_LOW},
 *         .outputs = {[MIDDLE] = {"middle", TA_UNIT_PRICE, "middle of the range"}},
 *         .memory = TA_MEMORY_WINDOW,
 *     };
 *
 *     static int run(ta_call *call) {
 *         const double *high = ta_in(call, TA_INPUT_HIGH), *low = ta_in(call, TA_INPUT_LOW);
 *         double *middle = ta_out(call, MIDDLE);
 *         for (size_t i = 0; i < call->bars; i++) middle[i] = (high[i] + low[i]) / 2;
 *         return 0;
 *     }
 *
 *     TA_PLUGIN(spec, run)
 *
 * It is C11 for clang, and needs no C library. Numbers that a function must
 * remember for each bar go into ta_scratch.
 */
#ifndef TA_H
#define TA_H

#include <stdbool.h>
#include <stddef.h>

/* The family of an indicator. */
typedef enum {
    TA_GROUP_CUSTOM,     /* anything else */
    TA_GROUP_OVERLAP,    /* drawn over the price */
    TA_GROUP_MOMENTUM,   /* speed and strength of moves */
    TA_GROUP_VOLATILITY, /* size of moves */
    TA_GROUP_VOLUME,     /* what was traded */
    TA_GROUP_CYCLE,      /* the dominant cycle */
    TA_GROUP_STATISTIC,  /* windows as samples */
    TA_GROUP_PRICE,      /* the prices of a bar as one */
    TA_GROUP_ARITHMETIC, /* functions of a series, or of two */
    TA_GROUP_PATTERN,    /* shapes of candles */
} ta_group;

/* A column that an indicator reads; 0 is none. */
typedef enum {
    TA_INPUT_OPEN = 1,
    TA_INPUT_HIGH,
    TA_INPUT_LOW,
    TA_INPUT_CLOSE,
    TA_INPUT_VOLUME,
    TA_INPUT_REAL,      /* any series, the close unless the caller says otherwise */
    TA_INPUT_REAL0,     /* the first of two series, the close unless the caller says otherwise */
    TA_INPUT_REAL1,     /* the second of two series, which the caller names */
    TA_INPUT_PERIODS,   /* a window length for each bar, which the caller names */
    TA_INPUT_TIMESTAMP, /* when each bar began, in Unix seconds, rising */
} ta_input;

/* How an output moves when prices or volumes are scaled. */
typedef enum {
    TA_UNIT_NONE,    /* none of these holds */
    TA_UNIT_PRICE,   /* doubles when prices double */
    TA_UNIT_VOLUME,  /* doubles when volumes double */
    TA_UNIT_PERCENT, /* a part of a hundred, blind to both */
    TA_UNIT_RATIO,   /* a pure number, blind to both */
    TA_UNIT_SIGNAL,  /* what to do: below zero sell, above zero buy */
} ta_unit;

/* How far back a value looks. */
typedef enum {
    TA_MEMORY_FADING,  /* older bars weigh less and less, never nothing */
    TA_MEMORY_WINDOW,  /* the last warm-up + 1 bars decide a value */
    TA_MEMORY_RUNNING, /* a value depends on the first bar for ever */
} ta_memory;

/*
 * A number, or one of several named choices, that a caller may set.
 * TA_INTEGER, TA_NUMBER and TA_CHOICE make one.
 */
typedef struct {
    const char *name;
    double value; /* unless the caller says otherwise */
    double min, max;
    bool integer;
    const char *at_least;       /* a number declared before, which this one may not be less than */
    const char *const *choices; /* ends with 0 */
    const char *doc;
} ta_param_spec;

/*
 * Takes the whole numbers from least to most. The doc comes last; after it,
 * .at_least = "name" may bind the number by one that is declared before it.
 */
#define TA_INTEGER(called, normal, least, most, ...) \
    {.name = called, .value = normal, .min = least, .max = most, .integer = true, .doc = __VA_ARGS__}

/*
 * Takes the numbers from least to most, with the rest as for TA_INTEGER. Each of
 * the three is a decimal of at most 15 digits; ta_describe traps for another.
 */
#define TA_NUMBER(called, normal, least, most, ...) \
    {.name = called, .value = normal, .min = least, .max = most, .doc = __VA_ARGS__}

/* Takes one of the choices that follow the doc by name; the first is the default. */
#define TA_CHOICE(called, text, ...) \
    {.name = called, .doc = text, .choices = (const char *const[]){__VA_ARGS__, 0}}

/* A column that an indicator fills. */
typedef struct {
    const char *name;
    ta_unit unit;
    const char *doc;
} ta_output_spec;

/*
 * Describes an indicator to those who look for it and to the host that runs
 * it. What the names may be is in ABI.md. The author's own enums number
 * params and outputs, as in .outputs = {[MIDDLE] = {"middle", …}}.
 */
typedef struct {
    const char *name;    /* as in URLs: [a-z][a-z0-9_]* */
    const char *version; /* MAJOR.MINOR.PATCH */
    const char *title;   /* what people call it; the name unless given */
    const char *doc;     /* what it measures and how to read it */
    ta_group group;
    ta_input inputs[8];
    ta_param_spec params[32];
    ta_output_spec outputs[16];
    ta_memory memory;
    const char *warmup; /* the index of the first bar that can have a value in every output: a formula of whole
                           numbers, names of params, + - *, parentheses, min(a, b) and max(a, b); 0 unless given */
} ta_spec;

/* One computation: columns of bars, oldest first, and params that are complete and in range. */
typedef struct {
    size_t bars; /* the length of every column */
    const ta_spec *spec;
    const double *in, *params;
    double *out;
    size_t stride; /* values from one column to the next */
    size_t top;    /* the first free address of ta_scratch */
} ta_call;

/* No value. */
#define TA_NAN __builtin_nan("")

static inline bool ta_is_nan(double v) { return v != v; }
static inline double ta_abs(double v) { return __builtin_fabs(v); }
static inline double ta_floor(double v) { return __builtin_floor(v); }
static inline double ta_ceil(double v) { return __builtin_ceil(v); }
static inline double ta_sqrt(double v) { return __builtin_sqrt(v); }

/* The lesser and the greater of two numbers; b, if one is NaN. */
static inline double ta_min(double a, double b) { return a < b ? a : b; }
static inline double ta_max(double a, double b) { return a > b ? a : b; }

/*
 * The column of an input. NaN is a hole in the data; no value is infinite. It
 * traps for one that the spec lacks.
 */
static inline const double *ta_in(const ta_call *call, ta_input input) {
    for (size_t i = 0; i < 8; i++)
        if (call->spec->inputs[i] == input) return call->in + i * call->stride;
    __builtin_trap();
}

/* The column of an output, by its place in the spec: NaN throughout until it is filled. */
static inline double *ta_out(const ta_call *call, int output) { return call->out + (size_t)output * call->stride; }

/* The value of a param, by its place in the spec; a choice is the index of its name. */
static inline double ta_param(const ta_call *call, int param) { return call->params[param]; }

/* The value of an integer param. */
static inline int ta_integer(const ta_call *call, int param) { return (int)call->params[param]; }

#ifdef __wasm__

/*
 * The rest is what the exports of ABI.md are made of. A module has one
 * thread and one host, which calls one function at a time.
 */

/* The end of memory: room from here on is nobody else's. */
static inline size_t ta_end(void) { return __builtin_wasm_memory_size(0) << 16; }

/* Makes memory reach to end; says whether it does. */
static inline bool ta_reach(size_t end) {
    size_t has = ta_end();
    return end <= has || __builtin_wasm_memory_grow(0, (end - has + 0xffff) >> 16) != (size_t)-1;
}

/*
 * Room for count numbers, all 0, until the call ends. A stream keeps it from
 * bar to bar, and takes it once. It traps if there is none.
 */
static inline double *ta_scratch(ta_call *call, size_t count) {
    double *room = (double *)call->top;
    size_t bytes;
    if (__builtin_mul_overflow(count, sizeof(double), &bytes) || __builtin_add_overflow(call->top, bytes, &call->top) ||
        !ta_reach(call->top))
        __builtin_trap();
    __builtin_memset(room, 0, bytes);
    return room;
}

/* What runs once, at upload, is made small, not fast. */
#define TA_COLD static __attribute__((unused, noinline, minsize))

/* Writes the description of a spec behind all that the module has. */
typedef struct {
    char *at;
    bool first; /* nothing is written yet in the innermost object or array */
} ta_writer;

TA_COLD void ta_put(ta_writer *w, char c) {
    if (!ta_reach((size_t)w->at + 1)) __builtin_trap();
    *w->at++ = c;
}

TA_COLD void ta_puts(ta_writer *w, const char *text) {
    while (*text) ta_put(w, *text++);
}

TA_COLD void ta_open(ta_writer *w, char bracket) {
    ta_put(w, bracket);
    w->first = true;
}

TA_COLD void ta_close(ta_writer *w, char bracket) {
    ta_put(w, bracket);
    w->first = false;
}

/* Separates a value from the one before it. */
TA_COLD void ta_item(ta_writer *w) {
    if (!w->first) ta_put(w, ',');
    w->first = false;
}

TA_COLD void ta_quote(ta_writer *w, const char *text) {
    ta_put(w, '"');
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20) {
            ta_puts(w, "\\u00");
            ta_put(w, (char)('0' + (c >> 4)));
            ta_put(w, "0123456789abcdef"[c & 15]);
            continue;
        }
        if (c == '"' || c == '\\') ta_put(w, '\\');
        ta_put(w, *text);
    }
    ta_put(w, '"');
}

TA_COLD void ta_key(ta_writer *w, const char *name) {
    ta_item(w);
    ta_quote(w, name);
    ta_put(w, ':');
}

/* A field of text, if there is any. */
TA_COLD void ta_text(ta_writer *w, const char *name, const char *text) {
    if (!text) return;
    ta_key(w, name);
    ta_quote(w, text);
}

TA_COLD void ta_whole(ta_writer *w, long long v) {
    char digits[20];
    int n = 0;
    if (v < 0) ta_put(w, '-');
    do {
        digits[n++] = (char)('0' + (v < 0 ? -(v % 10) : v % 10));
        v /= 10;
    } while (v);
    while (n) ta_put(w, digits[--n]);
}

/* Writes v as digits times a power of ten, if that has exactly the value v. */
TA_COLD bool ta_decimal(ta_writer *w, double v, double power, int exponent) {
    double scaled = exponent < 0 ? v * power : v / power;
    if (!(-1e15 < scaled && scaled < 1e15)) return false;
    long long digits = (long long)(scaled + (v < 0 ? -0.5 : 0.5));
    if ((exponent < 0 ? (double)digits / power : (double)digits * power) != v) return false;
    ta_whole(w, digits);
    if (exponent) {
        ta_put(w, 'e');
        ta_whole(w, exponent);
    }
    return true;
}

/*
 * A field of v as its author wrote it. That is exact because powers of ten up
 * to 22 are, and both operands of the division or multiplication of
 * ta_decimal: its result is what a reader of the decimal gets.
 */
TA_COLD void ta_number(ta_writer *w, const char *name, double v) {
    double power = 1;
    ta_key(w, name);
    for (int exponent = 0; exponent <= 22; exponent++, power *= 10)
        if (ta_decimal(w, v, power, -exponent) || ta_decimal(w, v, power, exponent)) return;
    __builtin_trap();
}

TA_COLD void ta_describe_param(ta_writer *w, const ta_param_spec *param) {
    ta_item(w);
    ta_open(w, '{');
    ta_text(w, "name", param->name);
    if (param->choices) {
        ta_text(w, "default", param->choices[0]);
        ta_key(w, "choices");
        ta_open(w, '[');
        for (const char *const *choice = param->choices; *choice; choice++) {
            ta_item(w);
            ta_quote(w, *choice);
        }
        ta_close(w, ']');
    } else {
        ta_number(w, "default", param->value);
        ta_number(w, "min", param->min);
        ta_number(w, "max", param->max);
        ta_text(w, "at_least", param->at_least);
        if (param->integer) {
            ta_key(w, "integer");
            ta_puts(w, "true");
        }
    }
    ta_text(w, "doc", param->doc);
    ta_close(w, '}');
}

/* The address and length of the description. */
TA_COLD long long ta_description(const ta_spec *spec) {
    static const char *const groups[] = {
        [TA_GROUP_CUSTOM] = "custom",
        [TA_GROUP_OVERLAP] = "overlap",
        [TA_GROUP_MOMENTUM] = "momentum",
        [TA_GROUP_VOLATILITY] = "volatility",
        [TA_GROUP_VOLUME] = "volume",
        [TA_GROUP_CYCLE] = "cycle",
        [TA_GROUP_STATISTIC] = "statistic",
        [TA_GROUP_PRICE] = "price",
        [TA_GROUP_ARITHMETIC] = "arithmetic",
        [TA_GROUP_PATTERN] = "pattern",
    };
    static const char *const inputs[] = {
        [TA_INPUT_OPEN] = "open",
        [TA_INPUT_HIGH] = "high",
        [TA_INPUT_LOW] = "low",
        [TA_INPUT_CLOSE] = "close",
        [TA_INPUT_VOLUME] = "volume",
        [TA_INPUT_REAL] = "real",
        [TA_INPUT_REAL0] = "real0",
        [TA_INPUT_REAL1] = "real1",
        [TA_INPUT_PERIODS] = "periods",
        [TA_INPUT_TIMESTAMP] = "timestamp",
    };
    static const char *const units[] = {
        [TA_UNIT_NONE] = "none",
        [TA_UNIT_PRICE] = "price",
        [TA_UNIT_VOLUME] = "volume",
        [TA_UNIT_PERCENT] = "percent",
        [TA_UNIT_RATIO] = "ratio",
        [TA_UNIT_SIGNAL] = "signal",
    };
    static const char *const memories[] = {
        [TA_MEMORY_FADING] = "fading",
        [TA_MEMORY_WINDOW] = "window",
        [TA_MEMORY_RUNNING] = "running",
    };
    size_t from = ta_end();
    ta_writer w = {(char *)from, true};
    ta_open(&w, '{');
    ta_text(&w, "name", spec->name);
    ta_text(&w, "version", spec->version);
    ta_text(&w, "title", spec->title);
    ta_text(&w, "doc", spec->doc);
    ta_text(&w, "group", groups[spec->group]);
    ta_key(&w, "inputs");
    ta_open(&w, '[');
    for (size_t i = 0; i < 8 && spec->inputs[i]; i++) {
        ta_item(&w);
        ta_quote(&w, inputs[spec->inputs[i]]);
    }
    ta_close(&w, ']');
    ta_key(&w, "params");
    ta_open(&w, '[');
    for (size_t i = 0; i < 32 && spec->params[i].name; i++) ta_describe_param(&w, &spec->params[i]);
    ta_close(&w, ']');
    ta_key(&w, "outputs");
    ta_open(&w, '[');
    for (size_t i = 0; i < 16 && spec->outputs[i].name; i++) {
        ta_item(&w);
        ta_open(&w, '{');
        ta_text(&w, "name", spec->outputs[i].name);
        ta_text(&w, "unit", units[spec->outputs[i].unit]);
        ta_text(&w, "doc", spec->outputs[i].doc);
        ta_close(&w, '}');
    }
    ta_close(&w, ']');
    ta_text(&w, "memory", memories[spec->memory]);
    ta_text(&w, "warmup", spec->warmup ? spec->warmup : "0");
    ta_close(&w, '}');
    return (long long)from << 32 | (long long)((size_t)w.at - from);
}

/* Room in pages of its own, and in *kept where it ends; 0 if there is none. */
static inline size_t ta_room(size_t bytes, size_t *kept) {
    size_t from = ta_end(), end;
    if (__builtin_add_overflow(from, bytes, &end) || end > (size_t)-8 || !ta_reach(end)) return 0;
    *kept = (end + 7) & ~(size_t)7;
    return from;
}

/* Runs over n bars, with outputs of NaN, and returns what ta_run does. A NaN is all ones. */
static inline int ta_compute(ta_call *call, int (*run)(ta_call *)) {
    for (size_t i = 0; i < 16 && call->spec->outputs[i].name; i++)
        __builtin_memset(call->out + i * call->stride, 0xff, call->bars * sizeof(double));
    int code = run(call);
    return code < 0 ? 1 : code;
}

#define TA_EXPORT(name) __attribute__((export_name(#name))) name

/*
 * Makes a module of a ta_spec and a function int run(ta_call *), whose result
 * is 0, or a code of the author's own, 1 or more, that the caller is shown.
 */
#define TA_PLUGIN(spec, run)                                                                               \
    static size_t ta_kept;                                                                                 \
    int TA_EXPORT(ta_abi)(void) { return 1; }                                                              \
    long long TA_EXPORT(ta_describe)(void) { return ta_description(&(spec)); }                             \
    size_t TA_EXPORT(ta_alloc)(size_t bytes) { return ta_room(bytes, &ta_kept); }                          \
    int TA_EXPORT(ta_run)(const double *in, size_t n, size_t stride, const double *params, double *out) {  \
        ta_call call = {n, &(spec), in, params, out, stride, ta_kept};                                     \
        return ta_compute(&call, run);                                                                     \
    }

/*
 * After TA_PLUGIN: lets the host hand over bars one by one as well, each in a
 * call of one bar. What run must remember between them is in static variables
 * and in room of ta_scratch that these point to; they begin anew for each
 * ta_run, so that one function serves both.
 */
#define TA_STREAM(spec, run)                                                                               \
    __attribute__((flatten)) /* a call of one bar is worth a form of run of its own */                     \
    int TA_EXPORT(ta_bar)(const double *in, const double *params, double *out) {                           \
        static size_t top;                                                                                 \
        ta_call call = {1, &(spec), in, params, out, 1, top ? top : ta_kept};                              \
        /* One by one: to fill 8 bytes takes longer than to store them. */                                 \
        for (size_t i = 0; i < 16 && (spec).outputs[i].name; i++) out[i] = TA_NAN;                         \
        int code = run(&call);                                                                             \
        top = call.top;                                                                                    \
        return code < 0 ? 1 : code;                                                                        \
    }

#else

/* An editor reads the file for the machine at hand; the exports are those of a WebAssembly module alone. */
double *ta_scratch(ta_call *call, size_t count);
#define TA_PLUGIN(spec, run)
#define TA_STREAM(spec, run)

#endif
#endif
