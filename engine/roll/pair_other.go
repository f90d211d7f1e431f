//go:build !(goexperiment.simd && amd64)

package roll

import "math"

// pair is two values. With SIMD they are the lanes of a vector, whose operations
// these are.
type pair struct{ a, b float64 }

func paired() bool { return true }

func load2(b *both) pair { return pair{b[0], b[1]} }

func twice(x float64) pair { return pair{x, x} }

func twoOf(x, z float64) pair { return pair{x, z} }

func (x pair) Store(b *both) { b[0], b[1] = x.a, x.b }

func (x pair) GetElem(i uint8) float64 {
	if i == 0 {
		return x.a
	}
	return x.b
}

func (x pair) Add(y pair) pair { return pair{x.a + y.a, x.b + y.b} }

func (x pair) Sub(y pair) pair { return pair{x.a - y.a, x.b - y.b} }

func (x pair) Mul(y pair) pair { return pair{float64(x.a * y.a), float64(x.b * y.b)} }

func (x pair) MulAdd(y, z pair) pair { return pair{math.FMA(x.a, y.a, z.a), math.FMA(x.b, y.b, z.b)} }

func (x pair) SelectFromPair(i, k uint8, y pair) pair {
	all := [...]float64{x.a, x.b, y.a, y.b}
	return pair{all[i], all[k]}
}

// Max is the second where neither is larger.
func (x pair) Max(y pair) pair { return pair{larger(x.a, y.a), larger(x.b, y.b)} }
