package chart

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// at is a turning point of a drawing.
type at struct {
	bar   int
	price float64
}

// tick is what prices of drawings are whole numbers of: their distances are exact.
const tick = 1. / 64

// drawn are bars that close along straight lines from point to point, the first at
// bar 0, and between points up to two ticks beside them. Each opens where the one
// before closed, and has no shadow, so that the points are its extremes.
func drawn(points ...at) Bars {
	var b Bars
	add := func(price float64) {
		price = math.Round(price/tick) * tick
		open := price
		if n := b.Len(); n > 0 {
			open = b.Close[n-1]
		}
		b.Open, b.Close = append(b.Open, open), append(b.Close, price)
		b.High, b.Low = append(b.High, max(open, price)), append(b.Low, min(open, price))
		b.Volume = append(b.Volume, 1000)
	}
	for i, p := range points {
		if i == 0 {
			add(p.price)
			continue
		}
		from := points[i-1]
		for bar := from.bar + 1; bar < p.bar; bar++ {
			part := float64(bar-from.bar) / float64(p.bar-from.bar)
			add(from.price + (p.price-from.price)*part + float64(bar*7%5-2)*tick)
		}
		add(p.price)
	}
	return b
}

// swinging are n bars that go from turn to turn in straight lines: one leg in five
// is a pole, and each of the others is some part of the one before. A walk draws
// few figures, and these many.
func swinging(seed uint64, n int) Bars {
	r := rand.New(rand.NewPCG(seed, 4))
	points := []at{{0, 300}}
	leg := 20.
	for last := points[0]; last.bar < n; last = points[len(points)-1] {
		leg *= -(0.55 + 0.6*r.Float64())
		switch len(points) % 5 {
		case 0:
			leg *= (40 + 20*r.Float64()) / math.Abs(leg)
		case 1:
			leg *= 0.4
		}
		if last.price+leg < 100 || last.price+leg > 500 {
			leg = -leg
		}
		points = append(points, at{last.bar + 4 + r.IntN(8), last.price + leg})
	}
	return drawn(points...).first(n)
}

// first are the first n of the bars.
func (b Bars) first(n int) Bars {
	for _, col := range b.columns() {
		*col = (*col)[:n]
	}
	return b
}

// moved are the points with some of them in another place.
func moved(points []at, other map[int]at) []at {
	points = append([]at(nil), points...)
	for i, p := range other {
		points[i] = p
	}
	return points
}

// upsideDownAt are bars whose prices p are c − p, exactly.
func upsideDownAt(b Bars, c float64) Bars {
	b = b.flipped()
	for _, col := range [...][]float64{b.Open, b.High, b.Low, b.Close} {
		for i := range col {
			col[i] += c
		}
	}
	return b
}

func argsOf(t testing.TB, p *Pattern, given map[string]any) ta.Args {
	t.Helper()
	a, err := p.Args(given)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// example is a textbook example of a pattern, and what comes near.
type example struct {
	pattern, opposite *Pattern // opposite is the one upside down
	given             map[string]any
	bars              Bars
	want              []at // the points, the last one the break where there is one
	direction         Direction
	bar               int // that made it known
	misses            []miss
}

// miss is a drawing that is just within a rule's bound, and one just beyond it.
type miss struct {
	rule         string
	within, past Bars
	given        map[string]any // where they differ from those of the example
}

// foundAt is the figure whose first point is at that bar.
func foundAt(all []Detection, bar int) *Detection {
	for i := range all {
		if all[i].Points[0].Bar == bar {
			return &all[i]
		}
	}
	return nil
}

// try holds a pattern to an example: its figure is found where it was drawn, and
// is no more where one rule is broken, and that rule alone.
func (e *example) try(t *testing.T) {
	t.Helper()
	a := argsOf(t, e.pattern, e.given)
	first := e.want[0].bar
	d := foundAt(e.pattern.Find(e.bars, a), first)
	if d == nil {
		t.Fatalf("%s: not found; there are %+v", e.pattern.Name, e.pattern.Candidates(e.bars, a))
	}
	if d.Pattern != e.pattern.Name || d.Direction != e.direction || d.Bar != e.bar || len(d.Points) != len(e.want) {
		t.Fatalf("%s: %+v, want %v at bar %d", e.pattern.Name, d, e.direction, e.bar)
	}
	for i, p := range d.Points {
		if p.Bar != e.want[i].bar || math.Abs(p.Price-e.want[i].price) > 2*tick {
			t.Errorf("%s: %s is at %d, %v, want %v", e.pattern.Name, p.Name, p.Bar, p.Price, e.want[i])
		}
	}
	if !(d.Confidence > 0.4 && d.Confidence <= 1) {
		t.Errorf("%s: the confidence of a textbook example is %v", e.pattern.Name, d.Confidence)
	}
	seen := map[string]bool{}
	for _, m := range e.misses {
		seen[m.rule] = true
		a := a
		if m.given != nil {
			a = argsOf(t, e.pattern, m.given)
		}
		d := foundAt(e.pattern.Find(m.within, a), first)
		if d == nil {
			t.Errorf("%s: %s just met, and not found: %+v", e.pattern.Name, m.rule, e.pattern.Candidates(m.within, a))
			continue
		}
		for _, r := range d.Rules {
			if r.Name == m.rule && !(r.Margin() < 0.3) {
				t.Errorf("%s: %+v is not near its bound", e.pattern.Name, r)
			}
		}
		if d := foundAt(e.pattern.Find(m.past, a), first); d != nil {
			t.Errorf("%s: %s is broken, and it is found: %+v", e.pattern.Name, m.rule, d)
			continue
		}
		d = foundAt(e.pattern.Candidates(m.past, a), first)
		if d == nil {
			t.Errorf("%s: %s is broken, and there is no candidate", e.pattern.Name, m.rule)
			continue
		}
		for _, r := range d.Rules {
			if r.Met == (r.Name == m.rule) {
				t.Errorf("%s: a broken %s has %+v", e.pattern.Name, m.rule, r)
			}
		}
	}
	for _, r := range d.Rules {
		if len(e.misses) > 0 && !seen[r.Name] {
			t.Errorf("%s: no near miss breaks its rule %s", e.pattern.Name, r.Name)
		}
	}
	// Upside down it is the opposite pattern, to the last bit.
	down := foundAt(e.opposite.Find(upsideDownAt(e.bars, 512), a), first)
	if down == nil {
		t.Fatalf("%s: upside down there is no %s", e.pattern.Name, e.opposite.Name)
	}
	if down.Direction != -d.Direction || down.Bar != d.Bar || len(down.Points) != len(d.Points) {
		t.Errorf("%s: upside down it is %+v", e.pattern.Name, down)
	}
	for i, p := range down.Points {
		if q := d.Points[i]; p.Bar != q.Bar || p.Price != 512-q.Price {
			t.Errorf("%s: upside down %v is %v", e.pattern.Name, q, p)
		}
	}
}
