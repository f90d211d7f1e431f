package wasmtest

import (
	"encoding/binary"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
)

// Module is a module by its sections. A section whose field is empty is left out.
type Module struct {
	Types    []Type
	Imports  []Import
	Funcs    []Func
	Table    []byte // contents of the section, count included, as are those of Memory and Start
	Memory   []byte
	Globals  []Global
	Exports  []Export
	Start    []byte
	Elements [][]byte // each a whole segment, as are those of Data
	DataLen  []byte   // contents of the data count section
	Data     [][]byte
	Custom   []byte // contents of a custom section at the end
}

// Type is a function type: a byte for each parameter and each result.
type Type struct{ Params, Results string }

// Import is an import of a function.
type Import struct {
	Module, Name string
	Type         int
}

// Func is a function: its type, the groups of its locals, and its instructions without the last end.
type Func struct {
	Type   int
	Locals []Locals
	Code   []byte
}

// Locals declares so many locals of a type.
type Locals struct {
	Count uint64
	Type  byte
}

// Global is a global and the instruction that gives its first value.
type Global struct {
	Type    byte
	Mutable bool
	Init    []byte
}

// Export is an export of any kind.
type Export struct {
	Name  string
	Kind  byte
	Index int
}

// The types and functions of Good and of a Guest, by index.
const (
	TypeABI, ABIFunction           = 0, 0
	TypeDescribe, DescribeFunction = 1, 1
	TypeAlloc, AllocFunction       = 2, 2
	TypeRun, RunFunction           = 3, 3
	TypeNone, ExtraFunction        = 4, 4 // () -> (); Good has no function of it
)

// Good is the smallest module of the ABI: it describes nothing, and ta_run gives 0. Tests add what they are about.
func Good() *Module {
	const i32, i64 = "\x7f", "\x7e"
	return &Module{
		Types: []Type{
			{"", i32}, {"", i64}, {i32, i32}, {i32 + i32 + i32 + i32 + i32, i32}, {"", ""},
		},
		Funcs: []Func{
			{Type: TypeABI, Code: Code(bytecode.I32Const, 1)},
			{Type: TypeDescribe, Code: Code(bytecode.I64Const, 0)},
			{Type: TypeAlloc, Code: Code(bytecode.I32Const, 8)},
			{Type: TypeRun, Code: Code(bytecode.I32Const, 0)},
		},
		Memory: []byte{1, 0, 1},
		Exports: []Export{
			{"memory", bytecode.KindMemory, 0},
			{"ta_abi", bytecode.KindFunction, ABIFunction},
			{"ta_describe", bytecode.KindFunction, DescribeFunction},
			{"ta_alloc", bytecode.KindFunction, AllocFunction},
			{"ta_run", bytecode.KindFunction, RunFunction},
		},
	}
}

// GoodRun is Good with another body of ta_run.
func GoodRun(code []byte, locals ...Locals) *Module {
	m := Good()
	m.Funcs[RunFunction].Code, m.Funcs[RunFunction].Locals = code, locals
	return m
}

// Add adds a function and gives its index, which counts imports.
func (m *Module) Add(f Func) int {
	m.Funcs = append(m.Funcs, f)
	return len(m.Imports) + len(m.Funcs) - 1
}

// Bytes writes the module.
func (m *Module) Bytes() []byte {
	out := []byte(bytecode.Header)
	vector := func(id byte, n int, each func(i int) []byte) {
		if n == 0 {
			return
		}
		body := U(uint64(n))
		for i := range n {
			body = append(body, each(i)...)
		}
		out = append(out, Section(id, body)...)
	}
	raw := func(id byte, body []byte) {
		if body != nil {
			out = append(out, Section(id, body)...)
		}
	}
	vector(bytecode.SectionType, len(m.Types), func(i int) []byte {
		return Code(bytecode.FuncForm, Name(m.Types[i].Params), Name(m.Types[i].Results))
	})
	vector(bytecode.SectionImport, len(m.Imports), func(i int) []byte {
		im := m.Imports[i]
		return Code(Name(im.Module), Name(im.Name), 0, U(uint64(im.Type)))
	})
	vector(bytecode.SectionFunction, len(m.Funcs), func(i int) []byte { return U(uint64(m.Funcs[i].Type)) })
	raw(bytecode.SectionTable, m.Table)
	raw(bytecode.SectionMemory, m.Memory)
	vector(bytecode.SectionGlobal, len(m.Globals), func(i int) []byte {
		g := m.Globals[i]
		mutable := 0
		if g.Mutable {
			mutable = 1
		}
		return Code(int(g.Type), mutable, g.Init, bytecode.End)
	})
	vector(bytecode.SectionExport, len(m.Exports), func(i int) []byte {
		e := m.Exports[i]
		return Code(Name(e.Name), int(e.Kind), U(uint64(e.Index)))
	})
	raw(bytecode.SectionStart, m.Start)
	vector(bytecode.SectionElement, len(m.Elements), func(i int) []byte { return m.Elements[i] })
	raw(bytecode.SectionDataCount, m.DataLen)
	vector(bytecode.SectionCode, len(m.Funcs), func(i int) []byte {
		f := m.Funcs[i]
		body := U(uint64(len(f.Locals)))
		for _, l := range f.Locals {
			body = append(append(body, U(l.Count)...), l.Type)
		}
		body = Code(body, f.Code, bytecode.End)
		return append(U(uint64(len(body))), body...)
	})
	vector(bytecode.SectionData, len(m.Data), func(i int) []byte { return m.Data[i] })
	raw(bytecode.SectionCustom, m.Custom)
	return out
}

// Section gives a section its identifier and length.
func Section(id byte, body []byte) []byte {
	return append(append([]byte{id}, U(uint64(len(body)))...), body...)
}

// Code puts together opcodes, bytes given as int or rune, and pieces given as []byte. An int is one byte: for larger
// immediates there are U and S.
func Code(parts ...any) (code []byte) {
	for _, p := range parts {
		switch p := p.(type) {
		case bytecode.Opcode:
			if p > 0xff {
				code = append(code, byte(p>>8))
				code = append(code, U(uint64(p&0xff))...)
			} else {
				code = append(code, byte(p))
			}
		case int:
			code = append(code, byte(p))
		case rune:
			code = append(code, byte(p))
		case []byte:
			code = append(code, p...)
		default:
			panic("wasmtest: Code takes opcodes, bytes and pieces")
		}
	}
	return code
}

// Repeat is n copies of code.
func Repeat(n int, code []byte) []byte {
	out := make([]byte, 0, n*len(code))
	for range n {
		out = append(out, code...)
	}
	return out
}

// U is unsigned LEB128.
func U(v uint64) []byte { return binary.AppendUvarint(nil, v) }

// S is signed LEB128.
func S(v int64) (b []byte) {
	for ; v < -64 || v > 63; v >>= 7 {
		b = append(b, byte(v)|0x80)
	}
	return append(b, byte(v)&0x7f)
}

// Name is a length and a text.
func Name(s string) []byte { return append(U(uint64(len(s))), s...) }
