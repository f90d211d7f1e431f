// Package truth says how far the engine's figures are from what their formulas
// mean. It has the formulas once more, each straight from its indicator's doc
// and as plain as can be, for numbers of more digits than a float64 has: Big, a
// math/big.Float of 200 bits, and Pair, of 106 bits and fast enough for series
// of a million bars. It shares no arithmetic with the engine.
package truth

import (
	"math"
	"math/big"
)

// Number is a number of many digits, or none: NaN, and what is made of it. The
// zero value is 0.
type Number[T any] interface {
	Of(v float64) T // v, exactly
	Plus(T) T
	Minus(T) T
	Times(T) T
	Over(T) T // none over 0
	Root() T  // none below 0
	Float() float64
}

// Big is a big number; one that is nil is 0.
type Big struct{ f *big.Float }

// bigBits is what a big number is rounded to: 60 decimal places.
const bigBits = 200

var noBig = Big{new(big.Float).SetInf(false)} // stands for none: no formula has an infinity

func newBig() *big.Float { return new(big.Float).SetPrec(bigBits) }

func (x Big) none() bool { return x.f != nil && x.f.IsInf() }

func (x Big) value() *big.Float {
	if x.f == nil {
		return newBig()
	}
	return x.f
}

// Of implements Number.
func (Big) Of(v float64) Big {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return noBig
	}
	return Big{newBig().SetFloat64(v)}
}

func (x Big) with(y Big, do func(z, x, y *big.Float) *big.Float) Big {
	if x.none() || y.none() {
		return noBig
	}
	return Big{do(newBig(), x.value(), y.value())}
}

// Plus implements Number.
func (x Big) Plus(y Big) Big { return x.with(y, (*big.Float).Add) }

// Minus implements Number.
func (x Big) Minus(y Big) Big { return x.with(y, (*big.Float).Sub) }

// Times implements Number.
func (x Big) Times(y Big) Big { return x.with(y, (*big.Float).Mul) }

// Over implements Number.
func (x Big) Over(y Big) Big {
	if y.value().Sign() == 0 {
		return noBig
	}
	return x.with(y, (*big.Float).Quo)
}

// Root implements Number.
func (x Big) Root() Big {
	if x.none() || x.value().Sign() < 0 {
		return noBig
	}
	return Big{newBig().Sqrt(x.value())}
}

// Float implements Number.
func (x Big) Float() float64 {
	if x.none() {
		return math.NaN()
	}
	v, _ := x.value().Float64()
	return v
}

// Pair is the sum of two float64, the second at most half a unit in the last
// place of the first: 106 bits. Its operations are those of M. Joldes, J.-M.
// Muller and V. Popescu, Tight and Rigorous Error Bounds for Basic Building
// Blocks of Double-Word Arithmetic, ACM TOMS 44:2, 2017, who prove that the
// relative error of each is below 16·2^-106.
type Pair struct{ high, low float64 }

// twoSum is a + b and what rounding took from it (D. E. Knuth).
func twoSum(a, b float64) (s, e float64) {
	s = a + b
	t := s - a
	return s, (a - (s - t)) + (b - t)
}

// fastTwoSum is twoSum of |a| ≥ |b| (T. J. Dekker).
func fastTwoSum(a, b float64) Pair {
	s := a + b
	return Pair{s, b - (s - a)}
}

// Of implements Number.
func (Pair) Of(v float64) Pair {
	if math.IsInf(v, 0) {
		v = math.NaN()
	}
	return Pair{v, 0}
}

// Plus implements Number.
func (x Pair) Plus(y Pair) Pair {
	s, e := twoSum(x.high, y.high)
	t, f := twoSum(x.low, y.low)
	v := fastTwoSum(s, e+t)
	return fastTwoSum(v.high, f+v.low)
}

// Minus implements Number.
func (x Pair) Minus(y Pair) Pair { return x.Plus(Pair{-y.high, -y.low}) }

// Times implements Number.
func (x Pair) Times(y Pair) Pair {
	p := float64(x.high * y.high)
	e := math.FMA(x.high, y.high, -p)
	t := math.FMA(x.low, y.high, math.FMA(x.high, y.low, float64(x.low*y.low)))
	return fastTwoSum(p, e+t)
}

// Over implements Number.
func (x Pair) Over(y Pair) Pair {
	if y.high == 0 {
		return Pair{math.NaN(), 0}
	}
	q := x.high / y.high
	rest := x.Minus(y.Times(Pair{q, 0}))
	return fastTwoSum(q, rest.high/y.high)
}

// Root implements Number.
func (x Pair) Root() Pair {
	if x.high == 0 {
		return x
	}
	r := math.Sqrt(x.high)
	rest := math.FMA(-r, r, x.high) + x.low
	return fastTwoSum(r, rest/(2*r))
}

// Float implements Number.
func (x Pair) Float() float64 { return x.high }

// Parts are the two float64 that x is the sum of.
func (x Pair) Parts() (high, low float64) { return x.high, x.low }
