package candle

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

// benchColumns are 1,000 values each, of the kinds that requests and answers
// are made of.
func benchColumns() map[string][]float64 {
	r := rand.New(rand.NewPCG(1, 1))
	columns := map[string][]float64{}
	price := 100.0
	for range 1000 {
		price *= 1 + 0.01*r.NormFloat64()
		columns["computed"] = append(columns["computed"], price*r.Float64()) // 16 or 17 digits
		columns["prices"] = append(columns["prices"], math.Round(price*100)/100)
		columns["volumes"] = append(columns["volumes"], float64(1000+r.IntN(100_000)))
	}
	return columns
}

// perValue makes ns/op that of one value.
func perValue(b *testing.B, col []float64, write func(dst []byte, v float64) []byte) {
	dst := make([]byte, 0, 64)
	for i, n := 0, b.N; i < n; {
		for _, v := range col[:min(len(col), n-i)] {
			dst = write(dst[:0], v)
		}
		i += len(col)
	}
}

// BenchmarkAppendFloat is one value, beside the standard library.
func BenchmarkAppendFloat(b *testing.B) {
	for kind, col := range benchColumns() {
		b.Run(kind+"/ours", func(b *testing.B) { perValue(b, col, AppendFloat) })
		b.Run(kind+"/strconv", func(b *testing.B) { perValue(b, col, standard) })
		b.Run(kind+"/encoding-json", func(b *testing.B) {
			for i := 0; i < b.N; i += len(col) {
				if _, err := json.Marshal(col); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(kind+"/column", func(b *testing.B) {
			var dst []byte
			for i := 0; i < b.N; i += len(col) {
				dst = AppendColumn(dst[:0], col, -1)
			}
		})
	}
}

// BenchmarkAppendFixed is one value of eight places, beside the standard library.
func BenchmarkAppendFixed(b *testing.B) {
	for kind, col := range benchColumns() {
		b.Run(kind+"/ours", func(b *testing.B) {
			perValue(b, col, func(dst []byte, v float64) []byte { return AppendFixed(dst, v, 8) })
		})
		b.Run(kind+"/strconv", func(b *testing.B) {
			perValue(b, col, func(dst []byte, v float64) []byte { return strconv.AppendFloat(dst, v, 'f', 8, 64) })
		})
	}
}
