package roll

import "math"

// Ultimate sets dst to Williams's blend of three windows, of what was bought as
// a part of the ranges: 100 · (4·a + 2·b + c) / 7, the shortest first. A window
// without a range counts as 0.
func Ultimate(dst []float64, bought, ranges *Sums) {
	for i := ultimateWide(dst, bought.parts, ranges.parts); i < len(dst); i++ {
		s, weight := 0.0, 4.0
		for k := range bought.parts {
			if r := total(ranges.parts[k], i); r != 0 {
				s += float64(weight * (total(bought.parts[k], i) / r))
			}
			weight /= 2
		}
		dst[i] = s * (100.0 / 7)
	}
}

// total is the sum of the i-th values of the parts.
func total(parts [][]float64, i int) float64 {
	s := parts[0][i]
	for _, p := range parts[1:] {
		s += p[i]
	}
	return s
}

// Doubled are the sums of the last n, 2n and 4n values, the windows that Williams
// has. The larger ones are made of the smallest one, of the newest n values and of
// those before.
type Doubled struct {
	n    int
	sum  *Sum
	past track // of the sums over n
	count
}

// NewDoubled is over n values, 1 or more, and twice and four times as many. The lead
// of Next is that of the longest window.
func NewDoubled(n int) *Doubled {
	return &Doubled{n: n, sum: NewSum(n), past: newTrack(3 * n), count: count{4*n - 1}}
}

// Next takes the values; UltimateDoubled reads the sums.
func (d *Doubled) Next(x []float64) int {
	d.sum.Next(x, d.past.room(len(x)))
	return d.lead(len(x))
}

// quarters are the sums over n of the newest m windows, and of n, 2n and 3n values
// before.
func (d *Doubled) quarters(m int) (q [4][]float64) {
	for k := range q {
		q[k] = d.past.past(m, k*d.n)
	}
	return q
}

// UltimateDoubled is Ultimate of such windows.
func UltimateDoubled(dst []float64, bought, ranges *Doubled) {
	b, r := bought.quarters(len(dst)), ranges.quarters(len(dst))
	for i := ultimateDoubledWide(dst, &b, &r); i < len(dst); i++ {
		dst[i] = ultimateOf(
			[4]float64{b[0][i], b[1][i], b[2][i], b[3][i]}, [4]float64{r[0][i], r[1][i], r[2][i], r[3][i]})
	}
}

// ultimateOf is the blend of one bar; the products with 4 and 2 are exact.
func ultimateOf(b, r [4]float64) float64 {
	b[1], r[1] = b[0]+b[1], r[0]+r[1]
	b[2], r[2] = b[1]+(b[2]+b[3]), r[1]+(r[2]+r[3])
	var part [3]float64
	for k := range part {
		if r[k] != 0 {
			part[k] = b[k] / r[k]
		}
	}
	return math.FMA(4, part[0], math.FMA(2, part[1], part[2])) * (100.0 / 7)
}

// AppendState implements ta.State.
func (d *Doubled) AppendState(b []byte) []byte { return appendStates(b, d.sum, &d.past, &d.count) }

// Restore implements ta.State.
func (d *Doubled) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, d.sum, &d.past, &d.count)
}
