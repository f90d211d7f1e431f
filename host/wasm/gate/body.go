package gate

import "github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"

func (c *checker) codeSection(r *bytecode.Reader) error {
	at := r.Offset()
	n := r.U32()
	if err := atMost(RuleFunctions, at, n, uint32(c.info.Functions)); err != nil {
		return err
	}
	if err := atMost(RuleCode, at, r.Left(), c.limits().code); err != nil {
		return err
	}
	for ; n > 0 && r.Err() == nil; n-- {
		c.steps++
		body := r.Part()
		if r.Err() != nil {
			return nil
		}
		if err := atMost(RuleBody, body.Offset(), body.Left(), c.limits().body); err != nil {
			return err
		}
		c.info.Body = max(c.info.Body, body.Left())
		if err := c.body(&body); err != nil {
			return err
		}
		if err := body.Err(); err != nil {
			return err
		}
		c.bodies++
	}
	return nil
}

// body checks one function: its locals, and then one instruction after another.
func (c *checker) body(r *bytecode.Reader) error {
	locals, err := c.locals(r)
	if err != nil {
		return err
	}
	f := function{checker: c, limits: c.limits(), locals: locals}
	f.frames = append(f.space[:0], bytecode.Block) // the function itself is a block to branch out of
	for r.More() && len(f.frames) > 0 {
		c.steps++
		in := r.NextInstruction()
		if r.Err() != nil {
			return nil
		}
		if err := f.instruction(&in); err != nil {
			return err
		}
	}
	if r.Err() == nil && len(f.frames) > 0 {
		return refuse(RuleStructure, r.Offset(), "the body ends within %d blocks", len(f.frames))
	}
	r.Done()
	c.info.Charges = max(c.info.Charges, f.charges)
	c.info.Parts = max(c.info.Parts, f.parts)
	c.info.Work += f.parts * f.parts
	return atMost(RuleWork, r.Offset(), c.info.Work, f.limits.work)
}

// locals reads the declared locals and gives their number, parameters included.
func (c *checker) locals(r *bytecode.Reader) (int, error) {
	locals := uint64(len(c.types[c.functions[c.info.Imports+c.bodies]].params))
	for groups := r.U32(); groups > 0 && r.Err() == nil; groups-- {
		c.steps++
		at := r.Offset()
		locals += uint64(r.U32())
		if limit := uint64(c.limits().locals); locals > limit {
			return 0, &Rejection{Rule: RuleLocals, Offset: at, Found: locals, Allowed: limit}
		}
		if t := r.Byte(); !bytecode.IsValueType(t) && r.Err() == nil {
			return 0, refuse(RuleType, at, "value type %#x is not a number or vector", t)
		}
	}
	if err := atMost(RuleLocals, r.Offset(), int(locals), c.limits().locals); err != nil {
		return 0, err
	}
	c.info.Locals = max(c.info.Locals, int(locals))
	return int(locals), nil
}

// function is a body of which a part has been checked.
type function struct {
	*checker
	limits *limits
	locals int

	frames []bytecode.Opcode // the open blocks, outermost first, by what opened them; an if is an Else after its else
	space  [128]bytecode.Opcode
	loops  int // of the open blocks
	blocks int // opened so far

	charges int
	parts   int // basic blocks, about
}

