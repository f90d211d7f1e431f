package candle

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

// standard is v as encoding/json writes it, without encoding/json.
func standard(dst []byte, v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(dst, "null"...)
	}
	if a := math.Abs(v); a == 0 || a >= 1e-6 && a < 1e21 {
		return strconv.AppendFloat(dst, v, 'f', -1, 64)
	}
	dst = strconv.AppendFloat(dst, v, 'e', -1, 64)
	if n := len(dst); dst[n-3] == '-' && dst[n-2] == '0' { // e-09 is written e-9
		dst[n-2] = dst[n-1]
		dst = dst[:n-1]
	}
	return dst
}

// TestAppendFloatRandom: any bit pattern, and any decimal of few digits, is
// written as the standard library writes it.
func TestAppendFloatRandom(t *testing.T) {
	rounds := 2_000_000
	if testing.Short() {
		rounds = 50_000
	}
	r := rand.New(rand.NewPCG(1, 2))
	var got, want []byte
	for range rounds {
		for _, v := range [...]float64{
			math.Float64frombits(r.Uint64()),
			float64(r.Int64N(1<<53)) / float64(tenTo[r.IntN(20)]),
			(r.Float64() - 0.5) * float64(tenTo[r.IntN(20)]),
		} {
			got, want = AppendFloat(got[:0], v), standard(want[:0], v)
			if string(got) != string(want) {
				t.Fatalf("%x is %s, want %s", math.Float64bits(v), got, want)
			}
		}
	}
}
