package statistic

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// line makes an indicator of the least-squares line through the last n prices.
// of sets out, which has how steep it is, to what is wanted of it; it is also given
// the newest price x, and where the line is in the middle of the window, from x.
func line(name, title string, unit ta.Unit, doc string, of func(out, middle, x []float64, n float64)) *ta.Indicator {
	return &ta.Indicator{
		Spec: ta.Spec{
			Name: name, Title: title, Group: ta.GroupStatistic,
			Doc:     doc + "\n\nC. F. Gauss, Theoria motus corporum coelestium, 1809.",
			Inputs:  []ta.Input{ta.Real},
			Params:  []ta.Param{ta.Bars("period", 14, 2, "bars that the line is fitted to")},
			Outputs: []ta.Output{{Name: name, Unit: unit}},
			Memory:  ta.Window,
		},
		Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
		New: func(a ta.Args) ta.Kernel {
			n := a.Int("period")
			trend := roll.NewTrend(n)
			var middle [ta.Tile]float64
			return ta.NewKernel(func(in, out ta.Columns) {
				middle, value := middle[:len(in[0])], out[0]
				lead := trend.Next(in[0], middle, value)
				of(value[lead:], middle[lead:], in[0][lead:], float64(n))
			}, trend)
		},
	}
}

// at is the line so many bars after the middle of the window.
func at(out, middle, x []float64, ahead float64) {
	roll.MulAdd(out, out, ahead, middle)
	roll.Add(out, out, x)
}
