package tck

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
)

// Result is what became of a case.
type Result struct {
	Name    string      `json:"case"`
	Bars    int         `json:"bars"`
	Gas     uint64      `json:"gas"`
	ULP     uint64      `json:"largest_ulp"`       // the largest difference of two values, in floats between them
	Share   float64     `json:"largest_share"`     // and as a share of the largest wanted of the output
	Differs *Difference `json:"differs,omitempty"` // the first that is too large
	Failed  string      `json:"failed,omitempty"`  // why there was no answer
}

// Passed says whether the answer is the one that was wanted.
func (r *Result) Passed() bool { return r.Differs == nil && r.Failed == "" }

func (r *Result) String() string {
	switch {
	case r.Failed != "":
		return r.Name + ": " + r.Failed
	case r.Differs != nil:
		return r.Name + ": " + r.Differs.String()
	}
	return r.Name
}

// Difference is the first bar of a case that is not as wanted.
type Difference struct {
	Output string `json:"output"`
	Bar    int    `json:"bar"`
	Got    value  `json:"got"`
	Want   value  `json:"want"`
	ULP    uint64 `json:"ulp,omitempty"` // between the two; absent where one is no value
}

func (d *Difference) String() string {
	s := fmt.Sprintf("output %s at bar %d is %v, want %v", d.Output, d.Bar, d.Got, d.Want)
	if d.ULP > 0 {
		s += fmt.Sprintf(" (%d ulp away)", d.ULP)
	}
	return s
}

// value is written as null where it is NaN.
type value float64

func (v value) MarshalJSON() ([]byte, error) {
	if v != v {
		return []byte("null"), nil
	}
	return json.Marshal(float64(v))
}

// Run gives each case to the plugin. The error is ErrCases if they are not for
// this plugin, or ctx's.
func (c *Cases) Run(ctx context.Context, r registry.Runner) ([]Result, error) {
	calls, err := c.calls(r.Spec())
	if err != nil {
		return nil, err
	}
	results := make([]Result, len(calls))
	for i, k := range calls {
		results[i] = Result{Name: k.label, Bars: len(k.in[0])}
		got, err := r.Run(ctx, k.args, k.in)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			results[i].Failed = err.Error()
			continue
		}
		results[i].Gas = got.Gas
		results[i].compare(r.Spec(), &k, got.Outputs)
	}
	return results, nil
}

// compare finds the first bar that differs; of two outputs at one bar, that
// which the Spec has first.
func (r *Result) compare(spec *ta.Spec, k *call, got ta.Columns) {
	for i, o := range spec.Outputs {
		most := largest(k.Outputs[o.Name])
		for bar, want := range k.Outputs[o.Name] {
			g := got[i][bar]
			if g != g && want != want || math.Float64bits(g) == math.Float64bits(want) {
				continue
			}
			ulp := uint64(0)
			if g == g && want == want {
				ulp = apart(g, want)
				r.ULP = max(r.ULP, ulp)
				if most > 0 {
					r.Share = max(r.Share, math.Abs(g-want)/most)
				}
				if k.ULP > 0 && ulp <= k.ULP || k.Near > 0 && math.Abs(g-want) <= k.Near*most {
					continue
				}
			}
			if r.Differs == nil || bar < r.Differs.Bar {
				r.Differs = &Difference{o.Name, bar, value(g), value(want), ulp}
			}
		}
	}
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

// apart is how many steps from one float to the next lie between a and b, 0
// from 0 to -0. Neither is NaN.
func apart(a, b float64) uint64 {
	x, y := place(a), place(b)
	if x < y {
		x, y = y, x
	}
	return uint64(x) - uint64(y) // of two's complements: right beyond the range of int64, too
}

// place counts floats from 0, those below it downwards.
func place(v float64) int64 {
	bits := int64(math.Float64bits(v) &^ (1 << 63))
	if math.Signbit(v) {
		return -bits
	}
	return bits
}
