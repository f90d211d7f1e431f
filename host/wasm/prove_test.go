package wasm

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// periodIs is code for whether the parameter of the default Guest, from 1 to 100,
// has a value.
func periodIs(v float64) []byte {
	return wt.Code(wt.Get(wt.Params), []byte{0x2b, 3, 0}, wt.Float(v), []byte{0x61}) // f64.load f64.eq
}

// TestProve: what a module does only at the end of a parameter, or in a market that
// it did not expect, is found at its upload; what could not be tried is said, and is
// not held against it.
func TestProve(t *testing.T) {
	last := wt.Code(wt.Get(wt.Bar), []byte{0x45}) // i32.eqz
	ahead := wt.Unless(last, wt.Close(1), wt.Float(math.NaN()))
	const i32And, f64Gt, f64Mul = 0x71, 0x64, 0xa2
	jumped := wt.Code(wt.Get(wt.Bar), wt.Int(0), []byte{0x4a}, wt.Close(0), wt.Close(-1), wt.Float(1.2), []byte{f64Mul, f64Gt, i32And})
	count := wt.Code(wt.Int(3_500), wt.Set(wt.I32), []byte{0x03, 0x40}, wt.Get(wt.I32), wt.Int(1), []byte{0x6b, 0x22, wt.I32, 0x0d, 0, 0x0b})
	modes := strings.Replace(wt.Describe("modes", "1.0.0"), `"params":[`, `"params":[{"name":"mode","default":"a","choices":["a","b"]},`, 1)
	for name, c := range map[string]struct {
		guest      wt.Guest
		gate, says string // of the rejection
		untried    []string
	}{
		"good":                           {guest: wt.Guest{}},
		"looks ahead at the highest":     {wt.Guest{Run: wt.EachBar(wt.Unless(periodIs(100), wt.Mean(), ahead))}, checkCausality, "period=100: output mean at bar", nil},
		"traps at the lowest":            {wt.Guest{Run: wt.Code(wt.If(periodIs(1), wt.Trap()), wt.EachBar(wt.Mean()))}, "trap", "period=1: ", nil},
		"traps with a choice":            {wt.Guest{Description: modes, Run: wt.Code(wt.If(periodIs(1), wt.Trap()), wt.EachBar(wt.Mean()))}, "trap", "mode=b: ", nil},
		"traps where a price jumps":      {wt.Guest{Run: wt.EachBar(wt.Code(wt.If(jumped, wt.Trap()), wt.Mean()))}, "trap", "in a market of large steps: ", nil},
		"refuses the lowest by a code":   {wt.Guest{Run: wt.Code(wt.If(periodIs(1), wt.Code(wt.Int(7), []byte{0x0f})), wt.EachBar(wt.Mean()))}, "", "", []string{"period=1: it returned 7"}},
		"has no value at the highest":    {wt.Guest{Run: wt.EachBar(wt.Unless(periodIs(100), wt.Mean(), wt.Float(math.NaN())))}, "", "", nil},
		"takes long at the lowest":       {wt.Guest{Run: wt.Code(wt.If(periodIs(1), wt.Loop()), wt.EachBar(wt.Mean()))}, "", "", []string{"period=1: for want of gas"}},
		"leaves no gas for what follows": {wt.Guest{Run: wt.EachBar(wt.Code(count, wt.Mean()))}, "", "", []string{"period=100: for want of gas"}},
	} {
		t.Run(name, func(t *testing.T) {
			if c.guest.Name = "good"; c.guest.Description != "" {
				c.guest.Name = "modes"
			}
			m := load(t, newSandbox(t, Config{}), c.guest.Build())
			err := m.Prove(t.Context())
			var r *Rejected
			if c.gate != "" {
				if !errors.As(err, &r) || r.Gate != c.gate || !strings.HasPrefix(r.Detail, c.says) {
					t.Errorf("%v; want the check %q and %q", err, c.gate, c.says)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := m.Report(); !slices.Equal(got.Untried, c.untried) || !slices.Contains(got.Checks, checkWild) || slices.Contains(got.Checks, checkEnds) != (len(c.untried) < 2) {
				t.Errorf("the report has %q, and %q untried; want %q", got.Checks, got.Untried, c.untried)
			}
			wantMean(t, m, trialBars)
		})
	}
}

// TestEnds: a parameter that may not be less than another is moved with it.
func TestEnds(t *testing.T) {
	two := strings.Replace(wt.Describe("ends", "1.0.0"), `"params":[`, `"params":[{"name":"fast","default":5,"min":1,"max":50,"integer":true},{"name":"slow","default":9,"min":2,"max":90,"integer":true,"at_least":"fast"},`, 1)
	m := load(t, newSandbox(t, Config{}), wt.Guest{Name: "ends", Description: two}.Build())
	var got []string
	for _, e := range m.ends() {
		got = append(got, e.name)
		if v := e.args.Values(); v[1] < v[0] {
			t.Errorf("%s: %v", e.name, v)
		}
	}
	if want := []string{"fast=1", "fast=50", "slow=5", "slow=90", "period=1", "period=100"}; !slices.Equal(got, want) {
		t.Errorf("the ends are %q, want %q", got, want)
	}
}
