package wasm

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/meter"
)

// A call that does not get by with what it gets before takes long: with what a Small
// module gets at once, and a Large one by slices, which is shortGas. It is begun anew
// among those that take long, in the form of the module that asks the host for its gas
// slice by slice, the only one that a Large module has: each time others may run, the
// garbage collector among them, and a call whose time is over ends.

// DefaultTimeout is how long a call may take, as a Config has it. The most gas
// that a call may have, for MaxBars, takes 1.4 s of a processor at 1.3 ns a unit.
const DefaultTimeout = 10 * time.Second

// sliceGas is what a call gets at a time: 0.2 ms at 1.3 ns a unit, and 48 ms at
// 300, the worst in the largest memory that there is; this one may grow.
const sliceGas = 160_000

// runSlow is run of a call that may take long.
func (m *Module) runSlow(ctx context.Context, class int, gas int64, args ta.Args, in ta.Columns) (r registry.Result, err error) {
	inst, release, err := m.leaseLong(ctx, class, m.slowProgram)
	if err != nil {
		return r, err
	}
	defer func() { release(err) }()
	// Its time begins here: how long it waited says nothing of the module.
	ctx, cancel := context.WithTimeout(ctx, m.sandbox.timeout)
	defer cancel()
	return inst.compute(ctx, &m.spec, gas, args, in)
}

// leaseLong is lease for what may take long, of the form that made gives. It has to
// be let in twice: among what takes long, so that there is always room for the
// rest, and then as all.
func (m *Module) leaseLong(ctx context.Context, class int, made func(context.Context) (*program, error)) (in *instance, release func(error), err error) {
	room, err := m.sandbox.doors.long.Enter(ctx, memoryLimit(m.info.Tier))
	if err != nil {
		return nil, nil, late(err)
	}
	defer func() {
		if release == nil {
			room.Leave()
		}
	}()
	p, err := made(ctx)
	if err != nil {
		return nil, nil, err
	}
	in, back, err := p.lease(ctx, class)
	if err != nil {
		return nil, nil, err
	}
	return in, func(err error) {
		defer room.Leave()
		back(err)
	}, nil
}

// slowProgram is the module's refilled form. That of a Small module is made when it is
// first needed: few are ever called over so many bars.
func (m *Module) slowProgram(ctx context.Context) (*program, error) {
	if m.quick.refilled {
		return &m.quick, nil
	}
	made := func() (*program, error) {
		m.mu.Lock()
		defer m.mu.Unlock()
		return m.slow, m.slowFault
	}
	if p, err := made(); p != nil || err != nil {
		return p, err
	}
	if err := m.making.Acquire(ctx, 1); err != nil {
		return nil, late(err)
	}
	defer m.making.Release(1)
	if p, err := made(); p != nil || err != nil { // by the call before
		return p, err
	}
	p := &program{module: m, refilled: true}
	metered, err := p.rewrite(m.original)
	if err != nil {
		return nil, fmt.Errorf("meter %s for calls that take long: %w", m.spec.Name, err)
	}
	err = p.compile(context.WithoutCancel(ctx), metered, m.sandbox.compile) // it is for those that come later, too
	if err != nil {
		p.free()
		if errors.Is(err, ErrRejected) { // it would be again
			err = fault(OutOfGas, "it needs more gas than a short call has, and has no form for long ones: %v", err)
			m.mu.Lock()
			m.slowFault = err
			m.mu.Unlock()
		}
		return nil, err
	}
	m.mu.Lock()
	m.slow = p
	kept := m.kept
	m.mu.Unlock()
	if kept {
		p.keep()
	}
	return p, nil
}

// giveWay lets others run, and says why a call that takes long is to end now, if it
// is.
func (m *Module) giveWay(ctx context.Context) error {
	runtime.Gosched()
	if m.halted.Load() {
		return ErrHalted
	}
	return ctx.Err()
}

// ended is the error of a call that giveWay ended.
func ended(why error, used int64) error {
	switch {
	case errors.Is(why, ErrHalted):
		return why
	case errors.Is(why, context.DeadlineExceeded):
		return fault(Timeout, "it was stopped when its time was over, after %d units of gas", used)
	}
	return fmt.Errorf("a plugin's call was given up: %w", why)
}

// purse is the gas of a call that gets it by slices.
type purse struct {
	giveWay func() error
	gas     api.MutableGlobal
	left    int64 // not given yet
	over    error // what giveWay said
}

type purseKey struct{}

// errSpent and errOver end a call from within.
var (
	errSpent = errors.New("all gas was given")
	errOver  = errors.New("it was to end")
)

// open gives the first slice, and is the context of the call.
func (p *purse) open() context.Context {
	first := min(sliceGas, p.left)
	p.left -= first
	p.gas.Set(uint64(first))
	return p.within()
}

// within is the context of a call that the purse pays.
func (p *purse) within() context.Context {
	return context.WithValue(context.Background(), purseKey{}, p)
}

// refill gives the next slice, or as much as the next piece of work costs.
func (p *purse) refill() {
	if p.over = p.giveWay(); p.over != nil {
		panic(errOver)
	}
	gas := int64(p.gas.Get())
	more := min(max(sliceGas, -gas), p.left)
	p.left -= more
	p.gas.Set(uint64(gas + more))
	if gas+more < 0 {
		panic(errSpent)
	}
}

// provideRefill gives a runtime the function that a refilled module asks.
func provideRefill(ctx context.Context, r wazero.Runtime) error {
	ask := api.GoModuleFunc(func(ctx context.Context, _ api.Module, _ []uint64) {
		ctx.Value(purseKey{}).(*purse).refill()
	})
	_, err := r.NewHostModuleBuilder(meter.RefillModule).NewFunctionBuilder().
		WithGoModuleFunction(ask, nil, nil).Export(meter.RefillFunction).Instantiate(ctx)
	return err
}
