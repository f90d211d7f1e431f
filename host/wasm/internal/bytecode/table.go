package bytecode

// immediate is what follows an opcode.
type immediate uint8

const (
	unknown immediate = iota // not an instruction that may be used
	none
	index
	blockType
	labels
	typeAndTable
	memoryArgument
	memoryArgumentLane
	memoryIndex
	memoryIndexTwice
	dataAndMemory
	number32
	number64
	oneByte
	fourBytes
	eightBytes
	sixteenBytes
	oneValueType
)

// span gives the opcodes from first to last one immediate.
type span struct {
	first, last byte
	immediate
}

// plain are the instructions of one byte (5.4.1 to 5.4.7). The table and reference instructions are left out, as are
// tail calls, exceptions and threads.
var plain = table(
	span{0x00, 0x01, none}, // unreachable, nop
	span{0x02, 0x04, blockType},
	span{0x05, 0x05, none},  // else
	span{0x0b, 0x0b, none},  // end
	span{0x0c, 0x0d, index}, // br, br_if
	span{0x0e, 0x0e, labels},
	span{0x0f, 0x0f, none},  // return
	span{0x10, 0x10, index}, // call
	span{0x11, 0x11, typeAndTable},
	span{0x1a, 0x1b, none}, // drop, select
	span{0x1c, 0x1c, oneValueType},
	span{0x20, 0x24, index},          // locals, globals
	span{0x28, 0x3e, memoryArgument}, // loads, stores
	span{0x3f, 0x40, memoryIndex},    // memory.size, memory.grow
	span{0x41, 0x41, number32},
	span{0x42, 0x42, number64},
	span{0x43, 0x43, fourBytes},
	span{0x44, 0x44, eightBytes},
	span{0x45, 0xc4, none}, // arithmetic; sign extensions from 0xc0
)

// bulk are the instructions behind 0xfc: saturating truncations and bulk memory. Those on tables and elements are left
// out.
var bulk = table(
	span{0x00, 0x07, none},
	span{0x08, 0x08, dataAndMemory},    // memory.init
	span{0x09, 0x09, index},            // data.drop
	span{0x0a, 0x0a, memoryIndexTwice}, // memory.copy
	span{0x0b, 0x0b, memoryIndex},      // memory.fill
)

// vector are the instructions behind 0xfd (5.4.8); the gaps are no instructions. Relaxed ones, whose results differ by
// machine, begin at 0x100 and are left out.
var vector = table(
	span{0x00, 0x0b, memoryArgument}, // loads, v128.store
	span{0x0c, 0x0d, sixteenBytes},   // v128.const, i8x16.shuffle
	span{0x0e, 0x14, none},           // swizzle, splats
	span{0x15, 0x22, oneByte},        // extract_lane, replace_lane
	span{0x23, 0x53, none},           // comparisons, logic
	span{0x54, 0x5b, memoryArgumentLane},
	span{0x5c, 0x5d, memoryArgument}, // load32_zero, load64_zero
	span{0x5e, 0x99, none},           // demote, promote; i8x16, i16x8
	span{0x9b, 0xa1, none}, span{0xa3, 0xa4, none}, span{0xa7, 0xae, none}, span{0xb1, 0xb1, none},
	span{0xb5, 0xba, none}, span{0xbc, 0xc1, none}, span{0xc3, 0xc4, none}, span{0xc7, 0xce, none},
	span{0xd1, 0xd1, none}, span{0xd5, 0xe1, none}, span{0xe3, 0xed, none}, span{0xef, 0xff, none},
)

func table(spans ...span) (t [256]immediate) {
	for _, s := range spans {
		for op := int(s.first); op <= int(s.last); op++ {
			t[op] = s.immediate
		}
	}
	return t
}
