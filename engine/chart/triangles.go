package chart

// Triangles are corridors that narrow and do not slope as a whole.
var (
	AscendingTriangle = &Pattern{
		Spec: ascending.spec("ascending_triangle", "Ascending Triangle",
			`Highs at one price and rising lows: sellers stand where they are, buyers come nearer.`, triangleSource),
		find: ascending.find,
	}
	DescendingTriangle = &Pattern{
		Spec: ascending.turned().spec("descending_triangle", "Descending Triangle",
			`Lows at one price and falling highs: buyers stand where they are, sellers come nearer.`, triangleSource),
		find: ascending.turned().find,
	}
	SymmetricalTriangle = &Pattern{
		Spec: narrowing.spec("symmetrical_triangle", "Symmetrical Triangle",
			`Falling highs and rising lows: both sides come nearer, until one gives way.`, triangleSource),
		find: narrowing.find,
	}
)

// narrower is how far the lines of a figure that narrows are apart at its end.
var narrower = bounds{0.1, 0.5, 0.8}

var (
	ascending = shape{upper: level, lower: bounds{0.2, 0.5, 0.9}, gap: narrower}
	narrowing = shape{upper: bounds{-0.7, -0.25, -0.1}, lower: bounds{0.1, 0.25, 0.7}, gap: narrower}
)

const triangleSource = `R. D. Edwards and J. Magee, Technical Analysis of Stock Trends, 1948; J. J. Murphy, Technical Analysis of the Financial Markets, 1999; T. N. Bulkowski, Encyclopedia of Chart Patterns, 2nd edition, 2005, who counts breaks on both sides. The bounds are ours.`
