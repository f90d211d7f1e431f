package engine_test

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/cmplx"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

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
	"vwap_session": func(a ta.Args, in ta.Columns) ta.Columns {
		days := refDays(in[4], a.Int("session_start"))
		return refSpent(in, func(i, j int) bool { return days[i] == days[j] })
	},
	"vwap_anchored": func(a ta.Args, in ta.Columns) ta.Columns {
		anchor := time.Unix(int64(a.Int("anchor")), 0)
		began := func(i int) bool { return !refTime(in[4][i]).Before(anchor) }
		return refSpent(in, func(i, j int) bool { return began(i) && began(j) })
	},
	"previous_session": func(a ta.Args, in ta.Columns) ta.Columns {
		out := ta.Columns{each(in[0], refNone), each(in[0], refNone), each(in[0], refNone)}
		days := refDays(in[3], a.Int("session_start"))
		for i, day := range days {
			end := i // of the day before, exclusive
			for end > 0 && days[end-1] == day {
				end--
			}
			for j := end - 1; j >= 0 && days[j] == days[end-1]; j-- {
				if j == end-1 {
					out[0][i], out[1][i], out[2][i] = in[0][j], in[1][j], in[2][j]
				}
				out[0][i], out[1][i] = math.Max(out[0][i], in[0][j]), math.Min(out[1][i], in[1][j])
			}
		}
		return out
	},
	"swing_levels": func(a ta.Args, in ta.Columns) (out ta.Columns) {
		left, right := a.Int("left_bars"), a.Int("right_bars")
		for k, sign := range []float64{1, -1} {
			level := each(in[k], refNone)
			for i := left + right; i < len(level); i++ {
				level[i] = level[i-1]
				at, turned := i-right, true
				for j := at - left; j <= i; j++ {
					off := sign * (in[k][at] - in[k][j])
					turned = turned && off >= 0 && (j <= at || off > 0)
				}
				if turned {
					level[i] = in[k][at]
				}
			}
			out = append(out, level)
		}
		return out
	},
	"volume_profile": func(a ta.Args, in ta.Columns) ta.Columns {
		out := ta.Columns{each(in[0], refNone), each(in[0], refNone), each(in[0], refNone)}
		for i := a.Int("period") - 1; i < len(in[0]); i++ {
			var window ta.Columns
			for _, col := range in {
				window = append(window, col[i+1-a.Int("period"):i+1])
			}
			for k, v := range refProfile(window, a.Int("bins"), a.Float("value_area")) {
				out[k][i] = v
			}
		}
		return out
	},
	"fib_retracement": refMove(0.764, 0.618, 0.5, 0.382, 0.214),
	"fib_extension":   refMove(1.272, 1.414, 1.618, 2, 2.618, 4.236),
	"ehlers_cycle": func(_ ta.Args, in ta.Columns) ta.Columns {
		c := refHomodyne(in)
		return ta.Columns{c.period, c.smooth}
	},
	"ehlers_phase": func(_ ta.Args, in ta.Columns) ta.Columns {
		c := refHomodyne(in)
		return ta.Columns{c.phase, c.angle}
	},
	"ehlers_sine": func(_ ta.Args, in ta.Columns) ta.Columns {
		phase := refHomodyne(in).phase
		sine := func(more float64) []float64 {
			return each(phase, func(i int) float64 { return math.Sin((phase[i] + more) * math.Pi / 180) })
		}
		return ta.Columns{sine(0), sine(45)}
	},
}

