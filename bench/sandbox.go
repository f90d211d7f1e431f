package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unsafe"

	extism "github.com/extism/go-sdk"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/meter"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// guestBars is how many bars the calls have by which the sandbox is measured.
const guestBars = 1_000

// What is aimed at with them.
const (
	mostOfNative  = 2.0 // times the native code's time, in the languages of fast
	mostOfPlain   = 1.3 // times the time without a meter, the median of the modules
	leastOfExtism = 20.0
	mostStreamed  = 60.0 // ns for a bar that comes alone, in those languages
	leastOfKept   = 20.0 // times that compiling takes what native code takes that was kept, for each module
)

var (
	languages = []string{"c", "rust", "assemblyscript", "zig", "go"}
	fast      = languages[:3]
)

// sandboxed is what the sandbox costs: SMA 20, EMA 20 and RSI 14 in each
// language, beside the same steps in Go.
type sandboxed struct {
	Bars        int        `json:"bars"`
	Native      float64    `json:"native"` // ns per bar
	Guests      []guestRow `json:"guests"`
	Extism      guestRow   `json:"extism"`       // pooled, with a timeout
	OfExtism    float64    `json:"extism_by_c"`  // its time by that of the same C in this sandbox
	NativeBar   float64    `json:"native_bar"`   // ns of a bar that comes alone
	Streams     []guestRow `json:"streams"`      // the same of the guests
	Meter       []guestRow `json:"meter"`        // each module's ta_run with the meter, in the form of its quick calls, and by how many times it is slower
	MeterMedian float64    `json:"meter_median"` // of those ratios
	Kept        []guestRow `json:"kept"`         // making each module ready from native code that was kept, and how many times as long compiling takes
	Missed      []string   `json:"missed"`       // what is aimed at, and is not reached
}

type guestRow struct {
	Name  string  `json:"name"`
	Ns    float64 `json:"ns"`
	Ratio float64 `json:"ratio"` // to native, or to no meter; of compiling to it
}

// sandbox measures it all.
func sandbox(ctx context.Context) (*sandboxed, error) {
	// Five streams are held at once, which in a service would wait for one another.
	box, err := wasm.New(wasm.Config{Limits: wasm.Limits{Calls: 4 * wasm.DefaultCalls, Memory: 4 * wasm.DefaultMemory, Share: 1}})
	if err != nil {
		return nil, err
	}
	defer box.Close()
	s := &sandboxed{Bars: guestBars}
	parts := stretches(guestBars)
	for _, measure := range []func(context.Context, *wasm.Sandbox, []sample.Columns) error{s.calls, s.bars, s.meters} {
		if err := measure(ctx, box, parts); err != nil {
			return nil, err
		}
	}
	if err := s.kept(ctx); err != nil {
		return nil, err
	}
	s.judge()
	return s, nil
}

// guestFile is a sample of the SDKs in a language.
func guestFile(name, language string) ([]byte, error) {
	return os.ReadFile(filepath.FromSlash(fmt.Sprintf("../sdk/testdata/%[1]s-%[2]s/%[1]s_%[2]s.wasm", name, language)))
}

// modules are the files of all samples of the SDKs, and of the plugins.
func modules() (paths []string, err error) {
	list, err := os.ReadFile(filepath.FromSlash("../sdk/modules.txt"))
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(list)) {
		if fields := strings.Fields(line); len(fields) > 0 && fields[0] != "#" {
			paths = append(paths, filepath.FromSlash("../"+fields[len(fields)-1]))
		}
	}
	return paths, nil
}

func loadGuest(ctx context.Context, box *wasm.Sandbox, name, language string) (*wasm.Module, ta.Args, error) {
	code, err := guestFile(name, language)
	if err != nil {
		return nil, ta.Args{}, err
	}
	return load(ctx, box, code)
}

func load(ctx context.Context, box *wasm.Sandbox, code []byte) (*wasm.Module, ta.Args, error) {
	m, err := box.Load(ctx, code)
	if err != nil {
		return nil, ta.Args{}, err
	}
	args, err := m.Spec().Args(nil)
	return m, args, err
}

