package candle

import (
	"bytes"
	"fmt"
)

// columns reads candles as an object of columns.
func (d *decoder) columns() bool {
	d.i++
	if d.peek() == '}' {
		d.i++
		d.refuse("/candles", CodeNoCandles, "there are no candles; give at least one column with one bar")
		return true
	}
	var lengths []length
	var seen [fields]bool
	for more := true; more; {
		name, ok := d.key()
		if !ok {
			return false
		}
		f, known := fieldOf(name)
		switch {
		case !known:
			d.refuse(Pointer("candles", name), CodeUnknownField, fmt.Sprintf("%s is no column of candles; %s", quote([]byte(name)), allowedFields))
		case seen[f]:
			d.refuse(Pointer("candles", name), CodeDuplicateField, name+" is given twice; give it once")
		}
		if d.refusal != nil {
			ok = d.skip()
		} else {
			seen[f] = true
			var n int
			if n, ok = d.oneColumn(f); ok {
				lengths = append(lengths, length{f, n})
			}
		}
		if !ok {
			return false
		}
		if more, ok = d.next('}'); !ok {
			return false
		}
	}
	if d.refusal == nil {
		if err := sameLength(lengths); err != nil {
			d.refusal = err
		} else {
			d.s.Bars = lengths[0].bars
		}
	}
	return true
}

// oneColumn reads the list of f's values and returns how many there are.
func (d *decoder) oneColumn(f field) (bars int, ok bool) {
	if d.peek() != '[' {
		found, ok := d.found()
		d.refuse(Pointer("candles", f.String()), CodeWrongType, fmt.Sprintf("%s is %s; write a list with a value for every bar, or leave the column out", f, found))
		return 0, ok
	}
	// The columns of a request are equally long, and in the first one the commas
	// are counted: they are the numbers but one, unless it is refused anyway.
	size := d.s.Bars
	if size == 0 {
		list, _, _ := bytes.Cut(d.b[d.i:], []byte{']'})
		size = min(d.max, bytes.Count(list, []byte{','})+1)
	}
	if f == fieldTimestamp {
		d.s.Time, ok = d.times(make([]int64, 0, size))
		bars = len(d.s.Time)
	} else {
		col := d.s.column(f)
		*col, ok = d.numbers(f, make([]float64, 0, size))
		bars = len(*col)
	}
	d.s.Bars = bars
	return bars, ok
}

// numbers appends the numbers of a list to col. It stops at too many, and then
// skips the rest.
func (d *decoder) numbers(f field, col []float64) (_ []float64, ok bool) {
	d.i++
	if d.peek() == ']' {
		d.i++
		return col, true
	}
	for more := true; more; {
		if len(col) == d.max {
			return col, d.tooMany()
		}
		// A number and a comma, without white space: nearly all that there is.
		if x, end, ok := number(d.b, d.i); ok && end < len(d.b) && d.b[end] == ',' {
			col = append(col, x)
			d.i = end + 1
			continue
		}
		var x float64
		if x, ok = d.value(f, len(col)); !ok {
			return col, false
		}
		col = append(col, x)
		if more, ok = d.next(']'); !ok {
			return col, false
		}
	}
	return col, true
}

func (d *decoder) times(col []int64) (_ []int64, ok bool) {
	d.i++
	if d.peek() == ']' {
		d.i++
		return col, true
	}
	for more := true; more; {
		if len(col) == d.max {
			return col, d.tooMany()
		}
		if x, end, ok := number(d.b, d.i); ok && end < len(d.b) && d.b[end] == ',' {
			col = append(col, d.instant(len(col), x))
			d.i = end + 1
			continue
		}
		ms, ok := d.time(len(col))
		if !ok {
			return col, false
		}
		col = append(col, ms)
		if more, ok = d.next(']'); !ok {
			return col, false
		}
	}
	return col, true
}

// tooMany refuses the candles and skips the rest of the list of which the next
// value is one too many.
func (d *decoder) tooMany() bool {
	d.refuse("/candles", CodeTooMany, tooManyMessage(d.max))
	for more := true; more; {
		ok := d.skip()
		if !ok {
			return false
		}
		if more, ok = d.next(']'); !ok {
			return false
		}
	}
	return true
}

func tooManyMessage(most int) string {
	return fmt.Sprintf("there are more than %d bars, the most that are taken at once; send fewer of them", most)
}

// length is how many values a column has.
type length struct {
	field field
	bars  int
}

// sameLength refuses the first column, of those in the order in which they came,
// that is not as long as most; of two columns, the later one.
func sameLength(columns []length) error {
	common, votes := 0, 0
	for _, c := range columns {
		n := 0
		for _, other := range columns {
			if other.bars == c.bars {
				n++
			}
		}
		if n > votes {
			common, votes = c.bars, n
		}
	}
	for _, c := range columns {
		if c.bars != common {
			return &Error{Pointer: Pointer("candles", c.field.String()), Code: CodeDifferentLengths,
				Message: fmt.Sprintf("%s has %d values, the other columns %d; give every column one value for every bar, null where there is none", c.field, c.bars, common)}
		}
	}
	if common == 0 {
		return &Error{Pointer: "/candles", Code: CodeNoCandles, Message: "there are no candles; give at least one column with one bar"}
	}
	return nil
}
