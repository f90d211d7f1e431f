package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Trendline is the mean of the prices over the last cycle, smoothed over 4 bars:
// what remains when the cycle is taken out.
type Trendline struct {
	sums         *Sums
	means        track
	rest         [8][ta.Tile]float64                      // sums of the newest 0 to 7 prices
	whole        [1 + longestCycle/8][7 + ta.Tile]float64 // of so many eights, 7 bars early
	sum, lengths [ta.Tile]float64
}

// NewTrendline has a result for each bar.
func NewTrendline() *Trendline {
	return &Trendline{sums: NewSums(7 + longestCycle), means: newTrack(3)}
}

// Next sets out to the trend of x, whose cycles have the given periods.
func (t *Trendline) Next(x, period, out []float64) {
	m := len(x)
	t.add(x)
	for i, p := range period {
		n := wholeBars(p)
		t.sum[i] = t.rest[n&7][i] + t.whole[n>>3][7+i-(n&7)]
		t.lengths[i] = float64(n)
	}
	means := t.means.window(m)
	Ratio(means[3:], t.sum[:m], t.lengths[:m], 0)
	smooth4(out, means)
}

// add makes the sums that any length is two of.
func (t *Trendline) add(x []float64) {
	m := len(x)
	t.sums.Next(x)
	part := func(rung, back int) []float64 { return t.sums.part(piece{rung, back}, m) }
	rest := func(n int) []float64 { return t.rest[n][:m] }
	copy(rest(1), x)
	copy(rest(2), part(pairs, 0))
	Add(rest(3), rest(2), part(ones, 2))
	copy(rest(4), part(fours, 0))
	Add(rest(5), rest(4), part(ones, 4))
	Add(rest(6), rest(4), part(pairs, 4))
	Add(rest(7), rest(6), part(ones, 6))
	for k := 1; k < len(t.whole); k++ {
		Add(t.whole[k][:7+m], t.whole[k-1][:7+m], t.sums.past(1, 0, 7+m, 8*(k-1)))
	}
}

// AppendState implements ta.State.
func (t *Trendline) AppendState(b []byte) []byte { return appendStates(b, t.sums, &t.means) }

// Restore implements ta.State.
func (t *Trendline) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, t.sums, &t.means)
}
