package vault

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	vaultapi "github.com/hashicorp/vault/api"
)

// What an error of this package is. The texts are short and name no path, as
// Keeper.Status shows them to everyone; the error around them says the rest.
var (
	ErrAway     = errors.New("vault is away")
	ErrSealed   = errors.New("vault is sealed")
	ErrLogin    = errors.New("vault refuses the login")
	ErrDenied   = errors.New("vault denies access")
	ErrMissing  = errors.New("a secret is missing in vault")
	ErrConflict = errors.New("another has written it meanwhile")
	ErrRefused  = errors.New("a secret in vault cannot be used")

	errNotAsked = errors.New("vault has not answered yet")
	errOther    = errors.New("vault cannot be read")
)

// kind gives an error of Vault's api one of the meanings above. An answer that
// has none of its own (a wrong request) stays as it is.
func kind(err error) error {
	if err == nil {
		return nil
	}
	var answer *vaultapi.ResponseError
	if !errors.As(err, &answer) {
		return fmt.Errorf("%w: %w", ErrAway, err)
	}
	said := strings.Join(strings.Fields(strings.Join(answer.Errors, "; ")), " ")
	switch {
	case answer.StatusCode == http.StatusServiceUnavailable && strings.Contains(strings.ToLower(said), "sealed"):
		return ErrSealed
	case strings.Contains(said, "Upgrading from non-versioned"): // a KV engine just mounted
		return fmt.Errorf("%w: %s", ErrAway, said)
	case answer.StatusCode >= 500 || answer.StatusCode == http.StatusTooManyRequests:
		return fmt.Errorf("%w: %d %s", ErrAway, answer.StatusCode, said)
	case answer.StatusCode == http.StatusForbidden:
		return fmt.Errorf("%w: %s", ErrDenied, said)
	case answer.StatusCode == http.StatusBadRequest && strings.Contains(said, "check-and-set"):
		return ErrConflict
	}
	return fmt.Errorf("vault answers %d: %s", answer.StatusCode, said)
}
