package meter

import "github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"

// The cost table. A unit is about one plain instruction, 0.1 to 1.3 ns; instructions that are far dearer have weights
// that bring them near that, so that a budget bounds the time. Loads have none, though one that waits for the memory may
// take a hundred times that: docs/adr/0010 has what follows from it. Costs are part of what a module's author sees and must not
// change without a new Version.
const (
	// costPlain is that of every instruction not named here.
	costPlain = 1
	// costSlow is that of division, remainder and square root: 13 to 20 cycles where an addition takes 1 to 4. A
	// vector has two.
	costSlow       = 8
	costSlowVector = 2 * costSlow
	// costConvert is that of the conversions of vectors that take several instructions of the processor, one after the
	// other, and of i64x2.shr_s: 2.9 to 3.9 ns.
	costConvert = 4
	// costCall is the frame: arguments, the meter's own entry and exit. Through the table also its checks.
	costCall         = 4
	costCallIndirect = 8
	// costBranchTable is a bounds check and an indirect jump.
	costBranchTable = 4
	// costBulk is a call out of the compiled code; the bytes come on top.
	costBulk = 16
	// costGrow is a call into the host, 16 ns per plain unit were it not weighted; the pages come on top.
	costGrow = 256

	// bulkShift: memory.fill, copy and init cost 1 for each 64 = 1<<6 bytes, 1.1 to 1.3 ns.
	bulkShift = 6
	// growShift: memory.grow costs 1,024 = 1<<10 for each page, which is 64 KiB at 1 for 64 bytes.
	growShift = 16 - bulkShift
)

// ImportGas is the cost of calling a function of the host, whatever it does: that of 64 KiB of copying, which is the
// most that the host may do in one such call.
const ImportGas = 64 << 10 >> bulkShift

// cost is what the opcode alone says an instruction costs. Those that compile to nothing are free.
func cost(op bytecode.Opcode) uint32 {
	switch {
	case op == bytecode.Nop, op == bytecode.Block, op == bytecode.Loop, op == bytecode.Else, op == bytecode.End:
		return 0
	case op >= 0x6d && op <= 0x70, // i32 division and remainder
		op >= 0x7f && op <= 0x82, // i64
		op == 0x91, op == 0x95,   // f32 square root and division
		op == 0x9f, op == 0xa3: // f64
		return costSlow
	case op == 0xfde3, op == 0xfde7, op == 0xfdef, op == 0xfdf3: // f32x4 and f64x2
		return costSlowVector
	case op == 0xfdcc, // i64x2.shr_s
		op == 0xfdf8, op == 0xfdf9, // i32x4.trunc_sat_f32x4, signed and unsigned
		op == 0xfdfb, // f32x4.convert_i32x4_u
		op == 0xfdfd: // i32x4.trunc_sat_f64x2_u_zero
		return costConvert
	case op == bytecode.Call:
		return costCall
	case op == bytecode.CallIndirect:
		return costCallIndirect
	case op == bytecode.BrTable:
		return costBranchTable
	case op == bytecode.MemoryGrow:
		return costGrow
	case op == bytecode.MemoryCopy, op == bytecode.MemoryFill, op == bytecode.MemoryInit:
		return costBulk
	}
	return costPlain
}
