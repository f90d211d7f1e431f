package meter_test

import (
	"context"
	"testing"

	"github.com/tetratelabs/wazero"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	. "github.com/gravitywavesml/gravity_techanalysis/host/wasm/meter"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// BenchmarkUpload is the gate and the meter over a small guest and a large one, by the megabyte.
func BenchmarkUpload(b *testing.B) {
	for name, original := range map[string][]byte{"C": file(b, "indicator.wasm"), "Go": goGuest(b)} {
		b.Run("gate/"+name, func(b *testing.B) {
			b.SetBytes(int64(len(original)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := gate.Check(original); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("rewrite/"+name, func(b *testing.B) {
			b.SetBytes(int64(len(original)))
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				rewritten, err := Rewrite(original)
				if err != nil {
					b.Fatal(err)
				}
				size = len(rewritten)
			}
			b.ReportMetric(float64(size)/float64(len(original)), "x-size")
		})
	}
}

// BenchmarkRun is one call of a guest over 1,000 bars, metered and not.
func BenchmarkRun(b *testing.B) {
	for name, original := range map[string][]byte{"C": file(b, "indicator.wasm"), "Cvector": file(b, "indicator-vector.wasm")} {
		for form, module := range map[string][]byte{"plain": original, "metered": metered(b, original)} {
			b.Run(name+"/"+form, func(b *testing.B) {
				g := start(b, engines["compiler"], module)
				const n = 1000
				in := uint32(g.call(plenty, gate.ExportAlloc, 8*(4*n+1)).result)
				m := g.module.ExportedMemory(gate.ExportMemory)
				for i := range uint32(n) {
					m.WriteFloat64Le(in+8*i, 100+float64(i%7))
				}
				m.WriteFloat64Le(in+8*n, 14)
				run := g.module.ExportedFunction(gate.ExportRun)
				stack := make([]uint64, 5)
				for b.Loop() {
					if g.gas != nil {
						g.gas.Set(plenty)
						g.stack.Set(DefaultStack)
					}
					copy(stack, []uint64{uint64(in), n, n, uint64(in + 8*n), uint64(in + 8*(n+1))})
					if err := run.CallWithStack(context.Background(), stack); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// filled is a module of at most 250 KiB whose functions all have this body, each at most 16 KiB.
func filled(params string, body []byte, l ...wasmtest.Locals) *module {
	return several(2000, params, body, l...)
}

// several is the same with at most so many functions.
func several(functions int, params string, body []byte, l ...wasmtest.Locals) *module {
	m := wasmtest.Good()
	m.Types = append(m.Types, wasmtest.Type{Params: params})
	m.Table = code(1, bytecode.FuncRef, 0, 1)
	m.Memory = code(1, 0, u(256))
	for size := 0; size < 250<<10 && len(m.Funcs) < functions; size += len(body) + 8 {
		m.Add(wasmtest.Func{Type: 5, Code: body, Locals: l})
	}
	return m
}

// upTo repeats code as often as a body has room for.
func upTo(room int, c []byte) []byte { return repeat(room/len(c), c) }

// worst are modules within the gate's limits that give the compiler as much to do as their writer could think of.
func worst() map[string]*module {
	const room = 16<<10 - 64
	fill := code(zero, zero, get(0), bytecode.MemoryFill, 0)
	var sets, loops []byte
	for i := range uint64(60) {
		sets = append(sets, code(zero, bytecode.I32Load, 2, 0, set(i))...)
	}
	for i := range uint64(8) {
		loops = append(loops, code(bytecode.Loop, 0x40, get(i), constant(1), bytecode.I32Add, set(i))...)
	}
	for i := range uint64(8) {
		loops = append(loops, code(get(i), bytecode.BrIf, 0, end)...)
	}
	ifs := []byte{}
	for i := range uint64(64) {
		ifs = append(ifs, code(get(i), bytecode.If, 0x40, constant(int64(i)), set((i+1)%64), bytecode.Else, constant(7), set((i+2)%64), end)...)
	}
	locals := wasmtest.Locals{Count: 63, Type: bytecode.I32}
	return map[string]*module{
		"branches":      several(5, "\x7f", upTo(room, code(zero, bytecode.BrIf, 0))),
		"branchesFew":   several(240, "\x7f", repeat(255, code(zero, bytecode.BrIf, 0))),
		"branchesOf64":  several(240, "\x7f", repeat(255, code(get(3), bytecode.BrIf, 0)), locals),
		"fills":         filled("\x7f", repeat(128, fill)),
		"fillsInLoops":  filled("\x7f", code(repeat(8, code(bytecode.Loop, 0x40)), repeat(128, fill), repeat(8, code(get(1), bytecode.BrIf, 0, end))), locals),
		"calls":         filled("\x7f", upTo(room, code(call(0), drop))),
		"callsKept":     filled("\x7f", code(repeat(4000, call(0)), repeat(4000, code(drop)))),
		"callsIndirect": filled("\x7f", upTo(room, code(zero, bytecode.CallIndirect, 0, 0, drop))),
		"loadsStores":   filled("\x7f", upTo(room, code(zero, zero, bytecode.I32Load, 2, 0, bytecode.Opcode(0x36), 2, 0))),
		"loadsKept":     filled("\x7f", code(repeat(3000, code(zero, bytecode.I32Load, 2, 0)), repeat(3000, code(drop)))),
		"loops":         filled("\x7f", code(repeat(15, loops), sets), locals),
		"ifs":           several(110, "\x7f", code(repeat(2, ifs)), locals),
		"ifsOfOne":      several(5, "\x7f", upTo(room, code(get(0), bytecode.If, 0x40, zero, set(0), end))),
		"joined":        several(34, "", joined(4), wasmtest.Locals{Count: 59, Type: bytecode.I32}),
		"tables":        several(20, "\x7f", code(repeat(120, code(bytecode.Block, 0x40)), repeat(2, code(zero, bytecode.If, 0x40, zero, bytecode.BrTable, u(119), incremental(120), end)), repeat(120, code(end)))),
		"adds":          filled("\x7f", code(get(0), upTo(room, code(get(0), bytecode.I32Add)), drop)),
		"vectors":       filled("\x7b", code(get(0), upTo(room, code(get(0), 0xfd, 0x60+0x0e, zero[:0])), drop)),
		"selects":       filled("\x7f", code(get(0), upTo(room, code(get(0), get(0), bytecode.Select)), drop)),
		"empty":         filled("\x7f", nil),
	}
}

// BenchmarkCompileWorst compiles them, as they are and metered.
func BenchmarkCompileWorst(b *testing.B) {
	for name, m := range worst() {
		original := m.Bytes()
		if _, err := gate.Check(original); err != nil {
			b.Errorf("%s: %v", name, err)
			continue
		}
		for form, module := range map[string][]byte{"plain": original, "metered": metered(b, original)} {
			b.Run(name+"/"+form, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					r := wazero.NewRuntimeWithConfig(b.Context(), engines["compiler"])
					if _, err := r.CompileModule(b.Context(), module); err != nil {
						b.Error(err)
					}
					r.Close(b.Context())
				}
			})
		}
	}
}
