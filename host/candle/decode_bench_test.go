package candle

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// benchBodies are 1,000 bars of six columns, in both forms.
func benchBodies(b *testing.B) map[string][]byte {
	r := rand.New(rand.NewPCG(1, 1))
	columns := map[string][]json.Number{}
	var rows []string
	price := 100.0
	for i := range 1000 {
		open := price
		price *= 1 + 0.01*r.NormFloat64()
		bar := map[string]json.Number{
			"timestamp": json.Number(fmt.Sprint(1_717_200_000 + 3600*i)),
			"open":      json.Number(fmt.Sprintf("%.2f", open)),
			"high":      json.Number(fmt.Sprintf("%.2f", 1.004*max(open, price))),
			"low":       json.Number(fmt.Sprintf("%.2f", 0.996*min(open, price))),
			"close":     json.Number(fmt.Sprintf("%.2f", price)),
			"volume":    json.Number(fmt.Sprint(1000 + r.IntN(100_000))),
		}
		for name, v := range bar {
			columns[name] = append(columns[name], v)
		}
		row, err := json.Marshal(bar)
		if err != nil {
			b.Fatal(err)
		}
		rows = append(rows, string(row))
	}
	form, err := json.Marshal(columns)
	if err != nil {
		b.Fatal(err)
	}
	return map[string][]byte{
		"columns": []byte(`{"candles":` + string(form) + `}`),
		"rows":    []byte(`{"candles":[` + strings.Join(rows, ",") + `]}`),
	}
}

// BenchmarkDecode is a body of 1,000 bars, beside encoding/json.
func BenchmarkDecode(b *testing.B) {
	type bar struct{ Timestamp, Open, High, Low, Close, Volume float64 }
	into := map[string]func() any{
		"columns": func() any { return &struct{ Candles map[string][]float64 }{} },
		"rows":    func() any { return &struct{ Candles []bar }{} },
	}
	perBar := func(b *testing.B) { b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(1000*b.N), "ns/bar") }
	for form, body := range benchBodies(b) {
		b.Run(form+"/ours", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Decode(body, Limits{}, nil); err != nil {
					b.Fatal(err)
				}
			}
			perBar(b)
		})
		b.Run(form+"/encoding-json", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := json.Unmarshal(body, into[form]()); err != nil {
					b.Fatal(err)
				}
			}
			perBar(b)
		})
	}
}
