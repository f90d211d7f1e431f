package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/vault"
	"github.com/gravitywavesml/gravity_techanalysis/vault/bootstrap"
	"github.com/gravitywavesml/gravity_techanalysis/vault/signing"
	"github.com/gravitywavesml/gravity_techanalysis/vault/vaulttest"
)

// TestVaultUse: wrong use is known before Vault is asked, exits 2 and says why.
func TestVaultUse(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	there := map[string]string{"VAULT_ADDR": "http://127.0.0.1:1", "VAULT_TOKEN": "t"}
	for name, c := range map[string]struct {
		env  map[string]string
		args string
		want string
	}{
		"no address":                {map[string]string{"VAULT_TOKEN": "t"}, "vault token", "VAULT_ADDR"},
		"no token":                  {map[string]string{"VAULT_ADDR": "http://127.0.0.1:1"}, "vault token", "vault login"},
		"an unknown scope":          {there, "vault token --scopes everything", "plugins:promote"},
		"no scope":                  {there, "vault token --scopes=", "scope"},
		"a long life":               {there, "vault token --life 13h", "12h"},
		"half a proof":              {there, "vault rotate jwt --prometheus http://127.0.0.1:1", "--probe"},
		"no Redis":                  {there, "vault rotate redis", "REDIS_ADDR"},
		"a file that is not there":  {there, "vault bootstrap --kubernetes-ca-file nowhere.pem", "nowhere.pem"},
		"serve with a bad address":  {map[string]string{"VAULT_ADDR": "http://[::1"}, "serve", "Vault"},
		"serve that polls too much": {map[string]string{"VAULT_ADDR": "http://127.0.0.1:1", "VAULT_POLL": "1ms"}, "serve", "vault-poll"},
	} {
		code, _, stderr := runs(c.env, strings.Fields(c.args)...)
		if code != exitUsage || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit %d, %q; want exit 2 and a line with %s", name, code, stderr, c.want)
		}
	}
	if code, _, stderr := runs(there, "vault", "status"); code != exitFailed || !strings.Contains(stderr, "vault is away") {
		t.Errorf("Vault away: exit %d, %q", code, stderr)
	}
}

// TestReplicas: only an answer of Prometheus that every replica has the version
// will do, those among them that it knows and cannot ask.
func TestReplicas(t *testing.T) {
	const (
		oldest = `min(secret_version{path="a/b",pod=~"x.*"})`
		silent = `count(up{pod=~"x.*"} unless on (instance) secret_version{path="a/b",pod=~"x.*"})`
		none   = `{"data":{"result":[]}}`
	)
	of := func(n string) string { return `{"data":{"result":[{"value":[1,"` + n + `"]}]}}` }
	for _, c := range []struct{ oldest, silent, want string }{
		{of("3"), none, ""},
		{of("4"), none, ""},
		{of("2"), none, "version 2 of a/b, not 3"},
		{none, none, `secret_version{path="a/b",pod=~"x.*"}`},
		{of("x"), none, "x"},
		{"nonsense", none, "200"},
		{of("3"), of("1"), "1 of the pods that Prometheus knows do not say"},
		{of("3"), "nonsense", "200"},
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer, asked := map[string]string{oldest: c.oldest, silent: c.silent}[r.FormValue("query")]
			if r.URL.Path != "/prefix/api/v1/query" || !asked {
				t.Errorf("asked %s %s", r.URL.Path, r.FormValue("query"))
			}
			io.WriteString(w, answer)
		}))
		p := proof{prometheus: s.URL + "/prefix/", selector: `pod=~"x.*"`}
		err := p.replicas(t.Context(), "a/b", 3)
		if (c.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v", c, err)
		}
		s.Close()
	}
}

// TestProbe: every probe must be let through, each on a connection of its own.
func TestProbe(t *testing.T) {
	key, err := signing.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	for refused, want := range map[int64]string{0: "", 1: "401", probes: fmt.Sprintf("probe %d of %d", probes, probes)} {
		var requests, connections atomic.Int64
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			token := strings.Split(r.Header.Get("Authorization"), ".")
			if claims, _ := base64.RawURLEncoding.DecodeString(token[1]); !strings.Contains(string(claims), `"scope":"analyze"`) {
				t.Errorf("the token says %s", claims)
			}
			if requests.Add(1) == refused {
				w.WriteHeader(http.StatusUnauthorized)
			}
		}))
		s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				connections.Add(1)
			}
		}
		s.Start()
		err := accepts(t.Context(), s.URL, issuer{"i", "a"}, key)
		if (want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("refused at %d: %v, want %q", refused, err, want)
		}
		if connections.Load() != requests.Load() {
			t.Errorf("%d probes on %d connections", requests.Load(), connections.Load())
		}
		s.Close()
	}
}

