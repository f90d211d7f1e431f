package statistic

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

func same(t *testing.T, what string, got []float64, want ...float64) {
	t.Helper()
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= 1e-12*math.Abs(want[i])) && !(math.IsNaN(got[i]) && math.IsNaN(want[i])) {
			t.Errorf("%s: bar %d is %v, want %v", what, i, got[i], want[i])
		}
	}
}

// Small windows, by hand.
func TestByHand(t *testing.T) {
	three := map[string]any{"period": 3}
	x := []float64{1, 2, 6, 4, 4}
	for _, c := range []struct {
		ind    *ta.Indicator
		params map[string]any
		want   []float64
	}{
		{LinearRegSlope, three, []float64{nan, nan, 2.5, 1, -1}},
		{LinearRegIntercept, three, []float64{nan, nan, 0.5, 3, 14.0/3 + 1}},
		{TSF, three, []float64{nan, nan, 8, 6, 14.0/3 - 2}},
		{LinearRegAngle, three, []float64{nan, nan, 180 / math.Pi * math.Atan(2.5), 45, -45}},
		{Var, three, []float64{nan, nan, 14.0 / 3, 8.0 / 3, 8.0 / 9}},
		{Var, map[string]any{"period": 1, "nb_dev": 7}, []float64{0, 0, 0, 0, 0}},
		{AvgDev, three, []float64{nan, nan, 2, 4.0 / 3, 8.0 / 9}},
		{Sum, three, []float64{nan, nan, 9, 12, 14}},
		{Percentile, three, []float64{nan, nan, 2, 4, 4}},
		{Percentile, map[string]any{"period": 3, "percentile": 0}, []float64{nan, nan, 1, 2, 4}},
		{Percentile, map[string]any{"period": 3, "percentile": 100}, []float64{nan, nan, 6, 6, 6}},
		{Percentile, map[string]any{"period": 3, "percentile": 34}, []float64{nan, nan, 2, 4, 4}},
		{Percentile, map[string]any{"period": 3, "percentile": 33}, []float64{nan, nan, 1, 2, 4}},
		{PercentRank, map[string]any{"period": 2}, []float64{nan, nan, 100, 50, 0}},
		{MaxIndex, three, []float64{nan, nan, 2, 2, 2}},
		{MinIndex, three, []float64{nan, nan, 0, 1, 3}}, // a search anew: the older of two,
	} {
		same(t, c.ind.Name, run(t, c.ind, c.params, x)[0], c.want...)
	}
}

// A series that does not move has no slope, no deviation and nothing in common
// with another, exactly, although its mean may be rounded.
func TestFlat(t *testing.T) {
	const n = 700 // longer than a tile
	flat, moving := make([]float64, n), make([]float64, n)
	for i := range flat {
		flat[i], moving[i] = 97.13, 100+math.Sin(float64(i))
	}
	for _, c := range []struct {
		ind *ta.Indicator
		in  ta.Columns
	}{
		{LinearRegSlope, ta.Columns{flat}}, {LinearRegAngle, ta.Columns{flat}}, {Var, ta.Columns{flat}}, {AvgDev, ta.Columns{flat}},
		{Beta, ta.Columns{flat, moving}}, {Beta, ta.Columns{moving, flat}},
		{Correl, ta.Columns{flat, moving}}, {Correl, ta.Columns{moving, flat}}, {Correl, ta.Columns{flat, flat}},
	} {
		for _, period := range []int{2, 5, 14, 30, 600} {
			params := map[string]any{"period": period}
			for i, v := range run(t, c.ind, params, c.in...)[0] {
				if i >= period && v != 0 {
					t.Fatalf("%s over %d of a flat series: bar %d is %v", c.ind.Name, period, i, v)
				}
			}
		}
	}
}

// The second series is what answers the first: one that moves three times as
// much has a beta of 3, and a price of 0 has no rate of growth after it.
func TestBeta(t *testing.T) {
	first, second := []float64{100}, []float64{50}
	for i := 1; i < 60; i++ {
		r := 0.01 * math.Sin(float64(i*i))
		first = append(first, first[i-1]*(1+r))
		second = append(second, second[i-1]*(1+3*r))
	}
	for i, v := range run(t, Beta, nil, first, second)[0] {
		if i >= 5 && !(math.Abs(v-3) <= 1e-9) {
			t.Errorf("bar %d is %v, want 3", i, v)
		}
	}
	// The rates are −1, 0 (after nothing) and 1, and those of the other 1, 0 and 1.
	got := run(t, Beta, map[string]any{"period": 3}, []float64{5, 0, 2, 4}, []float64{1, 2, 2, 4})
	same(t, "beta", got[0], nan, nan, nan, 0)
}

// Two extremes at once are what each is alone.
func TestBothExtremes(t *testing.T) {
	x := make([]float64, 900)
	for i := range x {
		x[i] = float64(i * i % 101)
	}
	both, places := run(t, MinMax, nil, x), run(t, MinMaxIndex, nil, x)
	same(t, "min", both[0], run(t, Min, nil, x)[0]...)
	same(t, "max", both[1], run(t, Max, nil, x)[0]...)
	same(t, "min_idx", places[0], run(t, MinIndex, nil, x)[0]...)
	same(t, "max_idx", places[1], run(t, MaxIndex, nil, x)[0]...)
	for i := 29; i < len(x); i++ {
		if x[int(places[0][i])] != both[0][i] || x[int(places[1][i])] != both[1][i] {
			t.Errorf("bar %d: the places do not have the extremes", i)
		}
	}
}
