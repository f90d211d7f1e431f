package wasm

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest/hostile"
)

// busy is a guest that counts to 200 for each bar: 1,000 units and more.
func busy() []byte {
	count := wt.Code(wt.Int(200), wt.Set(wt.I32), []byte{0x03, 0x40}, wt.Get(wt.I32), wt.Int(1), []byte{0x6b, 0x22, wt.I32, 0x0d, 0, 0x0b})
	return wt.Guest{Name: "busy", Run: wt.EachBar(wt.Code(count, wt.Mean()))}.Build()
}

// heavyBars are too many for busy to be quick.
const heavyBars = 50_000

// TestLongCalls: a call that takes long gives the bits and uses the gas that it
// would have without the slices, the next one is not begun twice, and its native
// code is kept like the other.
func TestLongCalls(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "compiled")
	s := newStart(t, dir)
	m := s.load(t, busy())
	in := walk(m.Spec().Inputs, heavyBars, 1)
	want, err := throughout(t.Context(), &m.quick, defaults(t, m), in)
	if err != nil {
		t.Fatal(err)
	}
	if first := atOnce(m.MemoryBytes(heavyBars)); int64(want.Gas) <= first {
		t.Fatalf("it takes %d units, and gets %d at once: the test shows nothing", want.Gas, first)
	}
	same := func(m *Module) {
		t.Helper()
		got, err := m.Run(t.Context(), defaults(t, m), in)
		if err != nil {
			t.Fatal(err)
		}
		if _, bar := differ(want.Outputs, got.Outputs, heavyBars); bar >= 0 || got.Gas != want.Gas {
			t.Errorf("%d gas, and bar %d differs; at once %d gas", got.Gas, bar, want.Gas)
		}
	}
	s.from(t, "loaded", 0, 1, "")
	for range 2 {
		same(m)
		if got := m.heavy.Load(); got != heavyBars {
			t.Errorf("calls take long from %d bars on", got)
		}
	}
	wantMean(t, m, 1_000)
	s.from(t, "and called", 0, 2, "")
	m.Close()

	s = newStart(t, dir)
	m = s.load(t, busy())
	same(m)
	s.from(t, "again", 2, 0, "")
}

// throughout is a call in a form of a module, with all the gas that it may have.
func throughout(ctx context.Context, p *program, args ta.Args, in ta.Columns) (r registry.Result, err error) {
	n := len(in[0])
	inst, release, err := p.lease(ctx, classOf(n))
	if err != nil {
		return r, err
	}
	defer func() { release(err) }()
	return inst.compute(ctx, &p.module.spec, budget(n), args, in)
}

// TestLongCallsEnd: with their gas, with their time, and with those who wait, of a
// Large module, too.
func TestLongCallsEnd(t *testing.T) {
	for name, padding := range map[string]int{"Small": 0, "Large": gate.MaxSmallBytes} {
		t.Run(name, func(t *testing.T) {
			loop := wt.Code(wt.If(wt.Over(heavyBars-1), wt.Loop()), wt.EachBar(wt.Mean()))
			longCallsEnd(t, wt.Guest{Name: "endless", Run: loop, Padding: padding}.Build())
		})
	}
}

