package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// AverageRange is Wilder's average of the true range (New Concepts in Technical
// Trading Systems, 1978).
type AverageRange struct {
	last      // the close before; the first bar has no range
	sum       trace
	scale     float64 // the average is the sum times this
	both      traces  // for Tick, the same in both lanes
	before, k Two     // the close before, and turned around; scale
}

// NewAverageRange is over n bars, 1 or more.
func NewAverageRange(n int) *AverageRange {
	return &AverageRange{last: newLast(), sum: newWilderTrace(n), scale: 1 / float64(n)}
}

// Next sets out to the averages.
func (a *AverageRange) Next(high, low, close, out []float64) int {
	i := a.lead(1)
	if i == 1 {
		a.value = close[0]
	}
	lead := i
	for ; i < len(out) && !a.sum.runs(); i++ {
		out[i] = a.next(high[i], low[i], close[i])
		if a.sum.seen < a.sum.n {
			lead = i + 1
		}
	}
	i += a.nextWide(high[i:], low[i:], close[i:], out[i:])
	for ; i < len(out); i++ {
		out[i] = a.next(high[i], low[i], close[i])
	}
	Blank(lead, out)
	return lead
}

// Watch is Next as ta.Watchful asks for it.
func (a *AverageRange) Watch(high, low, close, out []float64) bool {
	return a.sum.runs() && a.nextWide(high, low, close, out) == len(out)
}

func (a *AverageRange) next(high, low, close float64) float64 {
	span := reach(high, low, a.value)
	a.value = close
	return a.sum.next(span) * a.scale
}

// Ready implements ta.Ticker.
func (a *AverageRange) Ready() bool { return paired() && a.sum.runs() }

// Single implements ta.Ticker.
func (a *AverageRange) Single() {
	a.both.take(&a.sum, &a.sum)
	a.before, a.k = twice(a.value).Mul(opposite), twice(a.scale)
}

// Columns implements ta.Ticker.
func (a *AverageRange) Columns() {
	a.both.give(&a.sum, &a.sum)
	a.value = a.before.GetElem(0)
}

// Tick is Next for one bar.
func (a *AverageRange) Tick(high, low, close float64) Two {
	return a.both.next(a.span(high, low, close)).Mul(a.k)
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
		return PercentOf(a.Tick(high, low, close).GetElem(0), close), 0, 0
	}
}

// opposite turns the second of two around.
var opposite = twoOf(1, -1)

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
func (a *AverageRange) AppendState(b []byte) []byte { return appendStates(b, &a.last, &a.sum) }

// Restore implements ta.State.
func (a *AverageRange) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, &a.last, &a.sum)
}
