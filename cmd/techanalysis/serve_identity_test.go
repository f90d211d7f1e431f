package main

import (
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/gravitywavesml/gravity_techanalysis/host/identity/identitytest"
	"github.com/gravitywavesml/gravity_techanalysis/plugins"
)

// TestPushWithToken: a service with an issuer takes a module from whom a token
// lets it, and says what it did.
func TestPushWithToken(t *testing.T) {
	signer := identitytest.New(t, "a", jose.ES256)
	url := service(t, map[string]string{
		"JWT_ISSUER": identitytest.Issuer,
		"JWKS_FILE":  file(t, "jwks.json", identitytest.Set(t, signer)),
	})
	module := file(t, "good.wasm", plugins.KeltnerSqueeze)
	for _, c := range []struct {
		name, token string
		code        int
		out, err    string
	}{
		{"no token", "", exitFailed, "", "needs a token"},
		{"another scope", signer.Token(t, "plugins:read"), exitFailed, "", "plugins:write"},
		{"to store", signer.Token(t, "plugins:write"), exitDone, "stored", "plugins:promote"},
		{"to promote", signer.Token(t, "plugins:write plugins:promote"), exitDone, "active", ""},
	} {
		code, out, stderr := runs(map[string]string{"SERVER": url, "TOKEN": c.token}, "plugin", "push", module)
		if code != c.code || !strings.Contains(out, c.out) || !strings.Contains(stderr, c.err) || (stderr == "") != (c.err == "") {
			t.Errorf("%s: exit %d, %q, %q", c.name, code, out, stderr)
		}
	}
}

// TestIdentitySettings: what does not fit together exits 2 and is named.
func TestIdentitySettings(t *testing.T) {
	for name, c := range map[string]struct {
		env  map[string]string
		want string
	}{
		"an issuer without keys":  {map[string]string{"JWT_ISSUER": "i"}, "jwks-file"},
		"keys that are not there": {map[string]string{"JWT_ISSUER": "i", "JWKS_FILE": "none.json", "ADDR": "127.0.0.1:0", "ADMIN_ADDR": "127.0.0.1:0"}, "none.json"},
		"keys without an issuer":  {map[string]string{"JWKS_FILE": "none.json"}, "jwt-issuer"},
		"open to everyone":        {map[string]string{"ADDR": ":8000"}, "jwt-issuer"},
	} {
		if code, _, stderr := runs(c.env, "serve"); code != exitUsage || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit %d, %q; want exit 2 and a line with %s", name, code, stderr, c.want)
		}
	}
}
