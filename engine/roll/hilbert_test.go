package roll

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// cycleCalculations are those of the dominant cycle, of one input each.
func cycleCalculations() map[string]func() calculation {
	return map[string]func() calculation{
		"hilbert": func() calculation {
			h := NewHilbert(12)
			return calculation{h, 3, func(in, out [][]float64) int { h.Next(in[0], out[0], out[1], out[2]); return 0 }}
		},
		"trendline": func() calculation {
			c, l := NewCycle(TrendLead), NewTrendline()
			return calculation{group{c, l}, 2, func(in, out [][]float64) int {
				c.Next(in[0], out[0])
				l.Next(in[0], out[0], out[1])
				return 0
			}}
		},
		"phase": func() calculation {
			p := NewPhase()
			return calculation{p, 2, func(in, out [][]float64) int { p.Next(in[0], out[0], out[1]); return 0 }}
		},
		"mode": func() calculation {
			d := NewMode()
			return calculation{d, 1, func(in, out [][]float64) int {
				clear(out[0])
				d.Next(in[0], out[0])
				return 0
			}}
		},
		"ehlers, periods": func() calculation {
			e := NewEhlers()
			return calculation{e, 2, func(in, out [][]float64) int { e.Periods(in[0], out[0], out[1]); return 0 }}
		},
		"ehlers, phases": func() calculation {
			e := NewEhlers()
			return calculation{e, 2, func(in, out [][]float64) int { e.Phases(in[0], out[0], out[1]); return 0 }}
		},
		"mama": func() calculation {
			a := NewMama(0.5, 0.05)
			return calculation{a, 2, func(in, out [][]float64) int { return a.Next(in[0], out[0], out[1]) }}
		},
	}
}

// group is several states as one.
type group []ta.State

func (g group) AppendState(b []byte) []byte { return appendStates(b, g...) }

func (g group) Restore(state []byte) ([]byte, error) { return restoreStates(state, g...) }

// wave4 is 200 bars each of a cycle of 20 bars, of one of 10, of a walk, of a price
// that stands still, and of the cycle again.
func wave4() []float64 {
	x := walk(1000)
	for i := range x {
		switch i / 200 {
		case 0, 4:
			x[i] = 100 + 5*math.Sin(2*math.Pi*float64(i)/20)
		case 1:
			x[i] = 100 + 5*math.Sin(2*math.Pi*float64(i)/10)
		case 3:
			x[i] = 97.13
		}
	}
	return x
}

// However the values are cut into chunks, whichever body runs, and across a
// restore, the bits are the same.
func TestSameBitsOfCycles(t *testing.T) {
	x := wave4()
	in := [][]float64{x}
	r := rand.New(rand.NewPCG(15, 16))
	for name, make := range cycleCalculations() {
		want := feedBars(make(), in, whole)
		check := func(how string, from int, got [][]float64) {
			t.Helper()
			for k := range want {
				if i, ok := equal(want[k][from:], got[k]); !ok {
					t.Errorf("%s, %s: value %d of output %d differs", name, how, from+i, k)
				}
			}
		}
		check("bar by bar", 0, feedBars(make(), in, func() int { return 1 }))
		check("at random", 0, feedBars(make(), in, func() int { return 1 + r.IntN(ta.Tile) }))
		scalar(func() { check("scalar", 0, feedBars(make(), in, whole)) })
		for _, at := range []int{5, 20, 45, 700} {
			head, tail := make(), make()
			feedBars(head, [][]float64{x[:at]}, whole)
			state := head.AppendState(nil)
			if rest, err := tail.Restore(state); err != nil || len(rest) != 0 {
				t.Fatalf("%s: restore at %d: %v, rest %v", name, at, err, rest)
			}
			check("restored", at, feedBars(tail, [][]float64{x[at:]}, whole))
			if _, err := make().Restore(state[:len(state)-1]); err == nil {
				t.Errorf("%s: a state cut short is restored", name)
			}
		}
	}
}

// The period of a pure wave is found, its phase goes round once in it, the mean
// over it is its middle, and the market is in the cycle's mode.
func TestPureCycle(t *testing.T) {
	for _, length := range []float64{10, 20, 35} {
		x := make([]float64, ta.Tile)
		for i := range x {
			x[i] = 100 + math.Sin(2*math.Pi*float64(i)/length)
		}
		period, angle, trend, mode := make([]float64, ta.Tile), make([]float64, ta.Tile), make([]float64, ta.Tile), make([]float64, ta.Tile)
		NewPhase().Next(x, period, angle)
		NewTrendline().Next(x, period, trend)
		NewMode().Next(x, mode)
		for i := 300; i < ta.Tile; i++ {
			// The measure is off by its filters' gain, which is tuned and not exact.
			if !(math.Abs(period[i]-length) <= 0.05*length) {
				t.Fatalf("of %v bars: bar %d has the period %v", length, i, period[i])
			}
			if !(math.Abs(trend[i]-100) <= 0.2) {
				t.Fatalf("of %v bars: bar %d has the trend %v", length, i, trend[i])
			}
			if turned := math.Mod(angle[i]-angle[i-1]+720, 360); !(math.Abs(turned-360/length) <= 0.2*360/length) {
				t.Fatalf("of %v bars: bar %d has turned by %v", length, i, turned)
			}
			if mode[i] != 0 && angle[i] > angle[i-1] { // the step back to −45° counts as none, as in TA-Lib
				t.Fatalf("of %v bars: bar %d trends", length, i)
			}
		}
	}
}
