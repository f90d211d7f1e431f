package engine_test

import (
	"math"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// An indicator whose step looks for holes itself finds one in any input and at
// any place of a tile: a few bars at a time, which the kernel looks at, give the
// same bits.
func TestHolesAreFound(t *testing.T) {
	t.Parallel()
	watchful := map[string]bool{"ema": true, "rma": true, "atr": true, "obv": true, "max": true, "min": true, "sma": true, "aroon": true, "adx": true, "stoch": true, "kama": true, "cci": true, "ultosc": true, "trix": true, "linearreg": true, "macd": true, "mfi": true, "rsi": true, "bbands": true, "stddev": true, "wma": true}
	for _, ind := range engine.Indicators() {
		if !watchful[ind.Name] {
			continue
		}
		holesAreFound(t, ind, nil)
		if len(ind.Params) > 0 {
			holesAreFound(t, ind, map[string]any{ind.Params[0].Name: 100.0}) // a window of many parts
		}
	}
}

func holesAreFound(t *testing.T, ind *ta.Indicator, given map[string]any) {
	const bars = 2*ta.Tile + 21
	a, err := ind.Args(given)
	if err != nil {
		t.Fatal(err)
	}
	for input := range ind.Inputs {
		for _, hole := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			for _, at := range []int{0, 3, ta.Tile - 1, ta.Tile, ta.Tile + 1, ta.Tile + 8, 2*ta.Tile - 9, 2*ta.Tile - 5, 2*ta.Tile - 4, 2*ta.Tile - 3, 2*ta.Tile - 2, 2*ta.Tile - 1, 2 * ta.Tile, bars - 1} {
				in := law.Walk(3, bars).Columns(ind.Inputs)
				in[input] = append([]float64(nil), in[input]...)
				in[input][at] = hole
				whole, few := ind.Run(a, in), ind.Run(a, in)
				k := ind.New(a)
				for from := 0; from < bars; from += 15 {
					to := min(from+15, bars)
					cut := func(columns ta.Columns) (c ta.Columns) {
						for _, col := range columns {
							c = append(c, col[from:to])
						}
						return c
					}
					k.Next(cut(in), cut(few))
				}
				for o := range whole {
					for i, v := range whole[o] {
						if w := few[o][i]; math.Float64bits(v) != math.Float64bits(w) && !(v != v && w != w) {
							t.Fatalf("%s: %v in %s at bar %d: bar %d is %v, a few at a time %v", ind.Name, hole, ind.Inputs[input], at, i, v, w)
						}
					}
				}
			}
		}
	}
}
