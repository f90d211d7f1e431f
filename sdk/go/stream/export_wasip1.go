package stream

import (
	"unsafe"

	plugin "github.com/gravitywavesml/gravity_techanalysis/sdk/go"
)

// next takes the bars of the host's stream, nil before the first.
var next Next

//go:wasmexport ta_bar
func bar(in, params, out unsafe.Pointer) int32 {
	ind := registered
	if ind == nil {
		panic("plugin: no indicator is registered; call stream.Register from init")
	}
	if next == nil {
		// A copy: the host's memory is there for the call alone.
		given := append([]float64(nil), unsafe.Slice((*float64)(params), len(ind.Params))...)
		next = ind.Begin(&Series{&ind.Spec, given})
	}
	values := unsafe.Slice((*float64)(out), len(ind.Outputs))
	clearValues(values)
	switch err := next(unsafe.Slice((*float64)(in), len(ind.Inputs)), values).(type) {
	case nil:
		return 0
	case plugin.Code:
		return max(1, int32(err))
	}
	return 1
}
