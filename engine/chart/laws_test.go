package chart

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// trials are the arguments that p is tried with: the defaults, every choice, and
// a finer eye for turns, which sees more figures.
func trials(t testing.TB, p *Pattern) (all []ta.Args) {
	all = append(all, argsOf(t, p, nil))
	for _, param := range p.Params {
		for _, choice := range param.Choices {
			all = append(all, argsOf(t, p, map[string]any{param.Name: choice}))
		}
		if param.Choices == nil {
			all = append(all, argsOf(t, p, map[string]any{param.Name: param.Min}))
			all = append(all, argsOf(t, p, map[string]any{param.Name: param.Max}))
		}
		if param.Name == "reversal" {
			all = append(all, argsOf(t, p, map[string]any{param.Name: 1.0}))
		}
	}
	return all
}

// equal says what differs first between two lists of detections, to the last bit.
func equal(got, want []Detection) error {
	for i := range min(len(got), len(want)) {
		if reflect.DeepEqual(got[i], want[i]) {
			continue // else a NaN is like any other
		}
		if g, w := fmt.Sprintf("%#v", got[i]), fmt.Sprintf("%#v", want[i]); g != w {
			return fmt.Errorf("%s\nis not\n%s", g, w)
		}
	}
	if len(got) != len(want) {
		return fmt.Errorf("%d detections, not %d", len(got), len(want))
	}
	return nil
}

// Every pattern obeys the laws of the engine, on every kind of series, with its
// parameters at their defaults and at their ends.
func TestLaws(t *testing.T) {
	for _, p := range Patterns {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			all := map[string]Bars{"swinging": swinging(1, 1200)}
			if slices.Contains(harmonics, p) { // they are rare
				all["books"] = books()
			}
			for _, s := range law.All(1, 300) {
				all[s.Name] = barsOf(s)
			}
			candidates, found := 0, 0
			for _, a := range trials(t, p) {
				for name, b := range all {
					whole := p.Candidates(b, a)
					candidates, found = candidates+len(whole), found+len(p.Find(b, a))
					if err := obeys(p, a, b, whole); err != nil {
						t.Errorf("%v, %s: %v", a.Values(), name, err)
					}
				}
				for n := range 4 {
					p.Find(barsOf(law.Walk(1, n)), a)
				}
			}
			if candidates < 50 || found < 5 {
				t.Errorf("%d candidates in all, %d of them whole: the laws are tried on nothing", candidates, found)
			}
		})
	}
}

// Whatever numbers come, no pattern panics, and those laws hold that do not depend
// on what prices can be.
func FuzzFind(f *testing.F) {
	f.Add(uint64(0), uint16(0), []byte("prices of any size, and bytes that are none"))
	f.Add(uint64(7), uint16(3), binary.LittleEndian.AppendUint64(nil, math.Float64bits(math.MaxFloat64)))
	f.Fuzz(func(t *testing.T, seed uint64, pick uint16, raw []byte) {
		r := rand.New(rand.NewPCG(seed, 9))
		p := Patterns[int(pick)%len(Patterns)]
		all := trials(t, p)
		a := all[r.IntN(len(all))]
		b := swinging(seed, 1+r.IntN(200))
		for len(raw) >= 8 { // the raw numbers go anywhere
			col := *b.columns()[r.IntN(5)]
			col[r.IntN(len(col))] = math.Float64frombits(binary.LittleEndian.Uint64(raw))
			raw = raw[8:]
		}
		whole := p.Candidates(b, a)
		n := r.IntN(b.Len())
		known := 0
		for known < len(whole) && whole[known].Bar < n {
			known++
		}
		if err := equal(p.Candidates(b.first(n), a), whole[:known]); err != nil {
			t.Errorf("%s %v: the first %d bars: %v", p.Name, a.Values(), n, err)
		}
		for _, d := range whole {
			if !(d.Confidence >= 0 && d.Confidence <= 1) {
				t.Errorf("%s %v: a confidence of %v", p.Name, a.Values(), d.Confidence)
			}
			if _, err := json.Marshal(d); err != nil {
				t.Errorf("%s %v: %v", p.Name, a.Values(), err)
			}
		}
	})
}

