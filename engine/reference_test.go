package engine_test

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// references define the indicators that TA-Lib has no figures of: each straight
// from the formula in its doc, over the whole series, bar by bar, as slow and as
// plain as can be, and with nothing of the engine's arithmetic. A value is NaN
// where one of its terms is.
var references = map[string]func(a ta.Args, in ta.Columns) ta.Columns{
	"kst": func(a ta.Args, in ta.Columns) ta.Columns {
		curve := each(in[0], func(int) float64 { return 0 })
		for k, n := range []int{a.Int("roc1_period"), a.Int("roc2_period"), a.Int("roc3_period"), a.Int("roc4_period")} {
			m := []int{a.Int("sma1_period"), a.Int("sma2_period"), a.Int("sma3_period"), a.Int("sma4_period")}[k]
			smooth := refMean(refChange(in[0], n), m)
			curve = each(curve, func(i int) float64 { return curve[i] + float64(k+1)*smooth[i] })
		}
		return ta.Columns{curve, refMean(curve, a.Int("signal_period"))}
	},
	"pmo": func(a ta.Args, in ta.Columns) ta.Columns {
		n, m := a.Int("first_period"), a.Int("second_period")
		once := refSmooth(refChange(in[0], 1), n, 2/float64(n))
		ten := each(once, func(i int) float64 { return 10 * once[i] })
		twice := refSmooth(ten, m, 2/float64(m))
		return ta.Columns{twice, refEMA(twice, a.Int("signal_period"))}
	},
	"mcginley": func(a ta.Args, in ta.Columns) ta.Columns {
		x, n := in[0], a.Int("period")
		y := refMean(x, n)
		for i := n; i < len(x); i++ {
			before := y[i-1]
			y[i] = x[i]
			if d := a.Float("k") * float64(n) * math.Pow(x[i]/before, 4); d > 1 {
				y[i] = before + (x[i]-before)/d
			}
		}
		return ta.Columns{y}
	},
	"stc": func(a ta.Args, in ta.Columns) ta.Columns {
		x, n, m := in[0], a.Int("fast_period"), a.Int("slow_period")
		n, m = min(n, m), max(n, m)
		late := each(x, func(i int) float64 { // as macd: the fast average begins with the slow one
			if i < m-n {
				return math.NaN()
			}
			return x[i]
		})
		fast, slow := refEMA(late, n), refEMA(x, m)
		y := each(x, func(i int) float64 { return fast[i] - slow[i] })
		for range 2 {
			y = refCycling(y, a.Int("cycle_period"), a.Float("factor"))
		}
		return ta.Columns{y}
	},
	"connors_rsi": func(a ta.Args, in ta.Columns) ta.Columns {
		x, k := in[0], a.Int("rank_period")
		streak := each(x, func(int) float64 { return 0 })
		for i := 1; i < len(x); i++ {
			switch {
			case x[i] > x[i-1]:
				streak[i] = math.Max(streak[i-1], 0) + 1
			case x[i] < x[i-1]:
				streak[i] = math.Min(streak[i-1], 0) - 1
			}
		}
		price, run, change := refRSI(x, a.Int("period")), refRSI(streak, a.Int("streak_period")), refChange(x, 1)
		return ta.Columns{each(x, func(i int) float64 {
			if i < k+1 {
				return math.NaN()
			}
			below := 0.0
			for j := i - k; j < i; j++ {
				if change[j] < change[i] {
					below++
				}
			}
			return (price[i] + run[i] + 100*below/float64(k)) / 3
		})}
	},
	"ichimoku": func(a ta.Args, in ta.Columns) ta.Columns {
		middle := func(n int) []float64 {
			high, low := refExtreme(in[0], n, math.Max), refExtreme(in[1], n, math.Min)
			return each(high, func(i int) float64 { return (high[i] + low[i]) / 2 })
		}
		tenkan, kijun, b := middle(a.Int("tenkan_period")), middle(a.Int("kijun_period")), middle(a.Int("senkou_period"))
		senkou := each(b, func(i int) float64 { return (tenkan[i] + kijun[i]) / 2 })
		d := a.Int("displacement") - 1
		return ta.Columns{tenkan, kijun, senkou, b, refLag(senkou, d), refLag(b, d), in[2], refLag(in[2], d)}
	},
	"vwmacd": func(a ta.Args, in ta.Columns) ta.Columns {
		n, m := a.Int("fast_period"), a.Int("slow_period")
		fast, slow := refPaid(in[0], in[1], min(n, m)), refPaid(in[0], in[1], max(n, m))
		macd := each(in[0], func(i int) float64 {
			if math.IsNaN(slow[i]) {
				return math.NaN()
			}
			return fast[i] - slow[i]
		})
		line := refEMA(macd, a.Int("signal_period"))
		return ta.Columns{macd, line, each(macd, func(i int) float64 { return macd[i] - line[i] })}
	},
	"eom": func(a ta.Args, in ta.Columns) ta.Columns {
		high, low, volume := in[0], in[1], in[2]
		return ta.Columns{refMean(each(high, func(i int) float64 {
			switch {
			case i == 0:
				return math.NaN()
			case volume[i] == 0:
				return 0
			}
			distance := (high[i]+low[i])/2 - (high[i-1]+low[i-1])/2
			box := volume[i] / a.Float("divisor") / (high[i] - low[i])
			return distance / box
		}), a.Int("period"))}
	},
	"chandelier": func(a ta.Args, in ta.Columns) ta.Columns {
		n := a.Int("period")
		high, low := refExtreme(in[0], n, math.Max), refExtreme(in[1], n, math.Min)
		reach := refSmooth(refTrueRange(in[0], in[1], in[2]), n, 1/float64(n))
		return ta.Columns{
			each(high, func(i int) float64 { return high[i] - a.Float("multiplier")*reach[i] }),
			each(low, func(i int) float64 { return low[i] + a.Float("multiplier")*reach[i] }),
		}
	},
	"ulcer": func(a ta.Args, in ta.Columns) ta.Columns {
		x, n := in[0], a.Int("period")
		high := refExtreme(x, n, math.Max)
		mean := refMean(each(x, func(i int) float64 { return math.Pow(100*(x[i]-high[i])/high[i], 2) }), n)
		return ta.Columns{each(mean, func(i int) float64 { return math.Sqrt(mean[i]) })}
	},
	"hv": func(a ta.Args, in ta.Columns) ta.Columns {
		x, n := in[0], float64(a.Int("period"))
		r := refLag(x, 1)
		r = each(x, func(i int) float64 { return math.Log(x[i] / r[i]) })
		mean := refMean(r, a.Int("period"))
		return ta.Columns{each(x, func(i int) float64 {
			ssd := math.NaN()
			if !math.IsNaN(mean[i]) {
				ssd = 0
				for _, v := range r[i+1-a.Int("period") : i+1] {
					ssd += math.Pow(v-mean[i], 2)
				}
			}
			return 100 * math.Sqrt(ssd/(n-1)) * math.Sqrt(a.Float("periods_per_year"))
		})}
	},
	"pivot_floor": refPivot(func(_, _, h, l, c float64) []float64 {
		p := (h + l + c) / 3
		return []float64{p, 2*p - l, p + (h - l), h + 2*(p-l), 2*p - h, p - (h - l), l - 2*(h-p)}
	}),
	"pivot_woodie": refPivot(func(open, _, h, l, _ float64) []float64 {
		p := (h + l + 2*open) / 4
		return []float64{p, 2*p - l, p + (h - l), h + 2*(p-l), 2*p - h, p - (h - l), l - 2*(h-p)}
	}),
	"pivot_camarilla": refPivot(func(_, _, h, l, c float64) []float64 {
		r := 1.1 * (h - l)
		return []float64{(h + l + c) / 3, c + r/12, c + r/6, c + r/4, c + r/2, c - r/12, c - r/6, c - r/4, c - r/2}
	}),
	"pivot_fibonacci": refPivot(func(_, _, h, l, c float64) []float64 {
		p, r := (h+l+c)/3, h-l
		return []float64{p, p + 0.382*r, p + 0.618*r, p + r, p - 0.382*r, p - 0.618*r, p - r}
	}),
	"pivot_demark": refPivot(func(_, o, h, l, c float64) []float64 {
		x := h + l + 2*c
		if c < o {
			x = h + 2*l + c
		}
		if c > o {
			x = 2*h + l + c
		}
		return []float64{x / 4, x/2 - l, x/2 - h}
	}),
	"psych_levels": func(a ta.Args, in ta.Columns) ta.Columns {
		return ta.Columns{refLevel(in[0], a.Int("figures"), 0), refLevel(in[0], a.Int("figures"), 1)}
	},
	"abs": func(_ ta.Args, in ta.Columns) ta.Columns {
		return ta.Columns{each(in[0], func(i int) float64 { return max(in[0][i], -in[0][i]) })}
	},
	"todeg": func(_ ta.Args, in ta.Columns) ta.Columns {
		return ta.Columns{each(in[0], func(i int) float64 { return in[0][i] / math.Pi * 180 })}
	},
	"torad": func(_ ta.Args, in ta.Columns) ta.Columns {
		return ta.Columns{each(in[0], func(i int) float64 { return in[0][i] / 180 * math.Pi })}
	},
	"round": func(_ ta.Args, in ta.Columns) ta.Columns { // of prices above 0
		return ta.Columns{each(in[0], func(i int) float64 { return math.Floor(in[0][i] + 0.5) })}
	},
	"trunc": func(_ ta.Args, in ta.Columns) ta.Columns {
		return ta.Columns{each(in[0], func(i int) float64 { whole, _ := math.Modf(in[0][i]); return whole })}
	},
	"lag": func(a ta.Args, in ta.Columns) ta.Columns { return ta.Columns{refLag(in[0], a.Int("period"))} },
	"crossover": func(_ ta.Args, in ta.Columns) ta.Columns {
		return ta.Columns{each(in[0], func(i int) float64 {
			if i > 0 && in[0][i] > in[1][i] && !(in[0][i-1] > in[1][i-1]) {
				return 1
			}
			return 0
		})}
	},
	"crossany": func(_ ta.Args, in ta.Columns) ta.Columns {
		side := each(in[0], func(i int) float64 { return float64(cmp.Compare(in[0][i], in[1][i])) })
		return ta.Columns{each(side, func(i int) float64 {
			if i > 0 && side[i] != 0 && side[i] != side[i-1] {
				return 1
			}
			return 0
		})}
	},
	"stderr": func(a ta.Args, in ta.Columns) ta.Columns {
		spread := refDeviation(in[0], a.Int("period"))
		return ta.Columns{each(spread, func(i int) float64 { return spread[i] / math.Sqrt(a.Float("period")) })}
	},
	"volatility": func(a ta.Args, in ta.Columns) ta.Columns {
		change := refChange(in[0], 1)
		spread := refDeviation(each(change, func(i int) float64 { return change[i] / 100 }), a.Int("period"))
		return ta.Columns{each(spread, func(i int) float64 { return spread[i] * math.Sqrt(a.Float("periods_per_year")) })}
	},
	"vosc": func(a ta.Args, in ta.Columns) ta.Columns {
		n, m := a.Int("fast_period"), a.Int("slow_period")
		fast, slow := refMean(in[0], min(n, m)), refMean(in[0], max(n, m))
		return ta.Columns{each(fast, func(i int) float64 {
			if slow[i] == 0 {
				return 0
			}
			return 100 * (fast[i] - slow[i]) / slow[i]
		})}
	},
	"decay": func(a ta.Args, in ta.Columns) ta.Columns {
		y := each(in[0], func(i int) float64 { return in[0][i] })
		for i := 1; i < len(y); i++ {
			y[i] = max(y[i], y[i-1]-1/a.Float("period"))
		}
		return ta.Columns{y}
	},
	"edecay": func(a ta.Args, in ta.Columns) ta.Columns {
		y := each(in[0], func(i int) float64 { return in[0][i] })
		for i := 1; i < len(y); i++ {
			y[i] = max(y[i], y[i-1]*(1-1/a.Float("period")))
		}
		return ta.Columns{y}
	},
	"fisher": func(a ta.Args, in ta.Columns) ta.Columns {
		p := each(in[0], func(i int) float64 { return (in[0][i] + in[1][i]) / 2 })
		high, low := refExtreme(p, a.Int("period"), math.Max), refExtreme(p, a.Int("period"), math.Min)
		v, fish := 0.0, 0.0
		y := each(p, func(i int) float64 {
			if math.IsNaN(high[i]) {
				return math.NaN()
			}
			place := 0.5
			if high[i]-low[i] > 1e-14*(math.Abs(high[i])+math.Abs(low[i])) {
				place = (p[i] - low[i]) / (high[i] - low[i])
			}
			v = 0.33*2*(place-0.5) + 0.67*v
			if math.Abs(v) > 0.99 {
				v = math.Copysign(0.999, v)
			}
			fish = math.Atanh(v) + 0.5*fish
			return fish
		})
		return ta.Columns{y, each(y, func(i int) float64 {
			if i == 0 || math.IsNaN(y[i-1]) {
				return 0
			}
			return y[i-1]
		})}
	},
	"kvo": func(a ta.Args, in ta.Columns) ta.Columns {
		high, low, volume := in[0], in[1], in[3]
		sum := each(high, func(i int) float64 { return high[i] + low[i] + in[2][i] })
		begin, trend := 1, 0.0 // the trend's first bar
		force := each(high, func(i int) float64 {
			if i == 0 {
				return math.NaN()
			}
			if way := float64(cmp.Compare(sum[i], sum[i-1])); way != 0 && way != trend {
				begin, trend = i, way
			}
			cm := 0.0
			if trend != 0 {
				cm = high[begin-1] - low[begin-1]
			}
			for j := begin; j <= i; j++ {
				cm += high[j] - low[j]
			}
			part := 0.0
			if cm != 0 {
				part = (high[i] - low[i]) / cm
			}
			if trend < 0 {
				return -100 * volume[i] * math.Abs(2*part-1)
			}
			return 100 * volume[i] * math.Abs(2*part-1)
		})
		average := func(n int) []float64 { // from the first force on
			y := 0.0
			return each(force, func(i int) float64 {
				switch {
				case i == 0:
					return math.NaN()
				case i == 1:
					y = force[1]
				default:
					y += 2 / float64(n+1) * (force[i] - y)
				}
				return y
			})
		}
		n, m := a.Int("fast_period"), a.Int("slow_period")
		fast, slow := average(min(n, m)), average(max(n, m))
		return ta.Columns{each(fast, func(i int) float64 { return fast[i] - slow[i] })}
	},
	"msw": func(a ta.Args, in ta.Columns) ta.Columns {
		x, n := in[0], a.Int("period")
		phase := each(x, func(i int) float64 {
			re, im, still := 0.0, 0.0, true
			for k := 0; k < n && i >= n-1; k++ {
				turn := 2 * math.Pi * float64(k) / float64(n)
				re += x[i-k] * math.Cos(turn)
				im += x[i-k] * math.Sin(turn)
				still = still && x[i-k] == x[i]
			}
			if still {
				return math.NaN()
			}
			return math.Atan2(im, re) + math.Pi/2
		})
		sine := func(turn float64) []float64 {
			return each(phase, func(i int) float64 {
				if math.IsNaN(phase[i]) {
					return 0
				}
				return math.Sin(phase[i] + turn)
			})
		}
		return ta.Columns{sine(0), sine(math.Pi / 4)}
	},
	"vidya": func(a ta.Args, in ta.Columns) ta.Columns {
		x, n, m := in[0], a.Int("short_period"), a.Int("long_period")
		n, m = min(n, m), max(n, m)
		newer, older := refDeviation(x, n), refDeviation(x, m)
		y := each(x, func(i int) float64 { return x[i] })
		for i := m - 1; i < len(x); i++ {
			k := 0.0
			if older[i] != 0 {
				k = math.Min(a.Float("alpha")*newer[i]/older[i], 1)
			}
			y[i] = y[i-1] + k*(x[i]-y[i-1])
		}
		return ta.Columns{y}
	},
}

