package truth_test

import (
	"encoding/json"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/engine/truth"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// walk is a random walk with a spike at a bar.
func walk(bars, spike int) *law.Series {
	w := sample.Walk(bars)
	s := &law.Series{Name: "walk", Open: w.Open, High: w.High, Low: w.Low, Close: w.Close, Volume: w.Volume}
	truth.Spike(s, spike)
	return s
}

func judged(t *testing.T, each func(t *testing.T, ind *ta.Indicator, a ta.Args)) {
	names := truth.Names()
	for _, ind := range engine.Indicators() {
		i, ok := slices.BinarySearch(names, ind.Name)
		if !ok {
			continue
		}
		names = slices.Delete(names, i, i+1)
		a, err := ind.Args(nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(ind.Name, func(t *testing.T) { each(t, ind, a) })
	}
	if len(names) > 0 {
		t.Errorf("there are no indicators %v", names)
	}
}

// Every figure is as near to the truth as its class may ask, before a spike of
// 1e9 and after it: the series that `make truth` has, cut short. While the spike
// fades from a recurrence the bound is none, but kept.
func TestBounds(t *testing.T) {
	const spike = 8_000
	s := walk(24_000, spike)
	judged(t, func(t *testing.T, ind *ta.Indicator, a ta.Args) {
		in := s.Columns(ind.Inputs)
		for _, r := range truth.Compare(ind, a, in, spike, ind.Run(a, in)) {
			e := r.Sides[0]
			if !(e.Fading <= r.Class.Bound()) {
				t.Errorf("%s: off by %s %s while the spike fades", r.Output, r.Class.Format(e.Fading), r.Class.Unit())
			}
			if !(e.Worst() <= r.Class.Bound()) {
				t.Errorf("%s: off by %s %s of its %s before the spike and %s after it, at most %v are allowed", r.Output,
					r.Class.Format(e.Before), r.Class.Unit(), r.Size, r.Class.Format(e.After), r.Class.Bound())
			}
		}
	})
}

// coarsely are the indicators that are further off than they may be where prices of
// few digits stand still, and why.
var coarsely = map[string]string{
	"correl": "the last digit of a price at 100 is a millionth of a millionth of what is left of a window in which it moved by a tick once",
}

// Every figure is as near to the truth on prices of few digits, too, which repeat
// and stand still: in cents at 100 and at 10, in halves, and in whole numbers.
func TestCoarse(t *testing.T) {
	const bars = 2_500
	kinds := append(law.All(1, bars)[1:2], law.Still(1, bars, 0.01, 10_000), law.Still(2, bars, 1, 1000),
		law.Still(3, bars, 0.01, 1000), law.Still(4, bars, 0.5, 200), law.All(1, 1_000)[2])
	judged(t, func(t *testing.T, ind *ta.Indicator, a ta.Args) {
		far := false
		for i, s := range kinds {
			in := s.Columns(ind.Inputs)
			for _, r := range truth.Compare(ind, a, in, len(in[0]), ind.Run(a, in)) {
				if e := r.Sides[0].Before; !(e <= r.Class.Bound()) {
					far = true
					if coarsely[ind.Name] == "" {
						t.Errorf("%s, %s (%d): off by %s %s of its %s, at most %v are allowed", r.Output, s.Name, i,
							r.Class.Format(e), r.Class.Unit(), r.Size, r.Class.Bound())
					}
				}
			}
		}
		if why := coarsely[ind.Name]; why != "" && !far {
			t.Errorf("it is no further off than it may be, and has a reason to: %s", why)
		}
	})
}

// An error of a single value is found, wherever it is but in the spike's window,
// and so is a value that is missing.
func TestCompareFinds(t *testing.T) {
	const spike, bars = 1_000, 15_000
	s := walk(bars, spike)
	byName := map[string]*ta.Indicator{}
	for _, ind := range engine.Indicators() {
		byName[ind.Name] = ind
	}
	for _, c := range []struct {
		name  string
		bar   int
		by    float64 // of the value; NaN takes it away
		found bool
	}{
		{"sma", 100, 8e-16, true}, {"sma", spike + 5, 8e-16, false}, {"sma", spike + 30, 8e-16, true}, {"sma", bars - 1, 8e-16, true},
		{"stddev", 100, 2e-12, true}, {"stddev", spike + 5, 2e-12, true},
		{"atr", 100, 2e-13, true}, {"atr", spike + 500, 2e-13, false}, {"atr", bars - 1, 2e-13, true},
		{"stc", 100, 1e-11, true}, {"stc", spike + 500, 1e-11, false}, {"stc", bars - 1, 1e-11, true},
		{"stochrsi", 100, 1e-11, true}, {"fisher", 100, 1e-11, true},
		{"sma", 29, math.NaN(), true}, {"atr", bars - 1, math.NaN(), true},
	} {
		ind := byName[c.name]
		a, err := ind.Args(nil)
		if err != nil {
			t.Fatal(err)
		}
		in := s.Columns(ind.Inputs)
		out := ind.Run(a, in)
		out[0][c.bar] += c.by * out[0][c.bar]
		row := truth.Compare(ind, a, in, spike, out)[0]
		if found := !(row.Sides[0].Worst() <= row.Class.Bound()); found != c.found {
			t.Errorf("%s: an error of %v at bar %d: found %v, want %v: %+v", c.name, c.by, c.bar, found, c.found, row)
		}
	}
}

// The numbers of 106 bits that the bounds are measured by give what math/big gives
// with 200, to some part in 1e20 where a float64 has one in 1e16: of the largest
// figure of the output, in calm and around the spike.
func TestPairIsBig(t *testing.T) {
	const spike = 600
	s := walk(1_200, spike)
	judged(t, func(t *testing.T, ind *ta.Indicator, a ta.Args) {
		in := s.Columns(ind.Inputs)
		pairs, bigs := truth.Of[truth.Pair](ind.Name, a, in), truth.Of[truth.Big](ind.Name, a, in)
		for k := range bigs {
			for _, part := range [][2]int{{0, spike}, {spike, len(in[0])}} {
				far, most := 0.0, 0.0
				for i := part[0]; i < part[1]; i++ {
					p, b := pairs[k][i], bigs[k][i]
					if math.IsNaN(p.Float()) != math.IsNaN(b.Float()) {
						t.Fatalf("output %d, bar %d: %v and %v", k, i, p.Float(), b.Float())
					}
					if math.IsNaN(p.Float()) {
						continue
					}
					high, low := p.Parts()
					far = max(far, math.Abs(b.Minus(b.Of(high)).Minus(b.Of(low)).Float()))
					most = max(most, math.Abs(b.Float()))
				}
				if !(far <= 1e-20*most) {
					t.Errorf("output %d from bar %d on: %v of %v apart", k, part[0], far, most)
				}
			}
		}
	})
}

// Every operation of Pair has a relative error below 16·2^-106.
func TestPairOperations(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	draw := func() truth.Pair {
		v := math.Ldexp(r.Float64()-0.5, r.IntN(60)-30)
		return truth.Pair{}.Of(v).Plus(truth.Pair{}.Of(v * math.Ldexp(r.Float64()-0.5, -52-r.IntN(20))))
	}
	exact := func(p truth.Pair) *big.Float {
		high, low := p.Parts()
		wide := new(big.Float).SetPrec(400).SetFloat64(high)
		return wide.Add(wide, new(big.Float).SetFloat64(low))
	}
	op := func(f func(z, x, y *big.Float) *big.Float) func(x, y *big.Float) *big.Float {
		return func(x, y *big.Float) *big.Float { return f(new(big.Float).SetPrec(400), x, y) }
	}
	for range 20_000 {
		x, y := draw(), draw()
		if r.IntN(4) == 0 { // nearly what x is
			y = x.Plus(x.Times(truth.Pair{}.Of(math.Ldexp(r.Float64(), -r.IntN(100)))))
		}
		square := x.Times(x)
		for name, c := range map[string]struct {
			got  truth.Pair
			want *big.Float
		}{
			"plus":  {x.Plus(y), op((*big.Float).Add)(exact(x), exact(y))},
			"minus": {x.Minus(y), op((*big.Float).Sub)(exact(x), exact(y))},
			"times": {x.Times(y), op((*big.Float).Mul)(exact(x), exact(y))},
			"over":  {x.Over(y), op((*big.Float).Quo)(exact(x), exact(y))},
			"root":  {square.Root(), new(big.Float).SetPrec(400).Sqrt(exact(square))},
		} {
			far := op((*big.Float).Sub)(exact(c.got), c.want)
			if far.Sign() == 0 {
				continue
			}
			if part, _ := far.Quo(far, c.want).Float64(); !(math.Abs(part) < math.Ldexp(16, -106)) {
				high, low := c.got.Parts()
				t.Fatalf("%s of %v and %v is %v + %v, off by %v", name, x, y, high, low, part)
			}
		}
	}
}

// Every function of TA-Lib that is not a pattern of candles is judged, or it says
// why not; and none does both.
func TestComplete(t *testing.T) {
	b, err := os.ReadFile("../testdata/golden/names.json")
	if err != nil {
		t.Fatal(err)
	}
	var functions map[string]struct{ Name string }
	if err := json.Unmarshal(b, &functions); err != nil {
		t.Fatal(err)
	}
	patterns := map[string]bool{}
	for _, ind := range engine.Indicators() {
		patterns[ind.Name] = ind.Group == ta.GroupPattern
	}
	names := truth.Names()
	for _, f := range functions {
		_, has := slices.BinarySearch(names, f.Name)
		why := truth.Unjudged[f.Name]
		if has == (why != "") && !patterns[f.Name] {
			t.Errorf("%s: a formula: %v; why there is none: %q", f.Name, has, why)
		}
	}
}
