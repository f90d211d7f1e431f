//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/e2e/load"
)

const (
	rate    = 50   // requests a second, on kept-alive and on new connections each
	atLeast = 2000 // requests across each event
)

// table collects what happened to the requests across each event.
type table struct {
	mu   sync.Mutex
	rows []string
}

var events table

func (tb *table) add(format string, args ...any) {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	tb.rows = append(tb.rows, fmt.Sprintf(format, args...))
}

// String is the table, aligned.
func (tb *table) String() string {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\nevent\tseconds\trequests\tfailed\tEnvoy's retries\tp50\tp99\tto stable\tto canary")
	for _, r := range tb.rows {
		fmt.Fprintln(w, r)
	}
	w.Flush()
	return b.String()
}

// across has requests under way before the event, during it, and until at least
// atLeast of them have passed and 200 after it; not one may fail.
func across(t *testing.T, event string, happen func()) load.Tally {
	t.Helper()
	return acrossOf(t, event, request(t), happen)
}

// acrossOf is across with requests of one's own.
func acrossOf(t *testing.T, event string, target load.Target, happen func()) load.Tally {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute)
	defer cancel()
	l := load.Start(target, rate)
	stopped := false
	defer func() {
		if !stopped {
			l.Stop()
		}
	}()
	before := atGateway(t)
	if err := l.Await(ctx, 200); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	happen()
	took := time.Since(began)
	got := l.Tally()
	rest := max(200, atLeast-got.Answered-got.Failed)
	if err := l.Await(ctx, rest); err != nil {
		t.Error(err)
	}
	got, stopped = l.Stop(), true
	sent := atGateway(t).since(before)
	events.add("%s\t%.1f\t%d\t%d\t%d\t%v\t%v\t%d\t%d", event, took.Seconds(), got.Answered+got.Failed, got.Failed,
		sent.retries, got.P50.Round(100*time.Microsecond), got.P99.Round(100*time.Microsecond), sent.stable, sent.canary)
	if got.Failed > 0 {
		t.Errorf("%s: %d of %d requests failed:\n%s", event, got.Failed, got.Answered+got.Failed, strings.Join(got.Failures, "\n"))
	}
	return got
}

// request is what the load asks: an indicator over the sample's candles.
func request(t *testing.T) load.Target {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(root, "sample", "request.json"))
	if err != nil {
		t.Fatal(err)
	}
	return load.Target{
		Method: http.MethodPost, URL: "https://" + host + "/api/v1/indicators/rsi", Body: body, TLS: trust(t),
		Header: http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + token(t)}},
	}
}

// sent counts what the gateway has sent to each version, and how often again.
type sent struct{ stable, canary, retries int }

// since is what was sent after an earlier count, as far as it is known: the
// counts of a subset end with it.
func (s sent) since(earlier sent) sent {
	return sent{max(0, s.stable-earlier.stable), max(0, s.canary-earlier.canary), max(0, s.retries-earlier.retries)}
}

// share is the part of all requests that went to the canary.
func (s sent) share() float64 { return float64(s.canary) / float64(s.stable+s.canary) }

// atGateway reads the gateway's own counts.
func atGateway(t *testing.T) sent {
	t.Helper()
	out, err := command(t.Context(), "kubectl", "-n", "istio-system", "exec", "deployment/istio-ingressgateway", "--",
		"pilot-agent", "request", "GET", "stats?filter=technical-analysis-service.*upstream_rq_(retry|total)$")
	if err != nil {
		t.Fatal(err)
	}
	var s sent
	for line := range strings.Lines(out) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		n := atoi(value)
		switch {
		case strings.HasSuffix(name, "upstream_rq_retry"):
			s.retries += n
		case strings.Contains(name, "|stable|"):
			s.stable += n
		case strings.Contains(name, "|canary|"):
			s.canary += n
		}
	}
	return s
}
