package canary

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	began  = time.Date(2026, 3, 1, 3, 0, 0, 0, time.UTC)
	policy = Policy{
		MinSuccess: 0.99, ErrorMargin: 0.005, Slack: 1.2, MinRequests: 500,
		MinDuration: 5 * time.Minute, MaxDuration: time.Hour, Stale: 30 * time.Second,
	}
)

// counts of n requests of which so many failed, and which took about a
// millisecond times slower: 90 % up to 1, 8 % up to 2, 2 % up to 4.
func counts(n, failed, slower float64) Counts {
	return Counts{Requests: n, Errors: failed, Latency: Histogram{
		{0.001 * slower, 0.90 * n}, {0.002 * slower, 0.98 * n}, {0.004 * slower, n}, {math.Inf(1), n},
	}}
}

// seen is an observation, at the time at, in which both views have the same
// counts and were scraped a second before.
func seen(at time.Time, stable, canary Counts) Observation {
	view := func(source string) *View {
		return &View{Source: source, Scraped: at.Add(-time.Second), Stable: stable, Canary: canary}
	}
	return Observation{Since: began, Service: view("http_requests_total"), Gateway: view("istio_requests_total")}
}

func TestDecide(t *testing.T) {
	early, late, over := began.Add(time.Minute), began.Add(10*time.Minute), began.Add(2*time.Hour)
	good := counts(8000, 16, 1) // 0.2 % of errors
	none := Counts{}
	at := func(now time.Time, stable, canary Counts, change ...func(*Observation)) Observation {
		o := seen(now, stable, canary)
		for _, c := range change {
			c(&o)
		}
		return o
	}
	tests := []struct {
		name   string
		o      Observation
		now    time.Time
		want   Verdict
		reason string // is in one of the reasons
	}{
		{"as good as stable", at(late, good, counts(2000, 4, 1)), late, Promote, "every check is good after 10m0s"},
		{"as good, but it is early", at(early, good, counts(2000, 4, 1)), early, Wait, "1m0s of 5m0s"},
		{"without an error", at(late, good, counts(2000, 0, 1)), late, Promote, "good"},
		{"better where stable is bad", at(late, counts(8000, 400, 1), counts(2000, 2, 1)), late, Promote, "good"},
		{"faster", at(late, good, counts(2000, 4, 0.5)), late, Promote, "good"},

		{"few requests, all good", at(late, good, counts(120, 0, 1)), late, Wait, "the canary has had 120 of 500 requests"},
		{"few requests of stable", at(late, counts(300, 0, 1), counts(2000, 0, 1)), late, Wait, "the stable version has had 300 of 500"},
		{"no request of the canary", at(late, good, none), late, Wait, "the canary has had no request"},
		{"no traffic at all", at(late, none, none), late, Wait, "no request"},
		{"no traffic for too long", at(over, none, none), over, Abort, "not found good within 1h0m0s"},

		{"one error of three is chance", at(early, good, counts(3, 1, 1)), early, Wait, "not sure yet"},
		{"every request fails", at(early, good, counts(20, 20, 1)), early, Abort, "0 % of the canary's requests succeeded"},
		{"5 % fail", at(early, good, counts(600, 30, 1)), early, Abort, "95 %"},
		{"1.2 % of 500 may be chance", at(late, good, counts(500, 6, 1)), late, Wait, "not sure yet"},
		{"1.2 % of 500 for too long", at(over, good, counts(500, 6, 1)), over, Abort, "not found good"},
		{"above 99 %, yet worse than stable", at(late, counts(80000, 0, 1), counts(40000, 360, 1)), late, Abort, "0.9 % of the canary's requests failed, 0 % of the stable version's"},
		{"within the margin of stable", at(late, counts(80000, 0, 1), counts(40000, 100, 1)), late, Promote, "good"},

		{"both bad alike", at(late, counts(8000, 400, 1), counts(2000, 100, 1)), late, Wait, "the stable version is bad too, with 95 %"},
		{"both bad alike for too long", at(over, counts(8000, 400, 1), counts(2000, 100, 1)), over, Abort, "not found good"},
		{"both bad, the canary worse", at(late, counts(8000, 400, 1), counts(2000, 300, 1)), late, Abort, "15 % of the canary's requests failed"},

		{"twice as slow", at(late, good, counts(2000, 4, 2)), late, Abort, "the canary's p95 is"},
		{"a tenth slower", at(late, good, counts(2000, 4, 1.1)), late, Promote, "good"},
		{"slow, but few", at(late, good, counts(30, 0, 1.5)), late, Wait, "not sure yet"},
		{"no latencies of the service", at(late, good, counts(2000, 4, 1), func(o *Observation) { o.Service.Canary.Latency = nil }), late, Wait, "a version has no latencies"},
		{"no latencies at the gateway", at(late, good, counts(2000, 4, 1), func(o *Observation) { o.Gateway.Canary.Latency, o.Gateway.Stable.Latency = nil, nil }), late, Promote, "good"},
		{"stable beyond the last bucket", at(late, good, counts(2000, 4, 1), func(o *Observation) {
			o.Service.Stable.Latency = Histogram{{1, 0}, {math.Inf(1), 8000}}
		}), late, Wait, "beyond the last bucket"},
		{"the limit beyond the last bucket", at(late, good, counts(2000, 4, 1), func(o *Observation) {
			o.Service.Stable.Latency = Histogram{{1, 7600}, {math.Inf(1), 8000}}
			o.Service.Canary.Latency = Histogram{{1, 1500}, {math.Inf(1), 2000}}
		}), late, Wait, "not sure yet"},

		{"the gateway has no metrics", at(late, good, counts(2000, 4, 1), func(o *Observation) {
			o.Gateway, o.Missing = nil, []string{"Prometheus does not scrape the gateway"}
		}), late, Wait, "Prometheus does not scrape the gateway"},
		{"the gateway has none for too long", at(over, good, counts(2000, 4, 1), func(o *Observation) { o.Gateway = nil }), over, Abort, "gateway: there are no metrics"},
		{"no metrics, nothing seen", Observation{Since: began}, late, Wait, "there are no metrics"},
		{"bad at the gateway alone", at(late, good, counts(2000, 0, 1), func(o *Observation) { o.Gateway.Canary.Errors = 200 }), late, Abort, "gateway: 90 %"},
		{"bad in the service, the gateway unseen", at(late, good, counts(2000, 200, 1), func(o *Observation) { o.Gateway = nil }), late, Abort, "service: 90 %"},
		{"nonsense", at(late, good, counts(2000, 4, 1), func(o *Observation) { o.Service.Canary.Errors = math.NaN() }), late, Wait, "make no sense"},
		{"more errors than requests", at(late, good, counts(20, 40, 1)), late, Wait, "make no sense"},
		{"a histogram that shrinks", at(late, good, counts(2000, 4, 1), func(o *Observation) { o.Service.Canary.Latency[1].Count = 5000 }), late, Wait, "make no sense"},

		{"stale, and good", at(late, good, counts(2000, 4, 1), func(o *Observation) { o.Service.Scraped = late.Add(-time.Minute) }), late, Wait, "the metrics are 1m0s old"},
		{"not read any more", at(late, good, counts(2000, 4, 1), func(o *Observation) { o.Gateway.Scraped = time.Time{} }), late, Wait, "not read any more"},
		{"stale, and bad", at(late, good, counts(2000, 400, 1), func(o *Observation) { o.Service.Scraped = late.Add(-time.Minute) }), late, Abort, "80 %"},
		{"started again", at(late, good, counts(2000, 4, 1), func(o *Observation) { o.Restarts = 1 }), late, Abort, "started again 1 times"},
		{"no share yet", at(late, good, counts(2000, 4, 1), func(o *Observation) { o.Since = time.Time{} }), late, Wait, "no share of the traffic yet"},
		{"a clock that is behind", at(began, good, counts(2000, 4, 1)), began.Add(-time.Minute), Wait, "0s of 5m0s"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := Decide(test.o, policy, test.now)
			if d.Verdict != test.want {
				t.Errorf("%s for %q, want %s", d.Verdict, d.Reasons, test.want)
			}
			if !slices.ContainsFunc(d.Reasons, func(r string) bool { return strings.Contains(r, test.reason) }) {
				t.Errorf("%q does not say %q", d.Reasons, test.reason)
			}
		})
	}
}

