package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Parabolic is Wilder's parabolic time/price system (New Concepts in Technical
// Trading Systems, 1978): the price at which a position is stopped and reversed.
// Each bar the stop covers a part of its distance to the best price of the
// position so far; the part grows with each new best price. It never enters the
// range of the last two bars.
//
// A short position is a long one with all prices negated, which is exact: within
// Parabolic sar, best and the prices are so, and side is 1 or −1.
type Parabolic struct {
	start, offset float64
	accelerations [2]Acceleration // of long and short positions
	signed        bool

	seen            int // bars so far, at most 2
	side            float64
	sar, best, part float64
	high, low       float64 // of the last bar
}

// Acceleration is the part of the distance that is covered each bar: First at
// the beginning, Step more with each new best price, never more than Limit.
type Acceleration struct{ First, Step, Limit float64 }

// NewParabolic begins with the first move that leaves the range of the first
// bar, or, where start is not 0, with a stop at |start|, long if it is positive.
// When a position is reversed, the new stop is a part offset further away. signed
// results are negative for a short position.
func NewParabolic(start, offset float64, long, short Acceleration, signed bool) *Parabolic {
	p := &Parabolic{start: start, offset: offset, accelerations: [2]Acceleration{long, short}, signed: signed}
	for i := range p.accelerations {
		a := &p.accelerations[i]
		a.First, a.Step = min(a.First, a.Limit), min(a.Step, a.Limit)
	}
	return p
}

func (p *Parabolic) acceleration() Acceleration {
	if p.side < 0 {
		return p.accelerations[1]
	}
	return p.accelerations[0]
}

// sides puts the price that can hit the stop first.
func (p *Parabolic) sides(high, low float64) (near, far float64) {
	if p.side < 0 {
		return -high, -low
	}
	return low, high
}

// sign turns a stop into a result.
func (p *Parabolic) sign() float64 {
	if p.signed {
		return 1
	}
	return p.side
}

// Next sets out to the stops.
func (p *Parabolic) Next(high, low, out []float64) (lead int) {
	m := len(out)
	i := 0
	if p.seen == 0 {
		p.high, p.low, p.seen = high[0], low[0], 1
		out[0] = nan
		i, lead = 1, 1
	}
	if i < m && p.seen == 1 {
		p.begin(high[i], low[i])
	}
	if i < m {
		for i = p.rideWide(high, low, out, i); i < m; i++ {
			out[i] = p.next(high[i], low[i])
		}
	}
	return lead
}

// begin takes the second bar.
func (p *Parabolic) begin(high, low float64) {
	up, down := high-p.high, p.low-low
	p.side = 1
	if p.start < 0 || p.start == 0 && down > larger(up, 0) {
		p.side = -1
	}
	p.sar, _ = p.sides(p.high, p.low)
	if p.start != 0 {
		p.sar = p.start
	}
	_, p.best = p.sides(high, low)
	p.part = p.acceleration().First
	p.high, p.low, p.seen = high, low, 2
}

// next takes a bar after the second.
func (p *Parabolic) next(high, low float64) float64 {
	before, _ := p.sides(p.high, p.low)
	near, far := p.sides(high, low)
	if near <= p.sar {
		return p.reverse(high, low)
	}
	result := p.sar * p.sign()
	if far > p.best {
		a := p.acceleration()
		p.best, p.part = far, smaller(p.part+a.Step, a.Limit)
	}
	p.advance(before, near)
	p.high, p.low = high, low
	return result
}

// advance moves the stop towards the best price, but not past two others.
func (p *Parabolic) advance(before, now float64) {
	p.sar = smaller(math.FMA(p.part, p.best-p.sar, p.sar), smaller(before, now))
}

// reverse begins the opposite position at a bar that hit the stop, with the
// best price as its stop.
func (p *Parabolic) reverse(high, low float64) float64 {
	p.side = -p.side
	before, _ := p.sides(p.high, p.low)
	now, best := p.sides(high, low)
	p.sar = smaller(-p.best, smaller(before, now))
	if p.offset != 0 {
		p.sar -= float64(p.sar * p.side * p.offset)
	}
	result := p.sar * p.sign()
	p.best, p.part = best, p.acceleration().First
	p.advance(before, now)
	p.high, p.low = high, low
	return result
}

// AppendState implements ta.State.
func (p *Parabolic) AppendState(b []byte) []byte {
	return ta.AppendFloats(b, float64(p.seen), p.side, p.sar, p.best, p.part, p.high, p.low)
}

// Restore implements ta.State.
func (p *Parabolic) Restore(state []byte) ([]byte, error) {
	var v [7]float64
	rest, err := ta.RestoreFloats(state, v[:])
	if err != nil || !(v[0] == 0 || v[0] == 1 || v[0] == 2) {
		return nil, ta.ErrState
	}
	p.seen, p.side, p.sar, p.best, p.part, p.high, p.low = int(v[0]), v[1], v[2], v[3], v[4], v[5], v[6]
	return rest, nil
}
