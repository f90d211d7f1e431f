package overlap

import (
	"errors"
	"math"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

func run(t *testing.T, ind *ta.Indicator, params map[string]any, in ...[]float64) ta.Columns {
	t.Helper()
	a, err := ind.Args(params)
	if err != nil {
		t.Fatal(err)
	}
	return ind.Run(a, in)
}

func series(n int, f func(i int) float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = f(i)
	}
	return x
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9*math.Abs(want)) && !(math.IsNaN(got) && math.IsNaN(want)) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// On a price that rises one a bar, in bars of two, each is as far from it as its
// window says.
func TestRamp(t *testing.T) {
	const n = 400
	close := series(n, func(i int) float64 { return 1000 + float64(i) })
	high, low := series(n, func(i int) float64 { return close[i] + 1 }), series(n, func(i int) float64 { return close[i] - 1 })
	volume, last := series(n, func(int) float64 { return 3 }), close[n-1]
	for _, c := range []struct {
		ind  *ta.Indicator
		in   ta.Columns
		want []float64
	}{
		{MidPoint, ta.Columns{close}, []float64{last - 6.5}},
		{MidPrice, ta.Columns{high, low}, []float64{last - 6.5}},
		{Donchian, ta.Columns{high, low}, []float64{last + 1, last - 9.5, last - 20}},
		{KC, ta.Columns{high, low, close}, []float64{last - 9.5 + 4, last - 9.5, last - 9.5 - 4}}, // true ranges of 2
		{SuperTrend, ta.Columns{high, low, close}, []float64{last - 6, 1}},
		{VWMA, ta.Columns{close, volume}, []float64{last - 14.5}},
		{MA, ta.Columns{close}, []float64{last - 14.5}},
		{HMA, ta.Columns{close}, []float64{last - 2*3 + 19.0/3 - 1}}, // the WMA of n bars lags (n−1)/3
		{SAR, ta.Columns{high, low}, []float64{last + 1 - 5}},        // a fifth of the distance to the high is the rise
	} {
		out := run(t, c.ind, nil, c.in...)
		for k, want := range c.want {
			near(t, c.ind.Name+" "+c.ind.Outputs[k].Name, out[k][n-1], want)
		}
	}
}

// Bands are the averages of the widened bars.
func TestAccBands(t *testing.T) {
	out := run(t, AccBands, map[string]any{"period": 2}, []float64{6, 0, 5}, []float64{2, 0, 3}, []float64{4, 0, 4})
	near(t, "upper", out[0][1], 6*(1+4*4.0/8)/2) // the second bar is 0, whatever 0/0 is
	near(t, "lower", out[2][1], 2*(1-4*4.0/8)/2)
	near(t, "middle", out[1][2], 2)
	near(t, "upper", out[0][2], 5*(1+4*2.0/8)/2)
}

// Where nothing was traded there is no price that was paid; over one bar it is
// the price all the same.
func TestVWMAWithoutVolume(t *testing.T) {
	x, volume := []float64{1, 2, 4, 8}, []float64{3, 1, 0, 0}
	out := run(t, VWMA, map[string]any{"period": 2}, x, volume)
	for i, want := range []float64{math.NaN(), 1.25, 2, math.NaN()} {
		near(t, "vwma", out[0][i], want)
	}
	near(t, "vwma over one bar", run(t, VWMA, map[string]any{"period": 1}, x, volume)[0][3], 8)
}

// An unchanging period is the plain average, and bounds given the wrong way round
// are refused, as TA-Lib refuses them.
func TestMAVP(t *testing.T) {
	x := series(200, func(i int) float64 { return 100 + 10*math.Sin(float64(i)/7) })
	five := series(200, func(int) float64 { return 5.9 })
	plain := run(t, SMA, map[string]any{"period": 5}, x)[0]
	got := run(t, MAVP, map[string]any{"min_period": 2, "max_period": 9}, x, five)[0]
	for i := 8; i < len(x); i++ {
		if got[i] != plain[i] {
			t.Fatalf("bar %d is %v, want %v", i, got[i], plain[i])
		}
	}
	if _, err := MAVP.Args(map[string]any{"min_period": 9, "max_period": 2}); !errors.Is(err, ta.ErrParam) {
		t.Fatalf("max_period 2 below min_period 9: %v", err)
	}
}

