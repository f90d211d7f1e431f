package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Paid is how far above the newest price was paid on average, a bar weighing as
// much as was traded and less and less as it grows older:
//
//	EMA(price·volume) / EMA(volume) − price
//
// It is kept as that difference, gap·EMA(volume), which a step of the price
// changes by the step times the volume: so where no price moves it is exactly 0,
// and elsewhere nothing large is taken from anything as large.
type Paid struct {
	weight, n                 float64
	seen, before, gap, volume float64
}

// NewPaid has EMAs over n bars, 1 or more, seeded by the means of the first n.
func NewPaid(n int) *Paid { return &Paid{weight: 2 / float64(n+1), n: float64(n)} }

// Next sets out to the differences, 0 where the average volume is 0.
func (p *Paid) Next(price, volume, out []float64) (lead int) {
	keep := 1 - p.weight
	for i, x := range price {
		if p.seen > 0 {
			p.gap = math.FMA(p.before-x, p.volume, p.gap)
		}
		if p.seen < p.n {
			p.seen++
			p.volume += volume[i]
			if p.seen == p.n {
				p.gap /= p.n
				p.volume /= p.n
			}
		} else {
			p.gap *= keep
			p.volume = math.FMA(keep, p.volume, float64(p.weight*volume[i]))
		}
		p.before = x
		switch {
		case p.seen < p.n:
			out[i] = nan
			lead++
		case p.volume == 0:
			out[i] = 0
		default:
			out[i] = p.gap / p.volume
		}
	}
	return lead
}

// AppendState implements ta.State.
func (p *Paid) AppendState(b []byte) []byte {
	return ta.AppendFloats(b, p.seen, p.before, p.gap, p.volume)
}

// Restore implements ta.State.
func (p *Paid) Restore(state []byte) ([]byte, error) {
	var v [4]float64
	rest, err := ta.RestoreFloats(state, v[:])
	if err != nil || !(v[0] >= 0 && v[0] <= p.n) {
		return nil, ta.ErrState
	}
	p.seen, p.before, p.gap, p.volume = v[0], v[1], v[2], v[3]
	return rest, nil
}
