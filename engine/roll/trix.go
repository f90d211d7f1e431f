package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Trix is the change of an exponential average of an exponential average of an
// exponential average, from one bar to the next, in percent (Hutson, Good TRIX,
// Stocks & Commodities, 1983).
//
// A step of an average of weight a is that part of how far the value is from the
// average before it, and the steps of an average are the average of the steps:
//
//	s[i] = b·s[i−1] + a·d[i],  b = 1 − a
//
// for the steps d of the value, starting from a/b of its distance to the mean
// that is the seed. So three stages make the steps of the last average from
// those of the price, and b/a of all three steps is how far it is from the price.
type Trix struct {
	steps  *Steps
	stages [3]*Gap
	behind float64 // b/a
	first  *Skip   // the step to the seed is none
	step   [4][ta.Tile]float64
	chain  // for Tick
}

// NewTrix is over n bars, 1 or more.
func NewTrix(n int) *Trix {
	a := 2 / float64(n+1)
	t := &Trix{steps: NewSteps(), behind: (1 - a) / a, first: NewSkip(1)}
	for k := range t.stages {
		t.stages[k] = newStage(n, a)
	}
	return t
}

// Next sets out to the changes.
func (t *Trix) Next(x, out []float64) int {
	t.steps.Next(x, t.step[3][:len(x)])
	return t.change(x, out, 0)
}

// Watch is Next for values that may have holes: it returns false, with t as it was,
// where it met one, or cannot tell.
func (t *Trix) Watch(x, out []float64) bool {
	m, first := len(x), t.stages[0]
	if first.seen < first.n || !first.WatchSteps(t.steps, x, t.step[3][:m], t.step[0][:m]) {
		return false
	}
	t.change(x, out, 1)
	return true
}

// change goes on from the steps of x, or from those that so many stages have made.
func (t *Trix) change(x, out []float64, stages int) int {
	m, lead := len(x), 0
	from := t.step[(stages+3)%4][:m]
	for k := stages; k < len(t.stages); k++ {
		if lead < m {
			lead += t.stages[k].Next(from[lead:], t.step[k][lead:m])
		}
		from = t.step[k][:m]
	}
	thirdChange(out[lead:], x[lead:], t.step[0][lead:m], t.step[1][lead:m], t.step[2][lead:m], t.behind)
	lead += t.first.Next(m - lead)
	Blank(lead, out)
	return lead
}

// thirdChange sets dst to the step s3 of an average in percent of what it was
// before, 0 where that is 0: the average is x − behind · (s1 + s2 + s3).
func thirdChange(dst, x, s1, s2, s3 []float64, behind float64) {
	for i := thirdChangeWide(dst, x, s1, s2, s3, behind); i < len(dst); i++ {
		d := math.FMA(s1[i]+s2[i]+s3[i], -behind, x[i]) - s3[i]
		q := 100 * (s3[i] / d)
		if d == 0 {
			q = 0
		}
		dst[i] = q
	}
}

// AppendState implements ta.State.
func (t *Trix) AppendState(b []byte) []byte {
	return appendStates(b, t.steps, t.stages[0], t.stages[1], t.stages[2], t.first)
}

// Restore implements ta.State.
func (t *Trix) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, t.steps, t.stages[0], t.stages[1], t.stages[2], t.first)
}
