package wasm

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
)

// Report is what Load learnt of a module by running it.
type Report struct {
	Size        int      `json:"size"`         // bytes of the module
	Tier        string   `json:"tier"`         // Small or Large
	Functions   int      `json:"functions"`    // with bodies
	MemoryBytes uint64   `json:"memory_bytes"` // of an instance for 1,024 bars
	MaxBars     int      `json:"max_bars"`     // that its memory has room for in one call
	GasPerBar   float64  `json:"gas_per_bar"`  // at default parameters
	Warmup      string   `json:"warmup"`       // the formula
	Checks      []string `json:"checks"`       // those passed, in order

	// Streams says that it takes bars one by one, too. Absent for no, so that a
	// table of plugins without one is read by builds that do not know of it.
	Streams bool `json:"streams,omitempty"`
	// Untried are ends of parameters that the checks were not made at, and those at which
	// recovery was not made to its end, and why. Absent for none, for the same reason.
	Untried []string `json:"untried,omitempty"`
	// Holes is what it gives instead of skipping a bar that has NaN in an input, at the
	// first bar where that shows. Absent where it skips it, and has passed checkHoles.
	Holes string `json:"holes,omitempty" description:"What it gives instead of skipping a bar that has NaN in an input, at the first bar where that shows; absent where it skips it."`
}

// The checks of try, as Report and Rejected name them.
const (
	checkOutput      = "output"      // every value is written, and finite or NaN
	checkWarmup      = "warm-up"     // the first values come when they were promised
	checkDeterminism = "determinism" // a second run gives the same bits and uses the same gas
	checkCausality   = "causality"   // no value depends on later bars
	checkRecovery    = "recovery"    // a bar with a hole does not end an output for good

	// checkHoles is the law of the same name, which a module need not keep: a bar with
	// a hole has no value, and those after it are as if it had not been there.
	checkHoles = "holes"

	// checkScale is for modules with an output that has a unit: it changes with
	// prices and volumes as that unit says.
	checkScale = "scale"
	// checkChunks is for modules that stream: bars one by one give the bits of
	// all at once.
	checkChunks = "chunk-invariance"
)

// measure finds how many bars the module has room for, and what that takes.
func (m *Module) measure() error {
	m.report = Report{
		Size: len(m.original), Tier: m.info.Tier.String(), Functions: m.info.Functions,
		Warmup: m.warmup.String(), Streams: m.Streams(), Checks: []string{"structure", "validation", "abi", "description"},
	}
	for class, bars := range classes {
		in, err := m.quick.instance(class)
		if err != nil {
			if class == 0 {
				return rejectFault(fmt.Sprintf("making room for %d bars", bars), err)
			}
			break
		}
		if class == 0 {
			m.report.MemoryBytes = uint64(in.memory.Size())
		}
		m.report.MaxBars = bars
		in.close()
	}
	return nil
}

const (
	trialBars = 300 // of the series that a module is tried on
	trialRest = 100 // bars at least that have values
)

// What all runs of a trial may take together, as others wait for it: of gas, what
// trialRuns of 2,000 bars have, budget(2000) x 16 = 384,000,000; and of time, for
// gas that is dear and a machine that is slow or full, on which the slower form may
// have to be compiled as well.
const tryGas = 400_000_000

var tryTime = 30 * time.Second

// try runs the module on series of the host's own, at default parameters. The
// error is a *Rejected for the first check that it does not pass.
func (m *Module) try(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	args, err := m.spec.Args(nil)
	if err != nil {
		return reject("description", "its defaults: %v", err)
	}
	warmup := m.Warmup(args)
	if warmup+trialRest > m.report.MaxBars {
		return reject(checkWarmup, "at default parameters the first value is promised for bar %d, and a call has %d bars at most", warmup, m.report.MaxBars)
	}
	t := &trial{Module: m, ctx: ctx, args: args, warmup: warmup, market: calm}
	checks := t.checks()
	if err := t.keeps(checks); err != nil {
		return err
	}
	m.report.Holes = t.unskipped
	if t.untried != "" {
		m.report.Untried = []string{t.untried}
	}
	for _, c := range checks {
		if c.name == checkHoles && t.unskipped != "" || c.name == checkRecovery && t.untried != "" {
			continue
		}
		m.report.Checks = append(m.report.Checks, c.name)
	}
	return nil
}

// bars is how many a trial has.
func bars(warmup int) int { return max(trialBars, warmup+trialRest) }

// checks are those that the module has to pass.
func (t *trial) checks() []check {
	checks := []check{
		{checkOutput, t.output}, {checkWarmup, t.firstValues}, {checkDeterminism, t.determinism},
		{checkCausality, t.causality}, {checkHoles, t.holes}, {checkRecovery, t.recovery},
	}
	if slices.ContainsFunc(t.spec.Outputs, func(o ta.Output) bool { return o.Unit != ta.None }) {
		checks = append(checks, check{checkScale, t.scale})
	}
	if t.Streams() {
		checks = append(checks, check{checkChunks, t.chunks})
	}
	return checks
}

