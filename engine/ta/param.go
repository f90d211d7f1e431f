package ta

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// MaxPeriod bounds every window, as TA-Lib does, and with it the memory that a
// kernel can be asked for.
const MaxPeriod = 100_000

// Param is a number, or one of several named choices, that a caller may set.
// The value of a choice is its index.
type Param struct {
	Name    string
	Default float64
	Min     float64
	Max     float64
	AtLeast string // a number declared before, which this one may not be less than; "" for none
	Integer bool
	Choices []string
	Doc     string
}

// Bars is an integer parameter that counts bars, from lowest to MaxPeriod.
func Bars(name string, def, lowest int, doc string) Param {
	return Param{Name: name, Default: float64(def), Min: float64(lowest), Max: MaxPeriod, Integer: true, Doc: doc}
}

// Number is a real parameter between lowest and highest.
func Number(name string, def, lowest, highest float64, doc string) Param {
	return Param{Name: name, Default: def, Min: lowest, Max: highest, Doc: doc}
}

// Choice is a parameter that takes one of choices by name; def is an index.
func Choice(name string, def int, choices []string, doc string) Param {
	return Param{
		Name: name, Default: float64(def), Max: float64(len(choices) - 1),
		Integer: true, Choices: choices, Doc: doc,
	}
}

type paramJSON struct {
	Name    string   `json:"name"`
	Default any      `json:"default"`
	Min     *float64 `json:"min,omitempty"`
	Max     *float64 `json:"max,omitempty"`
	AtLeast string   `json:"at_least,omitempty"`
	Integer bool     `json:"integer,omitempty"`
	Choices []string `json:"choices,omitempty"`
	Doc     string   `json:"doc,omitempty"`
}

