package host

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/host/rest"
	"github.com/gravitywavesml/gravity_techanalysis/plugins"
)

func settings(t *testing.T) Config {
	return Config{
		Addr: "127.0.0.1:0", AdminAddr: "127.0.0.1:0", DataDir: t.TempDir(), DrainTimeout: time.Minute, PluginTimeout: time.Minute,
		CacheBytes: 1 << 20, MaxCandles: 1000, MaxBody: 1 << 20, MaxIndicators: 10, MaxValues: 10_000_000,
	}
}

// start is launch of a Host that takes requests when it returns.
func start(t *testing.T, c Config) (*Host, func() error) {
	t.Helper()
	h, stop := launch(t, c)
	// It is not asked: what a test counts is what it asks itself. Looking again and
	// again without a pause would take a processor from what is waited for.
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for late := time.Now().Add(3 * time.Minute); h.starting() || h.state.Load() == rest.StatusStarting; <-look.C {
		if time.Now().After(late) {
			t.Fatal("it is not ready after three minutes")
		}
	}
	return h, stop
}

// launch runs a Host and returns it with a function that stops it and gives what
// Run returned.
func launch(t *testing.T, c Config) (*Host, func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	h, err := New(ctx, c, slog.New(slog.NewJSONHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	stopped := false
	stop := func() error {
		stopped = true
		cancel()
		return <-ended
	}
	t.Cleanup(func() {
		if !stopped {
			if err := stop(); err != nil {
				t.Error(err)
			}
		}
	})
	return h, stop
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// TestRun: both ports answer what belongs on them and nothing else, and the end
// of the context ends Run without an error.
func TestRun(t *testing.T) {
	h, stop := start(t, settings(t))
	public, admin := "http://"+h.Addr(), "http://"+h.AdminAddr()
	for url, want := range map[string]int{
		public + "/health": 200, public + "/health/live": 200, public + "/api/v1/indicators": 200,
		public + "/metrics": 404, public + "/debug/pprof/": 404,
		admin + "/metrics": 200, admin + "/debug/pprof/": 200, admin + "/api/v1/indicators": 404,
	} {
		if status, body := get(t, url); status != want {
			t.Errorf("GET %s: %d %.200s, want %d", url, status, body, want)
		}
	}
	if err := stop(); err != nil {
		t.Errorf("Run returned %v", err)
	}
}

// TestDrain: while draining the process says that it is not ready and still
// answers.
func TestDrain(t *testing.T) {
	c := settings(t)
	c.DrainDelay = 2 * time.Second
	h, stop := start(t, c)
	url := "http://" + h.Addr()
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	for status := 200; status != 503; {
		status, _ = get(t, url+"/health/ready")
	}
	if status, _ := get(t, url+"/api/v1/indicators"); status != 200 {
		t.Errorf("while draining: %d", status)
	}
	if err := <-ended; err != nil {
		t.Errorf("Run returned %v", err)
	}
}

// TestRestart: a plugin that was uploaded is there after a restart, before the
// process is ready.
func TestRestart(t *testing.T) {
	c := settings(t)
	h, stop := start(t, c)
	v, created, err := h.Plugins().Upload(context.Background(), plugins.KeltnerSqueeze, true)
	if err != nil || !created {
		t.Fatalf("upload: created %v, %v", created, err)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	h, err = New(context.Background(), c, slog.New(slog.NewJSONHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := h.close(); err != nil {
			t.Error(err)
		}
	}()
	if r := h.readiness(); r.Status != rest.StatusStarting {
		t.Errorf("before Run the state is %s", r.Status)
	}
	for _, state := range []string{rest.StatusStarting, rest.StatusDraining} { // which may be before it has loaded anything
		h.state.Store(state)
		early := httptest.NewRecorder()
		h.server.ServeHTTP(early, httptest.NewRequest(http.MethodPost, "/api/v1/indicators/"+v.Name, nil))
		if early.Code != http.StatusServiceUnavailable {
			t.Errorf("%s before Run: a call of the plugin is answered with %d, want 503, which is asked of another replica", state, early.Code)
		}
	}
	p, err := h.Plugins().Get(v.Name)
	if err != nil || p.Active != v.Digest {
		t.Errorf("after the restart: %+v, %v", p, err)
	}
}

// TestOneProcessPerPort: a taken port is an error that names the setting.
func TestOneProcessPerPort(t *testing.T) {
	h, _ := start(t, settings(t))
	c := settings(t)
	c.Addr = h.Addr()
	_, err := New(context.Background(), c, slog.New(slog.NewJSONHandler(io.Discard, nil)))
	if err == nil || errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), "listen on addr") {
		t.Errorf("a second process on %s: %v", c.Addr, err)
	}
}

func TestCheck(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Config)
		names  string // "" where the change is allowed
	}{
		"nothing":                 {func(*Config) {}, ""},
		"every address":           {func(c *Config) { c.Addr = ":8000" }, "--insecure"},
		"every address, insecure": {func(c *Config) { c.Addr, c.Insecure = ":8000", true }, ""},
		"IPv6 loopback":           {func(c *Config) { c.Addr = "[::1]:8000" }, ""},
		"localhost":               {func(c *Config) { c.Addr = "localhost:8000" }, ""},
		"no port":                 {func(c *Config) { c.Addr = "127.0.0.1" }, "addr"},
		"no admin port":           {func(c *Config) { c.AdminAddr = "x" }, "admin-addr"},
		"no candles":              {func(c *Config) { c.MaxCandles = 0 }, "max-candles"},
		"a million candles":       {func(c *Config) { c.MaxCandles = 1_000_000 }, ""},
		"more than a plugin has":  {func(c *Config) { c.MaxCandles = maxCandles + 1 }, "max-candles"},
		"no values":               {func(c *Config) { c.MaxValues = 0 }, "max-values"},
		"no body":                 {func(c *Config) { c.MaxBody = 0 }, "max-body"},
		"no data":                 {func(c *Config) { c.DataDir = "" }, "data-dir"},
		"a cache below nothing":   {func(c *Config) { c.CacheBytes = -1 }, "cache-bytes"},
		"no cache":                {func(c *Config) { c.CacheBytes = 0 }, ""},
		"a Redis without a port":  {func(c *Config) { c.RedisAddr = "redis" }, "redis-addr"},
		"a Redis":                 {func(c *Config) { c.RedisAddr = "redis:6379" }, ""},
		"a collector by name":     {func(c *Config) { c.OTLPEndpoint = "jaeger:4318" }, "otlp-endpoint"},
		"a collector":             {func(c *Config) { c.OTLPEndpoint = "http://jaeger:4318" }, ""},
		"more than every request": {func(c *Config) { c.TraceRatio = 1.5 }, "trace-ratio"},
		"no time to drain":        {func(c *Config) { c.DrainTimeout = 0 }, "drain-timeout"},
	} {
		s := settings(t)
		c.change(&s)
		err := s.Check()
		if (err == nil) != (c.names == "") || err != nil && (!errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), c.names)) {
			t.Errorf("%s: %v, want an error that names %q", name, err, c.names)
		}
	}
}

// TestReadyIsJSON: what an operator sees.
func TestReadyIsJSON(t *testing.T) {
	h, _ := start(t, settings(t))
	var r rest.Readiness
	status, body := get(t, "http://"+h.Addr()+"/health/ready")
	for status == 503 { // Run has not begun yet
		status, body = get(t, "http://"+h.Addr()+"/health/ready")
	}
	if err := json.Unmarshal([]byte(body), &r); err != nil || r.Status != rest.StatusReady || r.Checks["plugins"] != "ok" {
		t.Errorf("%d %s (%v)", status, body, err)
	}
}
