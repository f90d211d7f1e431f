package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/meter"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// What is raced is the same work: everyone's values are equal.
func TestSidesAgree(t *testing.T) {
	all, err := entrants()
	if err != nil {
		t.Fatal(err)
	}
	for _, bars := range sizes {
		if _, err := agreement(all, sample.Walk(bars), nil); err != nil {
			t.Errorf("at %d bars: %v", bars, err)
		}
	}
}

func TestDiffers(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		ours, theirs []float64
		want         float64
	}{
		"equal":           {[]float64{1, -4}, []float64{1, -4}, 0},
		"to the greatest": {[]float64{1, -4}, []float64{2, -4}, 0.25},
		"all zero":        {[]float64{0, 0}, []float64{0, 0}, 0},
		"ours undefined":  {[]float64{1, nan}, []float64{1, 2}, math.Inf(1)},
	} {
		if got := differs(ta.Columns{{1}, c.ours}, ta.Columns{{1}, c.theirs}); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestOverall(t *testing.T) {
	mean, name, least := overall([]row{{Name: "a", Ratio: 8}, {Name: "b", Ratio: 2}, {Name: "c", Ratio: 4}}, func(r row) float64 { return r.Ratio })
	if math.Abs(mean-4) > 1e-12 || name != "b" || least != 2 {
		t.Errorf("%v, %s %v", mean, name, least)
	}
}

// What is aimed at is judged over its own indicators alone, and what is missed
// is named.
func TestAim(t *testing.T) {
	var rows []row
	for _, a := range aims {
		rows = append(rows, row{Name: a.name, RatioTALib: 8, RatioAllocating: 4})
	}
	a := aim(append(rows, row{Name: "mom", RatioTALib: 0.1}))
	if a == nil || a.err() != nil || math.Abs(a.Geomean-8) > 1e-12 || math.Abs(a.GeomeanAllocating-4) > 1e-12 {
		t.Errorf("eight times as fast everywhere: %+v", a)
	}
	rows[1].RatioTALib = 6.9 // of 7
	if a := aim(rows); a.err() == nil || len(a.Missed) != 1 || a.Missed[0] != "ema 6.90 of 7" {
		t.Errorf("an ema that is too slow: %+v", a)
	}
	rows[1].RatioFloor = 6.95
	if a := aim(rows); a.Missed[0] != "ema 6.90 of 7 (its columns alone have 6.95)" {
		t.Errorf("an ema that nothing could compute so fast: %+v", a)
	}
	for i := range rows {
		rows[i].RatioTALib = 2.9
	}
	if a := aim(rows); a.Missed[len(a.Missed)-1] != "geometric mean 2.90 of 3" {
		t.Errorf("a mean that is too low: %+v", a)
	}
	if a := aim(rows[1:]); a != nil || a.err() == nil {
		t.Errorf("without %s: %+v", rows[0].Name, a)
	}
}

// Bars that come one by one give what they give together, for each indicator
// that is measured so.
func TestTickersRun(t *testing.T) {
	all, err := streams(streamed)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 30 {
		t.Errorf("%d indicators are streamed, not 30", len(all))
	}
	walk := sample.Walk(400)
	for i := range all {
		last, call := all[i].ticker(walk)
		call()
		whole := all[i].indicator.Run(all[i].args, all[i].inputs(walk))
		for k, col := range whole {
			if want := col[len(col)-1]; last[k][0] != want {
				t.Errorf("%s: the last bar is %v, want %v", all[i].name, last[k][0], want)
			}
		}
	}
}

// A whole run over short series, with few rounds: its report is complete, and a
// requirement that cannot be met fails it.
func TestRun(t *testing.T) {
	defer func(s []int, r, n int) { sizes, rounds, starts = s, r, n }(sizes, rounds, starts)
	sizes, rounds, starts = []int{400}, 2, 1
	var out bytes.Buffer
	err := run([]string{"--json", "--require-geomean", "1e9"}, func(string) string { return "" }, &out)
	if err == nil || errors.Is(err, errUse) {
		t.Errorf("a ratio of 1e9 is met: %v", err)
	}
	var r struct {
		Statistic string
		Sizes     []struct {
			Bars    int
			Rows    []struct{ Ours, Ratio float64 }
			Geomean float64
			Lowest  string
		}
		Sandbox struct {
			Native          float64
			Guests, Streams []struct{ Ns, Ratio float64 }
			Meter           []struct{ Ratio float64 }
			OfExtism        float64 `json:"extism_by_c"`
		}
	}
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Sizes) != 1 || len(r.Sizes[0].Rows) != len(contests) || r.Sizes[0].Geomean <= 0 || r.Sizes[0].Lowest == "" || r.Statistic == "" {
		t.Errorf("the report is %s", out.String())
	}
	if b := r.Sandbox; b.Native <= 0 || len(b.Guests) != 5 || b.Guests[4].Ratio <= 0 || len(b.Streams) != 5 || b.Streams[4].Ns <= 0 || len(b.Meter) < 7 || b.OfExtism <= 0 {
		t.Errorf("of plugins the report is %s", out.String())
	}
	out.Reset()
	if err := run([]string{"--only", "sma,atr", "--bars", "300", "--require-aims"}, func(string) string { return "" }, &out); err == nil || errors.Is(err, errUse) {
		t.Errorf("aims without TA-Lib's library: %v", err)
	}
	if text := out.String(); !strings.Contains(text, "300 bars") || strings.Contains(text, "ema") {
		t.Errorf("two of all at 300 bars: %s", text)
	}
	if err := run([]string{"--only", "sma,none"}, func(string) string { return "" }, &out); err == nil {
		t.Error("what is not measured is measured")
	}
	if err := run([]string{"more"}, func(string) string { return "" }, &out); !errors.Is(err, errUse) {
		t.Errorf("an argument: %v", err)
	}
}

