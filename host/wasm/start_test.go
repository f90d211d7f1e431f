package wasm

import (
	"errors"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// grower is a guest that begins with so many bytes of memory, and whose functions grow
// it to more, and then do not end.
func grower(tier gate.Tier, from, to uint64) []byte {
	more := wt.Int(int32((to - from) / pageSize))
	grows := wt.Code(more, []byte{0x40, 0, 0x1a}, wt.Loop())
	g := wt.Guest{
		Name: "grower", Pages: uint32(from / pageSize), Extra: grows,
		Alloc: wt.Code(wt.Call(wt.ExtraFunction), wt.Int(8)), Describe: wt.Code(wt.Call(wt.ExtraFunction), wt.Long(0)),
	}
	if tier == gate.Large {
		g.Padding = gate.MaxSmallBytes
		g.Change = func(m *wt.Module) {
			m.Exports = append(m.Exports, wt.Export{Name: gate.ExportInitialize, Kind: bytecode.KindFunction, Index: wt.ExtraFunction})
		}
	}
	return g.Build()
}

// TestStartIsShort: whatever is called before ta_run of a Small module gets no more
// gas at once than lasts 50 ms at worst in the memory that it has, however it grows,
// in both forms and alike. A growth is where others may run.
func TestStartIsShort(t *testing.T) {
	const mib = 1 << 20
	grown, kept := 0, 0
	for _, from := range []uint64{pageSize, mib / 2, 2 * mib, 8 * mib} {
		for _, to := range []uint64{mib, 3 * mib, 9 * mib, 16 * mib} {
			if to <= from {
				continue
			}
			m := made(t, grower(gate.Small, from, to))
			for _, p := range []*program{&m.quick, m.slow} {
				for name, bytes := range map[string]uint64{gate.ExportDescribe: 0, gate.ExportAlloc: 12 * mib} {
					in, err := p.instantiate()
					if err != nil {
						t.Fatal(err)
					}
					gas := in.startGas()
					if name == gate.ExportAlloc {
						gas = in.allocGas(bytes)
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
						if most := atOnce(to) + 1_000; gas > most {
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

// TestLargeStarts: what is called before ta_run of a Large module gets its gas by
// slices, in the one form that it has, and its memory may grow.
func TestLargeStarts(t *testing.T) {
	const from, to = 2 << 20, 32 << 20
	m := made(t, grower(gate.Large, from, to))
	for name, gas := range map[string]int64{gate.ExportInitialize: 1_000_000, gate.ExportDescribe: 1_000_000, gate.ExportAlloc: 1_000_000 + 2<<20/64} {
		in, err := m.quick.instantiate()
		if err != nil {
			t.Fatal(err)
		}
		given := in.startGas()
		if name == gate.ExportAlloc {
			given = in.allocGas(1 << 20)
		}
		if given != gas {
			t.Errorf("%s has %d units, want %d", name, given, gas)
		}
		before := in.slices
		if _, err := in.call(name, given, []uint64{1 << 20}); !errors.Is(err, ErrOutOfGas) {
			t.Fatal(err)
		}
		if in.slices == before || in.slices.left != 0 {
			t.Errorf("%s did not get its gas by slices", name)
		}
		if size := in.memory.Size(); size != to {
			t.Errorf("%s leaves a memory of %d bytes, want %d", name, size, to)
		}
		in.close()
	}
	if p, err := m.slowProgram(t.Context()); p != &m.quick || err != nil {
		t.Errorf("it has another form for calls that take long (%v)", err)
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
	m := newSandbox(t, Config{}).module(info, code)
	metered, err := m.quick.rewrite(code)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.quick.compile(t.Context(), metered, m.sandbox.compile); err != nil {
		t.Fatal(err)
	}
	if _, err := m.slowProgram(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestGoStarts: a guest in Go, whose start takes most, has room for as many columns
// as a module may have, whatever its memory grows to.
func TestGoStarts(t *testing.T) {
	m := loadGuest(t, guests(t)["core_go.wasm"])
	for class := range classes {
		for columns := 1; columns <= 8+16; columns++ {
			in, err := m.quick.instantiate()
			if err != nil {
				t.Fatal(err)
			}
			if err := in.reserve(class, columns, 0); err != nil {
				t.Errorf("%d columns of %d bars: %v", columns, classes[class], err)
			}
			in.close()
		}
	}
}
