package truth

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// recurrences are the formulas that carry what was before for ever: averages
// that fade, and totals.
func recurrences[T Number[T]]() map[string]formula[T] {
	type in = []Series[T]
	return map[string]formula[T]{
		"ema":  plain(Series[T].ema),
		"rma":  plain(Series[T].rma),
		"dema": plain(func(x Series[T], n int) Series[T] { e := x.ema(n); return e.times(2).minus(e.ema(n)) }),
		"tema": plain(func(x Series[T], n int) Series[T] {
			e := x.ema(n)
			ee := e.ema(n)
			return e.minus(ee).times(3).plus(ee.ema(n))
		}),
		"t3": func(a ta.Args, x in) in {
			// Multiplied out, each average is seeded by the one before it.
			var e [7]Series[T]
			e[0] = x[0]
			for k := range 6 {
				e[k+1] = e[k].ema(a.Int("period"))
			}
			v, w := number[T](a.Float("vfactor")), number[T](1+a.Float("vfactor"))
			return in{e[6].each(func(i int) T {
				fold := func(near, far T) T { return w.Times(near).Minus(v.Times(far)) }
				twice := func(k int) T { return fold(fold(e[k][i], e[k+1][i]), fold(e[k+1][i], e[k+2][i])) }
				return fold(twice(3), twice(4))
			})}
		},
		"kama": plain(func(x Series[T], n int) Series[T] {
			straight := x.minus(x.lag(n)).absolute().over(x.steps().absolute().sums(n), 1)
			fast, slow := part[T](2, 3), part[T](2, 31)
			return adaptive(x, n, func(i int) T {
				c := straight[i].Times(fast.Minus(slow)).Plus(slow)
				return c.Times(c)
			})
		}),
		"zlema": plain(func(x Series[T], n int) Series[T] { return x.times(2).minus(x.lag((n - 1) / 2)).ema(n) }),
		"rsi":   plain(Series[T].strength),
		"connors_rsi": func(a ta.Args, x in) in {
			price := x[0]
			streak := make(Series[T], len(price))
			for i := 1; i < len(price); i++ {
				way := float64(sign(price[i].Minus(price[i-1])))
				streak[i] = number[T](way)
				if sign(streak[i-1]) == int(way) {
					streak[i] = streak[i-1].Plus(streak[i])
				}
			}
			n := a.Int("rank_period")
			rank := price.each(func(i int) T {
				if i < n+1 {
					return number[T](math.NaN())
				}
				below := 0.0
				for k := i - n; k < i; k++ { // by products, so that changes that are alike are equal
					if above(price[i].Times(price[k-1]), price[k].Times(price[i-1])) {
						below++
					}
				}
				return number[T](100 * below).Over(number[T](float64(n)))
			})
			sum := price.strength(a.Int("period")).plus(streak.strength(a.Int("streak_period"))).plus(rank)
			return in{sum.each(func(i int) T { return sum[i].Over(number[T](3)) })}
		},
		"cmo": plain(func(x Series[T], n int) Series[T] {
			up, down := x.gains(1).rma(n), x.gains(-1).rma(n)
			return up.minus(down).times(100).over(up.plus(down), 0)
		}),
		"trix": plain(func(x Series[T], n int) Series[T] {
			return x.ema(n).ema(n).ema(n).change(1).times(100)
		}),
		"tsi": func(a ta.Args, x in) in {
			twice := func(x Series[T]) Series[T] { return x.ema(a.Int("first_period")).ema(a.Int("second_period")) }
			step := x[0].steps()
			return in{twice(step).times(100).over(twice(step.absolute()), 0)}
		},
		"macd": func(a ta.Args, x in) in {
			n, m := periods(a)
			return convergence(x[0].from(m-n).ema(n), x[0].ema(m), a.Int("signal_period"))
		},
		"macdext": func(a ta.Args, x in) in {
			n, m := periods(a)
			apart := x[0].means(n).minus(x[0].means(m))
			line := apart.means(a.Int("signal_period"))
			return in{apart, line, apart.minus(line)}
		},
		"macdfix": func(a ta.Args, x in) in {
			weight := func(v int) T { return part[T](v, 1000) }
			return convergence(x[0].from(26-12).smooth(12, weight(150)), x[0].smooth(26, weight(75)), a.Int("signal_period"))
		},
		"apo": func(a ta.Args, x in) in {
			n, m := periods(a)
			return in{x[0].ema(n).minus(x[0].ema(m))}
		},
		"ppo": func(a ta.Args, x in) in {
			n, m := periods(a)
			slow := x[0].ema(m)
			return in{x[0].ema(n).minus(slow).times(100).over(slow, 0)}
		},
		"atr": func(a ta.Args, x in) in { return in{trueRange(x[0], x[1], x[2]).rma(a.Int("period"))} },
		"natr": func(a ta.Args, x in) in {
			return in{trueRange(x[0], x[1], x[2]).rma(a.Int("period")).times(100).over(x[2], 0)}
		},
		"plus_dm":  func(a ta.Args, x in) in { up, _ := moves(x); return in{up.wilder(a.Int("period"))} },
		"minus_dm": func(a ta.Args, x in) in { _, down := moves(x); return in{down.wilder(a.Int("period"))} },
		"plus_di": func(a ta.Args, x in) in {
			up, _ := moves(x)
			return in{directed(a, x, up)}
		},
		"minus_di": func(a ta.Args, x in) in {
			_, down := moves(x)
			return in{directed(a, x, down)}
		},
		"dx":  func(a ta.Args, x in) in { return in{oneSided(a, x)} },
		"adx": func(a ta.Args, x in) in { return in{oneSided(a, x).rma(a.Int("period"))} },
		"adxr": func(a ta.Args, x in) in {
			n := a.Int("period")
			y := oneSided(a, x).rma(n)
			return in{y.plus(y.lag(n - 1)).times(0.5)}
		},
		"stoch": func(a ta.Args, x in) in {
			n := a.Int("fast_k_period")
			k := x[2].place(x[1].min(n), x[0].max(n)).means(a.Int("slow_k_period"))
			return in{k, k.means(a.Int("slow_d_period"))}
		},
		"stochf": func(a ta.Args, x in) in {
			n := a.Int("fast_k_period")
			k := x[2].place(x[1].min(n), x[0].max(n))
			return in{k, k.means(a.Int("fast_d_period"))}
		},
		"kdj": func(a ta.Args, x in) in {
			n := a.Int("fast_k_period")
			k := x[2].place(x[1].min(n), x[0].max(n)).rma(a.Int("slow_k_period"))
			d := k.rma(a.Int("slow_d_period"))
			return in{k, d, k.times(3).minus(d.times(2))}
		},
		"eri": func(a ta.Args, x in) in {
			mean := x[2].ema(a.Int("period"))
			return in{x[0].minus(mean), x[1].minus(mean)}
		},
		"smi": func(a ta.Args, x in) in {
			high, low := x[0].max(a.Int("period")), x[1].min(a.Int("period"))
			twice := func(x Series[T]) Series[T] { return x.ema(a.Int("slow_period")).ema(a.Int("fast_period")) }
			y := twice(x[2].minus(high.plus(low).times(0.5))).times(200).over(twice(high.minus(low)), 0)
			return in{y, y.ema(a.Int("signal_period"))}
		},
		"pmo": func(a ta.Args, x in) in {
			n, m := a.Int("first_period"), a.Int("second_period")
			y := x[0].change(1).times(100).smooth(n, part[T](2, n)).times(10).smooth(m, part[T](2, m))
			return in{y, y.ema(a.Int("signal_period"))}
		},
		"kc": func(a ta.Args, x in) in {
			n, m := a.Int("period"), a.Int("atr_period")
			begin := max(n-1, m)
			mean := typical(x[0], x[1], x[2]).from(begin + 1 - n).ema(n)
			far := trueRange(x[0], x[1], x[2]).from(begin + 1 - m).rma(m).times(a.Float("nb_dev"))
			return in{mean.plus(far), mean, mean.minus(far)}
		},
		"chandelier": func(a ta.Args, x in) in {
			n := a.Int("period")
			far := trueRange(x[0], x[1], x[2]).rma(n).times(a.Float("multiplier"))
			return in{x[0].max(n).minus(far), x[1].min(n).plus(far)}
		},
		"supertrend": func(a ta.Args, x in) in {
			far := trueRange(x[0], x[1], x[2]).rma(a.Int("period")).times(a.Float("multiplier"))
			return trail(x[0].plus(x[1]).times(0.5), far, x[2])
		},
		"cvi": func(a ta.Args, x in) in {
			return in{x[0].minus(x[1]).ema(a.Int("period")).change(a.Int("roc_period")).times(100)}
		},
		"massi": func(a ta.Args, x in) in {
			e := x[0].minus(x[1]).ema(a.Int("fast_period"))
			return in{e.over(e.ema(a.Int("fast_period")), 1).sums(a.Int("slow_period"))}
		},
		"mcginley": func(a ta.Args, x in) in {
			n := a.Int("period")
			y := x[0].means(n)
			for i := n; i < len(y); i++ {
				q := x[0][i].Over(y[i-1])
				slow := times(a.Float("k")*float64(n), q.Times(q).Times(q.Times(q)))
				y[i] = y[i-1].Plus(x[0][i].Minus(y[i-1]).Over(highest(slow, number[T](1))))
			}
			return in{y}
		},
		"ad": func(_ ta.Args, x in) in { return in{bought(x).running()} },
		"adosc": func(a ta.Args, x in) in {
			y := bought(x).running()
			n, m := a.Int("fast_period"), a.Int("slow_period")
			return in{y.smooth(1, part[T](2, n+1)).minus(y.smooth(1, part[T](2, m+1))).from(max(n, m) - 1)}
		},
		"obv": func(_ ta.Args, x in) in {
			price, volume := x[0], x[1]
			return in{volume.each(func(i int) T {
				if i == 0 {
					return volume[0]
				}
				return times(float64(sign(price[i].Minus(price[i-1]))), volume[i])
			}).running()}
		},
		"efi": func(a ta.Args, x in) in { return in{x[0].steps().mul(x[1]).ema(a.Int("period"))} },
		"nvi": func(_ ta.Args, x in) in { return in{compound(x[0], x[1], -1)} },
		"pvi": func(_ ta.Args, x in) in { return in{compound(x[0], x[1], 1)} },
		"pvo": func(a ta.Args, x in) in {
			n, m := periods(a)
			slow := x[0].ema(m)
			return in{x[0].ema(n).minus(slow).times(100).over(slow, 0)}
		},
		"pvt": func(_ ta.Args, x in) in {
			flow := x[0].change(1).mul(x[1])
			flow[0] = number[T](0)
			return in{flow.running()}
		},
		"vwap": func(_ ta.Args, x in) in {
			return in{typical(x[0], x[1], x[2]).mul(x[3]).running().over(x[3].running(), 0)}
		},
		"vwmacd": func(a ta.Args, x in) in {
			n, m := periods(a)
			paid := func(n int) Series[T] { return x[0].mul(x[1]).ema(n).over(x[1].ema(n), math.NaN()) }
			return convergence(paid(n), paid(m), a.Int("signal_period"))
		},
		"wad": func(_ ta.Args, x in) in {
			return in{x[2].each(func(i int) T {
				switch {
				case i > 0 && above(x[2][i], x[2][i-1]):
					return x[2][i].Minus(lowest(x[1][i], x[2][i-1]))
				case i > 0 && above(x[2][i-1], x[2][i]):
					return x[2][i].Minus(highest(x[0][i], x[2][i-1]))
				}
				return number[T](0)
			}).running()}
		},
		"cumsum": func(_ ta.Args, x in) in { return in{x[0].running()} },
		"ha": func(_ ta.Args, x in) in {
			close := x[0].plus(x[1]).plus(x[2]).plus(x[3]).times(0.25)
			open := x[0].plus(x[3]).times(0.5)
			for i := 1; i < len(open); i++ {
				open[i] = times(0.5, open[i-1].Plus(close[i-1]))
			}
			return in{
				open, x[1].with(open, highest[T]).with(close, highest[T]),
				x[2].with(open, lowest[T]).with(close, lowest[T]), close,
			}
		},
	}
}

