package rest

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/gravitywavesml/gravity_techanalysis/host/identity"
	"github.com/gravitywavesml/gravity_techanalysis/host/identity/identitytest"
	"github.com/gravitywavesml/gravity_techanalysis/host/plugin"
	"github.com/gravitywavesml/gravity_techanalysis/plugins"
)

// guarded is a service that asks for tokens, behind a port of its own.
type guarded struct {
	live
	server *Server
	keys   *identity.Keyring
	signer identitytest.Signer
	log    *lines
}

// lines is a log that is read while it is written.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// take returns what was written since the last time.
func (l *lines) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.b.Reset()
	return l.b.String()
}

func listenGuarded(t *testing.T) guarded {
	t.Helper()
	g := guarded{keys: new(identity.Keyring), signer: identitytest.New(t, "now", jose.ES256), log: new(lines)}
	if err := g.keys.Set(identitytest.Set(t, g.signer)); err != nil {
		t.Fatal(err)
	}
	tokens, err := identity.NewVerifier(identity.Rules{Issuer: identitytest.Issuer, Audience: identitytest.Audience}, g.keys)
	if err != nil {
		t.Fatal(err)
	}
	g.server = newServer(t, func(c *Config) {
		c.Tokens, c.Log = tokens, slog.New(slog.NewJSONHandler(g.log, nil))
	})
	s := httptest.NewServer(g.server)
	t.Cleanup(s.Close)
	g.url = s.URL
	return g
}

