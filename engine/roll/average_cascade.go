package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// cascade is a weighted sum of an exponential average, the average of that one,
// and so on: averages that lag less than a plain one.
type cascade struct {
	stages  []*Recurrence
	weights []float64
	chain   // for Tick, as weight and silent
	weight  []Two
	silent  bool // the first two stages do not count; they do, or neither does
	buf     [2][ta.Tile]float64
}

// newCascade averages over n bars as many times as there are weights, twice or more.
func newCascade(n int, weights ...float64) *cascade {
	c := &cascade{weights: weights}
	for range weights {
		c.stages = append(c.stages, NewEMA(n))
	}
	return c
}

// NewT3 is Tillson's T3 ("Better Moving Averages", Stocks & Commodities, 1998)
// over n bars, 1 or more: the generalised double exponential average of volume
// factor v, GD = (1+v)·EMA − v·EMA(EMA), applied three times and multiplied
// out.
func NewT3(n int, v float64) Average {
	if n == 1 {
		return itself{}
	}
	v2 := float64(v * v)
	v3 := float64(v2 * v)
	return newCascade(n, 0, 0, 1+(v3+float64(3*(v+v2))), -(float64(6*v2) + float64(3*(v+v3))), 3*(v2+v3), -v3)
}

// Next sets out to the weighted sums, which begin with the last stage.
func (c *cascade) Next(x, out []float64) int {
	lead, from := 0, x
	empty := true
	for k, stage := range c.stages {
		to := c.buf[k%2][:len(from)]
		l := stage.Next(from, to)
		lead += l
		from = to[l:]
		switch w := c.weights[k]; {
		case w == 0:
		case empty:
			Scale(out[lead:], from, w)
			empty = false
		default:
			MulAdd(out[lead:], from, w, out[lead:])
		}
	}
	Blank(lead, out)
	return lead
}

func (c *cascade) AppendState(b []byte) []byte {
	for _, s := range c.stages {
		b = s.AppendState(b)
	}
	return b
}

func (c *cascade) Restore(state []byte) (rest []byte, err error) {
	for _, s := range c.stages {
		if state, err = s.Restore(state); err != nil {
			return nil, err
		}
	}
	return state, nil
}

// zeroLag is Ehlers and Way's zero-lag average ("Zero Lag (well, almost)",
// 2010): the exponential average of the series corrected by its own change over
// half the window.
type zeroLag struct {
	lag       *Lag
	ema       *Recurrence
	corrected [ta.Tile]float64
}

func newZeroLag(n int) *zeroLag {
	return &zeroLag{lag: NewLag((n - 1) / 2), ema: NewEMA(n)}
}

func (z *zeroLag) Next(x, out []float64) int {
	c := z.corrected[:len(x)]
	lead := z.lag.Next(x, c)
	for i := lead; i < len(x); i++ {
		c[i] = x[i] + (x[i] - c[i])
	}
	lead += z.ema.Next(c[lead:], out[lead:])
	Blank(lead, out)
	return lead
}

func (z *zeroLag) AppendState(b []byte) []byte          { return appendStates(b, z.lag, z.ema) }
func (z *zeroLag) Restore(state []byte) ([]byte, error) { return restoreStates(state, z.lag, z.ema) }