// calls measures whole calls: columns in, run, columns out, all put back.
func (s *sandboxed) calls(ctx context.Context, box *wasm.Sandbox, parts []sample.Columns) error {
	native := &side{}
	for _, part := range parts {
		native.calls = append(native.calls, func() { wasmtest.CoreColumns(part.Close, 20, 20, 14) })
	}
	sides := []*side{native}
	for _, language := range languages {
		m, args, err := loadGuest(ctx, box, "core", language)
		if err != nil {
			return err
		}
		guest := &side{}
		for _, part := range parts {
			in := ta.Columns{part.Close}
			guest.calls = append(guest.calls, func() { must(m.Run(ctx, args, in)) })
		}
		got, err := m.Run(ctx, args, ta.Columns{parts[0].Close})
		if err != nil {
			return err
		}
		if err := sameBits("core in "+language, got.Outputs, wasmtest.CoreColumns(parts[0].Close, 20, 20, 14)); err != nil {
			return err
		}
		sides = append(sides, guest)
	}
	peer, err := newExtism(ctx)
	if err != nil {
		return err
	}
	defer peer.close(ctx)
	got, err := peer.run(parts[0].Close)
	if err != nil {
		return err
	}
	if err := sameBits("Extism's guest", got, wasmtest.CoreColumns(parts[0].Close, 20, 20, 14)); err != nil {
		return err
	}
	other := &side{}
	for _, part := range parts {
		other.calls = append(other.calls, func() { must(peer.run(part.Close)) })
	}
	race(append(sides, other))
	per := func(s *side) float64 { return s.best / guestBars }
	s.Native = per(native)
	for i, language := range languages {
		ns := per(sides[1+i])
		s.Guests = append(s.Guests, guestRow{language, ns, ns / s.Native})
	}
	s.Extism = guestRow{"Extism, C", per(other), per(other) / s.Native}
	s.OfExtism = s.Extism.Ns / s.Guests[0].Ns
	return nil
}

// bars measures bars that come one by one, from round to round.
func (s *sandboxed) bars(ctx context.Context, box *wasm.Sandbox, parts []sample.Columns) error {
	own := wasmtest.NewCoreBars(20, 20, 14)
	var in [1]float64
	var out [3]float64
	each := func(next func()) *side {
		one := &side{}
		for _, part := range parts {
			one.calls = append(one.calls, func() {
				for _, v := range part.Close {
					in[0] = v
					next()
				}
			})
		}
		return one
	}
	sides := []*side{each(func() { own.Next(in[:], out[:]) })}
	for _, language := range languages {
		m, args, err := loadGuest(ctx, box, "stream", language)
		if err != nil {
			return err
		}
		got, err := registry.OneByOne(ctx, m, args, ta.Columns{parts[0].Close})
		if err != nil {
			return err
		}
		if err := sameBits("stream in "+language, got.Outputs, wasmtest.CoreColumns(parts[0].Close, 20, 20, 14)); err != nil {
			return err
		}
		stream, err := m.Stream(ctx, args)
		if err != nil {
			return err
		}
		defer stream.Close()
		sides = append(sides, each(func() { must(stream.Next(in[:], out[:])) }))
	}
	race(sides)
	s.NativeBar = sides[0].best / guestBars
	for i, language := range languages {
		ns := sides[1+i].best / guestBars
		s.Streams = append(s.Streams, guestRow{language, ns, ns / s.NativeBar})
	}
	return nil
}

// meters measures ta_run of each module in the engine alone, with the meter as it
// serves 1,000 bars and without.
func (s *sandboxed) meters(ctx context.Context, box *wasm.Sandbox, parts []sample.Columns) error {
	samples, err := modules()
	if err != nil {
		return err
	}
	var ratios []float64
	for _, path := range samples {
		name := strings.TrimSuffix(filepath.Base(path), ".wasm")
		code, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		m, args, err := load(ctx, box, code)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		metered, err := metered(code, m)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		var sides []*side
		for _, form := range [][]byte{code, metered} {
			g, err := newBare(ctx, form, m.Spec(), args)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			defer g.engine.Close(ctx)
			one := &side{}
			for _, part := range parts {
				one.calls = append(one.calls, func() { g.run(ctx, part) })
			}
			sides = append(sides, one)
		}
		race(sides)
		ratio := sides[1].best / sides[0].best
		s.Meter = append(s.Meter, guestRow{name, sides[1].best / guestBars, ratio})
		ratios = append(ratios, ratio)
	}
	slices.Sort(ratios)
	s.MeterMedian = (ratios[(len(ratios)-1)/2] + ratios[len(ratios)/2]) / 2
	return nil
}

// metered is a module in the form in which it serves quick calls.
func metered(code []byte, m *wasm.Module) ([]byte, error) {
	if m.Report().Tier == gate.Large.String() {
		return meter.RewriteRefilled(code)
	}
	return meter.Rewrite(code)
}

// starts is how often each module is compiled, and how often after each of these it
// is taken from what was kept.
var starts = 5

