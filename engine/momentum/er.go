package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// ER is the efficiency ratio.
var ER = &ta.Indicator{
	Spec: ta.Spec{
		Name: "er", Title: "Kaufman Efficiency Ratio", Group: ta.GroupMomentum,
		Doc: `How straight the way of the price was: 1 where every step went one way, near 0 where it moved to and fro.

|x − x[n bars before]| / the sum of the |steps| between, 1 where nothing moved.

P. J. Kaufman, Trading Systems and Methods, 1995.`,
		Inputs:  []ta.Input{ta.Real},
		Params:  []ta.Param{ta.Bars("period", 10, 2, "bars of the way")},
		Outputs: []ta.Output{{Name: "er", Unit: ta.Ratio}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New: func(a ta.Args) ta.Kernel {
		lag, way := roll.NewLag(a.Int("period")), newWay(a.Int("period"))
		var before [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			x, er := in[0], out[0]
			before := before[:len(x)]
			lag.Next(x, before)
			lead := way.next(x, er)
			roll.Efficiency(er[lead:], x[lead:], before[lead:], er[lead:])
		}, lag, way.steps, way.first, way.sum)
	},
}

// way is the sum of the sizes of the last n steps.
type way struct {
	steps *roll.Steps
	first *roll.Skip // it has no step
	sum   *roll.Sum
	size  [ta.Tile]float64
}

func newWay(n int) *way {
	return &way{steps: roll.NewSteps(), first: roll.NewSkip(1), sum: roll.NewSum(n)}
}

func (w *way) next(x, out []float64) int {
	size := w.size[:len(x)]
	w.steps.Next(x, size)
	roll.Magnitude(size, size)
	lead := w.first.Next(len(x))
	lead += w.sum.Next(size[lead:], out[lead:])
	roll.Blank(lead, out)
	return lead
}
