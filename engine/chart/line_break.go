package chart

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// LineBreak is the chart of new closing highs and lows.
var LineBreak = &Brickwork{
	Spec: Spec{
		Name: "line_break", Title: "Three-Line Break",
		Doc: `Lines from one extreme close to the next. The market itself says how far it must come back for a reversal: past the last three lines.

A close above the highest price of the last three lines lays a rising line, a close below their lowest price a falling one; one that only touches lays none. A line that goes on begins where the newest ends, one that turns begins where the newest begins. The first line is from the first close to the first that differs. Until there are three lines, those that there are count.

S. Nison, Beyond Candlesticks, 1994, chapter 6.`,
		Params: []ta.Param{
			{Name: "lines", Default: 3, Min: 1, Max: 100, Integer: true, Doc: "how many must be broken for a reversal"},
		},
	},
	New: func(a ta.Args) Mason { return &lineBreak{lines: a.Int("lines")} },
}

type lineBreak struct {
	wall
	lines int
	base  float64 // the first close
	begun bool
}

// Lay implements Mason.
func (l *lineBreak) Lay(high, low, close float64) error {
	if l.err == nil && priced(high, low, close) {
		if l.begun {
			l.follow(close)
		} else {
			l.base, l.begun = close, true
		}
	}
	l.bar++
	return l.err
}

// follow lays a line where a close is beyond the last lines.
func (l *lineBreak) follow(close float64) {
	top, bottom := l.base, l.base
	turn, end := l.base, l.base // where a line begins that turns, and one that goes on
	rose := false
	if n := len(l.bricks); n > 0 {
		newest := l.bricks[n-1]
		turn, end, rose = newest.From, newest.To, newest.Up
		top, bottom = math.Inf(-1), math.Inf(1)
		for _, line := range l.bricks[max(0, n-l.lines):] {
			top = max(top, line.From, line.To)
			bottom = min(bottom, line.From, line.To)
		}
	}
	if close <= top && close >= bottom {
		return
	}
	from, up := end, close > top
	if up != rose {
		from = turn
	}
	l.lay(from, close, up, false)
}
