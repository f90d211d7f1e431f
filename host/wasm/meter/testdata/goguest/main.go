// Command goguest is the Go guest of the meter's tests: an allocation, a sort and some text for each call.
package main

import (
	"fmt"
	"sort"
	"unsafe"
)

var (
	room []float64
	text string
)

//go:wasmexport ta_abi
func abi() int32 { return 1 }

//go:wasmexport ta_describe
func describe() int64 {
	text = fmt.Sprintf("{%q: %d}", "bars", len(room))
	return int64(uintptr(unsafe.Pointer(unsafe.StringData(text))))<<32 | int64(len(text))
}

//go:wasmexport ta_alloc
func alloc(bytes int32) int32 {
	room = make([]float64, bytes/8)
	return int32(uintptr(unsafe.Pointer(&room[0])))
}

// run gives the running median.
//
//go:wasmexport ta_run
func run(in, n, stride, params, out int32) int32 {
	from := unsafe.Slice((*float64)(unsafe.Pointer(uintptr(in))), n)
	to := unsafe.Slice((*float64)(unsafe.Pointer(uintptr(out))), n)
	for i := range from {
		window := append([]float64(nil), from[max(0, i-20):i+1]...)
		sort.Float64s(window)
		to[i] = window[len(window)/2]
	}
	return 0
}

func main() {}