// kept measures what makes each module ready to run: the compiler, and native code
// that was kept, by turns. Both get the metered module, and give one that an instance
// can be made of.
func (s *sandboxed) kept(ctx context.Context) error {
	samples, err := modules()
	if err != nil {
		return err
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // as in race
	for _, path := range samples {
		name := strings.TrimSuffix(filepath.Base(path), ".wasm")
		code, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		compiler, cache := math.Inf(1), math.Inf(1)
		for range starts {
			first, again, err := start(ctx, code)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			compiler, cache = min(compiler, float64(first)), min(cache, float64(again))
		}
		s.Kept = append(s.Kept, guestRow{name, cache, compiler / cache})
	}
	return nil
}

// start has a module compiled, and then taken from what was kept of that; again is the
// least of it.
func start(ctx context.Context, code []byte) (first, again time.Duration, err error) {
	dir, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return 0, 0, err
	}
	defer os.RemoveAll(dir)
	box, err := wasm.New(wasm.Config{CodeDir: dir, Compiled: func(kept bool, took time.Duration) {
		switch {
		case !kept:
			first = took
		case again == 0 || took < again:
			again = took
		}
	}})
	if err != nil {
		return 0, 0, err
	}
	defer box.Close()
	runtime.GC()
	for range 1 + starts {
		m, err := box.Load(ctx, code)
		if err != nil {
			return 0, 0, err
		}
		m.Keep()
		m.Close()
	}
	if first == 0 || again == 0 {
		return 0, 0, fmt.Errorf("compiled in %v, and taken from what was kept in %v", first, again)
	}
	return first, again, nil
}

// bare is a module in the engine, without the sandbox around it.
type bare struct {
	engine     wazero.Runtime
	start      api.Function
	memory     api.Memory
	gas, stack api.MutableGlobal // nil without a meter
	spec       *ta.Spec
	params     []float64
	room       uint32
}

func newBare(ctx context.Context, code []byte, spec *ta.Spec, args ta.Args) (*bare, error) {
	g := &bare{engine: wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigCompiler()), spec: spec, params: args.Values()}
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, g.engine); err != nil {
		return nil, err
	}
	// A Large module imports this, and does not call it while it has gas.
	refill := func() { panic("it asks for gas, and was given all there is") }
	if _, err := g.engine.NewHostModuleBuilder(meter.RefillModule).NewFunctionBuilder().WithFunc(refill).Export(meter.RefillFunction).Instantiate(ctx); err != nil {
		return nil, err
	}
	m, err := g.engine.InstantiateWithConfig(ctx, code, wazero.NewModuleConfig().WithStartFunctions())
	if err != nil {
		return nil, err
	}
	g.start, g.memory = m.ExportedFunction("ta_run"), m.ExportedMemory("memory")
	g.gas, _ = m.ExportedGlobal(meter.GasGlobal).(api.MutableGlobal)
	g.stack, _ = m.ExportedGlobal(meter.StackGlobal).(api.MutableGlobal)
	g.fill()
	if begin := m.ExportedFunction("_initialize"); begin != nil {
		if _, err := begin.Call(ctx); err != nil {
			return nil, err
		}
	}
	room, err := m.ExportedFunction("ta_alloc").Call(ctx, uint64(8*(guestBars*(len(spec.Inputs)+len(spec.Outputs))+len(g.params))))
	if err != nil {
		return nil, err
	}
	g.room = uint32(room[0])
	return g, nil
}

// fill gives all the gas there is, if it is asked for.
func (g *bare) fill() {
	if g.gas != nil {
		g.gas.Set(meter.MaxGas)
		g.stack.Set(meter.DefaultStack)
	}
}

// run is one call of ta_run over columns that are copied in.
func (g *bare) run(ctx context.Context, part sample.Columns) {
	g.fill()
	at := func(column int) uint64 { return uint64(g.room) + 8*guestBars*uint64(column) }
	for i, input := range g.spec.Inputs {
		column := input.Column()
		if column == "" { // a caller would name one
			column = string(ta.Open)
		}
		g.memory.Write(uint32(at(i)), asBytes(part.Named(column)))
	}
	inputs, params := len(g.spec.Inputs), len(g.spec.Inputs)+len(g.spec.Outputs)
	g.memory.Write(uint32(at(params)), asBytes(g.params))
	stack := [5]uint64{at(0), guestBars, guestBars, at(params), at(inputs)}
	if err := g.start.CallWithStack(ctx, stack[:]); err != nil {
		panic(err)
	}
	if stack[0] != 0 {
		panic(fmt.Sprintf("ta_run gave %d", stack[0]))
	}
}

// asBytes are the bytes of values, on a little-endian machine.
func asBytes(x []float64) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), 8*len(x))
}