// keeps makes the checks. The error is that of the first that is not passed.
func (t *trial) keeps(checks []check) error {
	t.in = t.market.walk(t.spec.Inputs, bars(t.warmup), 1)
	for _, c := range checks {
		if err := c.run(); err != nil {
			return err
		}
	}
	return nil
}

// check is one of those of try.
type check struct {
	name string
	run  func() error
}

// trial is a module on its way to be let in.
type trial struct {
	*Module
	ctx    context.Context
	args   ta.Args
	warmup int
	market market
	purse  *int64 // what is left for all trials of Prove; nil for that of Load
	in     ta.Columns
	first  registry.Result // what it gave for in
	ran    []ran

	gasPerBar float64

	holed     holed
	unskipped string // what it gives instead of skipping a hole; "" where it skips
	untried   string // why recovery is not known; "" where it is
}

// ran is a run of a trial that laws may want once more.
type ran struct{ in, out ta.Columns }

func (t *trial) bars() int { return len(t.in[0]) }

// run is Run with a fault made a rejection. A bad value is named by its bar.
func (t *trial) run(doing string, in ta.Columns) (registry.Result, error) {
	r, err := t.call(classOf(len(in[0])), in)
	if err != nil {
		return r, rejectFault(doing, err)
	}
	return r, nil
}

func (t *trial) output() (err error) {
	if t.first, err = t.run("running it", t.in); err != nil {
		return err
	}
	t.ran = append(t.ran, ran{t.in, t.first.Outputs})
	if all := trialRuns * int64(t.first.Gas); t.purse == nil && all > tryGas {
		return reject(string(OutOfGas), "it takes %d units of gas for %d bars, and the %d runs of a trial have %d: a shorter warm-up at default parameters needs fewer bars",
			t.first.Gas, t.bars(), trialRuns, tryGas)
	}
	half := t.bars() / 2
	r, err := t.run("running it on fewer bars", head(t.in, half))
	if err != nil {
		return err
	}
	t.gasPerBar = max(0, float64(t.first.Gas)-float64(r.Gas)) / float64(t.bars()-half)
	if t.purse == nil { // it is said of the defaults
		t.report.GasPerBar = t.gasPerBar
	}
	return nil
}

// firstValues checks the promise of the warm-up: no bar before it has a value
// in every output, and an output that goes on without gaps begins by then. An
// output with gaps, which has values at events only, may begin at any time.
func (t *trial) firstValues() error {
	complete, any := 0, false
	for i, col := range t.first.Outputs {
		begin := slices.IndexFunc(col, isValue)
		if begin < 0 {
			complete = len(col)
			continue
		}
		any = true
		complete = max(complete, begin)
		if begin > t.warmup && !slices.ContainsFunc(col[begin:], math.IsNaN) {
			return rejectAt(begin, checkWarmup, "output %s has its first value at bar %d, and warmup promises bar %d", t.spec.Outputs[i].Name, begin, t.warmup)
		}
	}
	if !any && t.purse != nil {
		return nil // a threshold may be too high for this walk
	}
	if !any {
		return reject(checkWarmup, "no output has a value in %d bars", t.bars())
	}
	if complete < t.warmup {
		return rejectAt(complete, checkWarmup, "every output has a value at bar %d, and warmup promises bar %d", complete, t.warmup)
	}
	return nil
}

// determinism runs it again: in the same instance as before, and in one that
// has room for more bars, whose columns lie further apart.
func (t *trial) determinism() error {
	again, err := t.run("running it again", t.in)
	if err != nil {
		return err
	}
	if i, bar := differ(t.first.Outputs, again.Outputs, t.bars()); bar >= 0 {
		return rejectAt(bar, checkDeterminism, "output %s is not the same in a second run", t.spec.Outputs[i].Name)
	}
	if again.Gas != t.first.Gas {
		return reject(checkDeterminism, "a second run used %d units of gas, the first %d", again.Gas, t.first.Gas)
	}
	wide, n, err := t.widely()
	if errors.Is(err, errLong) {
		return nil // a Small one would have to be compiled once more for this alone
	}
	if err != nil {
		return rejectFault("running it with a larger stride", err)
	}
	if i, bar := differ(t.first.Outputs, wide.Outputs, n); bar >= 0 {
		return rejectAt(bar, checkDeterminism, "output %s is not the same with another stride", t.spec.Outputs[i].Name)
	}
	return nil
}

