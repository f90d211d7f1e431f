package candle

import (
	"encoding/binary"
	"math"
	"math/bits"
	"strconv"
)

// tenTo are the powers of ten that a uint64 holds.
var tenTo = [...]uint64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9,
	1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
}

// isHuge is whether v is finite and at least 2^53, and so whole.
func isHuge(v float64) bool {
	v = math.Abs(v)
	return v >= 1<<53 && v <= math.MaxFloat64
}

func appendHuge(dst []byte, v float64) []byte { return strconv.AppendFloat(dst, v, 'f', 0, 64) }

// putFixed writes v, which is not huge, with at most decimals (0 to 15) places,
// at b[i], where there is room for slack bytes, and returns where it ends.
//
// The part after the point, of 53 bits, times 10^decimals fits into 128 bits:
// nothing is lost before it is rounded, to the nearest and of two to the even.
func putFixed(b []byte, i int, v float64, decimals int) int {
	word := math.Float64bits(v)
	c, exponent := word&(hidden-1), int(word>>fractionBits)&exponentMask
	if exponent == exponentMask {
		return i + copy(b[i:], "null")
	}
	shift := uint(-leastPower)
	if exponent != 0 {
		c |= hidden
		shift -= uint(exponent) - 1
	}
	whole, part := c>>shift, c&(1<<shift-1)
	scale := tenTo[decimals]
	part = roundedShift(part, scale, shift, whole*scale&1)
	if part == scale {
		whole, part = whole+1, 0
	}

	if whole|part != 0 {
		b[i] = '-'
		i += int(word >> 63)
	}
	i = putWhole(b, i, whole)
	if part == 0 {
		return i
	}
	part *= tenTo[16-decimals]
	front, back := eightDigits(part/1e8), eightDigits(part%1e8)
	w := (*[17]byte)(b[i:])
	w[0] = '.'
	binary.LittleEndian.PutUint64(w[1:], front|zeros)
	binary.LittleEndian.PutUint64(w[9:], back|zeros)
	if back == 0 {
		return i + 9 - leadingZeroBytes(front)
	}
	return i + 17 - leadingZeroBytes(back)
}

// roundedShift is x * scale / 2^shift, rounded to the nearest, and halfway
// between two so that it is even when odd, 0 or 1, is added. x is below 2^shift
// and 2^53, scale is below 2^50.
func roundedShift(x, scale uint64, shift uint, odd uint64) uint64 {
	hi, lo := bits.Mul64(x, scale)
	switch {
	case shift > 104 || x == 0: // less than half
		return 0
	case shift < 64:
		return roundUp(hi<<(64-shift)|lo>>shift, lo&(1<<shift-1), 1<<(shift-1), odd)
	case shift == 64:
		return roundUp(hi, lo, 1<<63, odd)
	}
	// The rest is in both words. Of the lower one it matters only whether it is 0.
	shift -= 64
	rest := hi & (1<<shift - 1) << 1
	if lo != 0 {
		rest |= 1
	}
	return roundUp(hi>>shift, rest, 1<<shift, odd)
}

// roundUp adds one to n when rest is more than half, or is half and n + odd is
// odd. Whether it does is as good as chance, so there is no branch.
func roundUp(n, rest, half, odd uint64) uint64 {
	_, more := bits.Sub64(half, rest, (n+odd)&1)
	return n + more
}
