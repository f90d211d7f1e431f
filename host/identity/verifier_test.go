package identity

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/gravitywavesml/gravity_techanalysis/host/identity/identitytest"
)

func verifierOf(t testing.TB, now func() time.Time, signers ...identitytest.Signer) (*Verifier, *Keyring) {
	t.Helper()
	keys := new(Keyring)
	if err := keys.Set(identitytest.Set(t, signers...)); err != nil {
		t.Fatal(err)
	}
	v, err := NewVerifier(Rules{identitytest.Issuer, identitytest.Audience, now}, keys)
	if err != nil {
		t.Fatal(err)
	}
	return v, keys
}

var threeAlgorithms = []jose.SignatureAlgorithm{jose.RS256, jose.ES256, jose.EdDSA}

// TestVerify: good tokens of each algorithm, twice: the second time they are
// known.
func TestVerify(t *testing.T) {
	for _, alg := range threeAlgorithms {
		s := identitytest.New(t, "key", alg)
		v, _ := verifierOf(t, nil, s)
		for name, token := range map[string]string{
			"plain":            s.Token(t, "plugins:write  analyze unknown analyze"),
			"several audience": s.Sign(t, identitytest.Claims("analyze plugins:write", map[string]any{"aud": []string{"other", identitytest.Audience}}), nil),
			"an access token":  s.Sign(t, identitytest.Claims("analyze plugins:write", map[string]any{"nbf": nil, "iat": nil}), map[jose.HeaderKey]any{"typ": "at+jwt"}),
			"a little early":   s.Sign(t, identitytest.Claims("analyze plugins:write", map[string]any{"nbf": time.Now().Add(skew / 2).Unix()}), nil),
			"a little late":    s.Sign(t, identitytest.Claims("analyze plugins:write", map[string]any{"exp": time.Now().Add(-skew / 2).Unix()}), nil),
			"its own key":      s.Sign(t, identitytest.Claims("analyze plugins:write", nil), map[jose.HeaderKey]any{"jku": "https://elsewhere.example"}),
		} {
			for range 2 {
				p, err := v.Verify(token)
				if err != nil || p.Subject != identitytest.Subject || p.Scopes.String() != "analyze plugins:write" {
					t.Errorf("%s, %s: %+v, %v", alg, name, p, err)
				}
			}
		}
		if p, err := v.Verify(s.Sign(t, identitytest.Claims("", map[string]any{"scope": nil}), nil)); err != nil || len(p.Scopes) != 0 {
			t.Errorf("%s, no scope: %+v, %v", alg, p, err)
		}
	}
}

