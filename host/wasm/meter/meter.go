// Package meter rewrites a WebAssembly module so that it counts what it does and stops when it has done enough, with
// no help of the engine that runs it. It inserts instructions and globals:
//
//   - gas: every basic block subtracts the cost of its instructions before they run, and traps if that is more than
//     is left; bulk memory instructions and memory.grow also subtract by their size. See cost.go. The gas that a call
//     uses depends on the module and its input alone, never on the run, the machine or the engine.
//   - stack: every function that calls another subtracts the size of its frame while it runs, and traps if that is
//     more than is left, long before the engine's own stack would overflow or grow large.
//   - every mutable global of the module is exported under a name of the meter, so that the host can reset them all.
//
// Custom sections are dropped. Nothing else changes, and the rewritten module computes the same bits.
//
// The host of an instance sets both counters before each call, and reads them after:
//
//	gas := instance.ExportedGlobal(meter.GasGlobal).(api.MutableGlobal)
//	stack := instance.ExportedGlobal(meter.StackGlobal).(api.MutableGlobal)
//	gas.Set(uint64(budget))
//	stack.Set(meter.DefaultStack)
//	err := run.CallWithStack(ctx, operands)
//	used := budget - int64(gas.Get())
//	if err != nil {
//		cause := meter.CauseOf(gas.Get(), stack.Get()) // and then discard the instance
//	}
//
// A new instance has no gas and no stack: a call before they are set ends at once.
//
// RewriteRefilled is for calls that may take long: there a module without gas does not trap but asks the host for more.
//
// # Why an invalid module stays invalid
//
// A module that [gate.Check] let through need not be valid: the types of its operands have not been checked. The
// engine's validator, which does that, sees the rewritten module only, and must refuse it if it would have refused
// the original. It goes through a function with a stack of operand types and a stack of labels. Each sequence that is
// inserted leaves both as they were: it pushes before it pops, or pops one i32 that the instruction behind it was going
// to pop as an i32, and pushes it again; and its if has its end. So the validator comes to each original instruction
// with the stacks it would have had. The one block that is put around a body takes the place of the function's own
// label, with the same types and the same index from everywhere within; a return becomes a branch to it, for which
// the rules are the same. What remains is that there are more locals, globals, types and functions than there were. An
// original instruction that refers to one of those would be invalid before and valid after; the gate refuses it, and so does
// Rewrite.
package meter

import "strconv"

// Version names the cost table and the way of rewriting: with the same version, module and input the gas is the same.
// 2: some instructions of vectors take 4 units, see costConvert.
const Version = 2

// What the rewritten module exports beside the exports it had. None is to be had by an uploaded module: the gate
// refuses exports that begin with gate.ReservedPrefix.
const (
	// GasGlobal is a mutable i64: the gas left. Below zero it has run out.
	GasGlobal = "__meter_gas"
	// StackGlobal is a mutable i32: the bytes of call stack left, by the meter's estimate. Below zero it has run out.
	StackGlobal = "__meter_stack"

	globalPrefix = "__meter_global_"
)

// What a module imports that RewriteRefilled gave, beside the imports it had: a function without parameters and results.
// It finds gas below zero, by as much as the next piece of work costs more than there was, and adds at least that; or it
// panics, which ends the call, and leaves gas below zero if that is why. The module cannot call it, or see it.
const (
	RefillModule   = "__meter"
	RefillFunction = "refill"
)

// MaxGas is the most gas that may be given to a call: subtracting the cost of any one block or instruction, at most
// 1<<42, cannot wrap around.
const MaxGas = 1 << 62

// DefaultStack is the stack to give to a call: 1 MiB is 16,384 of the smallest frames.
const DefaultStack = 1 << 20

// GlobalName is the name under which the i-th mutable global of the module is exported, from 0. Gas and stack are not
// among them.
func GlobalName(i int) string { return globalPrefix + strconv.Itoa(i) }

// Cause is why a call trapped.
type Cause int

// The causes that can be read from the counters.
const (
	Own      Cause = iota // the module's own doing: unreachable, a division by zero, an access out of bounds
	OutOfGas              // it did more than it had gas for
	TooDeep               // its calls nested deeper than it had stack for
)

// String gives the cause in words.
func (c Cause) String() string {
	switch c {
	case OutOfGas:
		return "out of gas"
	case TooDeep:
		return "calls nested too deep"
	}
	return "trap"
}

// CauseOf tells from the two globals, as they were read after a call that trapped, why it did. The inserted code sets
// one of them below zero before it traps, and nothing else does.
func CauseOf(gas, stack uint64) Cause {
	switch {
	case int64(gas) < 0:
		return OutOfGas
	case int32(stack) < 0:
		return TooDeep
	}
	return Own
}