// Every indicator that has a reference gives its figures, by the rule of
// testdata/golden/README.md, and has its first value at the declared warm-up.
func TestReferences(t *testing.T) {
	series := law.All(1, bars)
	walk := walks(t)["walk"]
	series = append(series[:6:6], &law.Series{ // all but the one with holes
		Name: "golden", Open: walk["open"], High: walk["high"], Low: walk["low"], Close: walk["close"], Volume: walk["volume"],
	})
	for _, ind := range engine.Indicators() {
		define := references[ind.Name]
		if define == nil {
			continue
		}
		t.Run(ind.Name, func(t *testing.T) {
			for _, a := range trials(t, ind) {
				for _, s := range series {
					in := s.Columns(ind.Inputs)
					got, want := ind.Run(a, in), define(a, in)
					for i, output := range ind.Outputs {
						begin := min(ind.Warmup(a), len(got[i]))
						if err := same(got[i], begin, pointers(want[i][begin:])); err != nil {
							t.Errorf("%s %s: %s: %v", describe(a), s.Name, output.Name, err)
						}
					}
				}
			}
		})
	}
}

// pointers are the values as the golden files have them: nil where there is none.
func pointers(x []float64) (p []*float64) {
	for i := range x {
		if math.IsNaN(x[i]) || math.IsInf(x[i], 0) {
			p = append(p, nil)
		} else {
			p = append(p, &x[i])
		}
	}
	return p
}

