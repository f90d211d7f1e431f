package engine_test

import (
	"fmt"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
)

// BenchmarkIndicators is the time for a bar at the default parameters, making
// the kernel and allocating the outputs included.
func BenchmarkIndicators(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		walk := law.Walk(1, n)
		for _, ind := range engine.Indicators() {
			a, err := ind.Args(nil)
			if err != nil {
				b.Fatal(err)
			}
			in := walk.Columns(ind.Inputs)
			b.Run(fmt.Sprintf("%s/%d", ind.Name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					ind.Run(a, in)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/bar")
			})
		}
	}
}
