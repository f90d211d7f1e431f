package wasm

import (
	"errors"
	"fmt"
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

// sinceHole is a window that begins with what there is of it, and has no value while
// there is a hole among its bars.
func sinceHole(bars int32) []byte {
	one := wt.Code(wt.If(wt.Get(wt.I32), wt.Code(wt.Get(wt.I32), wt.Int(1), []byte{0x6b}, wt.Set(wt.I32)))) // i32.sub
	return wt.Code(one, wt.If(isHole(wt.Close(0)), wt.Code(wt.Int(bars), wt.Set(wt.I32))), wt.Unless(wt.Get(wt.I32), wt.Close(0), nan))
}

// seeded is a recurrence that skips the holes before its first value.
func seeded(warmup int32) []byte {
	skipped := wt.Unless(wt.Code(isHole(wt.Close(0)), firstBars(warmup), []byte{0x71}), wt.Close(0), wt.Get(wt.F64)) // i32.and
	return wt.Code(wt.Unless(firstBars(1), average(wt.Get(wt.F64), skipped), skipped), wt.Set(wt.F64), wt.Unless(firstBars(warmup), wt.Get(wt.F64), nan))
}

// costs is code of 5 units for each turn.
func costs(turns []byte) []byte {
	return wt.Code(turns, wt.Set(wt.I32), []byte{0x03, 0x40}, wt.Get(wt.I32), wt.Int(1), []byte{0x6b, 0x22, wt.I32, 0x0d, 0, 0x0b}) // loop i32.sub local.tee br_if
}

// roomFor is Alloc of a guest with one input and one output that has room for so many
// bars, and not for those of the next class.
func roomFor(bars int) []byte {
	over := wt.Code(wt.Get(0), wt.Int(int32(8*(2*bars+1))), []byte{0x4a}) // i32.gt_s
	return wt.Code(wt.If(over, wt.Code(wt.Int(0), []byte{0x0f})), wt.Room())
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
	warmup := func(n int) []string { return []string{`"warmup":1`, fmt.Sprintf(`"warmup":%d`, n)} }
	const tiny = 1_024
	for name, c := range map[string]struct {
		describes []string
		code      []byte // of each bar
		room      int    // bars that it has room for; 0 for any
		bar       int    // that it is refused for
		says      string // of the refusal, or of the report
		refused   bool
		untried   string // of the report
	}{
		"a recurrence":                      {describes: atOnce, code: recurrence(wt.Close(0), 1), refused: true, bar: 0, says: "output mean has no value in the 10021 bars after bar 0, where close is NaN, and has values without holes: skip a bar"},
		"one that begins anew at the start": {describes: atOnce, code: recurrence(wt.Close(0), 3), refused: true, bar: 3, says: "after bar 3, where close"},
		"one after a window":                {describes: atOnce, code: recurrence(wt.Unless(isHole(wt.Close(0)), wt.Close(0), wt.Unless(firstBars(10), nan, wt.Get(wt.F64))), 10), refused: true, bar: 20, says: "after bar 20, where close"},
		"one of another input":              {describes: slices.Concat(atOnce, inputs), code: recurrence(volume, 3), refused: true, bar: 3, says: "after bar 3, where volume is"},
		"one of both inputs":                {describes: slices.Concat(atOnce, inputs), code: recurrence(average(wt.Close(0), volume), 1), refused: true, bar: 0, says: "after bar 0, where close, volume are NaN"},
		"one of bars with neither":          {describes: slices.Concat(atOnce, inputs), code: recurrence(wt.Unless(isHole(wt.Close(0)), wt.Close(0), wt.Unless(firstBars(10), wt.Unless(isHole(volume), wt.Get(wt.F64), nan), wt.Get(wt.F64))), 1), refused: true, bar: 20, says: "after bar 20, where close, volume are NaN"},
		"in another output":                 {describes: slices.Concat(atOnce, outputs), code: wt.Code(alsoGives(recurrence(wt.Close(0), 3)), wt.Close(0)), refused: true, bar: 3, says: "output more has no value in the 10018 bars after bar 3"},
		"at events":                         {describes: atOnce, code: wt.Code(recurrence(wt.Close(0), 1), drop, wt.Unless(rose, nan, wt.Get(wt.F64))), refused: true, bar: 0, says: "output mean"},
		"one after a window of 50":          {describes: warmup(50), code: seeded(50), refused: true, bar: 70, says: "after bar 70, where close"},
		"one after a window of 90":          {describes: warmup(90), code: seeded(90), refused: true, bar: 110, says: "after bar 110, where close"},
		"one after a window of 100":         {describes: warmup(100), code: seeded(100), refused: true, bar: 120, says: "after bar 120, where close"},
		"one after a window of 250":         {describes: warmup(250), code: seeded(250), refused: true, bar: 270, says: "output mean has no value in the 10251 bars after bar 270, where close"},
		"one with little room":              {describes: atOnce, room: tiny, code: recurrence(wt.Close(0), 1), refused: true, bar: 0, says: "in the 1023 bars after bar 0"},
		"a window of 10,001":                {describes: atOnce, code: sinceHole(10_001), refused: true, bar: 0, says: "in the 10021 bars after bar 0"},
		"one whose first bar is dear":       {describes: atOnce, code: wt.Code(wt.If(firstBars(1), costs(wt.Int(1_500_000))), recurrence(wt.Close(0), 1)), refused: true, bar: 0, says: "output mean"},
		"at rare events after a long window": {describes: warmup(250), code: wt.Code(recurrence(wt.Close(0), 1), drop,
			wt.Unless(fell, nan, wt.Unless(firstBars(250), wt.Get(wt.F64), nan))), refused: true, bar: 0, says: "output mean"},

		"skipping":                  {code: skipping()},
		"a window":                  {code: wt.Mean(), says: "output mean is NaN at bar 4, and would be "},
		"one that begins anew":      {describes: atOnce, code: keepF64(wt.Unless(isHole(wt.Get(wt.F64)), average(wt.Get(wt.F64), wt.Close(0)), wt.Close(0))), says: "if bars with NaN were skipped, the last of them bar 0, where close is NaN"},
		"the last value again":      {describes: atOnce, code: keepF64(wt.Unless(isHole(wt.Close(0)), wt.Close(0), wt.Get(wt.F64))), says: "output mean is 0 at bar 0, where close is NaN"},
		"an input that is not used": {describes: slices.Concat(atOnce, inputs), code: wt.Close(0), says: " at bar 3, where volume is NaN"},
		"no value in the trial":     {describes: outputs, code: wt.Code(alsoGives(nan), wt.Mean()), says: "output mean is NaN at bar 4, and"},
		// It has values a warm-up after a hole, and there are events between that and the next.
		"rare events of a long window": {describes: warmup(250), code: wt.Code(whole, wt.Set(wt.I32),
			wt.Unless(wt.Code(wt.Get(wt.I32), wt.Int(250), []byte{0x4a}, fell, and), nan, wt.Close(0))), says: "output mean is NaN at bar "},
		"a window of 200 that begins in part":    {describes: atOnce, code: sinceHole(200), says: "output mean is NaN at bar 1, and would be "},
		"a window of 280 that begins in part":    {describes: atOnce, code: sinceHole(280), says: "output mean is NaN at bar 1, and would be "},
		"a window of 300 that begins in part":    {describes: atOnce, code: sinceHole(300), says: "output mean is NaN at bar 1, and would be "},
		"a window of 500 that begins in part":    {describes: atOnce, code: sinceHole(500), says: "output mean is NaN at bar 1, and would be "},
		"a window of 10,000 that begins in part": {describes: atOnce, code: sinceHole(10_000), says: "output mean is NaN at bar 1, and would be "},
		"a long window":                          {describes: warmup(6_000), code: wt.Unless(firstBars(6_000), sinceHole(6_000), nan), says: " at bar 6000, and would be NaN if"},
		"a long window that is not for all bars": {describes: atOnce, code: wt.Unless(firstBars(2_000), nan, sinceHole(3_000)), says: "output mean is NaN at bar 1, and"},
		// The event of the bars after the last hole would be after the end.
		"one event late": {describes: atOnce, code: wt.Code(whole, wt.Set(wt.I32),
			wt.Unless(wt.Code(firstBars(10), wt.Get(wt.I32), wt.Int(10_010), []byte{0x46, 0x72}), nan, wt.Close(0))), says: "output mean is "}, // i32.eq i32.or
		"a window for which there is little room": {describes: warmup(500), room: tiny, code: wt.Unless(firstBars(500), sinceHole(500), nan), says: " at bar 500, and would be NaN if", untried: "recovery: it takes 1122 bars, and a call has 1024 at most"},
		"one that is dear":                        {describes: warmup(2_000), code: wt.Code(costs(wt.Int(1_400)), seeded(2_000)), says: " at bar 2000, and would be NaN if", untried: "recovery: for want of gas"},
		"one of which each bar takes more gas":    {describes: atOnce, code: wt.Code(costs(wt.Code(wt.Get(wt.Bar), wt.Int(1), []byte{0x6a})), recurrence(wt.Close(0), 1)), says: "output mean is NaN at bar ", untried: "recovery: for want of gas"},
		"no value in a trial that is dear": {describes: slices.Concat(warmup(2_000), outputs), code: wt.Code(costs(wt.Int(1_400)), alsoGives(nan), wt.Unless(firstBars(2_000), wt.Close(0), nan)),
			says: " at bar 2000, and would be NaN if"},
	} {
		t.Run(name, func(t *testing.T) {
			g := wt.Guest{Name: "holes", Description: described(c.describes...), Run: wt.EachBar(c.code)}
			if c.room > 0 {
				g.Alloc = roomFor(c.room)
			}
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
				if untried := strings.Join(got.Untried, ", "); untried != c.untried || slices.Contains(got.Checks, checkRecovery) != (untried == "") {
					t.Errorf("it passed %q, and %q is untried; want %q", got.Checks, untried, c.untried)
				}
				if slices.Contains(got.Checks, checkHoles) != (c.says == "") || (got.Holes == "") != (c.says == "") || !strings.Contains(got.Holes, c.says) {
					t.Errorf("it passed %q and does %q; want %q", got.Checks, got.Holes, c.says)
				}
			}
		})
	}
}

