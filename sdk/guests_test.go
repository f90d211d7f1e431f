// Package sdk_test runs the modules that are built with the SDKs in the
// sandbox, and holds their answers against the native indicators and against
// the plain definitions below.
//
// GUESTS_DIR names a folder with the same modules, built anew: they must give
// the answers of the committed ones.
package sdk_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
	"github.com/gravitywavesml/gravity_techanalysis/sdk/tck"
)

// guest is a line of modules.txt.
type guest struct {
	digest string
	path   string // below the root of the repository
}

func guests(t *testing.T) []guest {
	t.Helper()
	list, err := os.Open("modules.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	var all []guest
	for lines := bufio.NewScanner(list); lines.Scan(); {
		if line := lines.Text(); !strings.HasPrefix(line, "#") {
			fields := strings.Fields(line)
			if len(fields) != 4 {
				t.Fatalf("modules.txt has the line %q", line)
			}
			all = append(all, guest{digest: fields[0], path: fields[3]})
		}
	}
	if len(all) == 0 {
		t.Fatal("modules.txt names no module")
	}
	return all
}

// load makes a Module of the file at path below root.
func load(t *testing.T, sandbox *wasm.Sandbox, root, path string) *wasm.Module {
	t.Helper()
	bytes, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
	if err != nil {
		t.Fatal(err)
	}
	module, err := sandbox.Load(context.Background(), bytes)
	if err != nil {
		t.Fatalf("load %s: %v", path, err)
	}
	t.Cleanup(module.Close)
	return module
}

func newSandbox(t *testing.T) *wasm.Sandbox {
	t.Helper()
	sandbox, err := wasm.New(wasm.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sandbox.Close)
	return sandbox
}

// market is n bars in which the close, the high and the low each have a hole.
func market(n int) map[ta.Input][]float64 {
	walk := sample.Walk(n)
	columns := map[ta.Input][]float64{
		ta.Open: walk.Open, ta.High: walk.High, ta.Low: walk.Low, ta.Close: walk.Close,
		ta.Volume: walk.Volume, ta.Real: walk.Close, ta.Real0: walk.Close, ta.Real1: walk.Open,
	}
	for i, name := range []ta.Input{ta.Close, ta.High, ta.Low} {
		for _, bar := range []int{0, 7 + i, n / 2, n/2 + i} {
			columns[name][bar] = math.NaN()
		}
	}
	return columns
}

// run gives the outputs by name.
func run(t *testing.T, r registry.Runner, params map[string]any, columns map[ta.Input][]float64) map[string][]float64 {
	t.Helper()
	spec := r.Spec()
	args, err := spec.Args(params)
	if err != nil {
		t.Fatal(err)
	}
	var in ta.Columns
	for _, name := range spec.Inputs {
		in = append(in, columns[name])
	}
	result, err := r.Run(context.Background(), args, in)
	if err != nil {
		t.Fatalf("run %s: %v", spec.Name, err)
	}
	outputs := make(map[string][]float64)
	for i, out := range spec.Outputs {
		outputs[out.Name] = result.Outputs[i]
	}
	return outputs
}

// near holds got to want within 1e-9 of the larger, or within 1e-11 of the
// largest of want where both are next to zero.
func near(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s has %d values, want %d", what, len(got), len(want))
	}
	largest, values := 0.0, 0
	for _, v := range want {
		if !math.IsNaN(v) {
			largest = max(largest, math.Abs(v))
			values++
		}
	}
	if values == 0 {
		t.Fatalf("%s: nothing is wanted of it", what)
	}
	for i := range want {
		a, b := got[i], want[i]
		if math.IsNaN(a) && math.IsNaN(b) {
			continue
		}
		if !(math.Abs(a-b) <= max(1e-9*max(math.Abs(a), math.Abs(b)), 1e-11*largest)) {
			t.Fatalf("%s at bar %d is %v, want %v", what, i, a, b)
		}
	}
}

func TestCommittedModulesAreThoseOfTheList(t *testing.T) {
	var listed []string
	for _, g := range guests(t) {
		listed = append(listed, g.path)
		bytes, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(g.path)))
		if err != nil {
			t.Fatal(err)
		}
		digest := sha256.Sum256(bytes)
		if got := hex.EncodeToString(digest[:]); got != g.digest {
			t.Errorf("%s has the digest %s, and modules.txt says %s", g.path, got, g.digest)
		}
	}
	for _, pattern := range []string{"../plugins/*/*.wasm", "testdata/core-*/*.wasm", "testdata/stream-*/*.wasm"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if path = strings.TrimPrefix(filepath.ToSlash(filepath.Join("sdk", path)), "../"); !slices.Contains(listed, path) {
				t.Errorf("%s is not in modules.txt", path)
			}
		}
	}
}

