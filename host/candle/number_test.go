package candle

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

// TestNumberRandom: decimals of any length and exponent, and those halfway
// between two float64, are read as strconv reads them.
func TestNumberRandom(t *testing.T) {
	rounds := 200_000
	if testing.Short() {
		rounds = 20_000
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range rounds {
		d := r.Uint64() >> r.IntN(64)
		f := math.Float64frombits(r.Uint64())
		c, q := r.Uint64()|1<<63, r.IntN(10)
		for _, text := range [...]string{
			fmt.Sprintf("%de%d", d, r.IntN(700)-360),
			fmt.Sprintf("%d.%de%d", d%1000, d, r.IntN(60)-40),
			fmt.Sprintf("%d.%02d", d%100_000, d%100),
			fmt.Sprintf("-%d.%d", d%1000, r.Uint64()),
			strconv.FormatFloat(math.Abs(f), 'e', 15+r.IntN(4), 64),
			strconv.FormatUint(c&^(1<<11-1)|1<<10+uint64(r.IntN(3))-1, 10), // at a tie, and beside it
			strconv.FormatFloat(float64(c>>11|1<<52)+0.5, 'f', 1, 64),
			fmt.Sprintf("%de-%d", c>>10|1, q),
		} {
			want, err := strconv.ParseFloat(text, 64)
			if err != nil && !math.IsInf(want, 0) {
				want = 0 // NaN is not written so
			}
			if text[0] == 'N' || text[0] == '+' || text[0] == 'I' {
				continue
			}
			got, end, ok := number([]byte(text), 0)
			if math.Float64bits(got) != math.Float64bits(want) || end != len(text) || !ok {
				t.Fatalf("%s is %v, %d, %v, want %v", text, got, end, ok, want)
			}
		}
	}
}