// each is a series as long as x, of what f says of each bar.
func each(x []float64, f func(i int) float64) []float64 {
	y := make([]float64, len(x))
	for i := range y {
		y[i] = f(i)
	}
	return y
}

// refFold folds the last n values of each bar, NaN where there are fewer.
func refFold(x []float64, n int, start float64, f func(so, v float64) float64) []float64 {
	return each(x, func(i int) float64 {
		if i < n-1 {
			return math.NaN()
		}
		so := start
		for _, v := range x[i-n+1 : i+1] {
			so = f(so, v)
		}
		return so
	})
}

func refSum(x []float64, n int) []float64 {
	return refFold(x, n, 0, func(sum, v float64) float64 { return sum + v })
}

func refMean(x []float64, n int) []float64 {
	sum := refSum(x, n)
	return each(x, func(i int) float64 { return sum[i] / float64(n) })
}

func refExtreme(x []float64, n int, of func(a, b float64) float64) []float64 {
	return refFold(x, n, -of(math.Inf(1), math.Inf(-1)), of)
}

func refLag(x []float64, n int) []float64 {
	return each(x, func(i int) float64 {
		if i < n {
			return math.NaN()
		}
		return x[i-n]
	})
}

// refChange is in percent, 0 from a price of 0.
func refChange(x []float64, n int) []float64 {
	before := refLag(x, n)
	return each(x, func(i int) float64 {
		if before[i] == 0 {
			return 0
		}
		return 100 * (x[i]/before[i] - 1)
	})
}

