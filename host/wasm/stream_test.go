package wasm

import (
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// streaming is the default guest, which takes single bars, too.
func streaming(name string, oneBar ...[]byte) wt.Guest {
	code := wt.MeanOfBars()
	for i := len(oneBar) - 1; i >= 0; i-- {
		code = wt.Code(oneBar[i], code)
	}
	return wt.Guest{Name: name, OneBar: code, Globals: 1}
}

// Pieces of OneBar. Global 0 counts the bars of a stream.
var (
	countBar = wt.Code(wt.GetGlobal(0), wt.Int(1), []byte{0x6a}, wt.SetGlobal(0)) // i32.add
	load64   = []byte{0x2b, 3, 0}                                                 // f64.load
	grow     = wt.Code(wt.Int(1), []byte{0x40, 0, 0x1a})
)

// atBar is code for a bar of a stream alone, counted from 0.
func atBar(bar int32, then []byte) []byte {
	return wt.Code(countBar, wt.If(wt.Code(wt.GetGlobal(0), wt.Int(bar+1), []byte{0x46}), then)) // i32.eq
}

// store writes a value and ends ta_bar.
func store(value ...[]byte) []byte {
	code := wt.Get(wt.BarOut)
	for _, v := range value {
		code = wt.Code(code, v)
	}
	return wt.Code(code, []byte{0x39, 3, 0}, wt.Int(0), []byte{0x0f})
}

// begin begins one at default parameters that ends with the test.
func begin(t testing.TB, m *Module) registry.Stream {
	t.Helper()
	s, err := m.Stream(context.Background(), defaults(t, m))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// wantStream feeds bars and wants the default guest's means.
func wantStream(t testing.TB, s registry.Stream, x []float64) {
	t.Helper()
	out := make([]float64, 1)
	last := math.NaN()
	for i, v := range x {
		if _, err := s.Next(x[i:i+1], out); err != nil {
			t.Fatalf("bar %d: %v", i, err)
		}
		want := (v + last) * 0.5
		if math.Float64bits(out[0]) != math.Float64bits(want) && (out[0] == out[0] || want == want) {
			t.Fatalf("bar %d is %v, want %v", i, out[0], want)
		}
		last = v
	}
}

func TestStream(t *testing.T) {
	s := newSandbox(t, Config{})
	m := load(t, s, streaming("streams").Build())
	if r := m.Report(); !r.Streams || !m.Streams() || r.Checks[len(r.Checks)-1] != checkChunks {
		t.Errorf("report %+v", r)
	}
	x := walk([]ta.Input{ta.Close}, 3_000, 9)[0]
	for _, hole := range []int{0, 5, 6, 100} {
		x[hole] = math.NaN()
	}
	// Two at the same time, calls between their bars, and one after another.
	a, b := begin(t, m), begin(t, m)
	wantStream(t, a, x)
	wantMean(t, m, 1_000)
	wantStream(t, b, x[50:])
	a.Close()
	a.Close()
	for range 3 {
		c := begin(t, m)
		wantStream(t, c, x[100:200])
		c.Close()
	}
	wantMean(t, m, 1_000)

	for name, use := range map[string]func() error{
		"a closed one": func() error { _, err := a.Next(x[:1], x[:1]); return err },
		"two inputs":   func() error { _, err := b.Next(x[:2], x[:1]); return err },
		"no output":    func() error { _, err := b.Next(x[:1], nil); return err },
		"another guest": func() error {
			_, err := load(t, s, wt.Guest{Name: "none"}.Build()).Stream(context.Background(), ta.Args{})
			return err
		},
	} {
		if use() == nil {
			t.Errorf("%s takes a bar", name)
		}
	}
	if none := load(t, s, wt.Guest{Name: "none"}.Build()); none.Report().Streams || slices.Contains(none.Report().Checks, checkChunks) {
		t.Errorf("report of a module without ta_bar: %+v", none.Report())
	}
	m.Close()
	if _, err := m.Stream(context.Background(), defaults(t, m)); !errors.Is(err, ErrClosed) {
		t.Errorf("error %v after the module was unloaded", err)
	}
	wantStream(t, b, []float64{math.NaN(), 1, 2}) // it was begun before, and the module waits for it
}

// Whatever a module does wrong with single bars at default parameters within the
// bars of the checks, it is refused with the first bar at which it does.
func TestLoadRefusesStreams(t *testing.T) {
	s := newSandbox(t, Config{})
	for name, c := range map[string]struct {
		bar  []byte // before the default code
		gate string
		has  string
		at   int
	}{
		"lies at a bar": {atBar(123, store(wt.Float(1))), checkChunks, "output mean at bar 123 is 1 from ta_bar", 123},
		"is off by a bit": {atBar(123, store(wt.Get(wt.BarIn), load64, wt.Int(30_008), load64, []byte{0xa0}, wt.Float(0.5), []byte{0xa2}, wt.Float(1+0x1p-52), []byte{0xa2})),
			checkChunks, "output mean at bar 123", 123},
		"gives a value for none":      {atBar(0, store(wt.Float(1))), checkChunks, "and NaN from ta_run", 0},
		"gives no value":              {atBar(299, store(wt.Float(math.NaN()))), checkChunks, "is NaN from ta_bar", 299},
		"knows only the bar":          {store(wt.Get(wt.BarIn), load64), checkChunks, "output mean at bar 1", 1},
		"traps at a bar":              {atBar(20, wt.Trap()), "trap", "unreachable", 20},
		"loops at a bar":              {atBar(3, wt.Loop()), "out-of-gas", "units", 3},
		"recurses at a bar":           {atBar(4, wt.Call(wt.ExtraFunction)), "depth-exceeded", "stack", 4},
		"gives a code at a bar":       {atBar(5, wt.Code(wt.Int(9), []byte{0x0f})), "trap", "ta_bar returned code 9", 5},
		"writes nothing at a bar":     {atBar(6, wt.Code(wt.Int(0), []byte{0x0f})), "bad-output", "mean at bar 6 was not written", 6},
		"gives infinity at a bar":     {atBar(8, store(wt.Float(math.Inf(1)))), "bad-output", "mean at bar 8 is infinite", 8},
		"uses more than its bars may": {wt.Code(countBar, wt.Int(0), wt.Int(0), wt.Int(16<<20-1), []byte{0xfc, 0x0b, 0}), "out-of-gas", "", -1},
	} {
		t.Run(name, func(t *testing.T) {
			g := streaming("bad", c.bar)
			g.Extra = wt.Call(wt.ExtraFunction)
			if name == "uses more than its bars may" {
				g.Pages = 256
			}
			_, err := s.Load(context.Background(), g.Build())
			var r *Rejected
			if !errors.As(err, &r) || r.Gate != c.gate || !strings.Contains(r.Detail, c.has) {
				t.Fatalf("error %v, want the gate %q and %q", err, c.gate, c.has)
			}
			if c.at >= 0 && (r.Bar == nil || *r.Bar != c.at) {
				t.Errorf("%v; want bar %d", r, c.at)
			}
		})
	}
}

// A module whose state would leak from a stream to what comes after: it counts
// in memory and in a global, and gives the count. Each stream counts from 1, and
// no call sees a stream's count.
func TestStreamLeavesNothing(t *testing.T) {
	at := wt.Int(29_000)
	count := wt.Code(at, at, load64, wt.Float(1), []byte{0xa0, 0x39, 3, 0}, countBar) // f64.add f64.store
	both := wt.Code(at, load64, wt.GetGlobal(0), []byte{0xb7, 0xa0})                  // f64.convert_i32_s f64.add
	g := wt.Guest{
		Name: "leaks", Globals: 1, Description: strings.Replace(wt.Describe("leaks", "1.0.0"), `"warmup":1`, `"warmup":0`, 1),
		OneBar: wt.Code(count, store(both), wt.Int(0)),
		Run:    wt.EachBar(wt.Code(both, wt.Get(wt.Bar), []byte{0xb7}, wt.Float(1), []byte{0xa0}, wt.Float(2), []byte{0xa2, 0xa0})),
	}
	m := load(t, newSandbox(t, Config{}), g.Build())
	out := make([]float64, 1)
	for range 3 {
		s := begin(t, m)
		for bar := range 20 {
			if _, err := s.Next([]float64{5}, out); err != nil || out[0] != 2*float64(bar+1) {
				t.Fatalf("bar %d of a stream is %v, %v; want %d", bar, out[0], err, 2*(bar+1))
			}
		}
		s.Close()
		r, err := m.Run(context.Background(), defaults(t, m), ta.Columns{{5, 5}})
		if err != nil || r.Outputs[0][0] != 2 || r.Outputs[0][1] != 4 {
			t.Fatalf("a call after a stream gives %v, %v", r.Outputs, err)
		}
	}
}

// A module that behaves for as long as the checks last and not after: the stream
// ends with what it did, and nothing else does.
func TestStreamFaults(t *testing.T) {
	s := newSandbox(t, Config{})
	other := load(t, s, streaming("other").Build())
	const late = 1_000
	for name, c := range map[string]struct {
		bar  []byte
		want error
	}{
		"trap":      {wt.Trap(), ErrTrap},
		"loop":      {wt.Loop(), ErrOutOfGas},
		"recursion": {wt.Call(wt.ExtraFunction), ErrDepthExceeded},
		"code":      {wt.Code(wt.Int(7), []byte{0x0f}), ErrTrap},
		"infinity":  {store(wt.Float(math.Inf(-1))), ErrBadOutput},
		"nothing":   {wt.Code(wt.Int(0), []byte{0x0f}), ErrBadOutput},
	} {
		t.Run(name, func(t *testing.T) {
			g := streaming("late", atBar(late, c.bar))
			g.Extra = wt.Call(wt.ExtraFunction)
			m := load(t, s, g.Build())
			defer m.Close()
			x := walk([]ta.Input{ta.Close}, late+1, 1)[0]
			for range 2 {
				stream := begin(t, m)
				wantStream(t, stream, x[:late])
				out := make([]float64, 1)
				for range 2 { // it stays ended
					_, err := stream.Next(x[late:], out)
					var f *Fault
					if !errors.As(err, &f) || !errors.Is(err, c.want) || f.bar == nil || *f.bar != late {
						t.Fatalf("error %v, want %v at bar %d", err, c.want, late)
					}
				}
				stream.Close()
				at := place{&m.quick, 0}
				in := s.pool.get(at)
				if kept := in != nil; kept != (name == "code") {
					t.Errorf("the instance is kept: %v", kept)
				}
				if in != nil {
					s.pool.put(at, in)
				}
				wantMean(t, m, 900)
			}
			wantStream(t, begin(t, other), x)
		})
	}
}

// A guest that grows its memory at a bar moves it, and the host looks again.
func TestStreamReadsMemoryThatGrew(t *testing.T) {
	m := load(t, newSandbox(t, Config{}), streaming("grows", wt.Code(countBar, wt.If(wt.Code(wt.GetGlobal(0), wt.Int(60), []byte{0x48}), grow))).Build())
	for range 3 {
		s := begin(t, m)
		wantStream(t, s, walk([]ta.Input{ta.Close}, 400, 4)[0])
		s.Close()
	}
}

// No bar of a stream allocates, and equal bars take equal gas.
func TestStreamCosts(t *testing.T) {
	m := load(t, newSandbox(t, Config{}), streaming("costs").Build())
	in, out := []float64{5}, make([]float64, 1)
	s := begin(t, m)
	if _, err := s.Next(in, out); err != nil {
		t.Fatal(err)
	}
	first, err := s.Next(in, out)
	if err != nil || first == 0 {
		t.Fatalf("%d units, %v", first, err)
	}
	if made := testing.AllocsPerRun(500, func() {
		if gas, err := s.Next(in, out); gas != first || err != nil {
			t.Fatalf("%d units, then %d; %v", first, gas, err)
		}
	}); made > 0 {
		t.Errorf("%v allocations a bar", made)
	}
}

// dear is code for a bar from which on, counted from 0, as many take 100,000 units and
// some more as there are up to another.
func dear(from, to int32) []byte {
	within := wt.Code(wt.GetGlobal(0), wt.Int(from), []byte{0x4a}, wt.GetGlobal(0), wt.Int(to), []byte{0x4c, 0x71}) // i32.gt_s i32.le_s i32.and
	// A fill takes 20 with what is around it, and 1 for each 64 bytes.
	return wt.Code(countBar, wt.If(within, wt.Code(wt.Int(40_000), wt.Int(0), wt.Int(dearBytes), []byte{0xfc, 0x0b, 0})))
}

const dearBytes = 100_000 * 64 // which are there in 104 pages

// TestStreamHasTheGasOfACall: what earlier bars left of theirs, and of what a call
// has beside, is there for later ones, and no more.
func TestStreamHasTheGasOfACall(t *testing.T) {
	s := newSandbox(t, Config{})
	for name, padding := range map[string]int{"Small": 0, "Large": gate.MaxSmallBytes} {
		t.Run(name, func(t *testing.T) {
			guest := func(from, to int32) *Module {
				g := streaming("dear", dear(from, to))
				g.Pages, g.Padding = 104, padding
				return load(t, s, g.Build())
			}
			t.Run("first bars", func(t *testing.T) {
				const most = callGas / 110_000 // 72
				m := guest(0, most)
				x := walk(m.Spec().Inputs, 1_000, 3)
				stream := begin(t, m).(*stream)
				wantStream(t, stream, x[0])
				if stream.used < most*100_000 {
					t.Errorf("%d units: the test shows nothing", stream.used)
				}
				stream.Close()
			})
			t.Run("later bars", func(t *testing.T) {
				const from = 1_000
				m := guest(from, 1<<30)
				stream := begin(t, m).(*stream)
				in, out := []float64{1}, make([]float64, 1)
				paid, dearest := 0, int64(0)
				for bar := 0; ; bar++ {
					before := stream.gas
					gas, err := stream.Next(in, out)
					if err != nil {
						// Neither is it refused what a call has, nor has it more.
						if left := budget(bar+1) - stream.used; !errors.Is(err, ErrOutOfGas) || left >= dearest || bar < from+callGas/100_000 {
							t.Errorf("at bar %d, which has %d units and takes %d: %v", bar, left, dearest, err)
						}
						break
					}
					dearest = max(dearest, int64(gas))
					if stream.gas > stream.most || stream.used+stream.gas > budget(bar+1) {
						t.Fatalf("bar %d leaves %d units of %d after %d", bar, stream.gas, stream.most, stream.used)
					}
					if bar < from && stream.gas+int64(gas) != before {
						paid++
					}
				}
				stream.Close()
				if paid > 2 {
					t.Errorf("%d of %d cheap bars were paid", paid, from)
				}
			})
		})
	}
}

// TestBarHasNoMoreAtOnce: a bar that never ends has what a call gets at once, of a Large
// module, too, and harms no later call.
func TestBarHasNoMoreAtOnce(t *testing.T) {
	const late = 1_000
	s := newSandbox(t, Config{})
	for name, padding := range map[string]int{"Small": 0, "Large": gate.MaxSmallBytes} {
		t.Run(name, func(t *testing.T) {
			g := streaming("late", atBar(late, wt.Loop()))
			g.Padding = padding
			m := load(t, s, g.Build())
			x := walk(m.Spec().Inputs, late+1, 1)[0]
			stream := begin(t, m).(*stream)
			wantStream(t, stream, x[:late])
			_, err := stream.Next(x[late:], make([]float64, 1))
			if has := strconv.FormatInt(stream.gas, 10) + " units"; !errors.Is(err, ErrOutOfGas) || !strings.Contains(err.Error(), has) || stream.gas > stream.most || stream.gas < stream.most/2 {
				t.Errorf("a bar that had %s ended with %v", has, err)
			}
			stream.Close()
			wantMean(t, m, 900)
			again := begin(t, m)
			wantStream(t, again, x[:late])
			again.Close()
		})
	}
}
