package roll

import (
	"math"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// stepsOf feeds a distance.
type stepsOf struct {
	*Steps
	Distance
}

func (s *stepsOf) Next(x, out []float64) int {
	step := make([]float64, len(x))
	s.Steps.Next(x, step)
	return s.Distance.Next(x, step, out)
}
func (s *stepsOf) AppendState(b []byte) []byte { return appendStates(b, s.Steps, s.Distance) }
func (s *stepsOf) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, s.Steps, s.Distance)
}

// A distance is the average less the value, begins with the average, and is
// exactly 0 on a level series where it is made of steps.
func TestDistances(t *testing.T) {
	x, level := walk(900), make([]float64, 900)
	for i := range level {
		level[i] = 90.3
	}
	for _, kind := range Averages {
		for _, n := range []int{1, 2, 5, 34, 100} {
			average := feed(t, NewAverage(kind, n), x, whole)
			distance := feed(t, &stepsOf{NewSteps(), NewDistance(kind, n)}, x, whole)
			single := feed(t, &stepsOf{NewSteps(), NewDistance(kind, n)}, x, func() int { return 1 })
			if i, ok := equal(distance, single); !ok {
				t.Errorf("%s over %d, bar by bar: value %d differs", kind, n, i)
			}
			for i, d := range distance {
				if want := average[i] - x[i]; !(math.Abs(d-want) <= 1e-11) && !(math.IsNaN(d) && math.IsNaN(want)) {
					t.Fatalf("%s over %d: value %d is %v, want %v", kind, n, i, d, want)
				}
			}
			if kind != "sma" && kind != "ema" {
				continue
			}
			for i, d := range feed(t, &stepsOf{NewSteps(), NewDistance(kind, n)}, level, whole) {
				if i >= n-1 && d != 0 {
					t.Fatalf("%s over %d: value %d of a level series is %v", kind, n, i, d)
				}
			}
		}
	}
}

// A convergence is the difference of its averages; aligned ones begin at one bar,
// the fast one seeded by what comes late enough.
func TestConvergence(t *testing.T) {
	x := walk(700)
	fast, slow := feed(t, NewEMA(12), x, whole), feed(t, NewEMA(26), x, whole)
	late := feed(t, NewEMA(12), x[14:], whole)
	for name, c := range map[string]struct {
		of   *Convergence
		fast func(i int) float64
	}{
		"own seeds": {NewConvergence("ema", 12, "ema", 26), func(i int) float64 { return fast[i] }},
		"aligned":   {NewAlignedConvergence("ema", 12, "ema", 26), func(i int) float64 { return late[i-14] }},
	} {
		apart, rest := make([]float64, len(x)), make([]float64, len(x))
		for from := 0; from < len(x); from += 100 {
			c.of.Next(x[from:from+100], apart[from:from+100], rest[from:from+100])
		}
		for i := range x {
			if i < 25 {
				if !math.IsNaN(apart[i]) {
					t.Errorf("%s: bar %d has a value", name, i)
				}
				continue
			}
			if want := c.fast(i) - slow[i]; !(math.Abs(apart[i]-want) <= 1e-12) {
				t.Fatalf("%s: bar %d is %v, want %v", name, i, apart[i], want)
			}
			if want := slow[i] - x[i]; !(math.Abs(rest[i]-want) <= 1e-12) {
				t.Fatalf("%s: the slow one of bar %d is %v from the value, want %v", name, i, rest[i], want)
			}
		}
	}
}

// TRIX is the change of three averages on one another, and exactly 0 on a level
// series, however high.
func TestTrix(t *testing.T) {
	x := walk(1500)
	for _, n := range []int{1, 2, 5, 30, 200} {
		e := x
		for range 3 {
			e = feed(t, NewEMA(n), e, whole)[n-1:]
		}
		got := feed(t, NewTrix(n), x, whole)
		for i := 1; i < len(e); i++ {
			want := 100 * (e[i] - e[i-1]) / e[i-1]
			if g := got[3*(n-1)+i]; !(math.Abs(g-want) <= 1e-12*math.Abs(want)+1e-13) { // the rounding of e itself
				t.Fatalf("over %d: value %d is %v, want %v", n, 3*(n-1)+i, g, want)
			}
		}
		level := make([]float64, ta.Tile+200)
		for i := range level {
			level[i] = 1e12 + 0.1
		}
		for i, g := range feed(t, NewTrix(n), level, whole) {
			if i > 3*(n-1) && g != 0 {
				t.Fatalf("over %d: value %d of a level series is %v", n, i, g)
			}
		}
	}
}
