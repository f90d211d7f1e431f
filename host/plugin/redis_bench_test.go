package plugin

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/host/plugin/redistest"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// BenchmarkVisible is the time from the answer to an upload until another
// replica runs what was uploaded: notified, fetched, checked and compiled.
func BenchmarkVisible(b *testing.B) {
	addr := redistest.Addr(b)
	for _, size := range []int{0, 200 << 10} {
		b.Run(fmt.Sprintf("%dKiB", size>>10), func(b *testing.B) {
			f := fleetOf(addr)
			one, two := f.start(b, b.TempDir()), f.start(b, b.TempDir())
			// A replica has subscribed when something has reached it by that.
			one.upload(b, padded("warm", 0, size), true, true)
			two.answers(b, "warm", "0.0.0")
			var total, worst time.Duration
			for i := 0; b.Loop(); i++ {
				name, version := fmt.Sprintf("mean_%d", size), fmt.Sprintf("%d.0.0", i)
				b.StopTimer()
				one.upload(b, padded(name, i, size), true, true)
				b.StartTimer()
				answered := time.Now()
				two.answers(b, name, version)
				took := time.Since(answered)
				total += took
				worst = max(worst, took)
			}
			b.ReportMetric(float64(worst.Microseconds())/1000, "ms-worst")
			b.ReportMetric(float64(total.Microseconds())/1000/float64(b.N), "ms")
		})
	}
}

// BenchmarkVisibleGo is BenchmarkVisible of a plugin from Go, of which compiling
// is most; on one machine, the replicas of the benchmark share its cores.
func BenchmarkVisibleGo(b *testing.B) {
	code, err := os.ReadFile("../../plugins/trend-quality-go/trend_quality.wasm")
	if err != nil {
		b.Fatal(err)
	}
	addr := redistest.Addr(b)
	for b.Loop() {
		b.StopTimer()
		f := fleetOf(addr)
		one, two := f.start(b, b.TempDir()), f.start(b, b.TempDir())
		one.upload(b, code, true, true)
		b.StartTimer()
		two.await(b, "it runs", func() bool { _, ok := two.names.Get("trend_quality"); return ok })
		b.StopTimer()
		one.stop()
		two.stop()
		b.StartTimer()
	}
}

// padded is a plugin with a custom section, which costs what bytes cost.
func padded(name string, version, size int) []byte {
	return wt.Guest{Name: name, Version: fmt.Sprintf("%d.0.0", version), Padding: size}.Build()
}