// atVault is the environment of an operator of a real Vault, with mounts of the
// test's own.
func atVault(t *testing.T) (*vaulttest.Vault, *vaulttest.Cluster, map[string]string) {
	t.Helper()
	v, cluster := vaulttest.Open(t), vaulttest.NewCluster(t)
	return v, cluster, map[string]string{
		"VAULT_ADDR": v.Addr, "VAULT_TOKEN": v.Token, "VAULT_MOUNT": v.Mount, "VAULT_AUTH_MOUNT": v.Auth,
		"KUBERNETES_HOST": cluster.URL, "KUBERNETES_CA_FILE": file(t, "ca", []byte(cluster.CA)),
		"REVIEWER_TOKEN_FILE": file(t, "reviewer", []byte(cluster.Token(t, "vault", "vault", "https://kubernetes.default.svc"))),
	}
}

// does runs a command that must succeed.
func does(t *testing.T, env map[string]string, command string) string {
	t.Helper()
	code, out, stderr := runs(env, strings.Fields(command)...)
	if code != exitDone {
		t.Fatalf("%s: exit %d, %s", command, code, stderr)
	}
	return out
}

// TestVaultCommands goes with the operator from an empty Vault through a
// rotation of the key.
func TestVaultCommands(t *testing.T) {
	_, _, env := atVault(t)
	if out := does(t, env, "vault bootstrap"); strings.Contains(out, "as it was") && !strings.Contains(out, "policy") {
		t.Errorf("the first run says\n%s", out)
	}
	if out := does(t, env, "vault bootstrap"); strings.Contains(out, "set up") {
		t.Errorf("the second run says\n%s", out)
	}
	kid := func(token string) string {
		head, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[0])
		var header struct{ Alg, Kid string }
		if err != nil || json.Unmarshal(head, &header) != nil || header.Alg != "ES256" {
			t.Fatalf("the token begins with %q, %v", head, err)
		}
		return header.Kid
	}
	token := does(t, env, "vault token --scopes analyze")
	old := kid(token)
	if jwks := does(t, env, "vault jwks"); !strings.Contains(jwks, old) {
		t.Errorf("the key %s is not in %s", old, jwks)
	}
	out := does(t, env, "vault rotate jwt")
	_, next, found := strings.Cut(strings.TrimSpace(out), "accepts the next key, ")
	if !found || kid(does(t, env, "vault token")) != old {
		t.Fatalf("published: %s", out)
	}
	if code, _, stderr := runs(env, "vault", "rotate", "jwt", "--accepted", old); code != exitFailed || !strings.Contains(stderr, next) {
		t.Errorf("another key accepted: exit %d, %s", code, stderr)
	}
	does(t, env, "vault rotate jwt --accepted "+next)
	if got := kid(does(t, env, "vault token")); got != next {
		t.Errorf("signed with %s, want %s", got, next)
	}
	if out := does(t, env, "vault status"); !strings.Contains(out, next) || !strings.Contains(out, "signed before") {
		t.Errorf("the status is\n%s", out)
	}
	if out := does(t, env, "vault rotate jwt --leaked"); !strings.Contains(out, "done") {
		t.Errorf("leaked: %s", out)
	}
	if jwks := does(t, env, "vault jwks"); strings.Contains(jwks, old) || !strings.Contains(jwks, next) {
		t.Errorf("in the end the set is %s", jwks)
	}
}

