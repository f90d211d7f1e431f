package wasm

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// Pieces of Run.
var (
	nan       = wt.Float(math.NaN())
	firstBars = func(n int32) []byte { return wt.Code(wt.Get(wt.Bar), wt.Int(n), []byte{0x48}) }     // i32.lt_s
	isHole    = func(x []byte) []byte { return wt.Code(x, x, []byte{0x62}) }                         // f64.ne
	keepF64   = func(x []byte) []byte { return wt.Code(x, []byte{0x22, wt.F64}) }                    // local.tee
	average   = func(x, y []byte) []byte { return wt.Code(x, y, []byte{0xa0}, wt.Float(0.5), 0xa2) } // f64.add f64.mul
	second    = func(column byte) []byte {
		return wt.Code(wt.Get(column), wt.Get(wt.Bar), wt.Get(wt.Stride), []byte{0x6a}, wt.Int(3), []byte{0x74, 0x6a})
	}
	volume    = wt.Code(second(wt.In), load64)
	alsoGives = func(x []byte) []byte { return wt.Code(second(wt.Out), x, []byte{0x39, 3, 0}) } // f64.store
)

// recurrence moves halfway to x in each bar, from the x of each of the first bars.
func recurrence(x []byte, first int32) []byte {
	return keepF64(wt.Unless(firstBars(first), average(wt.Get(wt.F64), x), x))
}

// skipping is the mean of the close and the last one there was.
func skipping() []byte {
	mean := wt.Code(average(wt.Get(wt.F64), wt.Close(0)), wt.Close(0), wt.Set(wt.F64))
	first := wt.Code(nan, wt.Close(0), wt.Set(wt.F64), wt.Int(1), wt.Set(wt.I32))
	return wt.Unless(isHole(wt.Close(0)), wt.Unless(wt.Code(wt.Get(wt.I32), []byte{0x45}), mean, first), nan) // i32.eqz
}

// described is the description of the default guest with so many replacements.
func described(changes ...string) string {
	return strings.NewReplacer(changes...).Replace(wt.Describe("holes", "1.0.0"))
}

// TestHoles: what a hole ends for good is refused with the hole; what comes back is
// let in, and the report says what it does unless it skips the bar.
func TestHoles(t *testing.T) {
	const drop, and, equal, less, more = 0x1a, 0x71, 0x61, 0x63, 0x64 // and i32.and, and those of f64
	atOnce, inputs, outputs := []string{`"warmup":1`, `"warmup":0`}, []string{`["close"]`, `["close","volume"]`}, []string{`[{"name":"mean","unit":"none"}`, `[{"name":"mean","unit":"none"},{"name":"more","unit":"none"}`}
	rose, fell := wt.Code(wt.Close(0), wt.Close(-1), more), wt.Code(wt.Close(0), wt.Close(-1), wt.Float(0.9865), 0xa2, less)
	whole := wt.Code(wt.Get(wt.I32), wt.Int(1), []byte{0x6a}, wt.Close(0), wt.Close(0), []byte{equal, 0x6c}) // so many bars without a hole: i32.add i32.mul
	for name, c := range map[string]struct {
		describes []string
		code      []byte // of each bar
		bar       int    // that it is refused for
		says      string // of the refusal, or of the report
		refused   bool
	}{
		"a recurrence":                      {describes: atOnce, code: recurrence(wt.Close(0), 1), refused: true, bar: 0, says: "output mean has no value after bar 0, where close is NaN, and has values without holes: skip a bar"},
		"one that begins anew at the start": {describes: atOnce, code: recurrence(wt.Close(0), 3), refused: true, bar: 3, says: "after bar 3, where close"},
		"one after a window":                {describes: atOnce, code: recurrence(wt.Unless(isHole(wt.Close(0)), wt.Close(0), wt.Unless(firstBars(10), nan, wt.Get(wt.F64))), 10), refused: true, bar: 20, says: "after bar 20, where close"},
		"one of another input":              {describes: slices.Concat(atOnce, inputs), code: recurrence(volume, 3), refused: true, bar: 3, says: "after bar 3, where volume is"},
		"one of both inputs":                {describes: slices.Concat(atOnce, inputs), code: recurrence(average(wt.Close(0), volume), 1), refused: true, bar: 0, says: "after bar 0, where close, volume are NaN"},
		"in another output":                 {describes: slices.Concat(atOnce, outputs), code: wt.Code(alsoGives(recurrence(wt.Close(0), 3)), wt.Close(0)), refused: true, bar: 3, says: "output more has no value after bar 3"},
		"at events":                         {describes: atOnce, code: wt.Code(recurrence(wt.Close(0), 1), drop, wt.Unless(rose, nan, wt.Get(wt.F64))), refused: true, bar: 0, says: "output mean"},
		"at rare events after a long window": {describes: []string{`"warmup":1`, `"warmup":250`}, code: wt.Code(recurrence(wt.Close(0), 1), drop,
			wt.Unless(fell, nan, wt.Unless(firstBars(250), wt.Get(wt.F64), nan))), refused: true, bar: 0, says: "output mean"},

		"skipping":                  {code: skipping()},
		"a window":                  {code: wt.Mean(), says: "output mean is NaN at bar 4, and would be "},
		"one that begins anew":      {describes: atOnce, code: keepF64(wt.Unless(isHole(wt.Get(wt.F64)), average(wt.Get(wt.F64), wt.Close(0)), wt.Close(0))), says: "if bars with NaN were skipped, the last of them bar 0, where close is NaN"},
		"the last value again":      {describes: atOnce, code: keepF64(wt.Unless(isHole(wt.Close(0)), wt.Close(0), wt.Get(wt.F64))), says: "output mean is 0 at bar 0, where close is NaN"},
		"an input that is not used": {describes: slices.Concat(atOnce, inputs), code: wt.Close(0), says: " at bar 3, where volume is NaN"},
		"no value in the trial":     {describes: outputs, code: wt.Code(alsoGives(nan), wt.Mean()), says: "output mean is NaN at bar 4, and"},
		// It has values a warm-up after a hole, and there are events between that and the next.
		"rare events of a long window": {describes: []string{`"warmup":1`, `"warmup":250`}, code: wt.Code(whole, wt.Set(wt.I32),
			wt.Unless(wt.Code(wt.Get(wt.I32), wt.Int(250), []byte{0x4a}, fell, and), nan, wt.Close(0))), says: "output mean is NaN at bar "},
	} {
		t.Run(name, func(t *testing.T) {
			g := wt.Guest{Name: "holes", Description: described(c.describes...), Run: wt.EachBar(c.code)}
			m, err := newSandbox(t, Config{}).Load(t.Context(), g.Build())
			var r *Rejected
			switch {
			case c.refused:
				if !errors.As(err, &r) || r.Gate != checkRecovery || r.Bar == nil || *r.Bar != c.bar || !strings.Contains(r.Detail, c.says) {
					t.Errorf("%v; want %q at bar %d", err, c.says, c.bar)
				}
			case err != nil:
				t.Error(err)
			default:
				got := m.Report()
				if !slices.Contains(got.Checks, checkRecovery) || slices.Contains(got.Checks, checkHoles) != (c.says == "") || (got.Holes == "") != (c.says == "") || !strings.Contains(got.Holes, c.says) {
					t.Errorf("it passed %q and does %q; want %q", got.Checks, got.Holes, c.says)
				}
			}
		})
	}
}

