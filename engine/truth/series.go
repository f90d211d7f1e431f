package truth

import "math"

// Series has a number for each bar, none before its first one.
type Series[T Number[T]] []T

// seriesOf are the values of x, exactly.
func seriesOf[T Number[T]](x []float64) Series[T] {
	y := make(Series[T], len(x))
	for i, v := range x {
		y[i] = y[i].Of(v)
	}
	return y
}

func number[T Number[T]](v float64) (x T) { return x.Of(v) }

// part is a / b of whole numbers, as no float64 is.
func part[T Number[T]](a, b int) T { return number[T](float64(a)).Over(number[T](float64(b))) }

func none[T Number[T]](x T) bool { return math.IsNaN(x.Float()) }

// sign is that of x, 0 where there is none.
func sign[T Number[T]](x T) int {
	switch v := x.Float(); {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// above says whether x > y, which two that round to one float64 may be.
func above[T Number[T]](x, y T) bool { return sign(x.Minus(y)) > 0 }

func negative[T Number[T]](x T) T {
	var zero T
	return zero.Minus(x)
}

func absolute[T Number[T]](x T) T {
	if sign(x) < 0 {
		return negative(x)
	}
	return x
}

// highest is none where one of them is.
func highest[T Number[T]](x, y T) T {
	if none(x) || above(x, y) {
		return x
	}
	return y
}

func lowest[T Number[T]](x, y T) T {
	if none(x) || above(y, x) {
		return x
	}
	return y
}

// times is x so many times.
func times[T Number[T]](v float64, x T) T { return x.Times(number[T](v)) }

// each is a series as long as x, of what f says of each bar.
func (x Series[T]) each(f func(i int) T) Series[T] {
	y := make(Series[T], len(x))
	for i := range y {
		y[i] = f(i)
	}
	return y
}

// with is what f makes of both series at each bar.
func (x Series[T]) with(y Series[T], f func(x, y T) T) Series[T] {
	return x.each(func(i int) T { return f(x[i], y[i]) })
}

func (x Series[T]) plus(y Series[T]) Series[T]  { return x.with(y, T.Plus) }
func (x Series[T]) minus(y Series[T]) Series[T] { return x.with(y, T.Minus) }
func (x Series[T]) mul(y Series[T]) Series[T]   { return x.with(y, T.Times) }

// times is x so many times.
func (x Series[T]) times(v float64) Series[T] {
	k := number[T](v)
	return x.each(func(i int) T { return x[i].Times(k) })
}

// over is x / y, and so much where y is 0.
func (x Series[T]) over(y Series[T], idle float64) Series[T] {
	return x.with(y, func(x, y T) T {
		if y.Float() == 0 && !none(x) {
			return number[T](idle)
		}
		return x.Over(y)
	})
}

func (x Series[T]) absolute() Series[T] {
	return x.each(func(i int) T { return absolute(x[i]) })
}

// lag is x of n bars before.
func (x Series[T]) lag(n int) Series[T] {
	return x.each(func(i int) T {
		if i < n {
			return number[T](math.NaN())
		}
		return x[i-n]
	})
}

// from has none before a bar.
func (x Series[T]) from(bar int) Series[T] {
	return x.each(func(i int) T {
		if i < bar {
			return number[T](math.NaN())
		}
		return x[i]
	})
}

// first is the bar of the first number, len(x) where there is none.
func (x Series[T]) first() int {
	for i := range x {
		if !none(x[i]) {
			return i
		}
	}
	return len(x)
}

func (x Series[T]) steps() Series[T] { return x.minus(x.lag(1)) }

// change is x / x[n bars before] − 1, 0 after 0.
func (x Series[T]) change(n int) Series[T] {
	before := x.lag(n)
	return x.minus(before).over(before, 0)
}

// windows is what f makes of each window of n numbers, oldest first.
func (x Series[T]) windows(n int, f func(w Series[T]) T) Series[T] {
	begin := x.first() + n - 1
	return x.each(func(i int) T {
		if i < begin {
			return number[T](math.NaN())
		}
		return f(x[i+1-n : i+1])
	})
}

func (x Series[T]) total() (sum T) {
	for _, v := range x {
		sum = sum.Plus(v)
	}
	return sum
}

func (x Series[T]) mean() T { return x.total().Over(number[T](float64(len(x)))) }

// weighed is the mean of x where the k-th value weighs k.
func (x Series[T]) weighed() (sum T) {
	for k, v := range x {
		sum = sum.Plus(times(float64(k+1), v))
	}
	return sum.Over(number[T](float64(len(x) * (len(x) + 1) / 2)))
}

// variance is that of a whole population.
func (x Series[T]) variance() T { return x.covariance(x) }

func (x Series[T]) covariance(y Series[T]) (sum T) {
	a, b := x.mean(), y.mean()
	for k := range x {
		sum = sum.Plus(x[k].Minus(a).Times(y[k].Minus(b)))
	}
	return sum.Over(number[T](float64(len(x))))
}

// slope is that of the least-squares line.
func (x Series[T]) slope() (sum T) {
	n := float64(len(x))
	for k, v := range x {
		sum = sum.Plus(times(float64(2*k+1-len(x))/2, v))
	}
	return sum.Over(number[T](n * (float64(n*n) - 1) / 12))
}

func (x Series[T]) sums(n int) Series[T]  { return x.windows(n, Series[T].total) }
func (x Series[T]) means(n int) Series[T] { return x.windows(n, Series[T].mean) }
func (x Series[T]) wma(n int) Series[T]   { return x.windows(n, Series[T].weighed) }
func (x Series[T]) max(n int) Series[T]   { return x.windows(n, fold(highest[T])) }
func (x Series[T]) min(n int) Series[T]   { return x.windows(n, fold(lowest[T])) }

func fold[T Number[T]](f func(x, y T) T) func(Series[T]) T {
	return func(w Series[T]) T {
		y := w[0]
		for _, v := range w[1:] {
			y = f(y, v)
		}
		return y
	}
}

func (x Series[T]) deviation(n int) Series[T] {
	return x.windows(n, func(w Series[T]) T { return w.variance().Root() })
}

// smooth is the exponential average of a weight, seeded by the mean of the first
// n numbers.
func (x Series[T]) smooth(n int, weight T) Series[T] {
	begin := x.first() + n - 1
	var y T
	return x.each(func(i int) T {
		switch {
		case i < begin:
			return number[T](math.NaN())
		case i == begin:
			y = x[i+1-n : i+1].mean()
		default:
			y = y.Plus(weight.Times(x[i].Minus(y)))
		}
		return y
	})
}

func (x Series[T]) ema(n int) Series[T] { return x.smooth(n, part[T](2, n+1)) }
func (x Series[T]) rma(n int) Series[T] { return x.smooth(n, part[T](1, n)) }

// wilder is Wilder's running sum: of the first n − 1, then each bar a part 1/n of
// it is lost and the number added.
func (x Series[T]) wilder(n int) Series[T] {
	begin := x.first() + max(n-1, 1) - 1
	var y T
	return x.each(func(i int) T {
		switch {
		case i < begin:
			return number[T](math.NaN())
		case i == begin:
			y = x[x.first() : i+1].total()
		default:
			y = y.Minus(y.Times(part[T](1, n))).Plus(x[i])
		}
		return y
	})
}

// running is the sum of all numbers so far.
func (x Series[T]) running() Series[T] {
	var y T
	return x.each(func(i int) T {
		if none(x[i]) {
			return x[i]
		}
		y = y.Plus(x[i])
		return y
	})
}

// place is where x is between two others, in percent, and 0 where they are flat:
// where they differ by rounding alone.
func (x Series[T]) place(low, high Series[T]) Series[T] {
	return x.each(func(i int) T {
		wide := high[i].Minus(low[i])
		if none(wide) || !moved(high[i], low[i]) {
			return times(0, wide)
		}
		return times(100, x[i].Minus(low[i])).Over(wide)
	})
}

// moved says whether x and y differ by more than prices that stand for the same
// one do, 1e-14 of both.
func moved[T Number[T]](x, y T) bool {
	return above(absolute(x.Minus(y)), times(1e-14, absolute(x).Plus(absolute(y))))
}
