package hostile

import (
	"math/rand/v2"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// Recipe is a valid module made of what the gate has limits for, so many of
// each. It may be within the limits or not. A search for the worst module
// changes its numbers, and so does a fuzzer.
type Recipe struct {
	Large              bool // it imports a function of WASI
	Functions          int  // of this body
	Locals             int
	Type               int  // of the locals and the values, an index of numbers
	Blocks, Loops, Ifs int  // within one another
	Joined             bool // a local changes where ways join
	Used               bool // all locals are read at the end
	Pieces             [3]Piece
}

// Piece is so many times a piece of code, one behind the other, within all
// blocks.
type Piece struct {
	Kind  int // an index of pieces
	Count int
}

// RecipeBytes are as many as FromBytes reads.
const RecipeBytes = 14

// FromBytes reads a recipe; what is missing is 0. Each byte is a share of a bit
// more than the gate allows.
func FromBytes(b []byte) Recipe {
	var in [RecipeBytes]byte
	copy(in[:], b)
	of := func(most int, share byte) int { return most * int(share) >> 8 }
	r := Recipe{
		Large: in[0]&1 != 0, Joined: in[0]&2 != 0, Used: in[0]&4 != 0, Type: int(in[0]>>3) % len(numbers),
		Functions: 1 + int(in[1])*int(in[1])>>3, // up to 8,129
		Locals:    of(68, in[2]), Blocks: of(132, in[3]), Loops: of(10, in[4]), Ifs: of(132, in[5]),
	}
	body := of(17<<10, in[6])
	if r.Large {
		body *= 3
	}
	for i := range r.Pieces {
		kind := int(in[7+2*i]) % len(pieces)
		size, most := len(pieces[kind](&r, numbers[r.Type], 0)), body
		if kind >= firstCharged && kind <= lastCharged {
			most = 132 * size
		}
		r.Pieces[i] = Piece{Kind: kind, Count: of(most, in[8+2*i]) / max(size, 1)}
	}
	return r
}

// RandomRecipe is one of any shape, to be read by FromBytes. About a fifth are
// within the limits.
func RandomRecipe(r *rand.Rand) []byte {
	recipe := make([]byte, RecipeBytes)
	for i := range recipe {
		recipe[i] = byte(r.IntN(256))
	}
	return recipe
}

// number is a type of local: how it is loaded, stored and added.
type number struct {
	local            byte
	load, store, add []byte
}

var numbers = []number{
	{bytecode.I32, code(0x28, 2, 0), code(0x36, 2, 0), code(0x6a)},
	{bytecode.I64, code(0x29, 3, 0), code(0x37, 3, 0), code(0x7c)},
	{bytecode.F64, code(0x2b, 3, 0), code(0x39, 3, 0), code(0xa0)},
	{bytecode.V128, code(0xfd, 0, 4, 0), code(0xfd, 11, 4, 0), code(0xfd, 0x6e)},
}

// pieces leave the operands as they found them. i counts the turns of a piece.
var pieces = []func(r *Recipe, v number, i int) []byte{
	func(*Recipe, number, int) []byte { return nil },
	func(*Recipe, number, int) []byte { return code(zero, bytecode.BrIf, 0) },
	func(r *Recipe, _ number, i int) []byte {
		return code(zero, bytecode.BrIf, wt.U(uint64(i%(r.nest()+1))))
	},
	func(r *Recipe, _ number, _ int) []byte {
		n := r.nest() + 2
		return code(zero, bytecode.If, 0x40, zero, bytecode.BrTable, wt.U(uint64(n-1)), incremental(n), end)
	},
	func(r *Recipe, _ number, _ int) []byte { return code(bytecode.Call, r.abi(), drop) },
	func(*Recipe, number, int) []byte { return code(zero, bytecode.CallIndirect, wt.TypeABI, 0, drop) },
	func(*Recipe, number, int) []byte { return code(zero, zero, zero, bytecode.MemoryFill, 0) },
	func(*Recipe, number, int) []byte { return code(zero, zero, zero, bytecode.MemoryCopy, 0, 0) },
	func(*Recipe, number, int) []byte { return code(zero, bytecode.MemoryGrow, 0, drop) },
	func(_ *Recipe, v number, _ int) []byte { return code(zero, zero, v.load, v.store) },
	func(_ *Recipe, v number, _ int) []byte { return code(zero, v.load, zero, v.load, v.add, drop) },
	func(r *Recipe, v number, i int) []byte { return r.set(code(zero, v.load), i) },
	func(r *Recipe, _ number, i int) []byte { return r.set(r.get(i+1), i) },
	func(r *Recipe, v number, i int) []byte { return r.set(code(r.get(i), r.get(i+1), v.add), i+2) },
	func(r *Recipe, _ number, i int) []byte {
		return r.set(code(r.get(i), r.get(i+1), zero, bytecode.Select), i)
	},
	func(r *Recipe, v number, i int) []byte {
		return code(zero, bytecode.If, 0x40, r.set(r.get(i+1), i), bytecode.Else, r.set(code(zero, v.load), i+1), end)
	},
	func(r *Recipe, v number, i int) []byte {
		return code(bytecode.Loop, 0x40, r.set(code(r.get(i), r.get(i), v.add), i), zero, bytecode.BrIf, 0, end)
	},
	func(*Recipe, number, int) []byte { return code(bytecode.Block, 0x40, zero, bytecode.BrIf, 0, end) },
	// From here on they leave a value.
	func(_ *Recipe, v number, _ int) []byte { return code(zero, v.load) },
	func(r *Recipe, _ number, _ int) []byte { return code(bytecode.Call, r.abi()) },
}

const (
	// The pieces that the meter charges by their operand, of which there may be
	// few.
	firstCharged, lastCharged = 6, 8
	// firstKept is the first of the pieces that leave a value, which is dropped
	// when all of them have been made.
	firstKept = 18
)

func (r *Recipe) nest() int { return r.Blocks + r.Loops + r.Ifs }

// abi is the index of ta_abi, which gives an i32.
func (r *Recipe) abi() int {
	if r.Large {
		return 1
	}
	return 0
}

func (r *Recipe) get(i int) []byte { return code(bytecode.LocalGet, wt.U(uint64(i%max(r.Locals, 1)))) }

// set sets a local to what value leaves; without locals it is nothing.
func (r *Recipe) set(value []byte, i int) []byte {
	if r.Locals == 0 {
		return nil
	}
	return code(value, bytecode.LocalSet, wt.U(uint64(i%r.Locals)))
}

// Bytes is the module. It has as many of the functions as its tier has bytes for.
func (r Recipe) Bytes() []byte {
	most := 256 << 10
	if r.Large {
		most = 5 << 20 / 2 // of code
	}
	const around = 512 // bytes of the module but its functions
	size := len(r.body())
	functions := min(r.Functions, (most-around)/(size+12))
	if size > 48<<10 { // one is too many
		functions = 1
	}
	return r.Copies(functions)
}

// Copies is the module with so many of the functions, whatever the recipe says.
func (r Recipe) Copies(functions int) []byte {
	m := wt.Good()
	if r.Large {
		importing(m, "sched_yield", wt.Type{Results: i32})
	}
	m.Table = code(1, bytecode.FuncRef, 0, 1)
	f := wt.Func{Type: wt.TypeNone, Code: r.body()}
	if r.Locals > 0 {
		f.Locals = []wt.Locals{{Count: uint64(r.Locals), Type: numbers[r.Type].local}}
	}
	for range functions {
		m.Add(f)
	}
	return m.Bytes()
}

func (r *Recipe) body() []byte {
	v := numbers[r.Type]
	b := code(repeat(r.Blocks, code(bytecode.Block, 0x40)), repeat(r.Loops, code(bytecode.Loop, 0x40)), repeat(r.Ifs, code(zero, bytecode.If, 0x40)))
	for _, p := range r.Pieces {
		for i := range p.Count {
			b = append(b, pieces[p.Kind](r, v, i)...)
		}
		if p.Kind >= firstKept {
			b = append(b, repeat(p.Count, code(drop))...)
		}
	}
	for i := range r.nest() {
		if i >= r.Ifs && i < r.Ifs+r.Loops {
			b = append(b, code(zero, bytecode.BrIf, 0)...)
		}
		b = append(b, byte(end))
		if r.Joined {
			b = append(b, r.set(code(zero, v.load), i)...)
		}
	}
	if r.Used {
		for i := range r.Locals {
			b = append(b, code(zero, r.get(i), v.store)...)
		}
	}
	return b
}