// instruction checks one instruction by what it may be, what it refers to, and what it adds to a limit.
func (f *function) instruction(in *bytecode.Instruction) error {
	if !in.Known {
		return refuse(RuleInstruction, in.From, "opcode %#x %s", uint16(in.Op), feature(in.Op))
	}
	switch in.Op {
	case bytecode.Block, bytecode.Loop, bytecode.If:
		return f.open(in)
	case bytecode.Else:
		f.parts++
		top := len(f.frames) - 1
		if f.frames[top] != bytecode.If {
			return refuse(RuleStructure, in.From, "an else without an if")
		}
		f.frames[top] = bytecode.Else
	case bytecode.End:
		top := len(f.frames) - 1
		if f.frames[top] == bytecode.Loop {
			f.loops--
		}
		f.frames = f.frames[:top]
	case bytecode.Br, bytecode.BrIf:
		f.parts++
		return below("label", in.From, in.Index, len(f.frames))
	case bytecode.BrTable:
		return f.branchTable(in)
	case bytecode.Call:
		return below("function", in.From, in.Index, len(f.functions))
	case bytecode.CallIndirect:
		if !f.hasTable {
			return refuse(RuleIndex, in.From, "a call through a table that is not declared")
		}
		f.checker.indirect++
		if err := atMost(RuleIndirect, in.From, f.checker.indirect, f.limits.indirect); err != nil {
			return err
		}
		return below("type", in.From, in.Index, len(f.types))
	case bytecode.LocalGet, bytecode.LocalSet, bytecode.LocalTee:
		return below("local", in.From, in.Index, f.locals)
	case bytecode.GlobalGet:
		return below("global", in.From, in.Index, len(f.mutable))
	case bytecode.GlobalSet:
		if err := below("global", in.From, in.Index, len(f.mutable)); err != nil {
			return err
		}
		if !f.mutable[in.Index] {
			return refuse(RuleInstruction, in.From, "a change of global %d, which is constant", in.Index)
		}
	case bytecode.MemoryInit:
		if err := below("data segment", in.From, in.Index, max(f.dataCount, 0)); err != nil {
			return err
		}
		return f.charge(in)
	case bytecode.MemoryCopy, bytecode.MemoryFill, bytecode.MemoryGrow:
		return f.charge(in)
	case bytecode.DataDrop:
		return refuse(RuleInstruction, in.From, "data.drop: it cannot be undone between two calls")
	}
	return nil
}

// open enters a block, loop or if.
func (f *function) open(in *bytecode.Instruction) error {
	f.parts++ // what is behind it
	if in.Op != bytecode.Block {
		f.parts++ // what it holds, which runs again, or not at all
	}
	if in.Type >= 0 {
		if in.Type >= int64(len(f.types)) {
			return refuse(RuleIndex, in.From, "type %d of %d", in.Type, len(f.types))
		}
	} else if t := in.Type + 0x80; t != bytecode.EmptyBlock && (t < 0 || !bytecode.IsValueType(byte(t))) {
		return refuse(RuleType, in.From, "a block's type is neither a number nor a vector")
	}
	f.frames = append(f.frames, in.Op)
	f.blocks++
	if in.Op == bytecode.Loop {
		f.loops++
	}
	nest, product := len(f.frames)-1, f.blocks*max(f.locals, 1)
	f.info.Nest = max(f.info.Nest, nest)
	f.info.LoopNest = max(f.info.LoopNest, f.loops)
	f.info.Product = max(f.info.Product, product)
	if err := atMost(RuleNest, in.From, nest, f.limits.nest); err != nil {
		return err
	}
	if err := atMost(RuleLoopNest, in.From, f.loops, MaxLoopNest); err != nil {
		return err
	}
	return atMost(RuleProduct, in.From, product, f.limits.product)
}

func (f *function) branchTable(in *bytecode.Instruction) error {
	f.parts++
	f.info.Labels = max(f.info.Labels, in.LabelCount)
	if err := atMost(RuleLabels, in.From, in.LabelCount, f.limits.labels); err != nil {
		return err
	}
	f.allLabels += in.LabelCount
	if err := atMost(RuleAllLabels, in.From, f.allLabels, f.limits.allLabels); err != nil {
		return err
	}
	for in.Labels.More() {
		f.steps++
		at := in.Labels.Offset()
		if err := below("label", at, in.Labels.U32(), len(f.frames)); err != nil {
			return err
		}
	}
	return nil
}

// charge counts an instruction that the meter charges by its operand.
func (f *function) charge(in *bytecode.Instruction) error {
	f.charges++
	f.parts += 2 // the meter's trap, and what is behind it
	return atMost(RuleCharges, in.From, f.charges, f.limits.charges)
}

// feature says to the author what an instruction that is not in the table belongs to.
func feature(op bytecode.Opcode) string {
	switch {
	case op == 0x12 || op == 0x13:
		return "is a tail call"
	case op == 0x25 || op == 0x26 || op >= 0xfc0c && op <= 0xfc11:
		return "works on tables or elements, which must stay as they are"
	case op >= 0xd0 && op <= 0xd6 || op == 0x14 || op == 0x15:
		return "works on references"
	case op >= 0x06 && op <= 0x0a || op == 0x18 || op == 0x19 || op == 0x1f:
		return "works on exceptions"
	case op == 0xfe:
		return "works on threads"
	case op>>8 == 0xfd:
		return "is a relaxed or unknown vector instruction"
	}
	return "is unknown"
}
