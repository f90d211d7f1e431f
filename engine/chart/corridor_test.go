package chart

import (
	"maps"
	"slices"
	"testing"
)

// lane is a drawing of a corridor: the price turns at these bars, on one line and
// the other in turn. In it prices are told in heights: the lower line begins at 0
// and the upper one at 1.
type lane struct {
	bars         []int
	low          bool    // whether the first turn is on the lower line
	upper, lower float64 // rise of the lines from the first turn to the last
	lead         at      // where the price comes from
	off          map[int]float64
	hold         int                         // bars for which it stays where it first turned
	tail         func(l lane, last int) []at // what comes after
}

// ground and height are the same for all drawings.
const (
	ground = 160.
	height = 16.
)

// on is a point between the lines, 0 on the lower and 1 on the upper one, or so
// many heights outside them.
func (l lane) on(bar int, side float64) at {
	x := float64(bar-l.bars[0]) / float64(l.bars[len(l.bars)-1]-l.bars[0])
	lower, upper := l.lower*x, 1+l.upper*x
	switch {
	case side < 0:
		return at{bar, lower + side}
	case side > 1:
		return at{bar, upper + side - 1}
	}
	return at{bar, lower + side*(upper-lower)}
}

// turns are where the price turns, in prices.
func (l lane) turns() (turns []at) {
	for i, bar := range l.bars {
		side := 1.
		if l.low == (i%2 == 0) {
			side = 0
		}
		turn := l.on(bar, side)
		turns = append(turns, at{bar, turn.price + l.off[i]})
	}
	return prices(turns)
}

func prices(heights []at) (points []at) {
	for _, p := range heights {
		points = append(points, at{p.bar, ground + height*p.price})
	}
	return points
}

func (l lane) draw() Bars {
	turns := l.turns()
	points := append(prices([]at{l.lead}), turns[0])
	if l.hold > 0 { // a little inside, so that the first bar is the turn
		inside := 0.25
		if !l.low {
			inside = -inside
		}
		points = append(points, at{l.bars[0] + 1, turns[0].price + inside}, at{l.bars[0] + l.hold, turns[0].price + inside})
	}
	points = append(points, turns[1:]...)
	return drawn(append(points, prices(l.tail(l, l.bars[len(l.bars)-1]))...)...)
}

// with is the lane with something changed.
func (l lane) with(change func(l *lane)) Bars {
	l.bars, l.off = slices.Clone(l.bars), maps.Clone(l.off)
	change(&l)
	return l.draw()
}

// sloped is the lane with lines of other slopes.
func (l lane) sloped(upper, lower float64) Bars {
	return l.with(func(l *lane) { l.upper, l.lower = upper, lower })
}

func (l lane) shifted(turn int, by float64) Bars {
	return l.with(func(l *lane) { l.off = map[int]float64{turn: by} })
}

func (l lane) held(bars int) Bars { return l.with(func(l *lane) { l.hold = bars }) }

func (l lane) then(tail func(l lane, last int) []at) Bars {
	return l.with(func(l *lane) { l.tail = tail })
}

// leaves is a tail that closes outside ten bars after the last turn, and goes on.
func leaves(side float64) func(l lane, last int) []at {
	inner := min(max(side, 0.1), 0.9)
	return func(l lane, last int) []at {
		return []at{l.on(last+9, inner), l.on(last+10, side), l.on(last+20, side+5*(side-inner))}
	}
}

// stays is one that then goes back between the lines until the wait is over.
func stays(side float64) func(l lane, last int) []at {
	return func(l lane, last int) []at {
		tail := leaves(side)(l, last)[:2]
		return append(tail, l.on(last+11, 0.5), l.on(last+4*(last-l.bars[0]), 0.5))
	}
}

// under and over are tails of a figure that the price leaves as the book says.
var under, over = leaves(-0.2), leaves(1.2)

// corridorExample is the example that a lane draws.
func corridorExample(p, opposite *Pattern, l lane, direction Direction, misses ...miss) *example {
	last := l.bars[len(l.bars)-1]
	return &example{
		pattern: p, opposite: opposite, given: map[string]any{"reversal": 0.5},
		bars: l.draw(), direction: direction, bar: last + 10,
		want:   append(l.turns(), prices(l.tail(l, last)[1:2])...),
		misses: misses,
	}
}

// high and low are lanes of five turns, from a high that the price rose to and
// from a low that it fell to.
func highLane(upper, lower float64) lane {
	return lane{bars: []int{20, 45, 55, 65, 75}, upper: upper, lower: lower, lead: at{0, -2}, tail: under}
}

func lowLane(upper, lower float64) lane {
	return lane{bars: []int{20, 45, 55, 65, 75}, low: true, upper: upper, lower: lower, lead: at{0, 3}, tail: over}
}

