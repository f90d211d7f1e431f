package momentum

import (
	"math"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

var nan = math.NaN()

func run(t *testing.T, ind *ta.Indicator, params map[string]any, in ...[]float64) ta.Columns {
	t.Helper()
	a, err := ind.Args(params)
	if err != nil {
		t.Fatal(err)
	}
	return ind.Run(a, in)
}

func same(t *testing.T, what string, got, want []float64) {
	t.Helper()
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= 1e-12*math.Abs(want[i])) && !(math.IsNaN(got[i]) && math.IsNaN(want[i])) {
			t.Errorf("%s: bar %d is %v, want %v", what, i, got[i], want[i])
		}
	}
}

func series(n int, f func(i int) float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = f(i)
	}
	return x
}

// A price that never moves is neither strong nor weak, whatever rounding makes
// of its averages.
func TestFlat(t *testing.T) {
	const n = 700 // longer than a tile
	x := series(n, func(int) float64 { return 90.3 })
	almost := series(n, func(i int) float64 { return []float64{0.3, 0.1 + 0.2}[i%2] }) // a rounding apart
	for _, ind := range Indicators {
		for what, price := range map[string][]float64{"flat": x, "almost flat": almost} {
			var in ta.Columns
			for range ind.Inputs {
				in = append(in, price)
			}
			a, err := ind.Args(nil)
			if err != nil {
				t.Fatal(err)
			}
			for k, col := range ind.Run(a, in) {
				want := 0.0
				if ind == Aroon {
					want = 100 // the newest of equal extremes
				}
				for i := ind.Warmup(a); i < n; i++ {
					switch {
					case what == "flat" && col[i] != want:
						t.Fatalf("%s of a flat price: %s of bar %d is %v", ind.Name, ind.Outputs[k].Name, i, col[i])
					case what != "flat" && (ind == CCI || ind == MFI || ind == Stoch || ind == StochF || ind == WillR) && col[i] != 0:
						t.Fatalf("%s of a price that only rounding moves: %s of bar %d is %v", ind.Name, ind.Outputs[k].Name, i, col[i])
					}
				}
			}
		}
	}
}

// A price that only rises is as strong as can be, and one that only falls as weak.
func TestOneWay(t *testing.T) {
	const n = 120
	for _, way := range []float64{1, -1} {
		mid := series(n, func(i int) float64 { return 1000 + way*float64(i) })
		high, low := series(n, func(i int) float64 { return mid[i] + 0.5 }), series(n, func(i int) float64 { return mid[i] - 0.5 })
		volume := series(n, func(int) float64 { return 7 })
		up := 50 + 50*way
		for _, c := range []struct {
			ind  *ta.Indicator
			in   ta.Columns
			want []float64 // of the last bar
		}{
			{RSI, ta.Columns{mid}, []float64{up}},
			{MFI, ta.Columns{high, low, mid, volume}, []float64{up}},
			{Aroon, ta.Columns{high, low}, []float64{100 - up, up}},
			{ADX, ta.Columns{high, low, mid}, []float64{100}},
			{PlusDI, ta.Columns{high, low, mid}, []float64{up / 1.5}}, // of a true range of 1.5
			{MinusDI, ta.Columns{high, low, mid}, []float64{(100 - up) / 1.5}},
			{Mom, ta.Columns{mid}, []float64{10 * way}},
			{ROC, ta.Columns{mid}, []float64{100 * (mid[n-1]/mid[n-11] - 1)}},
			{MACD, ta.Columns{mid}, []float64{7 * way}}, // the averages lag 5.5 and 12.5 bars
			{WillR, ta.Columns{high, low, mid}, []float64{100 * (-0.5 - 6.5*(1-way)) / 14}},
			{StochF, ta.Columns{high, low, mid}, []float64{100 * (2.5 + 2*way) / 5}},
			{CCI, ta.Columns{high, low, mid}, []float64{way * 6.5 / (0.015 * 3.5)}},
		} {
			out := c.ind.Run(mustArgs(t, c.ind), c.in)
			for k, want := range c.want {
				if got := out[k][n-1]; !(math.Abs(got-want) <= 1e-9) {
					t.Errorf("%s going %+.0f: %s is %v, want %v", c.ind.Name, way, c.ind.Outputs[k].Name, got, want)
				}
			}
		}
	}
}

