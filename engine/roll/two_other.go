//go:build !(goexperiment.simd && amd64)

package roll

import "math"

// Two are two values. With SIMD they are the lanes of a vector, whose operations
// these are.
type Two struct{ a, b float64 }

func paired() bool { return true }

func twice(x float64) Two { return Two{x, x} }

func twoOf(x, z float64) Two { return Two{x, z} }

// GetElem is the first for 0, the second for 1.
func (x Two) GetElem(i uint8) float64 {
	if i == 0 {
		return x.a
	}
	return x.b
}

// SelectFromPair takes two of the four: x's are 0 and 1, y's 2 and 3.
func (x Two) SelectFromPair(i, k uint8, y Two) Two {
	all := [...]float64{x.a, x.b, y.a, y.b}
	return Two{all[i], all[k]}
}

// Add is x + y.
func (x Two) Add(y Two) Two { return Two{x.a + y.a, x.b + y.b} }

// Sub is x − y.
func (x Two) Sub(y Two) Two { return Two{x.a - y.a, x.b - y.b} }

// Mul is x · y, rounded.
func (x Two) Mul(y Two) Two { return Two{float64(x.a * y.a), float64(x.b * y.b)} }

// MulAdd is x · y + z, rounded once.
func (x Two) MulAdd(y, z Two) Two { return Two{math.FMA(x.a, y.a, z.a), math.FMA(x.b, y.b, z.b)} }

// Max is y where x is not larger.
func (x Two) Max(y Two) Two { return Two{larger(x.a, y.a), larger(x.b, y.b)} }
