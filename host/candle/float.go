package candle

import (
	"encoding/binary"
	"math"
	"slices"
	"strconv"
)

// longestFloat is the most bytes that AppendFloat and a comma take, and slack is
// how far beyond the end of a number the writers store: they store whole words
// and count afterwards.
const (
	longestFloat = len("-0.0000012345678901234567") + 1
	slack        = 40
)

// AppendFloat appends v as JSON: the fewest digits that read back as v, in the
// notation of encoding/json. NaN and the infinities are null.
func AppendFloat(dst []byte, v float64) []byte {
	n := len(dst)
	dst = slices.Grow(dst, slack)
	return dst[:putFloat(dst[:cap(dst)], n, v)]
}

// AppendFixed appends v as JSON, rounded to decimals (0 to 15) places after the
// point as strconv rounds it, without zeros at the end. NaN and the infinities
// are null.
func AppendFixed(dst []byte, v float64, decimals int) []byte {
	if isHuge(v) {
		return appendHuge(dst, v)
	}
	n := len(dst)
	dst = slices.Grow(dst, slack)
	return dst[:putFixed(dst[:cap(dst)], n, v, decimals)]
}

// AppendColumn appends col as a JSON list: by AppendFixed, or with decimals -1
// by AppendFloat.
func AppendColumn(dst []byte, col []float64, decimals int) []byte {
	if decimals >= 0 {
		return appendFixedColumn(dst, col, decimals)
	}
	n := len(dst)
	dst = slices.Grow(dst, len("[")+longestFloat*len(col)+slack)
	b := dst[:cap(dst)]
	b[n] = '['
	n++
	for _, v := range col {
		n = putFloat(b, n, v)
		b[n] = ','
		n++
	}
	if len(col) > 0 {
		n-- // the last comma
	}
	b[n] = ']'
	return b[:n+1]
}

func appendFixedColumn(dst []byte, col []float64, decimals int) []byte {
	dst = slices.Grow(dst, len("[]")+(len("-12345.,")+decimals)*len(col)+slack)
	dst = append(dst, '[')
	for i, v := range col {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = AppendFixed(dst, v, decimals)
	}
	return append(dst, ']')
}

const (
	fractionBits = 52
	hidden       = 1 << fractionBits // the bit of a normal float64 that is not stored
	exponentMask = 0x7ff
	leastPower   = -1074 // q of the smallest float64, c * 2^q
)

// putFloat writes v at b[i], where there is room for slack bytes, and returns
// where it ends.
func putFloat(b []byte, i int, v float64) int {
	bits := math.Float64bits(v)
	c, exponent := bits&(hidden-1), int(bits>>fractionBits)&exponentMask
	if exponent == exponentMask {
		return i + copy(b[i:], "null")
	}
	b[i] = '-'
	i += int(bits >> 63)
	var d uint64
	var e int
	if exponent == 0 {
		if c == 0 {
			b[i] = '0'
			return i + 1
		}
		d, e = shortest(c, leastPower)
		for d < 1e15 {
			d, e = d*10, e-1
		}
	} else {
		regular := c != 0 || exponent == 1
		c |= hidden
		q := leastPower + exponent - 1
		switch {
		case q <= 0 && q >= -fractionBits && c&(1<<-q-1) == 0:
			return putWhole(b, i, c>>-q)
		case regular:
			d, e = shortest(c, q)
		default:
			d, e = shortestIrregular(q)
		}
	}
	// d has 16 or 17 digits. Which is as good as chance, so this is made without
	// a branch.
	point, tenfold := e+17, 10*d
	if d < 1e16 {
		d, point = tenfold, point-1
	}
	return putDigits(b, i, d, point)
}

// putDigits writes 0.d * 10^point at b[i], where d has 17 digits, without the
// zeros at its end, in the notation of encoding/json, which is that of
// ECMAScript: an exponent below 1e-6 and from 1e21 on.
func putDigits(b []byte, i int, d uint64, point int) int {
	first, front := d/1e16, d/1e8
	back := d - front*1e8
	front -= first * 1e8
	mid, end := eightDigits(front), eightDigits(back)
	n := 17 - leadingZeroBytes(end)
	if end == 0 {
		n = 9 - leadingZeroBytes(mid)
	}
	mid |= zeros
	end |= zeros
	head := byte('0' + first)
	switch {
	case point >= 1 && point <= 8:
		w := (*[18]byte)(b[i:])
		w[0] = head
		binary.LittleEndian.PutUint64(w[1:], withPoint(mid, point-1))
		w[9] = byte(mid >> 56)
		binary.LittleEndian.PutUint64(w[10:], end)
		if n <= point {
			return i + point
		}
		return i + n + 1
	case point > -6 && point <= 0:
		binary.LittleEndian.PutUint64(b[i:], zeros&^0xff00|'.'<<8)
		i += 2 - point
		w := (*[17]byte)(b[i:])
		w[0] = head
		binary.LittleEndian.PutUint64(w[1:], mid)
		binary.LittleEndian.PutUint64(w[9:], end)
		return i + n
	case point >= 9 && point <= 21:
		w := (*[21]byte)(b[i:])
		w[0] = head
		binary.LittleEndian.PutUint64(w[1:], mid)
		if n <= point {
			binary.LittleEndian.PutUint64(w[9:], end)
			binary.LittleEndian.PutUint32(w[17:], zeros&math.MaxUint32)
			return i + point
		}
		binary.LittleEndian.PutUint64(w[9:], withPoint(end, point-9))
		w[17] = byte(end >> 56)
		return i + n + 1
	}
	w := (*[18]byte)(b[i:])
	w[0], w[1] = head, '.'
	binary.LittleEndian.PutUint64(w[2:], mid)
	binary.LittleEndian.PutUint64(w[10:], end)
	i += n
	if n > 1 {
		i++
	}
	b[i], b[i+1] = 'e', '+'
	power := point - 1
	if power < 0 {
		b[i+1], power = '-', -power
	}
	return len(strconv.AppendInt(b[:i+2], int64(power), 10))
}
