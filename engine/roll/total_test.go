package roll

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// Totals are the big numbers' next float64, or one beside it: for a hundred
// thousand values, and after one of 1e15 has come and gone.
func TestTotalIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	n := 100_000
	from, to, x := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range x {
		from[i], to[i], x[i] = 100*r.Float64(), 100*r.Float64(), r.Float64()-0.5
	}
	x[n/2], x[n/2+1] = 1e15/3, -1e15/3
	to[n/2], from[n/2+1] = 1e15/3, 1e15/3
	sums, ways := make([]float64, n), make([]float64, n)
	NewTotal().Next(x, sums)
	NewTotal().NextBetween(from, to, ways)
	wide := func(v float64) *big.Float { return new(big.Float).SetPrec(300).SetFloat64(v) }
	sum, way := wide(0), wide(0)
	for i := range x {
		sum.Add(sum, wide(x[i]))
		way.Add(way, wide(to[i])).Sub(way, wide(from[i]))
		for name, c := range map[string]struct {
			got  float64
			want *big.Float
		}{"sum": {sums[i], sum}, "between": {ways[i], way}} {
			want, _ := c.want.Float64()
			// What was lost is itself rounded, to 1e-16 of the 0.06 that a spike loses.
			if !(math.Abs(c.got-want) <= 2e-16*math.Abs(want)+1e-17) {
				t.Fatalf("%s: value %d is %v, want %v", name, i, c.got, want)
			}
		}
	}
}
