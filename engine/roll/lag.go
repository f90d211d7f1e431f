package roll

// Skip withholds the first values from what follows it, so that a short
// calculation can be seeded on the bar on which a long one is.
type Skip struct{ count }

// NewSkip withholds n values, 0 or more.
func NewSkip(n int) *Skip { return &Skip{count{n}} }

// Next says how many of the next m values are withheld.
func (s *Skip) Next(m int) int { return s.lead(m) }

// Compare sets out to what op makes of each value and the one n bars before.
func (l *Lag) Compare(x, out []float64, op func(dst, a, b []float64)) int {
	op(out, x, l.push(x)[:len(x)])
	lead := l.lead(len(x))
	Blank(lead, out)
	return lead
}
