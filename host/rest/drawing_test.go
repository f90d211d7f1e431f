package rest

import (
	"math"
	"testing"
)

// TestShort: a value in a legend has a few characters, whatever it is.
func TestShort(t *testing.T) {
	for v, want := range map[float64]string{
		0.126: "0.13", -12.5: "-12.50", 1234.5: "1234", -4_560_000: "-4.56 m", 7_890_000_000: "7.89 bn",
		1.5e83: "1.50e+83", -math.MaxFloat64: "-1.80e+308",
	} {
		if got := short(v); got != want {
			t.Errorf("%v is %q, want %q", v, got, want)
		}
	}
	if got := short(math.NaN()); got != "–" {
		t.Errorf("no value is %q", got)
	}
}
