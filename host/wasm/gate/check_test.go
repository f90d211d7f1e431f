package gate_test

import (
	"bytes"
	"errors"
	"math"
	"runtime"
	"strings"
	"testing"

	. "github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest/hostile"
)

type module = wasmtest.Module

var (
	code   = wasmtest.Code
	repeat = wasmtest.Repeat
	u, s   = wasmtest.U, wasmtest.S

	zero = code(bytecode.I32Const, 0)
)

const (
	i32, i64, v128 = bytecode.I32, bytecode.I64, bytecode.V128
	end            = bytecode.End
)

func locals(n uint64, t byte) wasmtest.Locals { return wasmtest.Locals{Count: n, Type: t} }

func export(name string, kind byte, index int) wasmtest.Export {
	return wasmtest.Export{Name: name, Kind: kind, Index: index}
}

// with changes Good.
func with(change func(m *module)) []byte {
	m := wasmtest.Good()
	change(m)
	return m.Bytes()
}

// run is Good with another ta_run, which ends with a 0 for its result.
func run(body []byte, l ...wasmtest.Locals) []byte {
	return wasmtest.GoodRun(code(body, zero), l...).Bytes()
}

// importing adds an import; functions move up by one.
func importing(m *module, name string, t wasmtest.Type) {
	m.Types = append(m.Types, t)
	m.Imports = []wasmtest.Import{{Module: WASIModule, Name: name, Type: len(m.Types) - 1}}
	for i := range m.Exports[1:] {
		m.Exports[1+i].Index++
	}
}

// wasi is Good with an import.
func wasi(name string, t wasmtest.Type) []byte {
	return with(func(m *module) { importing(m, name, t) })
}

// nested puts n openings of blocks around nothing.
func nested(n int, opening ...byte) []byte {
	return code(repeat(n, opening), repeat(n, code(end)))
}

func TestGoodModulesPass(t *testing.T) {
	for name, c := range map[string]struct {
		module []byte
		want   Info
	}{
		"smallest": {with(func(*module) {}), Info{Functions: 4, MinPages: 1, Body: 4, Locals: 5}},
		"with ta_bar": {with(func(m *module) {
			m.Types = append(m.Types, wasmtest.Type{Params: "\x7f\x7f\x7f", Results: "\x7f"})
			m.Exports = append(m.Exports, export("ta_bar", 0, m.Add(wasmtest.Func{Type: 5, Code: zero})))
		}), Info{Functions: 5, MinPages: 1, HasBar: true, Body: 4, Locals: 5}},
		"importing is large": {wasi("sched_yield", wasmtest.Type{Results: "\x7f"}),
			Info{Tier: Large, Functions: 4, Imports: 1, MinPages: 1, Body: 4, Locals: 5}},
		"at the limits of loops, locals and charges": {
			run(code(nested(8, 3, 0x40), repeat(128, code(zero, zero, zero, bytecode.MemoryFill, 0))), locals(59, v128)),
			Info{Functions: 4, MinPages: 1, Body: 1 + 2 + 8*3 + 128*9 + 2 + 1, Locals: 64, Nest: 8, LoopNest: 8, Product: 512, Charges: 128, Parts: 8*2 + 128*2, Work: 272 * 272}},
		"other exports": {with(func(m *module) {
			m.Globals = []wasmtest.Global{{Type: i32, Mutable: true, Init: zero}}
			m.Exports = append(m.Exports, export("__stack_pointer", bytecode.KindGlobal, 0), export("mem2", bytecode.KindMemory, 0))
		}), Info{Functions: 4, MinPages: 1, Globals: 1, Body: 4, Locals: 5}},
		"segments to the last byte": {with(func(m *module) {
			m.Table = []byte{1, bytecode.FuncRef, 0, 2}
			m.Elements = [][]byte{code(0, bytecode.I32Const, 1, end, 1, 0), code(2, 0, zero, end, 0, 1, 3)}
			m.Data = [][]byte{code(0, bytecode.I32Const, s(65535), end, 1, 0xff), code(1, 1, 0xff), code(2, 0, zero, end, 0)}
			m.DataLen = []byte{3}
		}), Info{Functions: 4, MinPages: 1, Body: 4, Locals: 5}},
		"custom sections": {with(func(m *module) { m.Custom = code(wasmtest.Name("name"), 1, 2, 3) }),
			Info{Functions: 4, MinPages: 1, Body: 4, Locals: 5}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Check(c.module)
			if err != nil || got != c.want {
				t.Errorf("got %+v, %v\nwant %+v", got, err, c.want)
			}
		})
	}
}

