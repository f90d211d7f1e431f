package wasm

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/admission"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// million is as many bars as a call is promised to take.
const million = 1_000_000

// TestMillion: over a million bars, holes among them, each value has the bits of
// the same steps in Go; a second time it has them and the gas again; and both were
// in one instance of the least memory, which has not grown.
func TestMillion(t *testing.T) {
	s := newSandbox(t, Config{})
	m := load(t, s, guests(t)["stream_c.wasm"])
	in := walk(m.Spec().Inputs, million, 11)
	for _, hole := range []int{0, 3, 500, MaxBars, MaxBars + 1, million - 1} {
		in[0][hole] = math.NaN()
	}
	gas := uint64(0)
	for range 2 {
		r, err := m.Run(t.Context(), defaults(t, m), in)
		if err != nil {
			t.Fatal(err)
		}
		native, want := wt.NewCoreBars(20, 20, 14), make([]float64, 3)
		for bar := range million {
			native.Next(in[0][bar:bar+1], want)
			for i, w := range want {
				if v := r.Outputs[i][bar]; math.Float64bits(v) != math.Float64bits(w) && (v == v || w == w) {
					t.Fatalf("output %d at bar %d is %v, natively %v", i, bar, v, w)
				}
			}
		}
		if gas == 0 {
			gas = r.Gas
		}
		if r.Gas != gas || gas < million || gas > uint64(budget(million)) {
			t.Errorf("%d units of gas, and the first time %d", r.Gas, gas)
		}
	}
	var sizes []uint32
	for in := s.pool.get(place{&m.quick, barClass}); in != nil; in = s.pool.get(place{&m.quick, barClass}) {
		defer in.close()
		sizes = append(sizes, in.memory.Size())
	}
	if len(sizes) != 1 || uint64(sizes[0]) != m.MemoryBytes(1) || m.MemoryBytes(million) != m.MemoryBytes(1) {
		t.Errorf("instances of %d bytes; one for a single bar has %d, and one for a million %d", sizes, m.MemoryBytes(1), m.MemoryBytes(million))
	}
}

// TestSeriesBegins: where the room for a call ends, bars come one by one, with the
// values that there were, and the gas of a stream.
func TestSeriesBegins(t *testing.T) {
	s := newSandbox(t, Config{})
	small := streaming("small")
	small.Alloc = wt.Code(wt.If(wt.Code(wt.Get(0), wt.Int(1<<20), []byte{0x4a}), wt.Code(wt.Int(0), []byte{0x0f})), wt.Room())
	for room, g := range map[int]wt.Guest{MaxBars: streaming("large"), classes[1]: small} {
		m := load(t, s, g.Build())
		if got := m.Report().MaxBars; got != room {
			t.Fatalf("%s has room for %d bars, want %d", g.Name, got, room)
		}
		for _, n := range []int{room, room + 1} {
			wantMean(t, m, n)
			in := walk(m.Spec().Inputs, n, 7)
			got, err := m.Run(t.Context(), defaults(t, m), in)
			if err != nil {
				t.Fatal(err)
			}
			stream, err := registry.OneByOne(t.Context(), m, defaults(t, m), in)
			if err != nil {
				t.Fatal(err)
			}
			if oneByOne := got.Gas == stream.Gas; oneByOne != (n > room) {
				t.Errorf("%s takes %d units for %d bars, and %d one by one", g.Name, got.Gas, n, stream.Gas)
			}
		}
	}
}

// TestSeriesRefused: who has too many bars is told how many there may be, and what
// would have more be taken.
func TestSeriesRefused(t *testing.T) {
	s := newSandbox(t, Config{})
	for name, c := range map[string]struct {
		guest wt.Guest
		bars  int
		want  string // "" where it is taken
	}{
		"no single bars": {wt.Guest{Name: "none"}, MaxBars + 1, "none has room for 131072 bars in a call, and there are 131073: send fewer, or have it export ta_bar, with which it takes 1048576"},
		"all":            {streaming("all"), MaxSeries, ""},
		"one more":       {streaming("more"), MaxSeries + 1, "a plugin takes at most 1048576 bars in a call, and there are 1048577: send fewer"},
		"none of either": {wt.Guest{Name: "either"}, MaxSeries + 1, "at most 1048576 bars"},
	} {
		t.Run(name, func(t *testing.T) {
			m := load(t, s, c.guest.Build())
			_, err := m.Run(t.Context(), defaults(t, m), ta.Columns{make([]float64, c.bars)})
			if c.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if !errors.Is(err, ErrMemory) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if m.Takes(c.bars).Error() != err.Error() || m.Takes(MaxBars) != nil {
				t.Errorf("it says beforehand: %v, and of fewer %v", m.Takes(c.bars), m.Takes(MaxBars))
			}
			wantMean(t, m, 1_000)
		})
	}
}