func TestRebuiltModulesGiveTheSameAnswers(t *testing.T) {
	root := os.Getenv("GUESTS_DIR")
	if root == "" {
		t.Skip("GUESTS_DIR names no folder of rebuilt modules; sdk/rebuild.sh does")
	}
	columns := market(1000)
	for _, g := range guests(t) {
		t.Run(filepath.Base(g.path), func(t *testing.T) {
			sandbox := newSandbox(t)
			committed, rebuilt := load(t, sandbox, "..", g.path), load(t, sandbox, root, g.path)
			want, got := run(t, committed, nil, columns), run(t, rebuilt, nil, columns)
			for name := range want {
				for i, w := range want[name] {
					if math.Float64bits(got[name][i]) != math.Float64bits(w) {
						t.Fatalf("%s at bar %d is %v rebuilt, %v committed", name, i, got[name][i], w)
					}
				}
			}
		})
	}
}

// cores are the modules that compute the same, one of each SDK.
var cores = []string{"core_go", "core_assemblyscript", "core_rust", "core_c", "core_zig"}

// streams are modules that compute what cores do, bar by bar.
var streams = []string{"stream_go", "stream_assemblyscript", "stream_rust", "stream_c", "stream_zig"}

// core is the path of one of cores or streams.
func core(name string) string {
	return "sdk/testdata/" + strings.ReplaceAll(name, "_", "-") + "/" + name + ".wasm"
}

// TestCoreGuestsAgree: they take the same steps in the same order, so that no
// SDK, compiler or flag changes a bit.
func TestCoreGuestsAgree(t *testing.T) {
	modules := make([]*wasm.Module, len(cores))
	for i, name := range cores {
		modules[i] = load(t, newSandbox(t), "..", core(name))
	}
	for _, bars := range []int{1, 2, 40, 1000, 3000} {
		columns := market(max(bars, 40))
		for name, column := range columns {
			columns[name] = column[:bars]
		}
		for _, params := range []map[string]any{nil, {"sma_period": 1, "ema_period": 1, "rsi_period": 2}, {"sma_period": 37, "ema_period": 200, "rsi_period": 9}} {
			var want map[string][]float64
			for i, name := range cores {
				got := run(t, modules[i], params, columns)
				if want == nil {
					want = got
				}
				if len(got) != len(want) {
					t.Fatalf("%s has %d outputs, %s %d", name, len(got), cores[0], len(want))
				}
				for output := range want {
					for i, w := range want[output] {
						if g := got[output][i]; math.Float64bits(g) != math.Float64bits(w) {
							t.Fatalf("%d bars, %v: %s of %s at bar %d is %v, of %s %v", bars, params, output, name, i, g, cores[0], w)
						}
					}
				}
			}
		}
	}
}

// TestStreamsAgree: in every language what is written bar by bar gives the bits
// of what is written over columns, all bars at once and one by one.
func TestStreamsAgree(t *testing.T) {
	of := load(t, newSandbox(t), "..", core(cores[2]))
	for _, name := range streams {
		t.Run(name, func(t *testing.T) {
			module := load(t, newSandbox(t), "..", core(name))
			if got := module.Spec().Name; got != name || !module.Report().Streams {
				t.Errorf("its name is %s, and its report %+v", got, module.Report())
			}
			for _, bars := range []int{1, 2, 40, 1_000} {
				columns := market(max(bars, 40))
				for name, column := range columns {
					columns[name] = column[:bars]
				}
				for _, params := range []map[string]any{nil, {"sma_period": 1, "ema_period": 1, "rsi_period": 2}, {"sma_period": 37, "ema_period": 200, "rsi_period": 9}} {
					want := run(t, of, params, columns)
					for form, got := range map[string]map[string][]float64{
						"at once": run(t, module, params, columns), "one by one": run(t, oneByOne{module}, params, columns),
					} {
						for output := range want {
							for i, w := range want[output] {
								if g := got[output][i]; math.Float64bits(g) != math.Float64bits(w) {
									t.Fatalf("%d bars %s, %v: %s at bar %d is %v, want %v", bars, form, params, output, i, g, w)
								}
							}
						}
					}
				}
			}
		})
	}
}

// oneByOne runs a module bar by bar.
type oneByOne struct{ *wasm.Module }

func (m oneByOne) Run(ctx context.Context, args ta.Args, in ta.Columns) (registry.Result, error) {
	return registry.OneByOne(ctx, m.Module, args, in)
}

