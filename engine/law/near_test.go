package law_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// TestNear: a subject with leave to round keeps the laws of arithmetic to that
// share of the largest value and no further, and a value is never near none.
func TestNear(t *testing.T) {
	in := law.Walk(1, 300).Columns([]ta.Input{ta.Close})
	// mean is the mean of two bars, with something of the first bar in it, which
	// by the window law must not be there.
	mean := func(first func(x float64) float64) law.Subject {
		spec := ta.Spec{Name: "mean", Inputs: []ta.Input{ta.Close}, Outputs: []ta.Output{{Name: "mean", Unit: ta.Price}}, Memory: ta.Window}
		return law.Subject{Spec: &spec, Warmup: 1, Run: func(in ta.Columns) (ta.Columns, error) {
			out := []float64{math.NaN()}
			for i := 1; i < len(in[0]); i++ {
				out = append(out, (in[0][i]+in[0][i-1])/2+first(in[0][0]))
			}
			return ta.Columns{out}, nil
		}}
	}
	for name, c := range map[string]struct {
		first     func(float64) float64
		near      float64
		kept      bool
		brokenBar int
	}{
		"nothing of it":       {func(float64) float64 { return 0 }, 0, true, 0},
		"a rounding, exactly": {func(x float64) float64 { return x * 1e-13 }, 0, false, 7},
		"a rounding, near":    {func(x float64) float64 { return x * 1e-13 }, 1e-9, true, 0},
		"more than that":      {func(x float64) float64 { return x * 1e-6 }, 1e-9, false, 7},
		"a value for none": {func(x float64) float64 {
			if x == in[0][0] {
				return math.NaN()
			}
			return 0
		}, 1e-9, false, 7},
	} {
		s := mean(c.first)
		s.Near = c.near
		err := law.Window(s, in, 7, 100, 299)
		var broken *law.Broken
		if kept := err == nil; kept != c.kept || !kept && (!errors.As(err, &broken) || broken.Bar != c.brokenBar) {
			t.Errorf("%s: %v, want kept %v at bar %d", name, err, c.kept, c.brokenBar)
		}
	}
}

// TestFirstBroken: of several outputs that differ, the bar is the first at which
// any does, and each law that compares says so.
func TestFirstBroken(t *testing.T) {
	s := law.Subject{Spec: &ta.Spec{Outputs: []ta.Output{{Name: "late"}, {Name: "early"}}}}
	values := func(late, early float64) func(ta.Columns) (ta.Columns, error) {
		return func(in ta.Columns) (ta.Columns, error) {
			return ta.Columns{{1, 2, 3, late}, {1, early, 3, 4}}, nil
		}
	}
	s.Run = values(4, 2)
	in := ta.Columns{{1, 2, 3, 4}}
	for name, c := range map[string]struct {
		late, early float64
		bar         int
		output      string
	}{
		"both":    {9, 9, 1, "early"},
		"the one": {9, 2, 3, "late"},
		"a NaN":   {math.NaN(), 2, 3, "late"},
		"none":    {4, 2, -1, ""},
	} {
		s.Stream = values(c.late, c.early)
		err := law.Stream(s, in)
		var b *law.Broken
		if errors.As(err, &b) != (c.bar >= 0) || b != nil && (b.Bar != c.bar || b.Output != c.output) {
			t.Errorf("%s: %v, want %s at bar %d", name, err, c.output, c.bar)
		}
	}
	s.Stream = func(ta.Columns) (ta.Columns, error) { return ta.Columns{{1, 2, 3}, {1, 2, 3, 4}}, nil }
	if err := law.Stream(s, in); err == nil || !strings.Contains(err.Error(), "late has 3 bars of 4") {
		t.Errorf("a short answer: %v", err)
	}
}
