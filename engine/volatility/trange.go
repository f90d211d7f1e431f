package volatility

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// TRange is the true range.
var TRange = &ta.Indicator{
	Spec: ta.Spec{
		Name: "trange", Title: "True Range", Group: ta.GroupVolatility,
		Doc: `How far prices reach in a bar, a gap to the bar before included.

The largest of high − low, |high − close before| and |low − close before|.

J. W. Wilder, New Concepts in Technical Trading Systems, 1978.`,
		Inputs:  []ta.Input{ta.High, ta.Low, ta.Close},
		Outputs: []ta.Output{{Name: "trange", Unit: ta.Price}},
		Memory:  ta.Window,
	},
	Warmup: func(ta.Args) int { return 1 },
	New: func(ta.Args) ta.Kernel {
		reach := roll.NewTrueRange()
		return ta.NewKernel(func(in, out ta.Columns) { reach.Next(in[0], in[1], in[2], out[0]) }, reach)
	},
}
