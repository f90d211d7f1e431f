package statistic

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// MaxIndex is the bar of the largest value of a window.
var MaxIndex = index("maxindex", "Index of Highest Value", "The bar of the largest of the last n values", "largest",
	extreme{"maxindex", "a bar, from 0", roll.NewIndexOfMax})

// MinIndex is the bar of the smallest value of a window.
var MinIndex = index("minindex", "Index of Lowest Value", "The bar of the smallest of the last n values", "smallest",
	extreme{"minindex", "a bar, from 0", roll.NewIndexOfMin})

// MinMaxIndex are the bars of the smallest and of the largest value of a window.
var MinMaxIndex = index("minmaxindex", "Indexes of Lowest and Highest Values", "The bars of the smallest and of the largest of the last n values", "smallest, or largest,",
	extreme{"min_idx", "the bar of the smallest, from 0", roll.NewIndexOfMin},
	extreme{"max_idx", "the bar of the largest, from 0", roll.NewIndexOfMax})

// extreme is an output that says where an extreme is.
type extreme struct {
	name, doc string
	of        func(n int) *roll.Index
}

func index(name, title, what, which string, extremes ...extreme) *ta.Indicator {
	outputs := make([]ta.Output, len(extremes))
	for i, e := range extremes {
		outputs[i] = ta.Output{Name: e.name, Unit: ta.Ratio, Doc: e.doc}
	}
	return &ta.Indicator{
		Spec: ta.Spec{
			Name: name, Title: title, Group: ta.GroupStatistic,
			Doc: what + `, counted from 0 for the first bar of the series. Bars with a hole are not counted.

The index of the ` + which + ` of x[0], x[1], …, x[n−1]. Of equal ones the newest counts; but where the one that counted has just left the window, the oldest of those left does, as in TA-Lib.

R. D. Donchian, Donchian's 5- and 20-Day Moving Averages, Commodities, 1974, for the channel that both are the sides of.`,
			Inputs:  []ta.Input{ta.Real},
			Params:  []ta.Param{ta.Bars("period", 30, 2, "bars looked at")},
			Outputs: outputs,
			Memory:  ta.Running, // it counts from the first bar
		},
		Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
		New: func(a ta.Args) ta.Kernel {
			indexes, parts := make([]*roll.Index, len(extremes)), make([]ta.State, len(extremes))
			for i, e := range extremes {
				indexes[i] = e.of(a.Int("period"))
				parts[i] = indexes[i]
			}
			return ta.NewKernel(func(in, out ta.Columns) {
				for i, index := range indexes {
					index.Next(in[0], out[i])
				}
			}, parts...)
		},
	}
}
