// Package wasm runs what users upload: WebAssembly modules that compute one
// indicator each, by the contract of sdk/ABI.md. It is the only package that
// knows the engine, wazero.
//
// A module is a stranger's. Load lets it through a gate (package gate), has it
// rewritten so that it counts its own work (package meter), compiles it, and
// tries it on bars of its own before anyone else does. Run then gives it an
// instance that no other call has, and enough gas for an indicator; takes the
// numbers out; and puts the instance's memory and globals back to what they
// were. An instance that trapped is thrown away. So a call costs no more than
// it may, says the same on every run, and leaves nothing behind.
//
// A running module cannot be interrupted, not even by the garbage collector.
// What a call gets of gas at once is therefore no more than lasts 50 ms. A
// Small module's call that needs more is begun anew in a form of the module that
// gets its gas slice by slice, and between two of them makes room for others, and
// ends when its time is over. A Large module has that form alone, and where a call
// needs more than is short it is begun anew as one that takes long. A call of more
// bars than an instance has room for makes room and ends so, too: they are given to
// the module one by one, if it takes them so.
package wasm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/gravitywavesml/gravity_techanalysis/host/admission"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/compiled"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
)

const (
	// idleMemory is what instances that wait for a call may have in all. Those
	// unused for longest go first.
	idleMemory = 128 << 20
	pageSize   = 64 << 10
)

// Config is what a Sandbox is made of.
type Config struct {
	Limits
	// Timeout is how long a call may take that takes long; 0 for DefaultTimeout.
	Timeout time.Duration
	// CodeDir is where native code is kept, so that a module is compiled once
	// and not at each start; "" for nowhere. Nobody else may write there.
	CodeDir string
	// Compiled is told of each module that was made ready to run: whether its
	// native code was kept, or else it was compiled, and how long that took. It
	// may be nil.
	Compiled func(kept bool, took time.Duration)
	// Ended is told of each compiler that the system ended, which is an ErrCompiler.
	// It may be nil.
	Ended func()
	// Log is told what is wrong with CodeDir and the compiler; nil for nobody.
	Log *slog.Logger
}

// Sandbox loads modules and bounds what they use together. It is safe for
// concurrent use.
type Sandbox struct {
	doors   doors               // for calls and for loading
	compile *semaphore.Weighted // one process at a time
	first   *semaphore.Weighted // one for each processor, before anybody is served
	timeout time.Duration       // of a call that takes long
	pool    pool

	code     *compiled.Cache // nil for none
	engine   string          // what the native code in it is for
	compiled func(kept bool, took time.Duration)
	ended    func()
	log      *slog.Logger

	mu      sync.Mutex
	closed  bool
	modules map[*Module]struct{} // those not closed
}

