package identity

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/maypok86/otter/v2"
)

// What a Verifier says of a token. What is wrong with it in particular is in
// the text of the error, for the log: whoever sends bad tokens is told no more
// than which of these it is.
var (
	ErrMissing = errors.New("the request has no token")
	ErrExpired = errors.New("the token has expired")
	ErrInvalid = errors.New("the token is not valid")
	// ErrNoKeys is not the caller's fault: there is nothing to verify with yet.
	ErrNoKeys = errors.New("there are no keys to verify tokens with")
)

// Limits of a token.
const (
	MaxToken   = 8 << 10 // bytes
	maxSubject = 256     // bytes
	skew       = 30 * time.Second
	// lastDate is the end of the year 9999, in Unix seconds.
	lastDate = 253402300799
)

// algorithms are those that a token may be signed with. Each is for one type of
// key, so a token cannot have a key used for what it was not made for.
var algorithms = []jose.SignatureAlgorithm{jose.RS256, jose.ES256, jose.EdDSA}

// cached is how many tokens are remembered: one takes about 500 bytes.
const cached = 4096

// Rules are what a token must be like.
type Rules struct {
	Issuer   string           // the claim iss, exactly
	Audience string           // one of the claim aud
	Now      func() time.Time // the time; time.Now where it is nil
}

// Verifier verifies tokens: JWTs (RFC 7519) in the compact form, signed with a
// key of its Keyring, as RFC 8725 would have it. It is safe for concurrent use.
type Verifier struct {
	rules Rules
	keys  *Keyring
	known *otter.Cache[[sha256.Size]byte, *verified]
}

// verified is a token that was found good, by the digest of its bytes. It holds
// as long as its key is in the ring and its time has not run out.
type verified struct {
	principal Principal
	kid       string
	key       [32]byte // the key's thumbprint
	expiry    time.Time
}

// NewVerifier returns a Verifier with the keys of a ring, now and as they
// change.
func NewVerifier(rules Rules, keys *Keyring) (*Verifier, error) {
	if rules.Issuer == "" || rules.Audience == "" {
		return nil, errors.New("a verifier needs an issuer and an audience")
	}
	if rules.Now == nil {
		rules.Now = time.Now
	}
	known, err := otter.New(&otter.Options[[sha256.Size]byte, *verified]{MaximumSize: cached})
	if err != nil {
		return nil, fmt.Errorf("make the cache of tokens: %w", err)
	}
	return &Verifier{rules, keys, known}, nil
}

// Issuer is whose tokens are verified.
func (v *Verifier) Issuer() string { return v.rules.Issuer }

// Bearer returns the token of a request (RFC 6750, 2.1), or an error that is
// ErrMissing or ErrInvalid.
func Bearer(h http.Header) (string, error) {
	values := h.Values("Authorization")
	switch len(values) {
	case 0:
		return "", ErrMissing
	case 1:
	default:
		return "", fmt.Errorf("%w: there are %d headers Authorization", ErrInvalid, len(values))
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", ErrMissing
	}
	return strings.Trim(token, " "), nil
}

// Verify says who the bearer of a token is. The error is ErrInvalid, ErrExpired
// or ErrNoKeys.
func (v *Verifier) Verify(token string) (Principal, error) {
	if len(token) > MaxToken {
		return Principal{}, fmt.Errorf("%w: it has %d bytes, more than %d", ErrInvalid, len(token), MaxToken)
	}
	keys := v.keys.keys()
	if len(keys) == 0 {
		return Principal{}, ErrNoKeys
	}
	digest := sha256.Sum256([]byte(token))
	now := v.rules.Now()
	if found, ok := v.known.GetIfPresent(digest); ok {
		if k := keys[found.kid]; k != nil && k.thumbprint == found.key && !now.After(found.expiry) {
			return found.principal, nil
		}
		v.known.Invalidate(digest) // what is wrong with it, the long way says
	}
	found, err := v.verify(token, keys, now)
	if err != nil {
		return Principal{}, err
	}
	v.known.Set(digest, found)
	return found.principal, nil
}

// claims are what is read of a token.
type claims struct {
	jwt.Claims
	Scope string `json:"scope"`
}

// verify looks at the token itself.
func (v *Verifier) verify(token string, keys map[string]*key, now time.Time) (*verified, error) {
	t, err := jwt.ParseSigned(token, algorithms)
	if err != nil {
		return nil, fmt.Errorf("%w: parse it: %w", ErrInvalid, err)
	}
	head := t.Headers[0]
	k := keys[head.KeyID]
	switch {
	case head.KeyID == "":
		return nil, fmt.Errorf("%w: it names no key: kid is missing", ErrInvalid)
	case k == nil:
		return nil, fmt.Errorf("%w: the key %.80q is not in the ring", ErrInvalid, head.KeyID)
	case head.Algorithm != string(k.alg):
		return nil, fmt.Errorf("%w: it is signed with %.20q, and the key %.80q is for %s", ErrInvalid, head.Algorithm, head.KeyID, k.alg)
	}
	if typ := head.ExtraHeaders[jose.HeaderType]; typ != nil {
		// Of another type would be what is signed for another purpose (RFC 8725, 3.11).
		name, ok := typ.(string)
		if !ok || !strings.EqualFold(name, "JWT") && !strings.EqualFold(name, "at+jwt") {
			return nil, fmt.Errorf("%w: its type is %.40q", ErrInvalid, fmt.Sprint(typ))
		}
	}
	var c claims
	if err := t.Claims(k.public, &c); err != nil {
		return nil, fmt.Errorf("%w: verify it with the key %.80q: %w", ErrInvalid, head.KeyID, err)
	}
	if err := v.check(&c, now); err != nil {
		return nil, err
	}
	return &verified{
		principal: Principal{c.Subject, ParseScopes(c.Scope)},
		kid:       head.KeyID, key: k.thumbprint, expiry: c.Expiry.Time().Add(skew),
	}, nil
}

// check holds the claims of a token with a good signature to the rules.
func (v *Verifier) check(c *claims, now time.Time) error {
	if c.Expiry == nil {
		return fmt.Errorf("%w: it never expires: exp is missing", ErrInvalid)
	}
	if c.Subject == "" || len(c.Subject) > maxSubject {
		return fmt.Errorf("%w: sub must have 1 to %d bytes", ErrInvalid, maxSubject)
	}
	for name, date := range map[string]*jwt.NumericDate{"exp": c.Expiry, "nbf": c.NotBefore, "iat": c.IssuedAt} {
		if date != nil && (*date < 0 || *date > lastDate) {
			return fmt.Errorf("%w: %s is no date", ErrInvalid, name)
		}
	}
	err := c.ValidateWithLeeway(jwt.Expected{Issuer: v.rules.Issuer, AnyAudience: jwt.Audience{v.rules.Audience}, Time: now}, skew)
	switch {
	case errors.Is(err, jwt.ErrExpired):
		return fmt.Errorf("%w: at %s", ErrExpired, c.Expiry.Time().UTC().Format(time.RFC3339))
	case errors.Is(err, jwt.ErrInvalidIssuer):
		return fmt.Errorf("%w: its issuer is %.80q", ErrInvalid, c.Issuer)
	case errors.Is(err, jwt.ErrInvalidAudience):
		return fmt.Errorf("%w: its audience is %.80q", ErrInvalid, fmt.Sprint(c.Audience))
	case err != nil:
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return nil
}
