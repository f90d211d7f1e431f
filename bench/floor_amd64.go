//go:build goexperiment.simd

package main

import (
	"simd/archsimd"
	"unsafe"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// floor moves the columns of an indicator and computes nothing: it reads every value
// of up to four inputs once, in vectors, and writes every value of the outputs once.
// With more than one input it stores their sums, which the additions do not delay.
// Bars at the end that do not fill two vectors are left out. It says whether the
// processor can.
func floor(in, out ta.Columns) bool {
	if !archsimd.X86.AVX2() || len(out[0]) < 8 {
		return false
	}
	moved := in[0]
	if len(in) > 1 {
		moved = out[0]
		sums(in, moved[:len(moved)&^7])
		out = out[1:]
	}
	for _, col := range out {
		copy(col, moved)
	}
	return true
}

// sums sets out to those of two inputs, three or four.
func sums(in ta.Columns, out []float64) {
	n := len(out)
	a, b, q := head(in[0][:n]), head(in[1][:n]), head(out)
	switch len(in) {
	case 2:
		for at := 0; at < n*8; at += 2 * width {
			read(a, at).Add(read(b, at)).Store(vector(q, at))
			read(a, at+width).Add(read(b, at+width)).Store(vector(q, at+width))
		}
	case 3:
		c := head(in[2][:n])
		for at := 0; at < n*8; at += 2 * width {
			read(a, at).Add(read(b, at)).Add(read(c, at)).Store(vector(q, at))
			read(a, at+width).Add(read(b, at+width)).Add(read(c, at+width)).Store(vector(q, at+width))
		}
	case 4:
		c, d := head(in[2][:n]), head(in[3][:n])
		for at := 0; at < n*8; at += 2 * width {
			read(a, at).Add(read(b, at)).Add(read(c, at)).Add(read(d, at)).Store(vector(q, at))
			read(a, at+width).Add(read(b, at+width)).Add(read(c, at+width)).Add(read(d, at+width)).Store(vector(q, at+width))
		}
	}
	archsimd.ClearAVXUpperBits()
}

// width is a vector's, in bytes.
const width = 32

func head(col []float64) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(col)) }

func vector(p unsafe.Pointer, at int) *[4]float64 { return (*[4]float64)(unsafe.Add(p, at)) }

func read(p unsafe.Pointer, at int) archsimd.Float64x4 { return archsimd.LoadFloat64x4(vector(p, at)) }
