package volume

import (
	"math"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// The first bar counts as bought, an equal close as neither; a bar without a
// range adds nothing to the line.
func TestByHand(t *testing.T) {
	high, low := []float64{10, 12, 8, 8, 20}, []float64{8, 8, 8, 4, 10}
	close, volume := []float64{9, 11, 8, 8, 12.5}, []float64{100, 200, 300, 400, 500}
	for _, c := range []struct {
		ind  *ta.Indicator
		in   ta.Columns
		want []float64
	}{
		{OBV, ta.Columns{close, volume}, []float64{100, 300, 0, 0, 500}},
		{AD, ta.Columns{high, low, close, volume}, []float64{0, 100, 100, 500, 250}},
	} {
		a, err := c.ind.Args(nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, got := range c.ind.Run(a, c.in)[0] {
			if got != c.want[i] {
				t.Errorf("%s: bar %d is %v, want %v", c.ind.Name, i, got, c.want[i])
			}
		}
	}
}

// The oscillator is what its definition says, for periods either way round, and
// loses nothing to the level of the line.
func TestADOscIsADifferenceOfAverages(t *testing.T) {
	const n = 900
	in := ta.Columns{make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)}
	for i := range n {
		mid := 100 + 20*math.Sin(float64(i)/11)
		in[0][i], in[1][i], in[2][i] = mid+2, mid-3, mid+1.7*math.Cos(float64(i))
		in[3][i] = 1000 + 900*math.Sin(float64(i)/5)
	}
	plain, err := AD.Args(nil)
	if err != nil {
		t.Fatal(err)
	}
	line := AD.Run(plain, in)[0]
	average := func(k int) []float64 {
		y := append([]float64(nil), line...)
		for i := 1; i < n; i++ {
			y[i] = y[i-1] + 2/float64(k+1)*(line[i]-y[i-1])
		}
		return y
	}
	for _, periods := range [][2]int{{3, 10}, {10, 3}, {2, 600}, {5, 5}} {
		a, err := ADOsc.Args(map[string]any{"fast_period": periods[0], "slow_period": periods[1]})
		if err != nil {
			t.Fatal(err)
		}
		fast, slow := average(periods[0]), average(periods[1])
		for i, got := range ADOsc.Run(a, in)[0] {
			if i < ADOsc.Warmup(a) {
				if !math.IsNaN(got) {
					t.Errorf("%v: bar %d has a value", periods, i)
				}
				continue
			}
			if want := fast[i] - slow[i]; !(math.Abs(got-want) <= 1e-9) {
				t.Fatalf("%v: bar %d is %v, want %v", periods, i, got, want)
			}
		}
	}
}

// Volumes of nothing, prices of nothing and equal volumes, by hand.
func TestEdgesByHand(t *testing.T) {
	nan := math.NaN()
	high, low := []float64{12, 14, 8, 6, 10}, []float64{8, 10, 8, 2, 8}
	close, volume := []float64{10, 13, 8, 0, 9}, []float64{100, 0, 300, 300, 200}
	all := ta.Columns{high, low, close, volume}
	two := map[string]any{"period": 2}
	for _, c := range []struct {
		ind    *ta.Indicator
		params map[string]any
		in     ta.Columns
		want   []float64
	}{
		// Bought: 0, nothing, 0 for a bar without a range, −2·300 and 0.
		{CMF, two, all, []float64{nan, 0, 0, -1, -1.2}},
		{CMF, two, ta.Columns{high, low, close, {0, 0, 1, 0, 0}}, []float64{nan, 0, 0, 0, 0}},
		{EFI, map[string]any{"period": 1}, all[2:], []float64{nan, 0, -1500, -2400, 1800}},
		{EFI, two, all[2:], []float64{nan, nan, -750, -1850, 1750.0 / 3}},
		{MarketFI, nil, ta.Columns{high, low, volume}, []float64{0.04, 0, 0, 4.0 / 300, 0.01}},
		// Down at the second bar, up at the third, kept, and down after a price of 0.
		{NVI, nil, all[2:], []float64{1000, 1300, 1300, 1300, 1300}},
		{PVI, nil, all[2:], []float64{1000, 1000, 8000.0 / 13, 8000.0 / 13, 8000.0 / 13}},
		{PVI, nil, ta.Columns{{4, 0, 5}, {1, 2, 3}}, []float64{1000, 0, 0}},
		{PVO, map[string]any{"fast_period": 3, "slow_period": 2, "ma_type": "sma"}, all[3:], []float64{nan, nan, 12.5, 50, -6.25}},
		{PVO, map[string]any{"fast_period": 2, "slow_period": 3, "ma_type": "sma"}, ta.Columns{{0, 0, 0, 9}}, []float64{nan, nan, 0, 50}},
		{PVT, nil, all[2:], []float64{0, 0, -1500.0 / 13, -1500.0/13 - 300, -1500.0/13 - 300}},
		{RVol, two, all[3:], []float64{nan, nan, 6, 2, 2.0 / 3}},
		{RVol, two, ta.Columns{{0, 0, 5, 5}}, []float64{nan, nan, nan, 2}},
		{VWAP, nil, all, []float64{10, 10, 8.5, (3400 + 800) / 700.0, 1.0 / 900 * (4200 + 1800)}},
		{VWAP, nil, ta.Columns{{3, 6}, {3, 6}, {3, 6}, {0, 2}}, []float64{0, 6}},
	} {
		a, err := c.ind.Args(c.params)
		if err != nil {
			t.Fatal(err)
		}
		for i, got := range c.ind.Run(a, c.in)[0] {
			if want := c.want[i]; !(math.Abs(got-want) <= 1e-13*math.Abs(want)) && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Errorf("%s %v: bar %d is %v, want %v", c.ind.Name, c.params, i, got, want)
			}
		}
	}
}

