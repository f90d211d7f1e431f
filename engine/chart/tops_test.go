package chart

import (
	"math"
	"testing"
)

func TestDoubleTop(t *testing.T) {
	points := []at{{0, 100}, {20, 120}, {32, 110}, {44, 120}, {64, 100}}
	other := func(moves map[int]at) Bars { return drawn(moved(points, moves)...) }
	until := func(low float64) Bars { return drawn(append(points[:4:4], at{54, low}, at{74, 125})...) }
	(&example{
		pattern: DoubleTop, opposite: DoubleBottom,
		bars: drawn(points...), direction: Bearish,
		want: append(points[:4:4], at{55, 109}), bar: 55,
		misses: []miss{
			{rule: "level", within: other(map[int]at{3: {44, 122.1}}), past: other(map[int]at{3: {44, 122.3}})},
			{rule: "apart",
				within: drawn(at{0, 100}, at{20, 120}, at{24, 110}, at{28, 120}, at{48, 100}),
				past:   drawn(at{0, 100}, at{20, 120}, at{24, 110}, at{27, 120}, at{47, 100})},
			{rule: "trend", within: other(map[int]at{0: {0, 109.8}}), past: other(map[int]at{0: {0, 110.2}})},
			{rule: "break", within: until(109.7), past: until(109.85)},
		},
	}).try(t)
}

func TestTripleTop(t *testing.T) {
	points := []at{{0, 100}, {20, 120}, {30, 110}, {40, 120}, {50, 110}, {60, 120}, {80, 100}}
	other := func(moves map[int]at) Bars { return drawn(moved(points, moves)...) }
	until := func(low float64) Bars { return drawn(append(points[:6:6], at{70, low}, at{90, 125})...) }
	(&example{
		pattern: TripleTop, opposite: TripleBottom,
		bars: drawn(points...), direction: Bearish,
		want: append(points[:6:6], at{71, 109}), bar: 71,
		misses: []miss{
			{rule: "level", within: other(map[int]at{3: {40, 122.1}}), past: other(map[int]at{3: {40, 122.3}})},
			{rule: "valleys", within: other(map[int]at{4: {50, 113.9}}), past: other(map[int]at{4: {50, 114.1}})},
			{rule: "apart",
				within: drawn(at{0, 100}, at{20, 120}, at{30, 110}, at{40, 120}, at{44, 110}, at{48, 120}, at{68, 100}),
				past:   drawn(at{0, 100}, at{20, 120}, at{30, 110}, at{40, 120}, at{44, 110}, at{47, 120}, at{67, 100})},
			{rule: "trend", within: other(map[int]at{0: {0, 109.8}}), past: other(map[int]at{0: {0, 110.2}})},
			{rule: "break", within: until(109.7), past: until(109.85)},
		},
	}).try(t)
}

// Of two lows that are not level the lower one is to be broken.
func TestTripleTopBreaksTheLowerValley(t *testing.T) {
	for _, valleys := range [][2]float64{{108, 110}, {110, 108}} {
		b := drawn(at{0, 100}, at{20, 120}, at{30, valleys[0]}, at{40, 120}, at{50, valleys[1]}, at{60, 120}, at{80, 100})
		d := foundAt(TripleTop.Find(b, argsOf(t, TripleTop, nil)), 0)
		if d == nil || d.Bar != 73 {
			t.Errorf("valleys %v: %+v, want one known at bar 73, where the price is at 107", valleys, d)
		}
	}
}

// Two tops at one price, far apart, after a long rise: three rules are as the book
// has them, and the close that breaks the valley is 33/32 under it, of a height of 10.
func TestConfidence(t *testing.T) {
	b := drawn(at{0, 100}, at{20, 120}, at{32, 110}, at{44, 120}, at{64, 100})
	d := foundAt(DoubleTop.Find(b, argsOf(t, DoubleTop, map[string]any{"break": 0.1})), 0)
	if want := (3 + (33./320-0.1)/0.1) / 4; d == nil || math.Abs(d.Confidence-want) > 1e-12 {
		t.Errorf("%+v, want a confidence of %v", d, want)
	}
}

// The wait for the break ends when it is said to.
func TestWait(t *testing.T) {
	b := drawn(at{0, 100}, at{20, 120}, at{32, 110}, at{44, 120}, at{52, 112}, at{70, 113}, at{80, 103})
	for wait, broken := range map[float64]bool{0.5: false, 2: true} {
		d := foundAt(DoubleTop.Candidates(b, argsOf(t, DoubleTop, map[string]any{"wait": wait})), 0)
		switch {
		case d == nil:
			t.Errorf("wait %v: no candidate", wait)
		case broken && (!d.Met() || d.Bar != 74):
			t.Errorf("wait %v: %+v, want a break at bar 74", wait, d)
		// Known at bar 47, where the price is 3 true ranges under the top, and
		// 12 bars later is half a length of 24.
		case !broken && (d.Met() || d.Bar != 47+12):
			t.Errorf("wait %v: %+v, want the end of the wait at bar 59", wait, d)
		}
	}
}