// The levels of a session are known from the first bar after it on, whether that is
// of the next day or later.
func TestPreviousSession(t *testing.T) {
	const midnight, hour = 1_704_153_600, 3600
	high, low, close := []float64{5, 7, 6, 9, 4, 8}, []float64{3, 4, 2, 8, 1, 6}, []float64{4, 5, 3, 9, 2, 7}
	at := []float64{midnight, midnight + hour, midnight + 23*hour, midnight + 24*hour, midnight + 25*hour, midnight + 100*hour}
	nan := math.NaN()
	for start, want := range map[int][3][]float64{
		0:  {{nan, nan, nan, 7, 7, 9}, {nan, nan, nan, 2, 2, 1}, {nan, nan, nan, 3, 3, 2}},
		60: {{nan, 5, 5, 5, 9, 4}, {nan, 3, 3, 3, 2, 1}, {nan, 4, 4, 4, 9, 2}},
	} {
		got := run(t, PreviousSession, map[string]any{"session_start": start}, high, low, close, at)
		for k := range got {
			for i := range got[k] {
				near(t, PreviousSession.Outputs[k].Name, got[k][i], want[k][i])
			}
		}
	}
}

// A turn is a level as soon as the bars after it are there, and not a bar sooner:
// the last of equal highs, no high that one before it exceeds, none that one after it
// equals.
func TestSwingLevels(t *testing.T) {
	high := []float64{1, 5, 5, 2, 3, 9, 8, 7, 8, 8, 6, 5}
	low := series(len(high), func(i int) float64 { return -high[i] })
	nan := math.NaN()
	want := []float64{nan, nan, nan, nan, 5, 5, 5, 9, 9, 9, 9, 8}
	got := run(t, SwingLevels, map[string]any{"left_bars": 2, "right_bars": 2}, high, low)
	for i, w := range want {
		near(t, "resistance", got[0][i], w)
		near(t, "support", got[1][i], -w)
	}
}

// The direction is that of the extreme which came last, and levels are parts of the
// way between the two.
func TestFibonacci(t *testing.T) {
	high, low := []float64{101, 105, 200, 180, 150}, []float64{99, 100, 190, 160, 95}
	close := []float64{100, 104, 195, 170, 100}
	levels := func(ind *ta.Indicator, bar int, want ...float64) {
		t.Helper()
		got := run(t, ind, map[string]any{"period": 4}, high, low, close)
		for k, w := range want {
			near(t, ind.Name+" "+ind.Outputs[k].Name, got[k][bar], w)
		}
	}
	levels(FibRetracement, 3, 1, 99, 200, 176.164, 161.418, 149.5, 137.582, 120.614)
	levels(FibRetracement, 4, -1, 200, 95, 119.78, 135.11, 147.5, 159.89, 177.53)
	levels(FibExtension, 3, 1, 99, 200, 227.472, 241.814, 262.418, 301, 363.418, 526.836)
	levels(FibExtension, 4, -1, 200, 95, 66.44, 51.53, 30.11, -10, -74.89, -244.78)
	within := []float64{150, 90, 90}
	for i, direction := range []float64{1, -1, -1} { // one bar has both extremes
		got := run(t, FibRetracement, map[string]any{"period": 1}, []float64{200, 200, 200}, []float64{50, 50, 50}, within)
		near(t, "direction", got[0][i], direction)
	}
	// It stays so while that bar has both, wherever later ones close.
	got := run(t, FibRetracement, map[string]any{"period": 3}, []float64{10, 12, 11, 11}, []float64{9, 5, 8, 8}, []float64{9.5, 11, 8.2, 8.1})
	near(t, "direction", got[0][2], 1)
	near(t, "direction", got[0][3], 1)
}