// MarshalJSON writes a choice by its names and a number by its range.
func (p Param) MarshalJSON() ([]byte, error) {
	j := paramJSON{Name: p.Name, Default: p.value(p.Default), AtLeast: p.AtLeast, Choices: p.Choices, Doc: p.Doc}
	if p.Choices == nil {
		j.Min, j.Max, j.Integer = &p.Min, &p.Max, p.Integer
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON writes; a default may also be the index
// of a choice. A field that it does not know is an error.
func (p *Param) UnmarshalJSON(b []byte) error {
	var j paramJSON
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&j); err != nil {
		return err
	}
	if j.Choices != nil {
		if j.Min != nil || j.Max != nil || j.AtLeast != "" {
			return fmt.Errorf("parameter %q has choices, so it has no min, max and at_least", j.Name)
		}
		*p = Choice(j.Name, 0, j.Choices, j.Doc)
	} else {
		if j.Min == nil || j.Max == nil {
			return fmt.Errorf("parameter %q needs min and max, or choices", j.Name)
		}
		*p = Param{Name: j.Name, Min: *j.Min, Max: *j.Max, AtLeast: j.AtLeast, Integer: j.Integer, Doc: j.Doc}
	}
	v, err := p.parse(j.Default)
	if err != nil {
		return fmt.Errorf("default of %w", err)
	}
	p.Default = v
	return nil
}

// value is v as the API shows it: a choice by name.
func (p Param) value(v float64) any {
	if i := int(v); p.Choices != nil && 0 <= i && i < len(p.Choices) {
		return p.Choices[i]
	}
	return v
}

// Allowed says in words what p takes.
func (p Param) Allowed() string {
	atLeast := ""
	if p.AtLeast != "" {
		atLeast = " and at least " + p.AtLeast
	}
	switch {
	case p.Choices != nil:
		return "one of " + strings.Join(p.Choices, ", ")
	case p.Integer:
		return fmt.Sprintf("a whole number from %.0f to %.0f%s", p.Min, p.Max, atLeast)
	}
	return fmt.Sprintf("a number from %v to %v%s", p.Min, p.Max, atLeast)
}

func (p Param) parse(given any) (float64, error) {
	fail := func(code string) (float64, error) {
		return 0, &ParamError{Param: p.Name, Code: code, Message: fmt.Sprintf("%s must be %s", p.Name, p.Allowed())}
	}
	var v float64
	switch g := given.(type) {
	case float64:
		v = g
	case int:
		v = float64(g)
	case string:
		i := slices.Index(p.Choices, g)
		if i < 0 {
			if p.Choices == nil {
				return fail("wrong-type")
			}
			return fail("out-of-range")
		}
		return float64(i), nil
	default:
		return fail("wrong-type")
	}
	switch {
	case p.Choices != nil && v != math.Trunc(v):
		return fail("wrong-type")
	case p.Integer && v != math.Trunc(v):
		return fail("not-an-integer")
	case !(p.Min <= v && v <= p.Max):
		return fail("out-of-range")
	}
	return v, nil
}

// ErrParam is what every ParamError is.
var ErrParam = errors.New("invalid parameter")

// ParamError says which parameter is wrong and what it takes.
type ParamError struct {
	Param   string
	Code    string // unknown-parameter, wrong-type, not-an-integer or out-of-range
	Message string
}

func (e *ParamError) Error() string { return e.Message }
func (e *ParamError) Unwrap() error { return ErrParam }

// Args has a value for every Param of a Spec.
type Args struct {
	params []Param
	values []float64
}

// Args completes the given parameters with defaults and checks each of them.
// Numbers are float64 or int, choices their name or index. The error is a
// *ParamError.
func (s *Spec) Args(given map[string]any) (Args, error) {
	a := Args{s.Params, make([]float64, len(s.Params))}
	known := 0
	for i, p := range s.Params {
		a.values[i] = p.Default
		if g, ok := given[p.Name]; ok {
			known++
			v, err := p.parse(g)
			if err != nil {
				return Args{}, err
			}
			a.values[i] = v
		}
	}
	if known == len(given) {
		return a, a.ordered()
	}
	names := make([]string, len(s.Params))
	for i, p := range s.Params {
		names[i] = p.Name
	}
	var unknown []string
	for name := range given {
		if !slices.Contains(names, name) {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	takes := "no parameters"
	if len(names) > 0 {
		takes = strings.Join(names, ", ")
	}
	return Args{}, &ParamError{
		Param: unknown[0], Code: "unknown-parameter",
		Message: fmt.Sprintf("%s has no parameter %q; it takes %s", s.Name, unknown[0], takes),
	}
}

// ordered says whether each value is at least that of the parameter it may not be
// less than. The error names the one of the two that comes later.
func (a Args) ordered() error {
	for i, p := range a.params {
		if p.AtLeast == "" {
			continue
		}
		if least := a.Float(p.AtLeast); a.values[i] < least {
			return &ParamError{
				Param: p.Name, Code: "out-of-range",
				Message: fmt.Sprintf("%s is %v and must be at least %s, which is %v", p.Name, a.values[i], p.AtLeast, least),
			}
		}
	}
	return nil
}

func (a Args) index(name string) int {
	for i := range a.params {
		if a.params[i].Name == name {
			return i
		}
	}
	panic("ta: no parameter " + name + " is declared")
}

// Float is the value of a declared parameter.
func (a Args) Float(name string) float64 { return a.values[a.index(name)] }

// Int is the value of a declared integer parameter.
func (a Args) Int(name string) int { return int(a.Float(name)) }

// Choice is the name chosen for a declared choice.
func (a Args) Choice(name string) string {
	i := a.index(name)
	return a.params[i].Choices[int(a.values[i])]
}

// Values are all values in the Spec's order, choices by index. The slice is
// shared: do not write to it.
func (a Args) Values() []float64 { return a.values }

// MarshalJSON writes {"name": value, ...} in the Spec's order, choices by name.
func (a Args) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, p := range a.params {
		if i > 0 {
			b = append(b, ',')
		}
		k, _ := json.Marshal(p.Name)
		v, err := json.Marshal(p.value(a.values[i]))
		if err != nil {
			return nil, err
		}
		b = append(append(append(b, k...), ':'), v...)
	}
	return append(b, '}'), nil
}
