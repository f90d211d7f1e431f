// Package slo asks Prometheus how the stable version and the canary do: how many
// requests each had since a moment, how many failed, and how long they took.
//
// Two observers are asked. The pods count what they answer; the ingress gateway
// counts what its clients get, a request that reached no pod among them. The
// gateway's figures are Istio's where the mesh has them, else Envoy's own.
package slo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/api"
	promv1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"

	"github.com/gravitywavesml/gravity_techanalysis/mesh/canary"
)

// Target is what is asked about.
type Target struct {
	Namespace string
	App       string // the label app of the pods
	Service   string // the Service through which the gateway reaches them
	Stable    string // the label version of each
	Canary    string
}

// Prometheus is a server that has the metrics.
//
// The pods' series must carry their labels app and version, and the namespace:
// the usual scraping of annotated pods copies every label of a pod, and a
// PodMonitor names them in podTargetLabels.
type Prometheus struct {
	api    promv1.API
	target Target
}

// New returns the server at a URL. It does not call it.
func New(address string, t Target) (*Prometheus, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("the address of Prometheus must be a URL such as http://prometheus:9090, not %q", address)
	}
	client, err := api.NewClient(api.Config{Address: address})
	if err != nil {
		return nil, fmt.Errorf("the address of Prometheus: %w", err)
	}
	return &Prometheus{api: promv1.NewAPI(client), target: t}, nil
}

// Views are what the pods and the gateway counted from since until at. A view
// that cannot be had is nil, and missing says why. The error is that Prometheus
// does not answer.
func (p *Prometheus) Views(ctx context.Context, since, at time.Time) (service, gateway *canary.View, missing []string, err error) {
	a := &asking{api: p.api, target: p.target, at: at, window: window(since, at)}
	service, why, err := a.first(ctx, "service", podMetrics(p.target))
	if err != nil {
		return nil, nil, nil, err
	}
	if why != "" {
		missing = append(missing, why)
	}
	gateway, why, err = a.first(ctx, "gateway", istioMetrics(p.target), envoyMetrics(p.target))
	if err != nil {
		return nil, nil, nil, err
	}
	if why != "" {
		missing = append(missing, why)
	}
	return service, gateway, missing, nil
}

// window is the time from since until at as PromQL writes it, which has no
// empty one.
func window(since, at time.Time) string {
	return strconv.FormatInt(max(1, at.Sub(since).Milliseconds()), 10) + "ms"
}

// metrics say how one observer counts.
type metrics struct {
	source string // the counter of requests, as the status names it

	requests string // a selector: the counter, by status code
	status   string // the label that has the code
	latency  string // a selector: the buckets of the histogram
	unit     float64

	version string                    // the label that tells the versions apart
	of      func(value string) string // the version that a value of it means, empty for none
}

// asking is one observation in the making: every query has the same time.
type asking struct {
	api    promv1.API
	target Target
	at     time.Time
	window string
}

// first is the view of the first observer that has counters of either version,
// and why there is none otherwise.
func (a *asking) first(ctx context.Context, name string, observers ...metrics) (*canary.View, string, error) {
	var tried []string
	for _, m := range observers {
		read, err := a.read(ctx, m)
		if err != nil {
			return nil, "", err
		}
		if len(read) == 0 {
			tried = append(tried, m.source)
			continue
		}
		v := &canary.View{Source: m.source}
		if err := a.count(ctx, m, v); err != nil {
			return nil, "", err
		}
		// A version that was counted, and whose counters are gone, was last read
		// at a time that is not known: as good as never.
		v.Scraped = slices.MinFunc(slices.Collect(maps.Values(read)), time.Time.Compare)
		for version, counts := range map[string]canary.Counts{a.target.Stable: v.Stable, a.target.Canary: v.Canary} {
			if _, there := read[version]; !there && counts.Requests > 0 {
				v.Scraped = time.Time{}
			}
		}
		return v, "", nil
	}
	return nil, fmt.Sprintf("%s: Prometheus has no %s of %s in namespace %s", name, strings.Join(tried, " and no "), a.target.Service, a.target.Namespace), nil
}

