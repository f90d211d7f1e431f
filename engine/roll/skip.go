package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// count counts values up to the one from which a calculation has results.
type count struct{ missing int }

// lead takes m more values and says how many of them come before the first
// result.
func (c *count) lead(m int) int {
	k := min(c.missing, m)
	c.missing -= k
	return k
}

// AppendState appends how many values are missing.
func (c *count) AppendState(b []byte) []byte { return ta.AppendFloats(b, float64(c.missing)) }

// Restore takes it back.
func (c *count) Restore(state []byte) ([]byte, error) {
	var v [1]float64
	rest, err := ta.RestoreFloats(state, v[:])
	if err != nil || !(v[0] >= 0 && v[0] <= 1<<40) {
		return nil, ta.ErrState
	}
	c.missing = int(v[0])
	return rest, nil
}

// Skip withholds the first values from what follows it, so that a short
// calculation can be seeded on the bar on which a long one is.
type Skip struct{ count }

// NewSkip withholds n values, 0 or more.
func NewSkip(n int) *Skip { return &Skip{count{n}} }

// Next says how many of the next m values are withheld.
func (s *Skip) Next(m int) int { return s.lead(m) }