// New returns a Sandbox without modules.
func New(c Config) (*Sandbox, error) {
	doors, err := c.doors()
	if err != nil {
		return nil, err
	}
	s := &Sandbox{
		doors:    doors,
		compile:  semaphore.NewWeighted(1),
		first:    semaphore.NewWeighted(int64(min(runtime.GOMAXPROCS(0), mostCompilers))),
		modules:  make(map[*Module]struct{}),
		timeout:  c.Timeout,
		compiled: c.Compiled,
		ended:    c.Ended,
		log:      c.Log,
	}
	if s.timeout == 0 {
		s.timeout = DefaultTimeout
	}
	if s.compiled == nil {
		s.compiled = func(bool, time.Duration) {}
	}
	if s.ended == nil {
		s.ended = func() {}
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if c.CodeDir != "" {
		s.openCode(c.CodeDir)
	}
	return s, nil
}

// Close unloads every module. Calls that run are finished first; those that
// come later get ErrClosed.
func (s *Sandbox) Close() {
	s.mu.Lock()
	s.closed = true
	var modules []*Module
	for m := range s.modules {
		modules = append(modules, m)
	}
	s.mu.Unlock()
	for _, m := range modules {
		m.Close()
	}
}

// trials is the tenant of the calls of modules on trial. There is one at a time, and
// all others wait for it: so its calls are in no line that its uploader fills.
const trials admission.Tenant = "modules on trial"

// MaxBytes is the most bytes that a module may have.
func MaxBytes() int64 { return int64(gate.Large.MaxBytes()) }

// TooLarge is what Load says of a module of so many bytes, over MaxBytes, for who
// would have to read it first.
func TooLarge(bytes int64) error { return structural(gate.CheckSize(int(bytes))) }

// Load makes a Module of uploaded bytes, which it keeps: do not change them. The
// error is a *Rejected if the module is to blame, ErrCompiler if the system ended the
// compiler, ErrClosed after Close, an *admission.Busy if too much of the context's
// tenant waits, and the context's if that ended while other modules were being loaded.
func (s *Sandbox) Load(ctx context.Context, code []byte) (*Module, error) {
	info, err := gate.Check(code)
	if err != nil {
		return nil, structural(err)
	}
	place, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer place.Leave()
	m, err := s.make(ctx, info, code, s.compile)
	if err != nil {
		return nil, err
	}
	return m.examined(ctx)
}

// LoadFirst is Load before anybody is served: several modules may have a processor
// each to be compiled on. They are still tried one at a time.
func (s *Sandbox) LoadFirst(ctx context.Context, code []byte) (*Module, error) {
	info, err := gate.Check(code)
	if err != nil {
		return nil, structural(err)
	}
	m, err := s.make(ctx, info, code, s.first)
	if err != nil {
		return nil, err
	}
	place, err := s.enter(ctx)
	if err != nil {
		m.Close()
		return nil, err
	}
	defer place.Leave()
	return m.examined(ctx)
}

// enter waits for the turn of the context's tenant to load a module.
func (s *Sandbox) enter(ctx context.Context) (admission.Place, error) {
	place, err := s.doors.loads.Enter(ctx, 0)
	if err != nil {
		return place, fmt.Errorf("wait for other modules to be loaded: %w", err)
	}
	return place, nil
}

// make makes a module that is compiled, and nothing more.
func (s *Sandbox) make(ctx context.Context, info gate.Info, code []byte, turns *semaphore.Weighted) (*Module, error) {
	m := s.module(info, code)
	metered, err := m.quick.rewrite(code)
	if err != nil {
		return nil, reject("meter", "%s", firstLine(err))
	}
	if err := s.add(m); err != nil {
		return nil, err
	}
	if err := caught(func() error { return m.quick.compile(ctx, metered, turns) }); err != nil {
		m.Close()
		return nil, err
	}
	return m, nil
}

// module is one that is yet to be compiled.
func (s *Sandbox) module(info gate.Info, code []byte) *Module {
	digest := sha256.Sum256(code)
	m := &Module{
		sandbox: s, info: info, original: code, digest: digestPrefix + hex.EncodeToString(digest[:]),
		making: semaphore.NewWeighted(1),
	}
	// A Large module has one form, in which a call of a guest in Go takes 13 to 26 %
	// longer: it has the memory in which a unit of gas may take longest, and two would
	// take the compiler twice as long.
	m.quick = program{module: m, refilled: info.Tier == gate.Large}
	return m
}

const digestPrefix = "sha256:"

// examined is a compiled module that is fit to run. What is not is closed.
func (m *Module) examined(ctx context.Context) (*Module, error) {
	ctx = admission.WithOwn(ctx, trials)
	err := caught(func() error {
		if err := m.start(); err != nil {
			return err
		}
		if err := m.describe(); err != nil {
			return err
		}
		if err := m.measure(); err != nil {
			return err
		}
		return m.try(ctx)
	})
	if err != nil {
		m.Close()
		return nil, err
	}
	return m, nil
}

// caught is the error of a step of Load. Should the engine panic on what the gate let
// through, it is the module that is refused.
func caught(step func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = reject("validation", "the engine failed on it: %v", r)
		}
	}()
	return step()
}

func (s *Sandbox) add(m *Module) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	s.modules[m] = struct{}{}
	return nil
}

func (s *Sandbox) remove(m *Module) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.modules, m)
}

// structural makes a rejection of the gate one of Load's.
func structural(err error) error {
	var r *gate.Rejection
	if !errors.As(err, &r) {
		return fmt.Errorf("check the module: %w", err)
	}
	offset := int64(r.Offset)
	detail := r.Detail
	if r.Found != 0 || r.Allowed != 0 {
		detail = fmt.Sprintf("%d, at most %d allowed", r.Found, r.Allowed)
		if r.Detail != "" {
			detail += ": " + r.Detail
		}
	}
	return &Rejected{Gate: string(r.Rule), Detail: detail, Offset: &offset}
}

// memoryLimit is the most memory of an instance, in bytes.
func memoryLimit(t gate.Tier) int64 { return int64(t.MaxPages()) * pageSize }
