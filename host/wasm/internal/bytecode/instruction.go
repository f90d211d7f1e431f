package bytecode

// Opcode is an instruction's byte, or for those of two numbers the prefix byte in the high half and the second number
// in the low half.
type Opcode uint16

// Opcodes that the gate or the meter treat in a way of their own (5.4).
const (
	Unreachable  Opcode = 0x00
	Nop          Opcode = 0x01
	Block        Opcode = 0x02
	Loop         Opcode = 0x03
	If           Opcode = 0x04
	Else         Opcode = 0x05
	End          Opcode = 0x0b
	Br           Opcode = 0x0c
	BrIf         Opcode = 0x0d
	BrTable      Opcode = 0x0e
	Return       Opcode = 0x0f
	Call         Opcode = 0x10
	CallIndirect Opcode = 0x11
	Select       Opcode = 0x1b
	SelectTyped  Opcode = 0x1c
	LocalGet     Opcode = 0x20
	LocalSet     Opcode = 0x21
	LocalTee     Opcode = 0x22
	GlobalGet    Opcode = 0x23
	GlobalSet    Opcode = 0x24
	I32Load      Opcode = 0x28
	I32Store     Opcode = 0x36
	MemorySize   Opcode = 0x3f
	MemoryGrow   Opcode = 0x40
	I32Const     Opcode = 0x41
	I64Const     Opcode = 0x42
	F32Const     Opcode = 0x43
	F64Const     Opcode = 0x44
	I32LtS       Opcode = 0x48
	I64LtS       Opcode = 0x53
	I32Add       Opcode = 0x6a
	I32Sub       Opcode = 0x6b
	I64Sub       Opcode = 0x7d
	I64Shl       Opcode = 0x86
	I64ShrU      Opcode = 0x88
	I64ExtendI32 Opcode = 0xad // unsigned
	MemoryInit   Opcode = 0xfc08
	DataDrop     Opcode = 0xfc09
	MemoryCopy   Opcode = 0xfc0a
	MemoryFill   Opcode = 0xfc0b
	V128Const    Opcode = 0xfd0c
)

// Instruction is one instruction and its immediates.
type Instruction struct {
	Op       Opcode
	Known    bool // in the table; of an unknown one nothing but Op and From is given, and reading cannot go on
	From, To int  // its extent in the module

	// Index is the immediate that says which: the label, function, type, local, global or data segment.
	Index uint32
	// Type is a block's: -64 for none, another negative number for one value type (5.4.1), else a type's index.
	Type int64
	// Labels are the targets of a br_table, its default one last; LabelCount counts them all.
	Labels     Reader
	LabelCount int
}

// NextInstruction reads one instruction. Of the proposals after version 1.0 the table has sign extension, saturating
// truncation, multiple values, bulk memory and vectors.
func (r *Reader) NextInstruction() Instruction {
	in := Instruction{From: r.at}
	b := r.Byte()
	follows := plain[b]
	in.Op = Opcode(b)
	if b == 0xfc || b == 0xfd {
		sub := r.U32()
		switch {
		case b == 0xfc && sub < uint32(len(bulk)):
			follows = bulk[sub]
		case b == 0xfd && sub < uint32(len(vector)):
			follows = vector[sub]
		}
		in.Op = Opcode(b)<<8 | Opcode(min(sub, 0xff)) // 0xff stands for all that are beyond the table, too
	}
	switch follows {
	case index:
		in.Index = r.U32()
	case blockType:
		in.Type = r.Signed(33)
	case labels:
		n := r.U32()
		if uint64(n) >= uint64(r.Left()) { // each of the n+1 labels takes a byte at least
			r.Fail(in.From, "a br_table has more labels than bytes are left")
			break
		}
		from := r.at
		in.LabelCount = int(n) + 1
		for range in.LabelCount {
			r.U32()
		}
		in.Labels = Reader{module: r.module[:r.at], at: from}
	case typeAndTable:
		in.Index = r.U32()
		r.zero(in.From, r.U32())
	case memoryArgument:
		r.memoryArgument(in.From)
	case memoryArgumentLane:
		r.memoryArgument(in.From)
		r.Byte()
	case memoryIndex:
		r.zero(in.From, uint32(r.Byte()))
	case memoryIndexTwice:
		r.zero(in.From, uint32(r.Byte()))
		r.zero(in.From, uint32(r.Byte()))
	case dataAndMemory:
		in.Index = r.U32()
		r.zero(in.From, uint32(r.Byte()))
	case number32:
		r.Signed(32)
	case number64:
		r.Signed(64)
	case oneByte:
		r.Byte()
	case fourBytes:
		r.Bytes(4)
	case eightBytes:
		r.Bytes(8)
	case sixteenBytes:
		r.Bytes(16)
	case oneValueType:
		if r.U32() != 1 || !IsValueType(r.Byte()) {
			r.Fail(in.From, "a select's type is not one number or vector type")
		}
	}
	in.Known = follows != unknown
	in.To = r.at
	return in
}

// zero faults unless i, the index of a memory or table, is that of the only one there may be.
func (r *Reader) zero(at int, i uint32) {
	if i != 0 {
		r.Fail(at, "a memory or table other than the first")
	}
}

// memoryArgument reads an alignment and an offset (5.4.6).
func (r *Reader) memoryArgument(at int) {
	// The largest access is 16 = 1<<4 bytes; a higher bit would mean a memory index, of a later proposal.
	if r.U32() > 4 {
		r.Fail(at, "an alignment above 16 bytes")
	}
	r.U32()
}
