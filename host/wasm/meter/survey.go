package meter

import (
	"fmt"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
)

// edit is a change of a body at one place.
type edit struct {
	at   int // offset in the module of what follows, or of the instruction that is replaced
	kind editKind
	cost uint32 // of a block
	nest uint32 // the index, for a branch, of the label of the function's own block

	function uint64 // the new index of what a call calls
	to       int    // offset of what follows the call
}

type editKind uint8

const (
	chargeBlock editKind = iota
	chargeBytes          // of a bulk instruction
	chargePages          // of memory.grow
	replaceReturn
	moveCall // of a function whose index is another
)

// survey is what is found out about a body before it is rewritten.
type survey struct {
	edits []edit // by place
	calls bool   // it calls something
	frame uint32 // bytes of call stack, estimated
	end   int    // offset of the last end, that of the function
}

// The bytes of a frame, never estimated too low: the engine keeps a place for each value that it cannot keep in a
// register, and does not share places. There is a value for each local, for each instruction that computes one, and
// for each local again wherever ways join, which is at most once in each block.
const (
	frameBase      = 64 // return address, saved registers, alignment
	frameValue     = 8
	frameWideValue = 16 // in functions with vectors
	maxFrame       = 1 << 30
)

// surveyor goes through a body. It keeps the basic block that the next instruction belongs to.
type surveyor struct {
	survey
	module *module
	locals int

	open   int // the index in edits of the basic block, or unreached
	frames []frame
	blocks int
	values int
	wide   bool
}

// unreached stands for the block of instructions behind a branch, which never run and cost nothing.
const unreached = -1

// frame is an open block of the program's structure.
type frame struct {
	op       bytecode.Opcode
	targeted bool // something branches to its label
}

// survey reads the instructions of a body with so many locals. The edits it gives are overwritten by the next call.
func (m *module) survey(r *bytecode.Reader, locals int, wide bool) (survey, error) {
	s := surveyor{module: m, locals: locals, wide: wide, frames: m.frames[:0]}
	s.edits = m.edits[:0]
	s.begin(r.Offset())
	s.frames = append(s.frames, frame{op: bytecode.Block})
	for len(s.frames) > 0 {
		in := r.NextInstruction()
		if err := r.Err(); err != nil {
			return survey{}, err
		}
		if err := s.instruction(&in); err != nil {
			return survey{}, err
		}
		s.end = in.From
	}
	m.edits, m.frames = s.edits, s.frames // to be used again
	size := frameValue
	if s.wide {
		size = frameWideValue
	}
	s.frame = uint32(min(frameBase+size*(locals+s.values+s.blocks*locals), maxFrame))
	return s.survey, nil
}

// begin starts a basic block.
func (s *surveyor) begin(at int) {
	s.open = len(s.edits)
	s.edits = append(s.edits, edit{at: at, kind: chargeBlock})
}

// target notes a branch to a label.
func (s *surveyor) target(label uint32) error {
	if int64(label) >= int64(len(s.frames)) {
		return fmt.Errorf("label %d of %d", label, len(s.frames))
	}
	s.frames[len(s.frames)-1-int(label)].targeted = true
	return nil
}

