package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/truth"
)

// The table has a line of every indicator that has a formula, and none of ours is
// too far off.
func TestTruth(t *testing.T) {
	var out bytes.Buffer
	none := func(string) string { return "" }
	if err := run([]string{"truth", "--bars", "50000"}, none, &out); err != nil {
		t.Errorf("%v:\n%s", err, &out)
	}
	for _, name := range truth.Names() {
		if !strings.Contains(out.String(), "\n"+name+" ") {
			t.Errorf("there is no line of %s", name)
		}
	}
	for _, args := range [][]string{{"truth", "more"}, {"truth", "--bars", "1000"}, {"truth", "--spiked"}} {
		if err := run(args, none, &out); !errors.Is(err, errUse) {
			t.Errorf("%v: %v", args, err)
		}
	}
}

// A figure of ours that is too far off is counted, one of TA-Lib's is not.
func TestPrintRow(t *testing.T) {
	near, far := truth.Errors{Before: 1, After: 4}, truth.Errors{Before: 1, After: 5}
	for _, c := range []struct {
		sides []truth.Errors
		want  int
		says  string
	}{
		{[]truth.Errors{near}, 0, "holds"}, {[]truth.Errors{near, far}, 0, "holds"}, {[]truth.Errors{far, near}, 1, "BROKEN"},
	} {
		var out bytes.Buffer
		got := printRow(&out, truth.Row{Indicator: "sma", Output: "sma", Class: truth.Window, Size: truth.Value, Sides: c.sides})
		if got != c.want || !strings.Contains(out.String(), c.says) {
			t.Errorf("%v: %d, %s", c.sides, got, &out)
		}
	}
}
