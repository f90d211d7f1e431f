package roll

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// windows are the lengths tried: powers of two and of eight, their neighbours,
// and longer than a tile.
var windows = []int{1, 2, 3, 4, 5, 7, 8, 9, 14, 16, 20, 30, 31, 32, 33, 63, 64, 65, 100, 512, 513, 1000}

func walk(n int) []float64 {
	r := rand.New(rand.NewPCG(1, 2))
	x := make([]float64, n)
	price := 100.0
	for i := range x {
		price *= 1 + 0.01*r.NormFloat64()
		x[i] = price
	}
	return x
}

// one is a calculation with one input and one output.
type one interface {
	ta.State
	Next(x, out []float64) int
}

// feed gives c the series in chunks and returns all results.
func feed(t *testing.T, c one, x []float64, chunk func() int) []float64 {
	t.Helper()
	out := make([]float64, len(x))
	warm := false
	for i := 0; i < len(x); {
		m := min(chunk(), ta.Tile, len(x)-i)
		lead := c.Next(x[i:i+m], out[i:i+m])
		for k, y := range out[i : i+m] {
			if (k < lead) != math.IsNaN(y) || k < lead && warm {
				t.Fatalf("value %d is %v, the lead is %d", i+k, y, lead)
			}
		}
		warm = warm || lead < m
		i += m
	}
	return out
}

func whole() int { return ta.Tile }

func calculations(n int) map[string]func() one {
	all := map[string]func() one{
		"sum":       func() one { return NewSum(n) },
		"mean":      func() one { return NewMean(n) },
		"max":       func() one { return NewMax(n) },
		"min":       func() one { return NewMin(n) },
		"lag":       func() one { return NewLag(n) },
		"ema":       func() one { return NewEMA(n) },
		"wilder":    func() one { return NewWilder(n) },
		"wildersum": func() one { return NewWilderSum(n) },
		"total":     func() one { return NewTotal() },
		"whole":     func() one { return NewWholeTotal() },
		"deviation": func() one { return &second{two: NewVariance(n)} },
		"weighted":  func() one { return NewWeighted(n, 1, 0, 1) },
		"wma":       func() one { return NewWMA(n) },
		"mixed":     func() one { return NewWeighted(n, 3, -float64(n+1), triangle(n)) },
		"kama":      func() one { return newKama(n) },
		"trix":      func() one { return NewTrix(n) },
		"strength":  func() one { return NewStrength(n) },
		"near":      func() one { return NewNear(ascending(n)) },
		"three":     func() one { return &threeSums{sums: NewSums(1, n/2+1, n)} },
		"midway":    func() one { return NewMidway() },
		"median":    func() one { return NewPercentile(n, n/2) },
		"rank":      func() one { return NewRank(n) },
		"sorted":    func() one { return &sorted{newOrder(n)} },
		"maxindex":  func() one { return NewIndexOfMax(n) },
		"minindex":  func() one { return NewIndexOfMin(n) },
	}
	if n > 1 {
		all["gaps"] = func() one { return newSlowGap(n, n+3) }
		all["slope"] = func() one { return &second{two: NewTrend(n)} }
	}
	return all
}

// second is the second output of a calculation that has two.
type second struct {
	two interface {
		ta.State
		Next(x, a, b []float64) int
	}
	first [ta.Tile]float64
}

func (s *second) Next(x, out []float64) int            { return s.two.Next(x, s.first[:len(x)], out) }
func (s *second) AppendState(b []byte) []byte          { return s.two.AppendState(b) }
func (s *second) Restore(state []byte) ([]byte, error) { return s.two.Restore(state) }

// slowGap is the slow one of two gaps.
type slowGap struct {
	second
	both *Convergence
}

func newSlowGap(fast, slow int) *slowGap {
	both := NewConvergence("ema", fast, "ema", slow)
	return &slowGap{second{two: both}, both}
}

func (s *slowGap) Watch(x, out []float64) bool {
	_, ok := s.both.Watch(x, s.first[:len(x)], out)
	return ok
}

func equal(a, b []float64) (int, bool) {
	for i := range a {
		if math.Float64bits(a[i]) != math.Float64bits(b[i]) {
			return i, false
		}
	}
	return 0, true
}

// However the values are cut into chunks, and whichever body runs, the bits
// are the same; and a calculation restored from its state goes on with them.
func TestSameBits(t *testing.T) {
	x := walk(3000)
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range windows {
		for name, make := range calculations(n) {
			want := feed(t, make(), x, whole)
			for label, chunk := range map[string]func() int{
				"bar by bar": func() int { return 1 },
				"by 7":       func() int { return 7 },
				"at random":  func() int { return 1 + r.IntN(ta.Tile) },
			} {
				if i, ok := equal(want, feed(t, make(), x, chunk)); !ok {
					t.Errorf("%s over %d, %s: value %d differs", name, n, label, i)
				}
			}
			scalar(func() {
				if i, ok := equal(want, feed(t, make(), x, whole)); !ok {
					t.Errorf("%s over %d: value %d of the scalar body differs", name, n, i)
				}
			})
			for _, cut := range []int{0, 1, 5, n, 777, 1024} {
				before, after := make(), make()
				feed(t, before, x[:cut], whole)
				rest, err := after.Restore(append(before.AppendState(nil), 1, 2, 3))
				if err != nil || !slices.Equal(rest, []byte{1, 2, 3}) {
					t.Fatalf("%s over %d: restore at %d: %v, rest %v", name, n, cut, err, rest)
				}
				if i, ok := equal(want[cut:], feed(t, after, x[cut:], whole)); !ok {
					t.Errorf("%s over %d restored at %d: value %d differs", name, n, cut, i)
				}
				state := before.AppendState(nil)
				if _, err := make().Restore(state[:len(state)-1]); err == nil {
					t.Errorf("%s over %d: a state cut short is restored", name, n)
				}
			}
		}
	}
}

