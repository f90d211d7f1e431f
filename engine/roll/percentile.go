package roll

// Percentile is one of the last n values by its place in their order.
type Percentile struct {
	order
	place int
}

// NewPercentile gives the value with place smaller ones before it, from 0 for
// the smallest of n to n−1 for the largest.
func NewPercentile(n, place int) *Percentile { return &Percentile{newOrder(n), place} }

// Next sets out to the values.
func (p *Percentile) Next(x, out []float64) (lead int) {
	w := p.past.push(x)
	for i, v := range x {
		p.push(v, w[i])
		if p.held < p.n {
			out[i] = nan
			lead++
			continue
		}
		out[i] = p.at(p.place)
	}
	return lead
}
