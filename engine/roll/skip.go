package roll

// Skip withholds the first values from what follows it, so that a short
// calculation can be seeded on the bar on which a long one is.
type Skip struct{ count }

// NewSkip withholds n values, 0 or more.
func NewSkip(n int) *Skip { return &Skip{count{n}} }

// Next says how many of the next m values are withheld.
func (s *Skip) Next(m int) int { return s.lead(m) }
