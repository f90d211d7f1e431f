package roll

// Weighed is the mean of the values since a bar, each weighing as much as was
// traded at it: NaN where nothing was, and before that bar.
type Weighed struct {
	money, traded Total
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
			w.money, w.traded = Total{}, Total{}
		}
		money, traded := w.money.Tick(float64(x[i]*volume[i])), w.traded.Tick(volume[i])
		if traded != 0 {
			out[i] = money / traded
		}
	}
}

// AppendState implements ta.State.
func (w *Weighed) AppendState(b []byte) []byte {
	return appendStates(w.sessions.AppendState(b), &w.money, &w.traded)
}

// Restore implements ta.State.
func (w *Weighed) Restore(state []byte) ([]byte, error) {
	rest, err := w.sessions.Restore(state)
	if err != nil {
		return nil, err
	}
	return restoreStates(rest, &w.money, &w.traded)
}
