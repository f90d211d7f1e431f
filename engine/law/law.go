// Package law has what every indicator obeys, as functions that return an error
// naming the first bar that breaks the law. Tests try the engine's indicators
// with it, and the platform tries every plugin before it is activated.
package law

import (
	"fmt"
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Near is the difference, as a share of an output's largest value, up to which
// a law of arithmetic is kept: a sum that begins elsewhere rounds elsewhere.
const Near = 1e-9

// Subject is an indicator with chosen arguments, on trial.
type Subject struct {
	Spec   *ta.Spec
	Warmup int // index of the first bar that can have a value in every output

	// Run computes the whole of in. It may fail: a plugin is a stranger.
	Run func(in ta.Columns) (ta.Columns, error)

	// Stream is Run, but the bars come one by one. It is nil where they cannot,
	// and then the law Stream cannot be tried.
	Stream func(in ta.Columns) (ta.Columns, error)

	// New makes a kernel that has seen nothing. It is nil where there is none,
	// and then the laws of kernels, Chunks and State, cannot be tried.
	New func() ta.Kernel

	// Near is how far apart two values may lie that ought to be the same, as a
	// share of the largest that is wanted of their output; 0 wants the same
	// bits. A stranger's arithmetic may round where the engine's does not.
	Near float64
}

// Native makes a Subject of an indicator of the engine.
func Native(ind *ta.Indicator, a ta.Args) Subject {
	return Subject{
		Spec:   &ind.Spec,
		Warmup: ind.Warmup(a),
		Run:    func(in ta.Columns) (ta.Columns, error) { return ind.Run(a, in), nil },
		New:    func() ta.Kernel { return ind.New(a) },
	}
}

// run is Run with a panic turned into an error and the shape of the result
// checked.
func (s Subject) run(in ta.Columns) (ta.Columns, error) { return s.checked(s.Run, in) }

func (s Subject) checked(run func(ta.Columns) (ta.Columns, error), in ta.Columns) (out ta.Columns, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("panic: %v", fault)
		}
	}()
	if out, err = run(in); err != nil {
		return nil, err
	}
	if len(out) != len(s.Spec.Outputs) {
		return nil, fmt.Errorf("%d outputs, the description has %d", len(out), len(s.Spec.Outputs))
	}
	for i, col := range out {
		if len(col) != len(in[0]) {
			return nil, fmt.Errorf("output %s has %d bars of %d", s.Spec.Outputs[i].Name, len(col), len(in[0]))
		}
	}
	return out, nil
}

// chunked feeds the kernel the bars between the cuts, which rise.
func (s Subject) chunked(k ta.Kernel, in ta.Columns, cuts ...int) ta.Columns {
	n := len(in[0])
	out := s.empty(n)
	from := 0
	for _, to := range append(cuts[:len(cuts):len(cuts)], n) {
		if from < to {
			k.Next(part(in, from, to), part(out, from, to))
			from = to
		}
	}
	return out
}

// ticked feeds the kernel the bars between the cuts, which rise: those up to the
// first one by one, those up to the second together, and so on in turns.
func (s Subject) ticked(k *ta.Ticking, in ta.Columns, cuts ...int) ta.Columns {
	n := len(in[0])
	out := s.empty(n)
	from, single := 0, true
	for _, to := range append(cuts[:len(cuts):len(cuts)], n) {
		switch {
		case from >= to:
			continue
		case single:
			for bar := from; bar < to; bar++ {
				tick(k, in, out, bar)
			}
		default:
			k.Next(part(in, from, to), part(out, from, to))
		}
		from, single = to, !single
	}
	return out
}

// tick feeds the kernel a bar.
func tick(k *ta.Ticking, in, out ta.Columns, bar int) {
	var values [4]float64
	for i, col := range in {
		values[i] = col[bar]
	}
	var results [3]float64
	results[0], results[1], results[2] = k.Tick(values[0], values[1], values[2], values[3])
	for i, col := range out {
		col[bar] = results[i]
	}
}

func (s Subject) empty(n int) ta.Columns {
	out := make(ta.Columns, len(s.Spec.Outputs))
	for i := range out {
		out[i] = make([]float64, n)
	}
	return out
}

// part is the bars from, inclusive, to, exclusive.
func part(c ta.Columns, from, to int) ta.Columns {
	p := make(ta.Columns, len(c))
	for i := range c {
		p[i] = c[i][from:to:to]
	}
	return p
}

// equal says at which bar got first differs from want: in any bit, or where the
// subject has leave to be near by more than that. Every NaN is like any other.
func (s Subject) equal(got, want ta.Columns) error {
	var first *Broken
	for i := range want {
		far := s.Near * largest(want[i])
		for bar, w := range want[i] {
			if first != nil && bar >= first.Bar {
				break
			}
			g := got[i][bar]
			if math.Float64bits(g) == math.Float64bits(w) || g != g && w != w {
				continue
			}
			if s.Near == 0 || !(math.Abs(g-w) <= far) {
				first = &Broken{Bar: bar, Output: s.Spec.Outputs[i].Name, Got: g, Want: w}
			}
		}
	}
	if first == nil {
		return nil
	}
	return first
}

// largest is how far from 0 the values of x go.
func largest(x []float64) (most float64) {
	for _, v := range x {
		if v == v {
			most = max(most, math.Abs(v))
		}
	}
	return most
}

// Broken is the first bar at which a law does not hold.
type Broken struct {
	Bar       int
	Output    string
	Got, Want float64
}

func (b *Broken) Error() string {
	return fmt.Sprintf("%s of bar %d is %v, want %v", b.Output, b.Bar, b.Got, b.Want)
}