// TestServeWithVault: the service takes its secrets with the projected token,
// shows their versions, and takes new ones while it runs.
func TestServeWithVault(t *testing.T) {
	v, cluster, env := atVault(t)
	does(t, env, "vault bootstrap")

	serving := maps.Clone(env)
	delete(serving, "VAULT_TOKEN")
	serving["VAULT_TOKEN_FILE"] = file(t, "token", []byte(cluster.Token(t, "tech-analysis-prod", "technical-analysis-sa", "vault")))
	serving["VAULT_POLL"], serving["JWT_ISSUER"] = "1s", "https://ta.local"
	serving["ADDR"], serving["ADMIN_ADDR"], serving["DATA_DIR"] = "127.0.0.1:0", "127.0.0.1:0", t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	logs, log := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"serve"}, func(k string) string { return serving[k] }, streams{nil, io.Discard, log})
		log.Close()
	}()
	type line struct {
		Msg     string
		Addr    string
		Admin   string `json:"admin_addr"`
		Path    string
		Version int
		Status  string
	}
	lines := make(chan line, 1000) // whoever logs must not wait for the test
	go func() {
		defer close(lines)
		for in := bufio.NewScanner(logs); in.Scan(); {
			var l line
			if json.Unmarshal(in.Bytes(), &l) == nil {
				lines <- l
			}
		}
	}()
	await := func(is func(line) bool) line {
		t.Helper()
		for l := range lines {
			if is(l) {
				return l
			}
		}
		t.Fatal("the log ended")
		return line{}
	}
	get := func(url string) string {
		t.Helper()
		res, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	var ready line
	for found := map[string]bool{}; !found["ready"] || !found["ok"]; { // in the one order or the other
		l := await(func(l line) bool { return l.Msg == "ready" || l.Status == "ok" })
		if l.Msg == "ready" {
			ready = l
		}
		found[l.Msg], found[l.Status] = true, true
	}
	if got := get("http://" + ready.Addr + "/health/ready"); !strings.Contains(got, `"vault":"ok"`) {
		t.Errorf("ready says %s", got)
	}
	metric := `secret_version{path="technical-analysis/redis"} `
	if got := get("http://" + ready.Admin + "/metrics"); !strings.Contains(got, metric+"1\n") {
		t.Errorf("the metrics lack %s1", metric)
	}
	v.Put(t, bootstrap.RedisPath, 1, map[string]string{"username": "u", "password": "p"})
	await(func(l line) bool { return l.Path == bootstrap.RedisPath && l.Version == 2 })
	if got := get("http://" + ready.Admin + "/metrics"); !strings.Contains(got, metric+"2\n") {
		t.Errorf("the metrics lack %s2", metric)
	}

	// A rotation of the key: the tokens of both are good, from when the new one
	// is published.
	calls := func(token string) int {
		t.Helper()
		req, err := http.NewRequest(http.MethodGet, "http://"+ready.Addr+"/api/v1/indicators", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+strings.TrimSpace(token))
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	old := does(t, env, "vault token")
	_, next, _ := strings.Cut(strings.TrimSpace(does(t, env, "vault rotate jwt")), "accepts the next key, ")
	await(func(l line) bool { return l.Path == bootstrap.JWTPath && l.Version == 2 })
	does(t, env, "vault rotate jwt --accepted "+next)
	for name, c := range map[string]struct {
		token string
		want  int
	}{
		"of the old key": {old, http.StatusOK},
		"of the new key": {does(t, env, "vault token"), http.StatusOK},
		"of no key":      {old[:len(old)-9] + "AAAAAAAA", http.StatusUnauthorized},
		"without scope":  {does(t, env, "vault token --scopes ops"), http.StatusForbidden},
	} {
		if got := calls(c.token); got != c.want {
			t.Errorf("a token %s is answered with %d, want %d", name, got, c.want)
		}
	}
	cancel()
	if code := <-ended; code != exitDone {
		t.Errorf("serve ended with %d", code)
	}
	if left := v.Tokens(t); len(left) != 0 {
		t.Errorf("the service left its tokens of Vault: %v", left)
	}
}

// TestRedisUser: the credentials of Redis are those of the last version that had
// both, and none before the first.
func TestRedisUser(t *testing.T) {
	var u redisUser
	if _, _, err := u.credentials(t.Context()); err == nil {
		t.Error("credentials before the first version")
	}
	both := map[string]string{"username": "u", "password": "p"}
	if err := u.take(vault.NewSecret("a", 1, both)); err != nil {
		t.Fatal(err)
	}
	if err := u.take(vault.NewSecret("a", 2, map[string]string{"username": "other"})); err == nil {
		t.Error("a version without a password was taken")
	}
	if username, password, err := u.credentials(t.Context()); username != "u" || password != "p" || err != nil {
		t.Errorf("the credentials are %q, %q, %v", username, password, err)
	}
}

// TestProofWaits: a proof that comes later is waited for, and one that never
// comes is told with what the last answer was.
func TestProofWaits(t *testing.T) {
	asked := 0
	p := proof{patience: time.Minute}
	err := p.until(t.Context(), func(context.Context) error {
		if asked++; asked < 2 {
			return io.EOF
		}
		return nil
	})
	if err != nil || asked != 2 {
		t.Errorf("asked %d times, %v", asked, err)
	}
	p.patience = time.Nanosecond
	if err := p.until(t.Context(), func(context.Context) error { return io.EOF }); err == nil || !strings.Contains(err.Error(), "EOF") {
		t.Errorf("never: %v", err)
	}
}
