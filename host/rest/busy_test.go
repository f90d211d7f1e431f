package rest

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/admission"
	"github.com/gravitywavesml/gravity_techanalysis/host/identity/identitytest"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
)

// crowded is a plugin that has no room for any call, and remembers whose they were.
type crowded struct {
	registry.Runner
	of []admission.Tenant
}

func (c *crowded) Origin() *registry.Origin {
	return &registry.Origin{Name: "crowded", Version: "1.0.0", Digest: "sha256:0"}
}

func (c *crowded) Run(ctx context.Context, _ ta.Args, _ ta.Columns) (registry.Result, error) {
	c.of = append(c.of, admission.Of(ctx))
	return registry.Result{}, fmt.Errorf("wait: %w", &admission.Busy{
		Rules: admission.Rules{Line: 7, What: "calls of plugins", Setting: "PLUGIN_LINE"}, Wait: 2500 * time.Millisecond,
	})
}

// crowd puts one into a server.
func crowd(t *testing.T, s *Server) *crowded {
	t.Helper()
	sma, ok := s.Registry.Get("sma")
	if !ok {
		t.Fatal("there is no sma")
	}
	c := &crowded{Runner: sma}
	s.Registry.Replace(map[string]registry.Runner{"crowded": c}, nil)
	return c
}

// TestBusy: who has no room is told 429, when to try again, the limit, and the
// setting. One item of many is told so in its place; where there is nothing else to
// answer with, the whole request is.
func TestBusy(t *testing.T) {
	s := newServer(t)
	crowd(t, s)
	candles := `{"candles":{"close":[1,2,3,4]},`
	const params = `"params":{"period":2}`
	json := http.Header{"Content-Type": {mediaJSON}}
	refused := func(what string, path, body string) {
		t.Helper()
		r := call(t, s, http.MethodPost, path, json, []byte(body))
		p := reply{r.Code, r.Header(), r.Body.Bytes()}.refused(t, http.StatusTooManyRequests, "too-busy", "7 calls of plugins of yours wait already, as many as may by the setting PLUGIN_LINE; try again in 3 s")
		if got := r.Header().Get("Retry-After"); got != "3" || p.RetryAfter != 3 {
			t.Errorf("%s: the header says %q, the problem %d", what, got, p.RetryAfter)
		}
	}
	refused("one", "/api/v1/indicators/crowded", candles+params+`}`)
	refused("all of two", "/api/v1/compute", candles+`"indicators":[{"id":"a","name":"crowded",`+params+`},{"id":"b","name":"crowded","params":{"period":3}}]}`)

	for what, other := range map[string]string{"beside a result": `"sma",` + params, "beside a mistake": `"sma","params":{"period":0}`} {
		r := call(t, s, http.MethodPost, "/api/v1/compute", json, []byte(candles+`"indicators":[{"id":"a","name":"crowded",`+params+`},{"id":"b","name":`+other+`}]}`))
		var got struct{ Results map[string]result }
		reply{r.Code, r.Header(), r.Body.Bytes()}.into(t, http.StatusOK, &got)
		a := got.Results["a"]
		if a.Type != "/problems/too-busy" || a.Status != http.StatusTooManyRequests || a.RetryAfter != 3 || r.Header().Get("Retry-After") != "" {
			t.Errorf("%s: %+v, Retry-After %q", what, a.Problem, r.Header().Get("Retry-After"))
		}
	}
}

// TestTenants: a call is done for whom its token names, and for nobody where
// nobody is asked.
func TestTenants(t *testing.T) {
	g := listenGuarded(t)
	c := crowd(t, g.server)
	body := []byte(`{"candles":{"close":[1,2,3,4]},"params":{"period":2}}`)
	for _, subject := range []string{"a", "b", "a"} {
		token := g.signer.Sign(t, identitytest.Claims("analyze", map[string]any{"sub": subject}), nil)
		g.with(t, token, http.MethodPost, "/api/v1/indicators/crowded", http.Header{"Content-Type": {mediaJSON}}, body)
	}
	if len(c.of) != 3 || c.of[0] == c.of[1] || c.of[0] != c.of[2] || c.of[0] == "" || c.of[1] == "" {
		t.Errorf("the calls of a, b and a were done for %q", c.of)
	}
	open := newServer(t)
	c = crowd(t, open)
	call(t, open, http.MethodPost, "/api/v1/indicators/crowded", http.Header{"Content-Type": {mediaJSON}}, body)
	if len(c.of) != 1 || c.of[0] != "" {
		t.Errorf("nobody's call was done for %q", c.of)
	}
}
