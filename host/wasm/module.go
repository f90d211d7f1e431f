package wasm

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"golang.org/x/sync/semaphore"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/compiled"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
)

// Module is an uploaded module that passed every check. It implements
// registry.Runner and is safe for concurrent use.
type Module struct {
	sandbox *Sandbox
	info    gate.Info
	size    int
	digest  string
	running *semaphore.Weighted // bytes of memory, of its instances that run

	// An engine of its own: nothing of it is shared with another module, its
	// memory limit is that of its tier, and closing it frees everything.
	engine engine
	code   wazero.CompiledModule
	key    compiled.Key // of its native code on the disk

	spec    ta.Spec
	version string
	warmup  ta.Formula
	report  Report

	mu     sync.Mutex
	fresh  string // the folder of native code that is not kept yet; "" for none
	calls  int
	closed bool
	starts [len(classes)]*snapshot // shared by the instances of a class
}

var _ registry.Runner = (*Module)(nil)

// build compiles the metered module and starts it once, as the engine wants
// before several goroutines do.
func (m *Module) build(ctx context.Context, metered []byte) error {
	if err := m.compile(ctx, metered); err != nil {
		return err
	}
	in, err := instantiate(m.engine, m.code, m.info)
	if err != nil {
		return rejectFault("starting it", err)
	}
	defer in.close()
	for i, g := range in.globals {
		switch g.Type() {
		case api.ValueTypeI32, api.ValueTypeI64, api.ValueTypeF32, api.ValueTypeF64:
		default:
			return reject("global", "mutable global %d is a vector, which cannot be put back after a call", i)
		}
	}
	stack := []uint64{0}
	if _, err := in.call(gate.ExportABI, startGas, stack); err != nil {
		return rejectFault("asking for its ABI", err)
	}
	if got := uint32(stack[0]); got != abiVersion {
		return reject("abi", "ta_abi gave %d, and this host speaks version %d", got, abiVersion)
	}
	return nil
}

// abiVersion is that of sdk/ABI.md.
const abiVersion = 1

// Spec is what the module said of itself.
func (m *Module) Spec() *ta.Spec { return &m.spec }

// Warmup is the index of the first bar that can have a value.
func (m *Module) Warmup(a ta.Args) int { return m.warmup.Eval(a) }

// Formula is what Warmup computes.
func (m *Module) Formula() ta.Formula { return m.warmup }

// Version is the module's own.
func (m *Module) Version() string { return m.version }

// Digest is "sha256:" and 64 hexadecimal digits of the uploaded bytes.
func (m *Module) Digest() string { return m.digest }

// Origin says which module computes.
func (m *Module) Origin() *registry.Origin {
	return &registry.Origin{Name: m.spec.Name, Version: m.version, Digest: m.digest}
}

// Report is what the checks found. It is shared: do not write to it.
func (m *Module) Report() *Report { return &m.report }

// Run computes the outputs of in, one for each of the Spec's outputs and as
// long as in, NaN where the module gave no value. The same args and in give
// the same bits and the same gas.
//
// The error is a *Fault if the module is to blame or if ctx's deadline passed
// before there was an instance for the call; ErrClosed after Close; and ctx's
// if it was cancelled. A call that has begun is not stopped: its gas ends it.
func (m *Module) Run(ctx context.Context, args ta.Args, in ta.Columns) (registry.Result, error) {
	if len(in) != len(m.spec.Inputs) {
		return registry.Result{}, fmt.Errorf("%s takes %d columns and was given %d", m.spec.Name, len(m.spec.Inputs), len(in))
	}
	n := len(in[0])
	for _, col := range in {
		if len(col) != n {
			return registry.Result{}, fmt.Errorf("%s was given columns of %d and of %d bars", m.spec.Name, n, len(col))
		}
	}
	if n > MaxBars {
		return registry.Result{}, fault(Memory, "a plugin takes at most %d bars in a call, and there are %d: send fewer", MaxBars, n)
	}
	return m.runIn(ctx, classOf(n), args, in)
}

