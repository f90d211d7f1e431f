package roll

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

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

func (s *threeSums) AppendState(b []byte) []byte { return s.sums.AppendState(b) }

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
	equals := func(got []float64, lead int, windows ...int) {
		for i := lead; i < 60; i++ {
			want := 0.0
			for k, n := range windows {
				if s := sum(ranges[i+1-n : i+1]); s != 0 {
					want += 100.0 / 7 * []float64{4, 2, 1}[k] * sum(bought[i+1-n:i+1]) / s
				}
			}
			if !(math.Abs(got[i]-want) <= 1e-12*want) {
				t.Fatalf("%v: bar %d is %v, want %v", windows, i, got[i], want)
			}
		}
	}
	check := func() {
		got := make([]float64, 60)
		b, r := NewSums(3, 10, 12), NewSums(3, 10, 12)
		b.Next(bought)
		lead := r.Next(ranges)
		Ultimate(got, b, r)
		equals(got, lead, 3, 10, 12)
		for _, n := range []int{1, 3, 9} {
			b, r := NewDoubled(n), NewDoubled(n)
			b.Next(bought)
			lead := r.Next(ranges)
			UltimateDoubled(got, b, r)
			equals(got, lead, n, 2*n, 4*n)
		}
	}
	check()
	scalar(check)
}
