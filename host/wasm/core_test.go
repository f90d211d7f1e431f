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

// TestValuesOut: what a guest wrote comes out as it is, however large, each NaN
// as the one NaN, and the first that is infinite or was not written is told,
// wherever it stands and whatever is around it.
func TestValuesOut(t *testing.T) {
	odd := math.Float64frombits(0xfff8_dead_beef_cafe)
	for _, n := range []int{1, 7, 8, 9, 255, 256, 257, 700} {
		for _, around := range []float64{1, -1e-300, math.MaxFloat64, -math.MaxFloat64} {
			src, dst := make([]float64, n), make([]float64, n)
			for i := range src {
				src[i] = around
			}
			for at := range src {
				for _, v := range []float64{odd, math.Inf(1), math.Inf(-1), unwritten, math.MaxFloat64, 0} {
					src[at] = v
					bad := take(dst, src)
					if wrong := math.IsInf(v, 0) || math.Float64bits(v) == math.Float64bits(unwritten); wrong != (bad == at) || !wrong && bad >= 0 {
						t.Fatalf("%v at %d of %d between %v: %d is told", v, at, n, around, bad)
					}
					if want := math.Float64bits(canonical(v)); bad < 0 && math.Float64bits(dst[at]) != want {
						t.Fatalf("%x at %d of %d comes out as %x", math.Float64bits(v), at, n, math.Float64bits(dst[at]))
					}
					give(dst, src)
					if got, want := math.Float64bits(dst[at]), math.Float64bits(canonical(v)); got != want {
						t.Fatalf("%x at %d of %d goes in as %x", math.Float64bits(v), at, n, got)
					}
				}
				src[at] = around
			}
		}
	}
}

// canonical is v, or the one NaN for what is no number.
func canonical(v float64) float64 {
	if v-v != 0 {
		return math.NaN()
	}
	return v
}
