package wasm

import (
	"context"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/sys"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
)

// errno is a result of WASI preview 1.
type errno uint32

const (
	success       errno = 0
	badDescriptor errno = 8
	badAddress    errno = 21
	invalid       errno = 28
)

// The meter charges a call of the host as much as copying 64 KiB: no function
// here may do more.
const (
	maxRandom        = 64 << 10
	maxVectors       = 64 // of fd_write
	maxSubscriptions = 64 // of poll_oneoff
)

// wasiFunction answers one function of WASI preview 1.
type wasiFunction struct {
	params string // a letter for each: i is i32, l is i64
	answer func(mem api.Memory, p []uint64) errno
}

// wasi are the functions that a Large module may import. They are as
// sdk/ABI.md says: the runtimes of languages find a machine without arguments,
// environment, files, time or chance, and the same one on every call.
// proc_exit, which does not return, is apart.
var wasi = map[string]wasiFunction{
	"args_get":            {"ii", ok},
	"args_sizes_get":      {"ii", noStrings},
	"clock_time_get":      {"ili", clock},
	"environ_get":         {"ii", ok},
	"environ_sizes_get":   {"ii", noStrings},
	"fd_close":            {"i", noDescriptor},
	"fd_fdstat_get":       {"ii", noDescriptor},
	"fd_fdstat_set_flags": {"ii", noDescriptor},
	"fd_prestat_get":      {"ii", noDescriptor},
	"fd_prestat_dir_name": {"iii", noDescriptor},
	"fd_read":             {"iiii", noDescriptor},
	"fd_seek":             {"ilii", noDescriptor},
	"fd_write":            {"iiii", drop},
	"poll_oneoff":         {"iiii", poll},
	"random_get":          {"ii", zeros},
	"sched_yield":         {"", ok},
}

// provideWASI gives a runtime the module that Large guests import from.
func provideWASI(ctx context.Context, r wazero.Runtime) error {
	types := map[rune]api.ValueType{'i': api.ValueTypeI32, 'l': api.ValueTypeI64}
	b := r.NewHostModuleBuilder(gate.WASIModule)
	for name, f := range wasi {
		var params []api.ValueType
		for _, c := range f.params {
			params = append(params, types[c])
		}
		call := api.GoModuleFunc(func(_ context.Context, m api.Module, stack []uint64) {
			stack[0] = uint64(f.answer(m.Memory(), stack))
		})
		b.NewFunctionBuilder().WithGoModuleFunction(call, params, []api.ValueType{api.ValueTypeI32}).Export(name)
	}
	exit := api.GoModuleFunc(func(_ context.Context, _ api.Module, stack []uint64) {
		panic(sys.NewExitError(uint32(stack[0]))) // the engine makes it the error of the call
	})
	b.NewFunctionBuilder().WithGoModuleFunction(exit, []api.ValueType{api.ValueTypeI32}, nil).Export("proc_exit")
	_, err := b.Instantiate(ctx)
	return err
}

func ok(api.Memory, []uint64) errno           { return success }
func noDescriptor(api.Memory, []uint64) errno { return badDescriptor }

// noStrings says that there are none, of 0 bytes in all.
func noStrings(mem api.Memory, p []uint64) errno {
	return written(mem.WriteUint32Le(uint32(p[0]), 0) && mem.WriteUint32Le(uint32(p[1]), 0))
}

// clock always says 1: the runtime of Go does not start at 0.
func clock(mem api.Memory, p []uint64) errno {
	return written(mem.WriteUint64Le(uint32(p[2]), 1))
}

// drop says that all was written, and does not look at it.
func drop(mem api.Memory, p []uint64) errno {
	vectors, count := uint32(p[1]), uint32(p[2])
	if count > maxVectors {
		return invalid
	}
	table, ok := mem.Read(vectors, 8*count)
	if !ok {
		return badAddress
	}
	var total uint32
	for ; len(table) > 0; table = table[8:] {
		total += le32(table[4:])
	}
	return written(mem.WriteUint32Le(uint32(p[3]), total))
}

// poll says that every event has happened.
func poll(mem api.Memory, p []uint64) errno {
	const subscription, event = 48, 32 // bytes; an event begins with the subscription's userdata, its tag is at 10
	in, out, count := uint32(p[0]), uint32(p[1]), uint32(p[2])
	if count == 0 || count > maxSubscriptions {
		return invalid
	}
	for i := range count {
		sub, ok := mem.Read(in+i*subscription, subscription)
		if !ok {
			return badAddress
		}
		var e [event]byte
		copy(e[:8], sub[:8])
		e[10] = sub[8]
		if !mem.Write(out+i*event, e[:]) {
			return badAddress
		}
	}
	return written(mem.WriteUint32Le(uint32(p[3]), count))
}

// zeros are the random numbers here.
func zeros(mem api.Memory, p []uint64) errno {
	if uint32(p[1]) > maxRandom {
		return invalid
	}
	b, ok := mem.Read(uint32(p[0]), uint32(p[1]))
	clear(b)
	return written(ok)
}

func written(ok bool) errno {
	if !ok {
		return badAddress
	}
	return success
}
