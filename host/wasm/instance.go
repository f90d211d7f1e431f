package wasm

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
	"github.com/tetratelabs/wazero/sys"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/meter"
)

// The gas of a call. A unit is about an instruction, 0.1 to 1.3 ns, but for loads
// that wait for one another: see atOnce.
const (
	// callGas is for what a call does however few its bars: a garbage
	// collection, a table.
	callGas = 8_000_000
	// barGas is for each bar: a window of 500 bars, 10 instructions for each of
	// those, and 3,000 for the rest.
	barGas = 500*10 + 3_000
	// startGas is for ta_describe and the like, and largeStartGas for a language's
	// runtime to start, which takes Go 640,000.
	startGas      = 380_000
	largeStartGas = 1_000_000
)

// budget is the gas of a call over n bars.
func budget(n int) int64 { return callGas + barGas*int64(n) }

// held is for how long a call may hold a processor, in nanoseconds.
const held = 50e6

// dearest is what is reckoned for a unit in a memory of so many bytes, more than was
// seen: a load is a unit, and one whose address is what the load before it gave waits
// for it, in a cache or beyond it, and for two lines where it is half in each, or two
// pages. A processor's own cache of 512 KiB does not hold as much for certain, and what
// it does not hold comes from beyond all caches: others may have the one that is shared
// to themselves. BenchmarkDearestUnit measures it.
var dearest = []struct{ bytes, ns float64 }{
	{64 << 10, 9}, {128 << 10, 14}, {256 << 10, 18}, {512 << 10, 27},
	{1 << 20, 85}, {2 << 20, 180}, {4 << 20, 195}, {8 << 20, 215}, {16 << 20, 240}, {64 << 20, 300},
}

// atOnce is the most gas that a call gets at once with a memory of so many bytes,
// which does not grow.
func atOnce(bytes uint64) int64 {
	size := float64(bytes)
	ns := dearest[0].ns
	for i, to := range dearest[1:] {
		from := dearest[i]
		ns += (to.ns - from.ns) * min(max((size-from.bytes)/(to.bytes-from.bytes), 0), 1)
	}
	return int64(held / ns)
}

// classes are the bars that an instance may have room for; a call takes the
// first that is enough.
var classes = [...]int{1_024, 16_384, MaxBars}

const (
	// MaxBars is the most bars that an instance may have room for.
	MaxBars = 131_072
	// MaxSeries is the most bars that a call may have: over MaxBars they come one
	// by one. At 65 ns each they take 70 ms; with all the gas that they may have,
	// 8,000 units each at 1.3 ns, 11 s, and the sandbox's Timeout is less.
	// The columns are the host's: 8 MiB each, 192 MiB where a module has all the
	// 8 inputs and 16 outputs that it may have.
	MaxSeries = 8 * MaxBars // 1,048,576
)

// barClass is the class for bars that come one by one, the smallest.
const barClass = 0

// classOf is the index of the class for n bars, at most MaxBars.
func classOf(n int) int {
	for c, bars := range classes {
		if n <= bars {
			return c
		}
	}
	panic("wasm: no class has room for so many bars")
}

// instance is a module's memory and globals, for one call at a time.
type instance struct {
	program *program
	module  api.Module
	memory  api.Memory
	linear  *linear
	slices  *purse // of the call that runs, where its gas comes by slices
	limit   uint32 // of the memory, in bytes
	gas     api.MutableGlobal
	stack   api.MutableGlobal
	globals []api.MutableGlobal // the guest's own

	// Those below are set by reserve.
	run   api.Function
	class int
	room  uint32 // the address that ta_alloc gave
	start *snapshot

	waiting *list.Element // in the pool; nil while it runs
}

// instantiate makes an instance and starts its language's runtime. The error is
// a *Fault if that failed.
func (p *program) instantiate() (in *instance, err error) {
	ctx := context.Background() // it is not to be stopped halfway: gas bounds it
	own := &linear{}
	of := experimental.WithMemoryAllocator(ctx, experimental.MemoryAllocatorFunc(func(_, _ uint64) experimental.LinearMemory { return own }))
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions()
	m, err := p.engine.InstantiateModule(of, p.code, config)
	if err != nil {
		return nil, fault(Trap, "it does not start: %s", firstLine(err))
	}
	defer func() {
		if err != nil {
			m.Close(ctx)
		}
	}()
	info := &p.module.info
	in = &instance{program: p, module: m, memory: m.ExportedMemory(gate.ExportMemory), linear: own, limit: uint32(memoryLimit(info.Tier))}
	var metered, bounded bool
	in.gas, metered = m.ExportedGlobal(meter.GasGlobal).(api.MutableGlobal)
	in.stack, bounded = m.ExportedGlobal(meter.StackGlobal).(api.MutableGlobal)
	if !metered || !bounded || in.memory == nil {
		return nil, errors.New("the metered module lacks its counters or its memory")
	}
	for i := 0; ; i++ {
		g := m.ExportedGlobal(meter.GlobalName(i))
		if g == nil {
			break
		}
		mutable, ok := g.(api.MutableGlobal)
		if !ok {
			return nil, fmt.Errorf("global %s of the metered module is not mutable", meter.GlobalName(i))
		}
		in.globals = append(in.globals, mutable)
	}
	if info.HasInitialize {
		if _, err := in.call(gate.ExportInitialize, in.startGas(), nil); err != nil {
			return nil, err
		}
	}
	return in, nil
}

