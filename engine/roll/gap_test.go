package roll

import (
	"math"
	"testing"
)

// A gap is the average less the value, whatever the level: on an unchanging
// series it is exactly 0, and on a ramp the average's lag.
func TestGap(t *testing.T) {
	x := walk(1500)
	for _, n := range []int{1, 2, 12, 26, 600} {
		average := feed(t, NewEMA(n), x, whole)
		gap := feed(t, &stepped{NewSteps(), NewGap(n)}, x, whole)
		for i := n - 1; i < len(x); i++ {
			if want := average[i] - x[i]; !(math.Abs(gap[i]-want) <= 1e-11) {
				t.Fatalf("over %d, bar %d: gap %v, want %v", n, i, gap[i], want)
			}
		}
		level, ramp := make([]float64, 1000), make([]float64, 1000)
		for i := range level {
			level[i], ramp[i] = 90.3, float64(i)
		}
		flat := feed(t, &stepped{NewSteps(), NewGap(n)}, level, whole)
		lag := feed(t, &stepped{NewSteps(), NewGap(n)}, ramp, whole)
		for i := n - 1; i < len(level); i++ {
			if flat[i] != 0 {
				t.Fatalf("over %d, bar %d: gap %v of an unchanging series", n, i, flat[i])
			}
			if want := float64(1-n) / 2; !(math.Abs(lag[i]-want) <= 1e-12*float64(n)) {
				t.Fatalf("over %d, bar %d: gap %v of a ramp, want %v", n, i, lag[i], want)
			}
		}
	}
}

// stepped is a gap that is fed the values.
type stepped struct {
	*Steps
	gap *Gap
}

func (s *stepped) Next(x, out []float64) int {
	step := make([]float64, len(x))
	s.Steps.Next(x, step)
	return s.gap.Next(step, out)
}

func (s *stepped) AppendState(b []byte) []byte { return appendStates(b, s.Steps, s.gap) }

func (s *stepped) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, s.Steps, s.gap)
}
