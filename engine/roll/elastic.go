package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Elastic is McGinley's average: an exponential one whose weight is 1/span times
// the fourth power of average/price, so that it follows a fall faster than a
// rise. It is seeded by the mean of the first values.
//
// The weight is at most 1: the formula alone would step across a price that has
// fallen far, and then swing wider with every bar. It is 1, too, where price and
// average are not of one sign.
type Elastic struct {
	span, n      float64
	seen, sum, y float64
}

// NewElastic is seeded by n values, 1 or more.
func NewElastic(n int, span float64) *Elastic { return &Elastic{span: span, n: float64(n)} }

// Next sets out to the averages.
func (e *Elastic) Next(x, out []float64) (lead int) {
	for i, v := range x {
		if e.seen < e.n {
			e.seen++
			e.sum += v
			e.y = e.sum / e.n
			if out[i] = e.y; e.seen < e.n {
				out[i] = nan
				lead++
			}
			continue
		}
		weight := 1.0
		if ratio := v / e.y; ratio > 0 && e.y != 0 {
			square := float64(ratio * ratio)
			weight = min(1, 1/float64(e.span*float64(square*square)))
		}
		e.y += float64(weight * (v - e.y))
		out[i] = e.y
	}
	return lead
}

// AppendState implements ta.State.
func (e *Elastic) AppendState(b []byte) []byte { return ta.AppendFloats(b, e.seen, e.sum, e.y) }

// Restore implements ta.State.
func (e *Elastic) Restore(state []byte) ([]byte, error) {
	var v [3]float64
	rest, err := ta.RestoreFloats(state, v[:])
	if err != nil || !(v[0] >= 0 && v[0] <= e.n) {
		return nil, ta.ErrState
	}
	e.seen, e.sum, e.y = v[0], v[1], v[2]
	return rest, nil
}