func longCallsEnd(t *testing.T, code []byte) {
	long := func(m *Module) ta.Columns { return walk(m.Spec().Inputs, heavyBars, 1) }
	t.Run("gas", func(t *testing.T) {
		m := load(t, newSandbox(t, Config{}), code)
		_, err := m.Run(t.Context(), defaults(t, m), long(m))
		if !errors.Is(err, ErrOutOfGas) || !strings.Contains(err.Error(), "408000000 units") {
			t.Errorf("it ended with %v", err)
		}
		wantMean(t, m, 1_000)
	})
	t.Run("time", func(t *testing.T) {
		s := newSandbox(t, Config{})
		m := load(t, s, code)
		if _, err := m.slowProgram(t.Context()); err != nil { // which is not what the time is for
			t.Fatal(err)
		}
		s.timeout = time.Millisecond
		if _, err := m.Run(t.Context(), defaults(t, m), long(m)); !errors.Is(err, ErrTimeout) {
			t.Errorf("it ended with %v", err)
		}
		wantMean(t, m, 1_000)
	})
	for name, c := range map[string]struct {
		end  func(m *Module, ctx *watched, cancel func())
		want error
	}{
		"nobody waits": {func(_ *Module, _ *watched, cancel func()) { cancel() }, context.Canceled},
		"stopped":      {func(m *Module, _ *watched, _ func()) { m.Halt(true) }, ErrHalted},
		"a deadline": {func(_ *Module, ctx *watched, _ func()) {
			var over context.CancelFunc
			ctx.Context, over = context.WithDeadline(ctx.Context, time.Now())
			over()
		}, ErrTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			m := load(t, newSandbox(t, Config{}), code)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			ended := &watched{Context: ctx}
			ended.slice = func(n int) {
				if n == 5 {
					c.end(m, ended, cancel)
				}
			}
			// A Large module's first slices are those of any call: there Run itself is
			// looked at. What runs longer has a context of its own.
			run := func() error { _, err := m.Run(ended, defaults(t, m), long(m)); return err }
			if !m.quick.refilled {
				p, err := m.slowProgram(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				run = func() error { _, err := throughout(ended, p, defaults(t, m), long(m)); return err }
			}
			if err := run(); !errors.Is(err, c.want) || errors.Is(err, ErrTimeout) != (c.want == ErrTimeout) || ended.slices > 12 {
				t.Errorf("after %d slices it ended with %v", ended.slices, err)
			}
			m.Halt(false)
			wantMean(t, m, 1_000)
		})
	}
}

// TestChasesTakeLong: what follows addresses through a large memory gets through
// by slices, and has done so many loads. A Large module gets all its gas so.
func TestChasesTakeLong(t *testing.T) {
	s := newSandbox(t, Config{})
	chased := 0
	for _, h := range hostile.Chases() {
		if h.By != hostile.Nobody {
			continue
		}
		chased++
		m := load(t, s, h.Bytes)
		const bars, loads = hostile.LateBars + 100, 500_000
		r, err := m.Run(t.Context(), defaults(t, m), walk(m.Spec().Inputs, bars, 1))
		if err != nil {
			t.Fatal(err)
		}
		if long := m.heavy.Load() == bars; r.Gas < loads || long == m.quick.refilled {
			t.Errorf("%s: it took %d units, long: %v, by slices from the first: %v", h.Name, r.Gas, long, m.quick.refilled)
		}
		m.Close()
	}
	if chased == 0 {
		t.Error("none gets through")
	}
}

// TestTimeIsNoVerdict: a check that had no time says nothing of the module.
func TestTimeIsNoVerdict(t *testing.T) {
	for kind, sentinel := range sentinels {
		err := rejectFault("trying it", fault(kind, "for a reason"))
		if refused := errors.Is(err, ErrRejected); refused != (kind != Timeout) || !refused && !errors.Is(err, sentinel) {
			t.Errorf("%s becomes %v", kind, err)
		}
	}
}

// TestLongCallsMakeRoom: what needs all goroutines to stop, as the garbage
// collector does, is done while a long call runs. On a full machine it may take
// longer than that call, and is tried again.
func TestLongCallsMakeRoom(t *testing.T) {
	m := load(t, newSandbox(t, Config{}), busy())
	p, err := m.slowProgram(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	in := walk(m.Spec().Inputs, MaxBars, 1)
	for try := 0; ; try++ {
		collected := make(chan struct{})
		during := false
		ctx := &watched{Context: t.Context(), slice: func(n int) {
			switch n {
			case 2:
				go func() {
					runtime.GC()
					close(collected)
				}()
			default:
				select {
				case <-collected:
					during = true
				default:
				}
			}
		}}
		if _, err := throughout(ctx, p, defaults(t, m), in); err != nil {
			t.Fatal(err)
		}
		if during {
			return
		}
		if try == 20 {
			t.Fatalf("in %d slices nothing was collected, time and again", ctx.slices)
		}
		<-collected
	}
}

// watched is a context that says when it is looked at, which is once a slice.
type watched struct {
	context.Context
	slice  func(n int) // from 1
	slices int
	over   error // that it has instead of its own
}

func (w *watched) Err() error {
	w.slices++
	w.slice(w.slices)
	if w.over != nil {
		return w.over
	}
	return w.Context.Err()
}
