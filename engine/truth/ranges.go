package truth

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// ranges are the formulas that ask where a computed figure is in the range of its
// last ones. Such a range can be a millionth of the figures: then their last digit
// is a large part of it, however they are computed.
func ranges[T Number[T]]() map[string]formula[T] {
	type in = []Series[T]
	return map[string]formula[T]{
		"stc": func(a ta.Args, x in) in {
			n, weight := a.Int("cycle_period"), number[T](a.Float("factor"))
			return in{apart(a, x[0]).cycled(n, weight).cycled(n, weight)}
		},
		"stochrsi": func(a ta.Args, x in) in {
			n, rsi := a.Int("fast_k_period"), x[0].strength(a.Int("period"))
			k := rsi.place(rsi.min(n), rsi.max(n))
			return in{k, k.means(a.Int("fast_d_period"))}
		},
		"fisher": func(a ta.Args, x in) in {
			v := middling(a, x)
			one := number[T](1)
			return followed(v.each(func(i int) T { return times(0.5, logarithm(one.Plus(v[i]).Over(one.Minus(v[i])))) }))
		},
	}
}

// shakes are what the figures of ranges move by, to the first order, when all that
// they are places of move by as much as their largest ones, and the places by 100: a
// part of it is what is left when those are off by that part.
var shakes = map[string]formula[Pair]{
	"stc": func(a ta.Args, x []Series[Pair]) []Series[Pair] {
		n, weight := a.Int("cycle_period"), number[Pair](a.Float("factor"))
		first := apart(a, x[0])
		second := first.cycled(n, weight)
		shake := first.shaken(first.scales(), n).smooth(1, weight)
		return []Series[Pair]{second.shaken(shake, n).smooth(1, weight)}
	},
	"stochrsi": func(a ta.Args, x []Series[Pair]) []Series[Pair] {
		rsi := x[0].strength(a.Int("period"))
		k := rsi.shaken(rsi.scales(), a.Int("fast_k_period"))
		return []Series[Pair]{k, k.means(a.Int("fast_d_period"))}
	},
	"fisher": func(a ta.Args, x []Series[Pair]) []Series[Pair] {
		middle, v := x[0].plus(x[1]).times(0.5), middling(a, x)
		place := middle.shaken(middle.scales(), a.Int("period"))
		var moves float64
		return followed(v.each(func(i int) Pair {
			if none(v[i]) {
				return v[i]
			}
			moves = float64(0.0066*place[i].Float()) + float64(0.67*moves)
			far := math.Abs(v[i].Float())
			if far > 0.99 {
				moves = 1
			}
			return number[Pair](moves / ((1 - far) * (1 + far)))
		}))
	},
}

// middling is the smoothed place of each bar's middle in their range, from −1 to 1,
// of which Fisher's transform is taken.
func middling[T Number[T]](a ta.Args, x []Series[T]) Series[T] {
	n, middle := a.Int("period"), x[0].plus(x[1]).times(0.5)
	low, high := middle.min(n), middle.max(n)
	place := middle.place(low, high)
	var v T
	return place.each(func(i int) T {
		if none(place[i]) {
			return place[i]
		}
		v = part[T](67, 100).Times(v)
		if moved(high[i], low[i]) {
			v = v.Plus(part[T](66, 10_000).Times(place[i].Minus(number[T](50))))
		}
		if above(absolute(v), part[T](99, 100)) {
			v = part[T](999, 1000).Times(number[T](float64(sign(v))))
		}
		return v
	})
}

// followed are the sums of x, of which a half is lost with each bar, and those of the
// bar before.
func followed[T Number[T]](x Series[T]) []Series[T] {
	var y T
	sum := x.each(func(i int) T {
		if none(x[i]) {
			return x[i]
		}
		y = x[i].Plus(times(0.5, y))
		return y
	})
	before := sum.lag(1)
	if first := sum.first(); first < len(sum) {
		before[first] = number[T](0)
	}
	return []Series[T]{sum, before}
}

// cycled is one of Schaff's two stages: the place of x in its range of n bars, in
// percent, smoothed. Where the range is flat the place is the one before, at first 0.
func (x Series[T]) cycled(n int, weight T) Series[T] {
	low, high := x.min(n), x.max(n)
	place := x.place(low, high)
	for i := low.first() + 1; i < len(x); i++ {
		if !moved(high[i], low[i]) {
			place[i] = place[i-1]
		}
	}
	return place.smooth(1, weight)
}

// shaken is what the places of x in its range of n bars move by when each x moves by
// its shake: by no more than 100 of their own while x alone is an end of the range.
func (x Series[T]) shaken(shake Series[T], n int) Series[T] {
	low, high, most := x.min(n), x.max(n), shake.max(n)
	own := number[T](100)
	last := own
	return x.each(func(i int) T {
		if none(low[i]) {
			return low[i]
		}
		if moved(high[i], low[i]) {
			last = own
			if !x[i+1-n : i+1].ends() {
				last = own.Plus(times(200, most[i]).Over(high[i].Minus(low[i])))
			}
		}
		return last
	})
}

// ends says whether the last of x is above all others, or below them, by more than a
// few roundings.
func (x Series[T]) ends() bool {
	last := x[len(x)-1]
	over, under := true, true
	for _, v := range x[:len(x)-1] {
		d := last.Minus(v)
		near := times(1e-15, absolute(last))
		over, under = over && above(d, near), under && above(negative(d), near)
	}
	return over || under
}

// scales are the largest sizes of x in the thousand bars that each bar is of.
func (x Series[T]) scales() Series[T] {
	most := map[int]float64{}
	for i, v := range x {
		if !none(v) {
			most[i/block] = max(most[i/block], math.Abs(v.Float()))
		}
	}
	return x.each(func(i int) T { return number[T](most[i/block]) })
}
