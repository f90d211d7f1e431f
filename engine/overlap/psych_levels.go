package overlap

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// PsychLevels are the round prices around the price.
var PsychLevels = &ta.Indicator{
	Spec: ta.Spec{
		Name: "psych_levels", Title: "Psychological Levels", Group: ta.GroupOverlap,
		Doc: `The round prices next to the price: orders gather there, since people think in round numbers, so prices turn at them and run once they are past.

A level is a number of at most as many significant figures as figures says: of 43,217 the levels of 2 figures are 43,000 and 44,000, those of 1 are 40,000 and 50,000; of 1.0873 those of 3 are 1.08 and 1.09. below is the highest level that is not above x, above the lowest that is. There is no value where x is not above 0 (nor below 1e-300 or above 1e300). Round numbers are of the decimal system and do not double with prices, so the outputs have no unit.

C. L. Osler, Currency Orders and Exchange Rate Dynamics: An Explanation for the Predictive Success of Technical Analysis, The Journal of Finance, 2003.`,
		Inputs: []ta.Input{ta.Real},
		Params: []ta.Param{{Name: "figures", Default: 2, Min: 1, Max: 6, Integer: true, Doc: "significant figures of a level"}},
		Outputs: []ta.Output{
			{Name: "below", Unit: ta.None, Doc: "in prices"}, {Name: "above", Unit: ta.None, Doc: "in prices"},
		},
		Memory: ta.Window,
	},
	Warmup: func(ta.Args) int { return 0 },
	New: func(a ta.Args) ta.Kernel {
		figures := a.Int("figures")
		return ta.NewKernel(func(in, out ta.Columns) {
			for i, x := range in[0] {
				out[0][i], out[1][i] = around(x, figures)
			}
		})
	},
}

// around are the numbers of some significant figures next to x.
func around(x float64, figures int) (below, above float64) {
	if !(x >= 1e-300 && x <= 1e300) {
		return math.NaN(), math.NaN()
	}
	_, twos := math.Frexp(x)
	tens := int(math.Floor(float64(twos-1) * (math.Ln2 / math.Ln10))) // or one more
	if math.Pow10(tens+1) <= x {
		tens++
	}
	// The levels are whole multiples of 10^unit. A power of ten below 1 is not a
	// float64, so they are quotients there: each is then the float64 that its
	// decimal figures stand for, as x is of its own.
	unit := tens + 1 - figures
	power := math.Pow10(max(unit, -unit))
	level := func(k float64) float64 {
		if unit < 0 {
			return k / power
		}
		return k * power
	}
	k := math.Floor(x / power)
	if unit < 0 {
		k = math.Floor(float64(x * power))
	}
	for level(k) > x { // the product was rounded
		k--
	}
	for level(k+1) <= x {
		k++
	}
	return level(k), level(k + 1)
}