func TestTriangles(t *testing.T) {
	l := lowLane(0, 0.5)
	corridorExample(AscendingTriangle, DescendingTriangle, l, Bullish,
		miss{rule: "upper", within: l.sloped(0.09, 0.5), past: l.sloped(0.11, 0.5)},
		miss{rule: "upper", within: l.sloped(-0.09, 0.5), past: l.sloped(-0.11, 0.5)},
		miss{rule: "lower", within: l.sloped(-0.05, 0.21), past: l.sloped(-0.05, 0.19)},
		miss{rule: "gap", within: l.sloped(0.04, 0.25), past: l.sloped(0.06, 0.25)},
		miss{rule: "touch", within: l.shifted(2, 0.14), past: l.shifted(2, 0.16)},
		miss{rule: "inside", within: l.held(16), past: l.held(20)},
		miss{rule: "break", within: l.then(stays(1.03)), past: l.then(stays(1.01))},
	).try(t)
	l.tail = under // it breaks on the other side, too
	corridorExample(AscendingTriangle, DescendingTriangle, l, Bearish).try(t)

	l = highLane(-0.25, 0.25)
	steep := highLane(-0.6, 0.2)
	corridorExample(SymmetricalTriangle, SymmetricalTriangle, l, Bearish,
		miss{rule: "upper", within: l.sloped(-0.11, 0.25), past: l.sloped(-0.09, 0.25)},
		miss{rule: "lower", within: l.sloped(-0.25, 0.11), past: l.sloped(-0.25, 0.09)},
		miss{rule: "gap", within: l.sloped(-0.44, 0.45), past: l.sloped(-0.46, 0.45)},
		miss{rule: "touch", within: l.shifted(2, -0.14), past: l.shifted(2, -0.16)},
		miss{rule: "inside", within: steep.held(14), past: steep.held(17)},
		miss{rule: "break", within: l.then(stays(-0.03)), past: l.then(stays(-0.01))},
	).try(t)
	corridorExample(SymmetricalTriangle, SymmetricalTriangle, lowLane(-0.25, 0.25), Bullish).try(t)
}

func TestWedges(t *testing.T) {
	l := highLane(0.5, 1)
	low := lowLane(0.5, 1)
	low.tail = under
	corridorExample(RisingWedge, FallingWedge, l, Bearish,
		miss{rule: "upper", within: l.sloped(0.11, 0.5), past: l.sloped(0.09, 0.5)},
		miss{rule: "lower", within: l.sloped(0.15, 0.41), past: l.sloped(0.15, 0.39)},
		miss{rule: "gap", within: l.sloped(0.5, 0.71), past: l.sloped(0.5, 0.69)},
		miss{rule: "touch", within: l.shifted(2, -0.14), past: l.shifted(2, -0.16)},
		miss{rule: "break", within: l.then(stays(-0.03)), past: l.then(stays(-0.01))},
		miss{rule: "break", within: low.then(stays(-0.03)), past: low.then(over)}, // on the wrong side
		miss{rule: "inside", within: low.held(8), past: low.held(11)},
	).try(t)
}

func TestChannels(t *testing.T) {
	l := highLane(1, 1)
	low := lowLane(1, 1)
	low.tail = under
	corridorExample(AscendingChannel, DescendingChannel, l, Bearish,
		miss{rule: "upper", within: l.sloped(0.31, 0.35), past: l.sloped(0.29, 0.35)},
		miss{rule: "lower", within: l.sloped(0.35, 0.31), past: l.sloped(0.35, 0.29)},
		miss{rule: "gap", within: l.sloped(1.14, 1), past: l.sloped(1.16, 1)},
		miss{rule: "gap", within: l.sloped(0.86, 1), past: l.sloped(0.84, 1)},
		miss{rule: "touch", within: l.shifted(2, -0.14), past: l.shifted(2, -0.16)},
		miss{rule: "break", within: l.then(stays(-0.03)), past: l.then(stays(-0.01))},
		miss{rule: "inside", within: low.held(8), past: low.held(11)},
	).try(t)
	corridorExample(AscendingChannel, DescendingChannel, lowLane(1, 1), Bullish).try(t)

	l = highLane(0, 0)
	few := highLane(-0.09, -0.09)
	few.bars, few.tail = []int{20, 60, 70, 80}, over
	corridorExample(HorizontalChannel, HorizontalChannel, l, Bearish,
		miss{rule: "upper", within: l.sloped(0.09, 0), past: l.sloped(0.11, 0)},
		miss{rule: "lower", within: l.sloped(0, -0.09), past: l.sloped(0, -0.11)},
		miss{rule: "gap", within: l.sloped(0.07, -0.07), past: l.sloped(0.08, -0.08)},
		miss{rule: "touch", within: l.shifted(2, -0.14), past: l.shifted(2, -0.16)},
		miss{rule: "break", within: l.then(stays(-0.03)), past: l.then(stays(-0.01))},
		// Lines as level leave room for a close outside only where less is allowed.
		miss{rule: "inside", within: few.held(20), past: few.held(30),
			given: map[string]any{"reversal": 1.0, "unit": "percent", "touches": 4, "touch": 0.02}},
	).try(t)
}

// Where the lines of a triangle meet the wait ends, whatever comes later.
func TestApex(t *testing.T) {
	l := lowLane(0, 0.5) // the lines are a half apart at bar 75 and meet at bar 130
	l.tail = func(l lane, last int) []at { return []at{l.on(last+10, 0.5), {129, 0.99}, {134, 0.99}, {140, 2}} }
	a := argsOf(t, AscendingTriangle, map[string]any{"reversal": 0.5, "wait": 10})
	d := foundAt(AscendingTriangle.Candidates(l.draw(), a), 20)
	if d == nil || d.Met() || d.Bar != 130 {
		t.Errorf("%+v, want one that ends at bar 130", d)
	}
}

// Of the figures that one close completes the most convincing is left, and what
// was not completed stays.
func TestBest(t *testing.T) {
	made := func(bar int, found float64) Detection {
		return Detection{Bar: bar, Rules: []Rule{between("", "", found, 0, 1, 2)}}
	}
	all := []Detection{made(7, 1.5), made(7, 1.1), made(7, 1.3), made(7, 3), made(9, 1.9), made(7, 0.9)}
	got := best(append([]Detection(nil), all...))
	if want := []Detection{all[3], all[4], all[5]}; equal(got, want) != nil {
		t.Errorf("%+v, want %+v", got, want)
	}
}