// Zeros of either sign are one price: which of them is the larger must not depend
// on the chunk or the body.
func TestSameBitsOfZeros(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	x := make([]float64, 600)
	for i := range x {
		x[i] = math.Copysign(0, r.Float64()-0.5)
	}
	for _, n := range []int{1, 5, 7, 8, 20, 64, 100} {
		for name, make := range calculations(n) {
			want := feed(t, make(), x, whole)
			if i, ok := equal(want, feed(t, make(), x, func() int { return 1 })); !ok {
				t.Errorf("%s over %d, bar by bar: value %d differs", name, n, i)
			}
			scalar(func() {
				if i, ok := equal(want, feed(t, make(), x, whole)); !ok {
					t.Errorf("%s over %d: value %d of the scalar body differs", name, n, i)
				}
			})
		}
	}
	in := [][]float64{x, x[:], x, x}
	for name, make := range barCalculations() {
		want, single := feedBars(make(), in, whole), feedBars(make(), in, func() int { return 1 })
		var plain [][]float64
		scalar(func() { plain = feedBars(make(), in, whole) })
		for k := range want {
			if i, ok := equal(want[k], single[k]); !ok {
				t.Errorf("%s, bar by bar: value %d of output %d differs", name, i, k)
			}
			if i, ok := equal(want[k], plain[k]); !ok {
				t.Errorf("%s: value %d of output %d of the scalar body differs", name, i, k)
			}
		}
	}
}

// ascending is 1 to n.
func ascending(n int) (weights []float64) {
	for k := range n {
		weights = append(weights, float64(k+1))
	}
	return weights
}

// Every calculation equals its definition, up to rounding.
func TestDefinitions(t *testing.T) {
	x := walk(1200)
	// Sums that may come near 0 have the rounding of what they are sums of.
	near := map[string]float64{"deviation": 1e-18, "slope": 1e-12, "near": 1e-9, "gaps": 1e-11}
	for _, n := range windows {
		direct := map[string]func(i int) float64{
			"sum":       func(i int) float64 { return sum(x[i+1-n : i+1]) },
			"mean":      func(i int) float64 { return sum(x[i+1-n:i+1]) / float64(n) },
			"max":       func(i int) float64 { return slices.Max(x[i+1-n : i+1]) },
			"min":       func(i int) float64 { return slices.Min(x[i+1-n : i+1]) },
			"lag":       func(i int) float64 { return x[i-n] },
			"ema":       recur(x, n, 2/float64(n+1), sum(x[:n])/float64(n), n-1),
			"wilder":    recur(x, n, 1/float64(n), sum(x[:n])/float64(n), n-1),
			"wildersum": wilderSum(x, n),
			"total":     func(i int) float64 { return sum(x[:i+1]) },
			"whole":     func(i int) float64 { return sum(x[:i+1]) },
			"deviation": func(i int) float64 {
				w := x[i+1-n : i+1]
				mean, ssd := sum(w)/float64(n), 0.0
				for _, v := range w {
					ssd += (v - mean) * (v - mean)
				}
				return ssd
			},
			"weighted": func(i int) float64 {
				s := 0.0
				for k, v := range x[i+1-n : i+1] {
					s += float64(k+1) * v
				}
				return s
			},
		}
		direct["near"] = func(i int) float64 {
			s := x[i]
			for k, v := range x[i+1-n : i+1] {
				s += float64(k+1) * (v - x[i-n+k])
			}
			return s
		}
		direct["three"] = direct["sum"]
		direct["wma"] = func(i int) float64 { return direct["weighted"](i) / triangle(n) }
		direct["mixed"] = func(i int) float64 { return 3*direct["wma"](i) - 2*direct["mean"](i) }
		direct["kama"] = adapted(x, n)
		direct["strength"] = strengths(x, n)
		slow := recur(x, n+3, 2/float64(n+4), sum(x[:n+3])/float64(n+3), n+2)
		direct["gaps"] = func(i int) float64 { return slow(i) - x[i] }
		direct["midway"] = recur(x, 1, 0.5, x[0], 0)
		direct["median"] = func(i int) float64 { return slices.Sorted(slices.Values(x[i+1-n : i+1]))[n/2] }
		direct["rank"] = func(i int) (below float64) {
			for _, v := range x[i-n : i] {
				if v < x[i] {
					below++
				}
			}
			return below
		}
		direct["sorted"] = direct["rank"]
		direct["maxindex"] = func(i int) float64 { return float64(slices.Index(x, direct["max"](i))) }
		direct["minindex"] = func(i int) float64 { return float64(slices.Index(x, direct["min"](i))) }
		direct["slope"] = func(i int) float64 {
			tilt, square := 0.0, 0.0
			for k, v := range x[i+1-n : i+1] {
				t := float64(k) - float64(n-1)/2
				tilt += t * v
				square += t * t
			}
			return tilt / square
		}
		for name, make := range calculations(n) {
			got := feed(t, make(), x, whole)
			if name == "trix" { // which has a test of its own
				continue
			}
			lead := map[string]int{"lag": n, "total": 0, "whole": 0, "kama": n, "midway": 0, "rank": n, "sorted": n, "near": n, "strength": n, "gaps": n + 2}
			begin, ok := lead[name]
			if !ok {
				begin = n - 1
			}
			for i := begin; i < len(x); i++ {
				if want := direct[name](i); !(math.Abs(got[i]-want) <= 1e-12*math.Abs(want)+near[name]) {
					t.Fatalf("%s over %d: value %d is %v, want %v", name, n, i, got[i], want)
				}
			}
			if begin > 0 && !math.IsNaN(got[begin-1]) {
				t.Errorf("%s over %d has a value before %d", name, n, begin)
			}
		}
	}
}

