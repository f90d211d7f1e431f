package candle

import (
	"encoding/binary"
	"math"
)

// arrowColumn is the type of a column of an Arrow stream, among those that
// candles may have.
type arrowColumn struct {
	field  field
	size   int // bytes of a value; 0 of the type null
	float  bool
	signed bool
	unit   arrowUnit
}

// arrowUnit is what a timestamp counts.
type arrowUnit int

// The first four are Arrow's TimeUnit.
const (
	unitSecond arrowUnit = iota
	unitMilli
	unitMicro
	unitNano
	unitDay
	wholeNumbers // not a time for Arrow: seconds or milliseconds, by size
)

// arrowColumnOf reads the type of field fd from its table Field; ok is false
// when it is none for fd.
func arrowColumnOf(f *flat, table int, fd field) (c arrowColumn, ok bool) {
	c.field = fd
	if _, dictionary := f.field(table, 4); dictionary {
		return c, false
	}
	about, ok := f.table(table, 3)
	if !ok {
		return c, false
	}
	isTime := fd == fieldTimestamp
	switch f.small(table, 2, 1, 0) {
	case arrowNull:
		return c, !isTime
	case arrowInt:
		if at, ok := f.field(about, 0); ok {
			c.size = f.i32(at) / 8
		}
		c.signed = f.small(about, 1, 1, 0) != 0
		c.unit = wholeNumbers
		return c, c.size == 1 || c.size == 2 || c.size == 4 || c.size == 8
	case arrowFloat:
		c.float = true
		c.size = 2 << f.small(about, 0, 2, 0) // half, single, double
		return c, !isTime && (c.size == 4 || c.size == 8)
	case arrowDate:
		c.size, c.unit = 8, unitMilli
		if f.small(about, 0, 2, 1) == 0 {
			c.size, c.unit = 4, unitDay
		}
		return c, isTime
	case arrowTimestamp:
		c.size, c.unit = 8, arrowUnit(f.small(about, 0, 2, 0))
		return c, isTime && c.unit <= unitNano
	}
	return c, false
}

// appendNumbers appends the first rows of values, as float64.
func (c arrowColumn) appendNumbers(dst []float64, values []byte, rows int) []float64 {
	for i := range rows {
		dst = append(dst, c.number(values, i))
	}
	return dst
}

func (c arrowColumn) number(values []byte, i int) float64 {
	switch {
	case c.size == 0:
		return math.NaN()
	case c.float && c.size == 8:
		return math.Float64frombits(binary.LittleEndian.Uint64(values[8*i:]))
	case c.float:
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(values[4*i:])))
	case c.signed:
		return float64(int64(c.word(values, i)))
	}
	return float64(c.word(values, i))
}

// word is integer i of values, with its sign extended where it has one.
func (c arrowColumn) word(values []byte, i int) uint64 {
	var w uint64
	switch c.size {
	case 8:
		return binary.LittleEndian.Uint64(values[8*i:])
	case 4:
		w = uint64(binary.LittleEndian.Uint32(values[4*i:]))
	case 2:
		w = uint64(binary.LittleEndian.Uint16(values[2*i:]))
	case 1:
		w = uint64(values[i])
	}
	if c.signed {
		shift := 64 - 8*c.size
		w = uint64(int64(w<<shift) >> shift)
	}
	return w
}

// millis is timestamp i of values, of a type that is a time; finer parts are cut
// off towards the past. It is false where it overflows.
func (c arrowColumn) millis(values []byte, i int) (ms int64, ok bool) {
	c.signed = true
	v := int64(c.word(values, i))
	switch c.unit {
	case unitDay:
		return v * 86_400_000, true // of 32 bits: no overflow
	case unitSecond:
		return v * 1000, v <= lastMillis/1000 && v >= firstMillis/1000
	case unitMicro:
		return floorDiv(v, 1e3), true
	case unitNano:
		return floorDiv(v, 1e6), true
	}
	return v, true
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
