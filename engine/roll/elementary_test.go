package roll

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// exact has the elementary functions in 300 bits, from their series.
type exact struct{ halfPi *big.Float }

func wideFloat(x float64) *big.Float { return new(big.Float).SetPrec(300).SetFloat64(x) }

func newExact() exact {
	// Machin: π/4 = 4·atan(1/5) − atan(1/239).
	inverse := func(n float64) *big.Float {
		sum, power := wideFloat(0), new(big.Float).Quo(wideFloat(1), wideFloat(n))
		for k := 1.0; k < 450; k += 2 {
			term := new(big.Float).Quo(power, wideFloat(math.Copysign(k, 2-math.Mod(k, 4))))
			sum.Add(sum, term)
			power.Quo(power, wideFloat(n*n))
		}
		return sum
	}
	p := new(big.Float).Mul(wideFloat(8), inverse(5))
	return exact{p.Sub(p, new(big.Float).Mul(wideFloat(2), inverse(239)))}
}

// taylor is the sum of x^k/k! over k from first on in steps of by, with signs
// that alternate where sign is −1.
func taylor(x *big.Float, first, by int, sign float64) *big.Float {
	sum, term := wideFloat(0), wideFloat(1)
	for k, s := 0, 1.0; term.Sign() != 0 && (k < 4 || term.MantExp(nil) > sum.MantExp(nil)-300); k++ {
		if k >= first && (k-first)%by == 0 {
			sum.Add(sum, new(big.Float).Mul(term, wideFloat(s)))
			s *= sign
		}
		term.Mul(term, x)
		term.Quo(term, wideFloat(float64(k+1)))
	}
	return sum
}

func (e exact) exp(x *big.Float) *big.Float {
	y := taylor(new(big.Float).SetMantExp(x, -10), 0, 1, 1)
	for range 10 {
		y.Mul(y, y)
	}
	return y
}

// circle is the sine and the cosine.
func (e exact) circle(x *big.Float) (sin, cos *big.Float) {
	n, _ := new(big.Float).Quo(x, e.halfPi).Int(nil)
	r := new(big.Float).Sub(x, new(big.Float).Mul(new(big.Float).SetPrec(300).SetInt(n), e.halfPi))
	sin, cos = taylor(r, 1, 2, -1), taylor(r, 0, 2, -1)
	switch new(big.Int).And(n, big.NewInt(3)).Int64() {
	case 1:
		return cos, sin.Neg(sin)
	case 2:
		return sin.Neg(sin), cos.Neg(cos)
	case 3:
		return cos.Neg(cos), sin
	}
	return sin, cos
}

// hyperbola is the hyperbolic sine and cosine.
func (e exact) hyperbola(x *big.Float) (sinh, cosh *big.Float) {
	if f, _ := x.Float64(); math.Abs(f) < 1 {
		return taylor(x, 1, 2, 1), taylor(x, 0, 2, 1)
	}
	a := e.exp(x)
	b := new(big.Float).Quo(wideFloat(1), a)
	return half(new(big.Float).Sub(a, b)), half(new(big.Float).Add(a, b))
}

func half(x *big.Float) *big.Float { return x.Quo(x, wideFloat(2)) }

// solve mends y, an approximation of what f maps to 0, whose slope there is
// slope, by Newton's method.
func solve(y float64, f, slope func(y *big.Float) *big.Float) *big.Float {
	at := wideFloat(y)
	for range 3 {
		at.Sub(at, new(big.Float).Quo(f(at), slope(at)))
	}
	return at
}

