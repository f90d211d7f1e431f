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
	rate    = 50   // requests a second at least, on kept-alive and on new connections each
	pace    = 60   // that are sent: a busy machine skips a tick now and then
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

// addTally adds an event, and what became of the requests across it.
func (tb *table) addTally(event string, took time.Duration, got load.Tally, sent sent) {
	tb.add("%s\t%.1f\t%d\t%.1f\t%d\t%.1f\t%d\t%d\t%v\t%v\t%d\t%d", event, took.Seconds(),
		got.Kept.Answered+got.Kept.Failed, got.Kept.PerSecond(got.Took), got.Fresh.Answered+got.Fresh.Failed, got.Fresh.PerSecond(got.Took),
		got.Failed, sent.retries, got.P50.Round(100*time.Microsecond), got.P99.Round(100*time.Microsecond), sent.stable, sent.canary)
}

// String is the table, aligned.
func (tb *table) String() string {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\nevent\tseconds\tkept-alive\ta second\tnew\ta second\tfailed\tEnvoy's retries\tp50\tp99\tto stable\tto canary")
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
	return acrossOf(t, event, requests(t), func(*load.Load) { happen() })
}

// acrossOf is across with requests of one's own, and with the load at hand.
func acrossOf(t *testing.T, event string, targets []load.Target, happen func(*load.Load)) load.Tally {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute)
	defer cancel()
	before := atGateway(t)
	l := load.Start(pace, targets...)
	stopped := false
	defer func() {
		if !stopped {
			l.Stop()
		}
	}()
	if err := l.Await(ctx, 200); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	happen(l)
	took := time.Since(began)
	got := l.Tally()
	rest := max(200, atLeast-got.Answered-got.Failed)
	if err := l.Await(ctx, rest); err != nil {
		t.Error(err)
	}
	got, stopped = l.Stop(), true
	events.addTally(event, took, got, atGateway(t).since(before))
	if got.Failed > 0 {
		t.Errorf("%s: %d of %d requests failed:\n%s", event, got.Failed, got.Answered+got.Failed, strings.Join(got.Failures, "\n"))
	}
	steady(t, event, got)
	return got
}

// steady demands the load that the events are to be met under.
func steady(t *testing.T, event string, got load.Tally) {
	t.Helper()
	for name, kind := range map[string]load.Kind{"kept-alive": got.Kept, "new": got.Fresh} {
		if p := kind.PerSecond(got.Took); p < rate {
			t.Errorf("%s: %.1f requests a second on %s connections, fewer than %d", event, p, name, rate)
		}
	}
	if got.Fresh.Connected != got.Fresh.Answered+got.Fresh.Failed {
		t.Errorf("%s: %d connections for %d requests on new ones", event, got.Fresh.Connected, got.Fresh.Answered+got.Fresh.Failed)
	}
	if got.Kept.Connected > (got.Kept.Answered+got.Kept.Failed)/4 {
		t.Errorf("%s: %d connections for %d requests on kept-alive ones", event, got.Kept.Connected, got.Kept.Answered+got.Kept.Failed)
	}
}

// requests are what the load asks: an indicator of the engine, and one of a
// plugin, over the sample's candles.
func requests(t *testing.T) []load.Target {
	t.Helper()
	bearer := token(t)
	return []load.Target{request(t, "rsi", bearer), request(t, install(t, bearer), bearer)}
}

// request asks for one indicator.
func request(t *testing.T, indicator, bearer string) load.Target {
	t.Helper()
	return load.Target{
		Method: http.MethodPost, URL: "https://" + host + "/api/v1/indicators/" + indicator, Body: varied(t, candles(t)), TLS: trust(t),
		Header: http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + bearer}},
	}
}

// candles are the sample's, as a request has them.
func candles(t *testing.T) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(root, "sample", "request.json"))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// varied is load.Varied of a body that has candles.
func varied(t *testing.T, body []byte) func(n int) []byte {
	t.Helper()
	nth, err := load.Varied(body)
	if err != nil {
		t.Fatal(err)
	}
	return nth
}
