package roll

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// moveCalculations reads high, low, close and volume; the open is the low.
func moveCalculations() map[string]func() calculation {
	return map[string]func() calculation{
		"bodies": func() calculation {
			return calculation{itself{}, 2, func(in, out [][]float64) int { Bodies(in[1], in[2], out[0], out[1]); return 0 }}
		},
		"power": func() calculation {
			return stateless(func(in [][]float64, dst []float64) { Power(dst, in[1], in[0], in[1], in[2]) })
		},
		"accelerate": func() calculation {
			return calculation{itself{}, 2, func(in, out [][]float64) int { Accelerate(out[0], out[1], in[0], in[1]); return 0 }}
		},
		"swing": func() calculation {
			return stateless(func(in [][]float64, dst []float64) { Swing(dst, in[0], in[2], in[1]) })
		},
		"dip": func() calculation {
			return stateless(func(in [][]float64, dst []float64) { Dip(dst, in[1], in[2], in[0]) })
		},
		"pressure": func() calculation {
			s := NewPressure()
			return calculation{s, 2, func(in, out [][]float64) int { return s.Next(in[0], in[1], in[2], out[0], out[1]) }}
		},
		"vortex": func() calculation {
			s := NewVortex()
			return calculation{s, 2, func(in, out [][]float64) int { return s.Next(in[0], in[1], out[0], out[1]) }}
		},
		"parabolic": func() calculation {
			speed := Acceleration{0.02, 0.02, 0.2}
			s := NewParabolic(0, 0, speed, speed, false)
			return calculation{s, 1, func(in, out [][]float64) int { return s.Next(in[0], in[1], out[0]) }}
		},
		"parabolic, signed": func() calculation {
			s := NewParabolic(-120, 0.05, Acceleration{0.5, 0.1, 0.3}, Acceleration{0, 0.01, 0.2}, true)
			return calculation{s, 1, func(in, out [][]float64) int { return s.Next(in[0], in[1], out[0]) }}
		},
		"trail": func() calculation {
			s := NewTrail()
			return calculation{s, 2, func(in, out [][]float64) int { s.Next(in[0], in[1], in[2], out[0], out[1]); return 0 }}
		},
		"variable": func() calculation {
			s := NewVariable("ema", 1, 40)
			periods := make([]float64, ta.Tile)
			return calculation{s, 1, func(in, out [][]float64) int {
				for i, v := range in[3] {
					periods[i] = v/75 - 1 + math.Abs(in[2][i])/20 // -1 to 45
				}
				return s.Next(in[2], periods[:len(in[2])], out[0])
			}}
		},
		"gathered": func() calculation {
			s := NewGathered()
			return calculation{s, 1, func(in, out [][]float64) int { return s.Next(in[0], in[1], in[2], out[0]) }}
		},
	}
}

// Gaps count: what is bought of a bar begins at the close before it, when that is
// below its low, and its range reaches there.
func TestMovesByHand(t *testing.T) {
	high, low, close := []float64{10, 14, 9, 9}, []float64{8, 12, 7, 6}, []float64{9, 13, 8, 8}
	got := make([][]float64, 5)
	for k := range got {
		got[k] = make([]float64, 4)
	}
	NewPressure().Next(high, low, close, got[0], got[1])
	NewVortex().Next(high, low, got[2], got[3])
	NewGathered().Next(high, low, close, got[4])
	for k, want := range [][]float64{
		{nan, 4, 1, 2}, // bought: above 9, above 7, above 6
		{nan, 5, 6, 3}, // true ranges
		{nan, 6, 3, 2},
		{nan, 2, 7, 3},
		{0, 4, -5, 0}, // a fall from 13 to 8, an unchanged close
	} {
		for i, v := range got[k] {
			if v != want[i] && !(math.IsNaN(v) && math.IsNaN(want[i])) {
				t.Errorf("column %d: value %d is %v, want %v", k, i, v, want[i])
			}
		}
	}
}

// threeSums gives the last of several sums.
type threeSums struct{ sums *Sums }

func (s *threeSums) Next(x, out []float64) int {
	lead := s.sums.Next(x)
	for i := range out {
		out[i] = total(s.sums.parts[2], i)
	}
	Blank(lead, out)
	return lead
}
func (s *threeSums) AppendState(b []byte) []byte          { return s.sums.AppendState(b) }
func (s *threeSums) Restore(state []byte) ([]byte, error) { return s.sums.Restore(state) }

// Windows that share a ladder give the bits that each gives alone.
func TestSumsAreSums(t *testing.T) {
	x := walk(1700)
	r := rand.New(rand.NewPCG(13, 14))
	windows := []int{1, 2, 7, 8, 14, 28, 64, 100, 600}
	want := make([][]float64, len(windows))
	for k, n := range windows {
		want[k] = feed(t, NewSum(n), x, whole)
	}
	sums := NewSums(windows...)
	for from := 0; from < len(x); {
		to := min(from+1+r.IntN(ta.Tile), len(x))
		sums.Next(x[from:to])
		for k, n := range windows {
			for i := max(from, n-1); i < to; i++ {
				if got := total(sums.parts[k], i-from); got != want[k][i] {
					t.Fatalf("over %d, bar %d: %v, alone %v", n, i, got, want[k][i])
				}
			}
		}
		from = to
	}
}

// Ultimate is Williams's formula, and a window without a range counts as 0.
func TestUltimate(t *testing.T) {
	ranges, bought := make([]float64, 60), make([]float64, 60)
	for i := range ranges {
		if i >= 11 && i < 40 {
			ranges[i], bought[i] = float64(1+i%5), float64(i%3)/4
		}
	}
	check := func() {
		b, r := NewSums(3, 10, 12), NewSums(3, 10, 12)
		b.Next(bought)
		lead := r.Next(ranges)
		got := make([]float64, 60)
		Ultimate(got, b, r)
		for i := lead; i < 60; i++ {
			want := 0.0
			for k, n := range []int{3, 10, 12} {
				if s := sum(ranges[i+1-n : i+1]); s != 0 {
					want += 100.0 / 7 * []float64{4, 2, 1}[k] * sum(bought[i+1-n:i+1]) / s
				}
			}
			if !(math.Abs(got[i]-want) <= 1e-12*want) {
				t.Fatalf("bar %d is %v, want %v", i, got[i], want)
			}
		}
	}
	check()
	scalar(check)
}
