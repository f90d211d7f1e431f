package chart

import (
	"iter"
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// line goes through two turns, and on.
type line struct{ from, to Swing }

// rise is how far the line climbs in so many bars.
func (l line) rise(bars int) float64 {
	return float64((l.to.Price - l.from.Price) / float64(l.to.Bar-l.from.Bar) * float64(bars))
}

// above is how far a price at a bar is above the line. It is made of differences
// of prices alone: upside down it is the same number with the other sign.
func (l line) above(bar int, price float64) float64 {
	return (price - l.from.Price) - l.rise(bar-l.from.Bar)
}

// runs are every n turns in a row.
func runs(turns []Swing, n int) iter.Seq[[]Swing] {
	return func(yield func([]Swing) bool) {
		for end := n; end <= len(turns); end++ {
			if !yield(turns[end-n : end : end]) {
				return
			}
		}
	}
}

// named are the points of turns.
func named(turns []Swing, names ...string) []Point {
	points := make([]Point, len(turns))
	for i, t := range turns {
		points[i] = Point{names[i], t.Bar, t.Price}
	}
	return points
}

// breakParams are the parameters of figures that a close beyond a line completes.
func breakParams() []ta.Param {
	return []ta.Param{
		ta.Number("break", 0.02, 0, 10, "how far beyond the line a close must be, in heights of the figure"),
		ta.Number("wait", 1, 0, 10, "how long the price may take to break the line once the last turn is known, in lengths of the figure"),
	}
}

// decisive is how far beyond the line a close is that the book would draw, in
// heights of the figure, unless twice what it must be is more.
const decisive = 0.1

// await waits for the close that completes a figure, from the bar on at which its
// last turn was known: one that is deep enough beyond its line, in heights. It
// gives up after its patience, and at a close at which the figure has failed. The
// figure has the outcome as a rule; await is false where bars still to come decide.
func await(b Bars, a ta.Args, d *Detection, length int, depth func(bar int) float64, failed func(bar int) bool) bool {
	enough, last := a.Float("break"), d.Bar+int(a.Float("wait")*float64(length))
	deepest := math.Inf(-1)
	for i := d.Bar; i < b.Len(); i++ {
		deepest = max(deepest, depth(i))
		if deepest < enough && i < last && !failed(i) {
			continue
		}
		rule := atLeast("break", "how far the close is beyond the line, in heights of the figure", deepest, enough, max(decisive, 2*enough))
		if d.Bar, d.Rules = i, append(d.Rules, rule); rule.Met {
			d.Points = append(d.Points, Point{"break", i, b.Close[i]})
		}
		return true
	}
	return false
}
