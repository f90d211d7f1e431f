package chart

import (
	"fmt"
	"math"
	"slices"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// corridor is what the price turns in: a line through the first and the last of
// its highs, and one through the first and the last of its lows. The height is
// the distance between the lines at the first turn.
type corridor struct {
	turns        []Swing
	upper, lower line
	height       float64
}

func newCorridor(turns []Swing) corridor {
	c := corridor{turns: turns}
	n := len(turns)
	one, two := line{turns[0], turns[(n-1)&^1]}, line{turns[1], turns[n-1-n&1]}
	if c.upper, c.lower = one, two; !turns[0].High {
		c.upper, c.lower = two, one
	}
	c.height = c.gap(turns[0].Bar)
	return c
}

func (c corridor) first() Swing { return c.turns[0] }
func (c corridor) last() Swing  { return c.turns[len(c.turns)-1] }
func (c corridor) length() int  { return c.last().Bar - c.first().Bar }

// gap is the distance between the lines at a bar.
func (c corridor) gap(bar int) float64 {
	return (c.upper.from.Price - c.lower.from.Price) +
		(c.upper.rise(bar-c.upper.from.Bar) - c.lower.rise(bar-c.lower.from.Bar))
}

// above and below are how far a price is outside, in heights; below zero it is
// on the inner side of the line.
func (c corridor) above(bar int, price float64) float64 {
	return c.upper.above(bar, price) / c.height
}
func (c corridor) below(bar int, price float64) float64 {
	return -c.lower.above(bar, price) / c.height
}

// bounds are the least, ideal and most of a rule.
type bounds struct{ least, ideal, most float64 }

func (k bounds) rule(name, doc string, found float64) Rule {
	return between(name, doc, found, k.least, k.ideal, k.most)
}

// String is for docs.
func (k bounds) String() string {
	switch {
	case math.IsInf(k.most, 1):
		return fmt.Sprintf("at least %v, at best %v or more", k.least, k.ideal)
	case math.IsInf(k.least, -1):
		return fmt.Sprintf("at most %v, at best %v or less", k.most, k.ideal)
	}
	return fmt.Sprintf("%v to %v, at best %v", k.least, k.most, k.ideal)
}

// turned are the bounds of what has the other sign upside down.
func (k bounds) turned() bounds { return bounds{0 - k.most, 0 - k.ideal, 0 - k.least} }

// level is what is neither rising nor falling.
var level = bounds{-0.1, 0, 0.1}

// shape tells corridors apart: how the lines rise over the length of the figure,
// in its heights, how far they are apart at its end, also in heights, and through
// which line the price must leave; Neutral is either.
type shape struct {
	upper, lower, gap bounds
	leaves            Direction
}

// turned is the shape upside down.
func (s shape) turned() shape {
	return shape{s.lower.turned(), s.upper.turned(), s.gap, -s.leaves}
}

// doc are the rules in words.
func (s shape) doc() string {
	leaves := map[Direction]string{
		Neutral: "through either line, which is its direction",
		Bearish: "through the lower line; one through the upper line ends the wait",
		Bullish: "through the upper line; one through the lower line ends the wait",
	}[s.leaves]
	return fmt.Sprintf(turnsDoc+`One line goes through the first and the last of the highs of the figure, one through the first and the last of its lows. `+breakDoc+` It leaves %s. Where the lines meet the wait ends.

Measures are in heights, the distance of the lines at the first turn. upper: how far the upper line rises over the length of the figure, %v. lower: how far the lower line rises, %v. gap: how far the lines are apart at the last turn, %v.`, leaves, s.upper, s.lower, s.gap)
}

// judge looks at turns as a corridor of the shape; ok is false where they come
// not even near it, or where bars still to come decide. more adds rules.
func (s shape) judge(b Bars, a ta.Args, turns []Swing, more func(c corridor) []Rule) (d Detection, ok bool) {
	c := newCorridor(turns)
	if c.height <= 0 {
		return d, false
	}
	d = Detection{Direction: s.leaves, Bar: c.last().Known, Rules: []Rule{
		s.upper.rule("upper", "rise of the upper line over the figure, in heights", c.upper.rise(c.length())/c.height),
		s.lower.rule("lower", "rise of the lower line over the figure, in heights", c.lower.rise(c.length())/c.height),
		s.gap.rule("gap", "distance of the lines at the last turn, in heights", c.gap(c.last().Bar)/c.height),
	}}
	if !near(d.Rules) { // as nearly all are: spare them the rest
		return d, false
	}
	if d.Rules = append(d.Rules, more(c)...); !near(d.Rules) {
		return d, false
	}
	for i, t := range turns {
		d.Points = append(d.Points, Point{fmt.Sprintf("%s %d", side(t), 1+i/2), t.Bar, t.Price})
	}
	if !d.Met() {
		return d, true
	}
	depth := func(i int) float64 {
		if c.gap(i) <= 0 { // there is nothing left to break
			return -1
		}
		up, down := c.above(i, b.Close[i]), c.below(i, b.Close[i])
		switch s.leaves {
		case Bullish:
			return up
		case Bearish:
			return down
		}
		return max(up, down)
	}
	over := func(i int) bool {
		return c.gap(i) <= 0 || max(c.above(i, b.Close[i]), c.below(i, b.Close[i])) >= a.Float("break")
	}
	if !await(b, a, &d, c.length(), depth, over) {
		return d, false
	}
	if s.leaves == Neutral && d.Met() {
		if d.Direction = Bearish; c.above(d.Bar, b.Close[d.Bar]) > c.below(d.Bar, b.Close[d.Bar]) {
			d.Direction = Bullish
		}
	}
	return d, true
}

func side(t Swing) string {
	if t.High {
		return "high"
	}
	return "low"
}

// corridorParams are the parameters of the corridors that touch their lines often.
var corridorParams = slices.Concat(swingParams(3), []ta.Param{
	{Name: "touches", Default: 5, Min: 4, Max: 12, Integer: true, Doc: "turns that make the figure"},
	ta.Number("touch", 0.15, 0, 10, "how far a turn or close may be from the line, in heights of the figure"),
}, breakParams())

// spec is the Spec of such a corridor.
func (s shape) spec(name, title, doc, source string) Spec {
	return Spec{Name: name, Title: title, Doc: doc + s.doc() + touchDoc + source, Params: corridorParams}
}

const touchDoc = ` touch: how far a turn between the first and the last of its side is from its line, at most touch. inside: how far a close between the first and the last turn is outside, at most touch. break: how far the close is outside.` + confidenceDoc

// find finds the corridors of the shape with as many turns as are asked for.
func (s shape) find(b Bars, a ta.Args) (all []Detection) {
	most := a.Float("touch")
	for t := range runs(swings(b, a), a.Int("touches")) {
		d, ok := s.judge(b, a, t, func(c corridor) []Rule {
			rules := []Rule{atMost("inside", "how far a close is outside, in heights", c.outside(b), 0, most)}
			if len(t) > 4 {
				rules = append(rules, atMost("touch", "how far a turn is from its line, in heights", c.astray(), 0, most))
			}
			return rules
		})
		if ok {
			all = append(all, d)
		}
	}
	return best(all)
}

// astray is how far a turn is at most from its line, in heights.
func (c corridor) astray() float64 {
	far := 0.0
	for _, t := range c.turns {
		from := c.lower.above(t.Bar, t.Price)
		if t.High {
			from = c.upper.above(t.Bar, t.Price)
		}
		far = max(far, math.Abs(from)/c.height)
	}
	return far
}

// outside is how far a close from the first turn to the last is outside at most,
// in heights.
func (c corridor) outside(b Bars) float64 {
	far := 0.0
	for i := c.first().Bar; i <= c.last().Bar; i++ {
		far = max(far, c.above(i, b.Close[i]), c.below(i, b.Close[i]))
	}
	return far
}

// best leaves, of the figures that one close completes, the one with the highest
// confidence, of equals the last: a corridor that was touched often is several.
func best(all []Detection) []Detection {
	which := map[int]int{} // by the bar
	for i := range all {
		if !all[i].Met() {
			continue
		}
		if k, again := which[all[i].Bar]; !again || confidence(all[i].Rules) >= confidence(all[k].Rules) {
			which[all[i].Bar] = i
		}
	}
	left := all[:0]
	for i, d := range all {
		if k, is := which[d.Bar]; !d.Met() || is && k == i {
			left = append(left, d)
		}
	}
	return left
}
