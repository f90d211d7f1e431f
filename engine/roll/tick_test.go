package roll

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// ticking is a calculation with both bodies, of columns of values.
type ticking struct {
	ta.Ticker
	next func(x, y []float64, out [][]float64)
	tick func(x, y float64) []float64
}

func seriesOf(s ta.Series) ticking {
	return ticking{s,
		func(x, _ []float64, out [][]float64) { s.Next(x, out[0]) },
		func(x, _ float64) []float64 { return []float64{s.Tick(x)} },
	}
}

// Values that come one by one give the bits of columns, for windows of any
// length, going over to single values and back at any time: after few of them,
// after more than the window has, and with columns of any length in between.
func TestTick(t *testing.T) {
	const bars = 6000
	r := rand.New(rand.NewPCG(1, 2))
	x, y := make([]float64, bars), make([]float64, bars)
	for i := range x {
		x[i] = float64(9000+r.IntN(2000)) / 100 // some values come again
		y[i] = x[i] - float64(r.IntN(4)-1)      // and some lows are above their highs
		if i >= 3000 && i < 3000+3*ta.Tile {
			x[i], y[i] = math.Copysign(0, r.Float64()-0.5), math.Copysign(0, r.Float64()-0.5)
		}
	}
	kinds := map[string]func(n int) ticking{
		"mean":       func(n int) ticking { return seriesOf(NewMean(n)) },
		"max":        func(n int) ticking { return seriesOf(NewMax(n)) },
		"min":        func(n int) ticking { return seriesOf(NewMin(n)) },
		"place":      func(n int) ticking { return seriesOf(NewPlaceOfMax(n)) },
		"last place": func(n int) ticking { return seriesOf(NewPlaceOfMin(n)) },
		"wma":        func(n int) ticking { return seriesOf(NewWMA(n)) },
		"lag":        func(n int) ticking { return seriesOf(NewLag(n)) },
		"ema":        func(n int) ticking { return seriesOf(NewEMA(n)) },
		"deviation": func(n int) ticking {
			d := NewDeviation(n)
			return ticking{d,
				func(x, _ []float64, out [][]float64) { d.Next(x, out[0], out[1]) },
				func(x, _ float64) []float64 { m, s := d.Tick(x); return []float64{m, s} },
			}
		},
		"dema": func(n int) ticking { return seriesOf(newCascade(n, 2, -1)) },
		"t3":   func(n int) ticking { return seriesOf(NewT3(n, 0.7).(*cascade)) },
		"trix": func(n int) ticking { return seriesOf(NewTrix(n)) },
		"range": func(n int) ticking {
			w := NewRange(n)
			return ticking{w,
				func(x, y []float64, out [][]float64) { w.Next(x, y, out[0], out[1]) },
				func(x, y float64) []float64 { return lanesOf(w.Tick(x, y)) },
			}
		},
		"average range": func(n int) ticking {
			w := NewAverageRange(n)
			return ticking{w,
				func(x, y []float64, out [][]float64) { w.Next(x, y, x, out[0]) },
				func(x, y float64) []float64 { return lanesOf(w.Tick(x, y, x))[:1] },
			}
		},
		"strength": func(n int) ticking {
			s := NewStrength(n)
			tick := s.ownTick()
			return ticking{s,
				func(x, _ []float64, out [][]float64) { s.Next(x, out[0]) },
				func(x, _ float64) []float64 { share, _, _ := tick(x, 0, 0, 0); return []float64{share} },
			}
		},
		"convergence": func(n int) ticking {
			c := NewConvergence("ema", n, "ema", 2*n)
			c.Ticks()
			return ticking{c,
				func(x, _ []float64, out [][]float64) { c.Next(x, out[0], out[1]) },
				func(x, _ float64) []float64 { fast, slow := Lanes(c.Tick(x)); return []float64{fast - slow, slow} },
			}
		},
		"pair": func(n int) ticking {
			a, b := NewEMA(n), NewWilder(n)
			p := NewPair(a, b)
			return ticking{p,
				func(x, y []float64, out [][]float64) { a.Next(x, out[0]); b.Next(y, out[1]) },
				func(x, y float64) []float64 { return lanesOf(p.Tick(twoOf(x, y))) },
			}
		},
		"ultimate": func(n int) ticking {
			bought, ranges := NewSums(n, n+3, 2*n), NewSums(n, n+3, 2*n)
			return ticking{together{bought, ranges},
				func(x, y []float64, out [][]float64) {
					bought.Next(x)
					lead := ranges.Next(y)
					Ultimate(out[0], bought, ranges)
					Blank(lead, out[0])
				},
				func(x, y float64) []float64 {
					bought.Tick(x)
					ranges.Tick(y)
					return []float64{UltimateOf(bought, ranges)}
				},
			}
		},
		"ultimate of doubled windows": func(n int) ticking {
			bought, ranges := NewDoubled(n), NewDoubled(n)
			return ticking{together{bought, ranges},
				func(x, y []float64, out [][]float64) {
					bought.Next(x)
					lead := ranges.Next(y)
					UltimateDoubled(out[0], bought, ranges)
					Blank(lead, out[0])
				},
				func(x, y float64) []float64 {
					bought.Tick(x)
					ranges.Tick(y)
					return []float64{UltimateDoubledOf(bought, ranges)}
				},
			}
		},
	}
	for name, begin := range kinds {
		for _, n := range []int{2, 3, 5, 7, 8, 9, 14, 15, 16, 17, 30, 63, 64, 65, 100, 128, 511, 512, 513, 700, 1100} {
			t.Run(fmt.Sprint(name, " ", n), func(t *testing.T) {
				r := rand.New(rand.NewPCG(uint64(n), 3))
				whole, other := begin(n), begin(n)
				want, got := twoColumns(bars), twoColumns(bars)
				for from := 0; from < bars; from += ta.Tile {
					to := min(from+ta.Tile, bars)
					whole.next(x[from:to], y[from:to], [][]float64{want[0][from:to], want[1][from:to]})
				}
				for i := 0; i < bars; {
					to := min(bars, i+1+r.IntN([]int{3, 40, ta.Tile}[r.IntN(3)]))
					if !other.Ready() || r.IntN(3) == 0 {
						other.next(x[i:to], y[i:to], [][]float64{got[0][i:to], got[1][i:to]})
						i = to
						continue
					}
					other.Single()
					for to = min(bars, i+1+r.IntN([]int{3, 40, 3 * n}[r.IntN(3)])); i < to; i++ {
						for k, v := range other.tick(x[i], y[i]) {
							got[k][i] = v
						}
					}
					other.Columns()
				}
				for k := range want {
					for i, w := range want[k] {
						if g := got[k][i]; math.Float64bits(g) != math.Float64bits(w) && (g == g || w == w) {
							t.Fatalf("result %d of value %d is %v, want %v", k, i, g, w)
						}
					}
				}
			})
		}
	}
}

