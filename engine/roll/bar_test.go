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
			return stateless(func(in [][]float64, dst []float64) { Share(dst, in[3], in[2]) })
		},
		"change": func() calculation {
			return stateless(func(in [][]float64, dst []float64) { Change(dst, in[0], in[2]) })
		},
		"accumulation": func() calculation {
			return stateless(func(in [][]float64, dst []float64) { Accumulation(dst, in[0], in[1], in[2], in[3]) })
		},
		"product": func() calculation {
			return stateless(func(in [][]float64, dst []float64) { Mul(dst, in[2], in[3]) })
		},
		"ratio": func() calculation {
			return stateless(func(in [][]float64, dst []float64) { Ratio(dst, in[3], in[2], 0.5) })
		},
		"ratio with holes": func() calculation {
			return stateless(func(in [][]float64, dst []float64) { Ratio(dst, in[2], in[3], nan) })
		},
		"growth": func() calculation {
			return stateless(func(in [][]float64, dst []float64) { Growth(dst, in[0], in[2]) })
		},
		"correlation": func() calculation {
			return stateless(func(in [][]float64, dst []float64) { Correlation(dst, in[3], in[3], in[0]) })
		},
		"stretch": func() calculation {
			return two(itself{}, func(in [][]float64, a, b []float64) int {
				copy(a, in[0])
				copy(b, in[1])
				Stretch(a, b, in[3])
				return 0
			})
		},
		"sides": func() calculation {
			return two(itself{}, func(in [][]float64, a, b []float64) int { Sides(in[1], a, b); return 0 })
		},
		"falling": func() calculation {
			s := NewFalling(1000)
			return one(s, func(in [][]float64, a []float64) int { s.Next(in[2], in[3], a); return 0 })
		},
		"rising": func() calculation {
			s := NewRising(1000)
			return one(s, func(in [][]float64, a []float64) int { s.Next(in[2], in[3], a); return 0 })
		},
		"channel": func() calculation {
			return stateless(func(in [][]float64, dst []float64) { Channel(dst, in[0], in[2], in[3]) })
		},
	}
	maps.Copy(all, ratioCalculations())
	maps.Copy(all, moveCalculations())
	for _, n := range []int{1, 2, 14, 600} {
		all[fmt.Sprintf("gap over %d", n)] = func() calculation {
			s := &stepped{NewSteps(), NewGap(n)}
			return one(s, func(in [][]float64, a []float64) int { return s.Next(in[2], a) })
		}
	}
	for _, n := range []int{1, 2, 8, 13, 64, 600} {
		all[fmt.Sprintf("joint over %d", n)] = func() calculation {
			s := NewJoint(n)
			return calculation{s, 3, func(in, out [][]float64) int { return s.Next(in[0], in[2], out[0], out[1], out[2]) }}
		}
		if n > 1 {
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

// Imbalance finds the bars that have none, wherever they are.
func TestImbalance(t *testing.T) {
	for hole := -1; hole < 9; hole++ {
		a, b, got := make([]float64, 9), make([]float64, 9), make([]float64, 9)
		for i := range a {
			a[i], b[i] = 3, 1
			if i == hole {
				a[i], b[i] = 0, 0
			}
		}
		if Imbalance(got, a, b) != (hole >= 0) {
			t.Errorf("a hole at %d: not so reported", hole)
		}
		for i, v := range got {
			if i == hole && !math.IsNaN(v) || i != hole && v != 50 {
				t.Errorf("a hole at %d: value %d is %v", hole, i, v)
			}
		}
	}
}

// A place is that of the newest extreme of the window, and the mean deviation
// what its definition says.
func TestWindowsOfBars(t *testing.T) {
	x := walk(1400)
	for i := range x {
		x[i] = math.Round(x[i]) // so that many are equal
	}
	for _, n := range windows {
		largest, smallest := feed(t, NewPlaceOfMax(n), x, whole), feed(t, NewPlaceOfMin(n), x, whole)
		deviation := feed(t, &second{two: NewMeanDeviation(n)}, x, whole)
		for i := n - 1; i < len(x); i++ {
			w := x[i+1-n : i+1]
			high, low := 0, 0
			for k, v := range w {
				if v >= w[high] {
					high = k
				}
				if v <= w[low] {
					low = k
				}
			}
			if largest[i] != float64(high) || smallest[i] != float64(low) {
				t.Fatalf("over %d, bar %d: places %v and %v, want %d and %d", n, i, largest[i], smallest[i], high, low)
			}
			mean, want := sum(w)/float64(n), 0.0
			for _, v := range w {
				want += math.Abs(v-mean) / float64(n)
			}
			if !(math.Abs(deviation[i]-want) <= 1e-12*want+1e-13) {
				t.Fatalf("over %d, bar %d: mean deviation %v, want %v", n, i, deviation[i], want)
			}
		}
	}
}

// The bits of windows do not depend on chunks, body or a restore either.
func TestSameBitsOfWindows(t *testing.T) {
	x := walk(2200)
	for i := range x {
		x[i] = math.Round(x[i])
	}
	r := rand.New(rand.NewPCG(9, 10))
	for _, n := range windows {
		for name, make := range map[string]func() one{
			"place of the largest":  func() one { return NewPlaceOfMax(n) },
			"place of the smallest": func() one { return NewPlaceOfMin(n) },
			"mean deviation":        func() one { return &second{two: NewMeanDeviation(n)} },
		} {
			want := feed(t, make(), x, whole)
			check := func(how string, got []float64) {
				t.Helper()
				if i, ok := equal(want[len(want)-len(got):], got); !ok {
					t.Errorf("%s over %d, %s: value %d differs", name, n, how, i)
				}
			}
			check("bar by bar", feed(t, make(), x, func() int { return 1 }))
			check("at random", feed(t, make(), x, func() int { return 1 + r.IntN(ta.Tile) }))
			scalar(func() { check("scalar", feed(t, make(), x, whole)) })
			before, after := make(), make()
			feed(t, before, x[:777], whole)
			if rest, err := after.Restore(before.AppendState(nil)); err != nil || len(rest) != 0 {
				t.Fatalf("%s over %d: restore: %v, rest %v", name, n, err, rest)
			}
			check("restored", feed(t, after, x[777:], whole))
		}
	}
}

// A gap is the average less the value, whatever the level: on an unchanging
// series it is exactly 0, and on a ramp the average's lag.
func TestGap(t *testing.T) {
	x := walk(1500)
	for _, n := range []int{1, 2, 12, 26, 600} {
		average := feed(t, NewEMA(n), x, whole)
		gap := feed(t, &stepped{NewSteps(), NewGap(n)}, x, whole)
		for i := n - 1; i < len(x); i++ {
			if want := average[i] - x[i]; !(math.Abs(gap[i]-want) <= 1e-11) {
				t.Fatalf("over %d, bar %d: gap %v, want %v", n, i, gap[i], want)
			}
		}
		level, ramp := make([]float64, 1000), make([]float64, 1000)
		for i := range level {
			level[i], ramp[i] = 90.3, float64(i)
		}
		flat := feed(t, &stepped{NewSteps(), NewGap(n)}, level, whole)
		lag := feed(t, &stepped{NewSteps(), NewGap(n)}, ramp, whole)
		for i := n - 1; i < len(level); i++ {
			if flat[i] != 0 {
				t.Fatalf("over %d, bar %d: gap %v of an unchanging series", n, i, flat[i])
			}
			if want := float64(1-n) / 2; !(math.Abs(lag[i]-want) <= 1e-12*float64(n)) {
				t.Fatalf("over %d, bar %d: gap %v of a ramp, want %v", n, i, lag[i], want)
			}
		}
	}
}

// stepped is a gap that is fed the values.
type stepped struct {
	*Steps
	gap *Gap
}

func (s *stepped) Next(x, out []float64) int {
	step := make([]float64, len(x))
	s.Steps.Next(x, step)
	return s.gap.Next(step, out)
}
func (s *stepped) AppendState(b []byte) []byte { return appendStates(b, s.Steps, s.gap) }
func (s *stepped) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, s.Steps, s.gap)
}