// strength is Wilder's RSI.
func (x Series[T]) strength(n int) Series[T] {
	up, down := x.gains(1).rma(n), x.gains(-1).rma(n)
	return up.times(100).over(up.plus(down), 0)
}

// adaptive is an exponential average with a weight for each bar, from bar begin
// on, starting from the price before it.
func adaptive[T Number[T]](x Series[T], begin int, weight func(i int) T) Series[T] {
	var y T
	return x.each(func(i int) T {
		if i < begin {
			y = x[i]
			return number[T](math.NaN())
		}
		y = y.Plus(weight(i).Times(x[i].Minus(y)))
		return y
	})
}

// periods are the shorter one and the longer one.
func periods(a ta.Args) (fast, slow int) {
	n, m := a.Int("fast_period"), a.Int("slow_period")
	return min(n, m), max(n, m)
}

// apart is how far two exponential averages are apart that begin at one bar.
func apart[T Number[T]](a ta.Args, x Series[T]) Series[T] {
	n, m := periods(a)
	return x.from(m - n).ema(n).minus(x.ema(m))
}

// convergence is how far two averages are apart, its average, and what is
// between them. All have their first values at one bar, as TA-Lib has it.
func convergence[T Number[T]](fast, slow Series[T], signal int) []Series[T] {
	apart := fast.minus(slow)
	line := apart.ema(signal)
	return []Series[T]{apart, line, apart.minus(line)}
}