func obeys(p *Pattern, a ta.Args, b Bars, whole []Detection) error {
	if err := equal(p.Candidates(b, a), whole); err != nil {
		return fmt.Errorf("again: %w", err)
	}
	for i, d := range whole {
		if err := sound(b, d); err != nil {
			return fmt.Errorf("%+v: %w", d, err)
		}
		if i > 0 && d.Bar < whole[i-1].Bar {
			return fmt.Errorf("bar %d after bar %d", d.Bar, whole[i-1].Bar)
		}
	}
	// Causal: what was found in the first bars stays, and nothing is added later.
	for n := 0; n < b.Len(); n += 1 + b.Len()/9 {
		known := 0
		for known < len(whole) && whole[known].Bar < n {
			known++
		}
		if err := equal(p.Candidates(b.first(n), a), whole[:known]); err != nil {
			return fmt.Errorf("the first %d bars: %w", n, err)
		}
	}
	// Scale: prices times a power of two give the same figures there.
	for _, by := range []int{1, -9, 20} {
		scaled := b
		for _, col := range [...]*[]float64{&scaled.Open, &scaled.High, &scaled.Low, &scaled.Close} {
			*col = ldexp(*col, by)
		}
		want := make([]Detection, len(whole))
		for i, d := range whole {
			d.Points = append([]Point(nil), d.Points...)
			for k := range d.Points {
				d.Points[k].Price = math.Ldexp(d.Points[k].Price, by)
			}
			if z := d.Zone; z != nil {
				d.Zone = &Zone{math.Ldexp(z.Near, by), math.Ldexp(z.Far, by)}
			}
			want[i] = d
		}
		if err := equal(p.Candidates(scaled, a), want); err != nil {
			return fmt.Errorf("prices · 2^%d: %w", by, err)
		}
	}
	// Holes: the bars around one are as if it had not been there.
	left, at := b.whole()
	want := p.Candidates(left, a)
	for i := range want {
		want[i].Bar = at[want[i].Bar]
		for k := range want[i].Points {
			want[i].Points[k].Bar = at[want[i].Points[k].Bar]
		}
	}
	if err := equal(whole, want); err != nil {
		return fmt.Errorf("without its holes: %w", err)
	}
	return nil
}

// sound is what is true of every detection.
func sound(b Bars, d Detection) error {
	if len(d.Points) == 0 || len(d.Rules) == 0 || d.Bar < 0 || d.Bar >= b.Len() {
		return fmt.Errorf("no points, no rules, or no bar")
	}
	if !(d.Confidence >= 0 && d.Confidence <= 1) {
		return fmt.Errorf("a confidence of %v", d.Confidence)
	}
	for i, pt := range d.Points {
		if i > 0 && pt.Bar < d.Points[i-1].Bar || pt.Bar > d.Bar {
			return fmt.Errorf("points out of order, or later than the bar")
		}
		if pt.Name == "" || pt.Price < b.Low[pt.Bar] || pt.Price > b.High[pt.Bar] {
			return fmt.Errorf("no price of bar %d", pt.Bar)
		}
	}
	names := map[string]bool{}
	for _, r := range d.Rules {
		if names[r.Name] || r.Name == "" || r.Doc == "" || !(r.Least <= r.Ideal && r.Ideal <= r.Most) ||
			r.Met != (r.Found >= r.Least && r.Found <= r.Most && r.Found-r.Found == 0) {
			return fmt.Errorf("the rule %+v", r)
		}
		names[r.Name] = true
	}
	return nil
}

func ldexp(x []float64, by int) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = math.Ldexp(v, by)
	}
	return y
}

// Upside down, in prices c − p, each pattern is the other of its pair.
func TestMirror(t *testing.T) {
	pairs := [][2]*Pattern{
		{HeadAndShoulders, InverseHeadAndShoulders}, {DoubleTop, DoubleBottom}, {TripleTop, TripleBottom},
		{AscendingTriangle, DescendingTriangle}, {SymmetricalTriangle, SymmetricalTriangle},
		{RisingWedge, FallingWedge}, {BullFlag, BearFlag}, {BullPennant, BearPennant},
		{AscendingChannel, DescendingChannel}, {HorizontalChannel, HorizontalChannel},
		{BearishDivergence, BullishDivergence}, {HiddenBearishDivergence, HiddenBullishDivergence},
	}
	paired := map[*Pattern]bool{}
	r := rand.New(rand.NewPCG(3, 3))
	for _, pair := range pairs {
		paired[pair[0]], paired[pair[1]] = true, true
		found := 0
		for seed := range uint64(8) {
			b := swinging(seed, 3000)
			if seed%2 == 0 {
				b = barsOf(law.Walk(seed, 3000))
				for _, col := range b.columns() { // whole ticks, as those of the others: their distances are exact
					for i := range *col {
						(*col)[i] = math.Round((*col)[i] * 100)
					}
				}
			}
			b.Oscillator = make([]float64, b.Len())
			for i := range b.Oscillator {
				b.Oscillator[i] = float64(r.IntN(100))
			}
			const c = 1 << 20
			for _, reversal := range []float64{0.7, 1.5, 3} {
				given := map[string]any{"reversal": reversal}
				want := pair[0].Candidates(b, argsOf(t, pair[0], given))
				got := pair[1].Candidates(upsideDownAt(b, c), argsOf(t, pair[1], given))
				found += len(want)
				for i := range min(len(got), len(want)) { // called otherwise, and the mean in another order
					w, g := &want[i], &got[i]
					w.Pattern, w.Direction, w.Rules = g.Pattern, -w.Direction, turnedRules(w.Rules)
					if math.Abs(w.Confidence-g.Confidence) < 1e-15 {
						w.Confidence = g.Confidence
					}
					for k := range min(len(w.Points), len(g.Points)) {
						w.Points[k].Name, w.Points[k].Price = g.Points[k].Name, c-w.Points[k].Price
					}
				}
				if err := equal(got, want); err != nil {
					t.Fatalf("%s, %v: %v", pair[1].Name, reversal, err)
				}
			}
		}
		if found < 20 {
			t.Errorf("%s: %d candidates", pair[0].Name, found)
		}
	}
	for _, p := range figures {
		if !paired[p] {
			t.Errorf("%s has no opposite", p.Name)
		}
	}
}

