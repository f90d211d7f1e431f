package host

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/host/rest"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest/hostile"
)

// endless is a host that has a plugin whose long calls end with their gas alone, and
// the plugin's address. Over wasm.MaxBars that takes it seconds, as each of its loads
// waits for the one before.
func endless(t *testing.T, timeout time.Duration) (h *Host, url string) {
	t.Helper()
	c := settings(t)
	c.MaxCandles, c.PluginTimeout = wasm.MaxBars, timeout
	h, _ = start(t, c)
	const name = "chase_1024"
	for _, m := range hostile.Chases() {
		if m.Plugin != name {
			continue
		}
		if status, _, answer := post(t, "http://"+h.Addr()+"/api/v1/plugins", "application/wasm", m.Bytes); status != http.StatusCreated {
			t.Fatalf("upload: %d %s", status, answer)
		}
		return h, "http://" + h.Addr() + "/api/v1/indicators/" + name
	}
	t.Fatalf("there is no %s", name)
	return nil, ""
}

// TestLongCallGivenUp: a long call ends when its caller goes away, and not with its
// gas or its time: the request is then given up, and neither is the plugin's fault.
func TestLongCallGivenUp(t *testing.T) {
	h, url := endless(t, time.Minute)
	ctx, goAway := context.WithCancel(t.Context())
	defer goAway()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(closes(wasm.MaxBars)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	answered := make(chan error, 1)
	go func() {
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			err = errors.Join(res.Body.Close(), errors.New(res.Status))
		}
		answered <- err
	}()
	metrics := func() string {
		_, metrics := get(t, "http://"+h.AdminAddr()+"/metrics")
		return metrics
	}
	until(t, "it has its instance as a long call", func() (bool, string) {
		got := metrics()
		return strings.Contains(got, `plugin_running{what="call"} 1`) && strings.Contains(got, `plugin_running{what="long-call"} 1`), got
	})
	goAway()
	if err := <-answered; !errors.Is(err, context.Canceled) {
		t.Fatalf("it was answered before: %v", err)
	}
	var ended string
	until(t, "the call ends", func() (found bool, got string) {
		got = metrics()
		_, ended, found = strings.Cut(got, `http_requests_total{method="POST",route="/api/v1/indicators/:name",status="`)
		return found, got
	})
	if !strings.HasPrefix(ended, `503"} 1`+"\n") {
		t.Errorf("the request ended with the status %.8s, want 503: given up", ended)
	}
	allLeft(t, h)
}

// TestPluginTimeout: a long call has the time of the setting and no more.
func TestPluginTimeout(t *testing.T) {
	_, url := endless(t, time.Millisecond)
	// Its gas is over long before the time that a call has where nothing is set.
	status, _, answer := post(t, url, "application/json", closes(10_000))
	var p rest.Problem
	if err := json.Unmarshal([]byte(answer), &p); err != nil || status != http.StatusUnprocessableEntity || p.Type != "/problems/plugin-timeout" {
		t.Errorf("it is answered %d %s (%v)", status, answer, err)
	}
}
