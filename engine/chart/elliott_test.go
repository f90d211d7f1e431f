package chart

import "testing"

func TestElliott(t *testing.T) {
	for _, c := range []struct {
		pattern *Pattern
		book    []float64 // from a start at 0, the first wave upwards
		want    Direction
		least   float64     // of the book's confidence
		hits    [][]float64 // each just within the bound of a rule
		misses  map[string][]float64
	}{
		{ElliottImpulse, []float64{0, 100, 38.2, 200, 138.2, 238.2}, Bullish, 0.995, [][]float64{
			{0, 100, 1, 200, 138.2, 238.2}, {0, 100, 38.2, 106, 101, 168}, {0, 100, 38.2, 139.2, 118, 220}, {0, 100, 38.2, 200, 101, 238.2},
		}, map[string][]float64{
			"wave 2":              {0, 100, -1, 200, 138.2, 238.2},
			"wave 3":              {0, 100, 38.2, 99, 70, 128},
			"wave 3 of the three": {0, 100, 38.2, 137.2, 118, 220},
			"wave 4":              {0, 100, 38.2, 200, 99, 238.2},
		}},
		{ElliottZigzag, []float64{0, 100, 50, 150}, Bearish, 0.995, [][]float64{{0, 100, 1, 150}, {0, 100, 50, 101}}, map[string][]float64{
			"zigzag B": {0, 100, -1, 150},
			"zigzag C": {0, 100, 50, 99},
		}},
		{ElliottFlat, []float64{0, 100, 0, 110}, Bearish, 0.97, [][]float64{{0, 100, 9, 110}, {0, 100, 0, 101}}, map[string][]float64{
			"flat B": {0, 100, 11, 110},
			"flat C": {0, 100, 0, 99},
		}},
	} {
		drawn := func(prices []float64) (Bars, []int) {
			n := len(prices)
			up := []float64{1020} // the first wave is after a fall, and the last is followed by one
			for _, p := range append(prices[:n:n], prices[n-1]-20) {
				up = append(up, 1000+p)
			}
			b, at := journey(up...)
			return b, at[1 : n+1]
		}
		b, at := drawn(c.book)
		if d := checkFound(t, c.pattern, b, at, c.want); d != nil && d.Confidence < c.least {
			t.Errorf("%s: confidence %v: %+v", d.Pattern, d.Confidence, d.Rules)
		}
		checkFound(t, c.pattern, b.flipped(), at, -c.want)
		checkFound(t, Elliott, b, at, c.want)
		for _, prices := range c.hits {
			b, at := drawn(prices)
			checkFound(t, c.pattern, b, at, c.want)
		}
		for rule, prices := range c.misses {
			b, at := drawn(prices)
			if rule == "wave 3" { // one that short is in the territory of wave 1 as well, and no near miss
				turns := swings(b, argsOf(t, c.pattern, nil))
				d := impulse.read(turns[1:7])
				if d.Points[5].Bar != at[5] || d.Rules[1].Name != rule || d.Rules[1].Met || ending(t, c.pattern, b, at) != nil {
					t.Errorf("%s without %s: %+v", c.pattern.Name, rule, d)
				}
				continue
			}
			checkMiss(t, c.pattern, b, at, rule)
		}
	}
}

// The latest count follows the waves: the impulse when its fifth wave has ended,
// then the correction of it; and where no count keeps its rules, the one that
// breaks the fewest, with what it breaks.
func TestElliottLatest(t *testing.T) {
	latest := func(b Bars) Detection {
		all := Elliott.Find(b, argsOf(t, Elliott, nil))
		if len(all) != 1 {
			t.Fatalf("%d latest counts", len(all))
		}
		return all[0]
	}
	b, at := journey(1020, 1000, 1100, 1038.2, 1200, 1138.2, 1238.2, 1140, 1190, 1090, 1110)
	five := latest(b.first(at[6] + 10))
	if five.Points[0].Bar != at[1] || five.Points[5].Name != "5" || five.Points[5].Bar != at[6] || !five.Met() || five.Direction != Bullish {
		t.Errorf("after wave 5: %+v", five)
	}
	abc := latest(b)
	if len(abc.Points) != 4 || abc.Points[0].Bar != at[6] || abc.Points[3].Name != "C" || abc.Points[3].Bar != at[9] || !abc.Met() || abc.Direction != Bullish {
		t.Errorf("after wave C: %+v", abc)
	}
	b, _ = journey(1020, 1000, 1100, 1003, 1110, 1090)
	if both := latest(b); both.Pattern != "elliott_flat" || !both.Met() {
		t.Errorf("a zigzag that is nearly a flat, and rather that: %+v", both)
	}
	b, at = journey(1020, 1000, 1100, 1038.2, 1200, 1098, 1150, 1120)
	broken := latest(b)
	if broken.Met() || broken.Points[len(broken.Points)-1].Bar != at[6] {
		t.Errorf("a count that breaks no rule: %+v", broken)
	}
}