// refSmooth is the exponential average of a weight, seeded by the mean of the
// first n values that there are.
func refSmooth(x []float64, n int, weight float64) []float64 {
	y := refMean(x, n)
	begun := false
	for i := range y {
		if begun {
			y[i] = weight*x[i] + (1-weight)*y[i-1]
		}
		begun = begun || !math.IsNaN(y[i])
	}
	return y
}

func refEMA(x []float64, n int) []float64 { return refSmooth(x, n, 2/float64(n+1)) }

// refPaid is the exponential average of prices weighed by volumes, less the newest
// price, in big numbers: the quotient alone loses what two of them differ by.
func refPaid(x, volume []float64, n int) []float64 {
	b := func(v float64) *big.Float { return new(big.Float).SetPrec(200).SetFloat64(v) }
	money, traded := b(0), b(0)
	add := func(to, v *big.Float, weight, keep float64) {
		to.Add(to.Mul(to, b(keep)), v.Mul(v, b(weight)))
	}
	return each(x, func(i int) float64 {
		weight, keep := 1/float64(n), 1.0 // of the mean of the first n
		if i >= n {
			weight = 2 / float64(n+1)
			keep = 1 - weight
		}
		add(money, b(0).Mul(b(x[i]), b(volume[i])), weight, keep)
		add(traded, b(volume[i]), weight, keep)
		switch {
		case i < n-1:
			return math.NaN()
		case traded.Sign() == 0:
			return 0
		}
		d, _ := b(0).Sub(b(0).Quo(money, traded), b(x[i])).Float64()
		if math.Abs(d) < math.Ldexp(x[i], -150) {
			return 0 // the big numbers' own rounding
		}
		return d
	})
}

