package hostile

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// Format has bytes that are no module of WebAssembly.
func Format() []Module {
	const malformed, truncation = "malformed LEB", "truncation"
	good := guest(wt.Guest{})
	header := func(b ...byte) []byte { return append([]byte(bytecode.Header), b...) }
	bodies := wt.Good().Bytes()
	bodies = bodies[:len(bodies)-len(wt.Section(bytecode.SectionCode, code(4, repeat(4, code(4, 0, zero, end)))))]
	return []Module{
		refused("", "nothing", "format", nil),
		refused("", "text", "format", []byte("# A plugin\n")),
		refused("", "a program of Linux", "format", []byte("\x7fELF\x02\x01\x01\x00")),
		refused("", "a program of Windows", "format", []byte("MZ\x90\x00\x03\x00\x00\x00")),
		refused("", "version 2", "format", []byte("\x00asm\x02\x00\x00\x00")),
		refused("", "the header alone", "memory", header()),
		refused(truncation, "cut in half", "format", good[:len(good)/2]),
		refused(truncation, "cut by a byte", "format", good[:len(good)-1]),
		refused(truncation, "cut in its first section", "format", good[:20]),
		refused(truncation, "cut before the bodies", "section", bodies),
		refused("", "a byte left over", "format", append(good[:len(good):len(good)], 0xff)),
		refused(malformed, "a number of 6 bytes", "format", header(1, 0x80, 0x80, 0x80, 0x80, 0x80, 0)),
		refused(malformed, "a number of 33 bits", "format", header(1, 0xff, 0xff, 0xff, 0xff, 0x1f)),
		refused(malformed, "a number without an end", "format", header(1, 0xff)),
		refused(malformed, "a constant of 33 bits", "format", run(code(bytecode.I32Const, 0xff, 0xff, 0xff, 0xff, 0x4f, drop))),
		refused(malformed, "a constant of 65 bits", "format", run(code(bytecode.I64Const, repeat(9, []byte{0xff}), 0x41, drop))),
		refused("huge counts", "a section of 4 GiB", "format", header(1, 0xff, 0xff, 0xff, 0xff, 0x0f)),
		refused("huge counts", "a br_table of 4 billion labels", "format", run(code(zero, bytecode.BrTable, wt.U(math.MaxUint32)))),
		refused("", "a section of kind 13", "section", header(13, 1, 0)),
		refused("", "sections out of order", "section", header(3, 1, 0, 1, 1, 0)),
		refused("", "a section twice", "section", header(1, 1, 0, 1, 1, 0)),
		refused("", "a section with bytes left over", "format", header(1, 2, 0, 0)),
		refused("", "a custom section with half a name", "format", with(func(m *wt.Module) { m.Custom = code(5, 'a') })),
		refused("", "a custom section whose name is not UTF-8", "format", with(func(m *wt.Module) { m.Custom = code(1, 0xff) })),
		refused("", "an else without an if", "structure", run(code(bytecode.Block, 0x40, bytecode.Else, end))),
		refused("", "two elses", "structure", run(code(zero, bytecode.If, 0x40, bytecode.Else, bytecode.Else, end))),
		refused("", "an end too many", "format", run(code(zero, end))),
		refused("", "an end too few", "structure", run(code(bytecode.Block, 0x40))),
		refused("", "memory 1", "format", run(code(bytecode.MemorySize, 1, drop))),
		refused("", "an alignment of 2^64", "format", run(code(zero, bytecode.I32Load, 64, 0, drop))),
		refused("", "a call without a table", "index", run(code(zero, bytecode.CallIndirect, 4, 0))),
		refused("", "a call by a second table", "format", withTable(code(zero, bytecode.CallIndirect, 0, 1))),
		refused("", "data that is not there", "index", run(code(zero, zero, zero, bytecode.MemoryInit, 0, 0))),
		refused("", "data that is not as counted", "section", with(func(m *wt.Module) { m.DataLen = []byte{1} })),
		refused("", "a function of a missing type", "index", with(func(m *wt.Module) { m.Funcs[0].Type = 5 })),
	}
}