// turnedRules are the rules of a figure as they read upside down: of the lines the
// upper one is the lower one, and what it rises, that falls.
func turnedRules(rules []Rule) []Rule {
	rules = append([]Rule(nil), rules...)
	if rules[0].Name == "upper" {
		rules[0], rules[1] = rules[1], rules[0]
		for i := range rules[:2] {
			r := &rules[i]
			r.Found, r.Least, r.Ideal, r.Most = 0-r.Found, 0-r.Most, 0-r.Ideal, 0-r.Least
		}
		rules[0].Name, rules[0].Doc, rules[1].Name, rules[1].Doc = rules[1].Name, rules[1].Doc, rules[0].Name, rules[0].Doc
	}
	return rules
}

// Work is linear in the number of bars: the bars of all candidates together,
// from the first point to the bar that decides, are so many times those there are.
func TestLinear(t *testing.T) {
	const n = 100_000
	zigzags := Bars{High: make([]float64, n), Low: make([]float64, n), Close: make([]float64, n)}
	for i := range n { // a turn at every bar
		v := float64(100 + i%2*10 + i%7)
		zigzags.High[i], zigzags.Low[i], zigzags.Close[i] = v, v, v
	}
	for _, c := range []struct {
		name     string
		bars     Bars
		reversal float64
	}{{"walk", barsOf(law.Walk(5, n)), 3}, {"zigzags", zigzags, 0}} {
		for _, p := range Patterns {
			a := argsOf(t, p, map[string]any{"reversal": c.reversal})
			turns, bars := swings(c.bars, a), 0
			if len(turns) < n/100 {
				t.Fatalf("%s: %d turns", c.name, len(turns))
			}
			for _, d := range p.Candidates(c.bars, a) {
				bars += d.Bar - d.Points[0].Bar
			}
			if bars > 16*n {
				t.Errorf("%s, %s: %d bars looked at", p.Name, c.name, bars)
			}
		}
	}
}

// The listing is sound: names once each, parameters that may be, docs with a
// source and the meaning of the confidence.
func TestSpecs(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range Patterns {
		valid := ta.Spec{
			Name: p.Name, Title: p.Title, Params: p.Params, Group: ta.GroupPattern, Memory: ta.Running,
			Inputs: []ta.Input{ta.Close}, Outputs: []ta.Output{{Name: "signal", Unit: ta.Signal}},
		}
		if err := valid.Validate(); err != nil || seen[p.Name] {
			t.Errorf("%s: %v, or there twice", p.Name, err)
		}
		seen[p.Name] = true
		for _, q := range p.Params {
			if q.Doc == "" {
				t.Errorf("%s: the parameter %s has no doc", p.Name, q.Name)
			}
		}
	}
	for _, p := range Patterns { // each rule that is found is told in the doc
		for _, d := range p.Candidates(barsOf(law.Walk(2, 3000)), argsOf(t, p, map[string]any{"reversal": 1.0})) {
			for _, r := range d.Rules {
				if !strings.Contains(p.Doc, " "+r.Name+": ") && !strings.Contains(p.Doc, "\n"+r.Name+": ") {
					t.Fatalf("%s: the doc does not tell the rule %s", p.Name, r.Name)
				}
			}
		}
	}
}
