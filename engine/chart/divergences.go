package chart

import (
	"math"
	"slices"

	"github.com/gravitywavesml/gravity_techanalysis/engine/momentum"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// A divergence is a turn of the price that an oscillator does not confirm.
var (
	BearishDivergence = &Pattern{
		Spec: divergenceSpec("bearish_divergence", "Bearish Divergence",
			`The price makes a higher high, the oscillator a lower one: the rise loses its force.`),
		find: compared(diverging(1, "first high", "low between", "second high")),
	}
	BullishDivergence = &Pattern{
		Spec: divergenceSpec("bullish_divergence", "Bullish Divergence",
			`The price makes a lower low, the oscillator a higher one: the fall loses its force. `+lowsDoc),
		find: compared(mirrored(diverging(1, "first low", "high between", "second low"))),
	}
	HiddenBearishDivergence = &Pattern{
		Spec: divergenceSpec("hidden_bearish_divergence", "Hidden Bearish Divergence",
			`The oscillator makes a higher high, the price a lower one: all that force moved the price little, and the fall goes on.`),
		find: compared(diverging(-1, "first high", "low between", "second high")),
	}
	HiddenBullishDivergence = &Pattern{
		Spec: divergenceSpec("hidden_bullish_divergence", "Hidden Bullish Divergence",
			`The oscillator makes a lower low, the price a higher one: all that force moved the price little, and the rise goes on. `+lowsDoc),
		find: compared(mirrored(diverging(-1, "first low", "high between", "second low"))),
	}
)

const lowsDoc = `In the rules below read low for high and high for low.`

func divergenceSpec(name, title, doc string) Spec {
	return Spec{
		Name: name, Title: title, Compares: true,
		Doc: doc + turnsDoc + `Two highs that follow one another are compared, when the second is known; the oscillator is read at the bars of the highs.

price: how far the two highs are apart, in the way that makes the divergence, as a part of the height of the first over the low between them, at least 0.02, at best 0.25 or more. oscillator: how far its two values are apart, the other way, as a part of the range of the oscillator from the one high to the other, at least 0.1, at best 0.5 or more. apart: bars between the highs, from 4 to longest, at best a quarter of that.` + confidenceDoc +
			`J. W. Wilder, New Concepts in Technical Trading Systems, 1978; J. J. Murphy, Technical Analysis of the Financial Markets, 1999; hidden ones, as reversals of that name: A. Cardwell, whose courses named them. The bounds are ours.`,
		Params: slices.Concat(swingParams(2), []ta.Param{
			ta.Choice("oscillator", 0, oscillatorNames(), "what the price is compared with, at its own defaults, where no column of its own is given"),
			ta.Bars("longest", 60, 5, "most bars from one high to the next"),
		}),
	}
}

// oscillators are those that the price can be compared with: an indicator, and
// which of its outputs.
var oscillators = []struct {
	name   string
	of     *ta.Indicator
	output int
}{
	{"rsi", momentum.RSI, 0},
	{"macd_hist", momentum.MACD, 2},
	{"macd", momentum.MACD, 0},
	{"cci", momentum.CCI, 0},
	{"stoch", momentum.Stoch, 0},
	{"mom", momentum.Mom, 0},
}

func oscillatorNames() (names []string) {
	for _, o := range oscillators {
		names = append(names, o.name)
	}
	return names
}

// compared gives the bars the oscillator that is asked for, if they have none.
func compared(find func(b Bars, a ta.Args) []Detection) func(b Bars, a ta.Args) []Detection {
	return func(b Bars, a ta.Args) []Detection {
		if b.Oscillator == nil {
			o := oscillators[int(a.Float("oscillator"))]
			var in [][]float64
			for _, input := range o.of.Inputs {
				in = append(in, map[string][]float64{"high": b.High, "low": b.Low, "close": b.Close}[input.Column()])
			}
			b.Oscillator = run(o.of, nil, in...)[o.output]
		}
		return find(b, a)
	}
}

// diverging finds divergences of highs: with side 1 where the price goes on and
// the oscillator does not, with −1 the other way round.
func diverging(side float64, names ...string) func(b Bars, a ta.Args) []Detection {
	return func(b Bars, a ta.Args) (all []Detection) {
		longest := a.Float("longest")
		for t := range runs(swings(b, a), 3) {
			first, middle, second := t[0], t[1], t[2]
			values := b.Oscillator[first.Bar : second.Bar+1]
			reach := slices.Max(values) - slices.Min(values) // NaN where one of them is
			if !first.High || !(reach > 0) || math.IsInf(reach, 1) {
				continue
			}
			rules := []Rule{
				atLeast("price", "how far the turns are apart in price, in heights of the first",
					side*(second.Price-first.Price)/(first.Price-middle.Price), 0.02, 0.25),
				atLeast("oscillator", "how far they are apart the other way in the oscillator, in its range between them",
					side*(values[0]-values[len(values)-1])/reach, 0.1, 0.5),
				between("apart", "bars from the one turn to the other",
					float64(second.Bar-first.Bar), 4, max(longest/4, 4), longest),
			}
			if near(rules) {
				all = append(all, Detection{Direction: Bearish, Bar: second.Known, Points: named(t, names...), Rules: rules})
			}
		}
		return all
	}
}
