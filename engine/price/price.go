// Package price has the ways to see the prices of a bar as one.
package price

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Indicators lists them all.
var Indicators = []*ta.Indicator{AvgPrice, MedPrice, TypPrice, WclPrice, HA}

// mean is a mean of the prices of each bar.
func mean(name, title, doc string, inputs []ta.Input, of func(dst []float64, in ta.Columns)) *ta.Indicator {
	return &ta.Indicator{
		Spec: ta.Spec{
			Name: name, Title: title, Doc: doc, Group: ta.GroupPrice,
			Inputs:  inputs,
			Outputs: []ta.Output{{Name: name, Unit: ta.Price}},
			Memory:  ta.Window,
		},
		Warmup: func(ta.Args) int { return 0 },
		New: func(ta.Args) ta.Kernel {
			return ta.NewKernel(func(in, out ta.Columns) { of(out[0], in) })
		},
	}
}
