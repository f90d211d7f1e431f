package wasm

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// holed is the series of a trial with holes, which are NaN.
type holed struct {
	in   ta.Columns
	bars []int // those with a hole, the first first

	// From bar after, inclusive, to bar until, exclusive, there is no hole, for longer
	// than the warm-up is: recovery judges by these.
	after, until int

	out ta.Columns // what the module gave
}

// holes takes values away and runs the module on what is left, and then on nothing.
// It must not fail. Where it does not skip the bars, to the last bit, that is kept
// for the report.
func (t *trial) holes() error {
	t.holed = t.pierce()
	r, err := t.run("running it on bars with holes", t.holed.in)
	if err != nil {
		return err
	}
	t.holed.out = r.Outputs
	t.ran = append(t.ran, ran{t.holed.in, r.Outputs})
	nothing := make(ta.Columns, len(t.in))
	for i := range nothing {
		nothing[i] = slices.Repeat([]float64{math.NaN()}, t.bars())
	}
	if _, err := t.run("running it on nothing but holes", nothing); err != nil {
		return err
	}
	err = law.Holes(law.Subject{Spec: &t.spec, Warmup: t.warmup, Run: t.columns}, t.holed.in, t.holed.bars...)
	var broken *law.Broken
	if errors.As(err, &broken) {
		t.unskipped = t.unlike(broken)
		return nil
	}
	if err != nil {
		return rejectFault("running it on bars without holes", err)
	}
	return nil
}

// pierce makes holes at the start, where a calculation takes its first value and its
// first window, and after the warm-up, where it goes on: in each a bar that has
// nothing, and one for each input that has all but that. At the end are two more.
func (t *trial) pierce() holed {
	n, inputs := t.bars(), len(t.in)
	h := holed{in: make(ta.Columns, inputs), after: 3 + inputs}
	late := n - 20
	h.until = late
	// A window may have no value for a warm-up after a hole, and recovery wants some
	// then: a long one is judged by the holes at the start alone.
	if soon := t.warmup + 20; n-3-(soon+1+inputs) >= t.warmup+trialRest {
		late, h.after, h.until = soon, soon+1+inputs, n-3
	}
	h.bars = append(h.bars, 0)
	for i := range inputs {
		h.bars = append(h.bars, 3+i)
	}
	for i := range 1 + inputs {
		h.bars = append(h.bars, late+i)
	}
	h.bars = append(h.bars, n-3, n-1)
	for i, col := range t.in {
		h.in[i] = slices.Clone(col)
		for k, bar := range h.bars {
			if k%inputs == i || bar == 0 || bar == late { // each in turn, as law.Holes does
				h.in[i][bar] = math.NaN()
			}
		}
	}
	return h
}

// unlike says where the module does not do as if a bar with a hole had not been there.
func (t *trial) unlike(b *law.Broken) string {
	next, at := slices.BinarySearch(t.holed.bars, b.Bar)
	if at {
		return fmt.Sprintf("output %s is %v at bar %d, where %s", b.Output, b.Got, b.Bar, t.missing(b.Bar))
	}
	last := t.holed.bars[next-1] // the first is bar 0
	return fmt.Sprintf("output %s is %v at bar %d, and would be %v if bars with NaN were skipped, the last of them bar %d, where %s",
		b.Output, b.Got, b.Bar, b.Want, last, t.missing(last))
}

// missing says what a bar lacks.
func (t *trial) missing(bar int) string {
	var names []string
	for i, col := range t.holed.in {
		if !isValue(col[bar]) {
			names = append(names, string(t.spec.Inputs[i]))
		}
	}
	if len(names) == 1 {
		return names[0] + " is NaN"
	}
	return strings.Join(names, ", ") + " are NaN"
}

// recovery refuses a module that a hole has poisoned.
func (t *trial) recovery() error {
	if t.unskipped == "" {
		return nil
	}
	var alone ta.Columns
	for i, col := range t.holed.out {
		if slices.ContainsFunc(col[t.holed.after:], isValue) {
			continue
		}
		if alone == nil {
			r, err := t.run("running it on the bars after holes alone", part(t.in, t.holed.after, t.bars()))
			if err != nil {
				return err
			}
			alone = r.Outputs
		}
		if t.holed.shouldHave(t.warmup, t.first.Outputs[i], alone[i]) {
			return t.poisoned(i)
		}
	}
	return nil
}

// shouldHave says whether an output has values after the holes that no hole is to keep
// from it: at a bar at which it has one without them, and has one if the bars after
// them are all there is. Where values are at events only the two may have theirs at
// different bars, which says nothing. A window may have none for a warm-up.
func (h *holed) shouldHave(warmup int, without, alone []float64) bool {
	for bar := h.after + warmup; bar < h.until; bar++ {
		if isValue(without[bar]) && isValue(alone[bar-h.after]) {
			return true
		}
	}
	return false
}

// poisoned names the hole that an output has no value after.
func (t *trial) poisoned(output int) error {
	col := t.holed.out[output]
	last := len(col) - 1
	for last >= 0 && !isValue(col[last]) {
		last--
	}
	hole, _ := slices.BinarySearch(t.holed.bars, last)
	bar := t.holed.bars[hole]
	return rejectAt(bar, checkRecovery, "output %s has no value after bar %d, where %s, and has values without holes: "+
		"skip a bar that has NaN in an input: it has no value, and the bars after it are as if it had not been there",
		t.spec.Outputs[output].Name, bar, t.missing(bar))
}
