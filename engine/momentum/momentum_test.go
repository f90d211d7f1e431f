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
	rounded := map[*ta.Indicator]bool{CCI: true, FOSC: true, KDJ: true, MFI: true, Stoch: true, StochF: true, WillR: true}
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
				want := map[*ta.Indicator]float64{
					Aroon: 100, // the newest of equal extremes
					ER:    1, IMI: 50, ROCR: 1, ROCR100: 100,
				}[ind]
				for i := ind.Warmup(a); i < n; i++ {
					switch {
					case what == "flat" && col[i] != want:
						t.Fatalf("%s of a flat price: %s of bar %d is %v", ind.Name, ind.Outputs[k].Name, i, col[i])
					case what != "flat" && rounded[ind] && col[i] != 0:
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
			{DX, ta.Columns{high, low, mid}, []float64{100}},
			{ADXR, ta.Columns{high, low, mid}, []float64{100}},
			{PlusDM, ta.Columns{high, low}, []float64{(1 + way) / 2 * (14 - math.Pow(13.0/14, n-14))}}, // Wilder's sum of ones, from 13 of them
			{MinusDM, ta.Columns{high, low}, []float64{(1 - way) / 2 * (14 - math.Pow(13.0/14, n-14))}},
			{AroonOsc, ta.Columns{high, low}, []float64{100 * way}},
			{AO, ta.Columns{high, low}, []float64{14.5 * way}}, // the means lag 2 and 16.5 bars
			{AC, ta.Columns{high, low}, []float64{0}},
			{APO, ta.Columns{mid}, []float64{7 * way}},
			{PPO, ta.Columns{mid}, []float64{100 * 7 * way / (mid[n-1] - 12.5*way)}},
			{MACDExt, ta.Columns{mid}, []float64{7 * way, 7 * way, 0}},
			{CMO, ta.Columns{mid}, []float64{100 * way}},
			{CMOU, ta.Columns{mid}, []float64{100 * way}},
			{TSI, ta.Columns{mid}, []float64{100 * way}},
			{ER, ta.Columns{mid}, []float64{1}},
			{VHF, ta.Columns{mid}, []float64{27.0 / 28}},
			{DPO, ta.Columns{mid}, []float64{-1.5 * way}}, // 11 bars before, and 9.5
			{ERI, ta.Columns{high, low, mid}, []float64{6*way + 0.5, 6*way - 0.5}},
			{FOSC, ta.Columns{mid}, []float64{0}},
			{QStick, ta.Columns{mid, high}, []float64{0.5}},
			{IMI, ta.Columns{mid, high}, []float64{100}},
			{BOP, ta.Columns{mid, high, low, high}, []float64{0.5}},
			{ROCP, ta.Columns{mid}, []float64{mid[n-1]/mid[n-11] - 1}},
			{ROCR, ta.Columns{mid}, []float64{mid[n-1] / mid[n-11]}},
			{ROCR100, ta.Columns{mid}, []float64{100 * mid[n-1] / mid[n-11]}},
			{StochRSI, ta.Columns{mid}, []float64{0, 0}}, // the RSI stands still
			{KDJ, ta.Columns{high, low, mid}, []float64{100 * (4.5 + 4*way) / 9, 100 * (4.5 + 4*way) / 9}},
			{SMI, ta.Columns{high, low, mid}, []float64{200 * 6 * way / 13}},
			{TRIX, ta.Columns{mid}, []float64{100 * way / (mid[n-1] - (3*14.5+1)*way)}},
			{UltOsc, ta.Columns{high, low, mid}, []float64{(50+50*way)/1.5 + 50*(1-way)*0.5/1.5}},
			{Vortex, ta.Columns{high, low, mid}, []float64{(1 + way) / 1.5 * 1, (1 - way) / 1.5}},
			{WAD, ta.Columns{high, low, mid}, []float64{way * (n - 1)}},
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

// A turn is marked on the bar that confirms it, and equal prices are none.
func TestFractal(t *testing.T) {
	high := []float64{1, 2, 5, 3, 4, 4, 2, 1, 1}
	low := []float64{5, 4, 3, 4, 5, 3, 3, 4, 5}
	out := run(t, Fractal, nil, high, low)
	same(t, "high", out[0], []float64{nan, nan, nan, nan, 100, 0, 0, 0, 0})
	same(t, "low", out[1], []float64{nan, nan, nan, nan, 100, 0, 0, 0, 0})
	out = run(t, Fractal, map[string]any{"left_bars": 1, "right_bars": 3}, high, low)
	same(t, "high", out[0], []float64{nan, nan, nan, nan, 0, 100, 0, 0, 0})
}

// Where nothing has moved, DX is what it was.
func TestDXHolds(t *testing.T) {
	long := series(6000, func(i int) float64 { return math.Min(float64(i), 9) })
	out := run(t, DX, map[string]any{"period": 2}, long, long, long)[0]
	if out[2] != 100 || out[5999] != 100 {
		t.Errorf("it is %v, and after a long rest %v, want 100", out[2], out[5999])
	}
}

// The rounded weights of the first MACD are not those of 12 and 26 bars.
func TestMACDFix(t *testing.T) {
	x := series(400, func(i int) float64 { return 1000 + float64(i) })
	out := run(t, MACDFix, nil, x)
	same(t, "macd", out[0][399:], []float64{0.925/0.075 - 0.85/0.15})
}

// The kinds of averages go with their periods when those are exchanged, and
// Wilder's average is the default of KDJ.
func TestKinds(t *testing.T) {
	x := series(300, func(i int) float64 { return 100 + 10*math.Sin(float64(i)/7) })
	want := run(t, MACDExt, map[string]any{"fast_period": 5, "fast_ma_type": "wma", "slow_period": 12, "slow_ma_type": "ema"}, x)
	got := run(t, MACDExt, map[string]any{"fast_period": 12, "fast_ma_type": "ema", "slow_period": 5, "slow_ma_type": "wma"}, x)
	same(t, "macdext", got[0], want[0])
	want = run(t, KDJ, nil, x, x, x)
	got = run(t, KDJ, map[string]any{"slow_k_ma_type": "default", "slow_d_ma_type": "default"}, x, x, x)
	same(t, "kdj", got[2], want[2])
	want = run(t, PPO, nil, x)
	got = run(t, PPO, map[string]any{"ma_type": "default"}, x)
	same(t, "ppo", got[0], want[0])
}
