package wasm

import (
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
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/meter"
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

// guestCode has the native code of what the SDKs make, for all tests: a guest in Go
// takes the compiler seconds, and ten times as long under the race detector.
var guestCode string

// loadGuest is load of what an SDK made.
func loadGuest(t testing.TB, code []byte) *Module {
	t.Helper()
	m := load(t, newSandbox(t, Config{CodeDir: guestCode}), code)
	m.Keep()
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
		Checks: []string{"structure", "validation", "abi", "description", "output", "warm-up", "determinism", "causality", "recovery"},
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

// TestScale: who promises nothing of prices may add to them, and who keeps the
// promise has that in the report.
func TestScale(t *testing.T) {
	s := newSandbox(t, Config{})
	load(t, s, wt.Guest{Name: "more", Run: wt.EachBar(wt.Code(wt.Mean(), wt.Float(1), []byte{0xa0}))}.Build())
	priced := strings.Replace(wt.Describe("priced", "1.0.0"), `"unit":"none"`, `"unit":"price"`, 1)
	if m := load(t, s, wt.Guest{Name: "priced", Description: priced}.Build()); !slices.Contains(m.Report().Checks, "scale") {
		t.Errorf("a mean of prices passed %v", m.Report().Checks)
	}
}

// TestRunRefuses what a module cannot take.
func TestRunRefuses(t *testing.T) {
	s := newSandbox(t, Config{})
	other := load(t, s, wt.Guest{Name: "other"}.Build())
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

// TestLoadFirst: before anybody is served modules do not wait for another's compiler,
// and as many as there are processors may have one.
func TestLoadFirst(t *testing.T) {
	s := newSandbox(t, Config{})
	good := wt.Guest{Name: "good"}.Build()
	gone, leave := context.WithCancel(t.Context())
	leave()
	if err := s.compile.Acquire(t.Context(), 1); err != nil { // another module is compiled
		t.Fatal(err)
	}
	if _, err := s.Load(gone, good); !errors.Is(err, context.Canceled) {
		t.Errorf("a second compiler has error %v", err)
	}
	m, err := s.LoadFirst(t.Context(), good)
	if err != nil {
		t.Fatal(err)
	}
	wantMean(t, m, 100)
	most := int64(min(runtime.GOMAXPROCS(0), mostCompilers))
	if !s.first.TryAcquire(most) {
		t.Fatalf("not %d modules may be compiled at a time", most)
	}
	if _, err := s.LoadFirst(gone, good); !errors.Is(err, context.Canceled) {
		t.Errorf("one more than %d has error %v", most, err)
	}
	s.first.Release(most)
	for name, bad := range map[string][]byte{"no module": []byte("no module"), "a trap": wt.Guest{Name: "bad", Run: wt.Trap()}.Build()} {
		if _, err := s.LoadFirst(t.Context(), bad); !errors.Is(err, ErrRejected) {
			t.Errorf("%s has error %v", name, err)
		}
	}
	if got := s.loaded(); len(got) != 1 {
		t.Errorf("%d modules are loaded, of one", len(got))
	}
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

// What the SDKs make passes, leaves nothing behind, runs with every number of bars,
// and the same series gives the same bits in an instance of any class.
func TestGuestsOfTheSDKs(t *testing.T) {
	for name, code := range guests(t) {
		t.Run(name, func(t *testing.T) {
			m := loadGuest(t, code)
			resets(t, m)
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
		fmt.Sprintf("| %d each | %d each |", startGas, largeStartGas),
		fmt.Sprintf("| 2 for each 64 bytes asked for and %d |", largeStartGas),
		fmt.Sprintf("makes room for others after each %d units.", sliceGas),
		fmt.Sprintf("where it needs more than %d units", shortGas),
		fmt.Sprintf("| gas at once in a memory of 256 KiB 1 MiB 4 MiB 16 MiB | %d %d %d %d | %d |",
			atOnce(256<<10), atOnce(1<<20), atOnce(4<<20), atOnce(16<<20), sliceGas),
		fmt.Sprintf("| gas of a bar of a stream | %d and what earlier bars left of theirs and of the %d; but no more at once than %d and of those %d for certain | the same; but no more than %d and %d for certain |",
			barGas, callGas, atOnce(16<<20), atOnce(16<<20)/2, atOnce(64<<20), atOnce(64<<20)/2),
		fmt.Sprintf("| bars in a call | %d |", MaxBars),
		fmt.Sprintf("| bars in a call of a module with `ta_bar` | %d |", MaxSeries),
		fmt.Sprintf("| call stack | %d MiB", meter.DefaultStack>>20),
	} {
		if !strings.Contains(plain, want) {
			t.Errorf("sdk/ABI.md does not say %q", want)
		}
	}
}