// moves are Wilder's directional movements.
func moves[T Number[T]](x []Series[T]) (up, down Series[T]) {
	high, low := x[0].steps(), negated(x[1].steps())
	side := func(x, other Series[T]) Series[T] {
		return x.with(other, func(x, other T) T {
			if !none(x) && !(sign(x) > 0 && above(x, other)) {
				return x.Of(0)
			}
			return x
		})
	}
	return side(high, low), side(low, high)
}

func directed[T Number[T]](a ta.Args, x []Series[T], move Series[T]) Series[T] {
	n := a.Int("period")
	return move.wilder(n).times(100).over(trueRange(x[0], x[1], x[2]).wilder(n), 0).from(n)
}

// oneSided is Wilder's DX; where nothing has moved it is what it was before.
func oneSided[T Number[T]](a ta.Args, x []Series[T]) Series[T] {
	n := a.Int("period")
	up, down := moves(x)
	up, down = up.wilder(n), down.wilder(n)
	var y T
	return up.each(func(i int) T {
		if i < n {
			return number[T](math.NaN())
		}
		if sum := up[i].Plus(down[i]); sum.Float() != 0 {
			y = times(100, absolute(up[i].Minus(down[i]))).Over(sum)
		}
		return y
	})
}

// trail is the supertrend and its sign.
func trail[T Number[T]](middle, far, close Series[T]) []Series[T] {
	upper, lower := middle.plus(far), middle.minus(far)
	begin, rising := far.first(), true
	trend := far.each(func(i int) T {
		if i < begin {
			return number[T](math.NaN())
		}
		if i > begin {
			if !above(upper[i-1], upper[i]) && !above(close[i-1], upper[i-1]) {
				upper[i] = upper[i-1]
			}
			if !above(lower[i], lower[i-1]) && !above(lower[i-1], close[i-1]) {
				lower[i] = lower[i-1]
			}
			if rising && above(lower[i], close[i]) {
				rising = false
			} else if !rising && above(close[i], upper[i]) {
				rising = true
			}
		}
		if rising {
			return number[T](1)
		}
		return number[T](-1)
	})
	stop := trend.each(func(i int) T {
		if sign(trend[i]) < 0 {
			return upper[i]
		}
		return lower[i]
	})
	return []Series[T]{stop.from(begin), trend}
}

// compound begins with 1000 and is multiplied by the price's change on bars
// whose volume rises, or falls.
func compound[T Number[T]](price, volume Series[T], way int) Series[T] {
	y := number[T](1000)
	return price.each(func(i int) T {
		if i > 0 && sign(volume[i].Minus(volume[i-1])) == way && price[i-1].Float() != 0 {
			y = y.Times(price[i].Over(price[i-1]))
		}
		return y
	})
}
