package host

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/gravitywavesml/gravity_techanalysis/host/identity"
	"github.com/gravitywavesml/gravity_techanalysis/host/identity/identitytest"
	"github.com/gravitywavesml/gravity_techanalysis/host/rest"
)

// asking are settings with an issuer, and its keys in a file.
func asking(t *testing.T, signers ...identitytest.Signer) Config {
	t.Helper()
	c := settings(t)
	c.Issuer, c.Audience = identitytest.Issuer, identitytest.Audience
	c.JWKSFile = filepath.Join(t.TempDir(), "jwks.json")
	writeKeys(t, c.JWKSFile, identitytest.Set(t, signers...))
	return c
}

// writeKeys replaces the file in one step, as Kubernetes does.
func writeKeys(t *testing.T, file string, jwks []byte) {
	t.Helper()
	if err := os.WriteFile(file+".new", jwks, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(file+".new", file); err != nil {
		t.Fatal(err)
	}
}

// getWith is get with a token, "" for none.
func getWith(t *testing.T, token, url string) int {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode
}

// TestWhoMayCall: what needs a token on each port.
func TestWhoMayCall(t *testing.T) {
	s := identitytest.New(t, "a", jose.ES256)
	h, _ := start(t, asking(t, s))
	public, admin := "http://"+h.Addr(), "http://"+h.AdminAddr()
	analyze, ops := s.Token(t, "analyze"), s.Token(t, "ops")
	for _, c := range []struct {
		token, url string
		want       int
	}{
		{"", public + "/health/live", 200}, {"", public + "/api/docs", 200}, {"", public + "/api/v1/indicators", 401},
		{analyze, public + "/api/v1/indicators", 200}, {ops, public + "/api/v1/indicators", 403},
		{"", admin + "/metrics", 200}, {"", admin + "/debug/pprof/", 401}, {"", admin + "/debug/pprof/heap", 401},
		{analyze, admin + "/debug/pprof/", 403}, {ops, admin + "/debug/pprof/", 200}, {ops, admin + "/debug/pprof/cmdline", 200},
		{"rubbish", admin + "/debug/pprof/cmdline", 401},
	} {
		if status := getWith(t, c.token, c.url); status != c.want {
			t.Errorf("GET %s: %d, want %d", c.url, status, c.want)
		}
	}
}

// TestKeysFromFile: a change of the file is in use without a restart, with an
// overlap; a bad one changes nothing and is told.
func TestKeysFromFile(t *testing.T) {
	a, b := identitytest.New(t, "a", jose.ES256), identitytest.New(t, "b", jose.EdDSA)
	c := asking(t, a)
	h, _ := start(t, c)
	url := "http://" + h.Addr()
	old, fresh := a.Token(t, "analyze"), b.Token(t, "analyze")
	await := func(token string, want int) {
		for getWith(t, token, url+"/api/v1/indicators") != want {
		}
	}
	await(old, 200)
	await(fresh, 401)
	writeKeys(t, c.JWKSFile, identitytest.Set(t, a, b))
	await(fresh, 200)
	if status := getWith(t, old, url+"/api/v1/indicators"); status != 200 {
		t.Errorf("the old token in the overlap: %d", status)
	}
	writeKeys(t, c.JWKSFile, []byte("{"))
	var r rest.Readiness
	for r.Status != rest.StatusDegraded {
		status, body := get(t, url+"/health/ready")
		if err := json.Unmarshal([]byte(body), &r); err != nil || status != 200 {
			t.Fatalf("%d %s %v", status, body, err)
		}
	}
	if !strings.Contains(r.Checks["identity"], "not taken") {
		t.Errorf("the check says %q", r.Checks["identity"])
	}
	await(fresh, 200)
	writeKeys(t, c.JWKSFile, identitytest.Set(t, b))
	await(old, 401)
	await(fresh, 200)
	if r := h.readiness(); r.Status != rest.StatusReady || r.Checks["identity"] != "ok" {
		t.Errorf("afterwards: %+v", r)
	}
}

// TestKeysFromElsewhere: the process starts without keys, says so, and takes
// requests when they come.
func TestKeysFromElsewhere(t *testing.T) {
	s := identitytest.New(t, "a", jose.ES256)
	c := settings(t)
	c.Issuer, c.Audience, c.Keys = identitytest.Issuer, identitytest.Audience, new(identity.Keyring)
	h, _ := launch(t, c)
	url := "http://" + h.Addr()
	if status, body := get(t, url+"/health/ready"); status != 503 || !strings.Contains(body, "no keys") {
		t.Errorf("without keys: %d %s", status, body)
	}
	if status, _ := get(t, url+"/health/live"); status != 200 {
		t.Errorf("alive without keys: %d", status)
	}
	if status := getWith(t, s.Token(t, "analyze"), url+"/api/v1/indicators"); status != 503 {
		t.Errorf("a token without keys: %d", status)
	}
	if err := c.Keys.Set(identitytest.Set(t, s)); err != nil {
		t.Fatal(err)
	}
	for {
		if status, _ := get(t, url+"/health/ready"); status == 200 {
			break
		}
	}
	if status := getWith(t, s.Token(t, "analyze"), url+"/api/v1/indicators"); status != 200 {
		t.Errorf("a token with keys: %d", status)
	}
}

// TestWaitForKeysEnds: where no keys come, the process is ready at last, and
// degraded.
func TestWaitForKeysEnds(t *testing.T) {
	c := settings(t)
	c.Issuer, c.Audience, c.Keys = identitytest.Issuer, identitytest.Audience, new(identity.Keyring)
	h, err := New(context.Background(), c, slog.New(slog.NewJSONHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	h.awaitKeys(context.Background(), time.Nanosecond)
	h.state.Store(rest.StatusReady)
	if r := h.readiness(); r.Status != rest.StatusDegraded || !strings.Contains(r.Checks["identity"], "no keys") {
		t.Errorf("%+v", r)
	}
}

// TestIdentitySettings: what does not fit together is refused, and named.
func TestIdentitySettings(t *testing.T) {
	file := filepath.Join(t.TempDir(), "jwks.json")
	writeKeys(t, file, identitytest.Set(t, identitytest.New(t, "a", jose.EdDSA)))
	bad := filepath.Join(t.TempDir(), "jwks.json")
	writeKeys(t, bad, []byte(`{"keys":[]}`))
	ring := new(identity.Keyring)
	for name, c := range map[string]struct {
		addr, issuer, audience, file string
		keys                         *identity.Keyring
		names                        string // "" where the settings are good
	}{
		"a file":                      {"127.0.0.1:0", "i", "a", file, nil, ""},
		"a file, every address":       {"0.0.0.0:0", "i", "a", file, nil, ""},
		"a ring, every address":       {"0.0.0.0:0", "i", "a", "", ring, ""},
		"no issuer, every address":    {"0.0.0.0:0", "", "a", "", nil, "jwt-issuer"},
		"an issuer without keys":      {"0.0.0.0:0", "i", "a", "", nil, "jwks-file"},
		"keys without an issuer":      {"127.0.0.1:0", "", "a", file, nil, "jwt-issuer"},
		"an issuer without audience":  {"127.0.0.1:0", "i", "", file, nil, "jwt-audience"},
		"keys from two sides":         {"127.0.0.1:0", "i", "a", file, ring, "jwks-file"},
		"a file that is not there":    {"127.0.0.1:0", "i", "a", file + "x", nil, "jwks-file"},
		"a file with nothing of use":  {"127.0.0.1:0", "i", "a", bad, nil, "jwks-file"},
		"loopback, and nothing asked": {"127.0.0.1:0", "", "a", "", nil, ""},
	} {
		s := settings(t)
		s.Addr, s.Issuer, s.Audience, s.JWKSFile, s.Keys = c.addr, c.issuer, c.audience, c.file, c.keys
		err := s.Check()
		if err == nil && strings.HasPrefix(c.addr, "127.") { // the rest, where that opens no port to others
			var h *Host
			h, err = New(context.Background(), s, slog.New(slog.NewJSONHandler(io.Discard, nil)))
			if err == nil {
				defer h.close()
			}
		}
		if (err == nil) != (c.names == "") || err != nil && (!errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), c.names)) {
			t.Errorf("%s: %v, want an error that names %q", name, err, c.names)
		}
	}
}

// TestMetricsBesideTheSidecars: no metric of the running service has a name
// that the sidecar's own, on the same page, may have.
func TestMetricsBesideTheSidecars(t *testing.T) {
	h, _ := start(t, settings(t))
	get(t, "http://"+h.Addr()+"/api/v1/indicators")
	_, page := get(t, "http://"+h.AdminAddr()+"/metrics")
	types := 0
	for line := range strings.Lines(page) {
		name, ok := strings.CutPrefix(line, "# TYPE ")
		if !ok {
			continue
		}
		types++
		if strings.HasPrefix(name, "istio_") || strings.HasPrefix(name, "envoy_") {
			t.Errorf("the service has %s", name)
		}
	}
	if types < 20 {
		t.Errorf("the page has %d metrics", types)
	}
}