func (s *surveyor) instruction(in *bytecode.Instruction) error {
	if !in.Known {
		return fmt.Errorf("offset %d: opcode %#x", in.From, uint16(in.Op))
	}
	if err := s.checkIndex(in); err != nil {
		return fmt.Errorf("offset %d: %w", in.From, err)
	}
	s.wide = s.wide || in.Op>>8 == 0xfd
	if computes(in.Op) {
		s.values++
	}
	if s.open != unreached {
		s.edits[s.open].cost += cost(in.Op)
	}
	switch in.Op {
	case bytecode.Block, bytecode.Loop, bytecode.If:
		s.blocks++
		s.values += s.blockResults(in.Type)
		s.frames = append(s.frames, frame{op: in.Op})
		if in.Op != bytecode.Block {
			s.begin(in.To) // what is behind runs once for each turn of the loop, or if the condition holds
		}
	case bytecode.Else:
		s.begin(in.To)
	case bytecode.End:
		f := s.frames[len(s.frames)-1]
		s.frames = s.frames[:len(s.frames)-1]
		// The label of a loop is at its beginning: its end is reached from above only, as is that of a block that
		// nothing branches out of. There the basic block goes on, and what was unreached stays so.
		if f.op == bytecode.If || f.op == bytecode.Block && f.targeted && len(s.frames) > 0 {
			s.begin(in.To)
		}
	case bytecode.BrIf:
		s.begin(in.To)
		return s.target(in.Index)
	case bytecode.Br:
		s.open = unreached
		return s.target(in.Index)
	case bytecode.BrTable:
		s.open = unreached
		for in.Labels.More() {
			if err := s.target(in.Labels.U32()); err != nil {
				return err
			}
		}
	case bytecode.Return:
		s.open = unreached
		s.edits = append(s.edits, edit{at: in.From, kind: replaceReturn, nest: uint32(len(s.frames) - 1)})
	case bytecode.Unreachable:
		s.open = unreached
	case bytecode.Call:
		s.calls = true
		if s.open != unreached && int(in.Index) < s.module.imports {
			s.edits[s.open].cost += ImportGas
		}
		s.values += len(s.module.types[s.module.functions[in.Index]].results)
		if to := s.module.moved(in.Index); to != uint64(in.Index) {
			s.edits = append(s.edits, edit{at: in.From, kind: moveCall, function: to, to: in.To})
		}
	case bytecode.CallIndirect:
		s.calls = true
		s.values += len(s.module.types[in.Index].results)
	case bytecode.MemoryCopy, bytecode.MemoryFill, bytecode.MemoryInit:
		s.edits = append(s.edits, edit{at: in.From, kind: chargeBytes})
	case bytecode.MemoryGrow:
		s.edits = append(s.edits, edit{at: in.From, kind: chargePages})
	}
	return nil
}

// checkIndex refuses what could come to mean something that the rewriting adds, or that is looked up here.
func (s *surveyor) checkIndex(in *bytecode.Instruction) error {
	count, what := 0, ""
	index := int64(in.Index)
	switch in.Op {
	case bytecode.LocalGet, bytecode.LocalSet, bytecode.LocalTee:
		count, what = s.locals, "local"
	case bytecode.GlobalGet, bytecode.GlobalSet:
		count, what = s.module.globals, "global"
	case bytecode.Block, bytecode.Loop, bytecode.If:
		count, what, index = len(s.module.types), "type", in.Type
	case bytecode.Call:
		count, what = len(s.module.functions), "function"
	case bytecode.CallIndirect:
		count, what = len(s.module.types), "type"
	default:
		return nil
	}
	if index >= int64(count) {
		return fmt.Errorf("%s %d of %d", what, index, count)
	}
	return nil
}

// blockResults is the number of a block's results.
func (s *surveyor) blockResults(t int64) int {
	switch {
	case t >= 0:
		return len(s.module.types[t].results)
	case t == bytecode.EmptyBlock-0x80:
		return 0
	}
	return 1
}

// computes says whether an instruction gives a value that was not there before. Blocks and calls, which may give
// several, are counted by their types, and constants are made anew where they are used.
func computes(op bytecode.Opcode) bool {
	switch op {
	case bytecode.GlobalGet, bytecode.Select, bytecode.SelectTyped, bytecode.MemorySize, bytecode.MemoryGrow:
		return true
	case bytecode.V128Const, bytecode.MemoryInit, bytecode.DataDrop, bytecode.MemoryCopy, bytecode.MemoryFill:
		return false
	}
	return op >= bytecode.I32Load && op < bytecode.I32Store || op > bytecode.F64Const
}
