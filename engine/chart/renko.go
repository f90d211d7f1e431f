package chart

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Renko is a row of bricks of one size.
var Renko = &Brickwork{
	Spec: Spec{
		Name: "renko", Title: "Renko",
		Doc: `Bricks of one size, each a step from the one before: a chart that shows a move once it is as large as a brick, and time not at all.

The first close is the base, and levels are a brick apart from it. While the newest brick rises, a close at or above the next level lays a brick up to it, and a close at or below the level two bricks under its top lays one down, beside the newest. A close that is further lays a brick for each level that it passes, all at that bar. Only closes count.

The size is given, or it is the mean true range of the first atr_period bars; then it is known at the close of the next bar, which is the base.

S. Nison, Beyond Candlesticks, 1994, chapter 8.`,
		Params: sized("brick"),
	},
	New: func(a ta.Args) Mason {
		return &renko{measure: newMeasure(a, "brick")}
	},
}

type renko struct {
	wall
	grid
	measure     measure
	begun       bool
	top, bottom int // levels of the newest brick
}

// Lay implements Mason.
func (r *renko) Lay(high, low, close float64) error {
	if r.err == nil && priced(high, low, close) && r.measure.take(high, low, close) {
		if r.begun {
			r.follow(close)
		} else {
			r.grid, r.begun = grid{close, r.measure.size}, true
		}
	}
	r.bar++
	return r.err
}

// follow lays the bricks up, or down, to a close.
func (r *renko) follow(close float64) {
	up, ok := r.under(close)
	down, also := r.over(close)
	if !ok || !also {
		r.err = ErrFine
		return
	}
	for r.top < up && r.lay(r.level(r.top), r.level(r.top+1), true, false) {
		r.top++
		r.bottom = r.top - 1
	}
	for r.bottom > down && r.lay(r.level(r.bottom), r.level(r.bottom-1), false, false) {
		r.bottom--
		r.top = r.bottom + 1
	}
}
