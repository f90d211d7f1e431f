package truth

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// cycles are the formulas made of Ehlers's Hilbert transform. As in TA-Lib the
// filters are fed from a bar on and begin with nothing.
func cycles[T Number[T]]() map[string]formula[T] {
	type in = []Series[T]
	const period, trend = 12, 37 // the first bar of the filters, by what is made of them
	return map[string]formula[T]{
		"ht_dcperiod": func(_ ta.Args, x in) in { return in{measure(x[0], period).smoothed.from(32)} },
		"ht_phasor": func(_ ta.Args, x in) in {
			c := measure(x[0], period)
			return in{c.inPhase.from(32), c.quadrature.from(32)}
		},
		"mama": func(a ta.Args, x in) in {
			c := measure(x[0], period)
			fast, slow := number[T](a.Float("fast_limit")), number[T](a.Float("slow_limit"))
			one, half := number[T](1), number[T](0.5)
			perDegree := degrees(one)
			var mama, fama, before T
			follow := make(Series[T], len(x[0]))
			lead := x[0].each(func(i int) T {
				if i < period {
					return mama
				}
				var phase T
				if c.inPhase[i].Float() != 0 {
					phase = angle(c.quadrature[i].Over(c.inPhase[i]), one).Times(perDegree)
				}
				turn := highest(before.Minus(phase), one)
				before = phase
				weight := fast
				if above(turn, one) {
					weight = highest(fast.Over(turn), slow)
				}
				mama = mama.Plus(weight.Times(x[0][i].Minus(mama)))
				fama = fama.Plus(weight.Times(half).Times(mama.Minus(fama)))
				follow[i] = fama
				return mama
			})
			return in{lead.from(32), follow.from(32)}
		},
		"ht_dcphase": func(_ ta.Args, x in) in { return in{phase(x[0], trend).from(63)} },
		"ht_sine": func(_ ta.Args, x in) in {
			turn := phase(x[0], trend).from(63)
			perTurn := circle[T]().Over(number[T](360))
			wave := func(ahead float64) Series[T] {
				return turn.each(func(i int) T {
					if none(turn[i]) {
						return turn[i]
					}
					sine, _ := sineAndCosine(turn[i].Plus(number[T](ahead)).Times(perTurn))
					return sine
				})
			}
			return in{wave(0), wave(45)}
		},
		"ht_trendline": func(_ ta.Args, x in) in {
			c := measure(x[0], trend)
			means := x[0].each(func(i int) (mean T) {
				if n := c.bars(i); n > 0 {
					mean = x[0][i+1-n : i+1].mean()
				}
				return mean
			})
			return in{weigh4(means).from(63)}
		},
	}
}

// measured is the dominant cycle: its parts in phase and a quarter ahead, and its
// period, smoothed once more.
type measured[T Number[T]] struct{ smooth, inPhase, quadrature, smoothed Series[T] }

// bars is the period in whole bars, of which there are so many at bar i.
func (c *measured[T]) bars(i int) int { return min(int(c.smoothed[i].Float()+0.5), 50, i+1) }

// phase is the angle of the component of a Fourier transform over the last cycle
// that fits into it once, in degrees.
func phase[T Number[T]](x Series[T], begin int) Series[T] {
	c := measure(x, begin)
	var waves [51][][2]T // sines and cosines of one cycle
	for n := 1; n < len(waves); n++ {
		for k := range n {
			sine, cosine := sineAndCosine(circle[T]().Times(part[T](k, n)))
			waves[n] = append(waves[n], [2]T{sine, cosine})
		}
	}
	perRadian := number[T](360).Over(circle[T]())
	var turn T
	return x.each(func(i int) T {
		if c.smoothed[i].Float() == 0 {
			return number[T](0) // nothing is measured yet
		}
		// A whole cycle adds up to nothing, so the level may be left out: then
		// nothing is all that is left of prices that stand still.
		var sine, cosine T
		n := c.bars(i)
		for k := range n {
			far := c.smooth[i-k].Minus(c.smooth[i])
			sine = sine.Plus(far.Times(waves[n][k][0]))
			cosine = cosine.Plus(far.Times(waves[n][k][1]))
		}
		if sine.Float() == 0 && cosine.Float() == 0 {
			turn = turn.Plus(number[T](90))
		} else {
			turn = angle(sine.Over(cosine), number[T](1)).Times(perRadian).Plus(number[T](90))
		}
		turn = turn.Plus(number[T](360).Over(c.smoothed[i])) // the smoothing lags by a bar
		if sign(cosine) < 0 {
			turn = turn.Plus(number[T](180))
		}
		if above(turn, number[T](315)) {
			turn = turn.Minus(number[T](360))
		}
		return turn
	})
}

// circle is 2π.
func circle[T Number[T]]() T { return times(8, angle(number[T](1), number[T](1))) }

// weigh4 is the average over 4 numbers with weights 4, 3, 2 and 1.
func weigh4[T Number[T]](x Series[T]) Series[T] {
	return x.each(func(i int) (sum T) {
		for k := range min(4, i+1) {
			sum = sum.Plus(times(float64(4-k), x[i-k]))
		}
		return sum.Over(number[T](10))
	})
}

func measure[T Number[T]](x Series[T], begin int) measured[T] {
	n := len(x)
	zero := func() Series[T] { return make(Series[T], n) }
	smooth, detrended, inPhase, quadrature, smoothed := zero(), zero(), zero(), zero(), zero()
	copy(smooth[min(begin, n):], weigh4(x)[min(begin, n):])
	at := func(x Series[T], i int) (v T) {
		if i >= 0 {
			v = x[i]
		}
		return v
	}
	ends, inner := part[T](962, 10_000), part[T](5769, 10_000)
	turn := func(x Series[T], i int) T {
		return ends.Times(at(x, i).Minus(at(x, i-6))).Plus(inner.Times(at(x, i-2).Minus(at(x, i-4))))
	}
	var period, re, im T
	var now, before [2]T
	part := func(v int) T { return part[T](v, 1000) }
	blend := func(w int, x, y T) T { return part(w).Times(x).Plus(part(1000 - w).Times(y)) }
	whole := circle[T]()
	for i := begin; i < n; i++ {
		tuning := part(75).Times(period).Plus(part(540))
		detrended[i] = turn(smooth, i).Times(tuning)
		quadrature[i] = turn(detrended, i).Times(tuning)
		inPhase[i] = at(detrended, i-3)
		before, now = now, [2]T{
			blend(200, inPhase[i].Minus(turn(quadrature, i).Times(tuning)), now[0]),
			blend(200, quadrature[i].Plus(turn(inPhase, i).Times(tuning)), now[1]),
		}
		re = blend(200, now[0].Times(before[0]).Plus(now[1].Times(before[1])), re)
		im = blend(200, now[0].Times(before[1]).Minus(now[1].Times(before[0])), im)
		length := period
		if re.Float() != 0 && im.Float() != 0 {
			length = whole.Over(angle(im.Over(re), number[T](1)))
		}
		length = highest(lowest(length, part(1500).Times(period)), part(670).Times(period))
		length = highest(lowest(length, number[T](50)), number[T](6))
		period = blend(200, length, period)
		smoothed[i] = blend(330, period, at(smoothed, i-1))
	}
	return measured[T]{smooth, inPhase, quadrature, smoothed}
}
