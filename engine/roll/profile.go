package roll

import "math"

// Profile is how the volume of the last n bars is spread over their prices: their
// range in bins of one width, the volume of a bar spread evenly over the bar's own
// range. It says in which bin most was traded, and which bins around that one
// together have a given part of all (J. F. Dalton, Mind over Markets, 1990).
type Profile struct {
	high, low, volume track
	count
	part float64
	bins []float64
}

// NewProfile looks at n bars, in bins of which there are 2 or more, for the part of
// the volume that is the value area.
func NewProfile(n, bins int, part float64) *Profile {
	return &Profile{
		high: newTrack(n), low: newTrack(n), volume: newTrack(n),
		count: count{n - 1}, part: part, bins: make([]float64, bins),
	}
}

// Next sets point to the middle of the bin in which most was traded, and top and
// bottom to the ends of the value area; NaN where nothing was traded.
func (p *Profile) Next(high, low, volume, point, top, bottom []float64) int {
	h, l, v := p.high.push(high), p.low.push(low), p.volume.push(volume)
	n, lead := p.high.n, p.lead(len(high))
	Blank(lead, point, top, bottom)
	for i := lead; i < len(high); i++ {
		point[i], top[i], bottom[i] = p.of(h[i+1:i+1+n], l[i+1:i+1+n], v[i+1:i+1+n])
	}
	return lead
}

func (p *Profile) of(high, low, volume []float64) (point, top, bottom float64) {
	ceiling, floor, traded := high[0], low[0], 0.0
	for i, h := range high {
		ceiling, floor = larger(h, ceiling), smaller(low[i], floor)
		traded += volume[i]
	}
	if ceiling == floor && traded > 0 {
		return floor, floor, floor
	}
	width := (ceiling - floor) / float64(len(p.bins))
	if !(width > 0 && width < inf) {
		return nan, nan, nan
	}
	clear(p.bins)
	for i, v := range volume {
		p.spread(p.place(low[i], floor, width), p.place(high[i], floor, width), v)
	}
	all := 0.0
	for _, v := range p.bins {
		all += v
	}
	if !(all > 0) {
		return nan, nan, nan
	}
	first, most, last := p.area(all)
	at := func(bins float64) float64 { return math.FMA(bins, width, floor) }
	point, top, bottom = at(float64(most)+0.5), at(float64(last+1)), at(float64(first))
	if last == len(p.bins)-1 {
		top = ceiling
	}
	return point, top, bottom
}

// place is how many bins a price is above the floor. One that is within a
// billionth of a bin of an edge is on it: the difference is rounding's.
func (p *Profile) place(price, floor, width float64) float64 {
	x := (price - floor) / width
	if edge := math.Floor(x + 0.5); math.Abs(x-edge) <= 1e-9 {
		x = edge
	}
	return larger(0, smaller(x, float64(len(p.bins))))
}

// spread adds a volume to the bins from a to b. A price on an edge is in the bin
// above it, if there is one.
func (p *Profile) spread(a, b, volume float64) {
	from, last := int(a), len(p.bins)-1
	if !(a < b) {
		p.bins[min(from, last)] += volume
		return
	}
	to := int(math.Ceil(b)) - 1
	if from == to {
		p.bins[from] += volume
		return
	}
	part := volume / (b - a)
	p.bins[from] += float64(part * (float64(from+1) - a))
	for k := from + 1; k < to; k++ {
		p.bins[k] += part
	}
	p.bins[to] += float64(part * (b - float64(to)))
}

// area finds the bin with the most, of equal ones the one nearest the middle of the
// range and of two of those the lower; and begins there with a value area, to which
// it adds the two bins above or the two below, whichever have more, the ones above
// if they are equal, until it has its part of all.
func (p *Profile) area(all float64) (first, most, last int) {
	end := len(p.bins) - 1
	for k, v := range p.bins {
		off, least := max(2*k-end, end-2*k), max(2*most-end, end-2*most)
		if v > p.bins[most] || v == p.bins[most] && off < least {
			most = k
		}
	}
	two := func(a, b int) (sum float64) {
		for _, v := range p.bins[max(a, 0):min(b+1, end+1)] {
			sum += v
		}
		return sum
	}
	first, last = most, most
	for sum := p.bins[most]; sum < p.part*all && (first > 0 || last < end); {
		above, below := two(last+1, last+2), two(first-2, first-1)
		if first == 0 || last < end && above >= below {
			sum, last = sum+above, min(last+2, end)
		} else {
			sum, first = sum+below, max(first-2, 0)
		}
	}
	return first, most, last
}

// AppendState implements ta.State.
func (p *Profile) AppendState(b []byte) []byte {
	return appendStates(b, &p.high, &p.low, &p.volume, &p.count)
}

// Restore implements ta.State.
func (p *Profile) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, &p.high, &p.low, &p.volume, &p.count)
}
