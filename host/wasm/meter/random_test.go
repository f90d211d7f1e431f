package meter_test

import (
	"math/rand/v2"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// program writes random instructions that end and do not trap, in two forms: plain, and with the cost of each added to
// a global of the program before it runs.
type program struct {
	*rand.Rand
	plain, counted []byte

	labels    []label
	loops     int
	results   int   // of this function
	functions []int // the results of those that may be called
	left      int   // statements
}

type label byte

const (
	toFunction label = iota
	toBlock
	toLoop
)

const (
	variables = 8 // locals 0 to 7, of which 0 to 4 are the parameters
	counters  = 8 // locals 8 to 11, one for each loop that is open
	maxLoops  = 4 //
	typeTwo   = 5 // the parameters of ta_run, two results
	counter   = 1 // the global that is counted in; global 0 is the program's own
)

// emit writes an instruction of a cost.
func (p *program) emit(cost int64, parts ...any) {
	in := code(parts...)
	p.plain = append(p.plain, in...)
	if cost > 0 {
		p.counted = append(p.counted, code(
			bytecode.GlobalGet, counter, bytecode.I64Const, s(cost), bytecode.Opcode(0x7c), bytecode.GlobalSet, counter)...)
	}
	p.counted = append(p.counted, in...)
}

// randomModule writes three functions, of which the last is ta_run.
func randomModule(seed uint64) (plain, counted []byte) {
	p := program{Rand: rand.New(rand.NewPCG(seed, 0))}
	m, c := wasmtest.Good(), wasmtest.Good()
	for _, m := range []*module{m, c} {
		const i32 = "\x7f"
		m.Types = append(m.Types, wasmtest.Type{Params: i32 + i32 + i32 + i32 + i32, Results: i32 + i32})
		m.Globals = []wasmtest.Global{{Type: bytecode.I32, Mutable: true, Init: constant(3)}}
	}
	c.Globals = append(c.Globals, wasmtest.Global{Type: bytecode.I64, Mutable: true, Init: code(bytecode.I64Const, 0)})
	c.Exports = append(c.Exports, wasmtest.Export{Name: "count", Kind: bytecode.KindGlobal, Index: counter})
	locals := []wasmtest.Locals{{Count: variables - 5 + maxLoops, Type: bytecode.I32}}
	for _, results := range []int{1, 2, 2, 1} {
		p.plain, p.counted, p.results, p.left = nil, nil, results, 30
		p.labels = append(p.labels[:0], toFunction)
		for p.left > 0 {
			p.statement()
		}
		p.values(results)
		f := wasmtest.Func{Type: wasmtest.TypeRun, Locals: locals}
		if results == 2 {
			f.Type = typeTwo
		}
		f.Code = p.plain
		m.Add(f)
		f.Code = p.counted
		c.Add(f)
		p.functions = append(p.functions, results)
	}
	last := len(m.Funcs) - 1
	m.Exports[4].Index, c.Exports[4].Index = last, last
	return m.Bytes(), c.Bytes()
}

func (p *program) variable() []byte { return u(uint64(p.IntN(variables))) }

// value leaves an i32.
func (p *program) value() {
	switch p.IntN(8) {
	case 0:
		p.emit(1, constant(p.Int64N(1000)))
	case 1:
		p.emit(1, constant(4*p.Int64N(1000)))
		p.emit(1, bytecode.I32Load, 2, 0)
	case 2:
		p.emit(1, bytecode.GlobalGet, 0)
	case 3:
		p.value()
		p.emit(1, constant(1+p.Int64N(9)))
		p.emit(8, bytecode.Opcode(0x6e+2*p.IntN(2))) // unsigned division or remainder
	case 4:
		p.value()
		p.value()
		p.emit(1, bytecode.Opcode(0x6a+p.IntN(3))) // +, -, *
	default:
		p.emit(1, bytecode.LocalGet, p.variable())
	}
}

func (p *program) values(n int) {
	for range n {
		p.value()
	}
}

// body writes some statements within a label.
func (p *program) body(l label) {
	p.labels = append(p.labels, l)
	for range p.IntN(5) {
		p.statement()
	}
	p.labels = p.labels[:len(p.labels)-1]
}

// outOf is a random label of those that can be branched to without beginning a turn of a loop.
func (p *program) outOf() (index uint64, l label) {
	for {
		i := p.IntN(len(p.labels))
		if p.labels[len(p.labels)-1-i] != toLoop {
			return uint64(i), p.labels[len(p.labels)-1-i]
		}
	}
}

// turn counts down the counter of the innermost loop, and leaves whether there is to be another turn.
func (p *program) turn() {
	local := counters + p.loops - 1
	p.emit(1, bytecode.LocalGet, local)
	p.emit(1, constant(1))
	p.emit(1, bytecode.I32Sub)
	p.emit(1, bytecode.LocalTee, local)
	p.emit(1, zero)
	p.emit(1, bytecode.Opcode(0x4a)) // greater than, signed
}

func (p *program) statement() {
	p.left--
	switch p.IntN(20) {
	case 0, 1:
		p.value()
		p.emit(1, bytecode.If, 0x40)
		p.body(toBlock)
		if p.IntN(2) == 0 {
			p.emit(0, bytecode.Else)
			p.body(toBlock)
		}
		p.emit(0, end)
	case 2, 3:
		if p.loops == maxLoops {
			return
		}
		p.emit(1, constant(1+p.Int64N(3)))
		p.emit(1, bytecode.LocalSet, counters+p.loops)
		p.emit(0, bytecode.Loop, 0x40)
		p.loops++
		p.body(toLoop)
		p.turn()
		p.emit(1, bytecode.BrIf, 0)
		p.loops--
		p.emit(0, end)
	case 4, 5:
		p.emit(0, bytecode.Block, 0x40)
		p.body(toBlock)
		p.emit(0, end)
	case 6, 7:
		i, l := p.outOf()
		if l == toFunction {
			p.values(p.results)
		}
		p.value()
		p.emit(1, bytecode.BrIf, u(i))
		if l == toFunction {
			for range p.results {
				p.emit(1, drop)
			}
		}
	case 8:
		i, l := p.outOf()
		j, k := p.outOf()
		if l == toFunction || k == toFunction {
			return
		}
		p.value()
		p.emit(4, bytecode.BrTable, 2, u(i), u(j), u(i))
	case 9:
		if len(p.labels) == 1 {
			return
		}
		i, l := p.outOf()
		if l == toFunction {
			p.values(p.results)
		}
		p.emit(1, bytecode.Br, u(i))
	case 10:
		if len(p.labels) == 1 {
			return
		}
		p.values(p.results)
		p.emit(1, bytecode.Return)
	case 11:
		if len(p.labels) > 1 && p.labels[len(p.labels)-1] == toLoop {
			p.turn()
			p.emit(1, bytecode.BrIf, 0)
		}
	case 12, 13:
		if len(p.functions) == 0 {
			return
		}
		f := p.IntN(len(p.functions))
		p.values(5)
		p.emit(4, call(wasmtest.RunFunction+1+f))
		for range p.functions[f] {
			p.emit(1, bytecode.LocalSet, p.variable())
		}
	case 14:
		n := p.Int64N(1000)
		p.emit(1, constant(4*p.Int64N(1000)))
		p.value()
		p.emit(1, constant(n))
		p.emit(16+n/64, bytecode.MemoryFill, 0)
	case 15:
		p.emit(1, constant(4*p.Int64N(1000)))
		p.value()
		p.emit(1, bytecode.Opcode(0x36), 2, 0)
	case 16:
		p.value()
		p.emit(1, bytecode.GlobalSet, 0)
	default:
		p.value()
		p.emit(1, bytecode.LocalSet, p.variable())
	}
}
