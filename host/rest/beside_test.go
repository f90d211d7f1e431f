package rest

import (
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest/hostile"
)

// BenchmarkGoodRequestBeside has what a good request takes while one who means
// harm uploads a module and, where it passes, calls it; beside what it takes while
// nothing else happens, by turns. It reports the medians in milliseconds, their
// ratio, and that of the slowest hundredths. The aim is that the median takes at
// most 1.5 times as long.
//
// A turn is as many good requests as there is time for while harm is done once,
// and 100 at least; and then as many in quiet.
func BenchmarkGoodRequestBeside(b *testing.B) {
	l := listen(b)
	candles := market(hostile.LateBars + 100)
	want := l.begin(b, candles)
	var all []float64
	for _, h := range hostile.All() {
		if h.Item == "" {
			continue
		}
		if h.Plugin != "" {
			l.installs(b, h.Bytes)
		}
		b.Run(h.Name, func(b *testing.B) {
			var quiet, beside []time.Duration
			good := func() time.Duration {
				begun := time.Now()
				l.sound(b, candles, want)
				return time.Since(begun)
			}
			for b.Loop() {
				var done atomic.Bool
				go func() {
					defer done.Store(true)
					l.harm(b, h, candles)
				}()
				before := len(beside)
				for !done.Load() || len(beside)-before < 100 {
					beside = append(beside, good())
				}
				for len(quiet) < len(beside) {
					quiet = append(quiet, good())
				}
			}
			ratio := quantile(beside, 0.5) / quantile(quiet, 0.5)
			all = append(all, ratio)
			b.ReportMetric(0, "ns/op") // of both kinds, and of the harm: it says nothing
			b.ReportMetric(quantile(quiet, 0.5), "ms/quiet")
			b.ReportMetric(quantile(beside, 0.5), "ms/beside")
			b.ReportMetric(ratio, "times")
			b.ReportMetric(quantile(beside, 0.99)/quantile(quiet, 0.99), "times/p99")
			b.ReportMetric(float64(len(beside))/float64(b.N), "requests")
		})
	}
	if len(all) > 0 {
		slices.Sort(all)
		b.Logf("%d modules: the median request takes %.2f times as long in the median, %.2f times beside the worst", len(all), all[len(all)/2], all[len(all)-1])
	}
}

// harm uploads a module, and calls it where it passes.
func (l live) harm(b *testing.B, h hostile.Module, candles string) {
	if r := l.upload(b, "/api/v1/plugins/check", h.Bytes); (r.status == http.StatusOK) != (h.Plugin != "") {
		b.Errorf("uploaded: %d %.300s", r.status, r.body)
	}
	if h.Plugin == "" {
		return
	}
	if r := l.json(b, "/api/v1/indicators/"+h.Plugin, `{"candles":`+candles+`}`); (r.status == http.StatusOK) != (h.By == hostile.Nobody) {
		b.Errorf("called: %d %.300s", r.status, r.body)
	}
}

// quantile is in milliseconds.
func quantile(d []time.Duration, q float64) float64 {
	d = slices.Sorted(slices.Values(d))
	return float64(d[int(q*float64(len(d)-1))]) / float64(time.Millisecond)
}