// TestHolesProved: what a module does with a hole at the end of a parameter is judged,
// too, and reported where it did as it should at the defaults.
func TestHolesProved(t *testing.T) {
	end := func(v float64, other []byte) wt.Guest {
		return wt.Guest{Name: "holes", Description: described(), Run: wt.EachBar(wt.Unless(periodIs(v), skipping(), other))}
	}
	both := wt.Guest{Name: "holes", Description: described(), Run: wt.EachBar(wt.Unless(periodIs(1), wt.Mean(), skipping()))}
	poison := wt.Unless(firstBars(1), recurrence(wt.Close(0), 2), nan)
	for name, c := range map[string]struct {
		guest         wt.Guest
		skips         bool
		says, refusal string
	}{
		"skipping":                    {guest: end(0, nan), skips: true},
		"a window at the longest":     {guest: end(100, wt.Mean()), says: "period=100: output mean is NaN at bar 4, and"},
		"a window but at the least":   {guest: both, says: "output mean is NaN at bar 4, and"},
		"a recurrence at the longest": {guest: end(100, poison), refusal: "period=100: output mean has no value after bar "},
	} {
		t.Run(name, func(t *testing.T) {
			m := load(t, newSandbox(t, Config{}), c.guest.Build())
			err := m.Prove(t.Context())
			var r *Rejected
			if c.refusal != "" {
				if !errors.As(err, &r) || r.Gate != checkRecovery || !strings.HasPrefix(r.Detail, c.refusal) {
					t.Errorf("%v; want %q", err, c.refusal)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := m.Report()
			if slices.Contains(got.Checks, checkHoles) != c.skips || !slices.Contains(got.Checks, checkEnds) || !strings.HasPrefix(got.Holes, c.says) || (got.Holes == "") != c.skips {
				t.Errorf("it passed %q and does %q; want %q", got.Checks, got.Holes, c.says)
			}
		})
	}
}

// TestShouldHave: of 8 bars, of which those from 2 to 6 are whole.
func TestShouldHave(t *testing.T) {
	columns := func(bars string) (col []float64) {
		for _, c := range bars {
			col = append(col, map[rune]float64{'.': math.NaN(), 'x': 1}[c])
		}
		return col
	}
	for _, c := range []struct {
		without, alone string // the values of all bars, and of those from 2 on
		warmup         int
		want           bool
	}{
		{"xxxxxxxx", "xxxxxx", 0, true},
		{".xxxxxxx", ".xxxxx", 1, true},
		{"..x....x", "x.....", 0, true},
		{"..x....x", "x.....", 1, false}, // a window has none there
		{"x.....xx", "....xx", 0, false}, // but where later holes are
		{".xxx.xxx", "..x...", 0, false}, // at events, and at others
		{"xxx.....", "...x..", 0, false},
		{"........", "xxxxxx", 0, false},
		{"xxxxxxxx", "......", 0, false},
	} {
		h := holed{after: 2, until: 6}
		if got := h.shouldHave(c.warmup, columns(c.without), columns(c.alone)); got != c.want {
			t.Errorf("without holes %s, alone   %s, warm-up %d: %v", c.without, c.alone, c.warmup, got)
		}
	}
}
