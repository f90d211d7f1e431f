package roll

// smaller is what the processor's MINPD computes, as larger is.
func smaller(a, b float64) float64 {
	if a < b {
		return a
	}
	return b
}

// Bodies splits what a bar moved from its open to its close into a gain and a
// loss, of which one is 0 and the other not negative.
func Bodies(open, close, up, down []float64) {
	for i := bodiesWide(open, close, up, down); i < len(up); i++ {
		split(&up[i], &down[i], open[i], close[i])
	}
}

// Power sets dst to the part of a bar's range that lies between open and close,
// negative where it closes lower: (close − open) / (high − low), and 0 for a bar
// without a range.
func Power(dst, open, high, low, close []float64) {
	for i := powerWide(dst, open, high, low, close); i < len(dst); i++ {
		dst[i] = 0
		if r := high[i] - low[i]; r > 0 {
			dst[i] = (close[i] - open[i]) / r
		}
	}
}

// Accelerate widens each bar by four times its range as a part of its middle's
// double: upper = high · (1 + 4·(high − low)/(high + low)), lower = low · (1 −
// the same), and the bar itself where high + low is 0.
func Accelerate(upper, lower, high, low []float64) {
	for i := accelerateWide(upper, lower, high, low); i < len(upper); i++ {
		h, l := high[i], low[i]
		s := h + l
		f := (h - l) * 4 / s
		if s == 0 {
			f = 0
		}
		upper[i], lower[i] = h*(1+f), l*(1-f)
	}
}

// Swing sets dst to 100 where a value is above both others, else to 0.
func Swing(dst, x, before, after []float64) {
	for i := swingWide(dst, x, before, after); i < len(dst); i++ {
		dst[i] = 0
		if x[i] > larger(before[i], after[i]) {
			dst[i] = 100
		}
	}
}

// Dip sets dst to 100 where a value is below both others, else to 0.
func Dip(dst, x, before, after []float64) {
	for i := dipWide(dst, x, before, after); i < len(dst); i++ {
		dst[i] = 0
		if x[i] < smaller(before[i], after[i]) {
			dst[i] = 100
		}
	}
}

// Pressure splits a true range: bought is what the bar closed above the lower of
// its low and the close before.
type Pressure struct{ last }

// NewPressure has its first results at the second bar.
func NewPressure() *Pressure { return &Pressure{newLast()} }

// Next sets bought to the buying pressure and ranges to the true ranges.
func (s *Pressure) Next(high, low, close, bought, ranges []float64) int {
	m := len(close)
	press(&bought[0], &ranges[0], s.value, high[0], low[0], close[0])
	for i := pressureWide(high, low, close, bought, ranges); i < m; i++ {
		press(&bought[i], &ranges[i], close[i-1], high[i], low[i], close[i])
	}
	s.value = close[m-1]
	lead := s.lead(m)
	Blank(lead, bought, ranges)
	return lead
}

func press(bought, span *float64, before, high, low, close float64) {
	bottom := smaller(low, before)
	*bought, *span = close-bottom, larger(high, before)-bottom
}

// Vortex is how far a bar's high is from the low of the bar before, and its low
// from the high of the bar before.
type Vortex struct{ high, low last }

// NewVortex has its first results at the second bar.
func NewVortex() *Vortex { return &Vortex{newLast(), newLast()} }

// Next sets plus to the distances of the highs and minus to those of the lows.
func (s *Vortex) Next(high, low, plus, minus []float64) int {
	m := len(high)
	plus[0], minus[0] = abs(high[0]-s.low.value), abs(low[0]-s.high.value)
	distance(plus[1:], high[1:], low[:m-1])
	distance(minus[1:], low[1:], high[:m-1])
	s.high.value, s.low.value = high[m-1], low[m-1]
	lead := s.high.lead(m)
	s.low.lead(m)
	Blank(lead, plus, minus)
	return lead
}

// AppendState implements ta.State.
func (s *Vortex) AppendState(b []byte) []byte { return appendStates(b, &s.high, &s.low) }

// Restore implements ta.State.
func (s *Vortex) Restore(state []byte) ([]byte, error) { return restoreStates(state, &s.high, &s.low) }

// Gathered is what Williams counts of a bar: on a close above the one before,
// how far it is above the lower of that and the low; on a close below, how far it
// is below the higher of that and the high; else, and on the first bar, 0.
type Gathered struct{ last }

// NewGathered has results from the first bar on.
func NewGathered() *Gathered { return &Gathered{newLast()} }

// Next sets out to what is counted.
func (s *Gathered) Next(high, low, close, out []float64) int {
	m := len(close)
	before := s.value
	if s.lead(1) == 1 {
		before = close[0]
	}
	out[0] = williams(before, high[0], low[0], close[0])
	for i := gatheredWide(high, low, close, out); i < m; i++ {
		out[i] = williams(close[i-1], high[i], low[i], close[i])
	}
	s.value = close[m-1]
	return 0
}

func williams(before, high, low, close float64) float64 {
	up, down := 0.0, 0.0
	if close > before {
		up = close - smaller(low, before)
	}
	if close < before {
		down = larger(high, before) - close
	}
	return up - down
}
