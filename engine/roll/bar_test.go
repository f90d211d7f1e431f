package roll

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// bars are columns of prices and volumes: a walk that stands still for a while,
// with prices that are equal, and some that are 0.
func bars(n int) (high, low, close, volume []float64) {
	r := rand.New(rand.NewPCG(5, 6))
	close = walk(n)
	high, low, volume = make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range close {
		switch {
		case i > n/3 && i < n/2:
			close[i] = close[i-1]
		case i > n/2 && i < 2*n/3:
			close[i] = math.Round(close[i])
		case i%97 == 0:
			close[i] = 0
		}
		high[i], low[i] = close[i], close[i]
		if i <= n/3 || i >= n/2 {
			high[i] += math.Round(3 * r.Float64())
			low[i] -= math.Round(3 * r.Float64())
		}
		volume[i] = float64(r.IntN(4) * 1000)
	}
	return high, low, close, volume
}

// calculation is one with any number of inputs and outputs.
type calculation struct {
	ta.State
	outputs int
	next    func(in, out [][]float64) int
}

// stateless makes a calculation of column arithmetic.
func stateless(f func(in [][]float64, dst []float64)) calculation {
	return calculation{itself{}, 1, func(in, out [][]float64) int { f(in, out[0]); return 0 }}
}

// barCalculations reads high, low, close and volume.
func barCalculations() map[string]func() calculation {
	two := func(s ta.State, next func(in [][]float64, a, b []float64) int) calculation {
		return calculation{s, 2, func(in, out [][]float64) int { return next(in, out[0], out[1]) }}
	}
	one := func(s ta.State, next func(in [][]float64, a []float64) int) calculation {
		return calculation{s, 1, func(in, out [][]float64) int { return next(in, out[0]) }}
	}
	all := map[string]func() calculation{
		"moves": func() calculation {
			s := NewMoves()
			return two(s, func(in [][]float64, a, b []float64) int { return s.Next(in[2], a, b) })
		},
		"true range": func() calculation {
			s := NewTrueRange()
			return one(s, func(in [][]float64, a []float64) int { return s.Next(in[0], in[1], in[2], a) })
		},
		"average range": func() calculation {
			s := NewAverageRange(14)
			return one(s, func(in [][]float64, a []float64) int { return s.Next(in[0], in[1], in[2], a) })
		},
		"convergence": func() calculation {
			s := NewAlignedConvergence("ema", 5, "ema", 12)
			return two(s, func(in [][]float64, a, b []float64) int { return s.Next(in[2], a, b) })
		},
		"direction": func() calculation {
			s := NewDirection()
			return two(s, func(in [][]float64, a, b []float64) int { return s.Next(in[0], in[1], a, b) })
		},
		"flow": func() calculation {
			s := NewFlow()
			return two(s, func(in [][]float64, a, b []float64) int { return s.Next(in[2], in[3], a, b) })
		},
		"signed": func() calculation {
			s := NewSigned()
			return one(s, func(in [][]float64, a []float64) int { return s.Next(in[2], in[3], a) })
		},
		"steps": func() calculation {
			s := NewSteps()
			return one(s, func(in [][]float64, a []float64) int { return s.Next(in[2], a) })
		},
		"typical": func() calculation {
			return stateless(func(in [][]float64, dst []float64) { Typical(dst, in[0], in[1], in[2]) })
		},
		"within": func() calculation {
			return stateless(func(in [][]float64, dst []float64) { Within(dst, in[2], in[1], in[1], in[0]) })
		},
		"percent": func() calculation {
			return stateless(func(in [][]float64, dst []float64) { Percent(dst, in[0], in[2]) })
		},
		"share": func() calculation {
			return stateless(func(in [][]float64, dst []float64) { Share(dst, in[3], in[2], 50) })
		},
		"change": func() calculation {
			return stateless(func(in [][]float64, dst []float64) { Change(dst, in[0], in[2]) })
		},
		"accumulation": func() calculation {
			return stateless(func(in [][]float64, dst []float64) { Accumulation(dst, in[0], in[1], in[2], in[3]) })
		},
		"correlation": func() calculation {
			return stateless(func(in [][]float64, dst []float64) { Correlation(dst, in[3], in[3], in[0]) })
		},
		"falling": func() calculation {
			s := NewFalling(1000)
			return one(s, func(in [][]float64, a []float64) int { s.Next(in[2], in[3], a); return 0 })
		},
		"rising": func() calculation {
			s := NewRising(1000)
			return one(s, func(in [][]float64, a []float64) int { s.Next(in[2], in[3], a); return 0 })
		},
	}
	maps.Copy(all, ratioCalculations())
	maps.Copy(all, moveCalculations())
	hours := func(volume, time []float64) []float64 { // of days of 24 hours, and more from 0 volume on
		for i, v := range volume {
			time[i] = v * 7200
		}
		return time[:len(volume)]
	}
	all["session mean"] = func() calculation {
		w, time := NewSessionMean(90), make([]float64, ta.Tile)
		return one(w, func(in [][]float64, a []float64) int { w.Next(in[2], in[3], hours(in[3], time), a); return 0 })
	}
	all["anchored mean"] = func() calculation {
		w, time := NewAnchoredMean(1), make([]float64, ta.Tile)
		return one(w, func(in [][]float64, a []float64) int { w.Next(in[2], in[3], hours(in[3], time), a); return 0 })
	}
	all["previous session"] = func() calculation {
		p, time := NewPreviousSession(90), make([]float64, ta.Tile)
		return calculation{p, 3, func(in, out [][]float64) int { p.Next(in[0], in[1], in[2], hours(in[3], time), out); return 0 }}
	}
	for _, n := range []int{1, 2, 14, 600} {
		all[fmt.Sprintf("gap over %d", n)] = func() calculation {
			s := &stepped{NewSteps(), NewGap(n)}
			return one(s, func(in [][]float64, a []float64) int { return s.Next(in[2], a) })
		}
	}
	for _, n := range []int{1, 2, 8, 13, 64, 600} {
		all[fmt.Sprintf("turns over %d", n)] = func() calculation {
			down, up := NewTurnDown(n, 3), NewTurnUp(3, n)
			return two(group{down, up}, func(in [][]float64, a, b []float64) int {
				down.Next(in[0], a)
				up.Next(in[1], b)
				return 0
			})
		}
		all[fmt.Sprintf("profile over %d", n)] = func() calculation {
			p := NewProfile(n, 20, 0.7)
			return calculation{p, 3, func(in, out [][]float64) int { return p.Next(in[0], in[1], in[3], out[0], out[1], out[2]) }}
		}
		all[fmt.Sprintf("range over %d", n)] = func() calculation {
			s := NewRange(n)
			return two(s, func(in [][]float64, a, b []float64) int { return s.Next(in[0], in[2], a, b) })
		}
		all[fmt.Sprintf("joint over %d", n)] = func() calculation {
			s := NewJoint(n)
			return calculation{s, 3, func(in, out [][]float64) int { return s.Next(in[0], in[2], out[0], out[1], out[2]) }}
		}
		if n > 1 {
			all[fmt.Sprintf("channel over %d", n)] = func() calculation {
				s := NewChannel(n)
				return one(s, func(in [][]float64, a []float64) int { return s.Next(in[0], in[1], in[2], a) })
			}
			all[fmt.Sprintf("trend over %d", n)] = func() calculation {
				s := NewTrend(n)
				return two(s, func(in [][]float64, a, b []float64) int { return s.Next(in[2], a, b) })
			}
		}
	}
	return all
}

