package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// What is raced is the same work: everyone's values are equal.
func TestSidesAgree(t *testing.T) {
	all, err := entrants()
	if err != nil {
		t.Fatal(err)
	}
	for _, bars := range sizes {
		if _, err := agreement(all, sample.Walk(bars), nil); err != nil {
			t.Errorf("at %d bars: %v", bars, err)
		}
	}
}

func TestDiffers(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		ours, theirs []float64
		want         float64
	}{
		"equal":           {[]float64{1, -4}, []float64{1, -4}, 0},
		"to the greatest": {[]float64{1, -4}, []float64{2, -4}, 0.25},
		"all zero":        {[]float64{0, 0}, []float64{0, 0}, 0},
		"ours undefined":  {[]float64{1, nan}, []float64{1, 2}, math.Inf(1)},
	} {
		if got := differs(ta.Columns{{1}, c.ours}, ta.Columns{{1}, c.theirs}); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestOverall(t *testing.T) {
	mean, name, least := overall([]row{{Name: "a", Ratio: 8}, {Name: "b", Ratio: 2}, {Name: "c", Ratio: 4}}, func(r row) float64 { return r.Ratio })
	if math.Abs(mean-4) > 1e-12 || name != "b" || least != 2 {
		t.Errorf("%v, %s %v", mean, name, least)
	}
}

// A whole run over short series: its report is complete, and a requirement that
// cannot be met fails it.
func TestRun(t *testing.T) {
	defer func(s []int) { sizes = s }(sizes)
	sizes = []int{400}
	var out bytes.Buffer
	err := run([]string{"--json", "--require-geomean", "1e9"}, func(string) string { return "" }, &out)
	if err == nil || errors.Is(err, errUse) {
		t.Errorf("a ratio of 1e9 is met: %v", err)
	}
	var r struct {
		Statistic string
		Sizes     []struct {
			Bars    int
			Rows    []struct{ Ours, Ratio float64 }
			Geomean float64
			Lowest  string
		}
	}
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Sizes) != 1 || len(r.Sizes[0].Rows) != len(contests) || r.Sizes[0].Geomean <= 0 || r.Sizes[0].Lowest == "" || r.Statistic == "" {
		t.Errorf("the report is %s", out.String())
	}
	if err := run([]string{"more"}, func(string) string { return "" }, &out); !errors.Is(err, errUse) {
		t.Errorf("an argument: %v", err)
	}
}
