package wasm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/admission"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
)

// What Prove tries, as Report and the details of a Rejected name it.
const (
	checkWild = "wild-market"
	checkEnds = "parameter-ends"
)

// proveGas is what all trials of Prove have, by tier: 20 ms at the 0.1 ns a unit
// that an indicator takes, beside the 25 to 100 that a small module needs to be
// loaded, and 100 ms beside the 3 s of one from Go. A run costs its gas and what is
// done around it: the columns of n bars are made, copied and compared, and the
// instance is reset.
var proveGas = [...]int64{gate.Small: 200_000_000, gate.Large: 1_000_000_000}

func (m *Module) runGas(n int) int64 {
	reset := int64(20_000)
	if m.info.Tier == gate.Large {
		reset = 200_000
	}
	return reset + 50*int64(n)
}

// trialRuns is about how many runs a trial has.
const trialRuns = 16

// errUntried is for a trial that was not made to its end.
type errUntried struct{ why string }

func (e *errUntried) Error() string { return e.why }

// call is a run of the module, of Prove's within what is left for it.
func (t *trial) call(class int, in ta.Columns) (r registry.Result, err error) {
	if t.purse == nil {
		return t.runIn(t.ctx, class, t.args, in)
	}
	if *t.purse <= 0 {
		return r, &errUntried{"for want of gas"}
	}
	r, err = t.quick.run(t.ctx, class, budget(len(in[0])), t.args, in)
	return r, t.pay(r, len(in[0]), err)
}

// pay takes what a run of n bars cost from what is left. A call that takes long is
// not begun anew, but where recovery suspects an output: of a Small module the slower
// form would have to be compiled first, and of a Large one it would be run as long
// again. One that the module refuses by a code of its own is of parameters that it does
// not take together.
func (t *trial) pay(r registry.Result, n int, err error) error {
	if t.purse == nil {
		return err
	}
	*t.purse -= int64(r.Gas) + t.runGas(n)
	if errors.Is(err, errLong) || errors.Is(err, ErrOutOfGas) {
		*t.purse -= callGas
	}
	return untried(err)
}

// untried makes of an error that says nothing of what was tried an errUntried.
func untried(err error) error {
	var f *Fault
	switch {
	case errors.Is(err, errLong), errors.Is(err, ErrOutOfGas):
		return &errUntried{"for want of gas"}
	case errors.Is(err, ErrMemory):
		return &errUntried{"for want of memory"}
	case errors.As(err, &f) && f.Code != 0:
		return &errUntried{fmt.Sprintf("it returned %d", f.Code)}
	}
	return err
}

// Prove tries what Load has let in once more: in another market, and at the ends of
// each parameter, or with each name of a choice, the others being at their defaults.
// It is for uploads, before the module is anyone else's: what is stored has been
// proved, and need not be at each start. The error is that of Load. What could not
// be tried is in the Report.
func (m *Module) Prove(ctx context.Context) error {
	place, err := m.sandbox.enter(ctx)
	if err != nil {
		return err
	}
	defer place.Leave()
	ctx = admission.WithOwn(ctx, trials)
	left := proveGas[m.info.Tier]
	defaults, err := m.spec.Args(nil)
	if err != nil {
		return reject("description", "its defaults: %v", err)
	}
	all := append([]end{{checkWild, "in a market of large steps", defaults, wild}}, m.ends()...)
	for _, e := range all {
		t := &trial{Module: m, ctx: ctx, args: e.args, warmup: m.Warmup(e.args), market: e.market, purse: &left}
		err := t.prove()
		if t.unskipped != "" && m.report.Holes == "" {
			m.report.Holes = e.name + ": " + t.unskipped
			m.report.Checks = slices.DeleteFunc(m.report.Checks, func(name string) bool { return name == checkHoles })
		}
		if t.untried != "" {
			m.report.Untried = append(m.report.Untried, e.name+": "+t.untried)
		}
		var untried *errUntried
		var r *Rejected
		switch {
		case errors.As(err, &untried):
			m.report.Untried = append(m.report.Untried, e.name+": "+untried.why)
		case errors.As(err, &r):
			r.Detail = e.name + ": " + r.Detail
			return r
		case err != nil:
			return err
		case !slices.Contains(m.report.Checks, e.check):
			m.report.Checks = append(m.report.Checks, e.check)
		}
	}
	return nil
}

// prove makes the checks, unless they would clearly cost more than is left.
func (t *trial) prove() error {
	n := bars(t.warmup)
	if n > t.report.MaxBars {
		return &errUntried{fmt.Sprintf("it takes %d bars, and a call has %d at most", n, t.report.MaxBars)}
	}
	if run := int64(t.report.GasPerBar*float64(n)) + t.runGas(n); trialRuns*run > *t.purse {
		return &errUntried{"for want of gas"}
	}
	return t.keeps(t.checks())
}

// end is one way in which Prove tries a module.
type end struct {
	check, name string
	args        ta.Args
	market      market
}

// ends are those of the parameters, that with the fewest bars first. Where a
// parameter may not be less than another, it ends there, and is moved with it.
func (m *Module) ends() (all []end) {
	for _, p := range m.spec.Params {
		given := make(map[string]any)
		add := func(value string) {
			if args, err := m.spec.Args(given); err == nil {
				all = append(all, end{checkEnds, p.Name + "=" + value, args, calm})
			}
		}
		for i, name := range p.Choices {
			if float64(i) != p.Default {
				given[p.Name] = name
				add(name)
			}
		}
		if p.Choices != nil {
			continue
		}
		least := p.Min
		for _, q := range m.spec.Params {
			if q.Name == p.AtLeast {
				least = max(least, q.Default)
			}
		}
		for _, v := range []float64{least, p.Max} {
			if v == p.Default {
				continue
			}
			given[p.Name] = v
			for _, q := range m.spec.Params {
				if q.AtLeast == p.Name {
					given[q.Name] = min(max(q.Default, v), q.Max)
				}
			}
			add(strconv.FormatFloat(v, 'g', -1, 64))
		}
	}
	slices.SortStableFunc(all, func(a, b end) int { return cmp.Compare(m.Warmup(a.args), m.Warmup(b.args)) })
	return all
}