// TestSeriesFaults: what goes wrong late is told with its bar, and harms no later
// call.
func TestSeriesFaults(t *testing.T) {
	s := newSandbox(t, Config{})
	const late = MaxBars + 5_000
	for name, c := range map[string]struct {
		bar  []byte
		want error
		says string
	}{
		"trap":     {wt.Trap(), ErrTrap, "at bar %d: unreachable"},
		"loop":     {wt.Loop(), ErrOutOfGas, "at bar %d: "},
		"code":     {wt.Code(wt.Int(7), []byte{0x0f}), ErrTrap, "at bar %d: ta_bar returned code 7"},
		"infinity": {store(wt.Float(math.Inf(1))), ErrBadOutput, "output mean at bar %d is infinite"},
	} {
		t.Run(name, func(t *testing.T) {
			m := load(t, s, streaming("late", atBar(late, c.bar)).Build())
			for range 2 {
				r, err := m.Run(t.Context(), defaults(t, m), walk(m.Spec().Inputs, late+2_000, 1))
				if want := fmt.Sprintf(c.says, late); !errors.Is(err, c.want) || !strings.Contains(err.Error(), want) || r.Outputs != nil {
					t.Fatalf("error %v, want %v and %q", err, c.want, want)
				}
			}
			wantMean(t, m, 1_000)
			wantMean(t, m, MaxBars+1)
		})
	}
}

// TestSeriesGrows: one that keeps all that it has seen has its memory and no more.
func TestSeriesGrows(t *testing.T) {
	from := MaxBars + 1_000
	more := wt.Code(wt.Int(1), []byte{0x40, 0}, wt.Int(0), []byte{0x48}) // memory.grow i32.lt_s
	keeps := wt.Code(countBar, wt.If(wt.Code(wt.GetGlobal(0), wt.Int(int32(from)), []byte{0x4a}), wt.If(more, wt.Trap())))
	m := load(t, newSandbox(t, Config{}), streaming("keeps", keeps).Build())
	room := int((memoryLimit(m.info.Tier) - int64(m.MemoryBytes(1))) / pageSize)
	for n, want := range map[int]string{from + room: "", from + room + 1: fmt.Sprintf("at bar %d: it failed with its memory at the limit of 16777216 bytes", from+room)} {
		_, err := m.Run(t.Context(), defaults(t, m), walk(m.Spec().Inputs, n, 1))
		if want == "" && err != nil || want != "" && (!errors.Is(err, ErrMemory) || !strings.Contains(err.Error(), want)) {
			t.Errorf("%d bars: error %v, want %q", n, err, want)
		}
		wantMean(t, m, MaxBars+1)
	}
}

// thinks is a guest that counts to a thousand for each bar that comes alone: 5,000
// units and more.
func thinks(name string) wt.Guest {
	count := wt.Code(wt.Int(1_000), wt.SetGlobal(0), []byte{0x03, 0x40},
		wt.GetGlobal(0), wt.Int(1), []byte{0x6b}, wt.SetGlobal(0), wt.GetGlobal(0), []byte{0x0d, 0, 0x0b})
	return streaming(name, count)
}

