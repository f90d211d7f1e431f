package roll

import (
	"math"
	"testing"
)

// A variable average is, bar by bar, the average over that bar's number, whenever
// that number was first chosen.
func TestVariable(t *testing.T) {
	x := walk(700)
	periods, out := make([]float64, len(x)), make([]float64, len(x))
	for i := range periods {
		periods[i] = float64(i*7%53) + 0.9 // 0.9 to 52.9
	}
	for _, kind := range []string{"sma", "ema", "kama", "t3", "mama", "disabled"} {
		v := NewVariable(kind, 3, 40)
		for from := 0; from < len(x); from += 35 {
			v.Next(x[from:from+35], periods[from:from+35], out[from:from+35])
		}
		lead := AverageLead(kind, 40)
		for i := range x {
			if i < lead {
				if !math.IsNaN(out[i]) {
					t.Fatalf("%s: bar %d has a value", kind, i)
				}
				continue
			}
			n := max(3, min(int(periods[i]), 40))
			wait := lead - AverageLead(kind, n)
			want := feed(t, NewAverage(kind, n), x[wait:i+1], whole)
			if w := want[len(want)-1]; out[i] != w {
				t.Fatalf("%s: bar %d over %d is %v, want %v", kind, i, n, out[i], w)
			}
		}
		if v.seen != nil {
			t.Errorf("%s: every number was chosen, and the values are still kept", kind)
		}
	}
}
