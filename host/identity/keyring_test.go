package identity

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/gravitywavesml/gravity_techanalysis/host/identity/identitytest"
)

func jwk(t testing.TB, key any) string {
	t.Helper()
	b, err := json.Marshal(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func setOf(keys ...string) []byte { return []byte(`{"keys":[` + strings.Join(keys, ",") + `]}`) }

// TestSet: what is taken, and which keys of it are used.
func TestSet(t *testing.T) {
	rs, es, ed := identitytest.New(t, "rs", jose.RS256), identitytest.New(t, "es", jose.ES256), identitytest.New(t, "ed", jose.EdDSA)
	with := func(s identitytest.Signer, change func(*jose.JSONWebKey)) string {
		k := s.JWK()
		change(&k)
		return jwk(t, k)
	}
	for name, c := range map[string]struct {
		set  []byte
		kids []string
	}{
		"all three":            {identitytest.Set(t, rs, es, ed), []string{"ed", "es", "rs"}},
		"no alg, no use":       {setOf(with(rs, func(k *jose.JSONWebKey) { k.Algorithm, k.Use = "", "" })), []string{"rs"}},
		"one for encryption":   {setOf(jwk(t, es.JWK()), with(rs, func(k *jose.JSONWebKey) { k.Use = "enc" })), []string{"es"}},
		"another algorithm":    {setOf(jwk(t, es.JWK()), with(rs, func(k *jose.JSONWebKey) { k.Algorithm = "PS512" })), []string{"es"}},
		"another curve":        {setOf(jwk(t, es.JWK()), `{"kty":"EC","crv":"P-521","kid":"x","x":"AA","y":"AA"}`), []string{"es"}},
		"an unknown type":      {setOf(jwk(t, es.JWK()), `{"kty":"LATTICE","kid":"x"}`), []string{"es"}},
		"a member of the set":  {[]byte(`{"issuer":"me",` + string(identitytest.Set(t, ed)[1:])), []string{"ed"}},
		"a member of its keys": {setOf(strings.Replace(jwk(t, ed.JWK()), "{", `{"x-since":2026,`, 1)), []string{"ed"}},
	} {
		var r Keyring
		if err := r.Set(c.set); err != nil || !slices.Equal(r.KeyIDs(), c.kids) || r.Refused() != nil {
			t.Errorf("%s: %v, %v; want %v", name, r.KeyIDs(), err, c.kids)
		}
	}
}

// TestSetRefuses: a bad set is refused with the reason, and the keys stay.
func TestSetRefuses(t *testing.T) {
	old, rs, es := identitytest.New(t, "old", jose.EdDSA), identitytest.New(t, "rs", jose.RS256), identitytest.New(t, "es", jose.ES256)
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Skip(err) // a toolchain that makes no weak keys
	}
	many := make([]string, maxKeys+1)
	for i := range many {
		k := es.JWK()
		k.KeyID = fmt.Sprint(i)
		many[i] = jwk(t, k)
	}
	nameless := es.JWK()
	nameless.KeyID = ""
	crossed := rs.JWK()
	crossed.Algorithm = "ES256"
	for name, c := range map[string]struct {
		set  []byte
		want string
	}{
		"nothing":            {nil, "not a JWK Set"},
		"no JSON":            {[]byte("-----BEGIN PUBLIC KEY-----"), "not a JWK Set"},
		"cut short":          {identitytest.Set(t, rs)[:200], "not a JWK Set"},
		"no keys":            {[]byte(`{"keys":[]}`), "none of its keys"},
		"another document":   {[]byte(`{"issuer":"x"}`), "none of its keys"},
		"none for this":      {setOf(`{"kty":"EC","crv":"P-384","kid":"x"}`), "none of its keys"},
		"too large":          {bytes.Repeat([]byte(" "), maxSet+1), "bytes"},
		"too many":           {setOf(many...), "33 keys"},
		"a kid twice":        {setOf(jwk(t, es.JWK()), jwk(t, es.JWK())), "another has that kid"},
		"no kid":             {setOf(jwk(t, nameless)), "its kid"},
		"a private key":      {setOf(jwk(t, jose.JSONWebKey{Key: rs.Key, KeyID: "rs"})), "private"},
		"a secret":           {setOf(jwk(t, jose.JSONWebKey{Key: make([]byte, 32), KeyID: "s"})), "symmetric"},
		"a weak key":         {setOf(jwk(t, jose.JSONWebKey{Key: &weak.PublicKey, KeyID: "w"})), "key 0"},
		"crossed":            {setOf(jwk(t, crossed)), "not for ES256"},
		"a point elsewhere":  {setOf(`{"kty":"EC","crv":"P-256","kid":"x","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}`), "key 0"},
		"a kid of no text":   {setOf(`{"kty":"EC","crv":"P-256","kid":1}`), "kid is no text"},
		"one bad of several": {setOf(jwk(t, es.JWK()), jwk(t, nameless)), "key 1"},
	} {
		var r Keyring
		if err := r.Set(identitytest.Set(t, old)); err != nil {
			t.Fatal(err)
		}
		err := r.Set(c.set)
		if !errors.Is(err, ErrKeys) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", name, err, c.want)
		}
		if !slices.Equal(r.KeyIDs(), []string{"old"}) || r.Refused() == nil {
			t.Errorf("%s: the ring has %v, refused %v", name, r.KeyIDs(), r.Refused())
		}
		if err := r.Set(identitytest.Set(t, es)); err != nil || r.Refused() != nil {
			t.Errorf("%s: a good set after it: %v, refused %v", name, err, r.Refused())
		}
	}
}

// TestEmptyRing: the zero Keyring is one, and a bad set leaves it empty.
func TestEmptyRing(t *testing.T) {
	var r Keyring
	if len(r.KeyIDs()) != 0 || r.Refused() != nil {
		t.Error("it is not empty")
	}
	if err := r.Set(nil); err == nil || len(r.KeyIDs()) != 0 || r.Refused() == nil {
		t.Errorf("after a bad set: %v, %v", r.KeyIDs(), err)
	}
}
