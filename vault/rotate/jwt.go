// Package rotate replaces the secrets of a running service without a failed
// request: the key that signs tokens, and the password of the Redis user. Where
// a rotation stands is read from Vault and Redis each time, never remembered, so
// that one that was interrupted goes on where it was.
package rotate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/vault"
	"github.com/gravitywavesml/gravity_techanalysis/vault/bootstrap"
	"github.com/gravitywavesml/gravity_techanalysis/vault/signing"
)

// skew is how far clocks may be apart: a verifier allows tokens 30 s.
const skew = time.Minute

// Keys is where the rotation of the signing key stands.
type Keys struct {
	Signing signing.Key  // signs now
	Next    *signing.Key // will sign
	Retired string       // kid of the one that signed before
	Until   time.Time    // when its last token has ended
	Public  signing.Set

	private       vault.Secret
	publicVersion int
}

// PublicVersion is the version of the public set in Vault.
func (k Keys) PublicVersion() int { return k.publicVersion }

// A Step of a rotation.
type Step string

// The steps of the signing key, in their order.
const (
	Generate Step = "make the next key"
	Publish  Step = "publish the public keys"
	Accept   Step = "wait until every verifier accepts the next key"
	Sign     Step = "sign with the next key"
	Outlive  Step = "wait until the last token of the old key has ended"
	Drop     Step = "drop the old public key"
	Forget   Step = "forget the old key"
	Done     Step = "done"
)

// DecideJWT says what comes next. fresh: nothing was done yet in this run, so a
// rotation may begin. accepted: every verifier accepts the next key. leaked: the
// old key is in wrong hands, and its tokens need not live on.
func DecideJWT(k Keys, now time.Time, fresh, accepted, leaked bool) Step {
	switch {
	case !k.Public.Has(k.Signing.KeyID()) || k.Next != nil && !k.Public.Has(k.Next.KeyID()):
		return Publish
	case k.Retired != "" && !k.Public.Has(k.Retired):
		return Forget
	case k.Next != nil && !accepted:
		return Accept
	case k.Next != nil:
		return Sign
	case k.Retired != "" && now.Before(k.Until) && !leaked:
		return Outlive
	case k.Retired != "":
		return Drop
	case fresh:
		return Generate
	}
	return Done
}

// ReadKeys reads where the rotation stands.
func ReadKeys(ctx context.Context, c *vault.Client) (Keys, error) {
	private, err := c.Read(ctx, bootstrap.OperatorsJWTPath)
	if err != nil {
		return Keys{}, err
	}
	k := Keys{private: private}
	text, err := private.Get("jwk")
	if err != nil {
		return Keys{}, err
	}
	if k.Signing, err = signing.ParseKey(text); err != nil {
		return Keys{}, fmt.Errorf("%s: %w", private.Path(), err)
	}
	fields := private.Fields()
	if text := fields["next_jwk"]; text != "" {
		next, err := signing.ParseKey(text)
		if err != nil {
			return Keys{}, fmt.Errorf("%s: %w", private.Path(), err)
		}
		k.Next = &next
	}
	if k.Retired = fields["retired_kid"]; k.Retired != "" {
		if k.Until, err = time.Parse(time.RFC3339, fields["retired_until"]); err != nil {
			return Keys{}, fmt.Errorf("%s: retired_until is not a time", private.Path())
		}
	}
	k.Public, k.publicVersion, err = bootstrap.PublicSet(ctx, c)
	if errors.Is(err, vault.ErrMissing) {
		err = nil // the first step publishes it
	}
	return k, err
}

// JWT rotates the signing key.
type JWT struct {
	Client *vault.Client
	Now    func() time.Time
	// Accepted returns when every verifier accepts the next key, and an error
	// that says who does not. Without it the rotation stops there.
	Accepted func(context.Context, Keys) error
	Leaked   bool
	Did      func(Step) // told of each step that is done
}

// Run does every step that can be done now, and returns the one that is left to
// wait for, or Done, and where the keys stand. A run begins one rotation, unless
// one is under way: then it goes on with that.
func (r JWT) Run(ctx context.Context) (Step, Keys, error) {
	fresh, accepted := true, false
	for {
		k, err := ReadKeys(ctx, r.Client)
		if err != nil {
			return "", Keys{}, err
		}
		step := DecideJWT(k, r.Now(), fresh, accepted, r.Leaked)
		if step != Publish { // repairing the set begins no rotation
			fresh = false
		}
		switch step {
		case Done, Outlive:
			return step, k, nil
		case Accept:
			if r.Accepted == nil {
				return step, k, nil
			}
			if err = r.Accepted(ctx, k); err == nil {
				accepted = true
			}
		default:
			err = r.do(ctx, step, k)
		}
		if err != nil {
			return step, k, fmt.Errorf("%s: %w", step, err)
		}
		r.Did(step)
	}
}

func (r JWT) do(ctx context.Context, step Step, k Keys) error {
	fields := k.private.Fields()
	switch step {
	case Generate:
		next, err := signing.NewKey()
		if err != nil {
			return err
		}
		if fields["next_jwk"], err = next.JSON(); err != nil {
			return err
		}
		fields["next_kid"] = next.KeyID()
	case Publish:
		if _, err := bootstrap.Publish(ctx, r.Client, k.Signing); err != nil || k.Next == nil {
			return err
		}
		_, err := bootstrap.Publish(ctx, r.Client, *k.Next)
		return err
	case Sign:
		fields["retired_kid"] = k.Signing.KeyID()
		fields["retired_until"] = r.Now().Add(signing.MaxLife + skew).UTC().Format(time.RFC3339)
		fields["kid"], fields["jwk"] = fields["next_kid"], fields["next_jwk"]
		delete(fields, "next_kid")
		delete(fields, "next_jwk")
	case Drop:
		return bootstrap.WritePublicSet(ctx, r.Client, k.Public.Without(k.Retired), k.publicVersion)
	case Forget:
		delete(fields, "retired_kid")
		delete(fields, "retired_until")
	}
	_, err := r.Client.Write(ctx, bootstrap.OperatorsJWTPath, fields, k.private.Version())
	return err
}
