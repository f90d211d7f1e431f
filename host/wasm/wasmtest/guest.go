// Package wasmtest builds small WebAssembly modules for tests, good ones and
// hostile ones, as net/http/httptest does servers. A Guest is a plugin that
// works, or by changing a field one that does not; a Module is any module, by
// its sections, which no compiler would write.
package wasmtest

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
)

// Guest is a module by the contract of sdk/ABI.md. The zero Guest, but for a
// Name, gives the mean of a bar's close and the one before.
type Guest struct {
	Name        string
	Version     string // 1.0.0 unless given
	Description string // instead of one made of Name and Version

	// Code instead of the default. Describe gives an i64 and Alloc an i32, and
	// parameter 0 of Alloc is the bytes asked for. Run gives an i32; it has the
	// parameters In to Out and the locals Bar, I32 and F64.
	Describe, Alloc, Run []byte
	// OneBar is the code of ta_bar, which the guest has not unless it is given. It
	// gives an i32, and has the parameters BarIn to BarOut.
	OneBar []byte
	// Extra is the code of one more function, () -> (), with the index ExtraFunction.
	Extra []byte

	ABI     int32    // 1 unless given
	Pages   uint32   // of memory; 1 page, the description and 32 KiB of columns, unless given
	Globals int      // mutable i32 globals, 0 at the start
	Imports []string // functions () -> () of module "env"; ExtraFunction is then none
	Padding int      // bytes of a custom section

	Change func(*Module) // what no field is for; last, or nil
}

// Parameters and locals of Run.
const (
	In     = iota // address of the inputs
	N             // bars
	Stride        // bars between columns
	Params        // address of the parameters
	Out           // address of the outputs
	Bar           // local i32, counted by EachBar
	I32           // local i32
	F64           // local f64
)

// Parameters of OneBar.
const (
	BarIn     = iota // address of the inputs
	BarParams        // address of the parameters
	BarOut           // address of the outputs
)

// columnsAt is where the default Alloc has its room; the description is below.
const columnsAt = 32 << 10

// Build encodes the module.
func (g Guest) Build() []byte {
	if g.Version == "" {
		g.Version = "1.0.0"
	}
	if g.Description == "" {
		g.Description = Describe(g.Name, g.Version)
	}
	if g.ABI == 0 {
		g.ABI = 1
	}
	if g.Describe == nil {
		g.Describe = Long(int64(len(g.Description)))
	}
	if g.Alloc == nil {
		g.Alloc = Room()
	}
	if g.Run == nil {
		g.Run = EachBar(Mean())
	}
	if g.Pages == 0 {
		g.Pages = 1
	}
	m := Good()
	m.Funcs[ABIFunction].Code = Int(g.ABI)
	m.Funcs[DescribeFunction].Code = g.Describe
	m.Funcs[AllocFunction].Code = g.Alloc
	m.Funcs[RunFunction].Code = g.Run
	m.Funcs[RunFunction].Locals = []Locals{{2, bytecode.I32}, {1, bytecode.F64}}
	m.Add(Func{Type: TypeNone, Code: g.Extra})
	if g.OneBar != nil {
		const i32 = "\x7f"
		m.Types = append(m.Types, Type{i32 + i32 + i32, i32})
		index := m.Add(Func{Type: len(m.Types) - 1, Code: g.OneBar})
		m.Exports = append(m.Exports, Export{"ta_bar", bytecode.KindFunction, index})
	}
	for _, name := range g.Imports {
		m.Imports = append(m.Imports, Import{"env", name, TypeNone})
	}
	for i := range m.Exports {
		if e := &m.Exports[i]; e.Kind == bytecode.KindFunction {
			e.Index += len(m.Imports)
		}
	}
	m.Memory = Code(1, 0, U(uint64(g.Pages)))
	for range g.Globals {
		m.Globals = append(m.Globals, Global{bytecode.I32, true, Int(0)})
	}
	m.Data = [][]byte{Code(0, Int(0), bytecode.End, Name(g.Description))}
	if g.Padding > 0 {
		m.Custom = Code(Name("padding"), make([]byte, g.Padding))
	}
	if g.Change != nil {
		g.Change(m)
	}
	return m.Bytes()
}

// Describe is the description of the default Guest.
func Describe(name, version string) string {
	return fmt.Sprintf(`{"name":%q,"version":%q,"title":"A test","doc":"The mean of a bar's close and the one before.",`+
		`"inputs":["close"],"params":[{"name":"period","default":2,"min":1,"max":100,"integer":true}],`+
		`"outputs":[{"name":"mean","unit":"none"}],"memory":"window","warmup":1}`, name, version)
}