// TestDefaultPolicy: the policy that is used unless told otherwise is one.
func TestDefaultPolicy(t *testing.T) {
	if err := DefaultPolicy().Check(); err != nil {
		t.Error(err)
	}
	for _, p := range []Policy{
		{},
		func() Policy { p := policy; p.MinSuccess = 1; return p }(),
		func() Policy { p := policy; p.Slack = math.NaN(); return p }(),
		func() Policy { p := policy; p.MinRequests = 0; return p }(),
		func() Policy { p := policy; p.MaxDuration = time.Minute; return p }(),
		func() Policy { p := policy; p.ErrorMargin = 0; return p }(),
		func() Policy { p := policy; p.Stale = 0; return p }(),
	} {
		if p.Check() == nil {
			t.Errorf("%+v passed", p)
		}
	}
}

var rank = map[Verdict]int{Abort: 0, Wait: 1, Promote: 2}

// FuzzMonotone: more errors, or slower requests, of the canary never make the
// verdict better, nor does losing a view or letting it grow old.
func FuzzMonotone(f *testing.F) {
	f.Add(uint16(8000), uint16(16), uint16(2000), uint16(4), uint16(1), uint16(1), uint16(600), uint16(0))
	f.Add(uint16(8000), uint16(400), uint16(2000), uint16(90), uint16(30), uint16(50), uint16(600), uint16(1))
	f.Add(uint16(10), uint16(0), uint16(3), uint16(0), uint16(1), uint16(3), uint16(7200), uint16(2))
	f.Add(uint16(60000), uint16(0), uint16(40000), uint16(300), uint16(100), uint16(1), uint16(400), uint16(3))
	f.Fuzz(func(t *testing.T, stableN, stableErr, n, failed, more, slow, elapsed, which uint16) {
		now := began.Add(time.Duration(elapsed) * time.Second)
		stable := counts(float64(stableN), float64(min(stableErr, stableN)), 1)
		failed = min(failed, n)
		before := seen(now, stable, counts(float64(n), float64(failed), 1))
		after := seen(now, stable, counts(float64(n), float64(min(uint32(n), uint32(failed)+uint32(more))), 1))
		move := min(float64(slow), after.Service.Canary.Latency[1].Count-after.Service.Canary.Latency[0].Count, after.Service.Canary.Latency[0].Count)
		after.Service.Canary.Latency[0].Count -= move
		after.Service.Canary.Latency[1].Count -= min(move, after.Service.Canary.Latency[1].Count-after.Service.Canary.Latency[0].Count)
		switch which % 4 {
		case 1:
			before.Gateway, after.Gateway = nil, nil
		case 2:
			after.Gateway.Scraped = now.Add(-time.Hour)
		case 3:
			after.Restarts = int(more)
		}
		a, b := Decide(before, policy, now), Decide(after, policy, now)
		if rank[b.Verdict] > rank[a.Verdict] {
			t.Errorf("%s %q became %s %q", a.Verdict, a.Reasons, b.Verdict, b.Reasons)
		}
	})
}
