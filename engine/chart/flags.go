package chart

import (
	"fmt"
	"slices"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Flags and pennants are short rests in a quick move, which then goes on.
var (
	BullFlag = &Pattern{
		Spec: restSpec(flag, 0.5, "bull_flag", "Bull Flag",
			`After a quick rise, the pole, the price rests between parallel lines that slope against it or hardly at all; it then closes above the upper line.`),
		find: rests(flag, 0.5),
	}
	BearFlag = &Pattern{
		Spec: restSpec(flag.turned(), 0.5, "bear_flag", "Bear Flag",
			`After a quick fall, the pole, the price rests between parallel lines that slope against it or hardly at all; it then closes under the lower line.`),
		find: rests(flag.turned(), 0.5),
	}
	BullPennant = &Pattern{
		Spec: restSpec(pennant, 0.4, "bull_pennant", "Bull Pennant",
			`After a quick rise, the pole, the price rests in a small triangle; it then closes above the upper line.`),
		find: rests(pennant, 0.4),
	}
	BearPennant = &Pattern{
		Spec: restSpec(pennant.turned(), 0.4, "bear_pennant", "Bear Pennant",
			`After a quick fall, the pole, the price rests in a small triangle; it then closes under the lower line.`),
		find: rests(pennant.turned(), 0.4),
	}
)

var (
	flag    = shape{upper: against, lower: against, gap: bounds{0.7, 1, 1.3}, leaves: Bullish}
	pennant = shape{upper: narrowing.upper, lower: narrowing.lower, gap: narrower, leaves: Bullish}

	// against is how far the lines of a flag rise after a rise.
	against = bounds{-2, -0.5, 0.1}
)

func restSpec(s shape, retrace float64, name, title, doc string) Spec {
	return Spec{
		Name: name, Title: title,
		Doc: doc + s.doc() + ` pole: the length of the pole, the move to the first turn of the rest, at least 2, at best 4 or more. retrace: how much of the pole the rest takes back, at most ` + fmt.Sprint(retrace) + `, at best 0.25 or less. quick: how many bars the pole takes, as a part of those of the rest, at most 2, at best 0.5 or less. short: how many bars the rest takes, at most longest, at best half as many or less. break: how far the close is outside.` + confidenceDoc +
			`R. D. Edwards and J. Magee, Technical Analysis of Stock Trends, 1948: half-mast, within three or four weeks; J. J. Murphy, Technical Analysis of the Financial Markets, 1999. The bounds are ours.`,
		Params: slices.Concat(swingParams(1.5), []ta.Param{
			ta.Bars("longest", 25, 4, "most bars from the end of the pole to the last turn of the rest"),
		}, breakParams()),
	}
}

// rests finds rests of the shape: a pole that goes where the price is to leave,
// and four turns from its end on, which take back no more than that part of it.
func rests(s shape, retrace float64) func(b Bars, a ta.Args) []Detection {
	return func(b Bars, a ta.Args) (all []Detection) {
		on := func(from, to Swing) float64 { return float64(s.leaves) * (to.Price - from.Price) }
		for t := range runs(swings(b, a), 5) {
			foot, end := t[0], t[1]
			pole := on(foot, end)
			if pole <= 0 {
				continue
			}
			longest := a.Float("longest")
			d, ok := s.judge(b, a, t[1:], func(c corridor) []Rule {
				rest := float64(c.length())
				return []Rule{
					atLeast("pole", "length of the pole, in heights of the rest", pole/c.height, 2, 4),
					atMost("retrace", "how much of the pole the rest takes back", max(on(t[2], end), on(t[4], end))/pole, 0.25, retrace),
					atMost("quick", "bars of the pole, as a part of those of the rest", float64(end.Bar-foot.Bar)/rest, 0.5, 2),
					atMost("short", "bars of the rest", rest, longest/2, longest),
				}
			})
			if ok {
				d.Points = append([]Point{{"foot", foot.Bar, foot.Price}}, d.Points...)
				all = append(all, d)
			}
		}
		return all
	}
}
