package plugin

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/admission"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
)

// Outcome is what came of a call that was the candidate's.
type Outcome string

// The outcomes, each call having one.
const (
	Same      Outcome = "same"      // both versions gave the same values
	Different Outcome = "different" // they did not, or the candidate gave values where the active one faulted
	Faulted   Outcome = "fault"     // the candidate faulted, or refused the call; the active one answered
)

// Outcomes lists them.
var Outcomes = []Outcome{Same, Different, Faulted}

// Report is what is known of a candidate's values beside the active version's.
// A call is counted each time it is asked; a bar of a call is compared in every
// output that the active version has.
//
// The candidate is a stranger's, and has seen the candles of whoever called. What
// it can choose — its values, its codes, how many bars differ and which — must not
// carry them to whoever reads the report. So there is no value in it and nothing
// of a single call but the first that differed, and what can be large is coarse
// and only ever rises: see [tally.report].
type Report struct {
	Calls     int64 `json:"calls" description:"Calls that were the candidate's; each time that one was asked counts."`
	Same      int64 `json:"same" description:"Those at which both versions gave the same values."`
	Different int64 `json:"different" description:"Those at which they did not, or the active version alone faulted."`
	Faults    int64 `json:"faults" description:"Those at which the candidate faulted, or did not take what the active version takes. The active version answered."`

	ActiveFaults int64 `json:"active_faults" description:"Calls at which the active version faulted, whatever the candidate did."`

	Bars          int64 `json:"bars" description:"Bars compared, in each output that the active version has: those of the calls that both answered."`
	BarsDifferent int64 `json:"bars_different" description:"Those of them where at least one output differs, down to a power of ten: 100 is 100 to 999."`
	NaN           int64 `json:"nan_different" description:"Values that one version has where the other has none, down to a power of ten."`

	First    *Difference `json:"first,omitempty" description:"Where the first call that differed did so first; later calls do not change it. Absent while there is none."`
	Relative float64     `json:"largest_relative,omitempty" description:"The largest difference of two values, as a share of the larger of the two, down to a power of ten: 0.001 is under 0.01, and 1 is 1 or more. Absent while no two values differ."`

	FirstFault string `json:"first_fault,omitempty" description:"The kind of the candidate's first fault, such as trap or out-of-gas; refused where it did not take what the active version takes. Absent while there is none."`
}

// Difference is where the two versions first disagreed.
type Difference struct {
	Output string `json:"output" description:"The output of both versions."`
	Bar    int    `json:"bar" description:"The bar of the call, from 0."`
}

// refused is the fault of a candidate that does not take what the active version
// takes.
const refused = "refused"

// tally counts the calls of a trial. It is safe for concurrent use.
type tally struct {
	outputs []string // of the active version
	columns []int    // where the candidate has them
	told    func(Outcome)

	mu  sync.Mutex
	now Report // exact
}

func newTally(active, candidate *ta.Spec, told func(Outcome)) *tally {
	t := &tally{told: told}
	for _, o := range active.Outputs {
		t.outputs = append(t.outputs, o.Name)
		t.columns = append(t.columns, slices.IndexFunc(candidate.Outputs, func(c ta.Output) bool { return c.Name == o.Name }))
	}
	return t
}

// report is what was counted so far, as it may be shown. What a candidate can make
// any number by one call is rounded down to a power of ten: else whoever asks
// before and after the call reads a number of the candidate's choice, a price say.
func (t *tally) report() Report {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := t.now
	r.BarsDifferent, r.NaN, r.Relative = ten(r.BarsDifferent), ten(r.NaN), tenth(r.Relative)
	return r
}

// ten is the largest power of ten up to n, 0 for 0.
func ten(n int64) int64 {
	if n == 0 {
		return 0
	}
	p := int64(1)
	for n /= 10; n > 0; n /= 10 {
		p *= 10
	}
	return p
}

// tenths are what a relative difference is rounded down to. Two floats that are
// neighbours differ by 2^-53 = 1.1e-16 of the larger, or more.
var tenths = []float64{1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-13, 1e-14, 1e-15, 1e-16}

// tenth is the largest of tenths up to v, 0 for 0.
func tenth(v float64) float64 {
	for _, p := range tenths {
		if v >= p {
			return p
		}
	}
	return 0
}

// tell counts one call. A call that its caller gave up, that had no room, or that
// came as the candidate was being withdrawn, says nothing of the candidate.
func (t *tally) tell(c registry.Tried) {
	for _, err := range []error{c.CandidateErr, c.ActiveErr} {
		if errors.Is(err, wasm.ErrClosed) || errors.Is(err, wasm.ErrHalted) || errors.Is(err, admission.ErrBusy) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return
		}
	}
	call := t.compare(c)
	t.mu.Lock()
	t.now.add(call)
	t.mu.Unlock()
	switch {
	case call.Faults > 0:
		t.told(Faulted)
	case call.Different > 0:
		t.told(Different)
	default:
		t.told(Same)
	}
}

// compare makes the report of one call.
func (t *tally) compare(c registry.Tried) Report {
	r := Report{Calls: 1}
	if c.ActiveErr != nil {
		r.ActiveFaults = 1
	}
	switch {
	case c.CandidateErr != nil:
		r.Faults = 1
		r.FirstFault = kindOf(c.CandidateErr)
		return r
	case c.ActiveErr != nil:
		r.Different = 1
		return r
	}
	r.Bars = int64(c.Bars)
	for bar := range c.Bars {
		differs := false
		for i, at := range t.columns {
			a, b := c.Active[i][bar], c.Candidate[at][bar]
			if a == b || a != a && b != b {
				continue
			}
			differs = true
			if r.First == nil {
				r.First = &Difference{t.outputs[i], bar}
			}
			if a != a || b != b {
				r.NaN++
				continue
			}
			r.Relative = max(r.Relative, apart(a, b))
		}
		if differs {
			r.BarsDifferent++
		}
	}
	if r.BarsDifferent == 0 {
		r.Same = 1
		return r
	}
	r.Different = 1
	return r
}

// kindOf is the fault of a candidate without its details: a module writes those,
// its code among them.
func kindOf(err error) string {
	var f *wasm.Fault
	if errors.As(err, &f) {
		return string(f.Kind)
	}
	return refused
}

// apart is how far a and b are apart, of the larger of the two: up to 2. Neither is
// infinite, as the sandbox takes no such value, but their difference may be.
func apart(a, b float64) float64 {
	larger := max(math.Abs(a), math.Abs(b))
	if d := math.Abs(b - a); !math.IsInf(d, 0) {
		return d / larger
	}
	return math.Abs(b/2-a/2) / (larger / 2)
}

// add takes in the report of another call.
func (r *Report) add(o Report) {
	r.Calls += o.Calls
	r.Same += o.Same
	r.Different += o.Different
	r.Faults += o.Faults
	r.ActiveFaults += o.ActiveFaults
	r.Bars += o.Bars
	r.BarsDifferent += o.BarsDifferent
	r.NaN += o.NaN
	r.Relative = max(r.Relative, o.Relative)
	if r.First == nil {
		r.First = o.First
	}
	if r.FirstFault == "" {
		r.FirstFault = o.FirstFault
	}
}