// part is a part of a token, of JSON.
func part(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// TestVerifyRefuses: bad tokens, each with what the log says.
func TestVerifyRefuses(t *testing.T) {
	rs, es, ed := identitytest.New(t, "rs", jose.RS256), identitytest.New(t, "es", jose.ES256), identitytest.New(t, "ed", jose.EdDSA)
	v, _ := verifierOf(t, nil, rs, es, ed)
	stranger := identitytest.New(t, "es", jose.ES256)
	claims := func(name string, value any) map[string]any {
		return identitytest.Claims("analyze", map[string]any{name: value})
	}
	good := es.Token(t, "analyze")
	head, rest, _ := strings.Cut(good, ".")
	body, signature, _ := strings.Cut(rest, ".")
	as := func(s identitytest.Signer, kid string) identitytest.Signer { s.KeyID = kid; return s }
	public, err := x509.MarshalPKIXPublicKey(rs.Key.Public())
	if err != nil {
		t.Fatal(err)
	}
	forged, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: public}, (&jose.SignerOptions{}).WithHeader("kid", "rs"))
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(identitytest.Claims("analyze", nil))
	if err != nil {
		t.Fatal(err)
	}
	hmac, err := forged.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	confused, err := hmac.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	embedded, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: stranger.Key}, &jose.SignerOptions{EmbedJWK: true, ExtraHeaders: map[jose.HeaderKey]any{"kid": "es"}})
	if err != nil {
		t.Fatal(err)
	}
	own, err := embedded.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	ownKey, err := own.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	soon, late := time.Now().Add(2*skew).Unix(), time.Now().Add(-2*skew).Unix()
	for name, c := range map[string]struct {
		token string
		is    error
		log   string
	}{
		"nothing":                  {"", ErrInvalid, "parse it"},
		"rubbish":                  {"x.y.z", ErrInvalid, "parse it"},
		"two parts":                {head + "." + body, ErrInvalid, "parse it"},
		"four parts":               {good + ".x", ErrInvalid, "parse it"},
		"JSON serialization":       {own.FullSerialize(), ErrInvalid, "parse it"},
		"too long":                 {good + strings.Repeat("A", MaxToken), ErrInvalid, "bytes"},
		"unsigned":                 {part(`{"alg":"none","kid":"es"}`) + "." + body + ".", ErrInvalid, "parse it"},
		"unsigned, oddly written":  {part(`{"alg":"NoNe","kid":"es"}`) + "." + body + ".", ErrInvalid, "parse it"},
		"no algorithm":             {part(`{"kid":"es"}`) + "." + body + "." + signature, ErrInvalid, "parse it"},
		"an HMAC of a public key":  {confused, ErrInvalid, "parse it"},
		"an algorithm twice":       {part(`{"alg":"none","alg":"ES256","kid":"es"}`) + "." + body + "." + signature, ErrInvalid, "parse it"},
		"no signature":             {head + "." + body + ".", ErrInvalid, ""},
		"another's signature":      {stranger.Token(t, "analyze"), ErrInvalid, "verify it"},
		"its own key":              {ownKey, ErrInvalid, "verify it"},
		"other claims":             {head + "." + part(`{"sub":"root"}`) + "." + signature, ErrInvalid, "verify it"},
		"no kid":                   {as(es, "").Token(t, "analyze"), ErrInvalid, "kid is missing"},
		"an unknown kid":           {as(es, "e2").Token(t, "analyze"), ErrInvalid, `"e2" is not in the ring`},
		"a key of another type":    {as(rs, "es").Token(t, "analyze"), ErrInvalid, "is for ES256"},
		"a curve for RSA":          {as(es, "rs").Token(t, "analyze"), ErrInvalid, "is for RS256"},
		"what it must heed":        {es.Sign(t, claims("x", 1), map[jose.HeaderKey]any{"crit": []string{"x"}, "x": 1}), ErrInvalid, "verify it"},
		"another type":             {es.Sign(t, claims("x", 1), map[jose.HeaderKey]any{"typ": "logout+jwt"}), ErrInvalid, "type"},
		"a type of no text":        {es.Sign(t, claims("x", 1), map[jose.HeaderKey]any{"typ": 1}), ErrInvalid, ""},
		"another issuer":           {es.Sign(t, claims("iss", "https://issuer.example/"), nil), ErrInvalid, "issuer"},
		"no issuer":                {es.Sign(t, claims("iss", nil), nil), ErrInvalid, "issuer"},
		"another audience":         {es.Sign(t, claims("aud", "other"), nil), ErrInvalid, "audience"},
		"no audience":              {es.Sign(t, claims("aud", nil), nil), ErrInvalid, "audience"},
		"no subject":               {es.Sign(t, claims("sub", nil), nil), ErrInvalid, "sub"},
		"a long subject":           {es.Sign(t, claims("sub", strings.Repeat("x", maxSubject+1)), nil), ErrInvalid, "sub"},
		"no end":                   {es.Sign(t, claims("exp", nil), nil), ErrInvalid, "exp is missing"},
		"an end beyond all dates":  {es.Sign(t, claims("exp", 1e300), nil), ErrInvalid, ""},
		"a beginning before dates": {es.Sign(t, claims("nbf", -1), nil), ErrInvalid, "nbf is no date"},
		"an end as text":           {es.Sign(t, claims("exp", "tomorrow"), nil), ErrInvalid, ""},
		"over":                     {es.Sign(t, claims("exp", late), nil), ErrExpired, "at "},
		"not yet":                  {es.Sign(t, claims("nbf", soon), nil), ErrInvalid, "nbf"},
		"from the future":          {es.Sign(t, claims("iat", soon), nil), ErrInvalid, "iat"},
		"scopes as a list":         {es.Sign(t, claims("scope", []string{"ops"}), nil), ErrInvalid, ""},
		"a claim twice":            {es.Sign(t, json.RawMessage(strings.Replace(string(payload), "{", `{"sub":"root",`, 1)), nil), ErrInvalid, ""},
	} {
		p, err := v.Verify(c.token)
		if !errors.Is(err, c.is) || p.Subject != "" || p.Scopes != nil {
			t.Errorf("%s: %+v, %v; want %v", name, p, err, c.is)
		} else if !strings.Contains(err.Error(), c.log) {
			t.Errorf("%s: the log has %q, want it to have %q", name, err, c.log)
		}
		if c.is == ErrExpired && errors.Is(err, ErrInvalid) {
			t.Errorf("%s: it is expired and invalid", name)
		}
	}
}

// TestKnownTokens: a token that is known is refused once its time is over, once
// its key has left the ring, and once another key has the id.
func TestKnownTokens(t *testing.T) {
	s, next := identitytest.New(t, "a", jose.ES256), identitytest.New(t, "b", jose.EdDSA)
	now := time.Now()
	v, keys := verifierOf(t, func() time.Time { return now }, s)
	token := s.Token(t, "analyze")
	want := func(is error) {
		t.Helper()
		if _, err := v.Verify(token); !errors.Is(err, is) {
			t.Errorf("%v, want %v", err, is)
		}
	}
	set := func(signers ...identitytest.Signer) {
		t.Helper()
		if err := keys.Set(identitytest.Set(t, signers...)); err != nil {
			t.Fatal(err)
		}
	}
	want(nil)
	set(s, next) // overlap
	want(nil)
	set(next)
	want(ErrInvalid)
	set(identitytest.New(t, "a", jose.ES256))
	want(ErrInvalid)
	set(s)
	want(nil)
	now = now.Add(time.Hour + skew + time.Second)
	want(ErrExpired)
	want(ErrExpired)
}