// TestSeriesEnds: with its time, with that of who waits, with who does not wait any
// more, and when its plugin is stopped: in the middle, and with its bar.
func TestSeriesEnds(t *testing.T) {
	s := newSandbox(t, Config{})
	m := load(t, s, thinks("thinks").Build())
	in := walk(m.Spec().Inputs, million, 1) // 5,000,000,000 units: half a second at least
	idle := func() {
		t.Helper()
		if n := s.Waits()["long-call"]; n.Inside != (admission.Size{}) {
			t.Errorf("still inside: %+v", n)
		}
		wantMean(t, m, 1_000)
	}
	t.Run("time", func(t *testing.T) {
		s.timeout = time.Millisecond
		defer func() { s.timeout = DefaultTimeout }()
		_, err := m.Run(t.Context(), defaults(t, m), in)
		var f *Fault
		if !errors.As(err, &f) || !errors.Is(err, ErrTimeout) || !strings.Contains(err.Error(), "units of gas") || f.bar == nil || *f.bar < 1 || *f.bar > million-1 {
			t.Errorf("it ended with %v", err)
		}
		idle()
	})
	for name, c := range map[string]struct {
		end  func(ctx *watched, cancel func())
		want error
	}{
		"deadline":     {func(ctx *watched, _ func()) { ctx.over = context.DeadlineExceeded }, ErrTimeout},
		"nobody waits": {func(_ *watched, cancel func()) { cancel() }, context.Canceled},
		"stopped":      {func(*watched, func()) { m.Halt(true) }, ErrHalted},
	} {
		t.Run(name, func(t *testing.T) {
			inner, cancel := context.WithCancel(t.Context())
			defer cancel()
			ctx := &watched{Context: inner}
			ctx.slice = func(n int) {
				if n == 5 {
					c.end(ctx, cancel)
				}
			}
			stream, err := m.stream(ctx, defaults(t, m))
			if err != nil {
				t.Fatal(err)
			}
			_, err = registry.Feed(stream, in, 1)
			stream.Close()
			m.Halt(false)
			// A slice is 104,000 units at least, of which a bar takes 5,000.
			if !errors.Is(err, c.want) || ctx.slices > 6 || stream.bars < 30 || stream.bars > 600 {
				t.Errorf("after %d bars and %d looks it ended with %v", stream.bars, ctx.slices, err)
			}
			idle()
		})
	}
}

// TestSeriesMakesRoom: while a series runs, it is counted among what takes long; it
// has no more gas than a call gets at once without giving way, and then, on one
// processor, another call is answered, and the garbage collector has its turn.
func TestSeriesMakesRoom(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	s := newSandbox(t, Config{})
	m, other := load(t, s, thinks("thinks").Build()), load(t, s, wt.Guest{Name: "other"}.Build())
	wantMean(t, other, 100) // its instance is there
	var stream *stream
	answered, collected := make(chan error), make(chan struct{})
	meanwhile := func() {
		_, err := other.Run(t.Context(), defaults(t, other), walk(other.Spec().Inputs, 100, 1))
		answered <- err
		runtime.GC()
		close(collected)
	}
	inside, begun, answeredAt, collectedAt := 0, 0, 0, 0
	used, most := int64(0), int64(0)
	ctx := &watched{Context: t.Context(), slice: func(n int) {
		if stream == nil {
			return // it waits for its instance
		}
		used, most = stream.used, max(most, stream.used-used)
		if begun == 0 {
			begun, inside = n, s.Waits()["long-call"].Inside.Count
			go meanwhile()
		}
		select {
		case err := <-answered:
			if answeredAt = n; err != nil {
				t.Error(err)
			}
		case <-collected:
			collectedAt = n
			collected = nil
		default:
		}
	}}
	stream, err := m.stream(ctx, defaults(t, m))
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	for out := []float64{0}; collectedAt == 0 && stream.bars < million; {
		if _, err := stream.Next([]float64{1}, out); err != nil {
			t.Fatal(err)
		}
	}
	if inside != 1 {
		t.Errorf("%d calls that take long are inside", inside)
	}
	if all := atOnce(uint64(stream.instance.limit)); most < all/2 || most > all {
		t.Errorf("it had up to %d units without giving way, and may have %d", most, all)
	}
	if answeredAt == 0 || answeredAt > begun+3 || collectedAt == 0 {
		t.Errorf("from slice %d on, another call is answered in slice %d, and garbage collected in slice %d of %d", begun, answeredAt, collectedAt, ctx.slices)
	}
}
