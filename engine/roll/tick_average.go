package roll

import "math"

// Ready implements ta.Ticker.
func (itself) Ready() bool { return true }

// Single implements ta.Ticker.
func (itself) Single() {}

// Columns implements ta.Ticker.
func (itself) Columns() {}

// Tick implements ta.Series.
func (itself) Tick(x float64) float64 { return x }

// chain is recurrences with the same factors, of which each takes the results of the
// one before, while values come one by one. Both lanes have the same.
type chain struct {
	factors
	links []ring
	i     uint // where the oldest are, round the rings
}

// take goes on where the stages stopped.
func (c *chain) take(stages ...*Recurrence) {
	if c.links == nil {
		c.links = make([]ring, len(stages))
	}
	for k, r := range stages {
		for lane := range 2 {
			c.factors.take(lane, r)
			c.links[k].take(lane, r)
		}
	}
	c.i = 0
}

// give is where the stages go on.
func (c *chain) give(stages ...*Recurrence) {
	for k, r := range stages {
		c.links[k].give(0, r, c.i)
	}
}

// Ready implements ta.Ticker.
func (c *cascade) Ready() bool { return c.stages[len(c.stages)-1].Ready() }

// Single implements ta.Ticker.
func (c *cascade) Single() {
	c.take(c.stages...)
	c.weight = c.weight[:0]
	for _, w := range c.weights {
		c.weight = append(c.weight, twice(w))
	}
	c.silent = c.weights[1] == 0
}

// Columns implements ta.Ticker.
func (c *cascade) Columns() { c.give(c.stages...) }

// Tick implements ta.Series.
func (c *cascade) Tick(x float64) float64 {
	i := c.i
	c.i = i + 1
	a, ab, b2, b4, b8 := c.a, c.ab, c.b2, c.b4, c.b8
	links, weight := c.links, c.weight[:len(c.links)]
	first := links[0].beat(i, a, ab, b2, b4, b8, twice(x))
	y := links[1].beat(i, a, ab, b2, b4, b8, first)
	sum := y.MulAdd(weight[1], first.Mul(weight[0]))
	if c.silent {
		sum = twice(minusZero)
	}
	for k := 2; k < len(links); k++ {
		y = links[k].beat(i, a, ab, b2, b4, b8, y)
		if c.weights[k] != 0 {
			sum = y.MulAdd(weight[k], sum)
		}
	}
	return sum.GetElem(0)
}

// Ready implements ta.Ticker.
func (k *kama) Ready() bool { return k.count.Ready() && k.noise.Ready() }

// Single implements ta.Ticker.
func (k *kama) Single() { k.noise.Single() }

// Columns implements ta.Ticker.
func (k *kama) Columns() { k.noise.Columns() }

// Tick implements ta.Series.
func (k *kama) Tick(x float64) float64 {
	before := k.past.at(0)
	k.past.put(x)
	noise := k.noise.Tick(math.Abs(x - before))
	c := fastest
	if whole := math.Abs(x - k.past.at(k.n)); whole < noise {
		c = math.FMA(whole/noise, fastest-slowest, slowest)
	}
	gain := float64(c * c)
	return k.fade.tick(1-gain, gain*x)
}

// tick is next for one bar.
func (f *fading) tick(keep, add float64) float64 {
	f.keep.put(keep)
	f.add.put(add)
	w, v := f.keep.newest(), f.add.newest()
	k2, a2 := w[3]*w[2], math.FMA(w[3], v[2], v[3])
	k4, a4 := k2*(w[1]*w[0]), math.FMA(k2, math.FMA(w[1], v[0], v[1]), a2)
	y := math.FMA(k4, f.y[0], a4)
	f.y = [lanes]float64{f.y[1], f.y[2], f.y[3], y}
	return y
}
