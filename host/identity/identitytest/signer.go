// Package identitytest signs tokens, for tests of what verifies them.
package identitytest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"maps"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// What a token of a Signer says unless told otherwise.
const (
	Issuer   = "https://issuer.example"
	Audience = "technical-analysis"
	Subject  = "trader"
)

// Signer has a private key and its id.
type Signer struct {
	KeyID string
	Alg   jose.SignatureAlgorithm
	Key   crypto.Signer
}

// New makes a key for an algorithm: RS256, ES256 or EdDSA.
func New(t testing.TB, kid string, alg jose.SignatureAlgorithm) Signer {
	t.Helper()
	var key crypto.Signer
	var err error
	switch alg {
	case jose.RS256:
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	case jose.ES256:
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case jose.EdDSA:
		_, key, err = ed25519.GenerateKey(rand.Reader)
	default:
		t.Fatalf("there is no signer for %s", alg)
	}
	if err != nil {
		t.Fatal(err)
	}
	return Signer{kid, alg, key}
}

// JWK is the public key.
func (s Signer) JWK() jose.JSONWebKey {
	return jose.JSONWebKey{Key: s.Key.Public(), KeyID: s.KeyID, Algorithm: string(s.Alg), Use: "sig"}
}

// Set is a JWK Set of the public keys of signers.
func Set(t testing.TB, signers ...Signer) []byte {
	t.Helper()
	var set jose.JSONWebKeySet
	for _, s := range signers {
		set.Keys = append(set.Keys, s.JWK())
	}
	b, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Claims are good ones, of a token with a scope claim that lives for an hour,
// changed: a claim that is nil is left out.
func Claims(scope string, change map[string]any) map[string]any {
	now := time.Now().Unix()
	c := map[string]any{
		"iss": Issuer, "aud": Audience, "sub": Subject, "scope": scope,
		"iat": now, "nbf": now, "exp": now + 3600,
	}
	maps.Copy(c, change)
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	return c
}

// Token signs good claims with a scope claim.
func (s Signer) Token(t testing.TB, scope string) string {
	t.Helper()
	return s.Sign(t, Claims(scope, nil), nil)
}

// Sign signs any claims. header is added to the token's header.
func (s Signer) Sign(t testing.TB, claims any, header map[jose.HeaderKey]any) string {
	t.Helper()
	options := &jose.SignerOptions{ExtraHeaders: map[jose.HeaderKey]any{jose.HeaderType: "JWT"}}
	if s.KeyID != "" {
		options.ExtraHeaders["kid"] = s.KeyID
	}
	maps.Copy(options.ExtraHeaders, header)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: s.Alg, Key: s.Key}, options)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}
