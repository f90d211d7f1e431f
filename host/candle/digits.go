package candle

import (
	"encoding/binary"
	"math/bits"
)

// zeros are eight digits zero.
const zeros = 0x3030303030303030

// eightDigits are the decimal digits of x, below 10^8, a byte each, the first
// digit in the lowest byte. Two, then four, then eight digits are found at once
// in the lanes of one word; the reciprocals are exact for lanes that small.
func eightDigits(x uint64) uint64 {
	x = x/10000 | x%10000<<32
	hundreds := x * 10486 >> 20 & 0x0000007f_0000007f // 10486/2^20 is 1/100, below 10^4
	x = hundreds | (x-100*hundreds)<<16
	tens := x * 103 >> 10 & 0x000f_000f_000f_000f // 103/2^10 is 1/10, below 100
	return tens | (x-10*tens)<<8
}

// leadingZeroBytes counts the zero bytes at the high end of x: digits 0 at the
// end of eight.
func leadingZeroBytes(x uint64) int { return bits.LeadingZeros64(x) / 8 }

// withPoint puts a point after the first n of eight digits, 0 to 7, and so
// loses the last.
func withPoint(digits uint64, n int) uint64 {
	shift := uint(8*n) & 63
	before := digits & (1<<shift - 1)
	return before | '.'<<shift | (digits^before)<<8
}

// putWhole writes u, below 10^16, at b[i], where there is room for slack bytes,
// and returns where it ends.
func putWhole(b []byte, i int, u uint64) int {
	if u < 1e8 {
		digits := eightDigits(u)
		skip := bits.TrailingZeros64(digits|1<<56) / 8
		binary.LittleEndian.PutUint64(b[i:], (digits|zeros)>>(8*skip))
		return i + 8 - skip
	}
	front := eightDigits(u / 1e8)
	skip := bits.TrailingZeros64(front) / 8
	binary.LittleEndian.PutUint64(b[i:], (front|zeros)>>(8*skip))
	i += 8 - skip
	binary.LittleEndian.PutUint64(b[i:], eightDigits(u%1e8)|zeros)
	return i + 8
}
