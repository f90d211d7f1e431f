package chart

import "testing"

// pole is a lane of four turns after a pole of so many heights, from the foot at
// bar 0 to the first turn at bar top.
func pole(heights float64, top int, upper, lower float64) lane {
	return lane{
		bars: []int{top, top + 7, top + 14, top + 21}, upper: upper, lower: lower,
		lead: at{0, 1 - heights}, tail: over,
	}
}

// rested is the example that such a lane draws: its first point is the foot.
func rested(p, opposite *Pattern, l lane, misses ...miss) *example {
	e := corridorExample(p, opposite, l, Bullish, misses...)
	e.want = append(prices([]at{l.lead}), e.want...)
	return e
}

func TestFlags(t *testing.T) {
	l := pole(4, 12, -0.5, -0.5)
	rested(BullFlag, BearFlag, l,
		miss{rule: "upper", within: l.sloped(0.09, 0), past: l.sloped(0.11, 0)},
		miss{rule: "lower", within: l.sloped(0, 0.09), past: l.sloped(0, 0.11)},
		miss{rule: "gap", within: l.sloped(0, -0.29), past: l.sloped(0, -0.31)},
		miss{rule: "pole", within: pole(2.02, 12, 0.05, 0.05).draw(), past: pole(1.98, 12, 0.05, 0.05).draw()},
		miss{rule: "retrace", within: pole(1.5/0.49, 12, -0.5, -0.5).draw(), past: pole(1.5/0.51, 12, -0.5, -0.5).draw()},
		miss{rule: "quick", within: pole(4, 41, -0.5, -0.5).draw(), past: pole(4, 43, -0.5, -0.5).draw()},
		miss{rule: "short", within: l.with(func(l *lane) { l.bars[3] = 12 + 25 }), past: l.with(func(l *lane) { l.bars[3] = 12 + 26 })},
		miss{rule: "break", within: l.then(stays(1.03)), past: l.then(stays(1.01))},
	).try(t)
}

func TestPennants(t *testing.T) {
	l := pole(4, 12, -0.25, 0.25)
	fine := map[string]any{"reversal": 0.2}
	soon := func(heights, upper, lower float64) Bars { // before the lines meet
		l := pole(heights, 12, upper, lower)
		l.tail = func(l lane, last int) []at { return []at{l.on(last+1, 1.2), l.on(last+11, 6)} }
		return l.draw()
	}
	rested(BullPennant, BearPennant, l,
		miss{rule: "upper", within: l.sloped(-0.11, 0.25), past: l.sloped(-0.09, 0.25)},
		miss{rule: "lower", within: l.sloped(-0.25, 0.11), past: l.sloped(-0.25, 0.09)},
		miss{rule: "gap", within: soon(4, -0.44, 0.45), past: soon(4, -0.46, 0.45), given: fine},
		miss{rule: "pole", within: soon(2.02, -0.15, 0.69), past: soon(1.98, -0.15, 0.69), given: fine},
		miss{rule: "retrace", within: pole(2.75/3/0.39, 12, -0.25, 0.25).draw(), past: pole(2.75/3/0.41, 12, -0.25, 0.25).draw()},
		miss{rule: "quick", within: pole(4, 41, -0.25, 0.25).draw(), past: pole(4, 43, -0.25, 0.25).draw()},
		miss{rule: "short", within: l.with(func(l *lane) { l.bars[3] = 12 + 25 }), past: l.with(func(l *lane) { l.bars[3] = 12 + 26 })},
		miss{rule: "break", within: l.then(stays(1.03)), past: l.then(stays(1.01))},
	).try(t)
}
