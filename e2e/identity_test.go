//go:build e2e

package e2e

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/gravitywavesml/gravity_techanalysis/host/identity/identitytest"
)

// sign signs claims, whatever they say.
func sign(t *testing.T, alg jose.SignatureAlgorithm, kid string, private any, claims map[string]any) string {
	t.Helper()
	return identitytest.Signer{KeyID: kid, Alg: alg, Key: private.(crypto.Signer)}.Sign(t, claims, nil)
}

// claims are those of a good token, but for what change says: a nil takes one
// away.
func claims(change map[string]any) map[string]any {
	now := time.Now()
	c := map[string]any{
		"iss": "https://" + host, "aud": "technical-analysis", "sub": "e2e", "scope": "analyze",
		"iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
	for name, value := range change {
		c[name] = value
		if value == nil {
			delete(c, name)
		}
	}
	return c
}

// operatorsKey is the private key that signs, which operators alone can read.
func operatorsKey(t *testing.T) jose.JSONWebKey {
	t.Helper()
	_, fields := secret(t, "technical-analysis-operators/jwt")
	var key jose.JSONWebKey
	decode(t, []byte(fields["jwk"]), &key)
	return key
}

// A token is judged by the mesh as far as it is a token, and by the service as
// to what it allows. The mesh's answers are text, the service's problems.
func TestTokens(t *testing.T) {
	c := client(t)
	key := operatorsKey(t)
	foreign, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ours := func(change map[string]any) string {
		return sign(t, jose.ES256, key.KeyID, key.Key, claims(change))
	}
	none := func() string {
		text, err := json.Marshal(claims(nil))
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","kid":"`+key.KeyID+`"}`)) + "." + base64.RawURLEncoding.EncodeToString(text) + "."
	}
	const list, plugins = "/api/v1/indicators", "/api/v1/plugins"
	for _, test := range []struct {
		name, token, method, path string
		code                      int
		says                      string
		problem                   bool // the service says it
	}{
		{"good", ours(nil), http.MethodGet, list, 200, "rsi", false},
		{"absent", "", http.MethodGet, list, 403, "RBAC: access denied", false},
		{"expired", ours(map[string]any{"iat": time.Now().Add(-2 * time.Hour).Unix(), "exp": time.Now().Add(-time.Hour).Unix()}), http.MethodGet, list, 401, "Jwt is expired", false},
		{"not yet valid", ours(map[string]any{"nbf": time.Now().Add(time.Hour).Unix()}), http.MethodGet, list, 401, "Jwt not yet valid", false},
		{"of a key that nobody knows", sign(t, jose.ES256, "foreign", foreign, claims(nil)), http.MethodGet, list, 401, "Jwks doesn't have key", false},
		{"of another key under the kid", sign(t, jose.ES256, key.KeyID, foreign, claims(nil)), http.MethodGet, list, 401, "Jwt verification fails", false},
		{"signed by nobody", none(), http.MethodGet, list, 401, "Jwt", false},
		{"for somebody else", ours(map[string]any{"aud": "another-service"}), http.MethodGet, list, 403, "Audiences in Jwt are not allowed", false},
		{"of another issuer", ours(map[string]any{"iss": "https://elsewhere"}), http.MethodGet, list, 401, "Jwt issuer is not configured", false},
		{"without a scope", ours(map[string]any{"scope": nil}), http.MethodGet, list, 403, "insufficient-scope", true},
		{"of another scope", ours(nil), http.MethodPost, plugins, 403, "insufficient-scope", true},
		{"without an expiry", ours(map[string]any{"exp": nil}), http.MethodGet, list, 401, "unauthorized", true},
		{"without a subject", ours(map[string]any{"sub": nil}), http.MethodGet, list, 0, "", false},
	} {
		code, header, body := ask(t, c, test.method, test.path, test.token, "", nil)
		if test.code == 0 {
			// The mesh's policy wants an issuer and a subject of each token.
			if code != 401 && code != 403 {
				t.Errorf("a token %s: %d %.200s", test.name, code, body)
			}
			continue
		}
		problem := header.Get("Content-Type") == "application/problem+json"
		if code != test.code || !strings.Contains(string(body), test.says) || problem != test.problem {
			t.Errorf("a token %s: %d %s %.200s, want %d, %q, a problem: %v", test.name, code, header.Get("Content-Type"), body, test.code, test.says, test.problem)
		}
	}
}

// Keys of the other kinds are accepted by both who verify, beside the one that
// signs here.
func TestKindsOfKeys(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	const path = "technical-analysis/jwt"
	_, fields := secret(t, path)
	publish := func(jwks string) {
		version, _ := secret(t, path)
		vault(t, http.MethodPost, "/v1/secret/data/"+path, map[string]any{"options": map[string]any{"cas": version}, "data": map[string]string{"jwks": jwks}})
		keys(t)
	}
	t.Cleanup(func() { publish(fields["jwks"]) })
	c := client(t)
	for _, kind := range []struct {
		alg     jose.SignatureAlgorithm
		private crypto.Signer
	}{{jose.RS256, rsaKey}, {jose.EdDSA, edKey}} {
		id := "e2e-" + strings.ToLower(string(kind.alg))
		var set jose.JSONWebKeySet
		decode(t, []byte(fields["jwks"]), &set)
		set.Keys = append(set.Keys, jose.JSONWebKey{Key: kind.private.Public(), KeyID: id, Algorithm: string(kind.alg), Use: "sig"})
		text, err := json.Marshal(set)
		if err != nil {
			t.Fatal(err)
		}
		publish(string(text))
		inUse(t, path)
		bearer := sign(t, kind.alg, id, kind.private, claims(nil))
		took := await(t, 30*time.Second, string(kind.alg)+" is accepted", func() error {
			if code, _, body := ask(t, c, http.MethodGet, "/api/v1/indicators", bearer, "", nil); code != http.StatusOK {
				return fmt.Errorf("%d %.200s", code, body)
			}
			return nil
		})
		t.Logf("%s is accepted after %v", kind.alg, took)
		// And the other key still is.
		if code, _, body := ask(t, c, http.MethodGet, "/api/v1/indicators", token(t), "", nil); code != http.StatusOK {
			t.Errorf("beside %s a token of ES256: %d %.200s", kind.alg, code, body)
		}
	}
}

// Whom a caller says that the sidecar saw is not believed: the service logs the
// gateway as its peer.
func TestForgedPeer(t *testing.T) {
	key := operatorsKey(t)
	caller := fmt.Sprintf("e2e-%x", time.Now().UnixNano())
	bearer := sign(t, jose.ES256, key.KeyID, key.Key, claims(map[string]any{"sub": caller}))
	const forged = "spiffe://cluster.local/ns/forged/sa/forged"
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+host+"/api/v1/indicators", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+bearer)
	req.Header.Set("X-Forwarded-Client-Cert", `By=spiffe://cluster.local/ns/tech-analysis-prod/sa/technical-analysis-sa;Hash=00;Subject="";URI=`+forged)
	res, err := client(t).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("%s", res.Status)
	}
	await(t, 20*time.Second, "the request is logged", func() error {
		for _, pod := range pods(t, "stable") {
			for line := range strings.Lines(kubectl(t, "logs", pod, "-c", "technical-analysis", "--since=2m")) {
				if !strings.Contains(line, caller) {
					continue
				}
				var entry struct{ Principal, Peer string }
				decode(t, []byte(line), &entry)
				if entry.Principal != caller || !strings.HasPrefix(entry.Peer, "spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway") || strings.Contains(line, forged) {
					t.Errorf("the log has %s", line)
				}
				return nil
			}
		}
		return fmt.Errorf("no pod's log has %s", caller)
	})
}

// The way in speaks TLS 1.2 and 1.3, to whoever asks for its host.
func TestEntrance(t *testing.T) {
	conf := trust(t)
	shake := func(version uint16, name string) error {
		c := conf.Clone()
		c.MinVersion, c.MaxVersion, c.ServerName = version, version, name
		c.InsecureSkipVerify = name != host // a wrong name must be refused by the gateway, not here
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		conn, err := (&tls.Dialer{Config: c}).DialContext(ctx, "tcp", host+":443")
		if err == nil {
			conn.Close()
		}
		return err
	}
	for version, works := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		err := shake(version, host)
		if works && err != nil {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
		if !works && (err == nil || !strings.Contains(err.Error(), "remote error: tls: protocol version not supported")) {
			t.Errorf("%s is not refused by the gateway: %v", tls.VersionName(version), err)
		}
	}
	if err := shake(tls.VersionTLS13, "elsewhere.local"); err == nil {
		t.Error("a handshake for another name was taken")
	}
	c := client(t)
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, scheme := range []string{"https", "http"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, scheme+"://"+host+"/health", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = "elsewhere.local"
		res, err := c.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusNotFound {
			t.Errorf("%s, another host: %s", scheme, res.Status)
		}
	}
}
