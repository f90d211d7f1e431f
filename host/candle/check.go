package candle

import (
	"fmt"
	"math"
	"strconv"
)

// flaw is a value that could not be taken for what its field is.
type flaw struct {
	bar     int
	field   field
	code    string
	message string
}

// flaws keeps the first flaw: that of the lowest bar, and of one bar that of
// the first field.
type flaws struct {
	first flaw
	any   bool
}

// before says whether a flaw there would come before the first one known.
// Messages are made only for those that do.
func (f *flaws) before(bar int, fd field) bool {
	return !f.any || bar < f.first.bar || bar == f.first.bar && fd < f.first.field
}

func (f *flaws) add(bar int, fd field, code, message string) {
	if f.before(bar, fd) {
		f.first, f.any = flaw{bar, fd, code, message}, true
	}
}

// check returns the first flaw of s: the one of the lowest bar and, in a bar,
// of the first of open, high, low, close, volume and timestamp whose value is
// bad in itself; then what does not fit together: high with the others, low with
// open and close, the timestamp with the one before. Comparisons with a missing
// value are left out. found are the flaws that reading the values has met.
func check(s *Series, found *flaws) (flaw, bool) {
	end := s.Bars
	if found.any {
		end = min(end, found.first.bar+1)
	}
	for i := range end {
		if fl, ok := checkBar(s, i, found); ok {
			return fl, true
		}
	}
	return found.first, found.any
}

// checkBar is in two halves: one glance that passes sound bars at the cost of a
// few comparisons, and the search for what is wrong with the others.
func checkBar(s *Series, i int, found *flaws) (flaw, bool) {
	var o, h, l, c, v = math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN()
	if s.Open != nil {
		o = s.Open[i]
	}
	if s.High != nil {
		h = s.High[i]
	}
	if s.Low != nil {
		l = s.Low[i]
	}
	if s.Close != nil {
		c = s.Close[i]
	}
	if s.Volume != nil {
		v = s.Volume[i]
	}
	const most = math.MaxFloat64
	bad := o < 0 || o > most || h < 0 || h > most || l < 0 || l > most || c < 0 || c > most || v < 0 || v > most ||
		h < l || h < o || h < c || l > o || l > c
	late := s.Time != nil && i > 0 && s.Time[i] <= s.Time[i-1]
	if !bad && !late && (!found.any || found.first.bar != i) {
		return flaw{}, false
	}

	for fd, x := range [...]float64{o, h, l, c, v} {
		fd := field(fd)
		if found.any && found.first.bar == i && found.first.field == fd {
			return found.first, true
		}
		switch {
		case x > most || x < -most:
			return flaw{i, fd, CodeNotFinite, fd.String() + " is too large to be a number; the largest is about 1.8e308"}, true
		case x < 0:
			return flaw{i, fd, CodeNegative, fmt.Sprintf("%s is %s and must be 0 or more; write null for a missing value", fd, show(x))}, true
		}
	}
	if found.any && found.first.bar == i {
		return found.first, true
	}
	for _, r := range [...]struct {
		broken      bool
		field, than field
		a, b        float64
		code        string
	}{
		{h < l, fieldHigh, fieldLow, h, l, CodeHighBelowLow},
		{h < o, fieldHigh, fieldOpen, h, o, CodeHighBelowOpen},
		{h < c, fieldHigh, fieldClose, h, c, CodeHighBelowClose},
		{l > o, fieldLow, fieldOpen, l, o, CodeLowAboveOpen},
		{l > c, fieldLow, fieldClose, l, c, CodeLowAboveClose},
	} {
		if !r.broken {
			continue
		}
		side, extreme := "below", "highest"
		if r.field == fieldLow {
			side, extreme = "above", "lowest"
		}
		return flaw{i, r.field, r.code, fmt.Sprintf("%s is %s, %s the %s of %s; it must be the %s price of its bar: are two columns swapped?",
			r.field, show(r.a), side, r.than, show(r.b), extreme)}, true
	}
	if late {
		return flaw{i, fieldTimestamp, CodeNotIncreasing, fmt.Sprintf("timestamp is %s and must be later than that of the bar before, %s; sort the bars oldest first and drop repeated ones",
			showTime(s.Time[i]), showTime(s.Time[i-1]))}, true
	}
	return flaw{}, false
}

func show(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
