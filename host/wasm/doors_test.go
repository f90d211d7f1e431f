package wasm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/admission"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// of is the context of a tenant's work, which does not wait for ever.
func of(t testing.TB, tenant admission.Tenant) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return admission.With(ctx, tenant)
}

// occupy leases as many instances.
func occupy(t *testing.T, n int, lease func() (*instance, func(error), error)) (leave func()) {
	t.Helper()
	var releases []func(error)
	for range n {
		_, release, err := lease()
		if err != nil {
			t.Fatal(err)
		}
		releases = append(releases, release)
	}
	return func() {
		for _, release := range releases {
			release(nil)
		}
	}
}

// waits returns when so many of what wait for their turn.
func waits(t *testing.T, s *Sandbox, what string, n int) {
	t.Helper()
	for late := time.After(time.Minute); s.Waits()[what].Waiting != n; runtime.Gosched() {
		select {
		case <-late:
			t.Fatalf("of %s there is %+v; %d never wait", what, s.Waits()[what], n)
		default:
		}
	}
}

// TestTenants: a tenant that has all its share, and a full line, is told so; the
// same module answers another tenant at once.
func TestTenants(t *testing.T) {
	s := newSandbox(t, Config{Limits: Limits{Calls: 8, Line: 3}}) // 2 calls of a tenant
	m := load(t, s, wt.Guest{Name: "good"}.Build())
	run := func(tenant admission.Tenant) error {
		_, err := m.Run(of(t, tenant), defaults(t, m), walk(m.Spec().Inputs, 100, 1))
		return err
	}
	leave := occupy(t, 2, func() (*instance, func(error), error) { return m.quick.lease(of(t, "a"), 0) })
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if err := run("a"); err != nil {
				t.Error(err)
			}
		})
	}
	waits(t, s, "call", 3)
	var busy *admission.Busy
	if err := run("a"); !errors.As(err, &busy) || errors.Is(err, ErrTimeout) || busy.Seconds() < 1 {
		t.Errorf("the fourth that waits is told %v", err)
	} else if !strings.Contains(err.Error(), "3 calls") || !strings.Contains(err.Error(), "PLUGIN_LINE") {
		t.Errorf("%q does not name the limit and the setting", err)
	}
	for range 10 {
		if err := run("b"); err != nil {
			t.Errorf("another tenant: %v", err)
		}
	}
	leave()
	wg.Wait()
	if err := run("a"); err != nil {
		t.Errorf("after the flood: %v", err)
	}
	if n := s.Waits()["call"]; n.Inside != (admission.Size{}) || n.Waiting != 0 || n.Refused != 1 {
		t.Errorf("counted %+v", n)
	}
}

// TestWhoWaitsIsAnswered: a call that waits when its module is unloaded, as all are
// when the service ends, has its turn all the same.
func TestWhoWaitsIsAnswered(t *testing.T) {
	s := newSandbox(t, Config{Limits: Limits{Calls: 2, Share: 1}})
	m := load(t, s, wt.Guest{Name: "good"}.Build())
	leave := occupy(t, 2, func() (*instance, func(error), error) { return m.quick.lease(of(t, ""), 0) })
	answered := make(chan error)
	go func() {
		_, err := m.Run(t.Context(), defaults(t, m), walk(m.Spec().Inputs, 100, 1))
		answered <- err
	}()
	waits(t, s, "call", 1)
	s.Close()
	if _, err := m.Run(t.Context(), defaults(t, m), walk(m.Spec().Inputs, 100, 1)); !errors.Is(err, ErrClosed) {
		t.Errorf("who comes later is told %v", err)
	}
	leave()
	if err := <-answered; err != nil {
		t.Errorf("who waited is told %v", err)
	}
}

// TestHalt: a call that waits when its module is halted is refused when its turn
// comes, and leaves its place to the next.
func TestHalt(t *testing.T) {
	s := newSandbox(t, Config{Limits: Limits{Calls: 2, Share: 1}})
	m, other := load(t, s, wt.Guest{Name: "good"}.Build()), load(t, s, wt.Guest{Name: "other"}.Build())
	leave := occupy(t, 2, func() (*instance, func(error), error) { return m.quick.lease(of(t, ""), 0) })
	answered := make(chan error)
	go func() {
		_, err := m.Run(t.Context(), defaults(t, m), walk(m.Spec().Inputs, 100, 1))
		answered <- err
	}()
	waits(t, s, "call", 1)
	m.Halt(true)
	leave()
	if err := <-answered; !errors.Is(err, ErrHalted) {
		t.Errorf("who waited is told %v", err)
	}
	wantMean(t, other, 100)
	m.Halt(false)
	wantMean(t, m, 100)
	if n := s.Waits()["call"]; n.Inside != (admission.Size{}) {
		t.Errorf("counted %+v", n)
	}
}