// Every indicator that has a reference gives its figures, by the rule of
// testdata/golden/README.md, and has its first value at the declared warm-up.
func TestReferences(t *testing.T) {
	t.Parallel()
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

func refNone(int) float64 { return math.NaN() }

func refTime(seconds float64) time.Time { return time.UnixMilli(int64(1000 * seconds)).UTC() }

// refDays are the dates of bars, by a clock that is behind UTC.
func refDays(seconds []float64, minutes int) (days []string) {
	for _, s := range seconds {
		days = append(days, refTime(s).Add(-time.Duration(minutes)*time.Minute).Format(time.DateOnly))
	}
	return days
}

// refSpent is what was paid on average in the bars up to each bar i that count with
// it.
func refSpent(in ta.Columns, counts func(i, j int) bool) ta.Columns {
	return ta.Columns{each(in[0], func(i int) float64 {
		money, traded := 0.0, 0.0
		for j := range i + 1 {
			if counts(i, j) {
				money += (in[0][j] + in[1][j] + in[2][j]) / 3 * in[3][j]
				traded += in[3][j]
			}
		}
		return money / traded
	})}
}

// homodyne is a dominant cycle: its period, that smoothed, its phase, and the angle of
// the phasor.
type homodyne struct{ period, smooth, phase, angle []float64 }

// refHomodyne is Ehlers' listing, bar by bar, of complex phasors. Where the price has
// not moved for a cycle, so that there is none, its component is exactly nothing.
func refHomodyne(in ta.Columns) (c homodyne) {
	zero := func(int) float64 { return 0 }
	c = homodyne{each(in[0], zero), each(in[0], zero), each(in[0], zero), each(in[0], zero)}
	price := func(i int) float64 { return (in[0][i] + in[1][i]) / 2 }
	smooth, detrended, i1, q1 := each(in[0], zero), each(in[0], zero), each(in[0], zero), each(in[0], zero)
	at := func(x []float64, i int) float64 {
		if i < 0 {
			return 0
		}
		return x[i]
	}
	var phasor, product complex128
	for i := 5; i < len(in[0]); i++ {
		smooth[i] = (4*price(i) + 3*price(i-1) + 2*price(i-2) + price(i-3)) / 10
		before := c.period[i-1]
		turn := func(x []float64) float64 {
			return (0.0962*(x[i]-at(x, i-6)) + 0.5769*(at(x, i-2)-at(x, i-4))) * (0.075*before + 0.54)
		}
		detrended[i] = turn(smooth)
		i1[i], q1[i] = at(detrended, i-3), turn(detrended)
		now := 0.2*complex(i1[i]-turn(q1), q1[i]+turn(i1)) + 0.8*phasor
		product = 0.2*now*cmplx.Conj(phasor) + 0.8*product
		phasor = now
		period := before
		if re, im := real(product), -imag(product); re != 0 && im != 0 {
			period = 2 * math.Pi / math.Atan(im/re)
		}
		period = math.Max(math.Min(period, 1.5*before), 0.67*before)
		c.period[i] = 0.2*math.Max(6, math.Min(period, 50)) + 0.8*before
		c.smooth[i] = 0.33*c.period[i] + 0.67*c.smooth[i-1]

		c.angle[i] = c.angle[i-1]
		if i1[i] != 0 || q1[i] != 0 {
			c.angle[i] = math.Mod(math.Atan2(q1[i], i1[i])*180/math.Pi+360, 360)
		}
		n := int(c.smooth[i] + 0.5)
		sine, cosine, still := 0.0, 0.0, true
		for k := range n {
			turned := 2 * math.Pi * float64(k) / float64(n)
			sine += at(smooth, i-k) * math.Sin(turned)
			cosine += at(smooth, i-k) * math.Cos(turned)
			still = still && at(smooth, i-k) == smooth[i]
		}
		phase := 0.0
		if !still {
			phase = math.Atan2(sine, cosine) * 180 / math.Pi
		}
		phase += 90 + 360/c.smooth[i]
		for phase > 315 {
			phase -= 360
		}
		for phase <= -45 {
			phase += 360
		}
		c.phase[i] = phase
	}
	return c
}

// refMove is the direction, the start and the end of a move, and what is so much of
// the way from its start.
func refMove(parts ...float64) func(a ta.Args, in ta.Columns) ta.Columns {
	return func(a ta.Args, in ta.Columns) ta.Columns {
		out := make(ta.Columns, 3+len(parts))
		for k := range out {
			out[k] = each(in[0], refNone)
		}
		for i := a.Int("period") - 1; i < len(in[0]); i++ {
			top, bottom := i, i
			for j := i; j > i-a.Int("period"); j-- {
				if in[0][j] > in[0][top] {
					top = j
				}
				if in[1][j] < in[1][bottom] {
					bottom = j
				}
			}
			high, low := in[0][top], in[1][bottom]
			if bottom < top || bottom == top && in[2][top]-low >= high-in[2][top] {
				out[0][i], out[1][i], out[2][i] = 1, low, high
			} else {
				out[0][i], out[1][i], out[2][i] = -1, high, low
			}
			for k, part := range parts {
				out[3+k][i] = (1-part)*out[1][i] + part*out[2][i]
			}
		}
		return out
	}
}

// refProfile is the point of control, and the top and bottom of the value area, of
// the highs, lows and volumes of some bars.
func refProfile(in ta.Columns, bins int, percent float64) []float64 {
	high, low, volume := in[0], in[1], in[2]
	bottom, top := slices.Min(low), slices.Max(high)
	all := 0.0
	for _, v := range volume {
		all += v
	}
	if all == 0 {
		return nil
	}
	if top == bottom {
		return []float64{top, top, top}
	}
	price := func(edge float64) float64 { return bottom + (top-bottom)*edge/float64(bins) }
	place := func(price float64) float64 {
		x := (price - bottom) / (top - bottom) * float64(bins)
		if math.Abs(x-math.Round(x)) < 1e-9 {
			x = math.Round(x)
		}
		return x
	}
	traded := make([]float64, bins)
	for i, v := range volume {
		a, b := place(low[i]), place(high[i])
		k := min(int(a), bins-1)
		if a == b {
			traded[k] += v
		}
		for ; float64(k) < b && a < b; k++ {
			traded[k] += v * (math.Min(b, float64(k+1)) - math.Max(a, float64(k))) / (b - a)
		}
	}
	sum := func(from, to int) (s float64) {
		for k := max(from, 0); k <= min(to, bins-1); k++ {
			s += traded[k]
		}
		return s
	}
	most := 0
	off := func(k int) float64 { return math.Abs(float64(k) - float64(bins-1)/2) }
	for k := range traded {
		if c := cmp.Compare(traded[k], traded[most]); c > 0 || c == 0 && off(k) < off(most) {
			most = k
		}
	}
	first, last := most, most
	for sum(first, last) < percent/100*sum(0, bins-1) {
		above, below := sum(last+1, last+2), sum(first-2, first-1)
		if first == 0 || last < bins-1 && above >= below {
			last = min(last+2, bins-1)
		} else {
			first = max(first-2, 0)
		}
	}
	return []float64{price(float64(most) + 0.5), price(float64(last + 1)), price(float64(first))}
}
