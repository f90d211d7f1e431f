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
	in    ta.Columns
	bars  []int // those with a hole, the first first
	after int   // the bar after the last of them, but for the two at the end

	out ta.Columns // what the module gave
}

// holes takes values away and runs the module on what is left, and then on nothing.
// It must not fail. Where it does not skip the bars, to the last bit, that is kept
// for the report.
func (t *trial) holes() error {
	n, bars := t.bars(), holeBars(len(t.in), t.warmup)
	t.holed = holed{after: bars[len(bars)-1] + 1, bars: append(bars, n-3, n-1)}
	t.holed.in = pierce(t.in, t.holed.bars)
	r, err := t.run("running it on bars with holes", t.holed.in)
	if err != nil {
		return err
	}
	t.holed.out = r.Outputs
	t.ran = append(t.ran, ran{t.holed.in, r.Outputs})
	nothing := make(ta.Columns, len(t.in))
	for i := range nothing {
		nothing[i] = slices.Repeat([]float64{math.NaN()}, n)
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

// holeBars are at the start, where a calculation takes its first value and its first
// window, and after the warm-up, where it goes on: in each a bar that has nothing, and
// one for each input that has all but that.
func holeBars(inputs, warmup int) []int {
	bars, late := []int{0}, warmup+20
	for i := range inputs {
		bars = append(bars, 3+i)
	}
	for i := range 1 + inputs {
		bars = append(bars, late+i)
	}
	return bars
}

// pierce makes holes at those of holeBars and others.
func pierce(in ta.Columns, bars []int) ta.Columns {
	out, late := make(ta.Columns, len(in)), 1+len(in)
	for i, col := range in {
		out[i] = slices.Clone(col)
		for k, bar := range bars {
			if k%len(in) == i || k == 0 || k == late { // each in turn, as law.Holes does
				out[i][bar] = math.NaN()
			}
		}
	}
	return out
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

const (
	// forGood is for how many bars after a hole, and after the warm-up that follows it,
	// an output has no value if the hole has ended it: more than a window has.
	forGood = 10_000
	// manyValues is how many an output has in the last half of those without the hole,
	// if that it has none is to mean anything: values at rare events come and go.
	manyValues = 10
)

// recovery refuses a module that a hole has poisoned. The series of the trial only
// shows which outputs may be: a long window has no value to its end either.
func (t *trial) recovery() error {
	if t.unskipped == "" {
		return nil
	}
	var suspects []int
	for i, col := range t.holed.out {
		if values(t.first.Outputs[i]) > 0 && values(col[t.holed.after:]) == 0 {
			suspects = append(suspects, i)
		}
	}
	if suspects == nil {
		return nil
	}
	err := t.poisoned(suspects)
	var untried *errUntried
	if errors.As(err, &untried) {
		t.untried = checkRecovery + ": " + untried.why
		return nil
	}
	return err
}

// poisoned refuses the first of the outputs that has no value for good after the holes
// of the trial. The bars that follow are as many as a call has room for, if need be.
func (t *trial) poisoned(outputs []int) error {
	from := t.holed.after + t.warmup // where a window has values again
	n := min(from+forGood, t.report.MaxBars)
	if least := from + trialRest; n < least {
		return &errUntried{fmt.Sprintf("it takes %d bars, and a call has %d at most", least, n)}
	}
	left := tryGas - trialRuns*int64(t.first.Gas)
	if t.purse != nil {
		left = *t.purse
	}
	if 2*(int64(t.first.Gas)+int64(t.gasPerBar*float64(n-t.bars()))) > left {
		return &errUntried{"for want of gas"}
	}
	run := func(doing string, in ta.Columns) (ta.Columns, error) {
		r, err := t.runIn(t.ctx, classOf(n), t.args, in) // so many bars may well take long
		if t.purse != nil && err != nil {
			*t.purse -= budget(n) // what it took before it failed is not known
		} else {
			err = t.pay(r, n, err)
		}
		return r.Outputs, rejectFault(doing, untried(err))
	}
	in := t.market.walk(t.spec.Inputs, n, 1) // as the trial's begins
	with, err := run("running it on many bars after holes", pierce(in, holeBars(len(in), t.warmup)))
	if err != nil {
		return err
	}
	outputs = slices.DeleteFunc(outputs, func(i int) bool { return values(with[i][t.holed.after:]) > 0 })
	if len(outputs) == 0 {
		return nil
	}
	without, err := run("running it on many bars", in)
	if err != nil {
		return err
	}
	for _, i := range outputs {
		if values(without[i][(from+n)/2:]) >= manyValues {
			return t.ended(i, with[i])
		}
	}
	return nil
}

// ended names the hole that an output has no value after.
func (t *trial) ended(output int, col []float64) error {
	last := len(col) - 1
	for last >= 0 && !isValue(col[last]) {
		last--
	}
	hole, _ := slices.BinarySearch(t.holed.bars, last)
	bar := t.holed.bars[hole]
	return rejectAt(bar, checkRecovery, "output %s has no value in the %d bars after bar %d, where %s, and has values without holes: "+
		"skip a bar that has NaN in an input: it has no value, and the bars after it are as if it had not been there",
		t.spec.Outputs[output].Name, len(col)-1-bar, bar, t.missing(bar))
}

// values is how many of a column there are.
func values(col []float64) (n int) {
	for _, v := range col {
		if isValue(v) {
			n++
		}
	}
	return n
}
