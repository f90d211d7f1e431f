package compute

import (
	"fmt"
	"slices"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
)

// ValuesError says that there would be more values than there is room for.
type ValuesError struct {
	Pointer string // to what asks for them, RFC 6901
	Need    int    // how many there would be
	Most    int    // how many there may be
	Of, Fix string
}

func (e *ValuesError) Error() string {
	return fmt.Sprintf("this is %d values, %s, and at most %d go in one request: %s", e.Need, e.Of, e.Most, e.Fix)
}

// curves are the columns of a backtest beside those of its strategy: equity and
// drawdown, of the run and of who holds.
const curves = 4

// Bound has the request refuse more than so many values, and keep no more of a
// result than f writes: a few words ask for a hundred results, and all are held
// until the last is there.
func (r *Request) Bound(values int, f Format) *Request {
	r.most, r.format = values, f
	return r
}

// Admit says before anything is computed whether there is room for the results of
// items, which were asked for at a pointer. The error is a *ValuesError. What is
// not there has no values; to say so is Run's.
func (r *Request) Admit(at string, items ...Item) error {
	bars, need := r.candles.Bars, 0
	if last := r.format.Last; last > 0 {
		bars = min(bars, last)
	}
	for _, item := range items {
		if run, ok := r.engine.registry.Get(item.Name); ok {
			need += outputs(run) * bars
		}
	}
	return r.room(ValuesError{
		Pointer: at, Need: need,
		Of:  "the outputs of all indicators asked for by the bars that are answered",
		Fix: "ask for the last bars with last, or for fewer indicators, or send fewer candles",
	})
}

// admitBacktest is Admit of a strategy. All of it is held, whatever is written.
func (r *Request) admitBacktest(run registry.Runner) error {
	return r.room(ValuesError{
		Pointer: "/candles", Need: (len(run.Spec().Outputs) + curves) * r.candles.Bars,
		Of:  fmt.Sprintf("the outputs of %s and %d curves by the candles", run.Spec().Name, curves),
		Fix: "send fewer candles, or have the strategy give fewer outputs",
	})
}

func (r *Request) room(e ValuesError) error {
	if e.Most = r.most; r.most == 0 || e.Need <= r.most {
		return nil
	}
	return &e
}

// outputs is how many there are, of whichever version answers.
func outputs(run registry.Runner) int {
	n := len(run.Spec().Outputs)
	if trial, tried := run.(*registry.Trial); tried {
		n = max(n, len(trial.Candidate.Spec().Outputs))
	}
	return n
}

// keep is what is held of the result of a question: a copy of what is written,
// where that is less than there is, so that the rest is let go.
func (r *Request) keep(res *Result) {
	if last := r.format.Last; last == 0 || last >= res.Bars {
		r.done[res.key] = registry.Result{Outputs: res.Outputs, Gas: res.Gas}
		return
	}
	cut := make(ta.Columns, len(res.Outputs))
	for i, col := range res.Outputs {
		cut[i] = slices.Clone(r.format.cut(col))
	}
	res.Outputs = cut
}
