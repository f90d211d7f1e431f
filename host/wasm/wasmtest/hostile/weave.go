package hostile

import (
	"bytes"
	"math/rand/v2"
	"slices"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// Woven is a valid module made of any bytes: each pair of them is an instruction,
// a block, the next function, or all since a mark once more, many times. What an
// instruction takes and is not there is put there. It is within the gate's limits
// for one function, and what a Recipe cannot be: of all types and instructions,
// irregular, each function another.
type Woven struct {
	Large bool
	funcs []wt.Func
}

// Weave reads the first byte as the tier, and the rest as pairs.
func Weave(b []byte) Woven {
	w := weaver{bounds: small}
	if len(b) > 0 {
		w.Large, b = b[0]&1 != 0, b[1:]
	}
	if w.Large {
		w.bounds = large
	}
	w.next(0)
	for ; len(b) > 1 && len(w.funcs) < 16; b = b[2:] {
		if !w.full() {
			steps[int(b[0])%len(steps)](&w, int(b[1]))
		} else {
			w.next(int(b[1]))
		}
	}
	w.close()
	return w.Woven
}

// RandomWeave is something to weave, of up to 200 pairs.
func RandomWeave(r *rand.Rand) []byte {
	b := make([]byte, 1+2*r.IntN(200))
	for i := range b {
		b[i] = byte(r.IntN(256))
	}
	return b
}

// Copies is the module with so many copies of its functions.
func (w Woven) Copies(copies int) []byte {
	m := wt.Good()
	m.Types = append(m.Types, wovenTypes...)
	m.Table = code(1, bytecode.FuncRef, 0, 1)
	for _, n := range scalars {
		m.Globals = append(m.Globals, wt.Global{Type: n, Mutable: true, Init: constant(n)})
	}
	if w.Large {
		importing(m, "sched_yield", wt.Type{Results: i32})
	}
	for range copies {
		m.Funcs = append(m.Funcs, w.funcs...)
	}
	return m.Bytes()
}

// wovenTypes are those of the functions and of blocks, behind the types of Good.
var wovenTypes = []wt.Type{
	{Params: "", Results: ""},
	{Params: i32, Results: i32},
	{Params: "\x7e\x7c", Results: "\x7c"},
	{Params: "\x7f\x7f\x7f\x7f", Results: "\x7f\x7e\x7d\x7c\x7b\x7b\x7c\x7d"},
	{Params: string(bytes.Repeat([]byte{bytecode.F64}, 32)), Results: "\x7c"},
	{Params: "\x7b\x7b\x7b\x7b\x7b\x7b\x7b\x7b", Results: "\x7b\x7b\x7b\x7b\x7b\x7b\x7b\x7b"},
}

const firstWoven = wt.TypeNone + 1 // of the types, and of the functions but for the import

var scalars = []byte{bytecode.I32, bytecode.I64, bytecode.F32, bytecode.F64}

// bounds are what the weaver keeps a function within.
type bounds struct{ body, nest, product, parts, charges, labels int }

var (
	small = bounds{body: 16<<10 - 256, nest: 128, product: 8192, parts: 2890, charges: 128, labels: 512}
	large = bounds{body: 48<<10 - 256, nest: 1024, product: 16384, parts: 5780, charges: 128, labels: 2048}
)

// weaver makes the functions one after another.
type weaver struct {
	Woven
	bounds
	code   []byte
	locals []byte // the type of each, parameters included
	kind   int    // of the function, an index of wovenTypes
	stack  []byte // the types of the operands
	frames []wovenBlock
	spent  spent
	mark   mark
}

// spent is what a function has of what is bounded, counted as the gate does.
type spent struct{ blocks, parts, charges int }

// wovenBlock is an open block.
type wovenBlock struct {
	op     bytecode.Opcode
	typ    wt.Type
	height int // of the operands, below its own
}

// mark is where the code begins that may be repeated.
type mark struct {
	at, depth int
	stack     []byte
	low       int // the fewest operands since
	spent     spent
}

func (w *weaver) full() bool {
	closing := 2*len(w.stack) + 64*len(w.frames) // at most, in most cases: the gate has the last word
	return len(w.code)+closing >= w.body || w.spent.parts+4 >= w.parts
}

// next begins a function, of which what is a shape: its type and its locals.
func (w *weaver) next(what int) {
	if w.frames != nil {
		w.close()
	}
	w.kind = what % len(wovenTypes)
	w.code, w.stack, w.spent = nil, nil, spent{}
	w.locals = []byte(wovenTypes[w.kind].Params)
	for i := range (64 - len(w.locals)) * (what / len(wovenTypes)) / 42 { // up to all that there may be
		w.locals = append(w.locals, append(scalars, bytecode.V128)[i%5])
	}
	w.frames = []wovenBlock{{bytecode.Block, wt.Type{Results: wovenTypes[w.kind].Results}, 0}}
	w.setMark(0)
}

// close ends all blocks and the function.
func (w *weaver) close() {
	for len(w.frames) > 1 {
		w.end(0)
	}
	w.settle(w.frames[0].typ.Results)
	f := wt.Func{Type: firstWoven + w.kind, Code: w.code}
	for _, t := range w.locals[len(wovenTypes[w.kind].Params):] {
		f.Locals = append(f.Locals, wt.Locals{Count: 1, Type: t})
	}
	w.funcs = append(w.funcs, f)
}

func (w *weaver) emit(parts ...any) { w.code = append(w.code, code(parts...)...) }

// base is how many operands belong to the blocks around this one.
func (w *weaver) base() int { return w.frames[len(w.frames)-1].height }

// take has the operands of these types on top, and takes them.
func (w *weaver) take(types string) {
	from := len(w.stack) - len(types)
	if from < w.base() || string(w.stack[from:]) != types {
		for i := range types {
			w.value(types[i])
		}
		from = len(w.stack) - len(types)
	}
	w.stack = w.stack[:from]
	w.mark.low = min(w.mark.low, from)
}

// value puts one there: a local of the type, or a constant.
func (w *weaver) value(t byte) {
	if i := slices.Index(w.locals, t); i >= 0 {
		w.emit(bytecode.LocalGet, wt.U(uint64(i)))
	} else {
		w.emit(constant(t))
	}
	w.stack = append(w.stack, t)
}

// condition puts an i32 there that the next instruction takes.
func (w *weaver) condition() {
	w.value(bytecode.I32)
	w.stack = w.stack[:len(w.stack)-1]
}

func (w *weaver) give(types string) { w.stack = append(w.stack, types...) }

// settle leaves a block's results, and nothing else of it.
func (w *weaver) settle(results string) {
	for len(w.stack) > w.base() {
		w.emit(drop)
		w.stack = w.stack[:len(w.stack)-1]
	}
	for i := range results {
		w.value(results[i])
	}
}

func (w *weaver) setMark(int) {
	w.mark = mark{len(w.code), len(w.frames), slices.Clone(w.stack), len(w.stack), w.spent}
}

// constant is an instruction that gives a 0 of a type.
func constant(t byte) []byte {
	switch t {
	case bytecode.I32:
		return code(bytecode.I32Const, 0)
	case bytecode.I64:
		return code(bytecode.I64Const, 0)
	case bytecode.F32:
		return code(bytecode.F32Const, make([]byte, 4))
	case bytecode.F64:
		return code(bytecode.F64Const, make([]byte, 8))
	}
	return code(bytecode.V128Const, make([]byte, 16))
}

// steps are what a pair may be: its first byte says which, and its second is
// handed on.
var steps = []func(w *weaver, arg int){
	(*weaver).scalar, (*weaver).scalar, (*weaver).scalar, (*weaver).scalar, (*weaver).vector, (*weaver).vector,
	(*weaver).get, (*weaver).get, (*weaver).set, (*weaver).set, (*weaver).global,
	(*weaver).block, (*weaver).loop, (*weaver).branchIf, (*weaver).otherwise, (*weaver).end, (*weaver).end,
	(*weaver).maybe, (*weaver).leave, (*weaver).call, (*weaver).indirect,
	(*weaver).setMark, (*weaver).again, (*weaver).again, (*weaver).next,
}

func (w *weaver) scalar(arg int) { w.operate(scalarOps[arg%len(scalarOps)]) }
func (w *weaver) vector(arg int) { w.operate(vectorOps[arg%len(vectorOps)]) }

func (w *weaver) operate(o operation) {
	if o.charged {
		if w.spent.charges == w.charges {
			return
		}
		w.spent.charges++
		w.spent.parts += 2
	}
	w.take(o.in)
	w.emit(o.code)
	w.give(o.out)
}

func (w *weaver) get(arg int) {
	if n := len(w.locals); n > 0 {
		w.emit(bytecode.LocalGet, wt.U(uint64(arg%n)))
		w.give(string(w.locals[arg%n]))
	}
}

func (w *weaver) set(arg int) {
	if n := len(w.locals); n > 0 {
		w.take(string(w.locals[arg%n]))
		w.emit(bytecode.LocalSet, wt.U(uint64(arg%n)))
	}
}

func (w *weaver) global(arg int) {
	i := arg % len(scalars)
	if arg&0x80 != 0 {
		w.emit(bytecode.GlobalGet, i)
		w.give(string(scalars[i]))
		return
	}
	w.take(string(scalars[i]))
	w.emit(bytecode.GlobalSet, i)
}

func (w *weaver) block(arg int) { w.open(bytecode.Block, arg) }

func (w *weaver) loop(arg int) {
	loops := 0
	for _, f := range w.frames {
		if f.op == bytecode.Loop {
			loops++
		}
	}
	if loops < 8 {
		w.open(bytecode.Loop, arg)
	}
}

// branchIf opens an if. Without an else its type gives what it takes.
func (w *weaver) branchIf(arg int) { w.open(bytecode.If, arg) }

// room says whether there may be another block.
func (w *weaver) room() bool {
	return len(w.frames) <= w.nest && (w.spent.blocks+1)*max(len(w.locals), 1) <= w.product && w.spent.parts+4 <= w.parts
}

// open opens a block, of which a third have a type: a function's.
func (w *weaver) open(op bytecode.Opcode, arg int) {
	if !w.room() {
		return
	}
	w.spent.blocks++
	w.spent.parts += 2
	f := wovenBlock{op: op}
	kind := []byte{bytecode.EmptyBlock}
	if i := arg % (3 * len(wovenTypes)); i < len(wovenTypes) {
		f.typ, kind = wovenTypes[i], wt.S(int64(firstWoven+i))
		w.take(f.typ.Params)
	}
	f.height = len(w.stack)
	if op == bytecode.If {
		w.condition()
	}
	w.emit(op, kind)
	w.frames = append(w.frames, f)
	w.give(f.typ.Params)
}

func (w *weaver) otherwise(int) {
	top := &w.frames[len(w.frames)-1]
	if top.op != bytecode.If {
		return
	}
	top.op = bytecode.Else
	w.spent.parts++
	w.settle(top.typ.Results)
	w.emit(bytecode.Else)
	w.stack = w.stack[:top.height]
	w.give(top.typ.Params)
	if w.mark.depth == len(w.frames) {
		w.setMark(0) // half an if is nothing to repeat
	}
}

func (w *weaver) end(int) {
	top := w.frames[len(w.frames)-1]
	if len(w.frames) == 1 {
		return
	}
	if top.op == bytecode.If && top.typ.Params != top.typ.Results {
		w.otherwise(0)
	}
	w.settle(top.typ.Results)
	w.emit(bytecode.End)
	w.frames = w.frames[:len(w.frames)-1]
	if len(w.frames) < w.mark.depth {
		w.setMark(0)
	}
}

// label is a block to branch out of, by its index and what it wants.
func (w *weaver) label(arg int) (index int, types string) {
	index = arg % len(w.frames)
	f := w.frames[len(w.frames)-1-index]
	if f.op == bytecode.Loop {
		return index, f.typ.Params
	}
	return index, f.typ.Results
}

// maybe is a branch on a condition.
func (w *weaver) maybe(arg int) {
	index, types := w.label(arg)
	w.spent.parts++
	w.take(types)
	w.give(types)
	w.condition()
	w.emit(bytecode.BrIf, wt.U(uint64(index)))
}

// leave is a branch without one, within an if, so that what is behind it is
// reached: for many labels, to one of them, or out of the function.
func (w *weaver) leave(arg int) {
	if !w.room() {
		return
	}
	w.spent.parts += 3
	w.condition()
	w.emit(bytecode.If, bytecode.EmptyBlock)
	w.spent.blocks++
	w.frames = append(w.frames, wovenBlock{op: bytecode.If, height: len(w.stack)})
	index, types := w.label(arg / 4)
	switch arg % 4 {
	case 0: // all labels that want nothing
		var labels []byte
		n := 0
		for i := range w.frames {
			if _, types := w.label(i); types == "" && n < w.labels-1 {
				labels = append(labels, wt.U(uint64(i))...)
				n++
			}
		}
		w.emit(zero, bytecode.BrTable, wt.U(uint64(n)), labels, 0)
	case 1:
		w.emit(bytecode.Unreachable)
	case 2:
		w.take(types)
		w.emit(bytecode.Br, wt.U(uint64(index)))
	case 3:
		w.take(wovenTypes[w.kind].Results)
		w.emit(bytecode.Return)
	}
	w.stack = w.stack[:w.base()]
	w.emit(bytecode.End)
	w.frames = w.frames[:len(w.frames)-1]
}

// call calls one of the functions before, or this one.
func (w *weaver) call(arg int) {
	i := arg % (len(w.funcs) + 1)
	kind := w.kind
	if i < len(w.funcs) {
		kind = w.funcs[i].Type - firstWoven
	}
	index := len(wt.Good().Funcs) + i
	if w.Large {
		index++ // behind the import
	}
	w.take(wovenTypes[kind].Params)
	w.emit(bytecode.Call, wt.U(uint64(index)))
	w.give(wovenTypes[kind].Results)
}

func (w *weaver) indirect(arg int) {
	kind := arg % len(wovenTypes)
	w.take(wovenTypes[kind].Params + i32)
	w.emit(bytecode.CallIndirect, wt.U(uint64(firstWoven+kind)), 0)
	w.give(wovenTypes[kind].Results)
}

// again repeats what was made since the mark, as often as there is room for up to
// the square of arg. What it leaves is kept if it takes nothing from below.
func (w *weaver) again(arg int) {
	m := w.mark
	if len(w.frames) != m.depth || len(w.code) == m.at || len(w.stack) < len(m.stack) {
		return
	}
	if m.low < len(m.stack) {
		for len(w.stack) > len(m.stack) {
			w.emit(drop)
			w.stack = w.stack[:len(w.stack)-1]
		}
		if !bytes.Equal(w.stack, m.stack) {
			return
		}
	}
	piece, kept := slices.Clone(w.code[m.at:]), slices.Clone(w.stack[len(m.stack):])
	did := spent{w.spent.blocks - m.spent.blocks, w.spent.parts - m.spent.parts, w.spent.charges - m.spent.charges}
	for range arg * arg / 8 {
		now := spent{w.spent.blocks + did.blocks, w.spent.parts + did.parts, w.spent.charges + did.charges}
		over := now.blocks*max(len(w.locals), 1) > w.product || now.parts > w.parts || now.charges > w.charges
		if over || w.full() || len(w.code)+len(piece)+2*len(kept) > w.body-64*len(w.frames)-2*len(w.stack) {
			return
		}
		w.spent = now
		w.emit(piece)
		w.give(string(kept))
	}
}

// operation is an instruction with its immediates: what it takes, and what it
// gives.
type operation struct {
	code    []byte
	in, out string
	charged bool // the meter charges it by its operand
}

const (
	f32  = "\x7d"
	f64  = "\x7c"
	v128 = "\x7b"
)

// operations are those of opcodes that follow one another.
func operations(from, to bytecode.Opcode, in, out string, immediates ...any) (all []operation) {
	for op := from; op <= to; op++ {
		all = append(all, operation{code: code(op, code(immediates...)), in: in, out: out})
	}
	return all
}

// charged marks them.
func charged(all []operation) []operation {
	for i := range all {
		all[i].charged = true
	}
	return all
}

var scalarOps = slices.Concat(
	operations(0x45, 0x45, i32, i32), operations(0x46, 0x4f, i32+i32, i32), // comparisons
	operations(0x50, 0x50, i64, i32), operations(0x51, 0x5a, i64+i64, i32),
	operations(0x5b, 0x60, f32+f32, i32), operations(0x61, 0x66, f64+f64, i32),
	operations(0x67, 0x69, i32, i32), operations(0x6a, 0x78, i32+i32, i32),
	operations(0x79, 0x7b, i64, i64), operations(0x7c, 0x8a, i64+i64, i64),
	operations(0x8b, 0x91, f32, f32), operations(0x92, 0x98, f32+f32, f32),
	operations(0x99, 0x9f, f64, f64), operations(0xa0, 0xa6, f64+f64, f64),
	operations(0xa7, 0xa7, i64, i32), operations(0xa8, 0xa9, f32, i32), operations(0xaa, 0xab, f64, i32), // conversions
	operations(0xac, 0xad, i32, i64), operations(0xae, 0xaf, f32, i64), operations(0xb0, 0xb1, f64, i64),
	operations(0xb2, 0xb3, i32, f32), operations(0xb4, 0xb5, i64, f32), operations(0xb6, 0xb6, f64, f32),
	operations(0xb7, 0xb8, i32, f64), operations(0xb9, 0xba, i64, f64), operations(0xbb, 0xbb, f32, f64),
	operations(0xbc, 0xbc, f32, i32), operations(0xbd, 0xbd, f64, i64), operations(0xbe, 0xbe, i32, f32), operations(0xbf, 0xbf, i64, f64),
	operations(0xfc00, 0xfc01, f32, i32), operations(0xfc02, 0xfc03, f64, i32), operations(0xfc06, 0xfc07, f64, i64),
	operations(0x28, 0x28, i32, i32, 0, 0), operations(0x29, 0x29, i32, i64, 0, 8), operations(0x2a, 0x2a, i32, f32, 0, 0), operations(0x2b, 0x2b, i32, f64, 3, 0),
	operations(0x2c, 0x2f, i32, i32, 0, 0), operations(0x30, 0x35, i32, i64, 0, 0),
	operations(0x36, 0x36, i32+i32, "", 0, 0), operations(0x37, 0x37, i32+i64, "", 0, 0), operations(0x38, 0x38, i32+f32, "", 0, 0), operations(0x39, 0x39, i32+f64, "", 0, 0),
	operations(0x3a, 0x3b, i32+i32, "", 0, 0), operations(0x3c, 0x3e, i32+i64, "", 0, 0),
	operations(bytecode.Select, bytecode.Select, i32+i32+i32, i32), operations(bytecode.Select, bytecode.Select, f64+f64+i32, f64),
	operations(bytecode.MemorySize, bytecode.MemorySize, "", i32, 0),
	charged(operations(bytecode.MemoryGrow, bytecode.MemoryGrow, i32, i32, 0)),
	charged(operations(bytecode.MemoryCopy, bytecode.MemoryCopy, i32+i32+i32, "", 0, 0)),
	charged(operations(bytecode.MemoryFill, bytecode.MemoryFill, i32+i32+i32, "", 0)),
)

var vectorOps = slices.Concat(
	operations(0xfd00, 0xfd00, i32, v128, 0, 0), operations(0xfd0b, 0xfd0b, i32+v128, "", 0, 0),
	operations(0xfd0d, 0xfd0d, v128+v128, v128, incremental(16)), operations(0xfd0e, 0xfd0e, v128+v128, v128), // shuffle, swizzle
	operations(0xfd0f, 0xfd11, i32, v128), operations(0xfd12, 0xfd12, i64, v128), operations(0xfd13, 0xfd13, f32, v128), operations(0xfd14, 0xfd14, f64, v128),
	operations(0xfd1b, 0xfd1b, v128, i32, 3), operations(0xfd1c, 0xfd1c, v128+i32, v128, 2), operations(0xfd21, 0xfd21, v128, f64, 1),
	operations(0xfd23, 0xfd4c, v128+v128, v128), operations(0xfd4d, 0xfd4d, v128, v128), operations(0xfd4e, 0xfd51, v128+v128, v128),
	operations(0xfd52, 0xfd52, v128+v128+v128, v128), operations(0xfd53, 0xfd53, v128, i32),
	operations(0xfd60, 0xfd62, v128, v128), operations(0xfd63, 0xfd64, v128, i32), operations(0xfd65, 0xfd66, v128+v128, v128),
	operations(0xfd6b, 0xfd6d, v128+i32, v128), operations(0xfd6e, 0xfd73, v128+v128, v128), operations(0xfd76, 0xfd79, v128+v128, v128),
	operations(0xfd82, 0xfd82, v128+v128, v128), operations(0xfd8b, 0xfd8d, v128+i32, v128), operations(0xfd95, 0xfd95, v128+v128, v128),
	operations(0xfdb5, 0xfdba, v128+v128, v128), operations(0xfdcb, 0xfdcd, v128+i32, v128), operations(0xfdd5, 0xfdda, v128+v128, v128),
	operations(0xfde0, 0xfde1, v128, v128), operations(0xfde3, 0xfde3, v128, v128), operations(0xfde4, 0xfdeb, v128+v128, v128),
	operations(0xfdef, 0xfdef, v128, v128), operations(0xfdf0, 0xfdf7, v128+v128, v128), operations(0xfdf8, 0xfdff, v128, v128),
	operations(bytecode.Select, bytecode.Select, v128+v128+i32, v128),
)