// TestLongCallsLeaveRoom: calls that take long have half of their tenant's share,
// and half of the whole: those that do not, of the same tenant and of others, have
// the rest.
func TestLongCallsLeaveRoom(t *testing.T) {
	s := newSandbox(t, Config{Limits: Limits{Calls: 8, Share: 0.5}})
	m := load(t, s, busy())
	gone, leave := context.WithCancel(t.Context())
	long := func(tenant admission.Tenant) func() (*instance, func(error), error) {
		return func() (*instance, func(error), error) { return m.leaseLong(of(t, tenant), 0, m.slowProgram) }
	}
	result := make(chan error, 2)
	full := func(tenant admission.Tenant) {
		t.Helper()
		before := s.Waits()["long-call"].Waiting
		go func() {
			_, _, err := m.leaseLong(admission.With(gone, tenant), 0, m.slowProgram)
			result <- err
		}()
		for s.Waits()["long-call"].Waiting == before {
			select {
			case err := <-result:
				t.Fatalf("one more long call of %s: %v", tenant, err)
			default:
				runtime.Gosched()
			}
		}
	}
	ofA := occupy(t, 2, long("a"))
	full("a")
	ofB := occupy(t, 2, long("b"))
	full("c")
	for _, tenant := range []admission.Tenant{"a", "b", "c"} {
		if _, err := m.Run(of(t, tenant), defaults(t, m), walk(m.Spec().Inputs, 100, 1)); err != nil {
			t.Errorf("a short call of %s: %v", tenant, err)
		}
	}
	leave()
	for range cap(result) {
		if err := <-result; !errors.Is(err, context.Canceled) {
			t.Errorf("who waited and left is told %v", err)
		}
	}
	ofA()
	ofB()
	for what, n := range s.Waits() {
		if n.Inside != (admission.Size{}) {
			t.Errorf("%s: counted %+v", what, n)
		}
	}
}

// TestLoadsByTurns: the modules of a tenant that uploads many wait in its own
// line, which ends, and those of others have their turns between them.
func TestLoadsByTurns(t *testing.T) {
	s := newSandbox(t, Config{Limits: Limits{Uploads: 2}})
	place, err := s.doors.loads.Enter(of(t, "someone"), 0)
	if err != nil {
		t.Fatal(err)
	}
	loads := func(tenant admission.Tenant, i int) error {
		m, err := s.Load(of(t, tenant), wt.Guest{Name: fmt.Sprintf("%s_%d", tenant, i)}.Build())
		if err == nil {
			m.Close()
		}
		return err
	}
	var wg sync.WaitGroup
	waiting := 0
	for _, tenant := range []admission.Tenant{"a", "b"} {
		for i := range 2 {
			wg.Go(func() {
				if err := loads(tenant, i); err != nil {
					t.Error(err)
				}
			})
		}
		waiting += 2
		waits(t, s, "module", waiting)
		if err := loads(tenant, 2); !errors.Is(err, admission.ErrBusy) || errors.Is(err, ErrRejected) || !strings.Contains(err.Error(), "PLUGIN_UPLOADS") {
			t.Errorf("the third that waits is told %v", err)
		}
	}
	place.Leave()
	wg.Wait()
	if err := loads("a", 2); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// TestTrialsHaveTheirRoom: a module on trial keeps all others from being loaded, so it
// does not stand in the line of a tenant that floods its own.
func TestTrialsHaveTheirRoom(t *testing.T) {
	s := newSandbox(t, Config{Limits: Limits{Calls: 8, Line: 1}}) // 2 calls of a tenant
	m := load(t, s, wt.Guest{Name: "good"}.Build())
	leave := occupy(t, 2, func() (*instance, func(error), error) { return m.quick.lease(of(t, "a"), 0) })
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := m.Run(of(t, "a"), defaults(t, m), walk(m.Spec().Inputs, 100, 1)); err != nil {
			t.Error(err)
		}
	})
	waits(t, s, "call", 1)
	other, err := s.Load(of(t, "a"), wt.Guest{Name: "other"}.Build())
	if err != nil {
		t.Errorf("while the calls of its tenant have no room: %v", err)
	} else {
		other.Close()
	}
	leave()
	wg.Wait()
}

// TestLimits: limits that let nobody in are refused, and one tenant's never exceed
// those of all.
func TestLimits(t *testing.T) {
	for _, l := range []Limits{
		{Calls: 1}, {Calls: -1}, {Line: -1}, {Uploads: -1}, {Share: -0.1}, {Share: 1.01}, {Share: math.NaN()}, {Memory: 64<<20 - 1},
	} {
		if _, err := New(Config{Limits: l}); err == nil {
			t.Errorf("%+v is taken", l)
		}
	}
	for _, l := range []Limits{{}, {Calls: 2}, {Share: 1}, {Share: 1e-9}, {Memory: 64 << 20}, {Calls: 3, Memory: 65 << 20, Share: 0.99}, {Calls: 1_000_000}} {
		if _, err := New(Config{Limits: l}); err != nil {
			t.Errorf("%+v: %v", l, err)
		}
	}
}

