package chart

import (
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
)

func BenchmarkFind(b *testing.B) {
	bars := barsOf(law.Walk(5, 100_000))
	for _, p := range Patterns {
		a := argsOf(b, p, nil)
		b.Run(p.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Find(bars, a)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100_000, "ns/bar")
		})
	}
}
