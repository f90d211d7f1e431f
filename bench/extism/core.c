/*
 * sdk/testdata/core-c once more, as a guest of Extism: the same functions, with
 * columns that come and go through Extism's memory, 8 bytes at a call, as its
 * own kits for plugins do it. The input is a column, the output three of the
 * same length one after another; the periods are those that core-c has by
 * itself.
 */
#include "../../sdk/testdata/core-c/core_c.c"

#define HOST(name) __attribute__((import_module("extism:host/env"), import_name(#name))) name

unsigned long long HOST(input_length)(void);
unsigned long long HOST(input_load_u64)(unsigned long long at);
unsigned long long HOST(alloc)(unsigned long long bytes);
void HOST(store_u64)(unsigned long long at, unsigned long long value);
void HOST(output_set)(unsigned long long at, unsigned long long bytes);

enum { MOST = 1024, OUTPUTS = 3 };

static double in[MOST], out[OUTPUTS * MOST];
static const double params[] = {20, 20, 14};

int __attribute__((export_name("run"))) extism_run(void) {
    static size_t room;
    if (!room) room = ta_alloc(8); /* where the numbers that are kept from bar to bar lie is behind it */
    size_t n = (size_t)input_length() / sizeof(double);
    if (n > MOST) return 1;
    union {
        double value;
        unsigned long long bits;
    } word;
    for (size_t i = 0; i < n; i++) {
        word.bits = input_load_u64(i * sizeof word);
        in[i] = word.value;
    }
    int code = ta_run(in, n, n, params, out);
    if (code) return code;
    unsigned long long bytes = OUTPUTS * n * sizeof word, at = alloc(bytes);
    for (size_t i = 0; i < OUTPUTS * n; i++) {
        word.value = out[i];
        store_u64(at + i * sizeof word, word.bits);
    }
    output_set(at, bytes);
    return 0;
}
