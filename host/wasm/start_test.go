package wasm

import (
	"errors"
	"testing"

	"golang.org/x/sync/semaphore"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/meter"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// grower is a Large guest that begins with so many bytes of memory, and whose
// functions grow it to more, and then do not end.
func grower(from, to uint64) []byte {
	more := wt.Int(int32((to - from) / pageSize))
	grows := wt.Code(more, []byte{0x40, 0, 0x1a}, wt.Loop())
	return wt.Guest{
		Name: "grower", Pages: uint32(from / pageSize), Padding: gate.MaxSmallBytes, Extra: grows,
		Alloc: wt.Code(wt.Call(wt.ExtraFunction), wt.Int(8)), Describe: wt.Code(wt.Call(wt.ExtraFunction), wt.Long(0)),
		Change: func(m *wt.Module) {
			m.Exports = append(m.Exports, wt.Export{Name: gate.ExportInitialize, Kind: bytecode.KindFunction, Index: wt.ExtraFunction})
		},
	}.Build()
}

// TestStartIsShort: whatever is called before ta_run gets no more gas at once
// than lasts 50 ms at worst in the memory that it has, however it grows, and what
// zeroes its columns, in both forms and alike. A growth is where others may run.
func TestStartIsShort(t *testing.T) {
	const mib = 1 << 20
	grown, kept := 0, 0
	for _, from := range []uint64{pageSize, 2 * mib, 8 * mib, 40 * mib} {
		for _, to := range []uint64{3 * mib, 9 * mib, 25 * mib, 64 * mib} {
			if to <= from {
				continue
			}
			m := made(t, grower(from, to))
			for _, p := range []*program{&m.quick, m.slow} {
				for name, bytes := range map[string]uint64{gate.ExportInitialize: 0, gate.ExportDescribe: 0, gate.ExportAlloc: 24 * mib} {
					in, err := p.instantiate()
					if err != nil {
						t.Fatal(err)
					}
					gas := in.startGas()
					if name == gate.ExportAlloc {
						gas, in.zeroing = in.allocGas(bytes), zeroingGas(bytes)
					}
					if gas > atOnce(from) {
						t.Errorf("%s in %d bytes has %d units, want at most %d", name, from, gas, atOnce(from))
					}
					if _, err := in.call(name, gas, []uint64{bytes}); !errors.Is(err, ErrOutOfGas) {
						t.Fatal(err)
					}
					size := uint64(in.memory.Size())
					switch size {
					case from:
						kept++
					case to:
						grown++
						gas -= int64((to - from) >> 6) // a unit for each 64 bytes was before it
						if most := atOnce(to) + in.zeroing + 1_000; gas > most {
							t.Errorf("%s from %d to %d bytes has %d units there, want at most %d", name, from, to, gas, most)
						}
					default:
						t.Errorf("%s: %d bytes", name, size)
					}
					in.close()
				}
			}
			m.Close()
		}
	}
	if grown < 10 || kept < 10 {
		t.Errorf("%d memories grew and %d did not: the test shows little", grown, kept)
	}
}

// made is a module whose forms are both compiled, and which was not started.
func made(t *testing.T, code []byte) *Module {
	t.Helper()
	info, err := gate.Check(code)
	if err != nil {
		t.Fatal(err)
	}
	info.HasInitialize = false // the test calls it
	metered, err := meter.Rewrite(code)
	if err != nil {
		t.Fatal(err)
	}
	m := &Module{sandbox: newSandbox(t, Config{}), info: info, original: code, making: semaphore.NewWeighted(1)}
	m.quick.module = m
	if err := m.quick.compile(t.Context(), metered); err != nil {
		t.Fatal(err)
	}
	if _, err := m.slowProgram(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestGoStarts: a guest in Go, whose start takes most, has room for as many
// columns as sdk/ABI.md says.
func TestGoStarts(t *testing.T) {
	m := load(t, newSandbox(t, Config{}), guests(t)["core_go.wasm"])
	type room struct {
		class, columns int
		fits           bool
	}
	rooms := []room{{2, 28, false}}
	for columns := 1; columns <= 24+24; columns++ {
		rooms = append(rooms, room{1, columns, true})
	}
	for columns := 1; columns <= 14; columns++ { // the memory grows to each size there is
		rooms = append(rooms, room{2, columns, true})
	}
	for _, of := range rooms {
		in, err := m.quick.instantiate()
		if err != nil {
			t.Fatal(err)
		}
		if err := in.reserve(of.class, of.columns, 0); (err == nil) != of.fits {
			t.Errorf("%d columns of %d bars: %v, want room: %v", of.columns, classes[of.class], err, of.fits)
		}
		in.close()
	}
}
