package chart

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
)

func barsOf(s *law.Series) Bars {
	return Bars{Open: s.Open, High: s.High, Low: s.Low, Close: s.Close, Volume: s.Volume}
}

func fixed(reach float64) func(int, float64) float64 {
	return func(int, float64) float64 { return reach }
}

// single are bars of one price each.
func single(prices ...float64) Bars { return Bars{High: prices, Low: prices, Close: prices} }

func TestZigzag(t *testing.T) {
	for _, c := range []struct {
		name  string
		bars  Bars
		reach float64
		want  []Swing
	}{
		{"none", Bars{}, 1, nil},
		{"one bar", single(5), 0, nil},
		{"flat, and any reversal will do", single(5, 5, 5, 5), 0, nil},
		{"a high and a low", single(1, 2, 5, 4, 3, 2, 3, 4, 5), 2,
			[]Swing{{0, 2, 1, false}, {2, 4, 5, true}, {5, 7, 2, false}}},
		{"just short of the reversal", single(1, 5, 3.001, 5), 2, []Swing{{0, 1, 1, false}}},
		{"of equal highs the first", single(1, 5, 4, 5, 2), 2, []Swing{{0, 1, 1, false}, {1, 4, 5, true}}},
		{"a bar that sets a new high does not confirm it",
			Bars{High: []float64{1, 5, 9, 8}, Low: []float64{1, 5, 2, 7}, Close: []float64{1, 5, 3, 7}}, 3,
			[]Swing{{0, 1, 1, false}}},
		{"the low is the lowest since the high, though another bar confirms",
			Bars{High: []float64{1, 9, 8, 6, 6, 9}, Low: []float64{1, 8, 7, 3, 5, 8}, Close: []float64{1, 9, 7, 5, 6, 9}}, 4,
			[]Swing{{0, 1, 1, false}, {1, 3, 9, true}, {3, 5, 3, false}}},
	} {
		if got := zigzag(c.bars, fixed(c.reach)); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// What is true of all swings, on any series: they alternate, each is the extreme
// of the bars between its neighbours, comes back by the reversal when it is known,
// is known before the next is, and stays when there are more bars.
func TestZigzagLaws(t *testing.T) {
	for _, s := range law.All(3, 700) {
		b, _ := barsOf(s).whole()
		reach := 2 * (b.High[0] - b.Low[0])
		whole := zigzag(b, fixed(reach))
		if s.Name == "walk" && len(whole) < 20 {
			t.Errorf("%d swings in a walk", len(whole))
		}
		for k, w := range whole {
			from, to := 0, w.Known
			if k > 0 {
				before := whole[k-1]
				from = before.Bar + 1
				if w.High == before.High || w.Bar <= before.Bar || w.Known <= before.Known {
					t.Errorf("%s: %v after %v", s.Name, w, before)
				}
			}
			if w.High && (highest(b, from, to).Price != w.Price || w.Price-b.Low[w.Known] < reach) ||
				!w.High && (lowest(b, from, to).Price != w.Price || b.High[w.Known]-w.Price < reach) {
				t.Errorf("%s: %v is not the extreme since bar %d, or not confirmed", s.Name, w, from)
			}
		}
		for n := 1; n < b.Len(); n += 13 {
			var known []Swing
			for _, w := range whole {
				if w.Known < n {
					known = append(known, w)
				}
			}
			part := Bars{High: b.High[:n], Low: b.Low[:n], Close: b.Close[:n]}
			if got := zigzag(part, fixed(reach)); !reflect.DeepEqual(got, known) {
				t.Fatalf("%s: the first %d bars have other swings", s.Name, n)
			}
		}
		var turned []Swing
		for _, w := range whole {
			turned = append(turned, Swing{w.Bar, w.Known, -w.Price, !w.High})
		}
		if got := zigzag(b.flipped(), fixed(reach)); !reflect.DeepEqual(got, turned) {
			t.Errorf("%s: upside down there are other swings", s.Name)
		}
	}
}

func TestMargin(t *testing.T) {
	for _, c := range []struct {
		rule Rule
		met  bool
		want float64
	}{
		{between("", "", 2, 1, 2, 4), true, 1},
		{between("", "", 3, 1, 2, 4), true, 0.5},
		{between("", "", 1.25, 1, 2, 4), true, 0.25},
		{between("", "", 4, 1, 2, 4), true, 0},
		{between("", "", 4.5, 1, 2, 4), false, 0},
		{between("", "", math.NaN(), 1, 2, 4), false, 0},
		{between("", "", 3, 3, 3, 3), true, 1},
		{atLeast("", "", 0.5, 1, 3), false, 0},
		{atLeast("", "", 1.5, 1, 3), true, 0.25},
		{atLeast("", "", 9, 1, 3), true, 1},
		{atMost("", "", -9, 1, 3), true, 1},
		{atMost("", "", 2, 1, 3), true, 0.5},
	} {
		if got := c.rule.Margin(); got != c.want || c.rule.Met != c.met {
			t.Errorf("%+v: margin %v, want %v", c.rule, got, c.want)
		}
	}
}

// A bar with a hole is as if it had not been there, and the others keep their
// indexes.
func TestWhole(t *testing.T) {
	nan := math.NaN()
	b := Bars{
		High: []float64{1, 2, 3, 4, 5}, Low: []float64{1, nan, 3, 4, 5}, Close: []float64{1, 2, 3, math.Inf(1), 5},
		Oscillator: []float64{nan, 20, 30, 40, 50},
	}
	got, at := b.whole()
	want := []float64{1, 3, 5}
	if !reflect.DeepEqual(at, []int{0, 2, 4}) || !reflect.DeepEqual(got.High, want) || !reflect.DeepEqual(got.Close, want) ||
		got.Oscillator[1] != 30 || got.Volume != nil {
		t.Errorf("%v at %v", got, at)
	}
	if b.High[1] != 2 || b.Len() != 5 {
		t.Error("the caller's bars were changed")
	}
}

// highest and lowest are the extremes of the bars from the one to the other, the
// first of those that are equal.
func highest(b Bars, from, to int) Swing {
	s := Swing{Bar: from, Price: b.High[from], High: true}
	for i := from + 1; i <= to; i++ {
		if b.High[i] > s.Price {
			s.Bar, s.Price = i, b.High[i]
		}
	}
	return s
}

func lowest(b Bars, from, to int) Swing {
	s := Swing{Bar: from, Price: b.Low[from]}
	for i := from + 1; i <= to; i++ {
		if b.Low[i] < s.Price {
			s.Bar, s.Price = i, b.Low[i]
		}
	}
	return s
}

// Peaks are the extremes from any bar on, the first of equal ones.
func TestPeaks(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 50 {
		b := Bars{High: make([]float64, 60), Low: make([]float64, 60)}
		highs, lows := peaks{prices: b.High, high: true}, peaks{prices: b.Low}
		for i := range b.High {
			b.High[i], b.Low[i] = float64(r.IntN(12)), float64(r.IntN(12))
			highs.add(i)
			lows.add(i)
			for from := range i + 1 {
				if got, want := highs.since(from), highest(b, from, i); got != want {
					t.Fatalf("from %d to %d: %+v, want %+v", from, i, got, want)
				}
				if got, want := lows.since(from), lowest(b, from, i); got != want {
					t.Fatalf("from %d to %d: %+v, want %+v", from, i, got, want)
				}
			}
		}
	}
}

// A turn costs the same however many bars it was not known for: here half of them
// are turns, all confirmed one after the other at the end.
func TestSwingsOfLateTurns(t *testing.T) {
	const n = 100_000
	b := Bars{High: make([]float64, n), Low: make([]float64, n), Close: make([]float64, n)}
	for i := range n / 2 { // ever narrower, so that no bar is beyond the one before
		part := float64(i) / n
		b.High[i], b.Low[i], b.Close[i] = 100-30*part, 30*part, 50
	}
	for i := n / 2; i < n; i++ {
		b.High[i], b.Low[i], b.Close[i] = 50.01, 49.99, 49.995
	}
	highs := peaks{prices: b.High, high: true}
	looked := 0
	for i := range n {
		before := len(highs.bars)
		highs.add(i)
		looked += 1 + before + 1 - len(highs.bars)
	}
	if looked > 2*n {
		t.Errorf("%d bars looked at", looked)
	}
	a := argsOf(t, DoubleTop, nil)
	if turns := swings(b, a); len(turns) < n/10 {
		t.Errorf("%d turns: the series is not what it is for", len(turns))
	}
}
