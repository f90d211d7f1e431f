package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Average is a moving average of a series, or any other calculation with one
// input and one output.
type Average interface {
	ta.State
	Next(x, out []float64) int
}

// Averages are the kinds of moving average, in the order of TA-Lib's numbers
// for them. An indicator that takes a kind as a parameter offers this list.
var Averages = []string{
	"sma", "ema", "wma", "dema", "tema", "trima", "kama", "mama", "t3", "hma",
	"disabled", "default", "zlema", "rma",
}

// KindOr is a kind of Averages, the usual one where it is "default".
func KindOr(kind, usual string) string {
	if kind == "default" {
		return usual
	}
	return kind
}

// NewAverage makes a moving average over n bars, 1 or more, of one of Averages:
// "disabled" is the series itself, and "default" is "sma", so an indicator with
// another default asks KindOr. As in TA-Lib, every average over one bar is
// the series itself, and "mama" looks at n no further; "t3" has the volume
// factor 0.7. It panics on any other kind.
func NewAverage(kind string, n int) Average {
	if n == 1 {
		return itself{}
	}
	switch kind {
	case "sma", "default":
		return NewMean(n)
	case "ema":
		return NewEMA(n)
	case "wma":
		return NewWMA(n)
	case "dema":
		return newCascade(n, 2, -1)
	case "tema":
		return newCascade(n, 3, -3, 1)
	case "trima":
		return newTrima(n)
	case "kama":
		return newKama(n)
	case "mama":
		return &adaptive{Mama: NewMama(0.5, 0.05)} // the limits of its author
	case "t3":
		return NewT3(n, 0.7)
	case "hma":
		return newHull(n)
	case "disabled":
		return itself{}
	case "zlema":
		return newZeroLag(n)
	case "rma":
		return NewWilder(n)
	}
	panic("roll: no moving average is called " + kind)
}

// AverageLead is how many values the moving average has no result for.
func AverageLead(kind string, n int) int {
	if n == 1 {
		return 0
	}
	switch kind {
	case "dema":
		return 2 * (n - 1)
	case "tema":
		return 3 * (n - 1)
	case "kama":
		return n
	case "mama":
		return CycleLead
	case "t3":
		return 6 * (n - 1)
	case "hma":
		return n - 1 + isqrt(n) - 1
	case "disabled":
		return 0
	case "zlema":
		return (n-1)/2 + n - 1
	}
	return n - 1
}

// itself gives the series back.
type itself struct{}

func (itself) Next(x, out []float64) int {
	copy(out, x)
	return 0
}
func (itself) AppendState(b []byte) []byte          { return b }
func (itself) Restore(state []byte) ([]byte, error) { return state, nil }