// refDeviation is that of a whole population, from the distances of all pairs: no
// mean is rounded.
func refDeviation(x []float64, n int) []float64 {
	return each(x, func(i int) float64 {
		if i < n-1 || math.IsNaN(x[i-n+1]) {
			return math.NaN()
		}
		pairs := 0.0
		for j, v := range x[i+1-n : i+1] {
			for _, w := range x[i+1-n : i+1-n+j] {
				pairs += (v - w) * (v - w)
			}
		}
		return math.Sqrt(pairs) / float64(n)
	})
}

func refTrueRange(high, low, close []float64) []float64 {
	return each(close, func(i int) float64 {
		if i == 0 {
			return math.NaN()
		}
		return math.Max(high[i], close[i-1]) - math.Min(low[i], close[i-1])
	})
}

func refRSI(x []float64, n int) []float64 {
	part := func(sign float64) []float64 {
		return refSmooth(each(x, func(i int) float64 {
			if i == 0 {
				return math.NaN()
			}
			return math.Max(sign*(x[i]-x[i-1]), 0)
		}), n, 1/float64(n))
	}
	up, down := part(1), part(-1)
	return each(x, func(i int) float64 {
		if up[i]+down[i] == 0 {
			return 0
		}
		return 100 * up[i] / (up[i] + down[i])
	})
}

