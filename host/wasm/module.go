package wasm

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/tetratelabs/wazero/api"
	"golang.org/x/sync/semaphore"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
)

// Module is an uploaded module that passed every check. It implements
// registry.Runner and is safe for concurrent use.
type Module struct {
	sandbox *Sandbox
	info    gate.Info

	digest string

	original []byte       // as it was uploaded
	quick    program      // for all calls but those that take long; if it is Large, for those, too
	heavy    atomic.Int64 // the fewest bars that took long; 0 for none
	halted   atomic.Bool

	spec    ta.Spec
	version string
	warmup  ta.Formula
	report  Report

	making    *semaphore.Weighted // held by the call that makes slow
	mu        sync.Mutex
	slow      *program // for calls that take long; nil before the first
	slowFault error    // why there is none and never will be
	kept      bool     // native code is to stay on the disk
	calls     int
	closed    bool
}

var _ registry.Runner = (*Module)(nil)

// start starts the module once, as the engine wants before several goroutines do.
func (m *Module) start() error {
	in, err := m.quick.instantiate()
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
	if _, err := in.call(gate.ExportABI, in.startGas(), stack); err != nil {
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

// MemoryBytes is the memory of an instance for a call of so many bars, which the
// module Takes, before the first call.
func (m *Module) MemoryBytes(bars int) uint64 {
	class := barClass
	if bars <= m.report.MaxBars {
		class = classOf(bars)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return uint64(m.quick.starts[class].size)
}

// Report is what the checks found. It is shared: do not write to it.
func (m *Module) Report() *Report { return &m.report }

// Run computes the outputs of in, one for each of the Spec's outputs and as
// long as in, NaN where the module gave no value. The same args and in give
// the same bits and the same gas. More bars than its memory has room for are given
// to the module one by one: its checks have shown that this gives the same bits.
//
// The error is a *Fault if the module is to blame or if ctx's deadline passed
// before there was an instance for the call; an *admission.Busy if too many calls
// of ctx's tenant wait for theirs; ErrClosed after Close; and ctx's if it was
// cancelled. A call that has begun is ended by its gas; one that takes long, and any
// of a Large module, by ctx, too, and by Halt; and one that takes long after the
// sandbox's Timeout.
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
	switch err := m.Takes(n); {
	case err != nil:
		return registry.Result{}, err
	case n > m.report.MaxBars:
		return m.runBars(ctx, args, in)
	}
	return m.runIn(ctx, classOf(n), args, in)
}

// Takes says why a call cannot have so many bars: a *Fault, or nil if it can. Over
// the Report's MaxBars, it can if the module takes them one by one.
func (m *Module) Takes(bars int) error {
	switch most := m.report.MaxBars; {
	case bars > MaxSeries:
		return fault(Memory, "a plugin takes at most %d bars in a call, and there are %d: send fewer", MaxSeries, bars)
	case bars > most && !m.Streams():
		return fault(Memory, "%s has room for %d bars in a call, and there are %d: send fewer, or have it export %s, with which it takes %d (the SDKs make that and %s of one function)",
			m.spec.Name, most, bars, gate.ExportBar, MaxSeries, gate.ExportRun)
	}
	return nil
}

// runIn is Run in an instance of a class that is large enough.
func (m *Module) runIn(ctx context.Context, class int, args ta.Args, in ta.Columns) (r registry.Result, err error) {
	n := len(in[0])
	if err := m.begin(); err != nil {
		return r, err
	}
	defer m.end()
	gas := budget(n)
	if heavy := m.heavy.Load(); heavy == 0 || int64(n) < heavy {
		if r, err = m.quick.run(ctx, class, gas, args, in); !errors.Is(err, errLong) {
			return r, err
		}
		m.heavy.Store(int64(n)) // two calls may race for it: either will do
	}
	return m.runSlow(ctx, class, gas, args, in)
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

// Halt has calls that wait for an instance refused with ErrHalted, and those that
// come later, until it is taken back. Those that run go on to the end of their gas, or
// of what they have at once if they take long or the module is Large.
func (m *Module) Halt(halted bool) { m.halted.Store(halted) }

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
	m.quick.free()
	if m.slow != nil {
		m.slow.free()
	}
	m.sandbox.remove(m)
}
