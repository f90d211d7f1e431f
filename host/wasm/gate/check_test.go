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

// wasi is Good with an import; functions move up by one.
func wasi(name string, t wasmtest.Type) []byte {
	return with(func(m *module) {
		m.Types = append(m.Types, t)
		m.Imports = []wasmtest.Import{{Module: WASIModule, Name: name, Type: len(m.Types) - 1}}
		for i := range m.Exports {
			if m.Exports[i].Kind == bytecode.KindFunction {
				m.Exports[i].Index++
			}
		}
	})
}

// nested puts n openings of blocks around nothing.
func nested(n int, opening ...byte) []byte {
	return code(repeat(n, opening), repeat(n, code(end)))
}

// branches adds a function with so many basic blocks.
func branches(m *module, n int) {
	m.Add(wasmtest.Func{Type: wasmtest.TypeNone, Code: repeat(n, code(zero, bytecode.BrIf, 0))})
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

// TestHostileModulesAreRefused has one module for each way to misbehave that can be seen before a module runs.
func TestHostileModulesAreRefused(t *testing.T) {
	good := with(func(*module) {})
	const fill = "\x41\x00\x41\x00\x41\x00\xfc\x0b\x00"
	for name, c := range map[string]struct {
		module         []byte
		rule           Rule
		found, allowed uint64
	}{
		// Bytes.
		"empty":                      {nil, RuleFormat, 0, 0},
		"not a module":               {[]byte("MZ\x90\x00\x03\x00\x00\x00"), RuleFormat, 0, 0},
		"version 2":                  {[]byte("\x00asm\x02\x00\x00\x00"), RuleFormat, 0, 0},
		"no sections":                {[]byte(bytecode.Header), RuleMemory, 0, 0},
		"truncated in a section":     {good[:20], RuleFormat, 0, 0},
		"truncated before a section": {good[:len(good)-len(wasmtest.Section(10, nil))-20], RuleFormat, 0, 0},
		"5 MiB":                      {with(func(m *module) { m.Custom = append(code(0), make([]byte, 5<<20)...) }), RuleSize, 5<<20 + 132, 4 << 20},
		"section of 4 GiB":           {append(good[:8:8], 1, 0xff, 0xff, 0xff, 0xff, 0x0f), RuleFormat, 0, 0},
		"number of 6 bytes":          {append(good[:8:8], 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0), RuleFormat, 0, 0},
		"number of 33 bits":          {append(good[:8:8], 1, 0xff, 0xff, 0xff, 0xff, 0x1f), RuleFormat, 0, 0},
		"constant of 33 bits":        {run(code(bytecode.I32Const, 0xff, 0xff, 0xff, 0xff, 0x4f, bytecode.Opcode(0x1a))), RuleFormat, 0, 0},
		"constant of 65 bits":        {run(code(bytecode.I64Const, repeat(9, []byte{0xff}), 0x41, bytecode.Opcode(0x1a))), RuleFormat, 0, 0},
		"section of kind 13":         {append(good[:8:8], 13, 1, 0), RuleSection, 0, 0},
		"sections out of order":      {append(good[:8:8], 3, 1, 0, 1, 1, 0), RuleSection, 0, 0},
		"section twice":              {append(good[:8:8], 1, 1, 0, 1, 1, 0), RuleSection, 0, 0},
		"section with bytes left":    {append(good[:8:8], 1, 2, 0, 0), RuleFormat, 0, 0},
		"custom section not named":   {with(func(m *module) { m.Custom = code(5, 'a') }), RuleFormat, 0, 0},
		"custom name not UTF-8":      {with(func(m *module) { m.Custom = code(1, 0xff) }), RuleFormat, 0, 0},
		"bodies missing":             {good[:len(good)-len("\x0a\x15\x04")-4*5], RuleSection, 0, 0},

		// Counts that are only claimed, and ones that are kept.
		"4 billion types":     {append(good[:8:8], wasmtest.Section(1, u(math.MaxUint32))...), RuleTypes, math.MaxUint32, MaxTypes},
		"4 billion functions": {append(good[:8:8], wasmtest.Section(3, u(math.MaxUint32))...), RuleFunctions, math.MaxUint32, 2000},
		"4 billion globals":   {append(good[:8:8], wasmtest.Section(6, u(math.MaxUint32))...), RuleGlobals, math.MaxUint32, MaxGlobals},
		"4 billion exports":   {append(good[:8:8], wasmtest.Section(7, u(math.MaxUint32))...), RuleExports, math.MaxUint32, MaxExports},
		"4 billion imports":   {append(good[:8:8], wasmtest.Section(2, u(math.MaxUint32))...), RuleImports, math.MaxUint32, MaxImports},
		"4 billion segments":  {append(good[:8:8], wasmtest.Section(11, u(math.MaxUint32))...), RuleData, math.MaxUint32, 1024},
		"4 billion elements":  {append(good[:8:8], wasmtest.Section(9, u(math.MaxUint32))...), RuleElements, math.MaxUint32, 256},
		"2001 empty functions": {with(func(m *module) {
			for len(m.Funcs) < 2001 {
				m.Add(wasmtest.Func{Type: wasmtest.TypeNone})
			}
		}), RuleFunctions, 2001, 2000},
		"1025 types": {with(func(m *module) {
			for len(m.Types) < 1025 {
				m.Types = append(m.Types, wasmtest.Type{})
			}
		}), RuleTypes, 1025, 1024},
		"33 parameters": {with(func(m *module) { m.Types = append(m.Types, wasmtest.Type{Params: strings.Repeat("\x7f", 33)}) }), RuleParameters, 33, 32},
		"9 results":     {with(func(m *module) { m.Types = append(m.Types, wasmtest.Type{Results: strings.Repeat("\x7f", 9)}) }), RuleResults, 9, 8},
		"200000 exports": {with(func(m *module) {
			for len(m.Exports) < 200000 {
				m.Exports = append(m.Exports, export("", 0, 0))
			}
		}), RuleExports, 200000, MaxExports},

		// What the compiler chokes on.
		"body of 16 KiB and 1":      {run(repeat(16<<10-4+1, code(bytecode.Nop))), RuleBody, 16<<10 + 1, 16 << 10},
		"locals 2^32-1":             {run(nil, locals(math.MaxUint32, i64)), RuleLocals, math.MaxUint32 + 5, 64},
		"locals that wrap around":   {run(nil, locals(math.MaxUint32, i64), locals(2, i64)), RuleLocals, math.MaxUint32 + 5, 64},
		"65 locals":                 {run(nil, locals(30, i64), locals(30, i32)), RuleLocals, 65, 64},
		"300 loops of 300 locals":   {run(nested(300, 3, 0x40), locals(300, i64)), RuleLocals, 305, 64},
		"9 loops":                   {run(nested(9, 3, 0x40)), RuleLoopNest, 9, 8},
		"129 nested blocks":         {run(nested(129, 2, 0x40)), RuleNest, 129, 128},
		"129 nested ifs":            {run(code(repeat(129, code(zero, bytecode.If, 0x40)), repeat(129, code(end)))), RuleNest, 129, 128},
		"129 blocks of 64 locals":   {run(repeat(129, code(bytecode.Block, 0x40, end)), locals(59, i32)), RuleProduct, 129 * 64, 8192},
		"br_table of 513":           {run(code(zero, bytecode.BrTable, u(512), make([]byte, 513))), RuleLabels, 513, 512},
		"br_table bomb":             {run(repeat(9, code(zero, bytecode.BrTable, u(511), make([]byte, 512)))), RuleAllLabels, 9 * 512, 4096},
		"br_table of 4 billion":     {run(code(zero, bytecode.BrTable, u(math.MaxUint32))), RuleFormat, 0, 0},
		"129 fills":                 {run(repeat(129, []byte(fill))), RuleCharges, 129, 128},
		"129 grows":                 {run(repeat(129, code(zero, bytecode.MemoryGrow, 0, 0x1a))), RuleCharges, 129, 128},
		"branches in two functions": {with(func(m *module) { branches(m, 4000); branches(m, 890) }), RuleWork, 4000*4000 + 890*890, 4096 * 4096},
		"300 branches, too often": {with(func(m *module) {
			for range 187 {
				branches(m, 300)
			}
		}), RuleWork, 187 * 300 * 300, 4096 * 4096},
		"table of 100 million":          {with(func(m *module) { m.Table = code(1, bytecode.FuncRef, 0, u(100e6)) }), RuleTableSize, 100e6, 4096},
		"100 tables":                    {with(func(m *module) { m.Table = code(100, repeat(100, code(bytecode.FuncRef, 0, 1))) }), RuleTable, 100, 1},
		"table of references":           {with(func(m *module) { m.Table = code(1, 0x6f, 0, 1) }), RuleTable, 0, 0},
		"memory of 4 GiB":               {with(func(m *module) { m.Memory = code(1, 0, u(65536)) }), RuleMemorySize, 65536, 256},
		"memory of 16 MiB and a page":   {with(func(m *module) { m.Memory = code(1, 0, u(257)) }), RuleMemorySize, 257, 256},
		"data past the memory":          {with(func(m *module) { m.Data = [][]byte{code(0, bytecode.I32Const, s(65535), end, 2, 1, 1)} }), RuleSegment, 0, 0},
		"data at a negative address":    {with(func(m *module) { m.Data = [][]byte{code(0, bytecode.I32Const, s(-1), end, 2, 1, 1)} }), RuleSegment, 0, 0},
		"elements past the table":       {with(func(m *module) { m.Table = code(1, 0x70, 0, 1); m.Elements = [][]byte{code(0, zero, end, 2, 0, 0)} }), RuleSegment, 0, 0},
		"elements of a missing table":   {with(func(m *module) { m.Elements = [][]byte{code(0, zero, end, 1, 0)} }), RuleIndex, 0, 0},
		"passive elements":              {with(func(m *module) { m.Table = code(1, 0x70, 0, 1); m.Elements = [][]byte{code(1, 0, 1, 0)} }), RuleSegment, 0, 0},
		"element of a missing function": {with(func(m *module) { m.Table = code(1, 0x70, 0, 1); m.Elements = [][]byte{code(0, zero, end, 1, 9)} }), RuleIndex, 0, 0},

		// What cannot be undone between two calls, or runs before its time.
		"start function":   {with(func(m *module) { m.Start = u(uint64(m.Add(wasmtest.Func{Type: wasmtest.TypeNone}))) }), RuleStart, 0, 0},
		"table.get":        {run(code(zero, 0x25, 0)), RuleInstruction, 0, 0},
		"table.set":        {run(code(zero, 0x26, 0)), RuleInstruction, 0, 0},
		"table.init":       {run(code(0xfc, 12, 0, 0)), RuleInstruction, 0, 0},
		"elem.drop":        {run(code(0xfc, 13, 0)), RuleInstruction, 0, 0},
		"table.copy":       {run(code(0xfc, 14, 0, 0)), RuleInstruction, 0, 0},
		"table.grow":       {run(code(0xfc, 15, 0)), RuleInstruction, 0, 0},
		"table.size":       {run(code(0xfc, 16, 0)), RuleInstruction, 0, 0},
		"table.fill":       {run(code(0xfc, 17, 0)), RuleInstruction, 0, 0},
		"data.drop":        {with(func(m *module) { m.DataLen = []byte{1}; m.Data = [][]byte{{1, 0}}; m.Funcs[3].Code = code(0xfc, 9, 0) }), RuleInstruction, 0, 0},
		"tail call":        {run(code(0x12, 0)), RuleInstruction, 0, 0},
		"exception":        {run(code(0x06, 0x40, end)), RuleInstruction, 0, 0},
		"atomic":           {run(code(0xfe, 0x03, 0)), RuleInstruction, 0, 0},
		"reference":        {run(code(0xd0, 0x70)), RuleInstruction, 0, 0},
		"relaxed vector":   {run(code(0xfd, u(0x100))), RuleInstruction, 0, 0},
		"vector gap":       {run(code(0xfd, u(0x9a))), RuleInstruction, 0, 0},
		"opcode ff":        {run(code(0xff)), RuleInstruction, 0, 0},
		"local reference":  {run(nil, locals(1, 0x70)), RuleType, 0, 0},
		"block reference":  {run(code(bytecode.Block, 0x70, end)), RuleType, 0, 0},
		"block type -257":  {run(code(bytecode.Block, s(-257), end)), RuleType, 0, 0},
		"global reference": {with(func(m *module) { m.Globals = []wasmtest.Global{{Type: 0x70, Init: code(0xd0, 0x70)}} }), RuleType, 0, 0},
		"global of a call": {with(func(m *module) { m.Globals = []wasmtest.Global{{Type: i32, Init: code(bytecode.Call, 0)}} }), RuleGlobal, 0, 0},
		"global of a global": {with(func(m *module) {
			m.Globals = []wasmtest.Global{{Type: i32, Init: code(zero)}, {Type: i32, Init: code(bytecode.GlobalGet, 0)}}
		}), RuleGlobal, 0, 0},
		"shared memory": {with(func(m *module) { m.Memory = []byte{1, 3, 1, 1} }), RuleMemory, 0, 0},
		"64-bit memory": {with(func(m *module) { m.Memory = []byte{1, 4, 1} }), RuleMemory, 0, 0},
		"two memories":  {with(func(m *module) { m.Memory = []byte{2, 0, 1, 0, 1} }), RuleMemory, 2, 1},

		// The ABI.
		"missing memory":       {with(func(m *module) { m.Memory = nil; m.Exports = m.Exports[1:] }), RuleMemory, 0, 0},
		"memory not exported":  {with(func(m *module) { m.Exports = m.Exports[1:] }), RuleExport, 0, 0},
		"memory is a function": {with(func(m *module) { m.Exports[0] = export("memory", 0, 0) }), RuleExport, 0, 0},
		"ta_run missing":       {with(func(m *module) { m.Exports = m.Exports[:4] }), RuleExport, 0, 0},
		"ta_run is the memory": {with(func(m *module) { m.Exports[4] = export("ta_run", bytecode.KindMemory, 0) }), RuleExport, 0, 0},
		"ta_bar of ta_run":     {with(func(m *module) { m.Exports = append(m.Exports, export("ta_bar", 0, wasmtest.RunFunction)) }), RuleExport, 0, 0},
		"wrong signature":      {with(func(m *module) { m.Exports[4].Index = wasmtest.ABIFunction }), RuleExport, 0, 0},
		"wrong result":         {with(func(m *module) { m.Exports[1].Index = wasmtest.DescribeFunction }), RuleExport, 0, 0},
		"export out of range":  {with(func(m *module) { m.Exports[4].Index = 4 }), RuleIndex, 0, 0},
		"_initialize when small": {with(func(m *module) {
			m.Exports = append(m.Exports, export("_initialize", 0, m.Add(wasmtest.Func{Type: wasmtest.TypeNone})))
		}), RuleExport, 0, 0},
		"unknown import":       {with(func(m *module) { m.Imports = []wasmtest.Import{{Module: "env", Name: "abort"}} }), RuleImport, 0, 0},
		"socket import":        {wasi("sock_send", wasmtest.Type{Results: "\x7f"}), RuleImport, 0, 0},
		"file import":          {wasi("path_open", wasmtest.Type{Results: "\x7f"}), RuleImport, 0, 0},
		"import of wrong type": {wasi("sched_yield", wasmtest.Type{Results: "\x7e"}), RuleImport, 0, 0},
		"import of a memory":   {append(good[:8:8], wasmtest.Section(2, code(1, wasmtest.Name(WASIModule), wasmtest.Name("args_get"), 2, 0, 1))...), RuleImport, 0, 0},
		"import of missing type": {with(func(m *module) {
			m.Imports = []wasmtest.Import{{Module: WASIModule, Name: "sched_yield", Type: 5}}
		}), RuleIndex, 0, 0},

		// Tampering: invalid now, valid and in charge of its own gas once globals, locals and types have been added.
		"set the gas":   {run(code(bytecode.I64Const, 0, bytecode.GlobalSet, 0)), RuleIndex, 0, 0},
		"read the gas":  {run(code(bytecode.GlobalGet, 0, 0x1a)), RuleIndex, 0, 0},
		"set the stack": {run(code(zero, bytecode.GlobalSet, 1)), RuleIndex, 0, 0},
		"set a constant": {with(func(m *module) {
			m.Globals = []wasmtest.Global{{Type: i32, Init: code(zero)}}
			m.Funcs[3].Code = code(zero, bytecode.GlobalSet, 0, zero)
		}), RuleInstruction, 0, 0},
		"the meter's local":   {run(code(bytecode.LocalGet, 5, 0x1a)), RuleIndex, 0, 0},
		"the meter's type":    {run(code(bytecode.Block, 5, end)), RuleIndex, 0, 0},
		"the meter's label":   {run(code(bytecode.Br, 1)), RuleIndex, 0, 0},
		"label of a br_table": {run(code(zero, bytecode.BrTable, 1, 0, 1)), RuleIndex, 0, 0},
		"call out of range":   {run(code(bytecode.Call, 4)), RuleIndex, 0, 0},
		"type out of range": {with(func(m *module) {
			m.Table = code(1, 0x70, 0, 1)
			m.Funcs[3].Code = code(zero, bytecode.CallIndirect, 5, 0)
		}), RuleIndex, 0, 0},
		"call without a table": {run(code(zero, bytecode.CallIndirect, 4, 0)), RuleIndex, 0, 0},
		"call by a second table": {with(func(m *module) {
			m.Table = code(1, 0x70, 0, 1)
			m.Funcs[3].Code = code(zero, bytecode.CallIndirect, 0, 1)
		}), RuleFormat, 0, 0},
		"data segment missing":     {run(code(zero, zero, zero, bytecode.MemoryInit, 0, 0)), RuleIndex, 0, 0},
		"data not as counted":      {with(func(m *module) { m.DataLen = []byte{1} }), RuleSection, 0, 0},
		"function of missing type": {with(func(m *module) { m.Funcs[0].Type = 5 }), RuleIndex, 0, 0},
		"reserved name of gas":     {with(func(m *module) { m.Exports = append(m.Exports, export("__meter_gas", 0, 0)) }), RuleExport, 0, 0},
		"reserved prefix":          {with(func(m *module) { m.Exports = append(m.Exports, export("__meter_", 0, 0)) }), RuleExport, 0, 0},

		// Structure.
		"else without an if": {run(code(bytecode.Block, 0x40, bytecode.Else, end)), RuleStructure, 0, 0},
		"two elses":          {run(code(zero, bytecode.If, 0x40, bytecode.Else, bytecode.Else, end)), RuleStructure, 0, 0},
		"an end too many":    {run(code(zero, end)), RuleFormat, 0, 0},
		"an end too few":     {run(code(bytecode.Block, 0x40)), RuleStructure, 0, 0},
		"memory 1":           {run(code(bytecode.MemorySize, 1, 0x1a)), RuleFormat, 0, 0},
		"alignment of 2^64":  {run(code(zero, bytecode.I32Load, 64, 0, 0x1a)), RuleFormat, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			info, err := Check(c.module)
			var r *Rejection
			if !errors.As(err, &r) {
				t.Fatalf("got %+v, %v", info, err)
			}
			if r.Rule != c.rule || r.Found != c.found || r.Allowed != c.allowed {
				t.Errorf("got %v\nwant rule %q, %d of %d", err, c.rule, c.found, c.allowed)
			}
			if r.Offset < 0 || r.Offset > len(c.module) {
				t.Errorf("offset %d of %d", r.Offset, len(c.module))
			}
		})
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
