package rest

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/host/cache"
	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
	"github.com/gravitywavesml/gravity_techanalysis/host/plugin"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
	"github.com/gravitywavesml/gravity_techanalysis/plugins"
)

// TestStoreAway: without the shared store what would change it, and what this
// replica has never heard of, is 503 with the time to wait; the rest goes on.
func TestStoreAway(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := l.Addr().String()
	l.Close()
	disk, err := plugin.OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	store, err := plugin.OpenRedis(t.Context(), plugin.RedisConfig{Addr: nobody}, disk)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	sandbox, err := wasm.New(wasm.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sandbox.Close)
	names := registry.New(engine.Indicators())
	library, err := plugin.Open(context.Background(), store, plugin.Room{}, sandbox, names)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := library.Sync(t.Context()); err == nil {
		t.Fatal("there is a Redis where nobody listens")
	}
	results, err := cache.New(0, compute.Size, func(bool) {})
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(t, func(c *Config) {
		c.Registry, c.Plugins = names, library
		c.Compute = compute.New(names, results)
	})
	contract := contractOf(t, s)
	candles := []byte(closes(1, 2, 3))
	const digest = "sha256:0123456789012345678901234567890123456789012345678901234567890123"
	for _, c := range []struct {
		method, path, media string
		body                []byte
		want                int
	}{
		{http.MethodPost, "/api/v1/plugins", mediaWasm, plugins.KeltnerSqueeze, http.StatusServiceUnavailable},
		{http.MethodPost, "/api/v1/plugins/mean/activate", mediaJSON, []byte(`{"digest":"` + digest + `"}`), http.StatusServiceUnavailable},
		{http.MethodPost, "/api/v1/plugins/mean/candidate", mediaJSON, []byte(`{"digest":"` + digest + `","percent":5}`), http.StatusServiceUnavailable},
		{http.MethodDelete, "/api/v1/plugins/mean/candidate", "", nil, http.StatusServiceUnavailable},
		{http.MethodDelete, "/api/v1/plugins/mean", "", nil, http.StatusServiceUnavailable},
		{http.MethodPost, "/api/v1/indicators/mean", mediaJSON, candles, http.StatusServiceUnavailable},
		{http.MethodGet, "/api/v1/indicators/mean", "", nil, http.StatusServiceUnavailable},
		{http.MethodPost, "/api/v1/plugins/check", mediaWasm, plugins.KeltnerSqueeze, http.StatusOK},
		{http.MethodGet, "/api/v1/plugins", "", nil, http.StatusOK},
		{http.MethodGet, "/api/v1/indicators", "", nil, http.StatusOK},
	} {
		header := http.Header{}
		if c.media != "" {
			header = contentType(c.media)
		}
		w := call(t, s, c.method, c.path, header, c.body)
		if w.Code != c.want {
			t.Errorf("%s %s: %d %s, want %d", c.method, c.path, w.Code, w.Body, c.want)
			continue
		}
		if err := contract.holds(t, c.method, c.path, w.Code, w.Header().Get("Content-Type"), w.Body.Bytes()); err != nil {
			t.Errorf("%s %s: %v", c.method, c.path, err)
		}
		if c.want != http.StatusServiceUnavailable {
			continue
		}
		var p Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Type != storeAway.uri() || w.Header().Get("Retry-After") != "1" {
			t.Errorf("%s %s: %s, Retry-After %q (%v)", c.method, c.path, w.Body, w.Header().Get("Retry-After"), err)
		}
		if strings.Contains(w.Body.String(), nobody) {
			t.Errorf("%s %s tells everyone where Redis is: %s", c.method, c.path, w.Body)
		}
	}
	// Of many, the one fails that is not there.
	w := call(t, s, http.MethodPost, "/api/v1/compute", contentType(mediaJSON), []byte(`{"candles":{"close":[1,2,3]},"indicators":[{"name":"mean"},{"name":"sma","params":{"period":2}}]}`))
	var many struct{ Results map[string]map[string]any }
	if err := json.Unmarshal(w.Body.Bytes(), &many); err != nil || w.Code != http.StatusOK ||
		many.Results["mean"]["type"] != storeAway.uri() || many.Results["sma"]["outputs"] == nil {
		t.Errorf("many: %d %s (%v)", w.Code, w.Body, err)
	}
}
