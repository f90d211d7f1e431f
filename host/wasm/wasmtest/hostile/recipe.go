package hostile

import (
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
const RecipeBytes = 16

// FromBytes reads a recipe; what is missing is 0. A byte or two are a number up to
// a bit more than the gate allows.
func FromBytes(b []byte) Recipe {
	var in [RecipeBytes]byte
	copy(in[:], b)
	upTo := func(most int, b ...byte) int {
		n := 0
		for _, b := range b {
			n = n<<8 | int(b)
		}
		return n * most >> (8 * len(b))
	}
	r := Recipe{
		Large: in[0]&1 != 0, Joined: in[0]&2 != 0, Used: in[0]&4 != 0, Type: int(in[0]>>3) % len(numbers),
		Functions: 1 + upTo(2100, in[1], in[2]), Locals: upTo(68, in[3]),
		Blocks: upTo(132, in[4]), Loops: upTo(10, in[5]), Ifs: upTo(132, in[6]),
	}
	for i := range r.Pieces {
		at := 7 + 3*i
		r.Pieces[i] = Piece{Kind: int(in[at]) % len(pieces), Count: upTo(8400, in[at+1], in[at+2])}
	}
	return r
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

// firstKept is the first of the pieces that leave a value, which is dropped when
// all of them have been made.
const firstKept = 18

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
	m, most := wt.Good(), 256<<10
	if r.Large {
		importing(m, "sched_yield", wt.Type{Results: i32})
		most = 4 << 20
	}
	m.Table = code(1, bytecode.FuncRef, 0, 1)
	f := wt.Func{Type: wt.TypeNone, Code: r.body()}
	if r.Locals > 0 {
		f.Locals = []wt.Locals{{Count: uint64(r.Locals), Type: numbers[r.Type].local}}
	}
	const around = 512 // bytes of the module but its functions
	room := (most - around) / (len(f.Code) + 12)
	for range max(min(r.Functions, room), 1) {
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
