//go:build goexperiment.simd

package roll

import (
	"simd/archsimd"
	"unsafe"
)

// wide says whether the processor can run the wide bodies. Tests turn it off to
// compare them with the scalar ones.
var wide = archsimd.X86.AVX2() && archsimd.X86.FMA()

type vector = archsimd.Float64x4

// steps is how many of n values fill whole vectors, 0 when wide is off.
func steps(n int) int {
	if !wide {
		return 0
	}
	return n &^ (lanes - 1)
}

// base, load and store reach into a column without a bounds check in each step:
// every wide body first reslices its columns to one length, which checks them.
func base(s []float64) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(s)) }

func load(p unsafe.Pointer, i int) vector {
	return archsimd.LoadFloat64x4((*[lanes]float64)(unsafe.Add(p, i*8)))
}

func store(p unsafe.Pointer, i int, v vector) { v.Store((*[lanes]float64)(unsafe.Add(p, i*8))) }

func (r *repeated) vector() vector { return archsimd.LoadFloat64x4((*[lanes]float64)(r)) }

func all(x float64) vector { return archsimd.BroadcastFloat64x4(x) }

// done ends a wide body: scalar code after it would otherwise run up to three
// times slower, the upper halves of the registers being still in use.
func done() { archsimd.ClearAVXUpperBits() }

func addWide(dst, a, b []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	p, q, r := base(dst), base(a[:n]), base(b[:n])
	for i := 0; i < n; i += lanes {
		store(p, i, load(q, i).Add(load(r, i)))
	}
	done()
	return n
}

func subWide(dst, a, b []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	p, q, r := base(dst), base(a[:n]), base(b[:n])
	for i := 0; i < n; i += lanes {
		store(p, i, load(q, i).Sub(load(r, i)))
	}
	done()
	return n
}

func scaleWide(dst, a []float64, c float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	p, q, k := base(dst), base(a[:n]), all(c)
	for i := 0; i < n; i += lanes {
		store(p, i, load(q, i).Mul(k))
	}
	done()
	return n
}

func mulAddWide(dst, a []float64, c float64, b []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	p, q, r, k := base(dst), base(a[:n]), base(b[:n]), all(c)
	for i := 0; i < n; i += lanes {
		store(p, i, load(q, i).MulAdd(k, load(r, i)))
	}
	done()
	return n
}

func divideWide(dst, a []float64, d, inv float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	p, q, minus, k := base(dst), base(a[:n]), all(-d), all(inv)
	for i := 0; i < n; i += lanes {
		x := load(q, i)
		y := x.Mul(k)
		store(p, i, y.MulAdd(minus, x).MulAdd(k, y))
	}
	done()
	return n
}

// aheadWide is two vectors a step: the one chain of dependent operations is a
// multiply-add for eight bars.
func aheadWide(x, y []float64, from int, c *powers) int {
	n := len(y)
	if !wide || n-from < 2*lanes {
		return from
	}
	p, q := base(x[:n]), base(y)
	a, ab, b2, b4, b8 := all(c.a), all(c.ab), all(c.b2), all(c.b4), all(c.b8)
	u := func(i int) vector { return load(p, i-1).MulAdd(ab, load(p, i).Mul(a)) }
	i := from
	u4 := u(i - 4)
	f4 := u(i-6).MulAdd(b2, u4)
	y8, y4 := load(q, i-8), load(q, i-4)
	for ; i+2*lanes <= n; i += 2 * lanes {
		u0, u1 := u(i), u(i+4)
		f0 := u4.Select128FromPair(1, 2, u0).MulAdd(b2, u0)
		f1 := u0.Select128FromPair(1, 2, u1).MulAdd(b2, u1)
		y8 = y8.MulAdd(b8, f4.MulAdd(b4, f0))
		y4 = y4.MulAdd(b8, f0.MulAdd(b4, f1))
		store(q, i, y8)
		store(q, i+4, y4)
		u4, f4 = u1, f1
	}
	done()
	return i
}