func TestNoKeys(t *testing.T) {
	v, err := NewVerifier(Rules{Issuer: "i", Audience: "a"}, new(Keyring))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Verify("x.y.z"); !errors.Is(err, ErrNoKeys) || errors.Is(err, ErrInvalid) {
		t.Errorf("%v, want %v", err, ErrNoKeys)
	}
	for _, r := range []Rules{{}, {Issuer: "i"}, {Audience: "a"}} {
		if _, err := NewVerifier(r, new(Keyring)); err == nil {
			t.Errorf("%+v is enough", r)
		}
	}
}

func TestBearer(t *testing.T) {
	for name, c := range map[string]struct {
		headers []string
		token   string
		is      error
	}{
		"none":          {nil, "", ErrMissing},
		"one":           {[]string{"Bearer a.b.c"}, "a.b.c", nil},
		"in lower case": {[]string{"bearer a.b.c"}, "a.b.c", nil},
		"spaces":        {[]string{"Bearer   a.b.c "}, "a.b.c", nil},
		"a password":    {[]string{"Basic dTpw"}, "", ErrMissing},
		"empty":         {[]string{""}, "", ErrMissing},
		"two":           {[]string{"Bearer a.b.c", "Bearer d.e.f"}, "", ErrInvalid},
	} {
		token, err := Bearer(http.Header{"Authorization": c.headers})
		if token != c.token || !errors.Is(err, c.is) {
			t.Errorf("%s: %q, %v; want %q, %v", name, token, err, c.token, c.is)
		}
	}
}

// TestRotation: while the ring is set again and again, first to the old key,
// then to both, then to the new, no token of a key that is in every set of the
// time fails.
func TestRotation(t *testing.T) {
	old, both, next := identitytest.New(t, "old", jose.ES256), identitytest.New(t, "both", jose.EdDSA), identitytest.New(t, "new", jose.RS256)
	v, keys := verifierOf(t, nil, old, both)
	token := both.Token(t, "analyze")
	var done atomic.Bool
	var verified atomic.Int64
	var work sync.WaitGroup
	for range 4 {
		work.Go(func() {
			for !done.Load() {
				if _, err := v.Verify(token); err != nil {
					t.Error(err)
					return
				}
				verified.Add(1)
			}
		})
	}
	sets := [][]byte{identitytest.Set(t, both, next), []byte("rubbish"), identitytest.Set(t, both, old)}
	for i := 0; i < 300 || verified.Load() < 1000; i++ {
		if err := keys.Set(sets[i%3]); (err != nil) != (i%3 == 1) {
			t.Error(err)
		}
	}
	done.Store(true)
	work.Wait()
}

// FuzzVerify: whatever is sent, Verify returns; and it takes nothing that the
// ring's key has not signed.
func FuzzVerify(f *testing.F) {
	s := identitytest.New(f, "es", jose.ES256)
	v, _ := verifierOf(f, nil, s)
	good := s.Token(f, "analyze")
	parts := strings.Split(good, ".")
	for _, seed := range []string{
		"", ".", "..", "a.b.c", good, good[:len(good)-1], parts[0] + "." + parts[1] + ".",
		part(`{"alg":"none"}`) + "." + parts[1] + ".", part(`{"alg":"HS256","kid":"es"}`) + "." + parts[1] + "." + parts[2],
		part(`{"alg":"ES256","kid":"es","crit":["b64"],"b64":false}`) + "." + parts[1] + "." + parts[2],
		part(`{"alg":"ES256","kid":"es","jwk":{}}`) + "." + parts[1] + "." + parts[2],
		parts[0] + "." + part(`{"exp":1e400}`) + "." + parts[2], parts[0] + ".." + parts[2],
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		p, err := v.Verify(token)
		if err == nil {
			// base64 has several spellings of the same bytes at its end, and
			// nothing else of a good token may differ.
			if got := strings.Split(token, "."); len(got) != 3 || got[0] != parts[0] || got[1] != parts[1] {
				t.Errorf("%q is %+v", token, p)
			}
		} else if !errors.Is(err, ErrInvalid) && !errors.Is(err, ErrExpired) {
			t.Errorf("%q: %v", token, err)
		}
	})
}

// BenchmarkVerify is the long way, and the way of a token that is known.
func BenchmarkVerify(b *testing.B) {
	for _, alg := range threeAlgorithms {
		s := identitytest.New(b, "key", alg)
		v, keys := verifierOf(b, nil, s)
		token := s.Token(b, AllScopes.String())
		b.Run(string(alg), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := v.verify(token, keys.keys(), time.Now()); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(string(alg)+"-known", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := v.Verify(token); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
