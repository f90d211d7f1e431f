package roll

// TrueRange is how far a bar reaches, the gap from the close before included
// (Wilder, New Concepts in Technical Trading Systems, 1978): the largest of
// high − low, |high − close before| and |low − close before|.
type TrueRange struct{ last }

// NewTrueRange has its first result at the second bar.
func NewTrueRange() *TrueRange { return &TrueRange{newLast()} }

// Next sets out to the true ranges.
func (s *TrueRange) Next(high, low, close, out []float64) int {
	m := len(close)
	out[0] = reach(high[0], low[0], s.value)
	for i := trueRangeWide(high, low, close, out); i < m; i++ {
		out[i] = reach(high[i], low[i], close[i-1])
	}
	s.value = close[m-1]
	lead := s.lead(m)
	Blank(lead, out)
	return lead
}

func reach(high, low, before float64) float64 {
	a, b := high-before, low-before
	return larger(larger(high-low, larger(a, 0-a)), larger(b, 0-b))
}

// Pressure splits a true range: bought is what the bar closed above the lower of
// its low and the close before.
type Pressure struct{ last }

// NewPressure has its first results at the second bar.
func NewPressure() *Pressure { return &Pressure{newLast()} }

// Next sets bought to the buying pressure and ranges to the true ranges.
func (s *Pressure) Next(high, low, close, bought, ranges []float64) int {
	s.split(high, low, close, bought, ranges)
	s.value = close[len(close)-1]
	lead := s.lead(len(close))
	Blank(lead, bought, ranges)
	return lead
}

// Watch is Next for bars that may have holes: it returns false, with s as it was,
// where it met one, or cannot tell.
func (s *Pressure) Watch(high, low, close, bought, ranges []float64) bool {
	if s.missing > 0 {
		return false
	}
	if sum := s.split(high, low, close, bought, ranges); sum-sum != 0 {
		return false
	}
	s.value = close[len(close)-1]
	return true
}

// split returns the sum of all prices: no number where one of them is none.
func (s *Pressure) split(high, low, close, bought, ranges []float64) float64 {
	press(&bought[0], &ranges[0], s.value, high[0], low[0], close[0])
	i, sum := pressureWide(high, low, close, bought, ranges)
	sum += high[0] + low[0] + close[0]
	for ; i < len(close); i++ {
		press(&bought[i], &ranges[i], close[i-1], high[i], low[i], close[i])
		sum += high[i] + low[i] + close[i]
	}
	return sum
}

func press(bought, span *float64, before, high, low, close float64) {
	bottom := smaller(low, before)
	*bought, *span = close-bottom, larger(high, before)-bottom
}
