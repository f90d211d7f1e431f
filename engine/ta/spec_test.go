package ta

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
)

func sound() *Spec {
	return &Spec{
		Name: "smooth_rsi", Title: "Smoothed RSI", Group: GroupMomentum, Memory: Fading,
		Inputs: []Input{Close, Real1},
		Params: []Param{
			Bars("period", 14, 2, ""), Number("factor", 0.5, 0, 1, ""), Choice("kind", 1, []string{"sma", "ema"}, ""),
		},
		Outputs: []Output{{Name: "a", Unit: Percent}, {Name: "b", Unit: None}},
	}
}

func TestSpecValidate(t *testing.T) {
	if err := sound().Validate(); err != nil {
		t.Fatal(err)
	}
	many := func(n int, name func(i int) string) (all []string) {
		for i := range n {
			all = append(all, name(i))
		}
		return all
	}
	letters := func(i int) string { return strings.Repeat("a", i+1) }
	for _, c := range []struct {
		field string
		spoil func(*Spec)
	}{
		{"name", func(s *Spec) { s.Name = "" }},
		{"name", func(s *Spec) { s.Name = "Rsi" }},
		{"name", func(s *Spec) { s.Name = "1rsi" }},
		{"name", func(s *Spec) { s.Name = "_rsi" }},
		{"name", func(s *Spec) { s.Name = "rsi-2" }},
		{"name", func(s *Spec) { s.Name = "../rsi" }},
		{"name", func(s *Spec) { s.Name = strings.Repeat("a", 65) }},
		{"title", func(s *Spec) { s.Title = "" }},
		{"group", func(s *Spec) { s.Group = "magic" }},
		{"memory", func(s *Spec) { s.Memory = "" }},
		{"inputs", func(s *Spec) { s.Inputs = nil }},
		{"inputs", func(s *Spec) { s.Inputs = Inputs }}, // all ten
		{"inputs[1]", func(s *Spec) { s.Inputs[1] = "vwap" }},
		{"inputs[1]", func(s *Spec) { s.Inputs[1] = Close }},
		{"params", func(s *Spec) {
			for _, n := range many(33, letters) {
				s.Params = append(s.Params, Bars(n, 1, 1, ""))
			}
		}},
		{"params[0].name", func(s *Spec) { s.Params[0].Name = "a b" }},
		{"params[1].name", func(s *Spec) { s.Params[1].Name = "period" }},
		{"params[1].min", func(s *Spec) { s.Params[1].Min = math.Inf(-1) }},
		{"params[1].max", func(s *Spec) { s.Params[1].Max = math.NaN() }},
		{"params[1].min", func(s *Spec) { s.Params[1].Min = 2 }},
		{"params[1].default", func(s *Spec) { s.Params[1].Default = 1.5 }},
		{"params[0].default", func(s *Spec) { s.Params[0].Default = 14.5 }},
		{"params[0].max", func(s *Spec) { s.Params[0].Max = 1e16 }},
		{"params[2].choices", func(s *Spec) { s.Params[2].Choices = []string{} }},
		{"params[2].choices", func(s *Spec) { s.Params[2].Choices = many(65, letters) }},
		{"params[2].choices[1]", func(s *Spec) { s.Params[2].Choices = []string{"sma", "sma"} }},
		{"params[2].choices[0]", func(s *Spec) { s.Params[2].Choices = []string{"", "sma"} }},
		{"params[2].default", func(s *Spec) { s.Params[2].Default = 2 }},
		{"params[0].at_least", func(s *Spec) { s.Params[0].AtLeast = "factor" }}, // which comes after it
		{"params[0].at_least", func(s *Spec) { s.Params[0].AtLeast = "period" }},
		{"params[1].at_least", func(s *Spec) { s.Params[1].AtLeast = "window" }},
		{"params[1].at_least", func(s *Spec) { s.Params[1].AtLeast = "period" }}, // 0.5 is less than 14
		{"params[2].at_least", func(s *Spec) { s.Params[2].AtLeast = "period" }},
		{"params[3].at_least", func(s *Spec) {
			s.Params = append(s.Params, Param{Name: "long", Default: 20, Max: 30, AtLeast: "kind"})
		}},
		{"outputs", func(s *Spec) { s.Outputs = nil }},
		{"outputs", func(s *Spec) {
			s.Outputs = nil
			for _, n := range many(17, letters) {
				s.Outputs = append(s.Outputs, Output{Name: n, Unit: Price})
			}
		}},
		{"outputs[0].name", func(s *Spec) { s.Outputs[0].Name = "" }},
		{"outputs[1].name", func(s *Spec) { s.Outputs[1].Name = "a" }},
		{"outputs[1].unit", func(s *Spec) { s.Outputs[1].Unit = "dollars" }},
	} {
		s := sound()
		c.spoil(s)
		err := s.Validate()
		var wrong *SpecError
		if !errors.As(err, &wrong) || !errors.Is(err, ErrSpec) || wrong.Field != c.field {
			t.Errorf("error %v, want one for %s", err, c.field)
		}
	}
}

func TestParamJSONIsStrict(t *testing.T) {
	for _, bad := range []string{
		`{"name": "a", "default": 1, "min": 0, "maximum": 2}`,
		`{"name": "a", "default": 1, "min": 0}`,
		`{"name": "a", "min": 0, "max": 2}`,
		`{"name": "a", "default": "x", "choices": ["x"], "min": 0, "max": 1}`,
		`{"name": "a", "default": "x", "choices": ["x"], "at_least": "b"}`,
		`{"name": "a", "default": "y", "choices": ["x"]}`,
		`{"name": "a", "default": "x", "choices": []}`,
	} {
		var p Param
		if err := json.Unmarshal([]byte(bad), &p); err == nil {
			t.Errorf("%s is read as %+v", bad, p)
		}
	}
}

// A parameter that may not be less than another one is refused when it is, with
// both in the message, whichever of the two was given; and it is read back from
// what is written of it.
func TestAtLeast(t *testing.T) {
	s := sound()
	long := Bars("long", 20, 1, "")
	long.AtLeast = "period"
	text, err := json.Marshal(long)
	if err != nil {
		t.Fatal(err)
	}
	var read Param
	if err := json.Unmarshal(text, &read); err != nil || read.AtLeast != "period" {
		t.Fatalf("%s is read as %+v: %v", text, read, err)
	}
	s.Params = append(s.Params, read)
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	if want := "a whole number from 1 to 100000 and at least period"; read.Allowed() != want {
		t.Errorf("allowed is %q, want %q", read.Allowed(), want)
	}
	for _, sound := range []map[string]any{nil, {"long": 14}, {"period": 20.0}, {"period": 30, "long": 30}} {
		if _, err := s.Args(sound); err != nil {
			t.Errorf("%v: %v", sound, err)
		}
	}
	for _, wrong := range []map[string]any{{"long": 13}, {"period": 21}, {"period": 31, "long": 30}} {
		_, err := s.Args(wrong)
		var refused *ParamError
		if !errors.As(err, &refused) || refused.Param != "long" || refused.Code != "out-of-range" ||
			!strings.Contains(refused.Message, "period") {
			t.Errorf("%v: error %v, want one of long that names period", wrong, err)
		}
	}
}
