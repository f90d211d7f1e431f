package host

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/host/plugin/redistest"
	"github.com/gravitywavesml/gravity_techanalysis/host/rest"
	"github.com/gravitywavesml/gravity_techanalysis/plugins"
)

// startShared runs a Host over a Redis, that waits so long for it.
func startShared(t *testing.T, addr string, patience time.Duration) *Host {
	t.Helper()
	c := settings(t)
	c.RedisAddr, c.RedisPrefix = addr, "test:"
	ctx, cancel := context.WithCancel(context.Background())
	h, err := New(ctx, c, slog.New(slog.NewJSONHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	h.synced.patience = patience
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return h
}

// until asks until the answer is as wanted.
func until(t *testing.T, what string, holds func() (bool, string)) {
	t.Helper()
	late := time.Now().Add(20 * time.Second)
	for {
		ok, got := holds()
		if ok {
			return
		}
		if time.Now().After(late) {
			t.Fatalf("%s: never; %s", what, got)
		}
	}
}

// becomes waits until the process says of itself what it should, with a check
// of the store that begins so.
func becomes(t *testing.T, h *Host, status, check string) {
	t.Helper()
	until(t, status, func() (bool, string) {
		code, body := get(t, "http://"+h.Addr()+"/health/ready")
		var r rest.Readiness
		err := json.Unmarshal([]byte(body), &r)
		return err == nil && code == http.StatusOK && r.Status == status && strings.HasPrefix(r.Checks["plugin_store"], check), body
	})
}

func post(t *testing.T, url, media string, body []byte) (int, http.Header, string) {
	t.Helper()
	res, err := http.Post(url, media, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(b)
}

// TestRedisAway: a process that starts without its Redis is ready, degraded,
// computes, takes no uploads, and mends itself; what is uploaded to it then
// answers elsewhere, and goes on answering when Redis dies.
func TestRedisAway(t *testing.T) {
	server := redistest.Start(t)
	server.Kill()
	h := startShared(t, server.Addr, 0)
	url := "http://" + h.Addr() + "/api/v1"
	becomes(t, h, rest.StatusDegraded, "away: connection refused")
	sample, err := os.ReadFile("../sample/request.json")
	if err != nil {
		t.Fatal(err)
	}
	computes := func(h *Host, name string) func() (bool, string) {
		return func() (bool, string) {
			status, _, body := post(t, "http://"+h.Addr()+"/api/v1/indicators/"+name, "application/json", sample)
			return status == http.StatusOK, body
		}
	}
	if ok, body := computes(h, "rsi")(); !ok {
		t.Errorf("a native indicator: %s", body)
	}
	if status, header, body := post(t, url+"/plugins", "application/wasm", plugins.KeltnerSqueeze); status != http.StatusServiceUnavailable || header.Get("Retry-After") == "" {
		t.Errorf("an upload: %d %s", status, body)
	}
	up := func(want string) {
		t.Helper()
		if _, body := get(t, "http://"+h.AdminAddr()+"/metrics"); !strings.Contains(body, "\nplugin_store_up "+want+"\n") {
			t.Errorf("plugin_store_up is not %s", want)
		}
	}
	up("0")

	server.Restart()
	becomes(t, h, rest.StatusReady, "ok")
	up("1")
	if status, _, body := post(t, url+"/plugins", "application/wasm", plugins.KeltnerSqueeze); status != http.StatusCreated {
		t.Errorf("an upload: %d %s", status, body)
	}
	other := startShared(t, server.Addr, time.Hour)
	becomes(t, other, rest.StatusReady, "ok")
	if ok, body := computes(other, "keltner_squeeze")(); !ok {
		t.Errorf("at another replica, that is ready: %s", body)
	}
	server.Kill()
	for _, h := range []*Host{h, other} {
		becomes(t, h, rest.StatusDegraded, "away: connection refused")
		if ok, body := computes(h, "keltner_squeeze")(); !ok {
			t.Errorf("while Redis is away: %s", body)
		}
	}
	server.Restart()
	becomes(t, h, rest.StatusReady, "ok")
	becomes(t, other, rest.StatusReady, "ok")
}

// TestWaitsForRedis: a process is alive and not ready while it waits.
func TestWaitsForRedis(t *testing.T) {
	server := redistest.Start(t)
	server.Kill()
	h := startShared(t, server.Addr, time.Hour)
	until(t, "it has tried", func() (bool, string) {
		code, body := get(t, "http://"+h.Addr()+"/health/ready")
		if code == http.StatusOK {
			t.Fatalf("it is ready: %s", body)
		}
		return strings.Contains(body, "away: connection refused"), body
	})
	if code, body := get(t, "http://"+h.Addr()+"/health/live"); code != http.StatusOK {
		t.Errorf("it is not alive: %d %s", code, body)
	}
	server.Restart()
	becomes(t, h, rest.StatusReady, "ok")
}