// read is when the counters of each version that has any were last read.
func (a *asking) read(ctx context.Context, m metrics) (map[string]time.Time, error) {
	vector, err := a.query(ctx, fmt.Sprintf("max by (%s) (timestamp(%s))", m.version, m.requests))
	if err != nil {
		return nil, err
	}
	newest := map[string]time.Time{}
	for _, s := range vector {
		at := time.UnixMilli(int64(1000 * float64(s.Value)))
		if v := m.of(string(s.Metric[model.LabelName(m.version)])); v != "" && at.After(newest[v]) {
			newest[v] = at
		}
	}
	return newest, nil
}

// count fills in what each version did.
func (a *asking) count(ctx context.Context, m metrics, v *canary.View) error {
	counts := func(s *model.Sample) *canary.Counts {
		switch m.of(string(s.Metric[model.LabelName(m.version)])) {
		case a.target.Stable:
			return &v.Stable
		case a.target.Canary:
			return &v.Canary
		}
		return nil
	}
	requests, err := a.query(ctx, increase(m.requests, a.window, m.version, m.status))
	if err != nil {
		return err
	}
	for _, s := range requests {
		c, code := counts(s), string(s.Metric[model.LabelName(m.status)])
		if c == nil {
			continue
		}
		c.Requests += float64(s.Value)
		if strings.HasPrefix(code, "5") {
			c.Errors += float64(s.Value)
		}
	}
	buckets, err := a.query(ctx, increase(m.latency, a.window, m.version, "le"))
	if err != nil {
		return err
	}
	for _, s := range buckets {
		le, err := strconv.ParseFloat(string(s.Metric["le"]), 64)
		if c := counts(s); c != nil && err == nil {
			c.Latency = add(c.Latency, canary.Bucket{Le: le / m.unit, Count: float64(s.Value)})
		}
	}
	monotone(v.Stable.Latency)
	monotone(v.Canary.Latency)
	return nil
}

// add puts a bucket in its place; the same bound twice is their sum.
func add(h canary.Histogram, b canary.Bucket) canary.Histogram {
	i, found := slices.BinarySearchFunc(h, b, func(x, y canary.Bucket) int {
		switch {
		case x.Le < y.Le:
			return -1
		case x.Le > y.Le:
			return 1
		}
		return 0
	})
	if found {
		h[i].Count += b.Count
		return h
	}
	return slices.Insert(h, i, b)
}

// monotone mends what estimates after a restart may break by a fraction: a
// bucket has at least what the one before it has.
func monotone(h canary.Histogram) {
	for i := 1; i < len(h); i++ {
		h[i].Count = max(h[i].Count, h[i-1].Count)
	}
}

// increase is a query for how much the counters of a selector grew in the
// window, summed by labels.
//
// PromQL's increase is not enough: it extrapolates, so that counts are not
// whole, and it does not see the first value of a series that began within the
// window, which is the first error of a canary, whose every series begins then.
// So a series is counted from its value at the start of the window, or from 0 if
// there was none. One that began anew within the window is counted either way,
// and the greater is taken: it is at least that.
func increase(selector, window string, by ...string) string {
	last := fmt.Sprintf("max_over_time(%s[%s])", selector, window)
	grown := fmt.Sprintf("(%[1]s - (%[2]s offset %[3]s or %[1]s * 0))", last, selector, window)
	return fmt.Sprintf("sum by (%[1]s) ((%[2]s and resets(%[3]s[%[4]s]) == 0) or %[2]s > increase(%[3]s[%[4]s]) or increase(%[3]s[%[4]s]))",
		strings.Join(by, ", "), grown, selector, window)
}

// query asks for a vector.
func (a *asking) query(ctx context.Context, q string) (model.Vector, error) {
	value, _, _, err := a.api.Query(ctx, q, a.at)
	if err != nil {
		if e := new(promv1.Error); errors.As(err, &e) && e.Type == promv1.ErrBadData {
			return nil, fmt.Errorf("ask Prometheus %q: %w", q, err)
		}
		return nil, fmt.Errorf("ask Prometheus: %w", err)
	}
	vector, ok := value.(model.Vector)
	if !ok {
		return nil, fmt.Errorf("ask Prometheus %q: the answer is a %s", q, value.Type())
	}
	return vector, nil
}
