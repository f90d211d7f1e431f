package chart

import "testing"

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