// with makes a request with a token, "" for none. It may be called from any
// goroutine.
func (g guarded) with(t testing.TB, token, method, path string, header http.Header, body []byte) reply {
	t.Helper()
	req, err := http.NewRequest(method, g.url+path, bytes.NewReader(body))
	if err != nil {
		t.Error(err)
		return reply{}
	}
	for k, v := range header {
		req.Header[k] = v
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultTransport.RoundTrip(req) // redirects are answers here
	if err != nil {
		t.Error(err)
		return reply{}
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Error(err)
	}
	return reply{res.StatusCode, res.Header, b}
}

// TestEveryRouteAndScope: each route is open to whom its declaration says, and
// to nobody else.
func TestEveryRouteAndScope(t *testing.T) {
	g := listenGuarded(t)
	tokens := map[identity.Scope]string{"": g.signer.Token(t, "")}
	for _, scope := range identity.AllScopes {
		tokens[scope] = g.signer.Token(t, string(scope))
	}
	all := g.signer.Token(t, identity.AllScopes.String())
	params := strings.NewReplacer(":name", "none", ":digest", "sha256:0", ":file", "none")
	open := map[string]bool{"Health": true, "Documentation": true}
	for _, e := range g.server.endpoints {
		if (e.scope == "") != open[e.tag] || e.scope != "" && !slices.Contains(identity.AllScopes, e.scope) {
			t.Errorf("%s %s asks for the scope %q", e.method, e.path, e.scope)
		}
		methods := []string{e.method}
		if e.method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
		for _, method := range methods {
			path := params.Replace(e.path)
			refused := func(r reply) bool { return r.status == http.StatusUnauthorized || r.status == http.StatusForbidden }
			none := g.with(t, "", method, path, nil, nil)
			if e.scope == "" && refused(none) || e.scope != "" && none.status != http.StatusUnauthorized {
				t.Errorf("%s %s without a token: %d", method, path, none.status)
			}
			for scope, token := range tokens {
				r := g.with(t, token, method, path, nil, nil)
				if e.scope == "" || scope == e.scope {
					if refused(r) {
						t.Errorf("%s %s with %q: %d", method, path, scope, r.status)
					}
					continue
				}
				if r.status != http.StatusForbidden {
					t.Errorf("%s %s with %q: %d, want 403", method, path, scope, r.status)
					continue
				}
				challenge := r.header.Get("WWW-Authenticate")
				if !strings.HasPrefix(challenge, "Bearer ") || !strings.Contains(challenge, `error="insufficient_scope"`) || !strings.Contains(challenge, `scope="`+string(e.scope)+`"`) {
					t.Errorf("%s %s with %q: the challenge is %q", method, path, scope, challenge)
				}
				if method == http.MethodHead {
					continue
				}
				if p := r.refused(t, http.StatusForbidden, "insufficient-scope", string(e.scope)); p.Scope != string(e.scope) {
					t.Errorf("%s %s with %q: the problem names %q", method, path, scope, p.Scope)
				}
			}
			if r := g.with(t, all, method, path, nil, nil); refused(r) {
				t.Errorf("%s %s with all scopes: %d", method, path, r.status)
			}
		}
	}
}

// TestScopesAreTheContracts: what the routes declare is what callers were told.
func TestScopesAreTheContracts(t *testing.T) {
	want := map[string]identity.Scope{
		"GET /api/v1/indicators": identity.Analyze, "GET /api/v1/indicators/:name": identity.Analyze,
		"POST /api/v1/indicators/:name": identity.Analyze, "POST /api/v1/compute": identity.Analyze,
		"GET /api/v1/charts": identity.Analyze, "POST /api/v1/charts/:name": identity.Analyze,
		"GET /api/v1/bricks": identity.Analyze, "POST /api/v1/bricks/:name": identity.Analyze,
		"POST /api/v1/backtests": identity.Analyze,
		"GET /api/v1/plugins":    identity.PluginsRead, "GET /api/v1/plugins/:name": identity.PluginsRead,
		"GET /api/v1/plugins/:name/versions/:digest/module": identity.PluginsRead,
		"POST /api/v1/plugins":                              identity.PluginsWrite, "POST /api/v1/plugins/check": identity.PluginsWrite,
		"DELETE /api/v1/plugins/:name":           identity.PluginsWrite,
		"POST /api/v1/plugins/:name/activate":    identity.PluginsPromote,
		"POST /api/v1/plugins/:name/candidate":   identity.PluginsPromote,
		"GET /api/v1/plugins/:name/candidate":    identity.PluginsPromote,
		"DELETE /api/v1/plugins/:name/candidate": identity.PluginsPromote,
		"POST /api/v1/plugins/:name/kill":        identity.Ops, "POST /api/v1/plugins/:name/revive": identity.Ops,
		"GET /api/v1/audit": identity.Ops,
	}
	for _, e := range newServer(t).endpoints {
		route := e.method + " " + e.path
		if e.scope != want[route] {
			t.Errorf("%s asks for %q, want %q", route, e.scope, want[route])
		}
		delete(want, route)
	}
	for route := range want {
		t.Errorf("%s is not served", route)
	}
}

// TestSecurityIsDescribed: the description says of each operation what the
// route asks for; and that nothing is asked where nobody is.
func TestSecurityIsDescribed(t *testing.T) {
	free, asked := newServer(t), listenGuarded(t).server
	for _, s := range []*Server{free, asked} {
		c := contractOf(t, s)
		if c.at("components", "securitySchemes", "bearer", "scheme") != "bearer" {
			t.Error("the scheme is not described")
		}
		for _, e := range s.endpoints {
			got, err := json.Marshal(c.at("paths", braces(e.path), strings.ToLower(e.method), "security"))
			if err != nil {
				t.Fatal(err)
			}
			want := `[]`
			if e.scope != "" {
				want = `[{"bearer":["` + string(e.scope) + `"]}]`
				if s == free {
					want = strings.Replace(want, "}]", "},{}]", 1)
				}
			}
			if string(got) != want {
				t.Errorf("%s %s: security is %s, want %s", e.method, e.path, got, want)
			}
			for _, status := range []string{"401", "403", "503"} {
				if described := c.at("paths", braces(e.path), strings.ToLower(e.method), "responses", status) != nil; e.tag != "Health" && described != (e.scope != "") {
					t.Errorf("%s %s: %s is described: %v", e.method, e.path, status, described)
				}
			}
		}
	}
}

// TestBadTokens: 401 with one and the same text for whatever is wrong, the
// reason in the log, and the token nowhere.
func TestBadTokens(t *testing.T) {
	g := listenGuarded(t)
	c := contractOf(t, g.server)
	const path = "/api/v1/indicators"
	stranger := identitytest.New(t, "now", jose.ES256)
	other := g.signer
	other.KeyID = "other"
	const invalid = "the token is not valid here; its issuer, audience, time, key or signature is wrong"
	for name, r := range map[string]struct {
		token, detail, log string
	}{
		"none":             {"", "send a token in the header Authorization: Bearer TOKEN", ""},
		"rubbish":          {"rubbish", invalid, "parse it"},
		"unsigned":         {"eyJhbGciOiJub25lIn0.e30.", invalid, "parse it"},
		"another's":        {stranger.Token(t, "analyze"), invalid, "verify it"},
		"an unknown key":   {other.Token(t, "analyze"), invalid, "not in the ring"},
		"another audience": {g.signer.Sign(t, identitytest.Claims("analyze", map[string]any{"aud": "x"}), nil), invalid, "audience"},
		"expired":          {g.signer.Sign(t, identitytest.Claims("analyze", map[string]any{"exp": time.Now().Add(-time.Hour).Unix()}), nil), "the token has expired; get a new one", ""},
		"not yet":          {g.signer.Sign(t, identitytest.Claims("analyze", map[string]any{"nbf": time.Now().Add(time.Hour).Unix()}), nil), invalid, "nbf"},
		"too long":         {strings.Repeat("x", identity.MaxToken+1), invalid, "bytes"},
	} {
		g.log.take()
		got := g.with(t, r.token, http.MethodGet, path, nil, nil)
		p := got.refused(t, http.StatusUnauthorized, "unauthorized", r.detail)
		if p.Detail != r.detail {
			t.Errorf("%s: the caller is told %q", name, p.Detail)
		}
		want := `Bearer realm="technical-analysis", error="invalid_token", error_description="` + r.detail + `"`
		if challenge := got.header.Get("WWW-Authenticate"); challenge != want {
			t.Errorf("%s: the challenge is %q, want %q", name, challenge, want)
		}
		if err := c.holds(t, http.MethodGet, path, got.status, got.header.Get("Content-Type"), got.body); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		log := g.log.take()
		if !strings.Contains(log, r.log) || strings.Contains(log, "token refused") != (r.token != "") {
			t.Errorf("%s: the log has %s", name, log)
		}
		for _, part := range strings.Split(r.token, ".") {
			if len(part) > 8 && (strings.Contains(log, part) || strings.Contains(string(got.body), part)) {
				t.Errorf("%s: a part of the token is told", name)
			}
		}
	}
	if two := g.with(t, g.signer.Token(t, "analyze"), http.MethodGet, path, http.Header{"authorization": {"Bearer x"}}, nil); two.status != http.StatusUnauthorized {
		t.Errorf("two tokens: %d", two.status)
	}
}

// TestRefusedBeforeTheBody: who may not upload is told before the module is
// read, and nothing is done.
func TestRefusedBeforeTheBody(t *testing.T) {
	g := listenGuarded(t)
	large := make([]byte, testBody+1)
	for token, want := range map[string]int{"": 401, g.signer.Token(t, "plugins:read"): 403, g.signer.Token(t, "plugins:write"): 413} {
		if r := g.with(t, token, http.MethodPost, "/api/v1/plugins", contentType(mediaWasm), large); r.status != want {
			t.Errorf("%d, want %d", r.status, want)
		}
	}
}

// TestUploadWithoutPromote: the version is stored and does not answer, and the
// caller is told; whoever may promote makes it answer.
func TestUploadWithoutPromote(t *testing.T) {
	g := listenGuarded(t)
	c := contractOf(t, g.server)
	write, promote := g.signer.Token(t, "plugins:write"), g.signer.Token(t, "plugins:write plugins:promote")
	reader := g.signer.Token(t, "analyze plugins:read")
	upload := func(token, query string, status int) (v uploaded) {
		t.Helper()
		r := g.with(t, token, http.MethodPost, "/api/v1/plugins"+query, contentType(mediaWasm), plugins.KeltnerSqueeze)
		r.into(t, status, &v)
		if err := c.holds(t, http.MethodPost, "/api/v1/plugins", r.status, r.header.Get("Content-Type"), r.body); err != nil {
			t.Error(err)
		}
		return v
	}
	answers := func(want int) {
		t.Helper()
		if r := g.with(t, reader, http.MethodGet, "/api/v1/indicators/keltner_squeeze", nil, nil); r.status != want {
			t.Errorf("the indicator: %d, want %d", r.status, want)
		}
	}
	v := upload(write, "", http.StatusCreated)
	if v.State != plugin.Stored || !strings.Contains(v.Inactive, "plugins:promote") {
		t.Errorf("the state is %s, inactive %q", v.State, v.Inactive)
	}
	var installed plugin.Plugin
	g.with(t, reader, http.MethodGet, "/api/v1/plugins/keltner_squeeze", nil, nil).into(t, http.StatusOK, &installed)
	if installed.State != plugin.Inactive {
		t.Errorf("the plugin is %s", installed.State)
	}
	answers(http.StatusNotFound)
	if v := upload(write, "?activate=false", http.StatusOK); v.State != plugin.Stored || v.Inactive != "" {
		t.Errorf("only to be stored: the state is %s, inactive %q", v.State, v.Inactive)
	}
	body := []byte(`{"digest":"` + v.Digest + `"}`)
	if r := g.with(t, write, http.MethodPost, "/api/v1/plugins/keltner_squeeze/activate", contentType(mediaJSON), body); r.status != http.StatusForbidden {
		t.Errorf("activate without the scope: %d", r.status)
	}
	if v := upload(promote, "", http.StatusOK); v.State != plugin.Active || v.Inactive != "" {
		t.Errorf("the state is %s, inactive %q", v.State, v.Inactive)
	}
	answers(http.StatusOK)
	if v := upload(write, "", http.StatusOK); v.State != plugin.Active || v.Inactive != "" {
		t.Errorf("what is active already: the state is %s, inactive %q", v.State, v.Inactive)
	}
}

// TestKill: who operates the service stops a plugin, and nobody else; its callers
// are told, and it is no 5xx.
func TestKill(t *testing.T) {
	g := listenGuarded(t)
	c := contractOf(t, g.server)
	promote, ops := g.signer.Token(t, "plugins:write plugins:promote"), g.signer.Token(t, "ops")
	reader := g.signer.Token(t, "analyze plugins:read")
	const at, one = "/api/v1/plugins/keltner_squeeze/", "/api/v1/indicators/keltner_squeeze"
	change := func(token, what string, status int) (p plugin.Plugin) {
		t.Helper()
		r := g.with(t, token, http.MethodPost, at+what, nil, nil)
		if status == http.StatusOK {
			r.into(t, status, &p)
		} else if r.status != status {
			t.Errorf("%s: %d, want %d", what, r.status, status)
		}
		if err := c.holds(t, http.MethodPost, at+what, r.status, r.header.Get("Content-Type"), r.body); err != nil {
			t.Error(err)
		}
		return p
	}
	call := func() reply {
		return g.with(t, reader, http.MethodPost, one, contentType(mediaJSON), []byte(`{"candles":`+market(100)+`}`))
	}
	change(ops, "kill", http.StatusNotFound)
	if r := g.with(t, promote, http.MethodPost, "/api/v1/plugins", contentType(mediaWasm), plugins.KeltnerSqueeze); r.status != http.StatusCreated {
		t.Fatal(r.status)
	}
	change(promote, "kill", http.StatusForbidden)
	if p := change(ops, "kill", http.StatusOK); p.State != plugin.Killed {
		t.Errorf("killed it is %s", p.State)
	}
	call().refused(t, http.StatusUnprocessableEntity, "plugin-killed", "until it is revived")
	g.with(t, reader, http.MethodGet, one, nil, nil).refused(t, http.StatusUnprocessableEntity, "plugin-killed", "keltner_squeeze")
	change(promote, "revive", http.StatusForbidden)
	if p := change(ops, "revive", http.StatusOK); p.State != plugin.Active {
		t.Errorf("revived it is %s", p.State)
	}
	if r := call(); r.status != http.StatusOK {
		t.Errorf("revived it answers %d: %s", r.status, r.body)
	}
}

// TestNoKeysYet: that is the service's fault, not the token's, and passes.
func TestNoKeysYet(t *testing.T) {
	keys := new(identity.Keyring)
	tokens, err := identity.NewVerifier(identity.Rules{Issuer: identitytest.Issuer, Audience: identitytest.Audience}, keys)
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(t, func(c *Config) { c.Tokens = tokens })
	signer := identitytest.New(t, "now", jose.EdDSA)
	header := http.Header{"Authorization": {"Bearer " + signer.Token(t, "analyze")}}
	w := call(t, s, http.MethodGet, "/api/v1/indicators", header, nil)
	checkProblem(t, w, http.StatusServiceUnavailable, "keys-away", "", "")
	if w.Header().Get("Retry-After") == "" || w.Header().Get("WWW-Authenticate") != "" {
		t.Errorf("the headers are %v", w.Header())
	}
	for _, path := range []string{"/health", "/health/live", "/health/ready", docsPath, openAPIPath} {
		if w := call(t, s, http.MethodGet, path, nil, nil); w.Code != http.StatusOK {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if err := keys.Set(identitytest.Set(t, signer)); err != nil {
		t.Fatal(err)
	}
	if w := call(t, s, http.MethodGet, "/api/v1/indicators", header, nil); w.Code != http.StatusOK {
		t.Errorf("with keys: %d", w.Code)
	}
}

// TestRotationUnderLoad: keys are rotated as an operator does it, the new one
// published, then used, then the old one withdrawn, while requests with the
// tokens of the time keep coming. None fails; after it the old token does.
func TestRotationUnderLoad(t *testing.T) {
	g := listenGuarded(t)
	const rounds, callers, least = 6, 4, 2000
	type epoch struct {
		signer identitytest.Signer
		token  string
	}
	next := func(i int) epoch {
		s := identitytest.New(t, "key-"+string(rune('a'+i)), []jose.SignatureAlgorithm{jose.RS256, jose.ES256, jose.EdDSA}[i%3])
		return epoch{s, s.Token(t, "analyze")}
	}
	var current atomic.Pointer[epoch]
	old := epoch{g.signer, g.signer.Token(t, "analyze")}
	current.Store(&old)
	var done atomic.Bool
	var answered atomic.Int64
	// inUse counts the requests under way by the token's epoch, so that a key
	// is withdrawn only when nobody sends its tokens any more.
	var inUse sync.RWMutex
	var work sync.WaitGroup
	for range callers {
		work.Go(func() {
			for !done.Load() {
				inUse.RLock()
				token := current.Load().token
				r := g.with(t, token, http.MethodGet, "/api/v1/indicators/rsi", nil, nil)
				inUse.RUnlock()
				if r.status != http.StatusOK {
					t.Errorf("%d %s", r.status, r.body)
					return
				}
				answered.Add(1)
			}
		})
	}
	set := func(signers ...identitytest.Signer) {
		if err := g.keys.Set(identitytest.Set(t, signers...)); err != nil {
			t.Error(err)
		}
	}
	for i := range rounds {
		fresh := next(i)
		set(old.signer, fresh.signer)
		current.Store(&fresh)
		for mark := answered.Load() + least/rounds; answered.Load() < mark && !t.Failed(); {
			if r := g.with(t, old.token, http.MethodGet, "/api/v1/indicators/rsi", nil, nil); r.status != http.StatusOK {
				t.Errorf("the old token during the overlap: %d", r.status)
			}
			if err := g.keys.Set([]byte("half a fi")); err == nil {
				t.Error("rubbish was taken")
			}
			set(old.signer, fresh.signer)
		}
		inUse.Lock()
		set(fresh.signer)
		inUse.Unlock()
		if r := g.with(t, old.token, http.MethodGet, "/api/v1/indicators/rsi", nil, nil); r.status != http.StatusUnauthorized {
			t.Errorf("the old token after the overlap: %d", r.status)
		}
		old = fresh
	}
	done.Store(true)
	work.Wait()
	t.Logf("%d requests over %d rotations", answered.Load(), rounds)
}

// TestLogNames: an entry has what the request and its trace are called, who
// made it, and which peer the sidecar vouches for.
func TestLogNames(t *testing.T) {
	g := listenGuarded(t)
	const trace = "4bf92f3577b34da6a3ce929d0e0e4736"
	const peer = "spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway"
	header := http.Header{
		"Traceparent": {"00-" + trace + "-00f067aa0ba902b7-01"}, "X-Request-Id": {"request-1"},
		"X-Forwarded-Client-Cert": {`URI=spiffe://forged,By=x;Hash=1;Subject="O=a,CN=b";URI=` + peer},
	}
	var entry map[string]any
	read := func() {
		t.Helper()
		entry = nil
		if err := json.Unmarshal([]byte(g.log.take()), &entry); err != nil {
			t.Fatal(err)
		}
	}
	g.log.take()
	r := g.with(t, g.signer.Token(t, "analyze"), http.MethodGet, "/api/v1/indicators/none", header, nil)
	if p := r.refused(t, http.StatusNotFound, "unknown-indicator", ""); p.Trace != trace || p.Instance != "/requests/request-1" {
		t.Errorf("the problem has the trace %q and the instance %q", p.Trace, p.Instance)
	}
	read()
	for name, want := range map[string]any{
		"msg": "request", "level": "INFO", "trace_id": trace, "request_id": "request-1", "principal": identitytest.Subject, "peer": peer,
		"method": "GET", "route": "/api/v1/indicators/:name", "status": 404.0,
	} {
		if entry[name] != want {
			t.Errorf("%s is %v, want %v", name, entry[name], want)
		}
	}
	if entry["duration_ms"] == nil || entry["time"] == nil {
		t.Errorf("the entry is %v", entry)
	}

	// The same, not from the sidecar: the header could be anyone's.
	req := httptest.NewRequest(http.MethodGet, "/health", nil)
	req.Header, req.RemoteAddr = header, "10.1.2.3:4"
	g.server.ServeHTTP(httptest.NewRecorder(), req)
	read()
	if _, there := entry["peer"]; there {
		t.Errorf("a peer from elsewhere is believed: %v", entry["peer"])
	}
	if _, there := entry["principal"]; there {
		t.Errorf("a request that nobody was asked for has the principal %v", entry["principal"])
	}

	g.with(t, "", http.MethodGet, "/health", nil, nil)
	read()
	if id, _ := entry["trace_id"].(string); len(id) != 32 || id == trace {
		t.Errorf("a request without a trace has the trace %q", id)
	}
}

// BenchmarkGuard is a small request with and without asking for its token,
// which is known after the first time.
func BenchmarkGuard(b *testing.B) {
	signer := identitytest.New(b, "key", jose.ES256)
	keys := new(identity.Keyring)
	if err := keys.Set(identitytest.Set(b, signer)); err != nil {
		b.Fatal(err)
	}
	tokens, err := identity.NewVerifier(identity.Rules{Issuer: identitytest.Issuer, Audience: identitytest.Audience}, keys)
	if err != nil {
		b.Fatal(err)
	}
	header := http.Header{"Authorization": {"Bearer " + signer.Token(b, "analyze")}, "Traceparent": {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}}
	for name, v := range map[string]*identity.Verifier{"open": nil, "guarded": tokens} {
		s := newServer(b, func(c *Config) { c.Tokens = v })
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if w := call(b, s, http.MethodGet, "/api/v1/indicators/rsi", header, nil); w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
			}
		})
	}
}

// TestIdentityPage: docs/identity.md has each scope with the routes that ask
// for it, and each problem with a token.
func TestIdentityPage(t *testing.T) {
	b, err := os.ReadFile("../../docs/identity.md")
	if err != nil {
		t.Fatal(err)
	}
	page, s := string(b), newServer(t)
	for _, scope := range identity.AllScopes {
		_, row, ok := strings.Cut(page, "\n| `"+string(scope)+"` | ")
		row, _, _ = strings.Cut(row, "\n")
		if !ok {
			t.Errorf("the page lacks the scope %s", scope)
		}
		for _, e := range s.endpoints {
			// A row names the first of a resource's routes whole, and then "one of them".
			if e.scope == scope && !strings.Contains(e.path, ":name") && !strings.Contains(row, "`"+e.method+" "+e.path+"`") {
				t.Errorf("the row of %s lacks %s %s", scope, e.method, e.path)
			}
		}
	}
	for _, k := range []kind{unauthorized, scopeMissing, keysAway} {
		if !strings.Contains(page, "`"+k.name+"`") {
			t.Errorf("the page lacks the problem %s", k.name)
		}
	}
}
