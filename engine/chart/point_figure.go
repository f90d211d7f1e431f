package chart

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// PointFigure is the chart of columns of X and O.
var PointFigure = &Brickwork{
	Spec: Spec{
		Name: "point_figure", Title: "Point and Figure",
		Doc: `Columns of boxes: X while the price rises, O while it falls. A column ends when the price has come back by some boxes from its best.

Boxes are at whole multiples of the box size. A price that reaches a box from below fills it with an X, one that reaches it from above with an O. While a column of X is open, a higher box of X grows it; else a price that is reversal boxes below its top begins a column of O, one box below that top. With the method high_low, the high of a bar is asked first while a column rises, the low while it falls, and the other one only where the column does not grow; with close, the close alone is asked. The first column begins with the first box above or below the first close that is reached; where a bar has both, its close says which, and if that is the first close again, the next bar does.

With a reversal of 1, a column of one box that turns goes on in place (one step back), as the box beside it is free: it then begins with a box of the other kind.

A column is laid at the bar of its first box. Only the newest one is open: it can grow, and turn if it is one of one box with a reversal of 1. From is its first box and to its last, so a column of n boxes has to − from = (n − 1) · box.

J. du Plessis, The Definitive Guide to Point and Figure, 2nd ed. 2012, chapters 2 and 3.`,
		Params: append(sized("box"),
			ta.Param{Name: "reversal", Default: 3, Min: 1, Max: 1000, Integer: true, Doc: "boxes that end a column"},
			ta.Choice("method", 0, []string{"high_low", "close"}, "which prices of a bar are asked"),
		),
	},
	New: func(a ta.Args) Mason {
		return &pointFigure{
			measure: newMeasure(a, "box"), reversal: a.Int("reversal"), closes: a.Choice("method") == "close",
		}
	},
}

type pointFigure struct {
	wall
	grid
	measure  measure
	reversal int
	closes   bool

	begun       bool
	start       float64 // the first close
	first, last int     // boxes of the newest column; before there is one, those under and over the first close
}

// Lay implements Mason.
func (p *pointFigure) Lay(high, low, close float64) error {
	if p.err == nil && priced(high, low, close) && p.measure.take(high, low, close) {
		if p.closes {
			high, low = close, close
		}
		p.follow(high, low, close)
	}
	p.bar++
	return p.err
}

func (p *pointFigure) follow(high, low, close float64) {
	if !p.begun {
		high, low = close, close
		p.grid, p.start = grid{0, p.measure.size}, close
	}
	up, ok := p.under(high)
	down, also := p.over(low)
	switch {
	case !ok || !also:
		p.err = ErrFine
	case !p.begun:
		p.first, p.last, p.begun = up, down, true
	case len(p.bricks) == 0:
		p.begin(up, down, close)
	case p.bricks[len(p.bricks)-1].Up:
		p.advance(up, down, 1)
	default:
		p.advance(down, up, -1)
	}
}

// begin lays the first column.
func (p *pointFigure) begin(up, down int, close float64) {
	rises, falls := up > p.first, down < p.last
	if rises && falls {
		rises, falls = close > p.start, close < p.start
	}
	switch {
	case rises:
		p.column(p.first+1, up, true)
	case falls:
		p.column(p.last-1, down, false)
	}
}

// advance takes the farthest boxes that a bar reaches in the direction of the
// newest column and against it; side is 1 where the column rises, −1 where it
// falls.
func (p *pointFigure) advance(with, against, side int) {
	newest := &p.bricks[len(p.bricks)-1]
	switch {
	case side*(with-p.last) > 0:
		p.last = with
		newest.To, newest.Last = p.level(with), p.bar
	case side*(p.last-against) < p.reversal:
	case p.reversal == 1 && p.first == p.last:
		p.last = against
		newest.To, newest.Last, newest.Up = p.level(against), p.bar, !newest.Up
	default:
		newest.Open = false
		p.column(p.last-side, against, !newest.Up)
	}
}

// column lays one from its first box to its last.
func (p *pointFigure) column(first, last int, up bool) {
	if p.lay(p.level(first), p.level(last), up, true) {
		p.first, p.last = first, last
	}
}
