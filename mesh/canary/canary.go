// Package canary judges a new version of the service that gets a share of the
// traffic beside the stable one.
//
// Decide is the judgement: a pure function of what was seen, of the policy and
// of the time. Watch is the thin loop around it. Where the numbers come from
// (mesh/slo) and how traffic is moved (mesh/traffic) are other rooms; this one
// imports neither and does no I/O of its own.
package canary

import (
	"math"
	"slices"
	"time"
)

// Observation is what is known of a canary at one moment.
type Observation struct {
	// Since is when the canary got its share of the traffic. What is counted,
	// was counted from then on, for both versions.
	Since time.Time

	// Service is what the pods counted themselves, and Gateway what the ingress
	// gateway saw of them: only the gateway sees a request that reached no pod.
	// Nil is a view that could not be had.
	Service, Gateway *View

	// Missing says why a view is nil, or what a view lacks.
	Missing []string

	// Restarts is how often containers of the canary were started again.
	Restarts int
}

// View is both versions as one observer sees them.
type View struct {
	// Source is the metric that was counted, such as istio_requests_total.
	Source string `json:"source"`

	// Scraped is when the observer was last read: the older of the two where
	// the versions are read apart. Zero when a version is not read any more.
	Scraped time.Time `json:"scraped"`

	Stable Counts `json:"stable"`
	Canary Counts `json:"canary"`
}

// Counts are the requests of one version. They are whole numbers but where a
// counter began anew, when they are estimates.
type Counts struct {
	Requests float64   `json:"requests"`
	Errors   float64   `json:"errors"` // of them, those answered with 5xx
	Latency  Histogram `json:"-"`
}

// Success is the share of requests that were answered without an error, NaN
// where there were none.
func (c Counts) Success() float64 { return 1 - c.Errors/c.Requests }

// sound says whether the counts can be counts at all.
func (c Counts) sound() bool {
	return c.Requests >= 0 && c.Errors >= 0 && c.Errors <= c.Requests && !math.IsInf(c.Requests, 0) && c.Latency.sound()
}

// Bucket counts the requests that took at most Le seconds; Le is +Inf in the
// last of a histogram.
type Bucket struct {
	Le    float64
	Count float64
}

// Histogram is cumulative, as Prometheus has it: ordered by Le, each bucket
// with the requests of those before it. Empty is unknown.
type Histogram []Bucket

func (h Histogram) sound() bool {
	for i, b := range h {
		if math.IsNaN(b.Le) || !(b.Count >= 0) || math.IsInf(b.Count, 0) {
			return false
		}
		if i > 0 && (b.Le <= h[i-1].Le || b.Count < h[i-1].Count) {
			return false
		}
	}
	return true
}

// Total is how many requests the histogram has.
func (h Histogram) Total() float64 {
	if len(h) == 0 {
		return 0
	}
	return h[len(h)-1].Count
}

// Quantile is the latency in seconds that the share q of the requests did not
// exceed, linear within a bucket as histogram_quantile of Prometheus; +Inf where
// it is beyond every finite bound, NaN without requests.
func (h Histogram) Quantile(q float64) float64 {
	rank := q * h.Total()
	if !(rank > 0) {
		return math.NaN()
	}
	i := slices.IndexFunc(h, func(b Bucket) bool { return b.Count >= rank })
	if math.IsInf(h[i].Le, 1) {
		return h[i].Le
	}
	lower, below := h.before(i)
	return lower + (h[i].Le-lower)*(rank-below)/(h[i].Count-below)
}

// Above is how many requests took longer than t seconds, linear within a
// bucket. Known is false where t is beyond every finite bound: then it is how
// many took longer than that bound, which is the most that it can be.
func (h Histogram) Above(t float64) (n float64, known bool) {
	i := slices.IndexFunc(h, func(b Bucket) bool { return b.Le >= t })
	if i < 0 {
		return 0, false
	}
	lower, below := h.before(i)
	if math.IsInf(h[i].Le, 1) {
		return h.Total() - below, false
	}
	return h.Total() - below - (h[i].Count-below)*(t-lower)/(h[i].Le-lower), true
}

// before is the bound and the count of the bucket before bucket i.
func (h Histogram) before(i int) (le, count float64) {
	if i == 0 {
		return 0, 0
	}
	return h[i-1].Le, h[i-1].Count
}