func sum(x []float64) (s float64) {
	for _, v := range x {
		s += v
	}
	return s
}

// strengths are by both averages of Wilder's, of the steps up and of those down.
func strengths(x []float64, n int) func(int) float64 {
	up, down := make([]float64, len(x)), make([]float64, len(x))
	for i := 1; i < len(x); i++ {
		up[i], down[i] = max(0, x[i]-x[i-1]), max(0, x[i-1]-x[i])
	}
	gain := recur(up, n, 1/float64(n), sum(up[:n+1])/float64(n), n)
	loss := recur(down, n, 1/float64(n), sum(down[:n+1])/float64(n), n)
	return func(i int) float64 {
		if gain(i) == 0 {
			return 0
		}
		return 100 * gain(i) / (gain(i) + loss(i))
	}
}

func recur(x []float64, n int, a, seed float64, at int) func(int) float64 {
	y := make([]float64, len(x))
	y[at] = seed
	for i := at + 1; i < len(x); i++ {
		y[i] = y[i-1] + a*(x[i]-y[i-1])
	}
	return func(i int) float64 { return y[i] }
}

func adapted(x []float64, n int) func(int) float64 {
	y := make([]float64, len(x))
	y[n-1] = x[n-1]
	for i := n; i < len(x); i++ {
		noise := 0.0
		for k := i - n + 1; k <= i; k++ {
			noise += math.Abs(x[k] - x[k-1])
		}
		weight := math.Abs(x[i]-x[i-n])/noise*(fastest-slowest) + slowest
		y[i] = y[i-1] + weight*weight*(x[i]-y[i-1])
	}
	return func(i int) float64 { return y[i] }
}

func wilderSum(x []float64, n int) func(int) float64 {
	y := make([]float64, len(x))
	s := sum(x[:n-1])
	for i := n - 1; i < len(x); i++ {
		s += x[i] - s/float64(n)
		y[i] = s
	}
	return func(i int) float64 { return y[i] }
}

// A spike of 1e9 is forgotten, to the last bit, once it has left the window.
func TestSpikeLeavesNoTrace(t *testing.T) {
	x := walk(2000)
	spiked := slices.Clone(x)
	spiked[900] = 1e9
	for _, n := range []int{2, 5, 14, 20, 30, 100} {
		for name, make := range calculations(n) {
			switch name {
			case "ema", "wilder", "wildersum", "total", "whole", "kama", "trix", "midway", "strength", "gaps":
				continue // these remember by definition
			}
			want, got := feed(t, make(), x, whole), feed(t, make(), spiked, whole)
			if i, ok := equal(want[901+n:], got[901+n:]); !ok {
				t.Errorf("%s over %d: value %d remembers the spike", name, n, 901+n+i)
			}
		}
	}
}

// Divide is a correctly rounded division.
func TestDivide(t *testing.T) {
	x := walk(4096)
	got := make([]float64, len(x))
	for _, n := range []float64{1, 2, 3, 5, 7, 10, 14, 20, 30, 49, 100, 365, 99991} {
		Divide(got, x, n)
		for i := range x {
			if got[i] != x[i]/n {
				t.Fatalf("%v / %v = %v, want %v", x[i], n, got[i], x[i]/n)
			}
		}
	}
}

func BenchmarkCalculations(b *testing.B) {
	const bars = 100_000
	x, out := walk(bars), make([]float64, bars)
	for name, make := range calculations(20) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				c := make()
				for i := 0; i < bars; i += ta.Tile {
					j := min(i+ta.Tile, bars)
					c.Next(x[i:j], out[i:j])
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/bars, "ns/bar")
		})
	}
}
