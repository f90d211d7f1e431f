package plot

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
)

// timeTick is a bar that the time axis names.
type timeTick struct {
	bar   int
	label string
}

// mostTicks is how many names the time axis has room for.
const mostTicks = 13

// calendar are the steps of a time axis, finest first. A tick stands at the
// first bar of a new step, because bars are missing at nights, at weekends and
// on holidays; where a longer step begins too, the tick is called by that.
var calendar = []struct {
	step func(t time.Time) int
	name string // a layout of package time
}{
	{minutes(1), "15:04"}, {minutes(5), "15:04"}, {minutes(15), "15:04"}, {minutes(30), "15:04"},
	{minutes(60), "15:04"}, {minutes(3 * 60), "15:04"}, {minutes(6 * 60), "15:04"},
	{days(1), "Jan 2"}, {days(7), "Jan 2"}, {days(14), "Jan 2"},
	{months(1), "Jan"}, {months(3), "Jan"}, {months(6), "Jan"},
	{months(12), "2006"}, {months(24), "2006"}, {months(60), "2006"}, {months(120), "2006"},
}

func minutes(n int) func(time.Time) int {
	return func(t time.Time) int { return int(t.Unix()) / (60 * n) }
}

// days counts from a Monday, so that steps of seven begin with the week.
func days(n int) func(time.Time) int {
	monday := time.Date(1969, time.December, 29, 0, 0, 0, 0, time.UTC).Unix()
	return func(t time.Time) int { return int(t.Unix()-monday) / (86_400 * n) }
}

func months(n int) func(time.Time) int {
	return func(t time.Time) int { return (12*t.Year() + int(t.Month()) - 1) / n }
}

// timeTicks chooses the bars to name: by the finest step of the calendar for
// which there is room, or by number where the candles have no time.
func timeTicks(times []int64, bars int) []timeTick {
	if times == nil {
		return numberTicks(bars)
	}
	for _, c := range calendar {
		if ticks, ok := stepTicks(times, c.step, c.name); ok {
			return ticks
		}
	}
	return nil // more than a thousand years
}

// stepTicks are the ticks of one step; it is false when they are too many.
func stepTicks(times []int64, step func(time.Time) int, name string) (ticks []timeTick, ok bool) {
	before := time.UnixMilli(times[0]).UTC()
	for i, ms := range times[1:] {
		t := time.UnixMilli(ms).UTC()
		if step(t) != step(before) {
			if len(ticks) == mostTicks {
				return nil, false
			}
			ticks = append(ticks, timeTick{i + 1, t.Format(longer(before, t, name))})
		}
		before = t
	}
	return apart(ticks, len(times)), true
}

// longer is the layout of the longest step that begins between two bars.
func longer(before, t time.Time, name string) string {
	switch {
	case t.Year() != before.Year():
		return "2006"
	case name == "15:04" && t.YearDay() != before.YearDay():
		return "Jan 2"
	}
	return name
}

// apart drops a tick that has no room after the one before, as that of a day
// which began just before the end of a week.
func apart(ticks []timeTick, bars int) []timeTick {
	kept := ticks[:0]
	room := float64(bars) / (2 * mostTicks)
	for _, t := range ticks {
		if n := len(kept); n > 0 && float64(t.bar-kept[n-1].bar) < room {
			if len(t.label) == len("2006") && !strings.Contains(t.label, " ") {
				kept[n-1] = t // a year matters more
			}
			continue
		}
		kept = append(kept, t)
	}
	return kept
}

func numberTicks(bars int) (ticks []timeTick) {
	values, _ := valueTicks(0, float64(bars-1), mostTicks)
	for _, v := range values {
		if v == math.Trunc(v) {
			ticks = append(ticks, timeTick{int(v), strconv.Itoa(int(v))})
		}
	}
	return ticks
}

// span says in words what the candles cover.
func span(s *candle.Series) string {
	text := fmt.Sprintf("%d bars", s.Bars)
	if s.Bars == 1 {
		text = "1 bar"
	}
	if s.Time == nil {
		return text
	}
	from, to := time.UnixMilli(s.Time[0]).UTC(), time.UnixMilli(s.Time[s.Bars-1]).UTC()
	layout := time.DateOnly
	if to.Sub(from) < time.Duration(s.Bars)*20*time.Hour { // bars within a day
		layout = "2006-01-02 15:04"
	}
	return text + ", " + from.Format(layout) + " to " + to.Format(layout)
}

// valueTicks are round numbers between low and high, about as many as asked,
// and how many decimals tell them apart.
func valueTicks(low, high, about float64) (values []float64, decimals int) {
	raw := (high/2 - low/2) / max(about, 1) * 2
	power := math.Floor(math.Log10(raw))
	step := math.Pow(10, power)
	for _, m := range [...]float64{1, 2, 5, 10} {
		if m*step >= 0.75*raw {
			step *= m
			break
		}
	}
	if !(step > 0) || math.IsInf(step, 0) {
		return nil, 0
	}
	for k := math.Ceil(low / step); k*step <= high && len(values) < 100; k++ {
		values = append(values, k*step+0) // +0: no "-0"
	}
	return values, max(0, -int(math.Floor(math.Log10(step)+1e-9)))
}

// compact writes a number with a unit once it is long: 12.5M.
func compact(v float64, decimals int) string {
	for _, u := range [...]struct {
		size float64
		name string
	}{{1e12, "T"}, {1e9, "B"}, {1e6, "M"}, {1e5, "k"}} {
		if math.Abs(v) < u.size {
			continue
		}
		size := u.size
		if u.name == "k" {
			size = 1e3
		}
		text := strconv.FormatFloat(v/size, 'f', 2, 64)
		return strings.TrimSuffix(strings.TrimRight(text, "0"), ".") + u.name
	}
	return strconv.FormatFloat(v, 'f', decimals, 64)
}

// significant is how many decimals show four or five digits of v.
func significant(v float64) int {
	if v == 0 {
		return 0
	}
	return min(10, max(0, 3-int(math.Floor(math.Log10(math.Abs(v))))))
}
