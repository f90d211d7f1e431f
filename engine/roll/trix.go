package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Trix is the change of an exponential average of an exponential average of an
// exponential average, from one bar to the next, in percent (Hutson, Good TRIX,
// Stocks & Commodities, 1983).
//
// A step of an average of weight a is a·z of the trace z of what it averages, and the
// steps of an average are the average of the steps. So three traces, each of the one
// before and the first of the steps x[i] − x[i−1], have the last average's step, and by
// the gaps between the averages also where it was before that:
//
//	100 · a³·z₃ / (x − b·z₁ − a·b·z₂ − a²·z₃),  b = 1 − a
type Trix struct {
	lastTwo
	stages [3]gapTrace
	behind [3]float64 // −b, −a·b, −a²
	scale  float64    // 100·a³
	first  traces     // both the same, for Tick
	later  [2]wake
	was    [ta.Tile]float64 // goes from pass to pass of nextWide
}

// NewTrix is over n bars, 1 or more.
func NewTrix(n int) *Trix {
	a := 2 / float64(n+1)
	a2 := a * a
	t := &Trix{lastTwo: lastTwo{last: newLast()}, behind: [3]float64{a - 1, a * (a - 1), -a2}, scale: 100 * a2 * a}
	for k := range t.stages {
		t.stages[k] = newGapTrace(n, 0, 1-a)
	}
	return t
}

// Next sets out to the changes: 0 where the average was 0.
func (t *Trix) Next(x, out []float64) (lead int) {
	i := 0
	for ; i < len(x) && !t.runs(); i++ {
		out[i] = t.next(x[i])
		if t.stages[2].seen < 2 { // the step to the seed is none
			lead = i + 1
		}
	}
	i += t.nextWide(x[i:], out[i:])
	for ; i < len(x); i++ {
		out[i] = t.next(x[i])
	}
	Blank(lead, out)
	return lead
}

// Watch is Next for whole pairs of vectors that may have holes: it returns false, with
// t as it was, where it met one, or cannot tell.
func (t *Trix) Watch(x, out []float64) bool { return t.runs() && t.nextWide(x, out) == len(x) }

func (t *Trix) runs() bool { return t.stages[2].runs() }

func (t *Trix) next(x float64) float64 {
	d := t.stepOrNone(x)
	z1 := t.stages[0].next(d)
	if !t.stages[0].begun() {
		return nan
	}
	z2 := t.stages[1].nextOf(z1, d)
	if !t.stages[1].begun() {
		return nan
	}
	z3 := t.stages[2].nextOf(z2, z1)
	was := math.FMA(z3, t.behind[2], math.FMA(z2, t.behind[1], math.FMA(z1, t.behind[0], x)))
	return t.change(z3, was)
}

// change is from what the average was, by the sum of the third trace.
func (t *Trix) change(z3, was float64) float64 {
	if was == 0 {
		return 0
	}
	return z3 * t.scale / was
}

// AppendState implements ta.State.
func (t *Trix) AppendState(b []byte) []byte {
	return appendStates(b, &t.lastTwo, &t.stages[0], &t.stages[1], &t.stages[2])
}

// Restore implements ta.State.
func (t *Trix) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, &t.lastTwo, &t.stages[0], &t.stages[1], &t.stages[2])
}
