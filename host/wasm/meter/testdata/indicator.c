// The guest of the meter's tests and benchmarks: three indicators, each with a loop of another kind.
//
// indicator.wasm:        clang --target=wasm32 -O2 -nostdlib -Wl,--no-entry -Wl,-s -o indicator.wasm indicator.c
// indicator-vector.wasm: the same with -msimd128 -ffast-math, which the tests compare with itself only

#define EXPORT(name) __attribute__((export_name(#name))) name

typedef unsigned char u8;

static double room[4 * 16384];

int EXPORT(ta_abi)(void) { return 1; }

static const char description[] = "{}";

long long EXPORT(ta_describe)(void) { return (long long)(unsigned long)description << 32 | (sizeof description - 1); }

int EXPORT(ta_alloc)(int bytes) { return (unsigned long)bytes <= sizeof room ? (int)(unsigned long)room : 0; }

// A mean over a window as it slides: a branch and a division for each bar.
static void sma(const double *in, int n, int period, double *out) {
	double sum = 0;
	for (int i = 0; i < n; i++) {
		sum += in[i];
		if (i >= period)
			sum -= in[i - period];
		out[i] = i + 1 < period ? __builtin_nan("") : sum / period;
	}
}

// A weighted mean: a loop within a loop.
static void wma(const double *in, int n, int period, double *out) {
	double weights = period * (period + 1) / 2;
	for (int i = 0; i < n; i++) {
		double sum = 0;
		if (i + 1 >= period)
			for (int k = 0; k < period; k++)
				sum += in[i - k] * (period - k);
		out[i] = i + 1 < period ? __builtin_nan("") : sum / weights;
	}
}

// Wilder's RSI: a recurrence.
static void rsi(const double *in, int n, int period, double *out) {
	double up = 0, down = 0;
	for (int i = 0; i < n; i++) {
		double d = i ? in[i] - in[i - 1] : 0, gain = d > 0 ? d : 0, loss = d < 0 ? -d : 0;
		int k = i < period ? i : period;
		if (i) {
			up += (gain - up) / k;
			down += (loss - down) / k;
		}
		out[i] = i < period ? __builtin_nan("") : 100 * up / (up + down);
	}
}

int EXPORT(ta_run)(const double *in, int n, int stride, const double *params, double *out) {
	int period = (int)params[0];
	if (period < 1)
		return 1;
	sma(in, n, period, out);
	wma(in, n, period, out + stride);
	rsi(in, n, period, out + 2 * stride);
	return 0;
}
