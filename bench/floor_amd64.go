//go:build goexperiment.simd

package main

import (
	"simd/archsimd"
	"unsafe"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// floor reads every value of up to four inputs once and writes every value of up to
// three outputs once, in vectors, and computes nothing but a sum that keeps the
// loads: no indicator with those columns can take less. Bars at the end that do not
// fill two vectors are left out. It says whether the processor can.
func floor(in, out ta.Columns) bool {
	const vector = 32 // bytes
	n := len(out[0]) &^ 7
	if n == 0 || !archsimd.X86.AVX2() {
		return false
	}
	var p [4]unsafe.Pointer
	for i, col := range in {
		p[i] = unsafe.Pointer(unsafe.SliceData(col[:n]))
	}
	var q [3]unsafe.Pointer
	for i, col := range out {
		q[i] = unsafe.Pointer(unsafe.SliceData(col[:n]))
	}
	a, b, c, d := p[0], p[1], p[2], p[3]
	e, f, g := q[0], q[1], q[2]
	load := func(p unsafe.Pointer, at int) archsimd.Float64x4 {
		return archsimd.LoadFloat64x4((*[4]float64)(unsafe.Add(p, at)))
	}
	store := func(p unsafe.Pointer, at int, v archsimd.Float64x4) {
		v.Store((*[4]float64)(unsafe.Add(p, at)))
	}
	for at := 0; at < n*8; at += 2 * vector {
		u, v := load(a, at), load(a, at+vector)
		if b != nil {
			u, v = u.Add(load(b, at)), v.Add(load(b, at+vector))
		}
		if c != nil {
			u, v = u.Add(load(c, at)), v.Add(load(c, at+vector))
		}
		if d != nil {
			u, v = u.Add(load(d, at)), v.Add(load(d, at+vector))
		}
		store(e, at, u)
		store(e, at+vector, v)
		if f != nil {
			store(f, at, u)
			store(f, at+vector, v)
		}
		if g != nil {
			store(g, at, u)
			store(g, at+vector, v)
		}
	}
	archsimd.ClearAVXUpperBits()
	return true
}
