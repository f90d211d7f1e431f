package wasmtest

import "math"

// What the guests in sdk/testdata compute, natively and in the same steps, so
// with the same bits: what their time is held against. The periods are those of
// their averages and of their index.

// CoreColumns is what the guests core-* do: the simple moving average, the
// exponential one and the relative strength index of whole columns.
func CoreColumns(x []float64, sma, ema, rsi int) [][]float64 {
	values := make([]float64, 3*len(x))
	for i := range values {
		values[i] = math.NaN()
	}
	n := len(x)
	out := [][]float64{values[:n:n], values[n : 2*n : 2*n], values[2*n:]}
	simple(out[0], x, sma)
	exponential(out[1], x, ema)
	strength(out[2], x, rsi)
	return out
}

func simple(out, x []float64, n int) {
	block, rest := make([]float64, n), make([]float64, n+1)
	full, seen, sum := false, 0, 0.0
	for i, v := range x {
		if v != v {
			continue
		}
		block[seen] = v
		seen++
		sum += v
		if full || seen == n {
			out[i] = (rest[seen] + sum) / float64(n)
		}
		if seen == n {
			for j := n - 1; j >= 0; j-- {
				rest[j] = rest[j+1] + block[j]
			}
			full, seen, sum = true, 0, 0
		}
	}
}

func exponential(out, x []float64, n int) {
	weight := 2 / float64(n+1)
	seen, y := 0, 0.0
	for i, v := range x {
		if v != v {
			continue
		}
		if seen < n {
			y += v
			if seen++; seen < n {
				continue
			}
			y /= float64(n)
		} else {
			y += float64(weight * (v - y))
		}
		out[i] = y
	}
}

func strength(out, x []float64, n int) {
	seen, gain, loss, last := 0, 0.0, 0.0, math.NaN()
	for i, v := range x {
		if v != v {
			continue
		}
		before := last
		last = v
		if before != before {
			continue
		}
		up, down := moves(v - before)
		if seen < n {
			gain += up
			loss += down
			if seen++; seen < n {
				continue
			}
			gain /= float64(n)
			loss /= float64(n)
		} else {
			gain += (up - gain) / float64(n)
			loss += (down - loss) / float64(n)
		}
		out[i] = 0
		if all := gain + loss; all > 0 {
			out[i] = 100 * gain / all
		}
	}
}

// moves is what a change gains and what it loses: halves, not choices, as which
// way the next goes nobody can foresee.
func moves(rise float64) (up, down float64) {
	size := math.Abs(rise)
	return (size + rise) / 2, (size - rise) / 2
}

// CoreBars is what the guests stream-* do with single bars.
type CoreBars struct {
	sma, ema, rsi int // the periods

	block, rest []float64
	full        bool
	seen        int // values in the block
	sum         float64

	seeds int // of the exponential average
	y     float64

	moves            int // that seed the index
	gain, loss, last float64
}

// NewCoreBars begins a series.
func NewCoreBars(sma, ema, rsi int) *CoreBars {
	return &CoreBars{sma: sma, ema: ema, rsi: rsi, block: make([]float64, sma), rest: make([]float64, sma+1), last: math.NaN()}
}

// Next takes a bar.
func (c *CoreBars) Next(in, out []float64) {
	for i := range out {
		out[i] = math.NaN()
	}
	if v := in[0]; v == v {
		c.simple(out, v)
		c.exponential(out[1:], v)
		c.strength(out[2:], v)
	}
}

func (c *CoreBars) simple(out []float64, v float64) {
	c.block[c.seen] = v
	c.seen++
	c.sum += v
	if c.full || c.seen == c.sma {
		out[0] = (c.rest[c.seen] + c.sum) / float64(c.sma)
	}
	if c.seen == c.sma {
		for j := c.sma - 1; j >= 0; j-- {
			c.rest[j] = c.rest[j+1] + c.block[j]
		}
		c.full, c.seen, c.sum = true, 0, 0
	}
}

func (c *CoreBars) exponential(out []float64, v float64) {
	if c.seeds < c.ema {
		c.y += v
		if c.seeds++; c.seeds < c.ema {
			return
		}
		c.y /= float64(c.ema)
	} else {
		c.y += float64(2 / float64(c.ema+1) * (v - c.y))
	}
	out[0] = c.y
}

func (c *CoreBars) strength(out []float64, v float64) {
	before := c.last
	c.last = v
	if before != before {
		return
	}
	up, down := moves(v - before)
	if c.moves < c.rsi {
		c.gain += up
		c.loss += down
		if c.moves++; c.moves < c.rsi {
			return
		}
		c.gain /= float64(c.rsi)
		c.loss /= float64(c.rsi)
	} else {
		c.gain += (up - c.gain) / float64(c.rsi)
		c.loss += (down - c.loss) / float64(c.rsi)
	}
	out[0] = 0
	if all := c.gain + c.loss; all > 0 {
		out[0] = 100 * c.gain / all
	}
}
