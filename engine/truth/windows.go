package truth

import (
	"math"
	"slices"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// formula is what an indicator means: its outputs, of the inputs in the order of
// its Spec. Where the kind of an average is a parameter, it is the default.
type formula[T Number[T]] func(a ta.Args, in []Series[T]) []Series[T]

// plain is a formula of one series and a period.
func plain[T Number[T]](f func(x Series[T], n int) Series[T]) formula[T] {
	return func(a ta.Args, in []Series[T]) []Series[T] {
		return []Series[T]{f(in[0], a.Int("period"))}
	}
}

// line is a formula of the least-squares line at a bar so many after the middle
// of the window.
func line[T Number[T]](ahead func(n float64) float64) formula[T] {
	return plain(func(x Series[T], n int) Series[T] {
		return x.windows(n, func(w Series[T]) T { return w.mean().Plus(times(ahead(float64(n)), w.slope())) })
	})
}

// windows are the formulas whose figures are made of the last bars alone.
func windows[T Number[T]]() map[string]formula[T] {
	type in = []Series[T]
	return map[string]formula[T]{
		"sma":   plain(Series[T].means),
		"ma":    plain(Series[T].means),
		"sum":   plain(Series[T].sums),
		"wma":   plain(Series[T].wma),
		"max":   plain(Series[T].max),
		"min":   plain(Series[T].min),
		"mom":   plain(func(x Series[T], n int) Series[T] { return x.minus(x.lag(n)) }),
		"roc":   plain(func(x Series[T], n int) Series[T] { return x.change(n).times(100) }),
		"rocp":  plain(Series[T].change),
		"rocr":  plain(func(x Series[T], n int) Series[T] { return x.over(x.lag(n), 0) }),
		"trima": plain(func(x Series[T], n int) Series[T] { return x.means((n + 1) / 2).means(n/2 + 1) }),
		"rocr100": plain(func(x Series[T], n int) Series[T] {
			return x.times(100).over(x.lag(n), 0)
		}),
		"hma": plain(hull[T]),
		"midpoint": plain(func(x Series[T], n int) Series[T] {
			return x.max(n).plus(x.min(n)).times(0.5)
		}),
		"linearreg":           line[T](func(n float64) float64 { return (n - 1) / 2 }),
		"linearreg_intercept": line[T](func(n float64) float64 { return (1 - n) / 2 }),
		"tsf":                 line[T](func(n float64) float64 { return (n + 1) / 2 }),
		"linearreg_slope": plain(func(x Series[T], n int) Series[T] {
			return x.windows(n, Series[T].slope)
		}),
		"linearreg_angle": plain(func(x Series[T], n int) Series[T] {
			slopes := x.windows(n, Series[T].slope)
			return slopes.each(func(i int) T { return degrees(angle(slopes[i], number[T](1))) })
		}),
		"fosc": plain(func(x Series[T], n int) Series[T] {
			ahead := x.windows(n, func(w Series[T]) T {
				return w.mean().Plus(times(float64(n+1)/2, w.slope()))
			}).lag(1)
			return x.each(func(i int) T {
				if !none(ahead[i]) && !moved(x[i], ahead[i]) {
					return x[i].Of(0)
				}
				return times(100, x[i].Minus(ahead[i])).Over(x[i])
			})
		}),
		"avgdev": plain(meanDistance[T]),
		"dpo":    plain(func(x Series[T], n int) Series[T] { return x.lag(n/2 + 1).minus(x.means(n)) }),
		"er": plain(func(x Series[T], n int) Series[T] {
			return x.minus(x.lag(n)).absolute().over(x.steps().absolute().sums(n), 1)
		}),
		"cmou": plain(func(x Series[T], n int) Series[T] {
			up, down := x.gains(1).sums(n), x.gains(-1).sums(n)
			return up.minus(down).times(100).over(up.plus(down), 0)
		}),
		"vhf": plain(func(x Series[T], n int) Series[T] {
			return x.max(n).minus(x.min(n)).over(x.steps().absolute().sums(n), 0)
		}),
		"rvol": plain(func(x Series[T], n int) Series[T] { return x.over(x.means(n).lag(1), math.NaN()) }),
		"percentile": func(a ta.Args, x in) in {
			n := a.Int("period")
			k := max(1, int(math.Ceil(float64(n)*a.Float("percentile")/100)))
			return in{x[0].windows(n, func(w Series[T]) T {
				sorted := slices.Clone(w)
				slices.SortFunc(sorted, func(x, y T) int { return sign(x.Minus(y)) })
				return sorted[k-1]
			})}
		},
		"percentrank": plain(func(x Series[T], n int) Series[T] {
			return x.windows(n+1, func(w Series[T]) T {
				below := 0
				for _, v := range w[:n] {
					if above(w[n], v) {
						below++
					}
				}
				return part[T](100*below, n)
			})
		}),
		"minmax": func(a ta.Args, x in) in { return in{x[0].min(a.Int("period")), x[0].max(a.Int("period"))} },
		"vwma": func(a ta.Args, x in) in {
			n := a.Int("period")
			return in{x[0].mul(x[1]).sums(n).over(x[1].sums(n), math.NaN())}
		},
		"mavp": func(a ta.Args, x in) in {
			least, most := a.Int("min_period"), a.Int("max_period")
			return in{x[0].each(func(i int) T {
				if i < most-1 {
					return number[T](math.NaN())
				}
				n := min(max(int(x[1][i].Float()), least), most)
				return x[0][i+1-n : i+1].mean()
			})}
		},
		"accbands": func(a ta.Args, x in) in {
			n := a.Int("period")
			wide := x[0].minus(x[1]).over(x[0].plus(x[1]), 0).times(4)
			return in{x[0].plus(x[0].mul(wide)).means(n), x[2].means(n), x[1].minus(x[1].mul(wide)).means(n)}
		},
		"donchian": func(a ta.Args, x in) in {
			high, low := x[0].max(a.Int("period")), x[1].min(a.Int("period"))
			return in{high, high.plus(low).times(0.5), low}
		},
		"midprice": func(a ta.Args, x in) in {
			return in{x[0].max(a.Int("period")).plus(x[1].min(a.Int("period"))).times(0.5)}
		},
		"cci": func(a ta.Args, x in) in {
			n := a.Int("period")
			p := typical(x[0], x[1], x[2])
			mean, far := p.means(n), meanDistance(p, n)
			return in{p.each(func(i int) T {
				still := times(1e-14, absolute(mean[i]))
				if d := absolute(p[i].Minus(mean[i])); !none(d) && !(above(d, still) && above(far[i], still)) {
					return d.Of(0)
				}
				return p[i].Minus(mean[i]).Over(part[T](15, 1000).Times(far[i]))
			})}
		},
		"mfi": func(a ta.Args, x in) in {
			n := a.Int("period")
			p := typical(x[0], x[1], x[2])
			money := p.mul(x[3])
			flow := func(way int) Series[T] {
				return p.each(func(i int) T {
					switch {
					case i == 0:
						return number[T](math.NaN())
					case moved(p[i], p[i-1]) && sign(p[i].Minus(p[i-1])) == way:
						return money[i]
					}
					return number[T](0)
				}).sums(n)
			}
			up, down := flow(1), flow(-1)
			return in{up.times(100).over(up.plus(down), 0)}
		},
		"willr": func(a ta.Args, x in) in {
			n := a.Int("period")
			high := x[0].max(n)
			return in{negated(high.minus(x[2]).place(high.minus(high), high.minus(x[1].min(n))))}
		},
		"aroon": func(a ta.Args, x in) in {
			up, down := fresh(x, a.Int("period"))
			return in{down, up}
		},
		"aroonosc": func(a ta.Args, x in) in {
			up, down := fresh(x, a.Int("period"))
			return in{up.minus(down)}
		},
		"ao": func(a ta.Args, x in) in { return in{awesome(a, x)} },
		"ac": func(a ta.Args, x in) in {
			y := awesome(a, x)
			return in{y.minus(y.means(a.Int("signal_period")))}
		},
		"bop": func(_ ta.Args, x in) in { return in{x[3].minus(x[0]).over(x[1].minus(x[2]), 0)} },
		"coppock": func(a ta.Args, x in) in {
			sum := x[0].change(a.Int("roc1_period")).plus(x[0].change(a.Int("roc2_period")))
			return in{sum.times(100).wma(a.Int("wma_period"))}
		},
		"imi": func(a ta.Args, x in) in {
			body := x[1].minus(x[0])
			side := func(way int) Series[T] {
				return body.each(func(i int) T {
					if sign(body[i]) != way {
						return number[T](0)
					}
					return absolute(body[i])
				}).sums(a.Int("period"))
			}
			up, down := side(1), side(-1)
			return in{up.times(100).over(up.plus(down), 50)}
		},
		"qstick": func(a ta.Args, x in) in { return in{x[1].minus(x[0]).means(a.Int("period"))} },
		"ultosc": func(a ta.Args, x in) in {
			before := x[2].lag(1)
			reach := trueRange(x[0], x[1], x[2])
			bought := x[2].minus(x[1].with(before, lowest[T]))
			n := []int{a.Int("period1"), a.Int("period2"), a.Int("period3")}
			slices.Sort(n)
			part := func(k int) Series[T] { return bought.sums(n[k]).over(reach.sums(n[k]), 0) }
			sum := part(0).times(4).plus(part(1).times(2)).plus(part(2))
			return in{sum.each(func(i int) T { return times(100, sum[i]).Over(number[T](7)) })}
		},
		"vortex": func(a ta.Args, x in) in {
			n := a.Int("period")
			reach := trueRange(x[0], x[1], x[2]).sums(n)
			return in{
				x[0].minus(x[1].lag(1)).absolute().sums(n).over(reach, 0),
				x[1].minus(x[0].lag(1)).absolute().sums(n).over(reach, 0),
			}
		},
		"trange": func(_ ta.Args, x in) in { return in{trueRange(x[0], x[1], x[2])} },
		"adr":    func(a ta.Args, x in) in { return in{x[0].minus(x[1]).means(a.Int("period"))} },
		"cmf": func(a ta.Args, x in) in {
			n := a.Int("period")
			return in{bought(x).sums(n).over(x[3].sums(n), 0)}
		},
		"marketfi": func(_ ta.Args, x in) in { return in{x[0].minus(x[1]).over(x[2], 0)} },
		"avgprice": func(_ ta.Args, x in) in { return in{x[0].plus(x[1]).plus(x[2]).plus(x[3]).times(0.25)} },
		"medprice": func(_ ta.Args, x in) in { return in{x[0].plus(x[1]).times(0.5)} },
		"typprice": func(_ ta.Args, x in) in { return in{typical(x[0], x[1], x[2])} },
		"wclprice": func(_ ta.Args, x in) in { return in{x[0].plus(x[1]).plus(x[2]).plus(x[2]).times(0.25)} },
		"add":      func(_ ta.Args, x in) in { return in{x[0].plus(x[1])} },
		"sub":      func(_ ta.Args, x in) in { return in{x[0].minus(x[1])} },
		"mult":     func(_ ta.Args, x in) in { return in{x[0].mul(x[1])} },
		"div":      func(_ ta.Args, x in) in { return in{x[0].over(x[1], math.NaN())} },
		"kst": func(a ta.Args, x in) in {
			sum := x[0].times(0)
			for k, c := range []string{"1", "2", "3", "4"} {
				one := x[0].change(a.Int("roc" + c + "_period")).means(a.Int("sma" + c + "_period"))
				sum = sum.plus(one.times(100 * float64(k+1)))
			}
			return in{sum, sum.means(a.Int("signal_period"))}
		},
		"eom": func(a ta.Args, x in) in {
			step := x[0].plus(x[1]).times(0.5).steps()
			return in{step.mul(x[0].minus(x[1])).times(a.Float("divisor")).over(x[2], 0).means(a.Int("period"))}
		},
		"vosc": func(a ta.Args, x in) in {
			n, m := a.Int("fast_period"), a.Int("slow_period")
			fast, slow := x[0].means(min(n, m)), x[0].means(max(n, m))
			return in{fast.minus(slow).times(100).over(slow, 0)}
		},
	}
}

func hull[T Number[T]](x Series[T], n int) Series[T] {
	return x.wma(max(1, n/2)).times(2).minus(x.wma(n)).wma(int(math.Sqrt(float64(n))))
}

func meanDistance[T Number[T]](x Series[T], n int) Series[T] {
	return x.windows(n, func(w Series[T]) T {
		m := w.mean()
		var sum T
		for _, v := range w {
			sum = sum.Plus(absolute(v.Minus(m)))
		}
		return sum.Over(number[T](float64(n)))
	})
}

// gains are the steps of one way: up for 1, down for −1, without their sign.
func (x Series[T]) gains(way int) Series[T] {
	step := x.steps()
	return step.each(func(i int) T {
		if !none(step[i]) && sign(step[i]) != way {
			return step[i].Of(0)
		}
		return absolute(step[i])
	})
}

func negated[T Number[T]](x Series[T]) Series[T] { return x.times(-1) }

func typical[T Number[T]](high, low, close Series[T]) Series[T] {
	three := number[T](3)
	return high.each(func(i int) T { return high[i].Plus(low[i]).Plus(close[i]).Over(three) })
}

func trueRange[T Number[T]](high, low, close Series[T]) Series[T] {
	before := close.lag(1)
	return high.with(before, highest[T]).minus(low.with(before, lowest[T])).from(1)
}

// bought is the volume of bars, counted by where they close.
func bought[T Number[T]](x []Series[T]) Series[T] {
	high, low, close, volume := x[0], x[1], x[2], x[3]
	return close.minus(low).minus(high.minus(close)).mul(volume).over(high.minus(low), 0)
}

func awesome[T Number[T]](a ta.Args, x []Series[T]) Series[T] {
	m := x[0].plus(x[1]).times(0.5)
	return m.means(a.Int("fast_period")).minus(m.means(a.Int("slow_period")))
}

// fresh is how lately highs were highest and lows lowest, in percent.
func fresh[T Number[T]](x []Series[T], n int) (up, down Series[T]) {
	lately := func(x Series[T], better func(x, y T) bool) Series[T] {
		return x.windows(n+1, func(w Series[T]) T {
			best := 0
			for k := range w {
				if !better(w[best], w[k]) {
					best = k
				}
			}
			return part[T](100*best, n)
		})
	}
	return lately(x[0], above[T]), lately(x[1], func(x, y T) bool { return above(y, x) })
}
