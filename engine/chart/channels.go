package chart

import "math"

// Channels are corridors whose lines are parallel.
var (
	AscendingChannel = &Pattern{
		Spec: climbing.spec("ascending_channel", "Ascending Channel",
			`The price rises between parallel lines: a close under the lower one ends the rise, one over the upper one hastens it.`, channelSource),
		find: climbing.find,
	}
	DescendingChannel = &Pattern{
		Spec: climbing.turned().spec("descending_channel", "Descending Channel",
			`The price falls between parallel lines: a close over the upper one ends the fall, one under the lower one hastens it.`, channelSource),
		find: climbing.turned().find,
	}
	HorizontalChannel = &Pattern{
		Spec: resting.spec("horizontal_channel", "Horizontal Channel",
			`The price moves between two prices, a support and a resistance, until one gives way. Edwards and Magee call it a rectangle.`, channelSource),
		find: resting.find,
	}
)

// parallel is how far the lines of a channel are apart at its end.
var parallel = bounds{0.85, 1, 1.15}

var (
	climbing = shape{upper: bounds{0.3, 1, math.Inf(1)}, lower: bounds{0.3, 1, math.Inf(1)}, gap: parallel}
	resting  = shape{upper: level, lower: level, gap: parallel}
)

const channelSource = `R. D. Edwards and J. Magee, Technical Analysis of Stock Trends, 1948; J. J. Murphy, Technical Analysis of the Financial Markets, 1999. The bounds are ours.`