// TestHolesProved: what a module does with a hole at the end of a parameter is judged,
// too, and reported where it did as it should at the defaults.
func TestHolesProved(t *testing.T) {
	end := func(v float64, other []byte, changes ...string) wt.Guest {
		return wt.Guest{Name: "holes", Description: described(changes...), Run: wt.EachBar(wt.Unless(periodIs(v), skipping(), other))}
	}
	late := end(500, wt.Unless(firstBars(1), sinceHole(500), nan), `"max":100`, `"max":500`)
	both := wt.Guest{Name: "holes", Description: described(), Run: wt.EachBar(wt.Unless(periodIs(1), wt.Mean(), skipping()))}
	poison := wt.Unless(firstBars(1), recurrence(wt.Close(0), 2), nan)
	atEnds := wt.Code(costs(wt.Int(1_500)), wt.Unless(periodIs(100), wt.Mean(), poison))
	dear := wt.Guest{Name: "holes", Description: described(), Run: wt.EachBar(wt.Unless(periodIs(2), atEnds, skipping()))}
	for name, c := range map[string]struct {
		guest                  wt.Guest
		skips                  bool
		says, refusal, untried string
	}{
		"skipping":                    {guest: end(0, nan), skips: true},
		"a window at the longest":     {guest: end(100, wt.Mean()), says: "period=100: output mean is NaN at bar 4, and"},
		"a window but at the least":   {guest: both, says: "output mean is NaN at bar 4, and"},
		"one that begins in part":     {guest: late, says: "period=500: output mean is "},
		"one that is dear":            {guest: dear, says: "period=1: output mean is ", untried: "period=100: recovery: for want of gas"},
		"one that takes long":         {guest: end(100, wt.Code(costs(wt.Int(200)), poison)), refusal: "period=100: output mean has no value in the 10020 bars after bar 3"},
		"a recurrence at the longest": {guest: end(100, poison), refusal: "period=100: output mean has no value in the 10020 bars after bar 3"},
	} {
		t.Run(name, func(t *testing.T) {
			m := load(t, newSandbox(t, Config{}), c.guest.Build())
			perBar := m.Report().GasPerBar
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
			if got.GasPerBar != perBar {
				t.Errorf("%v units of gas per bar, where the defaults take %v", got.GasPerBar, perBar)
			}
			if untried := strings.Join(got.Untried, ", "); untried != c.untried {
				t.Errorf("%q is untried, want %q", untried, c.untried)
			}
			if slices.Contains(got.Checks, checkHoles) != c.skips || !slices.Contains(got.Checks, checkEnds) || !strings.HasPrefix(got.Holes, c.says) || (got.Holes == "") != c.skips {
				t.Errorf("it passed %q and does %q; want %q", got.Checks, got.Holes, c.says)
			}
		})
	}
}
