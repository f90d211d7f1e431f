package wasm

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

func newSandbox(t testing.TB, c Config) *Sandbox {
	t.Helper()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func load(t testing.TB, s *Sandbox, code []byte) *Module {
	t.Helper()
	m, err := s.Load(context.Background(), code)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func defaults(t testing.TB, m *Module) ta.Args {
	t.Helper()
	a, err := m.Spec().Args(nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// wantMean checks that a module still computes what the default guest does.
func wantMean(t testing.TB, m *Module, n int) {
	t.Helper()
	in := walk(m.Spec().Inputs, n, 7)
	r, err := m.Run(context.Background(), defaults(t, m), in)
	if err != nil {
		t.Fatal(err)
	}
	for i, got := range r.Outputs[0] {
		want := math.NaN()
		if i > 0 {
			want = (in[0][i] + in[0][i-1]) * 0.5
		}
		if math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("bar %d of %d is %v, want %v", i, n, got, want)
		}
	}
}

func TestRun(t *testing.T) {
	m := load(t, newSandbox(t, Config{}), wt.Guest{Name: "good"}.Build())
	for _, n := range []int{0, 1, 2, 1_024, 1_025, 16_384, 16_385, MaxBars} {
		wantMean(t, m, n)
	}
	if got := m.Warmup(defaults(t, m)); got != 1 {
		t.Errorf("warm-up %d, want 1", got)
	}
	want := &Report{
		Size: len(m.original), Tier: "Small", Functions: 5, MemoryBytes: m.report.MemoryBytes, MaxBars: MaxBars,
		GasPerBar: m.report.GasPerBar, Warmup: "1",
		Checks: []string{"structure", "validation", "abi", "description", "output", "warm-up", "determinism", "causality", "holes"},
	}
	if got := m.Report(); got.GasPerBar < 5 || got.GasPerBar > 100 || !slices.Equal(got.Checks, want.Checks) ||
		got.Size != want.Size || got.Tier != want.Tier || got.Functions != want.Functions || got.MaxBars != want.MaxBars || got.Warmup != want.Warmup {
		t.Errorf("report %+v, want %+v", got, want)
	}
	if o := m.Origin(); o.Name != "good" || o.Version != "1.0.0" || o.Digest != m.Digest() || len(o.Digest) != 7+64 {
		t.Errorf("origin %+v", o)
	}
}

func TestRunHasTheSameGasEveryTime(t *testing.T) {
	s := newSandbox(t, Config{})
	code := wt.Guest{Name: "good"}.Build()
	var gas []uint64
	for range 2 {
		m := load(t, s, code)
		for range 3 {
			r, err := m.Run(context.Background(), defaults(t, m), walk(m.Spec().Inputs, 500, 1))
			if err != nil {
				t.Fatal(err)
			}
			gas = append(gas, r.Gas)
		}
	}
	if slices.Min(gas) != slices.Max(gas) || gas[0] == 0 {
		t.Errorf("gas of equal runs: %v", gas)
	}
}

// changed is the default description with something changed.
func changed(old, new string) string {
	d := wt.Describe("bad", "1.0.0")
	if !strings.Contains(d, old) {
		panic("no " + old + " in " + d)
	}
	return strings.Replace(d, old, new, 1)
}

func TestLoadRefuses(t *testing.T) {
	s := newSandbox(t, Config{})
	two := wt.Code(wt.Close(0), wt.Close(-1), []byte{0xa0})
	beyond := wt.EachBar(wt.Code(wt.Mean(), wt.Float(1), []byte{0xa0}))
	priced := changed(`"unit":"none"`, `"unit":"price"`)
	small := wt.Code(wt.Close(0), wt.Float(1), []byte{0x63}) // f64.lt
	pointer := func(at, length int64) []byte { return wt.Long(at<<32 | length) }
	remembering := wt.Code( // counts its calls in memory behind the description
		wt.Int(30_000), wt.Int(30_000), []byte{0x28, 2, 0}, wt.Int(1), []byte{0x6a, 0x36, 2, 0},
		wt.EachBar(wt.Code(wt.Int(30_000), []byte{0x28, 2, 0, 0xb7})))
	for _, c := range []struct {
		name  string
		guest wt.Guest
		gate  string
		has   string // in the detail
		bar   int    // -1 for none
	}{
		{"unknown import", wt.Guest{Imports: []string{"socket"}}, "import", "socket", -1},
		{"too large for its tier", wt.Guest{Padding: 5 << 20}, "size", "4194304", -1},
		{"memory beyond the tier", wt.Guest{Pages: 257}, "memory size", "257", -1},
		{"another ABI", wt.Guest{ABI: 2}, "abi", "ta_abi gave 2", -1},
		{"invalid types", wt.Guest{Run: wt.Float(1)}, "validation", "", -1},

		{"describe loops", wt.Guest{Describe: wt.Code(wt.Loop(), wt.Long(0))}, "out-of-gas", "ta_describe", -1},
		{"describe traps", wt.Guest{Describe: wt.Trap()}, "trap", "unreachable", -1},
		{"description outside", wt.Guest{Describe: pointer(65_000, 1_000)}, "description", "memory has", -1},
		{"description at the end of 4 GiB", wt.Guest{Describe: pointer(0xffff_ffff, 0xffff)}, "description", "memory has", -1},
		{"description too long", wt.Guest{Pages: 8, Describe: pointer(0, 64<<10+1)}, "description", "65537 bytes", -1},
		{"description empty", wt.Guest{Describe: pointer(0, 0)}, "description", "ends too early", -1},
		{"description cut off", wt.Guest{Describe: pointer(0, 50)}, "description", "ends too early", -1},
		{"description garbage", wt.Guest{Description: "\x01\x02\x03"}, "description", "", -1},
		{"description not UTF-8", wt.Guest{Description: changed("A test", "A \xff test")}, "description", "UTF-8", -1},
		{"description and more", wt.Guest{Description: changed("}", "}") + "{}"}, "description", "follows", -1},
		{"unknown field", wt.Guest{Description: changed(`"title"`, `"titel"`)}, "description", "titel", -1},
		{"unknown field of a parameter", wt.Guest{Description: changed(`"integer"`, `"intger"`)}, "description", "intger", -1},
		{"wrong name", wt.Guest{Description: changed(`"bad"`, `"Bad Name"`)}, "description", "name", -1},
		{"wrong version", wt.Guest{Description: changed(`1.0.0`, `1.0`)}, "description", "version", -1},
		{"wrong warm-up", wt.Guest{Description: changed(`"warmup":1`, `"warmup":"period +"`)}, "description", "position 8", -1},
		{"warm-up of an unknown", wt.Guest{Description: changed(`"warmup":1`, `"warmup":"length"`)}, "description", "length", -1},
		{"no warm-up", wt.Guest{Description: changed(`,"warmup":1`, ``)}, "description", "warmup is missing", -1},
		{"no outputs", wt.Guest{Description: changed(`{"name":"mean","unit":"none"}`, ``)}, "description", "outputs", -1},

		{"alloc gives 0", wt.Guest{Alloc: wt.Int(0)}, "memory", "no room", -1},
		{"alloc gives an odd address", wt.Guest{Alloc: wt.Int(32_001)}, "bad-output", "multiple of 8", -1},
		{"alloc gives an address outside", wt.Guest{Alloc: wt.Int(64_000)}, "bad-output", "memory has", -1},
		{"alloc gives the last address", wt.Guest{Alloc: wt.Int(-8)}, "bad-output", "memory has", -1},
		{"alloc traps", wt.Guest{Alloc: wt.Trap()}, "trap", "ta_alloc", -1},

		{"run loops", wt.Guest{Run: wt.Code(wt.Loop(), wt.Int(0))}, "out-of-gas", "", -1},
		{"run recurses", wt.Guest{Extra: wt.Call(wt.ExtraFunction), Run: wt.Code(wt.Call(wt.ExtraFunction), wt.Int(0))}, "depth-exceeded", "", -1},
		{"run calls a tree without a loop", wt.Guest{Run: tree(), Extra: []byte{}}, "out-of-gas", "", -1},
		{"run grows its memory for ever", wt.Guest{Run: wt.Code([]byte{0x03, 0x40}, wt.Int(1), []byte{0x40, 0, 0x1a, 0x0c, 0, 0x0b}, wt.Int(0))}, "out-of-gas", "", -1},
		{"run traps", wt.Guest{Run: wt.Trap()}, "trap", "unreachable", -1},
		{"run divides by zero", wt.Guest{Run: wt.Code(wt.Int(1), wt.Int(0), []byte{0x6d})}, "trap", "divide by zero", -1},
		{"run reads outside", wt.Guest{Run: wt.Code(wt.Int(-8), []byte{0x28, 2, 0})}, "trap", "out of bounds", -1},
		{"run gives a code", wt.Guest{Run: wt.Int(3)}, "trap", "code 3", -1},
		{"run writes nothing", wt.Guest{Run: wt.Int(0)}, "bad-output", "not written", 0},
		{"run writes infinities", wt.Guest{Run: wt.EachBar(wt.Unless(wt.Code(wt.Get(wt.Bar), wt.Int(9), []byte{0x46}), wt.Close(0), wt.Float(math.Inf(-1))))}, "bad-output", "infinite", 9},
		{"run gives no value", wt.Guest{Run: wt.EachBar(wt.Float(math.NaN()))}, "warm-up", "no output has a value", -1},
		{"values before the warm-up", wt.Guest{Run: wt.EachBar(wt.Close(0))}, "warm-up", "promises bar 1", 0},
		{"values after the warm-up", wt.Guest{Run: wt.EachBar(wt.Unless(wt.Code(wt.Get(wt.Bar), wt.Int(5), []byte{0x48}), two, wt.Float(math.NaN())))}, "warm-up", "first value at bar 5", 5},
		{"warm-up beyond every series", wt.Guest{Description: changed(`"warmup":1`, `"warmup":2000000000`)}, "warm-up", "at most", -1},
		{"run looks ahead", wt.Guest{Description: changed(`"warmup":1`, `"warmup":0`), Run: wt.EachBar(wt.Close(1))}, "causality", "looks ahead", 298},
		{"run looks at the number of bars", wt.Guest{Description: changed(`"warmup":1`, `"warmup":0`), Run: wt.EachBar(wt.Code(wt.Get(wt.N), []byte{0xb7}))}, "causality", "looks ahead", 0},
		{"run depends on the stride", wt.Guest{Description: changed(`"warmup":1`, `"warmup":0`), Run: wt.EachBar(wt.Code(wt.Get(wt.Stride), []byte{0xb7}))}, "determinism", "stride", 0},
		{"run traps at a hole", wt.Guest{Run: wt.EachBar(wt.Code(wt.Close(0), []byte{0xaa, 0x1a}, wt.Mean()))}, "trap", "holes", -1}, // i32.trunc_f64_s
		{"run adds a constant to a price", wt.Guest{Description: priced, Run: beyond}, "scale", "by its unit", 1},
		{"a price said to be a ratio", wt.Guest{Description: strings.Replace(priced, `"unit":"price"`, `"unit":"ratio"`, 1)}, "scale", "by its unit", 1},
		{"run traps on other prices", wt.Guest{Description: priced, Run: wt.EachBar(wt.Unless(small, wt.Mean(), wt.Code(wt.Trap(), wt.Float(0))))}, "trap", "other prices", -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.guest.Name = "bad"
			m, err := s.Load(context.Background(), c.guest.Build())
			var r *Rejected
			if !errors.As(err, &r) || !errors.Is(err, ErrRejected) || m != nil {
				t.Fatalf("module %v, error %v; want a rejection", m, err)
			}
			if r.Gate != c.gate || !strings.Contains(r.Detail, c.has) {
				t.Errorf("%v; want the gate %q and %q", r, c.gate, c.has)
			}
			if got := r.Bar; c.bar >= 0 && (got == nil || *got != c.bar) || c.bar < 0 && got != nil {
				t.Errorf("%v; want bar %d", r, c.bar)
			}
		})
	}
	load(t, s, wt.Guest{Name: "bad", Run: beyond}.Build()) // which promises nothing
	if m := load(t, s, wt.Guest{Name: "bad", Description: priced}.Build()); !slices.Contains(m.Report().Checks, "scale") {
		t.Errorf("a mean of prices passed %v", m.Report().Checks)
	}
	// Memory and globals are put back, so this one cannot remember: it is sound.
	remember := wt.Guest{Name: "remember", Description: strings.Replace(wt.Describe("remember", "1.0.0"), `"warmup":1`, `"warmup":0`, 1), Run: remembering}
	load(t, s, remember.Build())
	wantMean(t, load(t, s, wt.Guest{Name: "good"}.Build()), 300)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.modules) != 4 {
		t.Errorf("%d modules are loaded, want the 4 that were not refused", len(s.modules))
	}
}

// tree is code that calls itself twice until it is 40 calls deep: 2^40 calls
// without a loop. The depth is the first parameter.
func tree() []byte {
	again := wt.Code(wt.Get(wt.In), wt.Int(1), []byte{0x6a}, wt.Get(wt.N), wt.Int(0), wt.Int(0), wt.Int(0), wt.Call(wt.RunFunction), []byte{0x1a})
	// in is an address of 32 KiB at first, and one more at each depth.
	return wt.Code(wt.If(wt.Code(wt.Get(wt.In), wt.Int(32<<10+40), []byte{0x48}), wt.Code(again, again)), wt.Int(0))
}

func TestGateTellsWhere(t *testing.T) {
	_, err := newSandbox(t, Config{}).Load(context.Background(), []byte("\x00asm\x01\x00\x00\x00\x01\xff"))
	var r *Rejected
	if !errors.As(err, &r) || r.Offset == nil || *r.Offset < 8 {
		t.Errorf("error %v, want a rejection with an offset", err)
	}
}

// Each of these passes the checks, which have 300 bars, and misbehaves with
// more than 5,000. The call fails as it should, and the module, the sandbox
// and every other call go on.
func TestRunFaults(t *testing.T) {
	s := newSandbox(t, Config{})
	other := load(t, s, wt.Guest{Name: "other"}.Build())
	late := func(bad []byte) []byte { return wt.Code(wt.If(wt.Over(5_000), bad), wt.EachBar(wt.Mean())) }
	grow := wt.Code(wt.Int(1), []byte{0x40, 0, 0x1a})
	value := func(v float64) []byte {
		return wt.EachBar(wt.Unless(wt.Code(wt.Get(wt.Bar), wt.Int(5_001), []byte{0x46}), wt.Mean(), wt.Float(v)))
	}
	for _, c := range []struct {
		name string
		run  []byte
		want error
		has  string
	}{
		{"loop", late(wt.Loop()), ErrOutOfGas, "units"},
		{"recursion", late(wt.Call(wt.ExtraFunction)), ErrDepthExceeded, "stack"},
		{"trap", late(wt.Trap()), ErrTrap, "unreachable"},
		{"code", late(wt.Code(wt.Int(7), []byte{0x0f})), ErrTrap, "code 7"},
		{"infinity", value(math.Inf(1)), ErrBadOutput, "bar 5001"},
		{"grow to the limit and trap", late(wt.Code(wt.Int(300), wt.Set(wt.I32), []byte{0x03, 0x40}, grow,
			wt.Get(wt.I32), wt.Int(1), []byte{0x6b, 0x22, wt.I32, 0x0d, 0, 0x0b}, wt.Trap())), ErrMemory, "limit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := load(t, s, wt.Guest{Name: "late", Run: c.run, Extra: wt.Call(wt.ExtraFunction)}.Build())
			defer m.Close()
			for range 3 {
				_, err := m.Run(context.Background(), defaults(t, m), walk(m.Spec().Inputs, 6_000, 1))
				var f *Fault
				if !errors.As(err, &f) || !errors.Is(err, c.want) || !strings.Contains(f.Detail, c.has) {
					t.Fatalf("error %v, want %v with %q", err, c.want, c.has)
				}
				if wantCode := map[bool]int32{true: 7}[c.name == "code"]; f.Code != wantCode {
					t.Errorf("code %d, want %d", f.Code, wantCode)
				}
				wantMean(t, m, 900) // the same module, where it behaves
				wantMean(t, other, 6_000)
			}
		})
	}
	t.Run("too many bars", func(t *testing.T) {
		_, err := other.Run(context.Background(), defaults(t, other), walk(other.Spec().Inputs, MaxBars+1, 1))
		if !errors.Is(err, ErrMemory) || !strings.Contains(err.Error(), "131072 bars") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("less room than bars", func(t *testing.T) {
		small := wt.Guest{Name: "small", Alloc: wt.Code(wt.If(wt.Code(wt.Get(0), wt.Int(1<<20), []byte{0x4a}), wt.Code(wt.Int(0), []byte{0x0f})), wt.Room())}
		m := load(t, s, small.Build())
		if got := m.Report().MaxBars; got != 16_384 {
			t.Errorf("room for %d bars, want 16384", got)
		}
		wantMean(t, m, 16_384)
		if _, err := m.Run(context.Background(), defaults(t, m), walk(m.Spec().Inputs, 16_385, 1)); !errors.Is(err, ErrMemory) {
			t.Errorf("error %v, want %v", err, ErrMemory)
		}
	})
	t.Run("columns that do not fit the spec", func(t *testing.T) {
		for _, in := range []ta.Columns{{}, {{1}, {2}}} {
			if _, err := other.Run(context.Background(), defaults(t, other), in); err == nil {
				t.Errorf("%v is taken", in)
			}
		}
	})
}

// A guest that grows its memory in ta_run moves it: the host must look again.
func TestRunReadsMemoryThatGrew(t *testing.T) {
	grows := wt.Guest{Name: "grows", Run: wt.Code(wt.Int(1), []byte{0x40, 0, 0x1a}, wt.EachBar(wt.Mean()))}
	m := load(t, newSandbox(t, Config{}), grows.Build())
	for range 20 { // each in an instance as at the start, or the limit would be met
		wantMean(t, m, 1_000)
	}
}

func TestNaNsAreOne(t *testing.T) {
	odd := math.Float64frombits(0x7ff8_dead_beef_cafe)
	// The bits that it is given, as numbers, and a NaN with a payload.
	m := load(t, newSandbox(t, Config{}), wt.Guest{
		Name: "nans",
		Run: wt.EachBar(wt.Unless(wt.Code(wt.Get(wt.Bar), wt.Int(1), []byte{0x71}), wt.Float(odd),
			wt.Code(wt.Get(wt.In), wt.Get(wt.Bar), wt.Int(3), []byte{0x74, 0x6a, 0x29, 3, 0, 0xb9}))), // i64.load f64.convert_i64_s
	}.Build())
	in := ta.Columns{{0, odd, 0, math.NaN(), 0, math.Inf(1), 0, math.Copysign(odd, -1)}}
	given := slices.Clone(in[0])
	r, err := m.Run(context.Background(), defaults(t, m), in)
	if err != nil {
		t.Fatal(err)
	}
	one := math.NaN()
	for i, v := range r.Outputs[0] {
		want := one
		if i%2 == 1 {
			want = float64(int64(math.Float64bits(one)))
		}
		if math.Float64bits(v) != math.Float64bits(want) {
			t.Errorf("bar %d is %x, want %x", i, math.Float64bits(v), math.Float64bits(want))
		}
		if math.Float64bits(in[0][i]) != math.Float64bits(given[i]) {
			t.Errorf("the caller's bar %d was changed", i)
		}
	}
}

func TestResetIsExact(t *testing.T) {
	// It fills all of its memory, from the description on, and its globals.
	spoil := wt.Code(
		wt.Int(0), wt.Int(0x55), []byte{0x3f, 0}, wt.Int(16), []byte{0x74, 0xfc, 0x0b, 0}, // memory.fill
		wt.Int(77), wt.SetGlobal(0), wt.Int(78), wt.SetGlobal(1))
	m := load(t, newSandbox(t, Config{}), wt.Guest{Name: "spoils", Globals: 2, Run: wt.Code(
		wt.If(wt.GetGlobal(0), wt.Trap()), // it would notice what another call left
		spoil, wt.EachBar(wt.Unless(wt.Code(wt.Get(wt.Bar), []byte{0x45}), wt.Float(1), wt.Float(math.NaN()))))}.Build())
	in, err := m.quick.instance(0)
	if err != nil {
		t.Fatal(err)
	}
	defer in.close()
	image := func() (memory []byte, globals []uint64) {
		b, _ := in.memory.Read(0, in.memory.Size())
		for _, g := range in.globals {
			globals = append(globals, g.Get())
		}
		return slices.Clone(b), globals
	}
	memory, globals := image()
	for range 3 {
		if _, err := in.compute(t.Context(), m.Spec(), budget(1_000), defaults(t, m), walk(m.Spec().Inputs, 1_000, 1)); err != nil {
			t.Fatal(err)
		}
		if spoilt, values := image(); slices.Equal(memory, spoilt) || slices.Equal(globals, values) {
			t.Fatal("the call changed nothing: the test shows nothing")
		}
		if !in.reset() {
			t.Fatal("it cannot be reset")
		}
		got, values := image()
		if !slices.Equal(memory, got) || !slices.Equal(globals, values) {
			t.Fatal("memory or globals are not what they were")
		}
	}
}

func TestInstancesAreShared(t *testing.T) {
	s := newSandbox(t, Config{})
	m := load(t, s, wt.Guest{Name: "good"}.Build())
	in := s.pool.get(place{&m.quick, 0})
	if in == nil {
		t.Fatal("the checks left no instance")
	}
	s.pool.put(place{&m.quick, 0}, in)
	wantMean(t, m, 100)
	if got := s.pool.get(place{&m.quick, 0}); got != in {
		t.Error("a call did not take the instance that waited, or did not bring it back")
	}
}

func TestIdleMemoryIsBounded(t *testing.T) {
	s := newSandbox(t, Config{})
	for range 12 {
		wantMean(t, load(t, s, wt.Guest{Name: "large", Pages: 200}.Build()), 100) // 12.5 MiB each
	}
	s.pool.mu.Lock()
	defer s.pool.mu.Unlock()
	var bytes int64
	count := 0
	for _, all := range s.pool.of {
		for _, in := range all {
			bytes += int64(in.memory.Size())
			count++
		}
	}
	if s.pool.bytes != bytes || s.pool.recent.Len() != count || bytes > idleMemory || bytes < idleMemory-(16<<20) {
		t.Errorf("%d instances of %d bytes wait, %d of %d are counted, %d may be", count, bytes, s.pool.recent.Len(), s.pool.bytes, idleMemory)
	}
}

func TestRunWaits(t *testing.T) {
	s := newSandbox(t, Config{Limits: Limits{Memory: 64 << 20}}) // 4 Small instances
	m := load(t, s, wt.Guest{Name: "good"}.Build())
	var releases []func(error)
	for range 4 {
		_, release, err := m.quick.lease(context.Background(), 0)
		if err != nil {
			t.Fatal(err)
		}
		releases = append(releases, release)
	}
	in := walk(m.Spec().Inputs, 100, 1)
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if _, err := m.Run(ctx, defaults(t, m), in); !errors.Is(err, ErrTimeout) {
		t.Errorf("error %v, want %v", err, ErrTimeout)
	}
	gone, leave := context.WithCancel(context.Background())
	leave()
	if _, err := m.Run(gone, defaults(t, m), in); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
	for _, release := range releases {
		release(nil)
	}
	wantMean(t, m, 100)
}

func TestClose(t *testing.T) {
	s := newSandbox(t, Config{})
	m := load(t, s, wt.Guest{Name: "good"}.Build())
	if err := m.begin(); err != nil { // a call is in flight
		t.Fatal(err)
	}
	in, release, err := m.quick.lease(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	m.Close()
	m.Close()
	if _, err := in.compute(t.Context(), m.Spec(), budget(1_000), defaults(t, m), walk(m.Spec().Inputs, 100, 1)); err != nil {
		t.Errorf("the call in flight: %v", err)
	}
	if _, err := m.Run(context.Background(), defaults(t, m), walk(m.Spec().Inputs, 100, 1)); !errors.Is(err, ErrClosed) {
		t.Errorf("error %v, want %v", err, ErrClosed)
	}
	release(nil)
	m.end()
	if s.pool.recent.Len() != 0 || s.pool.bytes != 0 || len(s.modules) != 0 {
		t.Error("something of the closed module is left")
	}
	s.Close()
	if _, err := s.Load(context.Background(), wt.Guest{Name: "good"}.Build()); !errors.Is(err, ErrClosed) {
		t.Errorf("error %v, want %v", err, ErrClosed)
	}
}

// Good and bad modules, in many goroutines, loaded and closed meanwhile.
func TestConcurrently(t *testing.T) {
	s := newSandbox(t, Config{Limits: Limits{Memory: 128 << 20}})
	good := load(t, s, wt.Guest{Name: "good"}.Build())
	bad := load(t, s, wt.Guest{Name: "bad", Run: wt.Code(wt.If(wt.Over(500), wt.Trap()), wt.EachBar(wt.Mean()))}.Build())
	var wg sync.WaitGroup
	for g := range 64 {
		wg.Go(func() {
			for i := range 20 {
				switch n := 100 + 37*(g+i)%1_500; {
				case g%2 == 0:
					wantMean(t, good, n)
				case n <= 500:
					wantMean(t, bad, n)
				default:
					if _, err := bad.Run(context.Background(), defaults(t, bad), walk(bad.Spec().Inputs, n, 1)); !errors.Is(err, ErrTrap) {
						t.Errorf("error %v, want %v", err, ErrTrap)
					}
				}
			}
		})
	}
	wg.Go(func() {
		for range 5 {
			m := load(t, s, wt.Guest{Name: "brief"}.Build())
			done := make(chan struct{})
			go func() {
				defer close(done)
				for {
					if _, err := m.Run(context.Background(), defaults(t, m), walk(m.Spec().Inputs, 300, 1)); err != nil {
						if !errors.Is(err, ErrClosed) {
							t.Errorf("error %v, want %v", err, ErrClosed)
						}
						return
					}
				}
			}()
			wantMean(t, m, 300)
			m.Close()
			<-done
		}
	})
	wg.Wait()
}

// guests are the modules that the SDKs made.
func guests(t testing.TB) map[string][]byte {
	t.Helper()
	all := make(map[string][]byte)
	for _, pattern := range []string{"../../sdk/testdata/*/*.wasm", "../../plugins/*/*.wasm"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			all[filepath.Base(f)] = b
		}
	}
	if len(all) == 0 {
		t.Fatal("no module of an SDK was found")
	}
	return all
}

// What the SDKs make passes, runs with every number of bars, and the same
// series gives the same bits in an instance of any class.
func TestGuestsOfTheSDKs(t *testing.T) {
	s := newSandbox(t, Config{})
	for name, code := range guests(t) {
		t.Run(name, func(t *testing.T) {
			m := load(t, s, code)
			defer m.Close()
			args := defaults(t, m)
			var last ta.Columns
			for _, n := range []int{300, 1_024, 5_000, 100_000} {
				r, err := m.Run(context.Background(), args, walk(m.Spec().Inputs, n, 4))
				if err != nil {
					t.Fatalf("%d bars: %v", n, err)
				}
				if last != nil {
					if i, bar := differ(last, r.Outputs, len(last[0])); bar >= 0 {
						t.Fatalf("%d bars: output %d is another at bar %d", n, i, bar)
					}
				}
				last = r.Outputs
			}
		})
	}
}

// TestABISaysTheLimits: an author who is refused for gas is sent to sdk/ABI.md.
func TestABISaysTheLimits(t *testing.T) {
	page, err := os.ReadFile("../../sdk/ABI.md")
	if err != nil {
		t.Fatal(err)
	}
	plain := strings.ReplaceAll(string(page), ",", "") // 131,072
	for _, want := range []string{
		fmt.Sprintf("| gas of a call | %d + %d for each bar |", callGas, barGas),
		fmt.Sprintf("more than %d", quickGas),
		fmt.Sprintf("| %d each |", startGas),
		fmt.Sprintf("| bars in a call | %d |", MaxBars),
	} {
		if !strings.Contains(plain, want) {
			t.Errorf("sdk/ABI.md does not say %q", want)
		}
	}
}
