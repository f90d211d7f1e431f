package candle

import (
	"strconv"
)

// pow10 are the powers of ten that a float64 has exactly.
var pow10 = [...]float64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}

// number reads the JSON number that b has at i, and returns its nearest float64
// and the index after it. It is infinite when it is too large, and ok is false
// when there is no number.
//
// Where digits and power of ten are both exact as float64, one multiplication
// or division rounds once and so gives the nearest (Clinger, "How to read
// floating point numbers accurately", 1990); prices nearly always are. Most of
// the rest, up to 19 digits, is in the reach of nearest, and what is not is left
// to strconv.
func number(b []byte, i int) (v float64, end int, ok bool) {
	start := i
	if i < len(b) && b[i] == '-' {
		i++
	}
	var m uint64
	first := i
	for uint(i) < uint(len(b)) {
		c := b[i] - '0'
		if c > 9 {
			break
		}
		m = m*10 + uint64(c)
		i++
	}
	digits := i - first
	if digits == 0 || digits > 1 && b[first] == '0' {
		return 0, i, false
	}
	exp := 0
	if i < len(b) && b[i] == '.' {
		i++
		point := i
		for uint(i) < uint(len(b)) {
			c := b[i] - '0'
			if c > 9 {
				break
			}
			m = m*10 + uint64(c)
			i++
		}
		if i == point {
			return 0, i, false
		}
		exp = point - i
		digits -= exp
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		e, after, ok := exponent(b, i+1)
		if !ok {
			return 0, after, false
		}
		exp += e
		i = after
	}
	if digits <= 19 { // m has not overflowed
		if m <= 1<<53 && exp >= -22 && exp <= 22 {
			v, ok = float64(m), true
			if exp < 0 {
				v /= pow10[-exp]
			} else {
				v *= pow10[exp]
			}
		} else {
			v, ok = nearest(m, exp)
		}
		if ok {
			if b[start] == '-' {
				v = -v
			}
			return v, i, true
		}
	}
	// The grammar of JSON is part of strconv's, so the only error left is
	// ErrRange, and then v is infinite.
	v, _ = strconv.ParseFloat(string(b[start:i]), 64)
	return v, i, true
}

// exponent reads the digits after the e.
func exponent(b []byte, i int) (e, end int, ok bool) {
	negative := false
	if i < len(b) && (b[i] == '+' || b[i] == '-') {
		negative = b[i] == '-'
		i++
	}
	first := i
	for ; i < len(b) && b[i]-'0' <= 9; i++ {
		if e < 1e6 { // beyond, it is infinite or zero in any case; strconv decides
			e = e*10 + int(b[i]-'0')
		}
	}
	if negative {
		e = -e
	}
	return e, i, i > first
}
