package meter

import (
	"encoding/binary"
	"errors"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
)

// codeSection rewrites all bodies.
func (m *module) codeSection(r *bytecode.Reader) error {
	// The section's size is known when it has been written: it is put before it then.
	n := r.U32()
	var code []byte
	if hint := 2 * r.Left(); hint > 0 {
		code = make([]byte, 0, hint)
	}
	for ; n > 0 && r.Err() == nil; n-- {
		body := r.Part()
		if r.Err() != nil {
			return r.Err()
		}
		if err := m.rewriteBody(&body); err != nil {
			return err
		}
		code = binary.AppendUvarint(code, uint64(len(m.body)))
		code = append(code, m.body...)
	}
	m.write(bytecode.SectionCode, uint32(m.bodies), code)
	return nil
}

// rewriteBody leaves the rewritten form of one body in m.body.
func (m *module) rewriteBody(r *bytecode.Reader) error {
	function := m.imports + m.bodies
	if function >= len(m.functions) || int64(m.functions[function]) >= int64(len(m.types)) {
		return errors.New("a body without a declared function, or of a type that is not declared")
	}
	m.bodies++
	t := &m.types[m.functions[function]]

	groups := r.U32()
	from := r.Offset()
	locals, wide := uint64(len(t.params)), false
	for n := groups; n > 0 && r.Err() == nil; n-- {
		locals += uint64(r.U32())
		wide = r.Byte() == bytecode.V128 || wide
	}
	if locals > maxLocals {
		return errors.New("too many locals")
	}
	declared := m.in[from:r.Offset()]
	s, err := m.survey(r, int(locals), wide)
	if err != nil {
		return err
	}
	if r.Done(); r.Err() != nil {
		return r.Err()
	}

	e := emitter{code: m.body[:0], gas: m.gas(), stack: m.stack(), left: locals, operand: locals + 1, refill: noRefill}
	if m.refilled {
		e.refill = m.imports
	}
	e.number(uint64(groups) + 2)
	e.bytes(declared...)
	e.bytes(1, bytecode.I64, 1, bytecode.I32)
	if s.calls {
		e.enter(s.frame)
		e.op(bytecode.Block)
		e.bytes(t.block...)
	}
	e.rewrite(m.in, s)
	if s.calls {
		e.op(bytecode.End)
		e.leave(s.frame)
	}
	e.op(bytecode.End)
	m.body = e.code
	return nil
}

// maxLocals is far above what the gate allows. Their number is multiplied with that of blocks.
const maxLocals = 1024

// emitter writes a body.
type emitter struct {
	code []byte

	gas, stack uint64 // indexes of the globals
	left       uint64 // index of the added i64 local: the gas that is left
	operand    uint64 // index of the added i32 local: an operand that is looked at, and the stack that is left
	refill     int    // index of the function that asks for gas, or noRefill
}

const noRefill = -1

func (e *emitter) bytes(b ...byte)      { e.code = append(e.code, b...) }
func (e *emitter) number(v uint64)      { e.code = binary.AppendUvarint(e.code, v) }
func (e *emitter) signed(v int64)       { e.code = appendSigned(e.code, v) }
func (e *emitter) op(o bytecode.Opcode) { e.code = append(e.code, byte(o)) }

// indexed writes an instruction and its index.
func (e *emitter) indexed(o bytecode.Opcode, index uint64) {
	e.op(o)
	e.number(index)
}

// constant writes an instruction that pushes v.
func (e *emitter) constant(o bytecode.Opcode, v int64) {
	e.op(o)
	e.signed(v)
}

// rewrite copies the instructions of a body, without its last end, with the edits made.
func (e *emitter) rewrite(in []byte, s survey) {
	from := 0
	if len(s.edits) > 0 {
		from = s.edits[0].at // the first block begins with the body
	}
	for _, edit := range s.edits {
		e.bytes(in[from:edit.at]...)
		from = edit.at
		switch edit.kind {
		case chargeBlock:
			if edit.cost > 0 {
				e.chargeBlock(int64(edit.cost))
			}
		case chargeBytes:
			e.chargeOperand(bytecode.I64ShrU, bulkShift)
		case chargePages:
			e.chargeOperand(bytecode.I64Shl, growShift)
		case replaceReturn:
			if s.calls {
				e.indexed(bytecode.Br, uint64(edit.nest))
				from++ // a return is one byte
			}
		case moveCall:
			e.indexed(bytecode.Call, uint64(edit.function))
			from = edit.to
		}
	}
	e.bytes(in[from:s.end]...)
}

// chargeBlock subtracts a constant from gas.
func (e *emitter) chargeBlock(cost int64) {
	e.indexed(bytecode.GlobalGet, e.gas)
	e.constant(bytecode.I64Const, cost)
	e.op(bytecode.I64Sub)
	e.spend()
}

// chargeOperand subtracts from gas the i32 on top of the operands, taken as unsigned and shifted, and leaves it there.
func (e *emitter) chargeOperand(shift bytecode.Opcode, by int64) {
	e.indexed(bytecode.LocalSet, e.operand)
	e.indexed(bytecode.GlobalGet, e.gas)
	e.indexed(bytecode.LocalGet, e.operand)
	e.op(bytecode.I64ExtendI32)
	e.constant(bytecode.I64Const, by)
	e.op(shift)
	e.op(bytecode.I64Sub)
	e.spend()
	e.indexed(bytecode.LocalGet, e.operand)
}

// spend takes the gas that is left from the operands, and if it is below zero asks for more or traps. The host that is
// asked gives enough, or does not come back.
func (e *emitter) spend() {
	e.indexed(bytecode.LocalTee, e.left)
	e.indexed(bytecode.GlobalSet, e.gas)
	e.indexed(bytecode.LocalGet, e.left)
	e.constant(bytecode.I64Const, 0)
	e.op(bytecode.I64LtS)
	if e.refill == noRefill {
		e.trapIf()
		return
	}
	e.op(bytecode.If)
	e.bytes(bytecode.EmptyBlock)
	e.indexed(bytecode.Call, uint64(e.refill))
	e.op(bytecode.End)
}

// trapIf takes a condition from the operands and traps if it holds.
func (e *emitter) trapIf() {
	e.op(bytecode.If)
	e.bytes(bytecode.EmptyBlock)
	e.op(bytecode.Unreachable)
	e.op(bytecode.End)
}

// enter subtracts a frame from the stack, and traps if less than nothing is left.
func (e *emitter) enter(frame uint32) {
	e.indexed(bytecode.GlobalGet, e.stack)
	e.constant(bytecode.I32Const, int64(frame))
	e.op(bytecode.I32Sub)
	e.indexed(bytecode.LocalTee, e.operand)
	e.indexed(bytecode.GlobalSet, e.stack)
	e.indexed(bytecode.LocalGet, e.operand)
	e.constant(bytecode.I32Const, 0)
	e.op(bytecode.I32LtS)
	e.trapIf()
}

// leave gives a frame back.
func (e *emitter) leave(frame uint32) {
	e.indexed(bytecode.GlobalGet, e.stack)
	e.constant(bytecode.I32Const, int64(frame))
	e.op(bytecode.I32Add)
	e.indexed(bytecode.GlobalSet, e.stack)
}
