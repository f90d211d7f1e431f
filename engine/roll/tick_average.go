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

// stageTick is a stage and its part in the sum.
type stageTick struct {
	*Recurrence
	weight Two
	counts bool
}

// Ready implements ta.Ticker.
func (c *cascade) Ready() bool { return c.stages[len(c.stages)-1].Ready() }

// Single implements ta.Ticker.
func (c *cascade) Single() {
	c.ticks = c.ticks[:0]
	for k, s := range c.stages {
		s.Single()
		c.ticks = append(c.ticks, stageTick{s, twice(c.weights[k]), c.weights[k] != 0})
	}
	c.i = 0
}

// Columns implements ta.Ticker.
func (c *cascade) Columns() {
	for _, s := range c.stages {
		s.pulse.i = c.i
		s.Columns()
	}
}

// Tick implements ta.Series.
func (c *cascade) Tick(x float64) float64 {
	i := c.i
	c.i = i + 1
	i2, i4, i8 := i%2, i%4, i%look
	stage, sum := twice(x), twice(minusZero)
	for k := range c.ticks {
		s := &c.ticks[k]
		stage = s.pulse.beatAt(i2, i4, i8, stage)
		if s.counts {
			sum = stage.MulAdd(s.weight, sum)
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

// Ready implements ta.Ticker.
func (t *Trix) Ready() bool { return t.first.Ready() && t.stages[2].Ready() }

// Single implements ta.Ticker.
func (t *Trix) Single() {
	for _, s := range t.stages {
		s.Single()
	}
}

// Columns implements ta.Ticker.
func (t *Trix) Columns() {
	for _, s := range t.stages {
		s.Columns()
	}
}

// Tick implements ta.Series.
func (t *Trix) Tick(x float64) float64 {
	s1 := t.stages[0].pulse.beat(twice(t.steps.Tick(x)))
	s2 := t.stages[1].pulse.beat(s1)
	s3 := t.stages[2].pulse.beat(s2)
	d := s1.Add(s2).Add(s3).MulAdd(twice(-t.behind), twice(x)).Sub(s3)
	return PercentOf(s3.GetElem(0), d.GetElem(0))
}