// TestHostile: the gate refuses what it should, by the rule and the numbers that it should, and lets through what
// others deal with.
func TestHostile(t *testing.T) {
	for _, m := range hostile.All() {
		t.Run(m.Name, func(t *testing.T) {
			info, err := bounded(t, m.Bytes)
			if m.By != hostile.Gate {
				if err != nil {
					t.Errorf("got %v, want it let through", err)
				}
				return
			}
			var r *Rejection
			if !errors.As(err, &r) {
				t.Fatalf("got %+v, %v", info, err)
			}
			if r.Rule != Rule(m.What) || r.Found != m.Found || r.Allowed != m.Allowed || !strings.Contains(r.Detail, m.Says) {
				t.Errorf("got %v\nwant rule %q, %d of %d, %q", err, m.What, m.Found, m.Allowed, m.Says)
			}
			if r.Offset < 0 || r.Offset > len(m.Bytes) {
				t.Errorf("offset %d of %d", r.Offset, len(m.Bytes))
			}
		})
	}
}

// TestWorstIsWithin: what the compiler is measured with breaks no rule.
func TestWorstIsWithin(t *testing.T) {
	for name, module := range hostile.Worst() {
		if _, err := bounded(t, module); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestEveryTruncationIsRefused cuts a module that has every section at each of its bytes.
func TestEveryTruncationIsRefused(t *testing.T) {
	whole := everySection()
	if _, err := Check(whole); err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		if _, err := Check(whole[:n]); err == nil {
			t.Errorf("the first %d of %d bytes passed", n, len(whole))
		}
	}
}

// everySection is a module with an entry in every section but start and custom.
func everySection() []byte {
	m := wasmtest.GoodRun(code(zero, zero, zero, bytecode.MemoryInit, 0, 0, zero))
	m.Types = append(m.Types, wasmtest.Type{Results: "\x7f"})
	m.Imports = []wasmtest.Import{{Module: WASIModule, Name: "sched_yield", Type: 5}}
	for i := range m.Exports[1:] {
		m.Exports[1+i].Index++
	}
	m.Table = code(1, bytecode.FuncRef, 1, 1, 1)
	m.Globals = []wasmtest.Global{{Type: i64, Mutable: true, Init: code(bytecode.I64Const, 7)}}
	m.Elements = [][]byte{code(0, zero, end, 1, 0)}
	m.DataLen = []byte{1}
	m.Data = [][]byte{code(1, 3, 'a', 'b', 'c')}
	return m.Bytes()
}

// TestAllocatesNothingByClaimedCounts holds what the gate allocates against the bytes it was given.
func TestAllocatesNothingByClaimedCounts(t *testing.T) {
	claims := func(section byte) []byte {
		return append([]byte(bytecode.Header), wasmtest.Section(section, u(500))...)
	}
	for _, m := range [][]byte{claims(1), claims(3), claims(6), run(nil, locals(math.MaxUint32, i64))} {
		const runs = 100
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range runs {
			Check(m)
		}
		runtime.ReadMemStats(&after)
		if got, most := (after.TotalAlloc-before.TotalAlloc)/runs, uint64(4*len(m)+4<<10); got > most {
			t.Errorf("%d bytes for a module of %d, want at most %d", got, len(m), most)
		}
	}
}

func TestKeepsNothingOfTheModule(t *testing.T) {
	m := wasi("sched_yield", wasmtest.Type{Results: "\x7e"})
	_, err := Check(m)
	before := err.Error()
	copy(m, bytes.Repeat([]byte{0}, len(m)))
	if after := err.Error(); after != before {
		t.Errorf("%q became %q", before, after)
	}
}

func TestRejectionSaysAll(t *testing.T) {
	_, err := Check(wasi("path_open", wasmtest.Type{}))
	if want := `"wasi_snapshot_preview1"."path_open" is not among`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
	_, err = Check(run(nested(9, 3, 0x40)))
	if want := `refused by rule "loop nest" at offset`; err == nil || !strings.Contains(err.Error(), want) || !strings.HasSuffix(err.Error(), ": 9, at most 8 allowed") {
		t.Errorf("got %v", err)
	}
}
