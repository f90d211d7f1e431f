package wasm

import (
	"context"
	"math"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// TestNativeCore: what the guests are measured beside does what they do, to the
// bit, over columns and bar by bar.
func TestNativeCore(t *testing.T) {
	s := newSandbox(t, Config{})
	x := walk([]ta.Input{ta.Real}, 1_000, 5)[0]
	for _, hole := range []int{0, 3, 500} {
		x[hole] = math.NaN()
	}
	columns := ta.Columns(wt.CoreColumns(x, 20, 20, 14))
	bars, single := make(ta.Columns, 3), wt.NewCoreBars(20, 20, 14)
	for i := range x {
		var out [3]float64
		single.Next(x[i:i+1], out[:])
		for j, v := range out {
			bars[j] = append(bars[j], v)
		}
	}
	all := guests(t)
	for name, native := range map[string]ta.Columns{"core_c.wasm": columns, "stream_c.wasm": bars} {
		m := load(t, s, all[name])
		r, err := m.Run(context.Background(), defaults(t, m), ta.Columns{x})
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range r.Outputs {
			for bar, w := range want {
				if v := native[i][bar]; math.Float64bits(v) != math.Float64bits(w) && (v == v || w == w) {
					t.Fatalf("%s: output %d at bar %d is %v, natively %v", name, i, bar, w, v)
				}
			}
		}
	}
}
