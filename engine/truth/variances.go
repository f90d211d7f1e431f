package truth

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// variances are the formulas made of squared distances from a mean.
func variances[T Number[T]]() map[string]formula[T] {
	type in = []Series[T]
	return map[string]formula[T]{
		"var": func(a ta.Args, x in) in { return in{x[0].windows(a.Int("period"), Series[T].variance)} },
		"stddev": func(a ta.Args, x in) in {
			return in{x[0].deviation(a.Int("period")).times(a.Float("nb_dev"))}
		},
		"stderr": func(a ta.Args, x in) in {
			n := a.Int("period")
			return in{x[0].windows(n, func(w Series[T]) T { return w.variance().Over(number[T](float64(n))).Root() })}
		},
		"bbands": func(a ta.Args, x in) in {
			n := a.Int("period")
			mean, far := x[0].means(n), x[0].deviation(n)
			return in{mean.plus(far.times(a.Float("nb_dev_up"))), mean, mean.minus(far.times(a.Float("nb_dev_dn")))}
		},
		"correl": func(a ta.Args, x in) in {
			return in{joint(x[0], x[1], a.Int("period"), func(xx, yy, xy T) T {
				if square := xx.Times(yy); square.Float() != 0 {
					return xy.Over(square.Root())
				}
				return xy.Of(0)
			})}
		},
		"beta": func(a ta.Args, x in) in {
			return in{joint(x[0].change(1), x[1].change(1), a.Int("period"), func(xx, _, xy T) T {
				if xx.Float() != 0 {
					return xy.Over(xx)
				}
				return xy.Of(0)
			})}
		},
		"rvi": func(a ta.Args, x in) in {
			far, step := x[0].deviation(a.Int("stddev_period")), x[0].steps()
			side := func(way int) Series[T] {
				return far.each(func(i int) T {
					if !none(far[i]) && sign(step[i]) != way {
						return far[i].Of(0)
					}
					return far[i]
				}).rma(a.Int("period"))
			}
			up, down := side(1), side(-1)
			return in{up.times(100).over(up.plus(down), 50)}
		},
		"ulcer": func(a ta.Args, x in) in {
			n := a.Int("period")
			high := x[0].max(n)
			deep := x[0].minus(high).times(100).over(high, 0)
			mean := deep.mul(deep).means(n)
			return in{mean.each(func(i int) T { return mean[i].Root() })}
		},
		"hv": func(a ta.Args, x in) in {
			n := a.Int("period")
			quotient := x[0].over(x[0].lag(1), 0)
			rate := quotient.each(func(i int) T { return logarithm(quotient[i]) })
			return in{rate.windows(n, func(w Series[T]) T {
				sample := times(float64(n), w.variance()).Over(number[T](float64(n - 1)))
				return times(100, times(a.Float("periods_per_year"), sample).Root())
			})}
		},
		"volatility": func(a ta.Args, x in) in {
			return in{x[0].change(1).windows(a.Int("period"), func(w Series[T]) T {
				return times(a.Float("periods_per_year"), w.variance()).Root()
			})}
		},
		"vidya": func(a ta.Args, x in) in {
			n, m := a.Int("short_period"), a.Int("long_period")
			n, m = min(n, m), max(n, m)
			newer, older := x[0].deviation(n), x[0].deviation(m)
			weight := newer.times(a.Float("alpha")).over(older, 0)
			return in{adaptive(x[0], m-1, func(i int) T { return lowest(weight[i], number[T](1)) })}
		},
	}
}

// joint is what of makes of both variances and the covariance of windows.
func joint[T Number[T]](x, y Series[T], n int, of func(xx, yy, xy T) T) Series[T] {
	begin := x.first() + n - 1
	return x.each(func(i int) T {
		if i < begin {
			return number[T](math.NaN())
		}
		v, w := x[i+1-n:i+1], y[i+1-n:i+1]
		return of(v.variance(), w.variance(), v.covariance(w))
	})
}
