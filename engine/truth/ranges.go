package truth

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// ranges are the formulas that ask where a computed figure is in the range of its
// last ones. Such a range can be a millionth of the figures: then their last digit
// is a large part of it, however they are computed.
func ranges[T Number[T]]() map[string]formula[T] {
	return map[string]formula[T]{
		"stc": func(a ta.Args, x []Series[T]) []Series[T] {
			n, weight := a.Int("cycle_period"), number[T](a.Float("factor"))
			return []Series[T]{apart(a, x[0]).cycled(n, weight).cycled(n, weight)}
		},
	}
}

// shakes are what the figures of places move by, to the first order, when all that
// they are places of move by as much as their largest ones, and the places by 100: a
// part of it is what is left when those are off by that part.
var shakes = map[string]func(a ta.Args, x []Series[Pair]) Series[Pair]{
	"stc": func(a ta.Args, x []Series[Pair]) Series[Pair] {
		n, weight := a.Int("cycle_period"), number[Pair](a.Float("factor"))
		first := apart(a, x[0])
		second := first.cycled(n, weight)
		shake := first.shaken(first.scales(), n).smooth(1, weight)
		return second.shaken(shake, n).smooth(1, weight)
	},
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
// its shake: by no more than 100 of their own while x is an end of the range.
func (x Series[T]) shaken(shake Series[T], n int) Series[T] {
	low, high, most := x.min(n), x.max(n), shake.max(n)
	own := number[T](100)
	last := own
	return x.each(func(i int) T {
		if none(low[i]) {
			return low[i]
		}
		if wide := high[i].Minus(low[i]); moved(high[i], low[i]) {
			last = own
			if above(high[i], x[i]) && above(x[i], low[i]) {
				last = own.Plus(times(200, most[i]).Over(wide))
			}
		}
		return last
	})
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