// TestExtismAgrees: Extism's guest does the work that it is measured by.
func TestExtismAgrees(t *testing.T) {
	peer, err := newExtism(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer peer.close(t.Context())
	x := sample.Walk(1_000).Close
	for range 2 { // the second time in the memory of the first
		got, err := peer.run(x)
		if err != nil {
			t.Fatal(err)
		}
		if err := sameBits("Extism's guest", got, wasmtest.CoreColumns(x, 20, 20, 14)); err != nil {
			t.Error(err)
		}
	}
	if _, err := peer.run(make([]float64, 2_000)); err == nil {
		t.Error("it takes more bars than it has room for")
	}
}

// TestBareAgrees: the engine alone gives what the meter is measured by, with the
// meter and without, in a language without a runtime and in one with.
func TestBareAgrees(t *testing.T) {
	box, err := wasm.New(wasm.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	part := sample.Walk(guestBars)
	for _, language := range []string{"c", "go"} {
		m, args, err := loadGuest(t.Context(), box, "core", language)
		if err != nil {
			t.Fatal(err)
		}
		code, err := guestFile("core", language)
		if err != nil {
			t.Fatal(err)
		}
		metered, err := metered(code, m)
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range [][]byte{code, metered} {
			g, err := newBare(t.Context(), form, m.Spec(), args)
			if err != nil {
				t.Fatal(err)
			}
			defer g.engine.Close(t.Context())
			g.run(t.Context(), part)
			b, ok := g.memory.Read(g.room+8*guestBars, 3*8*guestBars)
			if !ok {
				t.Fatal("its columns are not in its memory")
			}
			values := make([]float64, 3*guestBars)
			copy(asBytes(values), b)
			got := ta.Columns{values[:guestBars], values[guestBars : 2*guestBars], values[2*guestBars:]}
			if err := sameBits("core in "+language, got, wasmtest.CoreColumns(part.Close, 20, 20, 14)); err != nil {
				t.Error(err)
			}
		}
		// A Large module serves in the form that asks for its gas, which is not to be
		// asked for here.
		if asks := bytes.Contains(metered, []byte(meter.RefillFunction)); asks != (language == "go") {
			t.Errorf("core in %s asks for its gas: %v", language, asks)
		}
		g, err := newBare(t.Context(), metered, m.Spec(), args)
		if err != nil {
			t.Fatal(err)
		}
		defer g.engine.Close(t.Context())
		g.gas.Set(10)
		if _, err := g.start.Call(t.Context(), uint64(g.room), guestBars, guestBars, 0, uint64(g.room)); err == nil || strings.Contains(err.Error(), "asks for gas") != (language == "go") {
			t.Errorf("core in %s without gas: %v", language, err)
		}
	}
	if _, err := guestFile("core", "cobol"); err == nil {
		t.Error("there is a module in cobol")
	}
}

// TestSameBits: a bit is a difference, and one NaN is like another.
func TestSameBits(t *testing.T) {
	nan := math.NaN()
	want := ta.Columns{{1, nan}, {nan, 2}}
	if err := sameBits("x", ta.Columns{{1, math.Float64frombits(0x7ff8_0000_0000_0007)}, {nan, 2}}, want); err != nil {
		t.Error(err)
	}
	for _, got := range []ta.Columns{{{1, 1}, {nan, 2}}, {{1, nan}, {nan, nan}}, {{1, nan}, {nan, math.Nextafter(2, 3)}}} {
		if sameBits("x", got, want) == nil {
			t.Errorf("%v is like %v", got, want)
		}
	}
}

// TestStart: each turn compiles, and takes what it has kept.
func TestStart(t *testing.T) {
	code, err := guestFile("core", "c")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, _, err := start(t.Context(), code); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSandboxAims: each aim that is missed is named, and no other.
func TestSandboxAims(t *testing.T) {
	s := sandboxed{MeterMedian: mostOfPlain, OfExtism: leastOfExtism, Kept: []guestRow{{"core_c", 3e5, 70}, {"core_go", 3e7, leastOfKept}}}
	for _, language := range languages {
		s.Guests = append(s.Guests, guestRow{language, 20, mostOfNative})
		s.Streams = append(s.Streams, guestRow{language, mostStreamed, 4})
	}
	s.Guests[4].Ratio, s.Streams[4].Ns = 12, 300 // of Go nothing is asked
	if s.judge(); len(s.Missed) > 0 {
		t.Errorf("%q, and nothing is missed", s.Missed)
	}
	s.Guests[1].Ratio, s.Streams[2].Ns, s.MeterMedian, s.OfExtism, s.Kept[1].Ratio = 2.01, 61, 1.31, 19, 19.9
	s.judge()
	for i, want := range []string{"rust takes 2.01 times", "takes assemblyscript 61.0 ns", "the meter takes 1.31", "Extism takes 19.0", "compiling core_go takes 19.9 times"} {
		if len(s.Missed) != 5 || !strings.Contains(s.Missed[i], want) {
			t.Fatalf("%q is missed, want %s", s.Missed, want)
		}
	}
	var out bytes.Buffer
	r := report{Sandbox: &s}
	if err := r.print(&out, false); err != nil || !strings.Contains(out.String(), "missed: rust takes 2.01") || !strings.Contains(out.String(), "61.00") {
		t.Errorf("%v, %s", err, out.String())
	}
}
