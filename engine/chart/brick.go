package chart

import (
	"errors"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Brick is an element of a chart of price alone, on which a bar that moves too
// little leaves no mark: a brick of Renko, a line of three-line break, a column of
// point and figure.
type Brick struct {
	Bar  int     `json:"bar"`  // at whose close it was laid
	Last int     `json:"last"` // at whose close it reached its end; only columns grow after they are laid
	From float64 `json:"from"` // the price where it begins
	To   float64 `json:"to"`   // where it ends: above From where it rises, below where it falls
	Up   bool    `json:"up"`   // it rises; a column of one box has From = To
	Open bool    `json:"open"` // a later bar may change it: only the newest column
}

// Brickwork is a way to draw a chart of price alone.
//
// No brick depends on a bar after its own. Bricks that are not open never change:
// those of the first bars are the first of those of all bars.
type Brickwork struct {
	Spec
	New func(ta.Args) Mason // begins a chart; args are complete and in range
}

// Mason lays bricks as bars close.
type Mason interface {
	// Lay takes the next bar. A bar without a finite high, low and close counts and
	// does nothing else. The error is ErrFine, now and for every later bar.
	Lay(high, low, close float64) error

	// Bricks are those laid so far, oldest first: shared, and valid until the next
	// bar.
	Bricks() []Brick
}

// MaxBricks is how many a chart may have, so that a tiny brick and a large gap ask
// for no more memory than can be given.
const MaxBricks = 1 << 18

// ErrFine is the error of a brick that is too small for the prices: the chart
// would have more than MaxBricks, or a price more bricks than a float64 can count.
var ErrFine = errors.New("the bricks are too small for these prices")

// Brickworks lists them all.
var Brickworks = []*Brickwork{Renko, LineBreak, PointFigure}

// Draw is the whole chart of b, which needs High, Low and Close. A bar with a hole
// is skipped. The error is ErrFine.
func (w *Brickwork) Draw(b Bars, a ta.Args) ([]Brick, error) {
	b, at := b.whole()
	mason := w.New(a)
	for i := range at {
		if err := mason.Lay(b.High[i], b.Low[i], b.Close[i]); err != nil {
			return nil, err
		}
	}
	bricks := mason.Bricks()
	for i := range bricks {
		bricks[i].Bar, bricks[i].Last = at[bricks[i].Bar], at[bricks[i].Last]
	}
	return bricks, nil
}

// wall is what all masons have: the bricks, and which bar it is.
type wall struct {
	bar    int
	bricks []Brick
	err    error
}

// Bricks implements Mason.
func (w *wall) Bricks() []Brick { return w.bricks }

// lay adds a brick at the current bar, and says whether it could.
func (w *wall) lay(from, to float64, up, open bool) bool {
	if len(w.bricks) == MaxBricks {
		w.err = ErrFine
		return false
	}
	w.bricks = append(w.bricks, Brick{Bar: w.bar, Last: w.bar, From: from, To: to, Up: up, Open: open})
	return true
}

// priced says whether a bar has its prices: x−x is 0 for finite values only.
func priced(high, low, close float64) bool {
	return high-high == 0 && low-low == 0 && close-close == 0
}
