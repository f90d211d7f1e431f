package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Cycle is the dominant cycle as Hilbert measures it, its period smoothed once
// more, and what follows from the period for prices of its length.
type Cycle struct {
	hilbert *Hilbert
	smooth  *Recurrence
	parts   [3][ta.Tile]float64
}

// Leads of the calculations on a cycle: those of its period, and those that add
// up prices of that length.
const (
	CycleLead = 32
	TrendLead = 63
)

// CycleStart is how many bars TA-Lib waits before it feeds the filters where
// results begin at CycleLead, trendStart where they begin at TrendLead.
const (
	CycleStart = 12
	trendStart = 37
)

// NewCycle has results from bar lead on, CycleLead or TrendLead.
func NewCycle(lead int) *Cycle {
	start := CycleStart
	if lead == TrendLead {
		start = trendStart
	}
	return newCycle(start)
}

func newCycle(start int) *Cycle {
	return &Cycle{
		hilbert: NewHilbert(start),
		smooth:  &Recurrence{powers: newPowers(0.33, 0.67), seed: 1, divisor: 1}, // of 0, before the filters
	}
}

// Next sets period to the smoothed period.
func (c *Cycle) Next(x, period []float64) {
	m := len(x)
	c.hilbert.Next(x, c.parts[0][:m], c.parts[1][:m], c.parts[2][:m])
	c.smooth.Next(c.parts[2][:m], period)
}

// AppendState implements ta.State.
func (c *Cycle) AppendState(b []byte) []byte { return appendStates(b, c.hilbert, c.smooth) }

// Restore implements ta.State.
func (c *Cycle) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, c.hilbert, c.smooth)
}

// wholeBars is a period in bars, at most longestCycle.
func wholeBars(period float64) int {
	return int(smaller(larger(period+0.5, 0), longestCycle))
}
