// Stream_go is what core-go computes, bar by bar: the same steps, with what is
// remembered in a type for each, so that the host may hand over bars as they
// come. The tests want the same bits.
package main

import (
	"math"

	plugin "github.com/gravitywavesml/gravity_techanalysis/sdk/go"
	"github.com/gravitywavesml/gravity_techanalysis/sdk/go/stream"
)

func init() {
	stream.Register(stream.Indicator{
		Spec: plugin.Spec{
			Name:    "stream_go",
			Version: "1.0.0",
			Title:   "SMA, EMA and RSI from Go, bar by bar",
			Doc:     "A simple and an exponential moving average and Wilder's relative strength index of one series.",
			Inputs:  []plugin.Input{plugin.Real},
			Params: []plugin.Param{
				plugin.Integer("sma_period", 20, 1, 1_000, "bars averaged"),
				plugin.Integer("ema_period", 20, 1, 1_000, "bars that seed the average; a value weighs 2/(period+1)"),
				plugin.Integer("rsi_period", 14, 2, 1_000, "bars that seed the gains and losses"),
			},
			Outputs: []plugin.Output{
				{Name: "sma", Unit: plugin.Price},
				{Name: "ema", Unit: plugin.Price},
				{Name: "rsi", Unit: plugin.Percent, Doc: "0 to 100"},
			},
			Memory: plugin.Fading,
			Warmup: "max(max(sma_period, ema_period) - 1, rsi_period)",
		},
		Begin: func(s *stream.Series) stream.Next {
			n := s.Int("sma_period")
			sma := sma{n: n, block: make([]float64, 0, n), rest: make([]float64, n+1)}
			ema, rsi := ema{n: s.Int("ema_period")}, rsi{n: s.Int("rsi_period"), last: math.NaN()}
			return func(in, out []float64) error {
				if v := in[0]; !math.IsNaN(v) {
					out[0], out[1], out[2] = sma.next(v), ema.next(v), rsi.next(v)
				}
				return nil
			}
		},
	})
}

func main() {}

// sma has the values of this block of n so far, and of the one before it the
// sums from each value on.
type sma struct {
	n           int
	block, rest []float64
	full        bool // there has been a block before this one
	sum         float64
}

func (s *sma) next(v float64) float64 {
	s.block = append(s.block, v)
	s.sum += v
	mean := math.NaN()
	if s.full || len(s.block) == s.n {
		mean = (s.rest[len(s.block)] + s.sum) / float64(s.n)
	}
	if len(s.block) == s.n {
		for j := s.n - 1; j >= 0; j-- {
			s.rest[j] = s.rest[j+1] + s.block[j]
		}
		s.block, s.sum, s.full = s.block[:0], 0, true
	}
	return mean
}

// ema begins with the mean of the first n values and then goes 2/(n+1) of the
// way to each new one.
type ema struct {
	n, seen int
	y       float64
}

func (e *ema) next(v float64) float64 {
	e.seen = min(e.seen+1, e.n+1)
	switch {
	case e.seen < e.n:
		e.y += v
		return math.NaN()
	case e.seen == e.n:
		e.y = (e.y + v) / float64(e.n)
	default:
		e.y += 2 / float64(e.n+1) * (v - e.y)
	}
	return e.y
}

// rsi is the share of gains in all moves, both smoothed as Wilder did.
type rsi struct {
	n, seen          int
	gain, loss, last float64
}

func (r *rsi) next(v float64) float64 {
	up, down := max(v-r.last, 0), max(r.last-v, 0)
	first := math.IsNaN(r.last)
	r.last = v
	if first {
		return math.NaN()
	}
	if r.seen < r.n {
		r.seen++
		r.gain += up
		r.loss += down
		if r.seen < r.n {
			return math.NaN()
		}
		r.gain /= float64(r.n)
		r.loss /= float64(r.n)
	} else {
		r.gain += (up - r.gain) / float64(r.n)
		r.loss += (down - r.loss) / float64(r.n)
	}
	if moves := r.gain + r.loss; moves > 0 {
		return 100 * r.gain / moves
	}
	return 0
}