// runIn is Run in an instance of a class that is large enough.
func (m *Module) runIn(ctx context.Context, class int, args ta.Args, in ta.Columns) (r registry.Result, err error) {
	if most := m.report.MaxBars; len(in[0]) > most {
		return r, fault(Memory, "%s has room for %d bars in a call, and there are %d: send fewer", m.spec.Name, most, len(in[0]))
	}
	if err := m.begin(); err != nil {
		return r, err
	}
	defer m.end()
	inst, release, err := m.lease(ctx, class)
	if err != nil {
		return r, err
	}
	defer func() { release(err) }()
	return inst.compute(&m.spec, args, in)
}

// compute is one call of ta_run.
func (in *instance) compute(spec *ta.Spec, args ta.Args, columns ta.Columns) (r registry.Result, err error) {
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
		for j := range out[i*stride : i*stride+n] {
			out[i*stride+j] = unwritten
		}
	}
	copy(out[outputs*stride:], args.Values())

	at := func(column int) uint64 { return uint64(in.room) + 8*uint64(column*stride) }
	stack := [5]uint64{at(0), uint64(n), uint64(stride), at(inputs + outputs), at(inputs)}
	if r.Gas, err = in.invoke(in.run, budget(n), stack[:]); err != nil {
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
	for i := range outputs {
		col := values[i*n : (i+1)*n : (i+1)*n]
		if bad := take(col, out[i*stride:i*stride+n]); bad >= 0 {
			what := "was not written"
			if math.IsInf(col[bad], 0) {
				what = "is infinite"
			}
			f := fault(BadOutput, "output %s at bar %d %s; write a finite value, or NaN where there is none", spec.Outputs[i].Name, bad, what)
			f.bar = &bad
			return registry.Result{}, f
		}
		r.Outputs = append(r.Outputs, col)
	}
	return r, nil
}

// lease waits until the module may have another instance run, and gives it one
// that no other call has. release takes it back, with the error of the call.
func (m *Module) lease(ctx context.Context, class int) (in *instance, release func(error), err error) {
	weight := memoryLimit(m.info.Tier)
	// Its own share first: waiting for that holds nothing that another module needs.
	if err := m.running.Acquire(ctx, weight); err != nil {
		return nil, nil, late(err)
	}
	if err := m.sandbox.running.Acquire(ctx, weight); err != nil {
		m.running.Release(weight)
		return nil, nil, late(err)
	}
	done := func() {
		m.sandbox.running.Release(weight)
		m.running.Release(weight)
	}
	at := place{m, class}
	if in = m.sandbox.pool.get(at); in == nil {
		if in, err = m.instance(class); err != nil {
			done()
			return nil, nil, err
		}
	}
	return in, func(err error) {
		defer done()
		if spoilt(err) || !in.reset() {
			in.close()
			return
		}
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
		return fault(Timeout, "the request's time was over while other calls had all the memory for plugins")
	}
	return fmt.Errorf("wait for a plugin's instance: %w", err)
}

// instance makes a new instance of a class.
func (m *Module) instance(class int) (*instance, error) {
	in, err := instantiate(m.engine, m.code, m.info)
	if err != nil {
		return nil, err
	}
	if err := in.reserve(class, len(m.spec.Inputs)+len(m.spec.Outputs), len(m.spec.Params)); err != nil {
		in.close()
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	switch first := m.starts[class]; {
	case first == nil:
		m.starts[class] = in.start
	case first.equal(in.start):
		in.start = first
	default:
		in.close()
		return nil, errors.New("two instances of a plugin started differently")
	}
	return in, nil
}

// begin counts a call in, unless the module is closed.
func (m *Module) begin() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrClosed
	}
	m.calls++
	return nil
}

// end counts a call out. The last one of a closed module frees it.
func (m *Module) end() {
	m.mu.Lock()
	m.calls--
	free := m.closed && m.calls == 0
	m.mu.Unlock()
	if free {
		m.free()
	}
}

// Close unloads the module. Calls that run are finished first, and then free
// it; those that come later get ErrClosed.
func (m *Module) Close() {
	m.mu.Lock()
	free := !m.closed && m.calls == 0
	m.closed = true
	m.mu.Unlock()
	if free {
		m.free()
	}
}

func (m *Module) free() {
	m.sandbox.pool.drain(m)
	m.engine.close()
	m.discard()
	m.sandbox.remove(m)
}
