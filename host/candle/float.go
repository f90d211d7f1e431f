package candle

import (
	"math"
	"strconv"
)

// AppendFloat appends v as JSON: the fewest digits that read back as v, in the
// notation of encoding/json. NaN and the infinities are null.
func AppendFloat(dst []byte, v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(dst, "null"...)
	}
	if a := math.Abs(v); a != 0 && (a < 1e-6 || a >= 1e21) {
		dst = strconv.AppendFloat(dst, v, 'e', -1, 64)
		// e-09 is written e-9.
		if n := len(dst); n >= 4 && dst[n-4] == 'e' && dst[n-3] == '-' && dst[n-2] == '0' {
			dst[n-2] = dst[n-1]
			dst = dst[:n-1]
		}
		return dst
	}
	return strconv.AppendFloat(dst, v, 'f', -1, 64)
}

// AppendFixed appends v as JSON, rounded to decimals (0 to 15) places after the
// point as strconv rounds it, without zeros at the end. NaN and the infinities
// are null.
func AppendFixed(dst []byte, v float64, decimals int) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(dst, "null"...)
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, v, 'f', decimals, 64)
	if decimals > 0 {
		for dst[len(dst)-1] == '0' {
			dst = dst[:len(dst)-1]
		}
		if dst[len(dst)-1] == '.' {
			dst = dst[:len(dst)-1]
		}
	}
	if string(dst[start:]) == "-0" {
		dst = append(dst[:start], '0')
	}
	return dst
}

// AppendColumn appends col as a JSON list: by AppendFixed, or with decimals -1
// by AppendFloat.
func AppendColumn(dst []byte, col []float64, decimals int) []byte {
	dst = append(dst, '[')
	for i, v := range col {
		if i > 0 {
			dst = append(dst, ',')
		}
		if decimals < 0 {
			dst = AppendFloat(dst, v)
		} else {
			dst = AppendFixed(dst, v, decimals)
		}
	}
	return append(dst, ']')
}