//go:embed extism/core.wasm
var extismGuest []byte

// extismPeer is the same C in Extism: one instance that is used again and again,
// which may take a second for a call, as without a limit a guest may take for
// ever. Extism puts nothing back between two calls.
type extismPeer struct {
	compiled *extism.CompiledPlugin
	instance *extism.Plugin
}

func newExtism(ctx context.Context) (*extismPeer, error) {
	manifest := extism.Manifest{Wasm: []extism.Wasm{extism.WasmData{Data: extismGuest}}, Timeout: 1_000}
	compiled, err := extism.NewCompiledPlugin(ctx, manifest, extism.PluginConfig{}, nil)
	if err != nil {
		return nil, err
	}
	instance, err := compiled.Instance(ctx, extism.PluginInstanceConfig{})
	if err != nil {
		return nil, err
	}
	return &extismPeer{compiled, instance}, nil
}

func (e *extismPeer) run(x []float64) (ta.Columns, error) {
	code, out, err := e.instance.Call("run", asBytes(x))
	if err != nil {
		return nil, err
	}
	if code != 0 || len(out) != 3*8*len(x) {
		return nil, fmt.Errorf("Extism's guest gave code %d and %d bytes", code, len(out))
	}
	values := make([]float64, 3*len(x))
	copy(asBytes(values), out)
	n := len(x)
	return ta.Columns{values[:n], values[n : 2*n], values[2*n:]}, nil
}

func (e *extismPeer) close(ctx context.Context) {
	e.instance.Close(ctx)
	e.compiled.Close(ctx)
}

// must ends the run: a call that worked before is measured, and fails.
func must[T any](_ T, err error) {
	if err != nil {
		panic(err)
	}
}

// sameBits says where values are not the same, if they are not.
func sameBits(who string, got, want ta.Columns) error {
	for i := range want {
		for bar, w := range want[i] {
			if g := got[i][bar]; math.Float64bits(g) != math.Float64bits(w) && (g == g || w == w) {
				return fmt.Errorf("%s: output %d at bar %d is %v, and natively %v", who, i, bar, g, w)
			}
		}
	}
	return nil
}

// judge names what is missed of what is aimed at.
func (s *sandboxed) judge() {
	miss := func(format string, args ...any) { s.Missed = append(s.Missed, fmt.Sprintf(format, args...)) }
	for i, g := range s.Guests {
		if slices.Contains(fast, g.Name) && g.Ratio > mostOfNative {
			miss("%s takes %.2f times the native time, aimed at %v", g.Name, g.Ratio, mostOfNative)
		}
		if b := s.Streams[i]; slices.Contains(fast, b.Name) && b.Ns > mostStreamed {
			miss("a bar that comes alone takes %s %.1f ns, aimed at %v", b.Name, b.Ns, mostStreamed)
		}
	}
	if s.MeterMedian > mostOfPlain {
		miss("the meter takes %.2f times the time without, aimed at %v", s.MeterMedian, mostOfPlain)
	}
	if s.OfExtism < leastOfExtism {
		miss("Extism takes %.1f times as long, aimed at %v", s.OfExtism, leastOfExtism)
	}
	for _, k := range s.Kept {
		if k.Ratio < leastOfKept {
			miss("compiling %s takes %.1f times what native code takes that was kept, aimed at %v", k.Name, k.Ratio, leastOfKept)
		}
	}
}

func (s *sandboxed) print(w io.Writer) error {
	table := func(head string, rows ...[]guestRow) error {
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintf(t, "\n%s\tratio\t\n", head)
		for _, row := range slices.Concat(rows...) {
			fmt.Fprintf(t, "%s\t%.2f\t%.2f\t\n", row.Name, row.Ns, row.Ratio)
		}
		return t.Flush()
	}
	native := func(ns float64) []guestRow { return []guestRow{{"native Go", ns, 1}} }
	err := errors.Join(
		table(fmt.Sprintf("SMA 20, EMA 20, RSI 14 in a call of %d bars\tns per bar", s.Bars), native(s.Native), s.Guests, []guestRow{s.Extism}),
		table("the same, one bar at a time\tns", native(s.NativeBar), s.Streams),
		table("ta_run, metered as it serves\tns per bar", s.Meter),
		table("native code that was kept\tns", s.Kept),
	)
	fmt.Fprintf(w, "\nExtism, pooled and with a timeout, takes %.1f times as long; the meter %.2f times the time without, the median\n", s.OfExtism, s.MeterMedian)
	for _, m := range s.Missed {
		fmt.Fprintln(w, "missed:", m)
	}
	return err
}
