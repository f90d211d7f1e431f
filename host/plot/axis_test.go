package plot

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTimeTicks(t *testing.T) {
	start := time.Date(2023, time.November, 29, 9, 30, 0, 0, time.UTC) // a Wednesday
	every := func(n int, d time.Duration) (at []int64) {
		for i := range n {
			at = append(at, start.Add(time.Duration(i)*d).UnixMilli())
		}
		return at
	}
	weekdays := func(n int) (at []int64) {
		for day := start.Truncate(24 * time.Hour); len(at) < n; day = day.AddDate(0, 0, 1) {
			if w := day.Weekday(); w != time.Saturday && w != time.Sunday {
				at = append(at, day.UnixMilli())
			}
		}
		return at
	}
	for _, tc := range []struct {
		name string
		at   []int64
		want string
	}{
		{"ten minutes", every(10, time.Minute), "09:31 09:32 09:33 09:34 09:35 09:36 09:37 09:38 09:39"},
		{"hours over midnight", every(30, time.Hour), "12:30 15:30 18:30 21:30 Nov 30 03:30 06:30 09:30 12:30"},
		{"weeks begin on Monday", weekdays(30), "Dec 4 Dec 11 Dec 18 Dec 25 2024 Jan 8"},
		{"a year of days", weekdays(250), "Dec 2024 Feb Mar Apr May Jun Jul Aug Sep Oct Nov"},
		{"thirteen years", weekdays(13 * 261), "2024 2025 2026 2027 2028 2029 2030 2031 2032 2033 2034 2035 2036"},
		{"one bar", every(1, time.Hour), ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var labels []string
			before := -1
			for _, tick := range timeTicks(tc.at, len(tc.at)) {
				labels = append(labels, tick.label)
				if tick.bar <= before || tick.bar >= len(tc.at) {
					t.Errorf("a tick at bar %d after bar %d", tick.bar, before)
				}
				before = tick.bar
			}
			if got := strings.Join(labels, " "); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
	if got := timeTicks([]int64{math.MinInt64 / 4, 0, math.MaxInt64 / 4}, 3); len(got) > 2 {
		t.Errorf("over millions of years: %v", got)
	}
	if got := timeTicks(nil, 250); len(got) < 5 || got[1].label != "20" && got[1].label != "50" {
		t.Errorf("without times: %v", got)
	}
}

func TestValueTicks(t *testing.T) {
	for _, tc := range []struct {
		low, high float64
		about     float64
		want      []float64
		decimals  int
	}{
		{0, 100, 5, []float64{0, 20, 40, 60, 80, 100}, 0},
		{183.2, 214.9, 4, []float64{190, 200, 210}, 0},
		{-0.031, 0.02, 5, []float64{-0.03, -0.02, -0.01, 0, 0.01, 0.02}, 2},
		{-0.031, 0.02, 2, []float64{-0.02, 0, 0.02}, 2},
		{1e9, 4e9, 3, []float64{1e9, 2e9, 3e9, 4e9}, 0},
	} {
		got, decimals := valueTicks(tc.low, tc.high, tc.about)
		near := slices.EqualFunc(got, tc.want, func(a, b float64) bool { return math.Abs(a-b) <= 1e-12*math.Abs(b) })
		if !near || decimals != tc.decimals {
			t.Errorf("from %v to %v: %v with %d decimals, want %v with %d", tc.low, tc.high, got, decimals, tc.want, tc.decimals)
		}
	}
}

func TestCompact(t *testing.T) {
	for want, v := range map[string]float64{
		"0.00": 0, "202.91": 202.91, "-12.50": -12.5, "99999.00": 99_999,
		"150k": 150_000, "-1.5M": -1_500_000, "2.25B": 2_250_000_000, "1T": 1e12,
	} {
		if got := compact(v, 2); got != want {
			t.Errorf("%v: %s, want %s", v, got, want)
		}
	}
}
