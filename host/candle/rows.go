package candle

import (
	"fmt"
	"strconv"
)

// rows reads candles as a list of bars.
func (d *decoder) rows() bool {
	d.i++
	if d.peek() == ']' {
		d.i++
		d.refuse("/candles", CodeNoCandles, "there are no candles; give at least one bar")
		return true
	}
	// A bar takes some 80 bytes.
	size := min(d.max, (len(d.b)-d.i)/80+16)
	var given [fields]bool // by the first bar, and so by all
	n := 0
	for more := true; more; n++ {
		if n == d.max {
			return d.tooMany()
		}
		var ok bool
		if d.refusal != nil {
			ok = d.skip()
		} else {
			ok = d.row(n, size, &given)
			if d.refusal != nil {
				d.whole = n
			}
		}
		if !ok {
			return false
		}
		if more, ok = d.next(']'); !ok {
			return false
		}
	}
	d.s.Bars = n
	return true
}

// row reads one bar.
func (d *decoder) row(bar, size int, given *[fields]bool) bool {
	at := "/candles/" // and the bar, where it is needed
	if d.peek() != '{' {
		found, ok := d.found()
		d.refuse(at+strconv.Itoa(bar), CodeWrongType, "a bar is "+found+"; write an object such as {\"open\": 1, \"high\": 2, \"low\": 1, \"close\": 2}")
		return ok
	}
	d.i++
	var seen [fields]bool
	more := true
	if d.peek() == '}' {
		d.i++
		more = false
	}
	for more {
		f, known, ok := d.rowField(bar)
		if !ok {
			return false
		}
		switch {
		case d.refusal != nil || !known:
			ok = d.skip()
		case seen[f]:
			d.refuse(place(ByRow, f, bar), CodeDuplicateField, f.String()+" is given twice; give it once")
			ok = d.skip()
		default:
			seen[f] = true
			ok = d.rowValue(f, bar, size)
		}
		if !ok {
			return false
		}
		if more, ok = d.next('}'); !ok {
			return false
		}
	}
	if bar == 0 {
		*given = seen
	}
	if seen != *given || seen == [fields]bool{} {
		d.unequal(bar, &seen, given)
	}
	return true
}

// rowField skips the name of a field and the colon. It knows the names as they
// are always written; a strange one takes the way of every other key.
func (d *decoder) rowField(bar int) (f field, known, ok bool) {
	if d.peek() == '"' {
		b := d.b[d.i+1:]
		n := 0
		switch {
		case len(b) < 10:
		case string(b[:5]) == `open"`:
			f, n = fieldOpen, 5
		case string(b[:5]) == `high"`:
			f, n = fieldHigh, 5
		case string(b[:4]) == `low"`:
			f, n = fieldLow, 4
		case string(b[:6]) == `close"`:
			f, n = fieldClose, 6
		case string(b[:7]) == `volume"`:
			f, n = fieldVolume, 7
		case string(b[:10]) == `timestamp"`:
			f, n = fieldTimestamp, 10
		}
		if n > 0 {
			d.i += 1 + n
			return f, true, d.take(':', "a colon")
		}
	}
	name, ok := d.key()
	if !ok {
		return 0, false, false
	}
	if f, known = fieldOf(name); !known {
		d.refuse(Pointer("candles", strconv.Itoa(bar), name), CodeUnknownField, fmt.Sprintf("%s is no field of a bar; %s", quote([]byte(name)), allowedFields))
	}
	return f, known, true
}

func (d *decoder) rowValue(f field, bar, size int) bool {
	if f == fieldTimestamp {
		ms, ok := d.time(bar)
		if d.s.Time == nil {
			d.s.Time = make([]int64, 0, size)
		}
		d.s.Time = append(d.s.Time, ms)
		return ok
	}
	x, ok := d.value(f, bar)
	col := d.s.column(f)
	if *col == nil {
		*col = make([]float64, 0, size)
	}
	*col = append(*col, x)
	return ok
}

// unequal refuses a bar that has not the fields that the first one has. Columns
// stay equally long: what is read after a refusal is thrown away.
func (d *decoder) unequal(bar int, seen, given *[fields]bool) {
	for f := range fields {
		switch {
		case given[f] && !seen[f]:
			d.refuse(place(ByRow, f, bar), CodeMissingField, fmt.Sprintf("%s is not given here, but in the bars before; write null for a missing value", f))
			return
		case seen[f] && !given[f]:
			d.refuse(place(ByRow, f, bar), CodeMissingField, fmt.Sprintf("%s is given here, but not in the bars before; give it in every bar, null where it is missing", f))
			return
		}
	}
	d.refuse("/candles/"+strconv.Itoa(bar), CodeMissingField, "a bar has no field; "+allowedFields)
}
