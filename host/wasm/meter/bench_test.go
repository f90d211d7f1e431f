package meter_test

import (
	"context"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
	. "github.com/gravitywavesml/gravity_techanalysis/host/wasm/meter"
)

// BenchmarkUpload is the gate and the meter over a small guest and a large one, by the megabyte.
func BenchmarkUpload(b *testing.B) {
	for name, original := range map[string][]byte{"C": file(b, "indicator.wasm"), "Go": goGuest(b)} {
		b.Run("gate/"+name, func(b *testing.B) {
			b.SetBytes(int64(len(original)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := gate.Check(original); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("rewrite/"+name, func(b *testing.B) {
			b.SetBytes(int64(len(original)))
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				rewritten, err := Rewrite(original)
				if err != nil {
					b.Fatal(err)
				}
				size = len(rewritten)
			}
			b.ReportMetric(float64(size)/float64(len(original)), "x-size")
		})
	}
}

// BenchmarkRun is one call of a guest over 1,000 bars, metered and not.
func BenchmarkRun(b *testing.B) {
	for name, original := range map[string][]byte{"C": file(b, "indicator.wasm"), "Cvector": file(b, "indicator-vector.wasm")} {
		for form, module := range map[string][]byte{"plain": original, "metered": metered(b, original)} {
			b.Run(name+"/"+form, func(b *testing.B) {
				g := start(b, engines["compiler"], module)
				const n = 1000
				in := uint32(g.call(plenty, gate.ExportAlloc, 8*(4*n+1)).result)
				m := g.module.ExportedMemory(gate.ExportMemory)
				for i := range uint32(n) {
					m.WriteFloat64Le(in+8*i, 100+float64(i%7))
				}
				m.WriteFloat64Le(in+8*n, 14)
				run := g.module.ExportedFunction(gate.ExportRun)
				stack := make([]uint64, 5)
				for b.Loop() {
					if g.gas != nil {
						g.gas.Set(plenty)
						g.stack.Set(DefaultStack)
					}
					copy(stack, []uint64{uint64(in), n, n, uint64(in + 8*n), uint64(in + 8*(n+1))})
					if err := run.CallWithStack(context.Background(), stack); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
