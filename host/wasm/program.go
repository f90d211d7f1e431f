package wasm

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/tetratelabs/wazero"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/compiled"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/meter"
)

// program is native code of one form of a module, and the instances of it.
type program struct {
	module   *Module
	refilled bool // its gas comes by slices

	// An engine of its own: nothing of it is shared with another module, its
	// memory limit is that of its tier, and closing it frees everything.
	engine engine
	code   wazero.CompiledModule
	key    compiled.Key // of its native code on the disk

	// Guarded by the module's mu.
	fresh  string                  // the folder of native code that is not kept yet; "" for none
	starts [len(classes)]*snapshot // shared by the instances of a class
}

// rewrite meters a module for the form.
func (p *program) rewrite(module []byte) ([]byte, error) {
	if p.refilled {
		return meter.RewriteRefilled(module)
	}
	return meter.Rewrite(module)
}

// errLong is for a call that takes long: it is to be begun anew among those that do,
// in the form that gets its gas by slices.
var errLong = errors.New("the call takes long")

// shortGas is what a call gets, by slices, before it takes long: a guest in Go needs
// 1,600,000 over 1,000 bars. It is 5 ms at 1.3 ns a unit.
const shortGas = 4_000_000

// run is one call with as much gas, of which it gets so much as is short: by slices
// shortGas, else what its memory allows at once. The error is errLong where that was
// not enough, or where its memory was to grow, after which a unit of gas may take
// longer.
func (p *program) run(ctx context.Context, class int, gas int64, args ta.Args, in ta.Columns) (r registry.Result, err error) {
	inst, release, err := p.lease(ctx, class)
	if err != nil {
		return r, err
	}
	defer func() { release(err) }()
	short := int64(shortGas)
	if !p.refilled {
		short = atOnce(uint64(inst.memory.Size()))
	}
	first := min(gas, short)
	r, err = inst.compute(ctx, &p.module.spec, first, args, in)
	if inst.linear.refused || first < gas && errors.Is(err, ErrOutOfGas) {
		return registry.Result{}, errLong
	}
	return r, err
}

// compute is one call of ta_run.
func (in *instance) compute(ctx context.Context, spec *ta.Spec, gas int64, args ta.Args, columns ta.Columns) (r registry.Result, err error) {
	n, stride := len(columns[0]), classes[in.class]
	inputs, outputs, params := len(spec.Inputs), len(spec.Outputs), len(spec.Params)
	area := func() ([]float64, bool) {
		return floats(in.memory, in.room, stride*(inputs+outputs)+params)
	}
	room, ok := area()
	if !ok {
		return r, fmt.Errorf("the columns of %s are not in its memory", spec.Name)
	}
	for i, col := range columns {
		give(room[i*stride:i*stride+n], col)
	}
	out := room[inputs*stride:]
	for i := range outputs {
		unwrite(out[i*stride : i*stride+n])
	}
	copy(out[outputs*stride:], args.Values())

	at := func(column int) uint64 { return uint64(in.room) + 8*uint64(column*stride) }
	stack := [5]uint64{at(0), uint64(n), uint64(stride), at(inputs + outputs), at(inputs)}
	if r.Gas, err = in.invoke(ctx, in.run, gas, stack[:]); err != nil {
		return registry.Result{}, err
	}
	if code := int32(stack[0]); code != 0 {
		f := fault(Trap, "ta_run returned code %d", code)
		f.Code = code
		return registry.Result{}, f
	}
	if room, ok = area(); !ok { // a view of before is worthless once the memory has grown
		return registry.Result{}, fmt.Errorf("the columns of %s are no longer in its memory", spec.Name)
	}
	out = room[inputs*stride:]
	values := make([]float64, n*outputs)
	r.Outputs = make(ta.Columns, 0, outputs)
	for i := range outputs {
		col := values[i*n : (i+1)*n : (i+1)*n]
		if bad := take(col, out[i*stride:i*stride+n]); bad >= 0 {
			return registry.Result{}, badValue(spec.Outputs[i].Name, bad, col[bad])
		}
		r.Outputs = append(r.Outputs, col)
	}
	return r, nil
}

// badValue is the fault of an output that is infinite or was not written.
func badValue(output string, bar int, v float64) *Fault {
	what := "was not written"
	if math.IsInf(v, 0) {
		what = "is infinite"
	}
	f := fault(BadOutput, "output %s at bar %d %s; write a finite value, or NaN where there is none", output, bar, what)
	f.bar = &bar
	return f
}

// lease waits until the tenant of ctx may have another instance run, and gives it
// one that no other call has. release takes it back, with the error of the call.
func (p *program) lease(ctx context.Context, class int) (in *instance, release func(error), err error) {
	m := p.module
	room, err := m.sandbox.doors.calls.Enter(ctx, memoryLimit(m.info.Tier))
	if err != nil {
		return nil, nil, late(err)
	}
	defer func() {
		if release == nil { // also where the engine panics
			room.Leave()
		}
	}()
	if m.halted.Load() {
		return nil, nil, ErrHalted
	}
	at := place{p, class}
	if in = m.sandbox.pool.get(at); in == nil {
		if in, err = p.instance(class); err != nil {
			return nil, nil, err
		}
	}
	return in, func(err error) {
		defer room.Leave()
		if spoilt(err) || !in.reset() {
			in.close()
			return
		}
		in.slices = nil // it knows the caller
		m.sandbox.pool.put(at, in)
	}, nil
}

// spoilt says whether a call may have left its instance in a state that no
// reset can mend: anything but an answer, or a code that ta_run returned.
func spoilt(err error) bool {
	var f *Fault
	return err != nil && !(errors.As(err, &f) && f.Code != 0)
}

// late is the error of a call whose time ended before it began.
func late(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fault(Timeout, "the request's time was over while other calls had all the room for plugins")
	}
	return fmt.Errorf("wait for a plugin's instance: %w", err)
}

// instance makes a new instance of a class.
func (p *program) instance(class int) (*instance, error) {
	in, err := p.instantiate()
	if err != nil {
		return nil, err
	}
	spec := &p.module.spec
	if err := in.reserve(class, len(spec.Inputs)+len(spec.Outputs), len(spec.Params)); err != nil {
		in.close()
		return nil, err
	}
	p.module.mu.Lock()
	defer p.module.mu.Unlock()
	switch first := p.starts[class]; {
	case first == nil:
		p.starts[class] = in.start
	case first.equal(in.start):
		in.start = first
	default:
		in.close()
		return nil, errors.New("two instances of a plugin started differently")
	}
	return in, nil
}

// free frees all that there is of it. No call is running.
func (p *program) free() {
	p.module.sandbox.pool.drain(p)
	p.engine.close()
	p.discard()
}
