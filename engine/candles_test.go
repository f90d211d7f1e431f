package engine_test

import (
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// candles is a file of patterns over a series in ticks: what TA-Lib gave.
type candles struct {
	Functions map[string]struct {
		Begin, N, Count int
		Nonzero         [][2]int // the first of them: bar and value
	}
	Ticks map[string][]float64 `json:"inputs_ticks"`
}

// Every pattern is found where TA-Lib finds it and nowhere else, on long series
// whose prices are in coarse ticks: many candles measure exactly what a condition
// asks for, and rounding decides.
func TestGoldenCandles(t *testing.T) {
	var names map[string]naming
	read(t, "names", &names)
	indicators := map[string]*ta.Indicator{}
	for _, ind := range engine.Indicators() {
		indicators[ind.Name] = ind
	}
	var long candles
	read(t, "candles_sparse", &long)
	tried := map[string]bool{}
	for _, file := range []string{"candles_sparse", "candles_rest", "candles_mathold", "candles_rare"} {
		var g candles
		read(t, file, &g)
		ticks := g.Ticks
		if ticks == nil {
			ticks = long.Ticks
		}
		for _, function := range slices.Sorted(maps.Keys(g.Functions)) {
			want, ind := g.Functions[function], indicators[names[function].Name]
			tried[function] = true
			t.Run(file+"/"+function, func(t *testing.T) {
				var in ta.Columns
				for _, input := range ind.Inputs {
					col := slices.Clone(ticks[input.Column()])
					for i := range col {
						col[i] /= 10 // not · 0.1, which is another price
					}
					in = append(in, col)
				}
				a, err := ind.Args(nil)
				if err != nil {
					t.Fatal(err)
				}
				found := 0
				for bar, got := range ind.Run(a, in)[0] {
					if math.IsNaN(got) != (bar < want.Begin) {
						t.Fatalf("bar %d is %v, and values begin at %d", bar, got, want.Begin)
					}
					if bar < want.Begin || got == 0 {
						continue
					}
					if found < len(want.Nonzero) && want.Nonzero[found] != [2]int{bar, int(got)} {
						t.Fatalf("bar %d is %v, want value %d of bar %d", bar, got, want.Nonzero[found][1], want.Nonzero[found][0])
					}
					found++
				}
				if found != want.Count {
					t.Errorf("%d values are not 0, want %d", found, want.Count)
				}
			})
		}
	}
	for name := range names {
		if ind := indicators[names[name].Name]; ind != nil && ind.Group == ta.GroupPattern && !tried[name] {
			t.Errorf("%s has no figures on a long series", name)
		}
	}
}
