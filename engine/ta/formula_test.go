package ta

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
)

func formulaArgs(t *testing.T, given map[string]any) Args {
	t.Helper()
	spec := Spec{Name: "test", Params: []Param{
		Bars("period", 14, 1, ""), Bars("fast", 12, 1, ""), Bars("slow", 26, 1, ""),
		Number("factor", 2.5, -10, 10, ""), Choice("mode", 1, []string{"a", "b", "c"}, ""),
		Number("min", 7, 0, 10, ""), Number("huge", 1e300, -1e300, 1e300, ""),
	}}
	a, err := spec.Args(given)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestFormula(t *testing.T) {
	args := formulaArgs(t, nil)
	nested := strings.Repeat("(", MaxFormulaDepth) + "1" + strings.Repeat(")", MaxFormulaDepth)
	deepest := strings.Repeat("1+1*min(1,", MaxFormulaDepth) + "1" + strings.Repeat(")", MaxFormulaDepth)
	for text, want := range map[string]int{
		"0":                                 0,
		"14":                                14,
		"period":                            14,
		"2*period - 1":                      27,
		"period - 2 - 3":                    9,
		"period - (2 - 3)":                  15,
		"2 + 3 * 4":                         14,
		"(2 + 3) * 4":                       20,
		"max(fast, slow) + period-1":        39,
		"min( fast , slow )":                12,
		"max(1, min(period, 3)) * 2":        6,
		"factor":                            3, // rounded up
		"mode":                              1,
		"min + 1":                           8, // a parameter of that name
		"1 - period":                        0, // no bar is before the first
		"huge":                              math.MaxInt32,
		"2147483647 * 2147483647 * period":  math.MaxInt32,
		"2147483647 + huge - 1":             math.MaxInt32 - 1,
		"huge * (0 - 1) + 1 + 2147483647":   1,
		nested:                              1,
		deepest:                             2,
		"max(fast,slow)+max(period,factor)": 40,
	} {
		f, err := ParseFormula(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if err := f.Check(args.params); err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := f.Eval(args); got != want {
			t.Errorf("%q is %d, want %d", text, got, want)
		}
	}
}

func TestFormulaErrors(t *testing.T) {
	for text, at := range map[string]int{
		"":                                    0,
		"  ":                                  2,
		"1 +":                                 3,
		"1 2":                                 2,
		"-1":                                  0,
		"2 ** 3":                              3,
		"1.5":                                 1,
		"period / 2":                          7,
		"Period":                              0,
		"(1":                                  2,
		"1)":                                  1,
		"min(1)":                              5,
		"min(1, 2, 3)":                        8,
		"abs(1)":                              0,
		"2147483648":                          0,
		"99999999999999999999":                0,
		"1 + período":                         7,
		"1\t+ 2":                              1,
		strings.Repeat("(", 17) + "1":         16,
		strings.Repeat("min(1,", 17) + "1":    16*6 + 3,
		strings.Repeat("1+", 300) + "1":       MaxFormulaLength,
		strings.Repeat("(", MaxFormulaLength): MaxFormulaDepth,
	} {
		_, err := ParseFormula(text)
		var wrong *FormulaError
		if !errors.As(err, &wrong) || !errors.Is(err, ErrFormula) {
			t.Errorf("%q: error %v", text, err)
			continue
		}
		if wrong.At != at {
			t.Errorf("%q: %v, want position %d", text, err, at)
		}
	}
}

func TestFormulaCheck(t *testing.T) {
	f, err := ParseFormula("fast + length")
	if err != nil {
		t.Fatal(err)
	}
	var wrong *FormulaError
	if err := f.Check(formulaArgs(t, nil).params); !errors.As(err, &wrong) || wrong.At != 7 {
		t.Errorf("error %v, want one for position 7", err)
	}
}

func TestFormulaJSON(t *testing.T) {
	for given, want := range map[string]string{
		`14`:             `14`,
		`"14"`:           `14`,
		`"2*period - 1"`: `"2*period - 1"`,
		`"period"`:       `"period"`,
	} {
		var f Formula
		if err := json.Unmarshal([]byte(given), &f); err != nil {
			t.Errorf("%s: %v", given, err)
			continue
		}
		if got, err := json.Marshal(f); err != nil || string(got) != want {
			t.Errorf("%s is written %s (%v), want %s", given, got, err, want)
		}
	}
	for _, bad := range []string{`-1`, `1.5`, `1e3`, `true`, `[]`, `{}`, `""`} {
		var f Formula
		if err := json.Unmarshal([]byte(bad), &f); err == nil {
			t.Errorf("%s is read as %q", bad, f)
		}
	}
	if got, err := json.Marshal(Formula{}); err != nil || string(got) != "0" {
		t.Errorf("the zero Formula is written %s (%v)", got, err)
	}
}

func FuzzFormula(f *testing.F) {
	for _, text := range []string{"2*period - 1", "max(fast, slow)", "((1))", "min(1,", "1-2-huge*huge"} {
		f.Add(text)
	}
	spec := Spec{Params: []Param{Bars("period", 14, 1, ""), Bars("fast", 12, 1, ""), Bars("slow", 26, 1, ""), Number("huge", 1e300, -1e300, 1e300, "")}}
	args, err := spec.Args(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		formula, err := ParseFormula(text)
		if err != nil || formula.Check(spec.Params) != nil {
			return
		}
		got := formula.Eval(args)
		if got < 0 || got > formulaBound {
			t.Errorf("%q is %d", text, got)
		}
		again, err := ParseFormula(formula.String())
		if err != nil || again.Eval(args) != got {
			t.Errorf("%q reads back as %v, %v", text, again, err)
		}
	})
}