// TestShares: by default one tenant has 8 Small instances at a time, or as many
// Large ones as have their memory, and all tenants have four times as much; calls
// that take long have half of each.
func TestShares(t *testing.T) {
	d, err := Limits{}.doors()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		door     *admission.Door
		tier     gate.Tier
		one, all int
	}{
		{"calls", d.calls, gate.Small, 8, 32},
		{"calls", d.calls, gate.Large, 2, 8},
		{"long calls", d.long, gate.Small, 4, 16},
		{"long calls", d.long, gate.Large, 1, 4},
	} {
		var places []admission.Place
		enters := func(tenant int) bool { // or it would have to wait
			ctx, leave := context.WithCancel(of(t, admission.Tenant(fmt.Sprint(tenant))))
			defer leave()
			inside := make(chan bool, 1)
			go func() {
				p, err := c.door.Enter(ctx, memoryLimit(c.tier))
				if err == nil {
					places = append(places, p)
				}
				inside <- err == nil
			}()
			for {
				select {
				case in := <-inside:
					return in
				default:
					runtime.Gosched()
				}
				if c.door.Count().Waiting > 0 {
					leave()
				}
			}
		}
		for enters(0) {
		}
		if len(places) != c.one {
			t.Errorf("%s, %s: one tenant has %d at a time, want %d", c.name, c.tier, len(places), c.one)
		}
		for tenant, more := 1, true; more; tenant++ {
			for more = false; enters(tenant); {
				more = true
			}
		}
		if len(places) != c.all {
			t.Errorf("%s, %s: all tenants have %d at a time, want %d", c.name, c.tier, len(places), c.all)
		}
		for _, p := range places {
			p.Leave()
		}
	}
}

// TestLargestLimits: the share of who has all is all, however much that is.
func TestLargestLimits(t *testing.T) {
	d, err := Limits{Calls: math.MaxInt, Memory: math.MaxInt64, Share: 1}.doors()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	for range 3 {
		if _, err := d.calls.Enter(ctx, 64<<20); err != nil {
			t.Fatal(err)
		}
	}
}

// TestInstancesInTheRace: in 64 goroutines of 16 tenants, with faults of many kinds
// among their calls, no instance is ever two calls' at once, each is what the
// first one was, to the byte, when a call gets it, and none is seen again after a
// fault. When all have gone there is nothing that anybody has.
func TestInstancesInTheRace(t *testing.T) {
	s := newSandbox(t, Config{Limits: Limits{Calls: 16}})
	bad := func(code []byte) []byte { return wt.Code(wt.If(wt.Over(500), code), wt.EachBar(wt.Mean())) }
	var modules []*Module
	for name, run := range map[string][]byte{
		"trap": bad(wt.Trap()), "loop": bad(wt.Loop()), "deep": bad(wt.Call(wt.ExtraFunction)),
		"rubbish": bad(wt.Code(wt.Int(0), []byte{0x0f})), "code": bad(wt.Code(wt.Int(7), []byte{0x0f})),
		"grows":  wt.Code(wt.If(wt.Over(500), wt.Code(wt.Int(1), []byte{0x40, 0, 0x1a})), wt.EachBar(wt.Mean())),
		"spoils": wt.Code(wt.Int(1), wt.SetGlobal(0), wt.Int(60_000), wt.Int(0x55), wt.Int(5_000), []byte{0xfc, 0x0b, 0}, wt.EachBar(wt.Mean())),
	} {
		modules = append(modules, load(t, s, wt.Guest{Name: name, Run: run, Extra: wt.Call(wt.ExtraFunction), Globals: 1}.Build()))
	}
	type life struct {
		mu   sync.Mutex
		used bool
		dead bool
	}
	var lives sync.Map // *instance -> *life; it keeps them, so that none is made where another was
	var wg sync.WaitGroup
	var faults sync.Map
	for g := range 64 {
		wg.Go(func() {
			ctx := of(t, admission.Tenant(fmt.Sprint(g%16)))
			for i := range 12 {
				m := modules[(g+i)%len(modules)]
				in, release, err := m.quick.lease(ctx, 0)
				if err != nil {
					t.Error(err)
					return
				}
				known, _ := lives.LoadOrStore(in, new(life))
				l := known.(*life)
				l.mu.Lock()
				if l.used || l.dead {
					t.Errorf("an instance of %s is given away though it is in use %v, or had a fault %v", m.spec.Name, l.used, l.dead)
				}
				l.used = true
				l.mu.Unlock()
				if !takeSnapshot(in.memory, in.globals).equal(m.quick.starts[0]) {
					t.Errorf("an instance of %s is not as the first one was", m.spec.Name)
				}
				_, err = in.compute(ctx, &m.spec, 3_000_000, defaults(t, m), walk(m.spec.Inputs, 100+100*((g+i)%9), 1))
				grown := in.memory.Size() != in.start.size
				if err != nil {
					faults.Store(m.spec.Name, true)
				}
				l.mu.Lock()
				// A code is the one fault that is returned, as a value is: nothing is left halfway.
				l.used, l.dead = false, err != nil && m.spec.Name != "code" || grown
				l.mu.Unlock()
				release(err)
			}
		})
	}
	wg.Wait()
	for _, name := range []string{"trap", "loop", "deep", "rubbish", "code"} {
		if _, ok := faults.Load(name); !ok {
			t.Errorf("%s had no fault: the test shows less than it should", name)
		}
	}
	if n := s.Waits()["call"]; n.Inside != (admission.Size{}) || n.Waiting != 0 {
		t.Errorf("counted %+v", n)
	}
	s.pool.mu.Lock()
	defer s.pool.mu.Unlock()
	for _, idle := range s.pool.of {
		for _, in := range idle {
			if l, ok := lives.Load(in); ok && l.(*life).dead {
				t.Error("an instance with a fault waits for a call")
			}
		}
	}
}