func mustArgs(t *testing.T, ind *ta.Indicator) ta.Args {
	t.Helper()
	a, err := ind.Args(nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Of equal extremes the newest counts, and one n bars old still does.
func TestAroonTies(t *testing.T) {
	x := []float64{1, 2, 3, 2, 3, 1, 1, 2, 2, 2, 2}
	out := run(t, Aroon, map[string]any{"period": 4}, x, x)
	same(t, "down", out[0], []float64{nan, nan, nan, nan, 0, 100, 100, 75, 50, 25, 0})
	same(t, "up", out[1], []float64{nan, nan, nan, nan, 100, 75, 50, 25, 0, 100, 100})
}

// The seed of an RSI is a mean, and each later average a part 1/n newer.
func TestRSI(t *testing.T) {
	out := run(t, RSI, map[string]any{"period": 2}, []float64{10, 13, 12, 12, 16})
	// Gains average 1.5, 0.75, 2.375; losses 0.5, 0.25, 0.125.
	same(t, "rsi", out[0], []float64{nan, nan, 75, 75, 95})
}

// Periods the wrong way round are exchanged, and a signal over one bar is the
// MACD itself.
func TestMACDPeriods(t *testing.T) {
	x := series(200, func(i int) float64 { return 100 + 10*math.Sin(float64(i)/7) })
	want := run(t, MACD, map[string]any{"fast_period": 5, "slow_period": 12, "signal_period": 1}, x)
	got := run(t, MACD, map[string]any{"fast_period": 12, "slow_period": 5, "signal_period": 1}, x)
	for k := range want {
		same(t, MACD.Outputs[k].Name, got[k], want[k])
	}
	same(t, "signal", want[1], want[0])
	for i, v := range want[2] {
		if i < 11 != math.IsNaN(v) || i >= 11 && v != 0 {
			t.Errorf("histogram of bar %d is %v", i, v)
		}
	}
}

// Directional movement over one bar is a part of the true range, not in percent;
// bars that reach out of the one before on both sides count for the longer side,
// and for neither when both are equal.
func TestDirectionalSides(t *testing.T) {
	high, low := []float64{10, 12, 13, 13, 14}, []float64{8, 9, 6, 7, 6}
	close := []float64{9, 11, 8, 10, 10}
	one := map[string]any{"period": 1}
	same(t, "plus", run(t, PlusDI, one, high, low, close)[0], []float64{nan, 2.0 / 3, 0, 0, 0})
	same(t, "minus", run(t, MinusDI, one, high, low, close)[0], []float64{nan, 0, 3.0 / 7, 0, 0})
}

// While nothing has moved there is no DX: it counts as 0 in the seed of the
// average. After the seed the average waits.
func TestADXWaits(t *testing.T) {
	still := series(8, func(int) float64 { return 5 })
	out := run(t, ADX, map[string]any{"period": 2}, still, still, still)[0]
	same(t, "still", out, []float64{nan, nan, nan, 0, 0, 0, 0, 0})
	// One move up at the third bar: DX is 0 for the first of two seed values.
	x := []float64{5, 5, 5, 6, 6, 6}
	out = run(t, ADX, map[string]any{"period": 2}, x, x, x)[0]
	same(t, "moved", out, []float64{nan, nan, nan, 50, 75, 87.5})
	// Much later the sums are so small that they are 0, and the average stays.
	long := series(6000, func(i int) float64 { return math.Min(float64(i), 9) })
	out = run(t, ADX, map[string]any{"period": 2}, long, long, long)[0]
	if out[5999] != 100 {
		t.Errorf("after a long rest it is %v, want 100", out[5999])
	}
}

// A price of 0 some bars ago has no rate of change.
func TestROCOfNothing(t *testing.T) {
	out := run(t, ROC, map[string]any{"period": 1}, []float64{1, 0, 2, 3})
	same(t, "roc", out[0], []float64{nan, -100, 0, 50})
}
