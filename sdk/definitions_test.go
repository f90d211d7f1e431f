package sdk_test

import (
	"math"
	"slices"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// What the guests compute, as their definitions say it: every value anew from
// the bars that it is made of.

// overBars gives f the indexes of the bars without a hole up to each of them,
// and returns its values in the places of those bars.
func overBars(f func(bars []int) float64, columns ...[]float64) []float64 {
	out := make([]float64, len(columns[0]))
	var bars []int
	for i := range out {
		out[i] = math.NaN()
		hole := false
		for _, column := range columns {
			hole = hole || math.IsNaN(column[i])
		}
		if !hole {
			bars = append(bars, i)
			out[i] = f(bars)
		}
	}
	return out
}

// mean is that of f over bars.
func mean(bars []int, f func(bar int) float64) float64 {
	sum := 0.0
	for _, bar := range bars {
		sum += f(bar)
	}
	return sum / float64(len(bars))
}

func sma(x []float64, n int) []float64 {
	return overBars(func(bars []int) float64 {
		if len(bars) < n {
			return math.NaN()
		}
		return mean(bars[len(bars)-n:], func(bar int) float64 { return x[bar] })
	}, x)
}

func ema(x []float64, n int) []float64 {
	return overBars(func(bars []int) float64 {
		if len(bars) < n {
			return math.NaN()
		}
		y := mean(bars[:n], func(bar int) float64 { return x[bar] })
		for _, bar := range bars[n:] {
			y += 2 / float64(n+1) * (x[bar] - y)
		}
		return y
	}, x)
}

func rsi(x []float64, n int) []float64 {
	return overBars(func(bars []int) float64 {
		if len(bars) <= n {
			return math.NaN()
		}
		var gain, loss float64
		for i := 1; i < len(bars); i++ {
			move := x[bars[i]] - x[bars[i-1]]
			keep, weight := 1.0, 1/float64(n) // the first n make a mean
			if i > n {
				keep = 1 - weight
			}
			gain = keep*gain + weight*max(move, 0)
			loss = keep*loss + weight*max(-move, 0)
		}
		if gain+loss == 0 {
			return 0
		}
		return 100 * gain / (gain + loss)
	}, x)
}

func keltner(columns map[ta.Input][]float64, n int, deviations, ranges float64) (squeeze, width, momentum []float64) {
	high, low, price := columns[ta.High], columns[ta.Low], columns[ta.Close]
	closeOf := func(bar int) float64 { return price[bar] }
	width = overBars(func(bars []int) float64 {
		if len(bars) <= n {
			return math.NaN()
		}
		last := bars[len(bars)-n:]
		middle := mean(last, closeOf)
		variance := mean(last, func(bar int) float64 { return (price[bar] - middle) * (price[bar] - middle) })
		i := len(bars) - n - 1 // the bar before the one that is looked at
		reach := mean(last, func(bar int) float64 {
			before := price[bars[i]]
			i++
			return max(high[bar]-low[bar], math.Abs(high[bar]-before), math.Abs(low[bar]-before))
		})
		return deviations * math.Sqrt(variance) / (ranges * reach)
	}, high, low, price)
	squeeze = make([]float64, len(width))
	for i, w := range width {
		switch {
		case math.IsNaN(w):
			squeeze[i] = w
		case w <= 1:
			squeeze[i] = 1
		}
	}
	momentum = overBars(func(bars []int) float64 {
		if len(bars) < 2*n-1 {
			return math.NaN()
		}
		var distances []float64
		for end := len(bars) - n + 1; end <= len(bars); end++ {
			last := bars[end-n : end]
			top, bottom := math.Inf(-1), math.Inf(1)
			for _, bar := range last {
				top, bottom = max(top, high[bar]), min(bottom, low[bar])
			}
			distances = append(distances, price[last[n-1]]-((top+bottom)/2+mean(last, closeOf))/2)
		}
		slope, middle := regression(distances)
		return middle + slope*float64(n-1)/2
	}, high, low, price)
	return squeeze, width, momentum
}

func trend(x []float64, n int) (growth, fit []float64) {
	slopes := func(of func(path []float64) float64) []float64 {
		return overBars(func(bars []int) float64 {
			if len(bars) < n {
				return math.NaN()
			}
			var path []float64
			for _, bar := range bars[len(bars)-n:] {
				path = append(path, math.Log(x[bar]))
			}
			return of(path)
		}, x)
	}
	growth = slopes(func(path []float64) float64 {
		slope, _ := regression(path)
		return 100 * (math.Exp(slope) - 1)
	})
	fit = slopes(func(path []float64) float64 {
		slope, middle := regression(path)
		var unexplained, all float64
		for i, y := range path {
			line := middle + slope*(float64(i)-float64(n-1)/2)
			unexplained += (y - line) * (y - line)
			all += (y - middle) * (y - middle)
		}
		return 1 - unexplained/all
	})
	return growth, fit
}

// regression is the line of least squares through y, one value a step: its
// slope, and its value in the middle.
func regression(y []float64) (slope, middle float64) {
	for _, v := range y {
		middle += v / float64(len(y))
	}
	var covariance, variance float64
	for i, v := range y {
		x := float64(i) - float64(len(y)-1)/2
		covariance += x * (v - middle)
		variance += x * x
	}
	return covariance / variance, middle
}

// timeSeriesMomentum is the position, the return over n bars in percent, and the
// volatility in percent a year, of returns that are memory bars old on average.
func timeSeriesMomentum(x []float64, a ta.Args) (signal, momentum, volatility []float64) {
	n, hold, memory := a.Int("lookback"), a.Int("hold"), a.Float("memory")
	momentum = overBars(func(bars []int) float64 {
		if len(bars) <= n {
			return math.NaN()
		}
		return 100 * (x[bars[len(bars)-1]]/x[bars[len(bars)-1-n]] - 1)
	}, x)
	volatility = overBars(func(bars []int) float64 {
		if len(bars) <= n {
			return math.NaN()
		}
		age := func(i int) float64 { return math.Pow(memory/(1+memory), float64(len(bars)-1-i)) }
		move := func(i int) float64 { return x[bars[i]]/x[bars[i-1]] - 1 }
		var weights, middle, variance float64
		for i := 1; i < len(bars); i++ {
			weights += age(i)
			middle += age(i) * move(i)
		}
		middle /= weights
		for i := 1; i < len(bars); i++ {
			variance += age(i) * (move(i) - middle) * (move(i) - middle) / weights
		}
		return 100 * math.Sqrt(a.Float("bars_per_year")*variance)
	}, x)
	signal = overBars(func(bars []int) float64 {
		since := len(bars) - 1 - n
		if since < 0 {
			return math.NaN()
		}
		decided := bars[len(bars)-1-since%hold]
		position := min(1, a.Float("target")/volatility[decided])
		if momentum[decided] <= 0 {
			position = -position
		}
		if momentum[decided] == 0 {
			position = 0
		}
		return position
	}, x)
	return signal, momentum, volatility
}

func regimes(columns map[ta.Input][]float64, a ta.Args) (regime, efficiency, heat []float64) {
	high, low, price := columns[ta.High], columns[ta.Low], columns[ta.Close]
	n, history := a.Int("period"), a.Int("history")
	efficiency = overBars(func(bars []int) float64 {
		if len(bars) <= n {
			return math.NaN()
		}
		last := bars[len(bars)-n-1:]
		way := 0.0
		for i := 1; i < len(last); i++ {
			way += math.Abs(price[last[i]] - price[last[i-1]])
		}
		return (price[last[n]] - price[last[0]]) / way
	}, high, low, price)
	heat = overBars(func(bars []int) float64 {
		if len(bars) <= history {
			return math.NaN()
		}
		reach := func(n int) (sum float64) { // of the last n bars, on the mean
			for i := len(bars) - n; i < len(bars); i++ {
				bar, before := bars[i], price[bars[i-1]]
				sum += max(high[bar]-low[bar], math.Abs(high[bar]-before), math.Abs(low[bar]-before)) / before / float64(n)
			}
			return sum
		}
		return reach(n) / reach(history)
	}, high, low, price)

	// What is needed to begin, and a part of it to go on.
	least := func(goes bool, limit float64) float64 {
		if goes {
			return limit * (1 - a.Float("hysteresis"))
		}
		return limit
	}
	now := 0.0
	regime = make([]float64, len(heat))
	for i := range heat {
		if math.IsNaN(heat[i]) {
			regime[i] = math.NaN()
			continue
		}
		switch {
		case heat[i] >= least(now == 2, a.Float("turbulence")):
			now = 2
		case efficiency[i] >= least(now == 1, a.Float("trend")):
			now = 1
		case efficiency[i] <= -least(now == -1, a.Float("trend")):
			now = -1
		default:
			now = 0
		}
		regime[i] = now
	}
	return regime, efficiency, heat
}

func profileScore(columns map[ta.Input][]float64, a ta.Args) map[string][]float64 {
	high, low, price, volume := columns[ta.High], columns[ta.Low], columns[ta.Close], columns[ta.Volume]
	n, rows := a.Int("period"), a.Int("rows")
	out := map[string][]float64{}
	for _, name := range []string{"poc", "value_low", "value_high", "score"} {
		out[name] = overBars(func(bars []int) float64 {
			if len(bars) < n {
				return math.NaN()
			}
			last := bars[len(bars)-n:]
			floor, ceiling := math.Inf(1), math.Inf(-1)
			for _, bar := range last {
				floor, ceiling = min(floor, low[bar]), max(ceiling, high[bar])
			}
			edge := func(k int) float64 { return floor + (ceiling-floor)*float64(k)/float64(rows) }
			traded, all := make([]float64, rows), 0.0
			for _, bar := range last {
				all += volume[bar]
				for k := range traded {
					if high[bar] > low[bar] {
						inside := min(high[bar], edge(k+1)) - max(low[bar], edge(k))
						traded[k] += volume[bar] * max(inside, 0) / (high[bar] - low[bar])
					} else if k == min(rows-1, int((low[bar]-floor)/(ceiling-floor)*float64(rows)+1e-9)) {
						traded[k] += volume[bar]
					}
				}
			}
			sum := func(from, to int) (s float64) {
				for k := max(from, 0); k <= min(to, rows-1); k++ {
					s += traded[k]
				}
				return s
			}
			// What differs by a billionth is equal; of equal rows the one nearest
			// the middle is looked at first, and of two of those the lower.
			var order []int
			for k := range traded {
				order = append(order, k)
			}
			off := func(k int) int { return max(2*k-(rows-1), (rows-1)-2*k) }
			slices.SortStableFunc(order, func(a, b int) int { return off(a) - off(b) })
			most := order[0]
			for _, k := range order {
				if traded[k] > traded[most]*(1+1e-9) {
					most = k
				}
			}
			first, end := most, most
			for enough := a.Float("value") / 100 * all; sum(first, end) < enough*(1-1e-9); {
				above, below := sum(end+1, end+2), sum(first-2, first-1)
				if first == 0 || end < rows-1 && above >= below-1e-9*enough {
					end = min(end+2, rows-1)
				} else {
					first = max(first-2, 0)
				}
			}
			poc := (edge(most) + edge(most+1)) / 2
			now := price[bars[len(bars)-1]]
			switch {
			case name == "poc":
				return poc
			case name == "value_low":
				return edge(first)
			case name == "value_high":
				return edge(end + 1)
			case now > poc:
				return (now - poc) / (edge(end+1) - poc)
			default:
				return (now - poc) / (poc - edge(first))
			}
		}, high, low, price, volume)
	}
	return out
}

func pairs(columns map[ta.Input][]float64, a ta.Args) map[string][]float64 {
	first, second, n := columns[ta.Real0], columns[ta.Real1], a.Int("period")
	of := math.Log
	if a.Choice("prices") == "plain" {
		of = func(price float64) float64 { return price }
	}
	// beside is the line of least squares through points, how far the last one is
	// above it, and the standard error.
	beside := func(x, y []float64) (slope, above, usual float64) {
		var mx, my, xx, xy float64
		for i := range x {
			mx, my = mx+x[i]/float64(len(x)), my+y[i]/float64(len(x))
		}
		for i := range x {
			xx += (x[i] - mx) * (x[i] - mx)
			xy += (x[i] - mx) * (y[i] - my)
		}
		slope = xy / xx
		for i := range x {
			above = (y[i] - my) - slope*(x[i]-mx)
			usual += above * above
		}
		return slope, above, math.Sqrt(usual / float64(len(x)-2))
	}
	path := func(of func(x, y []float64) float64) []float64 {
		return overBars(func(bars []int) float64 {
			if len(bars) < n {
				return math.NaN()
			}
			var x, y []float64
			for _, bar := range bars[len(bars)-n:] {
				x, y = append(x, second[bar]), append(y, first[bar])
			}
			return of(x, y)
		}, first, second)
	}
	values := func(x []float64) (all []float64) {
		for _, v := range x {
			all = append(all, of(v))
		}
		return all
	}
	out := map[string][]float64{
		"hedge": path(func(x, y []float64) float64 { slope, _, _ := beside(values(x), values(y)); return slope }),
		"spread": path(func(x, y []float64) float64 {
			_, above, _ := beside(values(x), values(y))
			return above
		}),
		"zscore": path(func(x, y []float64) float64 {
			_, above, usual := beside(values(x), values(y))
			return above / usual
		}),
	}
	spread := out["spread"]
	out["half_life"] = overBars(func(bars []int) float64 {
		if len(bars) <= n {
			return math.NaN()
		}
		var before, after []float64
		for i := len(bars) - n; i < len(bars); i++ {
			before, after = append(before, spread[bars[i-1]]), append(after, spread[bars[i]])
		}
		kept, _, _ := beside(before, after)
		if !(0 < kept && kept < 1) {
			return math.NaN()
		}
		return -math.Ln2 / math.Log(kept)
	}, spread)
	return out
}
