package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// AverageRange is an average of the true range.
type AverageRange struct {
	Reach   *TrueRange
	Average *Recurrence
	ranges  [ta.Tile]float64
	before  Two // the last close, and turned around: for Tick
}

// NewAverageRange is Wilder's average over n bars, 1 or more.
func NewAverageRange(n int) *AverageRange {
	return &AverageRange{Reach: NewTrueRange(), Average: NewWilder(n)}
}

// Next sets out to the averages.
func (a *AverageRange) Next(high, low, close, out []float64) int {
	m, lead, i := len(out), 0, 0
	if wait := a.Reach.missing + a.Average.seed + look - 1 - a.Average.seen; wait > 0 {
		i = min(m, wait)
		lead = a.apart(high[:i], low[:i], close[:i], out[:i])
	}
	i += a.nextWide(high[i:], low[i:], close[i:], out[i:])
	if i < m {
		a.apart(high[i:], low[i:], close[i:], out[i:])
	}
	return lead
}

// Watch is Next as ta.Watchful asks for it.
func (a *AverageRange) Watch(high, low, close, out []float64) bool {
	if a.Reach.missing > 0 || a.Average.seen < a.Average.seed+look-1 {
		return false
	}
	return a.nextWide(high, low, close, out) == len(out)
}

// apart makes the ranges first and then their averages.
func (a *AverageRange) apart(high, low, close, out []float64) int {
	ranges := a.ranges[:len(out)]
	lead := a.Reach.Next(high, low, close, ranges)
	lead += a.Average.Next(ranges[lead:], out[lead:])
	Blank(lead, out)
	return lead
}

// Ready implements ta.Ticker.
func (a *AverageRange) Ready() bool { return a.Reach.Ready() && a.Average.Ready() }

// Single implements ta.Ticker.
func (a *AverageRange) Single() {
	a.before = twice(a.Reach.value).Mul(opposite)
	a.Average.Single()
}

// Columns implements ta.Ticker.
func (a *AverageRange) Columns() {
	a.Reach.value = a.before.GetElem(0)
	a.Average.Columns()
}

// Tick is Next for one bar.
func (a *AverageRange) Tick(high, low, close float64) Two {
	return a.Average.pulse.beat(a.span(high, low, close))
}

// TickPercent makes a tick of the average in percent of the close. It is not to be
// in line: what the tick calls would be no more.
//
//go:noinline
func (a *AverageRange) TickPercent() ta.Tick {
	return func(high, low, close, _ float64) (percent, _, _ float64) {
		if ta.Holes(high, low, close, 0) {
			return ta.NoValues()
		}
		average := a.Average.pulse.beat(a.span(high, low, close))
		return PercentOf(average.GetElem(0), close), 0, 0
	}
}

// span is the range of one bar, made as nextWide does.
func (a *AverageRange) span(high, low, close float64) Two {
	ends := twoOf(high, low).Mul(opposite).Max(a.before)
	span := ends.Add(ends.SelectFromPair(1, 2, ends))
	if high < low {
		span = a.odd(high, low)
	}
	a.before = twice(close).Mul(opposite)
	return span
}

// odd is the range of a bar whose low is above its high.
func (a *AverageRange) odd(high, low float64) Two {
	return twice(reach(high, low, a.before.GetElem(0)))
}

// AppendState implements ta.State.
func (a *AverageRange) AppendState(b []byte) []byte { return appendStates(b, a.Reach, a.Average) }

// Restore implements ta.State.
func (a *AverageRange) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, a.Reach, a.Average)
}
