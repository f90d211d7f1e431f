package arithmetic

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// source is where the signs of arithmetic are from.
const source = "\n\nR. Recorde, The Whetstone of Witte, 1557, for the signs."

// Add is the sum of two series.
var Add = operator("add", "Sum of Two Series", ta.Price, roll.Add,
	"The two series together.\n\nx + y.")

// Sub is the difference of two series.
var Sub = operator("sub", "Difference of Two Series", ta.Price, roll.Sub,
	"How far the first series is above the second.\n\nx − y.")

// Mult is the product of two series.
var Mult = operator("mult", "Product of Two Series", ta.None, roll.Mul,
	"The first series as often as the second says.\n\nx · y. It grows four times where both series double, so the output has no unit.")

// Div is the quotient of two series.
var Div = operator("div", "Quotient of Two Series", ta.Ratio,
	func(dst, a, b []float64) { roll.Ratio(dst, a, b, math.NaN()) },
	"How often the second series is in the first. It has no value where the second is 0.\n\nx / y.")

func operator(name, title string, unit ta.Unit, of func(dst, a, b []float64), doc string) *ta.Indicator {
	return &ta.Indicator{
		Spec: ta.Spec{
			Name: name, Title: title, Group: ta.GroupArithmetic,
			Doc:     doc + source,
			Inputs:  []ta.Input{ta.Real0, ta.Real1},
			Outputs: []ta.Output{{Name: name, Unit: unit}},
			Memory:  ta.Window,
		},
		Warmup: func(ta.Args) int { return 0 },
		New: func(ta.Args) ta.Kernel {
			return ta.NewKernel(func(in, out ta.Columns) { of(out[0], in[0], in[1]) })
		},
	}
}
