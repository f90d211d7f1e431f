package signing

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

func key(t *testing.T) Key {
	t.Helper()
	k, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestToken: the public set verifies what the key signs, as any verifier does.
func TestToken(t *testing.T) {
	k := key(t)
	set, err := Set{}.With(k)
	if err != nil {
		t.Fatal(err)
	}
	text, err := set.JSON()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Unix(1_800_000_000, 0)
	token, err := k.Token(Claims{"https://issuer", "technical-analysis", "ann", []string{"analyze", "plugins:write"}, time.Hour}, now)
	if err != nil {
		t.Fatal(err)
	}
	var public jose.JSONWebKeySet
	if err := json.Unmarshal([]byte(text), &public); err != nil {
		t.Fatal(err)
	}
	parsed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := parsed.Claims(public.Key(parsed.Headers[0].KeyID)[0].Key, &claims); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"iss": "https://issuer", "aud": "technical-analysis", "sub": "ann", "scope": "analyze plugins:write",
		"iat": 1.8e9, "nbf": 1.8e9, "exp": 1.8e9 + 3600,
	}
	if fmt.Sprint(claims) != fmt.Sprint(want) {
		t.Errorf("the token says %v, want %v", claims, want)
	}
	for name, c := range map[string]Claims{
		"no scope":        {"i", "a", "s", nil, time.Hour},
		"no issuer":       {"", "a", "s", []string{"ops"}, time.Hour},
		"no life":         {"i", "a", "s", []string{"ops"}, 0},
		"too long a life": {"i", "a", "s", []string{"ops"}, MaxLife + 1},
	} {
		if _, err := k.Token(c, now); err == nil {
			t.Errorf("a token with %s was signed", name)
		}
	}
}

// TestSet: keys come and go by kid, none twice, and those of others stay as they
// are. No private part gets into it.
func TestSet(t *testing.T) {
	const other = `{"kid":"other","kty":"OKP","crv":"Ed25519","x":"AA","extra":[1]}`
	set, err := ParseSet(`{"keys":[` + other + `]}`)
	if err != nil {
		t.Fatal(err)
	}
	k := key(t)
	for range 2 {
		if set, err = set.With(k); err != nil {
			t.Fatal(err)
		}
	}
	if got := set.KeyIDs(); !slices.Equal(got, []string{"other", k.KeyID()}) {
		t.Errorf("the kids are %v", got)
	}
	text, err := set.JSON()
	if err != nil || strings.Contains(text, `"d":`) || !strings.Contains(text, other) {
		t.Errorf("the set is %s, %v", text, err)
	}
	if text, _ := set.Without("other").Without(k.KeyID()).JSON(); text != `{"keys":[]}` {
		t.Errorf("the empty set is %s", text)
	}
	if _, err := ParseSet("no set"); err == nil {
		t.Error("no set was read")
	}
}

// TestKey: it comes back from its JSON, and shows itself nowhere else.
func TestKey(t *testing.T) {
	k := key(t)
	text, err := k.JSON()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseKey(text)
	if err != nil || again.KeyID() != k.KeyID() {
		t.Errorf("read again it is %v, %v", again, err)
	}
	var parts struct{ D, X string }
	if err := json.Unmarshal([]byte(text), &parts); err != nil || parts.D == "" {
		t.Fatal(text, err)
	}
	type inside struct{ private Key }
	for _, value := range []any{k, &k, inside{k}, &inside{k}, []Key{k}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
			if shown := fmt.Sprintf(verb, value); len(shown) > 400 || strings.Contains(shown, parts.D) {
				t.Errorf("%s of %T shows the key: %s", verb, value, shown)
			}
		}
	}
	public := strings.Replace(text, `"d":"`+parts.D+`"`, `"d":""`, 1)
	for _, bad := range []string{"", parts.D, public, `{"kty":"oct","k":"` + parts.D + `","kid":"a"}`, strings.Replace(text, k.KeyID(), "", 1)} {
		if _, err := ParseKey(bad); err == nil || strings.Contains(err.Error(), parts.D) {
			t.Errorf("a bad key was read, or shown: %v", err)
		}
	}
}