// TestGuestsKeepTheLaws: what an SDK does to memory, columns and parameters
// breaks none of the rules of plugin test, to the last bit.
func TestGuestsKeepTheLaws(t *testing.T) {
	const most = 131_072 // bars in a call, ABI.md
	for _, name := range append(slices.Clone(cores), streams...) {
		t.Run(name, func(t *testing.T) {
			laws, err := tck.Laws(t.Context(), load(t, newSandbox(t), "..", core(name)), most)
			if err != nil {
				t.Fatal(err)
			}
			want := 6 // all but those of windows and of streams
			if slices.Contains(streams, name) {
				want++
			}
			if len(laws) != want {
				t.Errorf("%d rules are tried, want %d", len(laws), want)
			}
			for _, l := range laws {
				if !l.Kept || !l.Exact {
					t.Errorf("%s: kept %v, exact %v: %s", l.Name, l.Kept, l.Exact, l.Broken)
				}
			}
		})
	}
}

func TestCoreGuestsEqualNatives(t *testing.T) {
	natives := registry.New(engine.Indicators())
	columns := market(1000)
	x := columns[ta.Real]
	periods := []map[string]any{
		nil,
		{"sma_period": 1, "ema_period": 1, "rsi_period": 2},
		{"sma_period": 7, "ema_period": 30, "rsi_period": 3},
		{"sma_period": 500, "ema_period": 200, "rsi_period": 250},
	}
	for _, name := range cores {
		t.Run(name, func(t *testing.T) {
			module := load(t, newSandbox(t), "..", core(name))
			if got := module.Spec().Name; got != name {
				t.Errorf("its name is %s", got)
			}
			for _, params := range periods {
				args, err := module.Spec().Args(params)
				if err != nil {
					t.Fatal(err)
				}
				got := run(t, module, params, columns)
				n := func(param string) int { return args.Int(param) }
				for output, want := range map[string][]float64{
					"sma": sma(x, n("sma_period")), "ema": ema(x, n("ema_period")), "rsi": rsi(x, n("rsi_period")),
				} {
					near(t, output+" beside its definition", got[output], want)
					native, ok := natives.Get(output)
					if !ok {
						t.Fatalf("there is no native %s", output)
					}
					of := run(t, native, map[string]any{"period": n(output + "_period")}, columns)
					near(t, output+" beside the native one", got[output], of[output])
				}
				if got, want := module.Warmup(args), max(n("sma_period")-1, n("ema_period")-1, n("rsi_period")); got != want {
					t.Errorf("warm-up is %d, want %d", got, want)
				}
			}
		})
	}
}

func TestKeltnerSqueeze(t *testing.T) {
	module := load(t, newSandbox(t), "..", "plugins/keltner-squeeze-assemblyscript/keltner_squeeze.wasm")
	columns := market(1000)
	for _, params := range []map[string]any{nil, {"period": 2}, {"period": 100, "deviations": 1.1, "ranges": 1.0}} {
		args, err := module.Spec().Args(params)
		if err != nil {
			t.Fatal(err)
		}
		got := run(t, module, params, columns)
		squeeze, width, momentum := keltner(columns, args.Int("period"), args.Float("deviations"), args.Float("ranges"))
		near(t, "squeeze", got["squeeze"], squeeze)
		near(t, "width", got["width"], width)
		near(t, "momentum", got["momentum"], momentum)
	}
	still := make([]float64, 60)
	for i := range still {
		still[i] = 10
	}
	got := run(t, module, nil, map[ta.Input][]float64{ta.High: still, ta.Low: still, ta.Close: still})
	if last := len(still) - 1; got["squeeze"][last] != 1 || got["width"][last] != 0 || got["momentum"][last] != 0 {
		t.Errorf("where nothing moves: squeeze %v, width %v, momentum %v; want 1, 0, 0",
			got["squeeze"][last], got["width"][last], got["momentum"][last])
	}
}

func TestTrendQuality(t *testing.T) {
	module := load(t, newSandbox(t), "..", "plugins/trend-quality-go/trend_quality.wasm")
	columns := market(1000)
	for _, params := range []map[string]any{nil, {"period": 3}, {"period": 500}} {
		args, err := module.Spec().Args(params)
		if err != nil {
			t.Fatal(err)
		}
		got := run(t, module, params, columns)
		growth, fit := trend(columns[ta.Real], args.Int("period"))
		score := make([]float64, len(growth))
		for i := range score {
			score[i] = growth[i] * fit[i]
		}
		near(t, "growth", got["growth"], growth)
		near(t, "fit", got["fit"], fit)
		near(t, "score", got["score"], score)
	}
}

func TestMomentumStrategy(t *testing.T) {
	module := load(t, newSandbox(t), "..", "plugins/momentum-strategy-go/momentum_strategy.wasm")
	columns := market(1000)
	for _, params := range []map[string]any{nil, {"lookback": 2, "hold": 1, "memory": 1.0}, {"lookback": 90, "hold": 7, "target": 150.0, "bars_per_year": 1e5}} {
		args, err := module.Spec().Args(params)
		if err != nil {
			t.Fatal(err)
		}
		got := run(t, module, params, columns)
		signal, momentum, volatility := timeSeriesMomentum(columns[ta.Real], args)
		near(t, "signal", got["signal"], signal)
		near(t, "momentum", got["momentum"], momentum)
		near(t, "volatility", got["volatility"], volatility)
	}
}