func refCycling(x []float64, n int, factor float64) []float64 {
	high, low := refExtreme(x, n, math.Max), refExtreme(x, n, math.Min)
	place, y := 0.0, math.NaN()
	return each(x, func(i int) float64 {
		if math.IsNaN(high[i]) {
			return math.NaN()
		}
		if high[i]-low[i] > 1e-14*(math.Abs(high[i])+math.Abs(low[i])) {
			place = 100 * (x[i] - low[i]) / (high[i] - low[i])
		}
		if math.IsNaN(y) {
			y = place
		}
		y = factor*place + (1-factor)*y
		return y
	})
}

// refPivot is of levels of this bar's open, and the open, high, low and close of
// the session before it.
func refPivot(levels func(open, o, h, l, c float64) []float64) func(a ta.Args, in ta.Columns) ta.Columns {
	return func(a ta.Args, in ta.Columns) (out ta.Columns) {
		n := a.Int("period")
		if len(in) == 3 {
			in = ta.Columns{nil, in[0], in[1], in[2]}
		}
		for i := range in[1] {
			open, o, h, l, c := math.NaN(), math.NaN(), math.Inf(-1), math.Inf(1), math.NaN()
			if i >= n {
				c = in[3][i-1]
				if in[0] != nil {
					open, o = in[0][i], in[0][i-n]
				}
				for j := i - n; j < i; j++ {
					h, l = math.Max(h, in[1][j]), math.Min(l, in[2][j])
				}
			}
			for k, v := range levels(open, o, h, l, c) {
				if i == 0 {
					out = append(out, nil)
				}
				out[k] = append(out[k], v)
			}
		}
		return out
	}
}

// refLevel is the number with the first figures of each price, or that number of
// figures and some more: text all the way.
func refLevel(x []float64, figures, more int) []float64 {
	return each(x, func(i int) float64 {
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(x[i], 'e', -1, 64), "e")
		k, errK := strconv.Atoi((strings.Replace(mantissa, ".", "", 1) + "000000")[:figures])
		tens, errTens := strconv.Atoi(exponent)
		v, err := strconv.ParseFloat(fmt.Sprintf("%de%d", k+more, tens+1-figures), 64)
		if err := errors.Join(errK, errTens, err); err != nil {
			panic(err)
		}
		return v
	})
}
