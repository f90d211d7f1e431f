package identity

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	_ "crypto/sha256" // for thumbprints
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json"
)

// Keyring has the public keys that tokens are verified with, by key id. Several
// are in it at once while one takes over from another. The zero Keyring is
// empty and ready to use. It is safe for concurrent use; reading takes no lock.
type Keyring struct {
	held atomic.Pointer[held]

	set    sync.Mutex    // held by Set; guards the rest
	filled chan struct{} // closed once there are keys; nil until it is asked for
}

// held is the state of a Keyring; it is replaced, never changed.
type held struct {
	keys    map[string]*key // by kid
	refused error           // why the last set was not taken; nil if it was
}

// key is a public key, and the one algorithm that it is for.
type key struct {
	public     any
	alg        jose.SignatureAlgorithm
	thumbprint [32]byte // RFC 7638
}

// Limits of a JWK Set.
const (
	maxSet     = 64 << 10 // bytes; an RSA key of 4096 bits takes about 800
	maxKeys    = 32
	maxKeyID   = 256 // bytes
	minRSABits = 2048
)

// ErrKeys is what an error about a JWK Set is.
var ErrKeys = errors.New("the set of keys is not taken")

// Set replaces the ring's keys, in one step, by those of a JWK Set (RFC 7517).
// A set that is not taken leaves the ring as it is, and the error, which is
// ErrKeys, says why: it cannot be read, has a private or symmetric key, a key
// without an id or with that of another, or none that verifies RS256, ES256 or
// EdDSA. Keys for other purposes and algorithms are left out, as the RFC has it.
func (r *Keyring) Set(jwks []byte) error {
	r.set.Lock()
	defer r.set.Unlock()
	keys, err := parseKeys(jwks)
	if err != nil {
		err = fmt.Errorf("%w: %w", ErrKeys, err)
		r.held.Store(&held{r.keys(), err})
		return err
	}
	first := len(r.keys()) == 0
	r.held.Store(&held{keys, nil})
	if first {
		close(r.filling())
	}
	return nil
}

// Filled is closed once the ring has keys.
func (r *Keyring) Filled() <-chan struct{} {
	r.set.Lock()
	defer r.set.Unlock()
	return r.filling()
}

func (r *Keyring) filling() chan struct{} {
	if r.filled == nil {
		r.filled = make(chan struct{})
	}
	return r.filled
}

// Refused says why the last Set was not taken, or nil.
func (r *Keyring) Refused() error {
	if h := r.held.Load(); h != nil {
		return h.refused
	}
	return nil
}

// KeyIDs lists the ids of the keys in the ring, in order.
func (r *Keyring) KeyIDs() []string { return slices.Sorted(maps.Keys(r.keys())) }

func (r *Keyring) keys() map[string]*key {
	if h := r.held.Load(); h != nil {
		return h.keys
	}
	return nil
}

func parseKeys(jwks []byte) (map[string]*key, error) {
	if len(jwks) > maxSet {
		return nil, fmt.Errorf("it has %d bytes, more than %d", len(jwks), maxSet)
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(jwks, &set); err != nil {
		return nil, fmt.Errorf("it is not a JWK Set: %w", err)
	}
	if len(set.Keys) > maxKeys {
		return nil, fmt.Errorf("it has %d keys, more than %d", len(set.Keys), maxKeys)
	}
	keys := make(map[string]*key, len(set.Keys))
	for i, raw := range set.Keys {
		kid, k, err := parseKey(raw)
		if err != nil {
			return nil, fmt.Errorf("key %d, %.80q: %w", i, kid, err)
		}
		if k == nil {
			continue
		}
		if keys[kid] != nil {
			return nil, fmt.Errorf("key %d, %.80q: another has that kid", i, kid)
		}
		keys[kid] = k
	}
	if len(keys) == 0 {
		return nil, errors.New("none of its keys verifies RS256, ES256 or EdDSA")
	}
	return keys, nil
}

// parseKey reads a JWK. The key is nil for one that is not for verifying what
// is verified here.
func parseKey(raw []byte) (kid string, k *key, err error) {
	var head struct {
		Kid, Kty, Use, Alg, Crv, K, D string
	}
	// Members are matched by their exact names, in lower case.
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return "", nil, err
	}
	for name, to := range map[string]*string{"kid": &head.Kid, "kty": &head.Kty, "use": &head.Use, "alg": &head.Alg, "crv": &head.Crv, "k": &head.K, "d": &head.D} {
		if m, ok := members[name]; ok {
			if err := json.Unmarshal(m, to); err != nil {
				return head.Kid, nil, fmt.Errorf("%s is no text", name)
			}
		}
	}
	switch {
	case head.Kty == "oct" || head.K != "":
		return head.Kid, nil, errors.New("it is symmetric: whoever verifies with it could sign")
	case head.D != "":
		return head.Kid, nil, errors.New("it is private: it belongs to the signer alone")
	case head.Use != "" && head.Use != "sig":
		return head.Kid, nil, nil
	}
	var alg jose.SignatureAlgorithm
	switch head.Kty + " " + head.Crv {
	case "RSA ":
		alg = jose.RS256
	case "EC P-256":
		alg = jose.ES256
	case "OKP Ed25519":
		alg = jose.EdDSA
	default:
		return head.Kid, nil, nil
	}
	if head.Alg != "" && head.Alg != string(alg) {
		if slices.Contains(algorithms, jose.SignatureAlgorithm(head.Alg)) {
			return head.Kid, nil, fmt.Errorf("it is of the type %s, which is not for %s", head.Kty, head.Alg)
		}
		return head.Kid, nil, nil
	}
	if head.Kid == "" || len(head.Kid) > maxKeyID {
		return head.Kid, nil, fmt.Errorf("its kid must have 1 to %d bytes", maxKeyID)
	}
	var jwk jose.JSONWebKey
	if err := jwk.UnmarshalJSON(raw); err != nil {
		return head.Kid, nil, err
	}
	k = &key{public: jwk.Key, alg: alg}
	switch public := jwk.Key.(type) {
	case *rsa.PublicKey:
		if bits := public.N.BitLen(); bits < minRSABits {
			return head.Kid, nil, fmt.Errorf("an RSA key of %d bits is too weak; %d at least", bits, minRSABits)
		}
	case *ecdsa.PublicKey:
		if public.Curve != elliptic.P256() {
			return head.Kid, nil, errors.New("it is not on the curve that it names")
		}
	case ed25519.PublicKey:
	default:
		return head.Kid, nil, errors.New("it is no public key")
	}
	print, err := jwk.Thumbprint(crypto.SHA256)
	if err != nil {
		return head.Kid, nil, err
	}
	copy(k.thumbprint[:], print)
	return head.Kid, k, nil
}