// EachBar is code of Run that stores a value, which code computes, at every
// Bar of the first output, and returns 0.
func EachBar(code []byte) []byte {
	return Code(
		[]byte{0x02, 0x40, 0x03, 0x40},          // block loop
		Get(Bar), Get(N), []byte{0x4f, 0x0d, 1}, // i32.ge_u br_if 1
		Get(Out), Get(Bar), Int(3), []byte{0x74, 0x6a}, code, // i32.shl i32.add
		[]byte{0x39, 3, 0},                       // f64.store
		Get(Bar), Int(1), []byte{0x6a}, Set(Bar), // i32.add
		[]byte{0x0c, 0, 0x0b, 0x0b}, // br 0 end end
		Int(0),
	)
}

// Close is code for the first input's value, so many bars from Bar.
func Close(from int32) []byte {
	return Code(Get(In), Get(Bar), Int(from), []byte{0x6a}, Int(3), []byte{0x74, 0x6a, 0x2b, 3, 0}) // f64.load
}

// Mean is code for the mean of this bar's value and the last one's; NaN at the
// first bar.
func Mean() []byte {
	return Unless(Code(Get(Bar), []byte{0x45}), Code(Close(0), Close(-1), []byte{0xa0}, Float(0.5), []byte{0xa2}), Float(math.NaN()))
}

// rememberedAt is where MeanOfBars has whether there was a bar before, and 8
// bytes further on its close.
const rememberedAt = 30_000

// MeanOfBars is the code of OneBar that gives what Mean does.
func MeanOfBars() []byte {
	now := Code(Get(BarIn), []byte{0x2b, 3, 0}) // f64.load
	last := Code(Int(rememberedAt+8), []byte{0x2b, 3, 0})
	return Code(
		Get(BarOut),
		Unless(Code(Int(rememberedAt), []byte{0x28, 2, 0, 0x45}), Code(now, last, []byte{0xa0}, Float(0.5), []byte{0xa2}), Float(math.NaN())),
		[]byte{0x39, 3, 0}, // f64.store
		Int(rememberedAt), Int(1), []byte{0x36, 2, 0},
		Int(rememberedAt+8), now, []byte{0x39, 3, 0},
		Int(0),
	)
}

// Strategy is a Guest whose output is a signal, how far the mean of the default
// Guest is above the close. It takes single bars, too.
func Strategy(name string) Guest {
	load, less, store := []byte{0x2b, 3, 0}, []byte{0xa1}, []byte{0x39, 3, 0} // f64.load f64.sub f64.store
	return Guest{
		Name:        name,
		Description: fmt.Sprintf(`{"name":%q,"version":"1.0.0","inputs":["close"],"outputs":[{"name":"signal","unit":"none"}],"memory":"window","warmup":1}`, name),
		Run:         EachBar(Code(Mean(), Close(0), less)),
		OneBar: Code(
			MeanOfBars(), []byte{0x1a}, // drop
			Get(BarOut), Get(BarOut), load, Get(BarIn), load, less, store,
			Int(0),
		),
	}
}

// Unless is code for the f64 of then, or of other if the i32 of condition is
// not 0.
func Unless(condition, then, other []byte) []byte {
	return Code(condition, []byte{0x04, 0x7c}, other, []byte{0x05}, then, []byte{0x0b})
}

// Room is the default code of Alloc: the columns lie behind the description,
// and the memory grows to hold them.
func Room() []byte {
	return Code(
		// how many pages are missing
		Get(0), Int(columnsAt+65535), []byte{0x6a}, Int(16), []byte{0x76, 0x3f, 0, 0x6b}, Set(0),
		If(Code(Get(0), Int(0), []byte{0x4a}), // i32.gt_s
			If(Code(Get(0), []byte{0x40, 0}, Int(0), []byte{0x48}), // memory.grow i32.lt_s
				Code(Int(0), []byte{0x0f}))),
		Int(columnsAt),
	)
}

// Loop is code that never ends.
func Loop() []byte { return []byte{0x03, 0x40, 0x0c, 0, 0x0b} }

// Call is code that calls a function without operands.
func Call(index byte) []byte { return []byte{0x10, index} }

// Trap is the instruction unreachable.
func Trap() []byte { return []byte{0x00} }

// If is code that does something if the i32 of condition is not 0.
func If(condition, then []byte) []byte {
	return Code(condition, []byte{0x04, 0x40}, then, []byte{0x0b})
}

// Over is code for whether N is more than so many bars.
func Over(bars int32) []byte { return Code(Get(N), Int(bars), []byte{0x4a}) }

// Get, Set, GetGlobal and SetGlobal are instructions on variables.
func Get(local byte) []byte        { return []byte{0x20, local} }
func Set(local byte) []byte        { return []byte{0x21, local} }
func GetGlobal(global byte) []byte { return []byte{0x23, global} }
func SetGlobal(global byte) []byte { return []byte{0x24, global} }

// Int, Long and Float are constants.
func Int(v int32) []byte  { return append([]byte{0x41}, S(int64(v))...) }
func Long(v int64) []byte { return append([]byte{0x42}, S(v)...) }
func Float(v float64) []byte {
	return binary.LittleEndian.AppendUint64([]byte{0x44}, math.Float64bits(v))
}