// reserve has the guest find room for the columns and parameters of a class.
// The snapshot is what every call begins with.
func (in *instance) reserve(class, columns, params int) error {
	bytes := 8 * (classes[class]*columns + params)
	stack := []uint64{uint64(bytes)}
	if _, err := in.call(gate.ExportAlloc, in.allocGas(uint64(bytes)), stack); err != nil {
		return err
	}
	in.room = uint32(stack[0])
	switch {
	case in.room == 0:
		return fault(Memory, "ta_alloc has no room for %d bytes", bytes)
	case in.room%8 != 0:
		return fault(BadOutput, "ta_alloc gave address %d, which is not a multiple of 8", in.room)
	case uint64(in.room)+uint64(bytes) > uint64(in.memory.Size()):
		return fault(BadOutput, "ta_alloc gave address %d for %d bytes, and the memory has %d", in.room, bytes, in.memory.Size())
	}
	in.class = class
	in.run = in.module.ExportedFunction(gate.ExportRun)
	in.start = takeSnapshot(in.memory, in.globals)
	in.linear.refused = false
	in.settle()
	return nil
}

// settle leaves the memory as large as it is, in a form that gets its gas at once: how
// much depends on the memory.
func (in *instance) settle() {
	if !in.program.refilled {
		in.linear.room = never
	}
}

// startGas is the gas of each function that is called before ta_alloc. A Small module
// has no more than a call gets at once in the memory that there is.
func (in *instance) startGas() int64 {
	if in.large() {
		return largeStartGas
	}
	return min(startGas, atOnce(uint64(in.memory.Size())))
}

// allocGas is the gas of ta_alloc for so many bytes: 1 for each 64 to have them, and
// what a call gets at once in the memory that there is then, in which it may zero them.
// Some languages take up to 4 MiB more beside, and have to get by in each size. A Large
// module has 1 for each 64 to zero them, and what a start has.
func (in *instance) allocGas(bytes uint64) int64 {
	if in.large() {
		return largeStartGas + 2*int64(bytes/64)
	}
	const beside = 4 << 20
	now := uint64(in.memory.Size())
	gas := atOnce(now)
	for by := bytes; by <= bytes+beside; by += pageSize {
		gas = min(gas, int64(by/64)+atOnce(min(now+by, uint64(in.limit))))
	}
	return gas
}

// mayGrow says whether the memory may have so many bytes in a call before ta_run:
// if what is left of its gas is what a call gets at once with them. What is behind it
// does not count, as others may run here. It is the same in both forms of a Small
// module. A Large one gets its gas by slices, which are short in any memory.
func (in *instance) mayGrow(size uint64) bool {
	runtime.Gosched()
	return in.large() || in.unspent() <= atOnce(size)
}

func (in *instance) large() bool { return in.program.module.info.Tier == gate.Large }

// unspent is what is left of the gas of the call that runs.
func (in *instance) unspent() int64 {
	gas := int64(in.gas.Get())
	if in.slices != nil {
		gas += in.slices.left
	}
	return gas
}

// call calls an export by name, before ta_run. See invoke.
func (in *instance) call(name string, gas int64, stack []uint64) (used uint64, err error) {
	in.linear.room = in.mayGrow
	defer func() { in.linear.room = nil }()
	used, err = in.invoke(context.Background(), in.module.ExportedFunction(name), gas, stack)
	var f *Fault
	if errors.As(err, &f) {
		f.Detail = name + ": " + f.Detail
	}
	return used, err
}

// invoke calls a function with as much gas: stack has its operands and then
// its result. It returns the gas used. After an error, which is a *Fault, or
// ctx's if that was cancelled, the instance is good for nothing but close. Only
// a call whose gas comes by slices ends with ctx, or when its module is halted.
func (in *instance) invoke(ctx context.Context, f api.Function, gas int64, stack []uint64) (used uint64, err error) {
	if stack == nil {
		stack = make([]uint64, 1)
	}
	in.stack.Set(meter.DefaultStack)
	inside := context.Background()
	if in.program.refilled {
		in.slices = &purse{giveWay: func() error { return in.program.module.giveWay(ctx) }, gas: in.gas, left: gas}
		inside = in.slices.open()
	} else {
		in.gas.Set(uint64(gas))
	}
	err = in.enter(inside, f, stack)
	unspent := in.unspent()
	switch {
	case err == nil:
		return uint64(gas - unspent), nil
	case errors.Is(err, errOver):
		return 0, ended(in.slices.over, gas-unspent)
	}
	return 0, in.fault(gas, err)
}

// enter is a call of a function with the gas and the stack that there are. A
// failure of the engine is one of the call.
func (in *instance) enter(ctx context.Context, f api.Function, stack []uint64) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the engine failed: %v", r)
		}
	}()
	return f.CallWithStack(ctx, stack)
}

// fault says what a call that failed is to be blamed for.
func (in *instance) fault(gas int64, err error) *Fault {
	switch meter.CauseOf(in.gas.Get(), in.stack.Get()) {
	case meter.OutOfGas:
		return fault(OutOfGas, "it needs more than the %d units that it had; see the gas of a call in sdk/ABI.md", gas)
	case meter.TooDeep:
		return fault(DepthExceeded, "its calls take more than %d bytes of stack", meter.DefaultStack)
	}
	var exit *sys.ExitError
	detail := firstLine(err)
	if errors.As(err, &exit) {
		detail = fmt.Sprintf("it exited with code %d", exit.ExitCode())
	}
	switch {
	case in.memory.Size() == in.limit:
		return fault(Memory, "it failed with its memory at the limit of %d bytes: %s", in.limit, detail)
	case in.linear.refused:
		return fault(Memory, "it failed when its memory of %d bytes was to grow while it had gas for more than 50 ms: %s; see the gas before ta_run in sdk/ABI.md", in.memory.Size(), detail)
	}
	return fault(Trap, "%s", detail)
}

// reset makes the instance as it was before its first call, or says that it
// cannot.
func (in *instance) reset() bool { return in.start.restore(in.memory, in.globals) }

func (in *instance) close() { in.module.Close(context.Background()) }
