package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Recurrence is y = b·y + a·x, seeded by the first values: exponential
// averages, Wilder's smoothing and running totals.
//
// From eight bars after the seed it is computed in look-ahead form,
//
//	u[i] = a·x[i] + a·b·x[i−1],  f[i] = u[i] + b²·u[i−2],
//	y[i] = b⁸·y[i−8] + (f[i] + b⁴·f[i−4])
//
// which is the same recurrence with one dependent step for eight bars instead
// of for each, and rounds less often (Parhi and Messerschmitt, IEEE Trans. ASSP
// 37, 1989). A bar's bits depend on nothing but the bars before it.
type Recurrence struct {
	pulse pulse // for Tick, the same in both lanes
	powers
	seed    int     // how many values make the seed
	divisor float64 // the seed is their sum divided by this
	silent  bool    // the seed is no result itself
	seen    int     // values seen, at most seed + look
	sum     float64
	x, y    [look]float64 // the last values and results, oldest first
}

// look is how far the look-ahead form reaches back.
const look = 8

// powers are the coefficients of the look-ahead form.
type powers struct{ a, b, ab, b2, b4, b8 float64 }

func newPowers(a, b float64) powers {
	b2 := b * b
	b4 := b2 * b2
	return powers{a, b, a * b, b2, b4, b4 * b4}
}

// NewEMA is the exponential moving average over n bars, weight 2/(n+1), seeded
// by the mean of the first n.
func NewEMA(n int) *Recurrence {
	return NewEMAOfWeight(n, 2/float64(n+1))
}

// NewEMAOfWeight is the exponential average whose newest value has the given
// weight, seeded by the mean of the first n.
func NewEMAOfWeight(n int, weight float64) *Recurrence {
	return &Recurrence{powers: newPowers(weight, 1-weight), seed: n, divisor: float64(n)}
}

// NewWilder is Wilder's average over n bars, weight 1/n, seeded by the mean of
// the first n (New Concepts in Technical Trading Systems, 1978).
func NewWilder(n int) *Recurrence {
	return NewEMAOfWeight(n, 1/float64(n))
}

// NewWilderSumFromSeed is NewWilderSum, but the seed is its first result, on the
// (n−1)-th value; over one value it is the value itself.
func NewWilderSumFromSeed(n int) *Recurrence {
	return &Recurrence{powers: newPowers(1, 1-1/float64(n)), seed: max(n-1, 1), divisor: 1}
}

// NewWilderSum is Wilder's running sum over n bars: each bar a part 1/n of it is
// lost and the new value added. It is seeded by the sum of the first n−1 values
// and has a result from the n-th on.
func NewWilderSum(n int) *Recurrence {
	return &Recurrence{powers: newPowers(1, 1-1/float64(n)), seed: n - 1, divisor: 1, silent: true}
}

// NewMidway is midway between the result before and the newest value. It begins
// with the first value.
func NewMidway() *Recurrence {
	return &Recurrence{powers: newPowers(0.5, 0.5), seed: 1, divisor: 1}
}

// NewWholeTotal is the sum of all values so far, for whole numbers: their sums are
// exact up to 2^53, so there is nothing that Total could keep.
func NewWholeTotal() *Recurrence {
	return &Recurrence{powers: newPowers(1, 1), seed: 1, divisor: 1}
}

// Next sets out to the results.
func (r *Recurrence) Next(x, out []float64) int {
	i, lead := 0, 0
	if r.seen < r.seed+look-1 {
		i, lead = r.begin(x, out)
	}
	if i < len(x) {
		r.ahead(x[i:], out[i:])
	}
	return lead
}

// Watch is Next for whole pairs of vectors that may have holes: it returns false,
// with r as it was, where it met one, or cannot tell. It looks at the last result
// alone, for what is not finite stays in a recurrence for ever.
func (r *Recurrence) Watch(x, out []float64) bool {
	n := len(x)
	if r.seen < r.seed+look-1 || n == 0 || r.aheadWide(x, out) != n || out[n-1]-out[n-1] != 0 {
		return false
	}
	copy(r.x[:], x[n-look:])
	copy(r.y[:], out[n-look:])
	return true
}

