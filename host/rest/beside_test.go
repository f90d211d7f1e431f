package rest

import (
	"slices"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest/hostile"
)

// most is how many times as long as in quiet the median request may take beside harm.
const most = 1.5

// BenchmarkGoodRequestBeside has what a good request takes while one who means
// harm uploads a module and, where it passes, calls it, again and again without a
// pause; beside what it takes while nothing else happens, by turns. It reports the
// medians in milliseconds, their ratio, that of the slowest hundredths, how many
// requests met harm, and how many that did not were left out. It fails where the
// median is over most.
//
// The three of them are processes of their own. A turn is 100 good requests that met harm, more where harm is not done once by
// then, so that all of its course is met; and then as many in quiet.
func BenchmarkGoodRequestBeside(b *testing.B) {
	l, collect := listenApart(b)
	candles := market(hostile.LateBars + 100)
	want := l.begin(b, candles)
	var all []float64
	for _, h := range hostile.All() {
		if h.Item == "" {
			continue
		}
		b.Run(h.Name, func(b *testing.B) {
			if h.Plugin != "" {
				l.upload(b, "/api/v1/plugins", h.Bytes) // another time where the benchmark is run again
			}
			var quiet, beside []time.Duration
			good := func() time.Duration {
				begun := time.Now()
				l.sound(b, candles, want)
				return time.Since(begun)
			}
			alone, harmed := 0, int64(0)
			for b.Loop() {
				var harm harmer
				stop := harm.start(b, l.harm(h, candles))
				for n := 0; n < 100 || harm.ended.Load() == 0; {
					if took, met := harm.meets(good); met {
						beside = append(beside, took)
						n++
					} else {
						alone++
					}
				}
				stop()
				collect() // what harm left: it is not for quiet to sweep
				harmed += harm.ended.Load()
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
			b.ReportMetric(float64(len(beside)), "met")
			b.ReportMetric(float64(alone), "left-out")
			b.ReportMetric(float64(harmed), "harms")
			if ratio > most {
				b.Errorf("beside %s the median request takes %.2f times as long as in quiet, at most %v wanted", h.Name, ratio, most)
			}
		})
	}
	if len(all) > 0 {
		slices.Sort(all)
		b.Logf("%d modules: the median request takes %.2f times as long in the median, %.2f times beside the worst", len(all), all[len(all)/2], all[len(all)-1])
	}
}

// meets says what a good request takes, and whether harm was done meanwhile: whether
// more had begun by its end than had ended when it began.
func (h *harmer) meets(good func() time.Duration) (took time.Duration, met bool) {
	before := h.ended.Load()
	took = good()
	return took, h.begun.Load() > before
}

// TestWhoMeetsHarm: requests beside harm are told from those before and after it.
func TestWhoMeetsHarm(t *testing.T) {
	var h harmer
	begins, ends := func() { h.begun.Add(1) }, func() { h.ended.Add(1) }
	for _, c := range []struct {
		what   string
		during []func()
		met    bool
	}{
		{"before all harm", nil, false},
		{"in which harm began", []func(){begins}, true},
		{"in the middle of harm", nil, true},
		{"in which harm ended", []func(){ends}, true},
		{"after harm", nil, false},
		{"in which harm was done", []func(){begins, ends}, true},
		{"after it again", nil, false},
	} {
		_, met := h.meets(func() time.Duration {
			for _, do := range c.during {
				do()
			}
			return 0
		})
		if met != c.met {
			t.Errorf("a request %s: met harm is %v, want %v", c.what, met, c.met)
		}
	}
}

// harm is what one who has a hostile module does: he uploads it and, where it passes,
// calls it.
func (l live) harm(h hostile.Module, candles string) []sending {
	all := []sending{{URL: l.url + "/api/v1/plugins/check", Media: mediaWasm, Body: h.Bytes, OK: h.Plugin != ""}}
	if h.Plugin != "" {
		all = append(all, sending{URL: l.url + "/api/v1/indicators/" + h.Plugin, Media: mediaJSON, Body: []byte(`{"candles":` + candles + `}`), OK: h.By == hostile.Nobody})
	}
	return all
}

// quantile is in milliseconds.
func quantile(d []time.Duration, q float64) float64 {
	d = slices.Sorted(slices.Values(d))
	return float64(d[int(q*float64(len(d)-1))]) / float64(time.Millisecond)
}
