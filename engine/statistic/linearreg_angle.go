package statistic

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// LinearRegAngle is the angle of a regression line.
var LinearRegAngle = line("linearreg_angle", "Linear Regression Angle", ta.None,
	`The angle in degrees at which the straight line that fits the last n prices best rises, on paper where a bar is as wide as a price of 1 is high.

180/π · atan(linearreg_slope). An angle does not double with the slope, so the output has no unit.`,
	func(out, _, _ []float64, _ float64) {
		roll.Map(out, out, roll.Atan)
		roll.Scale(out, out, 180/math.Pi)
	})
