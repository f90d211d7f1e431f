package arithmetic

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Abs is a series without its sign.
var Abs = scaled("abs", "Absolute Value", func(dst, x []float64) { roll.Magnitude(dst, x) },
	"How far x is from 0, whichever way.\n\n|x|.\n\nK. Weierstrass, Zur Theorie der Potenzreihen, 1841, for the sign.")

// ToDeg is a series of radians in degrees.
var ToDeg = scaled("todeg", "Radians to Degrees", func(dst, x []float64) { roll.Scale(dst, x, 180/math.Pi) },
	"An angle in radians, in degrees: what sin and its like give, as people read it.\n\nx · 180 / π.\n\nJ. Thomson, 1873, for the word radian.")

// ToRad is a series of degrees in radians.
var ToRad = scaled("torad", "Degrees to Radians", func(dst, x []float64) { roll.Scale(dst, x, math.Pi/180) },
	"An angle in degrees, in radians: what sin and its like take.\n\nx · π / 180.\n\nJ. Thomson, 1873, for the word radian.")

// scaled is a function of one value that doubles with it.
func scaled(name, title string, of func(dst, x []float64), doc string) *ta.Indicator {
	return &ta.Indicator{
		Spec: ta.Spec{
			Name: name, Title: title, Doc: doc, Group: ta.GroupArithmetic,
			Inputs:  []ta.Input{ta.Real},
			Outputs: []ta.Output{{Name: name, Unit: ta.Price}},
			Memory:  ta.Window,
		},
		Warmup: func(ta.Args) int { return 0 },
		New: func(ta.Args) ta.Kernel {
			return ta.NewKernel(func(in, out ta.Columns) { of(out[0], in[0]) })
		},
	}
}
