// Package signing makes the keys that sign the service's tokens, the public set
// that verifies them, and the tokens. It knows no Vault and no clock.
package signing

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// MaxLife is how long a token lives at most. A key that signs no more is kept
// in the public set for so long.
const MaxLife = 12 * time.Hour

// A Key signs tokens: ECDSA with P-256 and SHA-256, which is ES256. Printed, it
// shows its kid alone.
type Key struct {
	id string
	// A function, as fmt looks into all else that is in an unexported field.
	private func() jose.JSONWebKey
}

func newKey(jwk jose.JSONWebKey) Key {
	return Key{jwk.KeyID, func() jose.JSONWebKey { return jwk }}
}

// NewKey makes a key. Its kid is its thumbprint as of RFC 7638, so a kid never
// names two keys.
func NewKey() (Key, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Key{}, fmt.Errorf("make a signing key: %w", err)
	}
	jwk := jose.JSONWebKey{Key: private, Algorithm: string(jose.ES256), Use: "sig"}
	thumbprint, err := jwk.Thumbprint(crypto.SHA256)
	if err != nil {
		return Key{}, fmt.Errorf("name a signing key: %w", err)
	}
	jwk.KeyID = base64.RawURLEncoding.EncodeToString(thumbprint)
	return newKey(jwk), nil
}

// ParseKey reads what Key.JSON wrote. Its errors show nothing of the text.
func ParseKey(text string) (Key, error) {
	var jwk jose.JSONWebKey
	if err := json.Unmarshal([]byte(text), &jwk); err != nil {
		return Key{}, fmt.Errorf("the signing key is not a JSON Web Key")
	}
	if private, ok := jwk.Key.(*ecdsa.PrivateKey); !ok || private.Curve != elliptic.P256() || jwk.KeyID == "" {
		return Key{}, fmt.Errorf("the signing key is not a private key for ES256 with a kid")
	}
	return newKey(jwk), nil
}

// KeyID is the kid.
func (k Key) KeyID() string { return k.id }

// JSON is the private key as a JSON Web Key.
func (k Key) JSON() (string, error) {
	text, err := json.Marshal(k.private())
	return string(text), err
}

// String shows the kid alone.
func (k Key) String() string { return "signing key " + k.id }

// Format is String for every verb.
func (k Key) Format(f fmt.State, _ rune) { fmt.Fprint(f, k.String()) }

// A Set is the public keys that verify tokens: a JWK Set as of RFC 7517. Keys of
// others in it are kept as they are.
type Set struct{ keys []json.RawMessage }

// ParseSet reads a JWK Set.
func ParseSet(text string) (Set, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal([]byte(text), &set); err != nil {
		return Set{}, fmt.Errorf("read the JWK Set: %w", err)
	}
	return Set{set.Keys}, nil
}

// JSON is the JWK Set.
func (s Set) JSON() (string, error) {
	keys := s.keys
	if keys == nil {
		keys = []json.RawMessage{}
	}
	text, err := json.Marshal(map[string]any{"keys": keys})
	return string(text), err
}

// KeyIDs are the kids, in their order.
func (s Set) KeyIDs() []string {
	ids := make([]string, len(s.keys))
	for i, key := range s.keys {
		ids[i] = keyID(key)
	}
	return ids
}

func keyID(key json.RawMessage) string {
	var named struct {
		KeyID string `json:"kid"`
	}
	_ = json.Unmarshal(key, &named) // a key that cannot be read has no kid
	return named.KeyID
}

// Has says whether the Set has a key of that kid.
func (s Set) Has(kid string) bool {
	return slices.Contains(s.KeyIDs(), kid)
}

// With is the Set and the public half of a key.
func (s Set) With(k Key) (Set, error) {
	jwk := k.private()
	public, err := json.Marshal(jwk.Public())
	if err != nil {
		return Set{}, fmt.Errorf("write the public key %s: %w", k.KeyID(), err)
	}
	return Set{append(s.Without(k.KeyID()).keys, public)}, nil
}

// Without is the Set without the keys of that kid.
func (s Set) Without(kid string) Set {
	var kept []json.RawMessage
	for _, key := range s.keys {
		if keyID(key) != kid {
			kept = append(kept, key)
		}
	}
	return Set{kept}
}

// Claims are what a token says.
type Claims struct {
	Issuer   string
	Audience string
	Subject  string
	Scopes   []string
	Life     time.Duration // from the time of signing, at most MaxLife
}

// Check says whether a token may say that.
func (c Claims) Check() error {
	switch {
	case c.Issuer == "" || c.Audience == "" || c.Subject == "" || len(c.Scopes) == 0:
		return fmt.Errorf("a token needs an issuer, an audience, a subject and a scope")
	case c.Life <= 0 || c.Life > MaxLife:
		return fmt.Errorf("a token lives more than 0 and at most %s, not %s", MaxLife, c.Life)
	}
	return nil
}

// Token signs claims as a JSON Web Token.
func (k Key) Token(c Claims, now time.Time) (string, error) {
	if err := c.Check(); err != nil {
		return "", err
	}
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.ES256, Key: k.private()},
		(&jose.SignerOptions{}).WithType("JWT"),
	)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	token, err := jwt.Signed(signer).Claims(jwt.Claims{
		Issuer: c.Issuer, Audience: jwt.Audience{c.Audience}, Subject: c.Subject,
		IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(c.Life)),
	}).Claims(map[string]any{"scope": strings.Join(c.Scopes, " ")}).Serialize()
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return token, nil
}
