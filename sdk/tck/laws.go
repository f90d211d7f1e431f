package tck

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
)

const (
	leastBars = 300 // of a series that laws are tried on
	restBars  = 100 // bars at least that have values
)

// Near is the difference, as a share of an output's largest value, up to which
// a law of arithmetic is kept: a sum that begins elsewhere rounds elsewhere.
const Near = law.Near

// Law is a rule, and how far a plugin keeps it.
type Law struct {
	Name   string `json:"law"`
	Kept   bool   `json:"kept"`
	Exact  bool   `json:"exact"`            // to the last bit, and not only to Near
	Broken string `json:"broken,omitempty"` // the first that was found: parameters, series, bar
}

// output is the Law that there is an answer. Where there is none, no other rule
// can be tried.
const output = "output"

// rule is a Law to be tried on an answer.
type rule struct {
	name    string
	near    bool // it may be kept to Near
	claimed func(registry.Runner) bool
	try     func(law.Subject, *law.Series) error
}

var rules = []rule{
	{name: "warm-up", try: begins},
	{name: "determinism", try: func(s law.Subject, on *law.Series) error {
		return law.Deterministic(s, on.Columns(s.Spec.Inputs))
	}},
	{name: "causality", try: func(s law.Subject, on *law.Series) error {
		n := len(on.Close)
		// No call has so few bars that there can be no value.
		return law.Causal(s, on.Columns(s.Spec.Inputs), s.Warmup+1, s.Warmup+2, s.Warmup+restBars/2, max(s.Warmup+1, n*7/8), n-2, n-1)
	}},
	{name: "holes", try: func(s law.Subject, on *law.Series) error {
		n := len(on.Close)
		return law.Holes(s, on.Columns(s.Spec.Inputs), 0, 3, 4, 5, n/3, n/2, n-7, n-1)
	}},
	{name: "scale", near: true, claimed: func(r registry.Runner) bool {
		return slices.ContainsFunc(r.Spec().Outputs, func(o ta.Output) bool { return o.Unit != ta.None })
	}, try: func(s law.Subject, on *law.Series) error {
		in := on.Columns(s.Spec.Inputs)
		if err := law.Scale(s, in, 1, 0); err != nil {
			return err
		}
		return law.Scale(s, in, -9, 6)
	}},
	{name: "window", near: true, claimed: func(r registry.Runner) bool { return r.Spec().Memory == ta.Window }, try: windows},
	{name: "chunk-invariance", claimed: func(r registry.Runner) bool { return streamer(r) != nil }, try: func(s law.Subject, on *law.Series) error {
		return law.Stream(s, on.Columns(s.Spec.Inputs))
	}},
}

// Laws tries the rules that a plugin obeys and those that its description
// claims, with its parameters at their defaults and each at its ends, on every
// kind of series. most is how many bars a call may have. Of each rule the first
// break is reported. The error is ctx's.
func Laws(ctx context.Context, r registry.Runner, most int) ([]Law, error) {
	t := trial{runner: r, most: most, series: map[int][]*law.Series{}, laws: []Law{{Name: output, Kept: true, Exact: true}}}
	for _, rule := range rules {
		if rule.claimed == nil || rule.claimed(r) {
			t.rules = append(t.rules, rule)
			t.laws = append(t.laws, Law{Name: rule.name, Kept: true, Exact: true})
		}
	}
	for _, s := range settings(r.Spec()) {
		if err := t.with(ctx, s); err != nil {
			return nil, err
		}
	}
	return t.laws, nil
}

// streamer is r if it takes single bars, else nil.
func streamer(r registry.Runner) registry.Streamer {
	if s, ok := r.(registry.Streamer); ok && s.Streams() {
		return s
	}
	return nil
}

// setting is what the parameters are, and how to say so.
type setting struct {
	words string
	args  ta.Args
}

// settings are the defaults, each number at its ends, and each choice. An end
// that the other parameters do not allow is left out.
func settings(spec *ta.Spec) (all []setting) {
	add := func(words string, given map[string]any) {
		if args, err := spec.Args(given); err == nil {
			all = append(all, setting{words, args})
		}
	}
	add("at default parameters", nil)
	for _, p := range spec.Params {
		for _, name := range p.Choices {
			add(fmt.Sprintf("with %s=%s", p.Name, name), map[string]any{p.Name: name})
		}
		if p.Choices != nil {
			continue
		}
		for _, end := range []float64{p.Min, p.Max} {
			given := ordered(spec, map[string]any{p.Name: end})
			words := "with"
			for _, q := range spec.Params {
				if v, ok := given[q.Name]; ok {
					words += fmt.Sprintf(" %s=%v", q.Name, v)
				}
			}
			add(words, given)
		}
	}
	return all
}

