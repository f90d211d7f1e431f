package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Weighed is the mean of the values since a bar, each weighing as much as was
// traded at it: NaN where nothing was, and before that bar.
type Weighed struct {
	money, traded exactly
	sessions      sessions
	anchor        float64
	anew          bool // with each session
}

// NewSessionMean begins anew with each session: a day that begins so many minutes
// after midnight, UTC.
func NewSessionMean(minutes int) *Weighed {
	return &Weighed{sessions: newSessions(minutes), anchor: -inf, anew: true}
}

// NewAnchoredMean begins with the first bar that is not before anchor, in Unix
// seconds.
func NewAnchoredMean(anchor float64) *Weighed {
	return &Weighed{sessions: newSessions(0), anchor: anchor}
}

// Next sets out to the means of x, weighed by volume, of bars that began at time.
func (w *Weighed) Next(x, volume, time, out []float64) {
	for i, t := range time {
		out[i] = nan
		if t < w.anchor {
			continue
		}
		if w.sessions.next(t) && w.anew {
			w.money, w.traded = exactly{}, exactly{}
		}
		w.money.add(float64(x[i] * volume[i]))
		w.traded.add(volume[i])
		if traded := w.traded.total(); traded != 0 {
			out[i] = w.money.total() / traded
		}
	}
}

// AppendState implements ta.State.
func (w *Weighed) AppendState(b []byte) []byte {
	return ta.AppendFloats(w.sessions.AppendState(b), w.money.sum, w.money.rest, w.traded.sum, w.traded.rest)
}

// Restore implements ta.State.
func (w *Weighed) Restore(state []byte) ([]byte, error) {
	rest, err := w.sessions.Restore(state)
	var v [4]float64
	if err == nil {
		rest, err = ta.RestoreFloats(rest, v[:])
	}
	w.money, w.traded = exactly{v[0], v[1]}, exactly{v[2], v[3]}
	return rest, err
}

// exactly is a sum with what rounding has lost of it (A. Neumaier, Zeitschrift für
// Angewandte Mathematik und Mechanik 54, 1974): off by a step of a float64 or two,
// however many values there were.
type exactly struct{ sum, rest float64 }

func (e *exactly) add(x float64) {
	t := e.sum + x
	if math.Abs(e.sum) >= math.Abs(x) {
		e.rest += (e.sum - t) + x
	} else {
		e.rest += (x - t) + e.sum
	}
	e.sum = t
}

func (e *exactly) total() float64 { return e.sum + e.rest }
