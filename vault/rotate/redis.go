package rotate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/gravitywavesml/gravity_techanalysis/vault"
	"github.com/gravitywavesml/gravity_techanalysis/vault/bootstrap"
)

// Passwords are those of a Redis user, who may have many at once.
type Passwords interface {
	// Hashes are the SHA-256 of each, in hexadecimal.
	Hashes(ctx context.Context, user string) ([]string, error)
	// Add adds one; the others stay.
	Add(ctx context.Context, user, password string) error
	// Only makes it the only one, in one step.
	Only(ctx context.Context, user, password string) error
}

// The steps of the Redis password, in their order. Accept is between them.
const (
	Restore Step = "give Redis the password that Vault has"
	Replace Step = "add a new password at Redis and write it to Vault"
	Use     Step = "wait until every replica uses the new password"
	Remove  Step = "remove the old passwords at Redis"
)

// DecideRedis says what comes next, of the hashes that Redis has and that of the
// password in Vault. fresh and used are as for the signing key.
func DecideRedis(hashes []string, inVault string, fresh, used bool) Step {
	switch {
	case !slices.Contains(hashes, inVault):
		return Restore
	case len(hashes) > 1 && !used:
		return Use
	case len(hashes) > 1:
		return Remove
	case fresh:
		return Replace
	}
	return Done
}

// Redis rotates the password of the service's user.
type Redis struct {
	Client    *vault.Client
	Passwords Passwords
	// Used returns when every replica uses that version of the secret, and an
	// error that says who does not. Without it the rotation stops there.
	Used func(context.Context, vault.Secret) error
	Did  func(Step) // told of each step that is done
}

// Run does every step that can be done now, and returns the one that is left to
// wait for, or Done, and the secret in Vault. A password that Redis has and Vault has not, as after an
// interruption, is removed with the old ones.
func (r Redis) Run(ctx context.Context) (Step, vault.Secret, error) {
	fresh, used := true, false
	for {
		s, err := r.Client.Read(ctx, bootstrap.RedisPath)
		if err != nil {
			return "", s, err
		}
		user, err := s.Get("username")
		if err != nil {
			return "", s, err
		}
		password, err := s.Get("password")
		if err != nil {
			return "", s, err
		}
		hashes, err := r.Passwords.Hashes(ctx, user)
		if err != nil {
			return "", s, fmt.Errorf("ask Redis about the user %s: %w", user, err)
		}
		step := DecideRedis(hashes, hash(password), fresh, used)
		if step != Restore {
			fresh = false
		}
		switch step {
		case Done:
			return step, s, nil
		case Restore:
			err = r.Passwords.Add(ctx, user, password)
		case Replace:
			err = r.replace(ctx, s, user)
		case Use:
			if r.Used == nil {
				return step, s, nil
			}
			if err = r.Used(ctx, s); err == nil {
				used = true
			}
		case Remove:
			err = r.Passwords.Only(ctx, user, password)
		}
		if err != nil {
			return step, s, fmt.Errorf("%s: %w", step, err)
		}
		r.Did(step)
	}
}

// replace: Redis takes the new password before anyone is told of it.
func (r Redis) replace(ctx context.Context, s vault.Secret, user string) error {
	fields := s.Fields()
	fields["password"] = bootstrap.NewPassword()
	if err := r.Passwords.Add(ctx, user, fields["password"]); err != nil {
		return err
	}
	_, err := r.Client.Write(ctx, bootstrap.RedisPath, fields, s.Version())
	return err
}

func hash(password string) string {
	sum := sha256.Sum256([]byte(password))
	return hex.EncodeToString(sum[:])
}
