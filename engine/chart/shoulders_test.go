package chart

import "testing"

func TestHeadAndShoulders(t *testing.T) {
	points := []at{{0, 100}, {20, 120}, {30, 112}, {42, 128}, {54, 112}, {64, 120}, {84, 100}}
	other := func(moves map[int]at) Bars { return drawn(moved(points, moves)...) }
	until := func(low float64) Bars { return drawn(append(points[:6:6], at{73, low}, at{90, 126})...) }
	(&example{
		pattern: HeadAndShoulders, opposite: InverseHeadAndShoulders,
		bars: drawn(points...), direction: Bearish,
		// The neckline is at 112, a break 0.02 · 16 under it.
		want: append(points[:6:6], at{73, 111}), bar: 73,
		misses: []miss{
			{rule: "head", within: other(map[int]at{1: {20, 126.3}, 5: {64, 126.3}}), past: other(map[int]at{1: {20, 126.5}, 5: {64, 126.5}})},
			{rule: "shoulders", within: other(map[int]at{1: {20, 124.7}}), past: other(map[int]at{1: {20, 124.9}})},
			{rule: "neckline", within: other(map[int]at{4: {54, 101.5}, 6: {110, 60}}), past: other(map[int]at{4: {54, 101.2}, 6: {110, 60}})},
			{rule: "balance",
				within: drawn(at{0, 100}, at{20, 120}, at{50, 112}, at{92, 128}, at{104, 112}, at{114, 120}, at{134, 100}),
				past:   drawn(at{0, 100}, at{20, 120}, at{50, 112}, at{94, 128}, at{106, 112}, at{116, 120}, at{136, 100})},
			{rule: "trend", within: other(map[int]at{0: {0, 111.8}}), past: other(map[int]at{0: {0, 112.2}})},
			{rule: "break", within: until(111.6), past: until(111.75)},
		},
	}).try(t)
}