// ordered takes along the parameters that may not be less than one that is
// given, or that one may not be less than: those with a default follow.
func ordered(spec *ta.Spec, given map[string]any) map[string]any {
	value := func(p ta.Param) float64 {
		if v, ok := given[p.Name].(float64); ok {
			return v
		}
		return p.Default
	}
	for range spec.Params { // as one that followed may have others that follow it
		for _, p := range spec.Params {
			i := slices.IndexFunc(spec.Params, func(q ta.Param) bool { return q.Name == p.AtLeast })
			if i < 0 || value(p) >= value(spec.Params[i]) {
				continue
			}
			if _, told := given[p.Name]; told {
				given[p.AtLeast] = value(p)
			} else {
				given[p.Name] = value(spec.Params[i])
			}
		}
	}
	return given
}

// trial is a plugin on its way through the rules.
type trial struct {
	runner registry.Runner
	most   int
	rules  []rule
	laws   []Law                 // output, and one for each of rules
	series map[int][]*law.Series // by length
}

// with tries every rule with the parameters of a setting.
func (t *trial) with(ctx context.Context, set setting) error {
	s := law.Subject{
		Spec: t.runner.Spec(), Warmup: t.runner.Warmup(set.args),
		Run: func(in ta.Columns) (ta.Columns, error) {
			got, err := t.runner.Run(ctx, set.args, in)
			return got.Outputs, err
		},
	}
	if r := streamer(t.runner); r != nil {
		s.Stream = func(in ta.Columns) (ta.Columns, error) {
			got, err := registry.OneByOne(ctx, r, set.args, in)
			return got.Outputs, err
		}
	}
	n := max(leastBars, s.Warmup+restBars)
	if n > t.most {
		t.broken(0, set.words, fmt.Errorf("the first value is promised for bar %d, and a call has %d bars at most", s.Warmup, t.most))
		return nil
	}
	if t.series[n] == nil {
		t.series[n] = law.All(1, n)
	}
	for _, on := range t.series[n] {
		if ctx.Err() != nil {
			break // a run that was not made breaks no law
		}
		where := set.words + " on the series " + on.Name
		if _, err := s.Run(on.Columns(s.Spec.Inputs)); err != nil {
			t.broken(0, where, err)
			continue
		}
		for i, rule := range t.rules {
			if !t.laws[i+1].Kept {
				continue
			}
			s.Near = 0
			err := rule.try(s, on)
			if err != nil && rule.near {
				t.laws[i+1].Exact = false
				s.Near = Near
				err = rule.try(s, on)
			}
			if err != nil {
				t.broken(i+1, where, err)
			}
		}
	}
	return ctx.Err()
}

func (t *trial) broken(i int, where string, err error) {
	if t.laws[i].Kept {
		t.laws[i] = Law{Name: t.laws[i].Name, Broken: where + ": " + err.Error()}
	}
}

// begins: no bar before the warm-up has a value in every output. On a walk,
// where there is something to say at every bar, an output that goes on without
// gaps begins by the warm-up.
func begins(s law.Subject, on *law.Series) error {
	in := on.Columns(s.Spec.Inputs)
	if err := law.Warmup(s, in); err != nil {
		return err
	}
	if on.Name != "walk" {
		return nil
	}
	out, err := s.Run(in)
	if err != nil {
		return err
	}
	for i, col := range out {
		first := slices.IndexFunc(col, func(v float64) bool { return v == v })
		if first > s.Warmup && !slices.ContainsFunc(col[first:], math.IsNaN) {
			return fmt.Errorf("output %s has its first value at bar %d, and the warm-up is %d", s.Spec.Outputs[i].Name, first, s.Warmup)
		}
	}
	return nil
}

// windows: the last Warmup+1 bars alone decide a value, where so many are whole.
func windows(s law.Subject, on *law.Series) error {
	in := on.Columns(s.Spec.Inputs)
	n := 0
	for bar := range in[0] {
		if !slices.ContainsFunc(in, func(col []float64) bool { return math.IsNaN(col[bar]) }) {
			n++
		}
	}
	if n <= s.Warmup {
		return nil
	}
	return law.Window(s, in, s.Warmup, s.Warmup+1, s.Warmup+restBars/2, n*4/5, n-1)
}