// feedBars gives c the columns in chunks and returns all of its outputs.
func feedBars(c calculation, in [][]float64, chunk func() int) [][]float64 {
	n := len(in[0])
	out := make([][]float64, c.outputs)
	for k := range out {
		out[k] = make([]float64, n)
	}
	for i := 0; i < n; {
		m := min(chunk(), ta.Tile, n-i)
		cut := func(columns [][]float64) (parts [][]float64) {
			for _, col := range columns {
				parts = append(parts, col[i:i+m:i+m])
			}
			return parts
		}
		c.next(cut(in), cut(out))
		i += m
	}
	return out
}

// However bars are cut into chunks, whichever body runs, and across a restore,
// the bits are the same.
func TestSameBitsOfBars(t *testing.T) {
	high, low, close, volume := bars(2000)
	in := [][]float64{high, low, close, volume}
	r := rand.New(rand.NewPCG(7, 8))
	same := func(name, how string, want, got [][]float64) {
		t.Helper()
		for k := range want {
			if i, ok := equal(want[k], got[k]); !ok {
				t.Errorf("%s, %s: value %d of output %d differs", name, how, i, k)
			}
		}
	}
	for name, make := range barCalculations() {
		want := feedBars(make(), in, whole)
		same(name, "bar by bar", want, feedBars(make(), in, func() int { return 1 }))
		same(name, "at random", want, feedBars(make(), in, func() int { return 1 + r.IntN(ta.Tile) }))
		scalar(func() { same(name, "scalar", want, feedBars(make(), in, whole)) })
		for _, at := range []int{0, 1, 3, 700} {
			tail := func(columns [][]float64) (parts [][]float64) {
				for _, col := range columns {
					parts = append(parts, col[at:])
				}
				return parts
			}
			head := make()
			if at > 0 {
				feedBars(head, [][]float64{high[:at], low[:at], close[:at], volume[:at]}, whole)
			}
			restored := make()
			if rest, err := restored.Restore(head.AppendState(nil)); err != nil || len(rest) != 0 {
				t.Fatalf("%s: restore at %d: %v, rest %v", name, at, err, rest)
			}
			same(name, "restored", tail(want), feedBars(restored, tail(in), whole))
			if state := head.AppendState(nil); len(state) > 0 {
				if _, err := make().Restore(state[:len(state)-1]); err == nil {
					t.Errorf("%s: a state cut short is restored", name)
				}
			}
		}
	}
}

