package arithmetic

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// transforms are the functions of one value. No scaling law holds for any of
// them; the docs say why.
func transforms() (all []*ta.Indicator) {
	for _, f := range []struct {
		name, title string
		of          func(float64) float64
		doc, source string
	}{
		{"acos", "Arc Cosine", roll.Acos,
			"The angle in radians, from 0 to π, whose cosine is x. It has no value beyond ±1.\n\nacos(x). An angle does not double with its cosine, so the output has no unit.",
			"L. Euler, Introductio in analysin infinitorum, 1748."},
		{"asin", "Arc Sine", roll.Asin,
			"The angle in radians, from −π/2 to π/2, whose sine is x. It has no value beyond ±1.\n\nasin(x). An angle does not double with its sine, so the output has no unit.",
			"L. Euler, Introductio in analysin infinitorum, 1748."},
		{"atan", "Arc Tangent", roll.Atan,
			"The angle in radians, from −π/2 to π/2, whose tangent is x: a series of any size between two bounds.\n\natan(x). An angle does not double with its tangent, so the output has no unit.",
			"L. Euler, Introductio in analysin infinitorum, 1748."},
		{"ceil", "Ceiling", math.Ceil,
			"The smallest whole number that is not below x.\n\n⌈x⌉. Whole numbers are steps of 1 at any price, so the output has no unit.",
			"K. E. Iverson, A Programming Language, 1962."},
		{"cos", "Cosine", roll.Cos,
			"The cosine of x, an angle in radians.\n\ncos(x). It repeats every 2π, whatever x is a price of, so the output has no unit.",
			"L. Euler, Introductio in analysin infinitorum, 1748."},
		{"cosh", "Hyperbolic Cosine", roll.Cosh,
			"The hyperbolic cosine of x. It has no value beyond ±710, where it is too large for a float64.\n\n(eˣ + e⁻ˣ) / 2. A power of e squares where x doubles, so the output has no unit.",
			"J. H. Lambert, Mémoire sur quelques propriétés remarquables des quantités transcendentes circulaires et logarithmiques, 1768."},
		{"exp", "Exponential", roll.Exp,
			"The power x of e. It has no value above 709, where it is too large for a float64.\n\neˣ. It squares where x doubles, so the output has no unit.",
			"L. Euler, Introductio in analysin infinitorum, 1748."},
		{"floor", "Floor", math.Floor,
			"The largest whole number that is not above x.\n\n⌊x⌋. Whole numbers are steps of 1 at any price, so the output has no unit.",
			"K. E. Iverson, A Programming Language, 1962."},
		{"ln", "Natural Logarithm", roll.Log,
			"The power of e that x is: equal steps for equal rates of growth. It has no value where x is 0 or less.\n\nln(x). It grows by ln 2 where x doubles, so the output has no unit.",
			"J. Napier, Mirifici logarithmorum canonis descriptio, 1614."},
		{"log10", "Common Logarithm", roll.Log10,
			"The power of 10 that x is: equal steps for equal rates of growth. It has no value where x is 0 or less.\n\nlog₁₀(x). It grows by log₁₀ 2 where x doubles, so the output has no unit.",
			"H. Briggs, Arithmetica logarithmica, 1624."},
		{"round", "Rounding", math.Round,
			"The whole number next to x, the one further from 0 where two are as near.\n\nround(x). Whole numbers are steps of 1 at any price, so the output has no unit.",
			"Of unknown age; the rule is that of C."},
		{"sin", "Sine", roll.Sin,
			"The sine of x, an angle in radians.\n\nsin(x). It repeats every 2π, whatever x is a price of, so the output has no unit.",
			"L. Euler, Introductio in analysin infinitorum, 1748."},
		{"sinh", "Hyperbolic Sine", roll.Sinh,
			"The hyperbolic sine of x. It has no value beyond ±710, where it is too large for a float64.\n\n(eˣ − e⁻ˣ) / 2. A power of e squares where x doubles, so the output has no unit.",
			"J. H. Lambert, Mémoire sur quelques propriétés remarquables des quantités transcendentes circulaires et logarithmiques, 1768."},
		{"sqrt", "Square Root", math.Sqrt,
			"The square root of x. It has no value where x is below 0.\n\n√x. It doubles where x grows four times, so the output has no unit.",
			"C. Rudolff, Behend und hübsch Rechnung durch die kunstreichen Regeln Algebre, 1525, for the sign."},
		{"tan", "Tangent", roll.Tan,
			"The tangent of x, an angle in radians.\n\ntan(x). It repeats every π, whatever x is a price of, so the output has no unit.",
			"L. Euler, Introductio in analysin infinitorum, 1748."},
		{"tanh", "Hyperbolic Tangent", roll.Tanh,
			"The hyperbolic tangent of x, from −1 to 1.\n\n(eˣ − e⁻ˣ) / (eˣ + e⁻ˣ). A power of e squares where x doubles, so the output has no unit.",
			"J. H. Lambert, Mémoire sur quelques propriétés remarquables des quantités transcendentes circulaires et logarithmiques, 1768."},
		{"trunc", "Truncation", math.Trunc,
			"x without its fraction: the whole number next to it on the side of 0.\n\ntrunc(x). Whole numbers are steps of 1 at any price, so the output has no unit.",
			"Of unknown age; the rule is that of C."},
	} {
		all = append(all, &ta.Indicator{
			Spec: ta.Spec{
				Name: f.name, Title: f.title, Group: ta.GroupArithmetic,
				Doc:     f.doc + "\n\n" + f.source,
				Inputs:  []ta.Input{ta.Real},
				Outputs: []ta.Output{{Name: f.name, Unit: ta.None}},
				Memory:  ta.Window,
			},
			Warmup: func(ta.Args) int { return 0 },
			New: func(ta.Args) ta.Kernel {
				return ta.NewKernel(func(in, out ta.Columns) { roll.Map(out[0], in[0], f.of) })
			},
		})
	}
	return all
}
