package chart

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
)

// journey are bars that go from one price to the next in straight lines, about one
// a bar, with shadows of up to 0.02 on both sides; and the bars that are at those
// prices.
func journey(prices ...float64) (Bars, []int) {
	var b Bars
	var at []int
	add := func(price float64) {
		shadow := float64(b.Len()*37%11) * 0.002
		b.Open = append(b.Open, price)
		b.High = append(b.High, price+shadow)
		b.Low = append(b.Low, price-shadow)
		b.Close = append(b.Close, price)
		b.Volume = append(b.Volume, 1000)
	}
	for i, to := range prices {
		if i > 0 {
			from := prices[i-1]
			n := math.Ceil(math.Abs(to - from))
			for k := 1.0; k < n; k++ {
				add(from + (to-from)*k/n)
			}
		}
		at = append(at, b.Len())
		add(to)
	}
	return b, at
}

// ending is the candidate whose named points are at these bars, if there is one.
func ending(t *testing.T, p *Pattern, b Bars, points []int) *Detection {
	t.Helper()
	for _, d := range p.Candidates(b, argsOf(t, p, nil)) {
		same := len(d.Points) >= len(points)
		for i, bar := range points {
			same = same && d.Points[i].Bar == bar
		}
		if same {
			return &d
		}
	}
	return nil
}

// checkFound wants a figure with these points, and no sooner than at its bar.
func checkFound(t *testing.T, p *Pattern, b Bars, points []int, want Direction) *Detection {
	t.Helper()
	d := ending(t, p, b, points)
	if d == nil || !d.Met() || d.Direction != want || d.Bar <= points[len(points)-1] {
		t.Errorf("%s %v: %+v", p.Name, want, d)
		return nil
	}
	for i, bar := range points {
		if d.Points[i].Price != b.High[bar] && d.Points[i].Price != b.Low[bar] {
			t.Errorf("%s: %+v is not the price of its bar", p.Name, d.Points[i])
		}
	}
	if early := ending(t, p, b.first(d.Bar), points); early != nil {
		t.Errorf("%s: it is known before its bar, %d", p.Name, d.Bar)
	}
	if now := ending(t, p, b.first(d.Bar+1), points); !reflect.DeepEqual(now, d) {
		t.Errorf("%s: at its bar it is %+v, later %+v", p.Name, now, d)
	}
	return d
}

// checkMiss wants a figure of these points with that rule broken, and no other.
func checkMiss(t *testing.T, p *Pattern, b Bars, points []int, rule string) {
	t.Helper()
	d := ending(t, p, b, points)
	if d == nil {
		t.Errorf("%s without %s: it is no candidate", p.Name, rule)
		return
	}
	for _, r := range d.Rules {
		if r.Met != (r.Name != rule) {
			t.Errorf("%s without %s: %+v", p.Name, rule, r)
		}
	}
}

// Upside down the waves and harmonics are the same, the other way.
func TestWavesUpsideDown(t *testing.T) {
	for _, p := range slices.Concat(harmonics, waves) {
		a := argsOf(t, p, map[string]any{"reversal": 1.5})
		found := 0
		for _, s := range law.All(31, 1500) {
			b := barsOf(s)
			whole := p.Candidates(b, a)
			found += len(whole)
			turned := p.Candidates(b.flipped(), a)
			for i := range turned {
				d := &turned[i]
				d.Direction = -d.Direction
				for k := range d.Points {
					d.Points[k].Price = -d.Points[k].Price
				}
				if d.Zone != nil {
					d.Zone = &Zone{-d.Zone.Near, -d.Zone.Far}
				}
			}
			if err := equal(turned, whole); err != nil {
				t.Errorf("%s of %s: %v", p.Name, s.Name, err)
			}
		}
		if found == 0 {
			t.Errorf("%s: there is no candidate, so this tests nothing", p.Name)
		}
	}
}