func TestRegimeFilter(t *testing.T) {
	module := load(t, newSandbox(t), "..", "plugins/regime-filter-c/regime_filter.wasm")
	columns := market(1000)
	for _, params := range []map[string]any{
		nil,
		{"period": 2, "history": 10, "turbulence": 1.1},
		{"period": 500, "history": 500, "trend": 0.05, "hysteresis": 0.9},
	} {
		args, err := module.Spec().Args(params)
		if err != nil {
			t.Fatal(err)
		}
		got := run(t, module, params, columns)
		regime, efficiency, heat := regimes(columns, args)
		near(t, "efficiency", got["efficiency"], efficiency)
		near(t, "heat", got["heat"], heat)
		near(t, "regime", got["regime"], regime)
	}
	still := make([]float64, 300)
	for i := range still {
		still[i] = 10
	}
	got := run(t, module, nil, map[ta.Input][]float64{ta.High: still, ta.Low: still, ta.Close: still})
	if last := len(still) - 1; got["regime"][last] != 0 || got["efficiency"][last] != 0 || got["heat"][last] != 1 {
		t.Errorf("where nothing moves: regime %v, efficiency %v, heat %v; want 0, 0, 1",
			got["regime"][last], got["efficiency"][last], got["heat"][last])
	}
}

// TestVolumeProfileScore: beside its definition, and beside the native profile,
// which has the same rows.
func TestVolumeProfileScore(t *testing.T) {
	module := load(t, newSandbox(t), "..", "plugins/volume-profile-score-zig/volume_profile_score.wasm")
	native, ok := registry.New(engine.Indicators()).Get("volume_profile")
	if !ok {
		t.Fatal("there is no native volume_profile")
	}
	columns := market(1000)
	walk := sample.Walk(1000)
	whole := map[ta.Input][]float64{ta.High: walk.High, ta.Low: walk.Low, ta.Close: walk.Close, ta.Volume: walk.Volume}
	for _, params := range []map[string]any{nil, {"period": 2, "rows": 4, "value": 95.0}, {"period": 100, "rows": 50, "value": 10.0}} {
		args, err := module.Spec().Args(params)
		if err != nil {
			t.Fatal(err)
		}
		got := run(t, module, params, columns)
		for name, want := range profileScore(columns, args) {
			near(t, name, got[name], want)
		}
		got = run(t, module, params, whole)
		of := run(t, native, map[string]any{"period": args.Int("period"), "bins": args.Int("rows"), "value_area": args.Float("value")}, whole)
		for _, name := range []string{"poc", "value_low", "value_high"} {
			near(t, name+" beside the native one", got[name], of[name])
		}
	}
	// Prices in whole units and equal volumes make many rows equal.
	whole = map[ta.Input][]float64{ta.Volume: slices.Repeat([]float64{1}, 1000)}
	for input, column := range map[ta.Input][]float64{ta.High: walk.High, ta.Low: walk.Low, ta.Close: walk.Close} {
		for _, price := range column {
			whole[input] = append(whole[input], math.Round(price))
		}
	}
	args, err := module.Spec().Args(map[string]any{"period": 5, "rows": 12})
	if err != nil {
		t.Fatal(err)
	}
	got := run(t, module, map[string]any{"period": 5, "rows": 12}, whole)
	for name, want := range profileScore(whole, args) {
		near(t, name+" of whole prices", got[name], want)
	}

	if got := run(t, module, nil, map[ta.Input][]float64{
		ta.High: walk.High[:40], ta.Low: walk.Low[:40], ta.Close: walk.Close[:40], ta.Volume: make([]float64, 40),
	}); !math.IsNaN(got["score"][39]) || !math.IsNaN(got["poc"][39]) {
		t.Errorf("where nothing is traded the score is %v, and the point of control %v", got["score"][39], got["poc"][39])
	}
}

func TestPairsSpread(t *testing.T) {
	module := load(t, newSandbox(t), "..", "plugins/pairs-spread-rust/pairs_spread.wasm")
	columns := market(1000)
	for _, params := range []map[string]any{nil, {"period": 10}, {"period": 400, "prices": "plain"}} {
		args, err := module.Spec().Args(params)
		if err != nil {
			t.Fatal(err)
		}
		got := run(t, module, params, columns)
		for name, want := range pairs(columns, args) {
			near(t, name, got[name], want)
		}
	}
}
