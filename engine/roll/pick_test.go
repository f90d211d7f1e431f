package roll

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestPick: it has the value at the place, however the values come and after its
// state was restored.
func TestPick(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	const bars = 1500
	x := make([]float64, bars)
	for i := range x {
		x[i] = r.Float64()
	}
	for _, n := range []int{1, 2, 7, 8, 9, 600, bars + 1} {
		place := make([]float64, bars)
		for i := range place {
			place[i] = float64(r.IntN(n))
		}
		p := NewPick(n)
		out := make([]float64, bars)
		for from := 0; from < bars; {
			to := min(bars, from+1+r.IntN(40))
			lead := p.Next(x[from:to], place[from:to], out[from:to])
			if want := min(to, max(from, n-1)) - from; lead != want {
				t.Fatalf("of %d, bars %d to %d: %d without a value, want %d", n, from, to, lead, want)
			}
			again := NewPick(n)
			if rest, err := again.Restore(p.AppendState(nil)); err != nil || len(rest) != 0 {
				t.Fatal(err, len(rest))
			}
			p, from = again, to
		}
		for i := min(n-1, bars); i < bars; i++ {
			if want := x[i-n+1+int(place[i])]; out[i] != want {
				t.Fatalf("of %d, bar %d: %v, want %v", n, i, out[i], want)
			}
		}
		if slices.ContainsFunc(out[:min(n-1, bars)], func(v float64) bool { return v == v }) {
			t.Errorf("of %d: values before there can be any", n)
		}
	}
}