// begin takes values until the look-ahead form has all that it reaches back to,
// and says how many those were, and how many of them have no result.
func (r *Recurrence) begin(x, out []float64) (i, lead int) {
	if r.seen < r.seed {
		i = min(len(x), r.seed-r.seen)
		sum := r.sum
		for _, v := range x[:i] {
			sum += v
		}
		r.sum, r.seen = sum, r.seen+i
		lead = i
		Blank(i, out)
		if r.seen < r.seed {
			return i, lead
		}
		r.keep(x[i-1:i], []float64{r.sum / r.divisor})
		if !r.silent {
			lead--
			out[lead] = r.y[look-1]
		}
	}
	y, from := r.y[look-1], i
	for ; i < len(x) && r.seen < r.seed+look-1; i++ {
		y = math.FMA(r.b, y, r.a*x[i])
		out[i] = y
		r.seen++
	}
	r.keep(x[from:i], out[from:i])
	return i, lead
}

// keep adds to the last values and results, at most so many as there are.
func (r *Recurrence) keep(x, y []float64) {
	n := len(x)
	copy(r.x[:], r.x[n:])
	copy(r.y[:], r.y[n:])
	copy(r.x[look-n:], x)
	copy(r.y[look-n:], y)
}

// ahead does the look-ahead form. What the wide body leaves begins with bars
// that reach into the last chunk, so they are done in a small copy that has both.
func (r *Recurrence) ahead(x, out []float64) {
	n := len(x)
	i := r.aheadWide(x, out)
	if i == 0 {
		var hx, hy [2 * look]float64
		copy(hx[:], r.x[:])
		copy(hy[:], r.y[:])
		m := look + copy(hx[look:], x)
		lookAhead(hx[:m], hy[:m], &r.powers)
		copy(out, hy[look:m])
		i = m - look
		if i < look {
			copy(r.x[:], hx[i:m])
			copy(r.y[:], hy[i:m])
			return
		}
	}
	if i < n {
		lookAhead(x[i-look:], out[i-look:], &r.powers)
	}
	copy(r.x[:], x[n-look:])
	copy(r.y[:], out[n-look:])
}

// lookAhead computes y from its ninth value on.
func lookAhead(x, y []float64, c *powers) {
	for i := look; i < len(y); i++ {
		w := x[i-7 : i+1 : i+1]
		u6 := math.FMA(c.ab, w[0], c.a*w[1])
		u4 := math.FMA(c.ab, w[2], c.a*w[3])
		u2 := math.FMA(c.ab, w[4], c.a*w[5])
		u0 := math.FMA(c.ab, w[6], c.a*w[7])
		f4 := math.FMA(c.b2, u6, u4)
		f0 := math.FMA(c.b2, u2, u0)
		y[i] = math.FMA(c.b8, y[i-look], math.FMA(c.b4, f4, f0))
	}
}

// AppendState implements ta.State.
func (r *Recurrence) AppendState(b []byte) []byte {
	b = ta.AppendFloats(b, float64(r.seen), r.sum)
	return ta.AppendFloats(ta.AppendFloats(b, r.x[:]...), r.y[:]...)
}

// Restore implements ta.State.
func (r *Recurrence) Restore(state []byte) ([]byte, error) {
	var v [2 + 2*look]float64
	rest, err := ta.RestoreFloats(state, v[:])
	if err != nil || !(v[0] >= 0 && v[0] <= float64(r.seed+look-1)) {
		return nil, ta.ErrState
	}
	r.seen, r.sum = int(v[0]), v[1]
	copy(r.x[:], v[2:])
	copy(r.y[:], v[2+look:])
	return rest, nil
}
