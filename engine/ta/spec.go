package ta

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Limits of a Spec, which sdk/ABI.md promises to authors of plugins.
const (
	MaxName    = 64 // bytes of any name
	MaxInputs  = 8
	MaxParams  = 32
	MaxOutputs = 16
	MaxChoices = 64 // of one parameter
)

// ErrSpec is what every SpecError is.
var ErrSpec = errors.New("invalid spec")

// SpecError says which field of a Spec is not what it may be.
type SpecError struct {
	Field   string // as in JSON: params[1].min
	Message string
}

func (e *SpecError) Error() string { return e.Field + ": " + e.Message }
func (e *SpecError) Unwrap() error { return ErrSpec }

func specError(field, format string, args ...any) error {
	return &SpecError{field, fmt.Sprintf(format, args...)}
}

// Validate says whether s is a Spec that the platform can work with: every
// name, count, range and word is one of those allowed. The error is a
// *SpecError for the first field that is not.
func (s *Spec) Validate() error {
	if err := checkName("name", s.Name); err != nil {
		return err
	}
	if s.Title == "" {
		return specError("title", "it is empty")
	}
	if !slices.Contains(Groups, s.Group) {
		return specError("group", "%q is none of %s", s.Group, list(Groups))
	}
	if !slices.Contains(Memories, s.Memory) {
		return specError("memory", "%q is none of %s", s.Memory, list(Memories))
	}
	if err := checkCount("inputs", len(s.Inputs), 1, MaxInputs); err != nil {
		return err
	}
	for i, in := range s.Inputs {
		field := fmt.Sprintf("inputs[%d]", i)
		if !slices.Contains(Inputs, in) {
			return specError(field, "%q is none of %s", in, list(Inputs))
		}
		if slices.Contains(s.Inputs[:i], in) {
			return specError(field, "%q is there twice", in)
		}
	}
	if err := checkCount("params", len(s.Params), 0, MaxParams); err != nil {
		return err
	}
	for i := range s.Params {
		if err := s.Params[i].validate(fmt.Sprintf("params[%d]", i)); err != nil {
			return err
		}
		for _, before := range s.Params[:i] {
			if before.Name == s.Params[i].Name {
				return specError(fmt.Sprintf("params[%d].name", i), "%q is there twice", before.Name)
			}
		}
		if err := s.Params[i].validateAtLeast(fmt.Sprintf("params[%d].at_least", i), s.Params[:i]); err != nil {
			return err
		}
	}
	if err := checkCount("outputs", len(s.Outputs), 1, MaxOutputs); err != nil {
		return err
	}
	for i, out := range s.Outputs {
		field := fmt.Sprintf("outputs[%d]", i)
		if err := checkName(field+".name", out.Name); err != nil {
			return err
		}
		if !slices.Contains(Units, out.Unit) {
			return specError(field+".unit", "%q is none of %s", out.Unit, list(Units))
		}
		for _, before := range s.Outputs[:i] {
			if before.Name == out.Name {
				return specError(field+".name", "%q is there twice", out.Name)
			}
		}
	}
	return nil
}

func (p *Param) validate(field string) error {
	if err := checkName(field+".name", p.Name); err != nil {
		return err
	}
	if p.Choices != nil {
		return p.validateChoices(field)
	}
	for _, v := range []struct {
		name  string
		value float64
	}{{".min", p.Min}, {".max", p.Max}, {".default", p.Default}} {
		switch {
		case math.IsNaN(v.value) || math.IsInf(v.value, 0):
			return specError(field+v.name, "%v is not finite", v.value)
		case p.Integer && v.value != math.Trunc(v.value):
			return specError(field+v.name, "%v is not a whole number", v.value)
		case p.Integer && math.Abs(v.value) > maxWhole:
			return specError(field+v.name, "%v is beyond ±2^53, where whole numbers end to be exact", v.value)
		}
	}
	switch {
	case p.Min > p.Max:
		return specError(field+".min", "%v is more than max, %v", p.Min, p.Max)
	case !(p.Min <= p.Default && p.Default <= p.Max):
		return specError(field+".default", "%v is not from %v to %v", p.Default, p.Min, p.Max)
	}
	return nil
}

// validateAtLeast looks for the parameter that p may not be less than among those
// before it. The defaults must obey too: they are what a caller starts from.
func (p *Param) validateAtLeast(field string, before []Param) error {
	if p.AtLeast == "" {
		return nil
	}
	i := slices.IndexFunc(before, func(b Param) bool { return b.Name == p.AtLeast })
	switch {
	case p.Choices != nil:
		return specError(field, "%s has choices, and is not a number", p.Name)
	case i < 0:
		return specError(field, "%q is no parameter before %s", p.AtLeast, p.Name)
	case before[i].Choices != nil:
		return specError(field, "%s has choices, and is not a number", p.AtLeast)
	case p.Default < before[i].Default:
		return specError(field, "the default of %s, %v, is less than that of %s, %v", p.Name, p.Default, p.AtLeast, before[i].Default)
	}
	return nil
}

// maxWhole is the last whole number up to which a float64 holds every one.
const maxWhole = 1 << 53

func (p *Param) validateChoices(field string) error {
	if err := checkCount(field+".choices", len(p.Choices), 1, MaxChoices); err != nil {
		return err
	}
	for i, c := range p.Choices {
		at := fmt.Sprintf("%s.choices[%d]", field, i)
		if c == "" || len(c) > MaxName {
			return specError(at, "a choice has 1 to %d bytes, this has %d", MaxName, len(c))
		}
		if slices.Contains(p.Choices[:i], c) {
			return specError(at, "%q is there twice", c)
		}
	}
	if i := int(p.Default); float64(i) != p.Default || i < 0 || i >= len(p.Choices) {
		return specError(field+".default", "it is none of %s", strings.Join(p.Choices, ", "))
	}
	return nil
}

func checkCount(field string, n, least, most int) error {
	if n < least || n > most {
		return specError(field, "there are %d, and there may be %d to %d", n, least, most)
	}
	return nil
}

// checkName accepts [a-z][a-z0-9_]*, as in URLs and JSON, up to MaxName bytes.
func checkName(field, name string) error {
	if name == "" || len(name) > MaxName {
		return specError(field, "a name has 1 to %d bytes, this has %d", MaxName, len(name))
	}
	for i := range len(name) {
		if c := name[i]; !letter(c) && (i == 0 || !digit(c) && c != '_') {
			return specError(field, "%q is not a name: a to z, then also 0 to 9 and _", name)
		}
	}
	return nil
}

// list joins words for a message.
func list[T ~string](words []T) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = string(w)
	}
	return strings.Join(all, ", ")
}