// The elementary functions are right, up to two steps of a float64 or three.
func TestElementary(t *testing.T) {
	e := newExact()
	sin := func(y *big.Float) *big.Float { s, _ := e.circle(y); return s }
	cos := func(y *big.Float) *big.Float { _, c := e.circle(y); return c }
	less := func(f func(*big.Float) *big.Float, x float64) func(*big.Float) *big.Float {
		return func(y *big.Float) *big.Float { return new(big.Float).Sub(f(y), wideFloat(x)) }
	}
	log := func(x float64) *big.Float { return solve(Log(x), less(e.exp, x), e.exp) }
	ln10 := log(10)

	r := rand.New(rand.NewPCG(15, 16))
	within := func(low, high float64) func() float64 {
		return func() float64 { return low + (high-low)*r.Float64() }
	}
	sized := func(low, high float64) func() float64 {
		return func() float64 {
			return math.Copysign(math.Exp2(low+(high-low)*r.Float64()), r.Float64()-0.5)
		}
	}
	positive := func(f func() float64) func() float64 { return func() float64 { return math.Abs(f()) } }
	angles := []func() float64{sized(-60, 10), sized(10, 52), func() float64 { return math.Pi / 2 * math.Round(sized(0, 50)()) }}
	logs := []func() float64{positive(sized(-1070, 1020)), within(0.5, 2), within(0.999, 1.001)}
	parts := []func() float64{within(-1, 1), sized(-60, 0), func() float64 { return math.Copysign(1-math.Abs(sized(-50, -3)()), r.Float64()-0.5) }}
	for name, c := range map[string]struct {
		got   func(float64) float64
		want  func(x float64) *big.Float
		steps float64
		draws []func() float64
	}{
		"exp":   {Exp, func(x float64) *big.Float { return e.exp(wideFloat(x)) }, 1.5, []func() float64{within(-708, 709), sized(-60, 0)}},
		"log":   {Log, log, 1.5, logs},
		"log10": {Log10, func(x float64) *big.Float { return new(big.Float).Quo(log(x), ln10) }, 2, logs},
		"sin":   {Sin, func(x float64) *big.Float { return sin(wideFloat(x)) }, 1.5, angles},
		"cos":   {Cos, func(x float64) *big.Float { return cos(wideFloat(x)) }, 2, angles},
		"tan":   {Tan, func(x float64) *big.Float { return new(big.Float).Quo(sin(wideFloat(x)), cos(wideFloat(x))) }, 3, angles},
		"asin":  {Asin, func(x float64) *big.Float { return solve(Asin(x), less(sin, x), cos) }, 3, parts},
		"acos": {Acos, func(x float64) *big.Float {
			return solve(Acos(x), less(cos, x), func(y *big.Float) *big.Float { return sin(new(big.Float).Neg(y)) })
		}, 3, parts},
		"sinh": {Sinh, func(x float64) *big.Float { s, _ := e.hyperbola(wideFloat(x)); return s }, 3, []func() float64{within(-710, 710), sized(-60, 3)}},
		"cosh": {Cosh, func(x float64) *big.Float { _, c := e.hyperbola(wideFloat(x)); return c }, 3, []func() float64{within(-710, 710), sized(-60, 3)}},
		"tanh": {Tanh, func(x float64) *big.Float { s, c := e.hyperbola(wideFloat(x)); return s.Quo(s, c) }, 4, []func() float64{within(-25, 25), sized(-60, 3)}},
	} {
		worst, at := 0.0, 0.0
		for _, draw := range c.draws {
			for range 150 {
				x := draw()
				want := c.want(x)
				near, _ := want.Float64()
				far, _ := new(big.Float).Sub(wideFloat(c.got(x)), want).Float64()
				step := math.Nextafter(math.Abs(near), inf) - math.Abs(near)
				if d := math.Abs(far) / step; !(d <= worst) {
					worst, at = d, x
				}
			}
		}
		t.Logf("%s: worst %v at %v", name, worst, at)
		if !(worst <= c.steps) {
			t.Errorf("%s of %v is %v: %v steps away", name, at, c.got(at), worst)
		}
	}
}

// Map has no infinity and no zero with a sign.
func TestMap(t *testing.T) {
	x := []float64{math.Copysign(0, -1), -1, 0, 711}
	Map(x, x, func(v float64) float64 { return []float64{math.Copysign(0, -1), inf, nan, 3}[int(math.Abs(v))%4] })
	if math.Signbit(x[0]) || x[0] != 0 || x[1] == x[1] || math.Signbit(x[2]) || x[3] != 3 {
		t.Errorf("%v", x)
	}
}