// stay is a bar of one price.
func stay(prices ...float64) (in ta.Columns) { return ta.Columns{prices, prices, prices} }

func compare(t *testing.T, what string, got ta.Columns, want ...[]float64) {
	t.Helper()
	for k := range want {
		for i, w := range want[k] {
			if g := got[k][i]; g != w && !(math.IsNaN(g) && math.IsNaN(w)) {
				t.Errorf("%s: output %d of bar %d is %v, want %v", what, k, i, g, w)
			}
		}
	}
}

// A session begins on time, also where bars are missing, and has no value until
// something is traded; before the anchor there is none at all.
func TestMeansSince(t *testing.T) {
	const midnight, half = 1_704_153_600, 1800
	nan := math.NaN()
	in := append(stay(10, 20, 40, 50, 60),
		[]float64{1, 3, 0, 2, 6},
		[]float64{midnight - half, midnight, midnight + half, midnight + 2*half, midnight + 49*half})
	for _, c := range []struct {
		ind    *ta.Indicator
		params map[string]any
		want   []float64
	}{
		{VWAPSession, nil, []float64{10, 20, 20, 32, 60}},
		{VWAPSession, map[string]any{"session_start": 30}, []float64{10, 17.5, nan, 50, 60}},
		{VWAPSession, map[string]any{"session_start": 1439}, []float64{10, 20, 20, 32, 60}},
		{VWAPAnchored, nil, []float64{10, 17.5, 17.5, 170.0 / 6, 530.0 / 12}},
		{VWAPAnchored, map[string]any{"anchor": midnight}, []float64{nan, 20, 20, 32, 520.0 / 11}},
		{VWAPAnchored, map[string]any{"anchor": midnight + 1}, []float64{nan, nan, nan, 50, 57.5}},
	} {
		a, err := c.ind.Args(c.params)
		if err != nil {
			t.Fatal(err)
		}
		compare(t, c.ind.Name, c.ind.Run(a, in), c.want)
	}
}

// Over years of bars a sum is as good as over one: nothing is lost of small volumes
// beside a large one, of which each alone would be rounded.
func TestAnchoredLosesNothing(t *testing.T) {
	const n, large, small, price = 300_000, 1e15, 0.1, 1e6
	prices, volume := make([]float64, n), make([]float64, n)
	volume[0] = large // at a price of 0
	for i := 1; i < n; i++ {
		prices[i], volume[i] = price, small
	}
	a, err := VWAPAnchored.Args(nil)
	if err != nil {
		t.Fatal(err)
	}
	got := VWAPAnchored.Run(a, append(stay(prices...), volume, make([]float64, n)))[0][n-1]
	const traded = small * (n - 1)
	if want := price * traded / (large + traded); !(math.Abs(got-want) <= 1e-15*want) {
		t.Errorf("the mean is %v, want %v", got, want)
	}
}

// The volume of a bar is spread over its range, and the value area takes the larger
// two bins on one side after another. A window in which nothing is traded has no
// profile; one of one price is that price.
func TestVolumeProfile(t *testing.T) {
	in := ta.Columns{{14, 14, 18, 14, 14, 14, 14}, {10, 12, 13, 14, 14, 14, 14}, {40, 30, 50, 0, 7, 0, 0}}
	nan := math.NaN()
	for _, c := range []struct {
		area float64
		want [3]float64 // bins of 2 from 10 on have 20, 60, 20 and 20
	}{
		{50, [3]float64{13, 14, 12}},
		{70, [3]float64{13, 18, 12}},
		{90, [3]float64{13, 18, 10}},
	} {
		a, err := VolumeProfile.Args(map[string]any{"period": 3, "bins": 4, "value_area": c.area})
		if err != nil {
			t.Fatal(err)
		}
		got := VolumeProfile.Run(a, in)
		for k, w := range c.want {
			compare(t, "value area", ta.Columns{got[k]}, []float64{nan, nan, w})
		}
	}
	a, err := VolumeProfile.Args(map[string]any{"period": 2, "bins": 4})
	if err != nil {
		t.Fatal(err)
	}
	got := VolumeProfile.Run(a, in)
	for k := range got {
		compare(t, "one price", ta.Columns{got[k][4:]}, []float64{14, 14, nan})
	}
}
