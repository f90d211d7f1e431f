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
type Report struct {
	Calls     int64 `json:"calls" description:"Calls that were the candidate's; each time that one was asked counts."`
	Same      int64 `json:"same" description:"Those at which both versions gave the same values."`
	Different int64 `json:"different" description:"Those at which they did not, or the active version alone faulted."`
	Faults    int64 `json:"faults" description:"Those at which the candidate faulted, or did not take what the active version takes. The active version answered."`

	ActiveFaults int64 `json:"active_faults" description:"Calls at which the active version faulted, whatever the candidate did."`

	Bars          int64 `json:"bars" description:"Bars compared, in each output that the active version has: those of the calls that both answered."`
	BarsDifferent int64 `json:"bars_different" description:"Those of them where at least one output differs."`
	NaN           int64 `json:"nan_different" description:"Values that one version has where the other has none."`

	First    *Difference `json:"first,omitempty" description:"The difference of the lowest bar of all calls; absent while there is none."`
	Absolute *Difference `json:"largest_absolute,omitempty" description:"The largest difference of two values."`
	Relative *Difference `json:"largest_relative,omitempty" description:"The largest difference of two values, of the larger of the two."`

	FirstFault *TriedFault `json:"first_fault,omitempty" description:"The candidate's first fault; absent while there is none."`
}

// Difference is a value of which the two versions disagree. One that is absent
// is no value.
type Difference struct {
	Output    string   `json:"output" description:"The output of both versions."`
	Bar       int      `json:"bar" description:"The bar of the call, from 0."`
	Active    *float64 `json:"active,omitempty" description:"The active version's value; absent where it has none."`
	Candidate *float64 `json:"candidate,omitempty" description:"The candidate's value; absent where it has none."`
	Absolute  *float64 `json:"absolute,omitempty" description:"How far the two are apart; absent where one has no value."`
	Relative  *float64 `json:"relative,omitempty" description:"That, of the larger of the two without their signs."`
	Bars      int      `json:"bars" description:"How many bars the call had."`
	Params    ta.Args  `json:"params"` // of the call, as the active version took them
}

// TriedFault is a call that a candidate did not answer.
type TriedFault struct {
	Detail string  `json:"detail" description:"What went wrong."`
	Bars   int     `json:"bars" description:"How many bars the call had."`
	Params ta.Args `json:"params"`
}

// tally counts the calls of a trial. It is safe for concurrent use.
type tally struct {
	outputs []string // of the active version
	columns []int    // where the candidate has them
	told    func(Outcome)

	mu  sync.Mutex
	now Report
}

func newTally(active, candidate *ta.Spec, told func(Outcome)) *tally {
	t := &tally{told: told}
	for _, o := range active.Outputs {
		t.outputs = append(t.outputs, o.Name)
		t.columns = append(t.columns, slices.IndexFunc(candidate.Outputs, func(c ta.Output) bool { return c.Name == o.Name }))
	}
	return t
}

// report is what was counted so far.
func (t *tally) report() Report {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.now
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
		r.FirstFault = &TriedFault{c.CandidateErr.Error(), c.Bars, c.Args}
		return r
	case c.ActiveErr != nil:
		r.Different = 1
		return r
	}
	r.Bars = int64(c.Bars)
	var first, absolute, relative *spot
	for bar := range c.Bars {
		differs := false
		for i, at := range t.columns {
			a, b := c.Active[i][bar], c.Candidate[at][bar]
			if a == b || a != a && b != b {
				continue
			}
			differs = true
			s := spot{output: i, bar: bar, active: a, candidate: b}
			if first == nil {
				first = keep(s)
			}
			if s.measure(); s.absolute != s.absolute {
				r.NaN++
				continue
			}
			if absolute == nil || s.absolute > absolute.absolute {
				absolute = keep(s)
			}
			if relative == nil || s.relative > relative.relative {
				relative = keep(s)
			}
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
	r.extremes(t.difference(first, c), t.difference(absolute, c), t.difference(relative, c))
	return r
}

// spot is a value of which two versions disagree, at most one of them NaN.
type spot struct {
	output, bar        int
	active, candidate  float64
	absolute, relative float64 // NaN where one of the values is
}

// keep has s outlive its loop: most do not.
func keep(s spot) *spot { return &s }

// measure computes the differences. None is infinite, which JSON could not say:
// the sandbox takes no such value, and what two of them are apart is cut.
func (s *spot) measure() {
	larger := max(math.Abs(s.active), math.Abs(s.candidate))
	s.absolute = math.Abs(s.candidate - s.active)
	s.relative = s.absolute / larger
	if math.IsInf(s.absolute, 0) {
		s.absolute = math.MaxFloat64
		s.relative = math.Abs(s.candidate/2-s.active/2) / (larger / 2)
	}
}

// difference is what a report says of a spot; nil of none.
func (t *tally) difference(s *spot, c registry.Tried) *Difference {
	if s == nil {
		return nil
	}
	value := func(v float64) *float64 {
		if v != v {
			return nil
		}
		return &v
	}
	s.measure()
	return &Difference{
		Output: t.outputs[s.output], Bar: s.bar, Active: value(s.active), Candidate: value(s.candidate),
		Absolute: value(s.absolute), Relative: value(s.relative), Bars: c.Bars, Params: c.Args,
	}
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
	r.extremes(o.First, o.Absolute, o.Relative)
	if r.FirstFault == nil {
		r.FirstFault = o.FirstFault
	}
}

// extremes keeps the first difference and the largest; of equal ones the one
// that it has.
func (r *Report) extremes(first, absolute, relative *Difference) {
	if first != nil && (r.First == nil || first.Bar < r.First.Bar) {
		r.First = first
	}
	if absolute != nil && (r.Absolute == nil || *absolute.Absolute > *r.Absolute.Absolute) {
		r.Absolute = absolute
	}
	if relative != nil && (r.Relative == nil || *relative.Relative > *r.Relative.Relative) {
		r.Relative = relative
	}
}
