package chart

import (
	"math"
	"slices"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Tops end a rise that failed two or three times at one price, bottoms a fall.
var (
	DoubleTop = &Pattern{
		Spec: topsSpec("double_top", "Double Top",
			`A rise ends in two tops at about one price; the price then closes under the low between them.`),
		find: tops(2, "begin", "first top", "valley", "second top"),
	}
	DoubleBottom = &Pattern{
		Spec: topsSpec("double_bottom", "Double Bottom",
			`A fall ends in two bottoms at about one price; the price then closes above the high between them. `+upsideDownDoc),
		find: mirrored(tops(2, "begin", "first bottom", "peak", "second bottom")),
	}
	TripleTop = &Pattern{
		Spec: topsSpec("triple_top", "Triple Top",
			`A rise ends in three tops at about one price; the price then closes under the lower of the lows between them.`),
		find: tops(3, "begin", "first top", "first valley", "second top", "second valley", "third top"),
	}
	TripleBottom = &Pattern{
		Spec: topsSpec("triple_bottom", "Triple Bottom",
			`A fall ends in three bottoms at about one price; the price then closes above the higher of the highs between them. `+upsideDownDoc),
		find: mirrored(tops(3, "begin", "first bottom", "first peak", "second bottom", "second peak", "third bottom")),
	}
)

const upsideDownDoc = `It is the top upside down: for top, low, under and rise read bottom, high, above and fall.`

func topsSpec(name, title, doc string) Spec {
	return Spec{
		Name: name, Title: title,
		Doc: doc + turnsDoc + breakDoc + ` A close above the highest top ends the wait.

The height is that of the tops' mean over the lowest low between them. level: how far the tops are from one price, at most level heights. valleys: with three tops, how far the lows between them are from one price, at most 0.4 heights. apart: the fewest bars from one top to the next, at least apart, at best twice as many. trend: how far under the lowest low the rise began, at least 0 heights, at best 0.5. break: how far the close is under the lowest low, in heights.` + confidenceDoc +
			`R. D. Edwards and J. Magee, Technical Analysis of Stock Trends, 1948; T. N. Bulkowski, Encyclopedia of Chart Patterns, 2nd edition, 2005. They measure in percent of the price and in weeks; the bounds are ours.`,
		Params: slices.Concat(swingParams(3), []ta.Param{
			ta.Number("level", 0.2, 0, 10, "how far the tops may be from one price, in heights of the figure"),
			ta.Bars("apart", 8, 1, "fewest bars from one top to the next"),
		}, breakParams()),
	}
}

// tops finds so many tops at one price.
func tops(n int, names ...string) func(b Bars, a ta.Args) []Detection {
	return func(b Bars, a ta.Args) (all []Detection) {
		for t := range runs(swings(b, a), 2*n) {
			begin := t[0]
			if begin.High {
				continue
			}
			top, bottom := t[1], t[2] // the highest and the lowest
			low, valley := t[1], t[2] // the lowest top and the highest valley
			apart := math.MaxInt
			for i := 3; i < len(t); i += 2 {
				apart = min(apart, t[i].Bar-t[i-2].Bar)
				top, low = higher(top, t[i]), lower(low, t[i])
				valley, bottom = higher(valley, t[i-1]), lower(bottom, t[i-1])
			}
			height := 0.0
			for i := 1; i < len(t); i += 2 {
				height += t[i].Price - bottom.Price
			}
			height /= float64(n)
			d := Detection{
				Direction: Bearish, Bar: t[len(t)-1].Known,
				Rules: []Rule{
					atMost("level", "how far the tops are from one price, in heights of the figure",
						(top.Price-low.Price)/height, 0, a.Float("level")),
					atLeast("apart", "fewest bars from one top to the next",
						float64(apart), a.Float("apart"), 2*a.Float("apart")),
					atLeast("trend", "how far beyond the line to break the move before the figure began, in heights of the figure",
						(bottom.Price-begin.Price)/height, 0, 0.5),
				},
			}
			if n > 2 {
				d.Rules = append(d.Rules, atMost("valleys", "how far the turns between the tops are from one price, in heights of the figure",
					(valley.Price-bottom.Price)/height, 0, 0.4))
			}
			under := func(i int) float64 { return (bottom.Price - b.Close[i]) / height }
			over := func(i int) bool { return b.Close[i] > top.Price }
			if !near(d.Rules) {
				continue
			}
			d.Points = named(t, names...)
			if !d.Met() || await(b, a, &d, t[len(t)-1].Bar-t[1].Bar, under, over) {
				all = append(all, d)
			}
		}
		return all
	}
}

func higher(s, t Swing) Swing {
	if t.Price > s.Price {
		return t
	}
	return s
}

func lower(s, t Swing) Swing {
	if t.Price < s.Price {
		return t
	}
	return s
}
