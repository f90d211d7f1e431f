package arithmetic

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// CrossOver marks where a series rises above another.
var CrossOver = crossing("crossover", "Crossover", false, `Where the first series crosses the second from below: 1 on the bar on which it is above it and was not on the bar before, else 0.

1 where x > y and x[1 bar before] ≤ y[1 bar before].`)

// CrossAny marks where a series changes sides with another.
var CrossAny = crossing("crossany", "Cross", true, `Where the first series crosses the second, from below or from above: 1 on the bar on which it is on one side of it and was not on the bar before, else 0.

1 where x > y and x[1 bar before] ≤ y[1 bar before], or x < y and x[1 bar before] ≥ y[1 bar before].`)

func crossing(name, title string, down bool, doc string) *ta.Indicator {
	return &ta.Indicator{
		Spec: ta.Spec{
			Name: name, Title: title, Group: ta.GroupArithmetic,
			Doc:     doc + "\n\nTulip Indicators has it so.",
			Inputs:  []ta.Input{ta.Real0, ta.Real1},
			Outputs: []ta.Output{{Name: name, Unit: ta.Ratio, Doc: "1 on a crossing, else 0"}},
			Memory:  ta.Window,
		},
		Warmup: func(ta.Args) int { return 1 },
		New: func(ta.Args) ta.Kernel {
			first, second := roll.NewLag(1), roll.NewLag(1)
			var x, y [ta.Tile]float64
			return ta.NewKernel(func(in, out ta.Columns) {
				cross := out[0]
				x, y := x[:len(cross)], y[:len(cross)]
				first.Next(in[0], x)
				lead := second.Next(in[1], y)
				for i := lead; i < len(cross); i++ {
					cross[i] = 0
					if a, b := in[0][i], in[1][i]; a > b && x[i] <= y[i] || down && a < b && x[i] >= y[i] {
						cross[i] = 1
					}
				}
				roll.Blank(lead, cross)
			}, first, second)
		},
	}
}
