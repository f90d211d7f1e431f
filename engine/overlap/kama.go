package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// KAMA is the Kaufman adaptive moving average.
var KAMA = &ta.Indicator{
	Spec: average("kama", "Kaufman Adaptive Moving Average",
		`An average that follows the price closely while it moves one way and hardly at all while it moves to and fro.

e = |x − x[n]| / Σ|x[k] − x[k+1]|, k from 0 to n−1; it is 1 where no price moved
c = (e · (2/3 − 2/31) + 2/31)²
kama += c · (x − kama), starting from the price before the first value.

P. J. Kaufman, Trading Systems and Methods, 1995.`, ta.Fading),
	Warmup: func(a ta.Args) int { return roll.AverageLead("kama", a.Int("period")) },
	New: func(a ta.Args) ta.Kernel {
		return roll.Kernel(roll.NewAverage("kama", a.Int("period")))
	},
}