// TestInstanceAfterACode: a call that returned a code leaves an instance that serves
// again, as it was.
func TestInstanceAfterACode(t *testing.T) {
	m := load(t, newSandbox(t, Config{}), wt.Guest{Name: "code", Globals: 1, Run: wt.Code(
		wt.If(wt.Over(500), wt.Code(wt.Int(1), wt.SetGlobal(0), wt.Int(60_000), wt.Int(0x55), wt.Int(5_000), []byte{0xfc, 0x0b, 0}, wt.Int(7), []byte{0x0f})),
		wt.EachBar(wt.Mean()))}.Build())
	first, release, err := m.quick.lease(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = first.compute(t.Context(), &m.spec, budget(600), defaults(t, m), walk(m.spec.Inputs, 600, 1))
	var f *Fault
	if !errors.As(err, &f) || f.Code != 7 {
		t.Fatalf("the call ended with %v", err)
	}
	release(err)
	in, release, err := m.quick.lease(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer release(nil)
	if in != first || !takeSnapshot(in.memory, in.globals).equal(m.quick.starts[0]) {
		t.Errorf("the next call has the same instance: %v, or another state", in == first)
	}
}

// resets wants what a guest leaves behind to be undone to the byte: all of its
// memory, and its globals.
func resets(t *testing.T, m *Module) {
	t.Helper()
	in, err := m.quick.instance(0)
	if err != nil {
		t.Fatal(err)
	}
	defer in.close()
	image := func() (memory []byte, globals []uint64) {
		b, ok := in.memory.Read(0, in.memory.Size())
		if !ok {
			t.Fatal("its memory cannot be read")
		}
		for _, g := range in.globals {
			globals = append(globals, g.Get())
		}
		return slices.Clone(b), globals
	}
	memory, globals := image()
	for i, n := range []int{1_000, 300, 1_024, 50} {
		columns := walk(m.spec.Inputs, n, uint64(i))
		if i == 2 {
			holes(columns)
		}
		if _, err := in.compute(t.Context(), &m.spec, budget(n), defaults(t, m), columns); err != nil {
			t.Fatal(err)
		}
		if left, _ := image(); bytes.Equal(memory, left) {
			t.Fatal("the call changed nothing: the test shows nothing")
		}
		if !in.reset() {
			t.Fatalf("its memory had %d bytes and has %d, so that no instance serves twice", len(memory), in.memory.Size())
		}
		got, values := image()
		if at := firstDifference(memory, got); at >= 0 || !slices.Equal(globals, values) {
			t.Fatalf("after a reset byte %d of %d differs, globals %v, at first %v", at, len(memory), values, globals)
		}
	}
}

// holes takes every seventh bar away.
func holes(columns ta.Columns) {
	for _, col := range columns {
		for i := 0; i < len(col); i += 7 {
			col[i] = math.NaN()
		}
	}
}

// firstDifference is an index, or -1.
func firstDifference(a, b []byte) int {
	if len(a) != len(b) {
		return min(len(a), len(b))
	}
	for i := range a {
		if a[i] != b[i] {
			return i
		}
	}
	return -1
}

// TestNoFinalizers: what an instance has is freed where its call ends or its
// module closes, and never when the garbage collector comes by.
func TestNoFinalizers(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"SetFinalizer", "AddCleanup", "weak.Make"} {
			if bytes.Contains(b, []byte(word)) {
				t.Errorf("%s has a %s", file, word)
			}
		}
	}
}
