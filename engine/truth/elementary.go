package truth

import "math"

// exponential is e to the power of x, of a size of some hundreds at most: the
// series of x / 2^10, squared ten times.
func exponential[T Number[T]](x T) T {
	x = times(1.0/1024, x)
	sum, term := x, x // of what is beyond 1, so that squaring loses nothing
	for k := 2; k < 30; k++ {
		term = term.Times(x).Over(number[T](float64(k)))
		sum = sum.Plus(term)
	}
	for range 10 {
		sum = sum.Times(sum.Plus(number[T](2)))
	}
	return sum.Plus(number[T](1))
}

// logarithm is the natural one. That of the float64 next to x has an error of
// about 1e-16; what it leaves of x is 1 + d, whose logarithm is a series of four
// terms.
func logarithm[T Number[T]](x T) T {
	if none(x) || sign(x) <= 0 {
		return number[T](math.NaN())
	}
	near := number[T](math.Log(x.Float()))
	power := exponential(near)
	d := x.Minus(power).Over(power)
	series := d
	for k, p := 2, d; k <= 4; k++ {
		p = negative(p.Times(d))
		series = series.Plus(p.Over(number[T](float64(k))))
	}
	return near.Plus(series)
}

// sineAndCosine are those of an angle of a few turns, by their series.
func sineAndCosine[T Number[T]](x T) (sine, cosine T) {
	term := number[T](1)
	cosine = term
	for k := 1; math.Abs(term.Float()) > 1e-62; k++ {
		term = term.Times(x).Over(number[T](float64(k)))
		switch k % 4 {
		case 0:
			cosine = cosine.Plus(term)
		case 1:
			sine = sine.Plus(term)
		case 2:
			cosine = cosine.Minus(term)
		case 3:
			sine = sine.Minus(term)
		}
	}
	return sine, cosine
}

// angle is that of a point, from −π to π. That of the float64s has an error of
// about 1e-16; turned back by it, what is left is the arc tangent of d, a series
// of two terms.
func angle[T Number[T]](y, x T) T {
	if none(y) || none(x) {
		return number[T](math.NaN())
	}
	near := number[T](math.Atan2(y.Float(), x.Float()))
	s, c := sineAndCosine(near)
	d := y.Times(c).Minus(x.Times(s)).Over(x.Times(c).Plus(y.Times(s)))
	return near.Plus(d.Minus(d.Times(d).Times(d).Over(number[T](3))))
}

// degrees turns an angle in radians into one in degrees.
func degrees[T Number[T]](x T) T {
	return times(45, x).Over(angle(number[T](1), number[T](1)))
}
