package plugin

import "unsafe"

// described and room are what the host holds addresses of; being reachable from
// here keeps the garbage collector away from them. It moves nothing.
var (
	described []byte
	room      []uint64
)

//go:wasmexport ta_abi
func abi() int32 { return 1 }

//go:wasmexport ta_describe
func describe() int64 {
	described = theIndicator().Describe()
	address := uintptr(unsafe.Pointer(unsafe.SliceData(described)))
	return int64(address)<<32 | int64(len(described))
}

//go:wasmexport ta_alloc
func alloc(bytes int32) unsafe.Pointer {
	if bytes <= 0 {
		return nil
	}
	// One word more than asked for: the parameters of an indicator without any
	// begin where the columns end, and the garbage collector takes an address
	// behind the last object of a page for a mistake.
	room = make([]uint64, (int(bytes)+7)/8+1)
	return unsafe.Pointer(unsafe.SliceData(room))
}

//go:wasmexport ta_run
func run(in unsafe.Pointer, n, stride int32, params, out unsafe.Pointer) int32 {
	ind := theIndicator()
	return ind.run(&Call{
		spec:   &ind.Spec,
		bars:   int(n),
		in:     columns(in, len(ind.Inputs), int(n), int(stride)),
		out:    columns(out, len(ind.Outputs), int(n), int(stride)),
		params: unsafe.Slice((*float64)(params), len(ind.Params)),
	})
}

// columns are views of count columns of n values, stride values apart.
func columns(at unsafe.Pointer, count, n, stride int) [][]float64 {
	views := make([][]float64, count)
	for i := range views {
		views[i] = unsafe.Slice((*float64)(unsafe.Add(at, 8*i*stride)), n)
	}
	return views
}

func theIndicator() *Indicator {
	if registered == nil {
		panic("plugin: no indicator is registered; call plugin.Register from init")
	}
	return registered
}
