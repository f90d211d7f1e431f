package chart

import (
	"math"
	"slices"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// HeadAndShoulders ends a rise, InverseHeadAndShoulders a fall.
var (
	HeadAndShoulders = &Pattern{
		Spec: Spec{
			Name: "head_shoulders", Title: "Head and Shoulders",
			Doc:    `A rise ends in three tops, the middle one the highest; the price then closes under the neckline, which joins the two lows between them.` + shouldersDoc,
			Params: shouldersParams,
		},
		find: headAndShoulders,
	}
	InverseHeadAndShoulders = &Pattern{
		Spec: Spec{
			Name: "inverse_head_shoulders", Title: "Inverse Head and Shoulders",
			Doc:    `A fall ends in three bottoms, the middle one the lowest; the price then closes above the neckline, which joins the two highs between them. It is the head and shoulders upside down: for high, above and rise read low, below and fall.` + shouldersDoc,
			Params: shouldersParams,
		},
		find: mirrored(headAndShoulders),
	}
)

var shouldersParams = slices.Concat(swingParams(3), []ta.Param{
	ta.Number("level", 0.3, 0, 10, "how much one shoulder may be higher than the other, in heights of the head"),
}, breakParams())

const shouldersDoc = turnsDoc + breakDoc + ` A close above the right shoulder ends the wait.

Measures are in heights of the head over the neckline. head: how much the head is higher than the higher shoulder, 0.1 to 0.8, at best a third. shoulders: how much one shoulder is higher than the other, at most level. neckline: how much one low is higher than the other, at most 0.5. balance: the shorter way from a shoulder to the head in bars, as a part of the longer one, at least 0.3. trend: how far under the first low the rise began, at least 0, at best 0.5. break: how far the close is under the neckline.` + confidenceDoc +
	`R. D. Edwards and J. Magee, Technical Analysis of Stock Trends, 1948; T. N. Bulkowski, Encyclopedia of Chart Patterns, 2nd edition, 2005. Neither gives figures for all of it: the bounds are ours.`

// headAndShoulders finds tops.
func headAndShoulders(b Bars, a ta.Args) (all []Detection) {
	for t := range runs(swings(b, a), 6) {
		begin, left, valley, head, dip, right := t[0], t[1], t[2], t[3], t[4], t[5]
		neck := line{valley, dip}
		height := neck.above(head.Bar, head.Price)
		if begin.High || height <= 0 {
			continue
		}
		rise, fall := float64(head.Bar-left.Bar), float64(right.Bar-head.Bar)
		d := Detection{
			Direction: Bearish, Bar: right.Known,
			Rules: []Rule{
				between("head", "how much the head stands out over the shoulders, in its heights over the neckline",
					(head.Price-max(left.Price, right.Price))/height, 0.1, 1./3, 0.8),
				atMost("shoulders", "how far the shoulders are from level, in heights of the head",
					math.Abs(left.Price-right.Price)/height, 0, a.Float("level")),
				atMost("neckline", "how far the ends of the neckline are from level, in heights of the head",
					math.Abs(dip.Price-valley.Price)/height, 0, 0.5),
				atLeast("balance", "the shorter way from a shoulder to the head, as a part of the longer",
					min(rise, fall)/max(rise, fall), 0.3, 1),
				atLeast("trend", "how far beyond the neckline the move before the figure began, in heights of the head",
					(valley.Price-begin.Price)/height, 0, 0.5),
			},
		}
		under := func(i int) float64 { return -neck.above(i, b.Close[i]) / height }
		over := func(i int) bool { return b.Close[i] > right.Price }
		if !near(d.Rules) {
			continue
		}
		d.Points = named(t, "begin", "left shoulder", "left neck", "head", "right neck", "right shoulder")
		if !d.Met() || await(b, a, &d, right.Bar-left.Bar, under, over) {
			all = append(all, d)
		}
	}
	return all
}