// moveCalculations reads high, low, close and volume; the open is the low.
func moveCalculations() map[string]func() calculation {
	return map[string]func() calculation{
		"split": func() calculation {
			return calculation{itself{}, 2, func(in, out [][]float64) int { Split(out[0], out[1], in[1], in[2]); return 0 }}
		},
		"power": func() calculation {
			return stateless(func(in [][]float64, dst []float64) { Power(dst, in[1], in[0], in[1], in[2]) })
		},
		"accelerate": func() calculation {
			return calculation{itself{}, 2, func(in, out [][]float64) int { Accelerate(out[0], out[1], in[0], in[1]); return 0 }}
		},
		"swing": func() calculation {
			return stateless(func(in [][]float64, dst []float64) { Swing(dst, in[0], in[2], in[1]) })
		},
		"dip": func() calculation {
			return stateless(func(in [][]float64, dst []float64) { Dip(dst, in[1], in[2], in[0]) })
		},
		"pressure": func() calculation {
			s := NewPressure()
			return calculation{s, 2, func(in, out [][]float64) int { return s.Next(in[0], in[1], in[2], out[0], out[1]) }}
		},
		"vortex": func() calculation {
			s := NewVortex()
			return calculation{s, 2, func(in, out [][]float64) int { return s.Next(in[0], in[1], out[0], out[1]) }}
		},
		"parabolic": func() calculation {
			speed := Acceleration{0.02, 0.02, 0.2}
			s := NewParabolic(0, 0, speed, speed, false)
			return calculation{s, 1, func(in, out [][]float64) int { return s.Next(in[0], in[1], out[0]) }}
		},
		"parabolic, signed": func() calculation {
			s := NewParabolic(-120, 0.05, Acceleration{0.5, 0.1, 0.3}, Acceleration{0, 0.01, 0.2}, true)
			return calculation{s, 1, func(in, out [][]float64) int { return s.Next(in[0], in[1], out[0]) }}
		},
		"trail": func() calculation {
			s := NewTrail()
			return calculation{s, 2, func(in, out [][]float64) int { s.Next(in[0], in[1], in[2], out[0], out[1]); return 0 }}
		},
		"variable": func() calculation {
			s := NewVariable("ema", 1, 40)
			periods := make([]float64, ta.Tile)
			return calculation{s, 1, func(in, out [][]float64) int {
				for i, v := range in[3] {
					periods[i] = v/75 - 1 + math.Abs(in[2][i])/20 // -1 to 45
				}
				return s.Next(in[2], periods[:len(in[2])], out[0])
			}}
		},
		"between": func() calculation {
			s := NewTotal()
			return calculation{s, 1, func(in, out [][]float64) int { return s.NextBetween(in[0], in[2], out[0]) }}
		},
		"gathered": func() calculation {
			s := NewGathered()
			return calculation{s, 1, func(in, out [][]float64) int { return s.Next(in[0], in[1], in[2], out[0]) }}
		},
	}
}

// Gaps count: what is bought of a bar begins at the close before it, when that is
// below its low, and its range reaches there.
func TestMovesByHand(t *testing.T) {
	high, low, close := []float64{10, 14, 9, 9}, []float64{8, 12, 7, 6}, []float64{9, 13, 8, 8}
	got := make([][]float64, 5)
	for k := range got {
		got[k] = make([]float64, 4)
	}
	NewPressure().Next(high, low, close, got[0], got[1])
	NewVortex().Next(high, low, got[2], got[3])
	NewGathered().Next(high, low, close, got[4])
	for k, want := range [][]float64{
		{nan, 4, 1, 2}, // bought: above 9, above 7, above 6
		{nan, 5, 6, 3}, // true ranges
		{nan, 6, 3, 2},
		{nan, 2, 7, 3},
		{9, 9, 13, 8}, // counted from: a rise from 9, a fall from 13, an unchanged close
	} {
		for i, v := range got[k] {
			if v != want[i] && !(math.IsNaN(v) && math.IsNaN(want[i])) {
				t.Errorf("column %d: value %d is %v, want %v", k, i, v, want[i])
			}
		}
	}
}