// A stage that does not count adds no 0 either, which would be a −0's sign: T3
// without a volume factor is its last stage, whatever that is.
func TestTickSilentStages(t *testing.T) {
	const bars = 4000
	x, want, out := make([]float64, bars), make([]float64, bars), make([]float64, bars)
	for i := range x {
		x[i] = math.Copysign(0, -1)
		if i < 100 {
			x[i] = -1
		}
	}
	columns, single := NewT3(2, 0), NewT3(2, 0).(*cascade)
	for from := 0; from < bars; from += 200 {
		columns.Next(x[from:from+200], want[from:from+200])
	}
	if last := want[bars-1]; last != 0 || !math.Signbit(last) {
		t.Fatalf("the last stage ends at %v, want -0", last)
	}
	single.Next(x[:200], out[:200])
	if !single.Ready() {
		t.Skip("the processor cannot")
	}
	single.Single()
	for i := 200; i < bars; i++ {
		if g := single.Tick(x[i]); math.Float64bits(g) != math.Float64bits(want[i]) {
			t.Fatalf("value %d is %v, want %v", i, g, want[i])
		}
	}
}

func lanesOf(t Two) []float64 { return []float64{t.GetElem(0), t.GetElem(1)} }

func twoColumns(n int) [2][]float64 { return [2][]float64{make([]float64, n), make([]float64, n)} }

// together go over to single values together.
type together struct {
	ta.Ticker
	other ta.Ticker
}

func (s together) Ready() bool { return s.Ticker.Ready() && s.other.Ready() }
func (s together) Single()     { s.Ticker.Single(); s.other.Single() }
func (s together) Columns()    { s.Ticker.Columns(); s.other.Columns() }