// widely runs it with room for more bars, on as many as the gas is enough for that a
// call gets before it takes long, which of a Small module is less in so much more
// memory, if some of them have values.
func (t *trial) widely() (r registry.Result, n int, err error) {
	class := min(classOf(t.bars())+1, classOf(t.report.MaxBars))
	if t.purse != nil || t.heavy.Load() > 0 { // of which the second has the slower form already
		r, err = t.call(class, t.in)
		if long := new(errUntried); t.purse != nil && *t.purse > 0 && errors.As(err, &long) {
			err = errLong
		}
		return r, t.bars(), err
	}
	for n = t.bars(); n > t.warmup; n /= 2 {
		r, err = t.quick.run(t.ctx, class, budget(n), t.args, head(t.in, n))
		if !errors.Is(err, errLong) {
			return r, n, err
		}
	}
	return r, n, err
}

// causality takes later bars away, and puts others in their place: what comes
// before must stay as it is, to the bit.
func (t *trial) causality() error {
	n := t.bars()
	for _, cut := range []int{n - 1, n - 2, n * 7 / 8, n * 3 / 4, n / 2, n / 3, t.warmup + 1} {
		short, err := t.run(fmt.Sprintf("running it on the first %d bars", cut), head(t.in, cut))
		if err != nil {
			return err
		}
		if err := t.sameUntil(cut, short, "are taken away"); err != nil {
			return err
		}
	}
	other := t.market.walk(t.spec.Inputs, n, 2)
	for i, col := range other {
		copy(col[:n/2], t.in[i])
	}
	changed, err := t.run("running it with other bars at the end", other)
	if err != nil {
		return err
	}
	return t.sameUntil(n/2, changed, "are others")
}

func (t *trial) sameUntil(cut int, got registry.Result, what string) error {
	i, bar := differ(t.first.Outputs, got.Outputs, cut)
	if bar < 0 {
		return nil
	}
	return rejectAt(bar, checkCausality, "output %s at bar %d changes when the bars from %d on %s: it looks ahead", t.spec.Outputs[i].Name, bar, cut, what)
}

// scale has prices that are 2⁹ times as small and volumes 2⁶ times as large. It
// may be kept to law.Near: a logarithm of twice the price rounds elsewhere.
func (t *trial) scale() error {
	err := law.Scale(law.Subject{Spec: &t.spec, Warmup: t.warmup, Near: law.Near, Run: t.columns}, t.in, -9, 6)
	var broken *law.Broken
	if errors.As(err, &broken) {
		return rejectAt(broken.Bar, checkScale, "output %s at bar %d is %v for prices / 2⁹ and volumes · 2⁶, and by its unit would be %v", broken.Output, broken.Bar, broken.Got, broken.Want)
	}
	if err != nil {
		return rejectFault("running it on other prices", err)
	}
	return nil
}

// columns is Run for a law. The module has shown by then that the same bars give the
// same bits, and is not asked again.
func (t *trial) columns(in ta.Columns) (ta.Columns, error) {
	for _, r := range t.ran {
		if n := len(in[0]); n == len(r.in[0]) {
			if _, bar := differ(in, r.in, n); bar < 0 {
				return slices.Clone(r.out), nil // a law may put others in their place
			}
		}
	}
	r, err := t.call(classOf(len(in[0])), in)
	return r.Outputs, err
}

// chunks gives the bars one by one, with holes and then without.
func (t *trial) chunks() error {
	s := law.Subject{
		Spec: &t.spec, Warmup: t.warmup, Run: t.columns,
		Stream: func(in ta.Columns) (ta.Columns, error) {
			r, err := registry.OneByOne(t.ctx, t.Module, t.args, in)
			err = t.pay(r, len(in[0]), err)
			return r.Outputs, err
		},
	}
	for _, in := range []ta.Columns{t.holed.in, t.in} {
		err := law.Stream(s, in)
		var broken *law.Broken
		if errors.As(err, &broken) {
			return rejectAt(broken.Bar, checkChunks, "output %s at bar %d is %v from ta_bar, and %v from ta_run", broken.Output, broken.Bar, broken.Got, broken.Want)
		}
		if err != nil {
			return rejectFault("giving it bars one by one", err)
		}
	}
	return nil
}

func isValue(v float64) bool { return !math.IsNaN(v) }

// head is the first n bars.
func head(in ta.Columns, n int) ta.Columns { return part(in, 0, n) }

// part is the bars from, inclusive, to, exclusive.
func part(in ta.Columns, from, to int) ta.Columns {
	out := make(ta.Columns, len(in))
	for i, col := range in {
		out[i] = col[from:to]
	}
	return out
}

// differ finds the first of n bars at which a and b have not the same bits,
// and the column; -1 if there is none.
func differ(a, b ta.Columns, n int) (column, bar int) {
	column, bar = -1, -1
	for i := range a {
		for j := range n {
			if math.Float64bits(a[i][j]) != math.Float64bits(b[i][j]) && (bar < 0 || j < bar) {
				column, bar = i, j
				break
			}
		}
	}
	return column, bar
}
