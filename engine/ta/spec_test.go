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
		{"inputs", func(s *Spec) { s.Inputs = Inputs }}, // all nine
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
		`{"name": "a", "default": "y", "choices": ["x"]}`,
		`{"name": "a", "default": "x", "choices": []}`,
	} {
		var p Param
		if err := json.Unmarshal([]byte(bad), &p); err == nil {
			t.Errorf("%s is read as %+v", bad, p)
		}
	}
}
