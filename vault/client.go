// Package vault gives the service its secrets from HashiCorp Vault: a Client
// logs in with the pod's projected token and reads the KV engine, a Keeper keeps
// a set of paths up to date and tells their users, a Secret shows itself to
// nobody. It knows nothing of what the secrets are for, and alone imports
// Vault's api.
package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	vaultapi "github.com/hashicorp/vault/api"
)

// Config says where Vault is and who asks.
type Config struct {
	Addr  string // http://vault.vault.svc:8200
	Mount string // of the KV engine, version 2

	// Token is an operator's. Without it the client logs in as a pod does.
	Token     string
	AuthMount string // of the Kubernetes auth method
	Role      string
	TokenFile string // the projected service-account token
}

// A Client reads and writes secrets. It logs in when it first needs to, renews
// its token before it ends, and logs in again when that is refused. It may be
// used by many goroutines.
type Client struct {
	config Config
	api    *vaultapi.Client

	mu       sync.Mutex // one login or renewal at a time
	lease    *lease     // nil: not logged in
	spread   float64
	policies []string
}

// NewClient returns a Client; it does not call Vault. The variables of Vault's
// own tools that say how to reach it, such as VAULT_CACERT and VAULT_NAMESPACE,
// count here too.
func NewClient(c Config) (*Client, error) {
	settings := vaultapi.DefaultConfig()
	if settings.Error != nil {
		return nil, fmt.Errorf("read Vault's settings: %w", settings.Error)
	}
	settings.Address, settings.AgentAddress = c.Addr, ""
	settings.MaxRetries = 0 // the Keeper waits between attempts, an operator sees the error
	api, err := vaultapi.NewClient(settings)
	if err != nil {
		return nil, fmt.Errorf("make a client of Vault at %s: %w", c.Addr, err)
	}
	api.SetToken(c.Token)
	return &Client{config: c, api: api}, nil
}

// Mount is the KV engine that the Client reads.
func (c *Client) Mount() string { return c.config.Mount }

// Read reads the newest version of a path of the KV engine.
func (c *Client) Read(ctx context.Context, path string) (Secret, error) {
	full := c.config.Mount + "/data/" + path
	answer, err := c.ask(ctx, "read", full, func() (*vaultapi.Secret, error) {
		return c.api.Logical().ReadWithContext(ctx, full)
	})
	if err != nil {
		return Secret{}, err
	}
	if answer == nil || answer.Data["data"] == nil {
		// A deleted version answers 404, too, with its metadata.
		return Secret{}, fmt.Errorf("%w: %s has no version; techanalysis vault bootstrap writes the first", ErrMissing, full)
	}
	return parse(path, full, answer.Data)
}

// parse reads what the KV engine answers.
func parse(path, full string, answer map[string]any) (Secret, error) {
	data, _ := answer["data"].(map[string]any)
	metadata, _ := answer["metadata"].(map[string]any)
	number, _ := metadata["version"].(json.Number)
	version, err := number.Int64()
	if data == nil || err != nil {
		return Secret{}, fmt.Errorf("%w: %s is not of a KV engine of version 2", ErrRefused, full)
	}
	created, _ := metadata["created_time"].(string)
	at, err := time.Parse(time.RFC3339Nano, created)
	if err != nil {
		return Secret{}, fmt.Errorf("%w: %s has the created_time %q", ErrRefused, full, created)
	}
	fields := map[string]string{}
	for name, value := range data {
		text, ok := value.(string)
		if !ok {
			return Secret{}, fmt.Errorf("%w: the field %q of %s is not a text", ErrRefused, name, full)
		}
		fields[name] = text
	}
	s := NewSecret(path, int(version), fields)
	s.created = at
	return s, nil
}

// Write writes a path of the KV engine when its newest version is still the one
// given (0: there is none), and returns the new version; else it is ErrConflict.
func (c *Client) Write(ctx context.Context, path string, fields map[string]string, version int) (int, error) {
	full := c.config.Mount + "/data/" + path
	answer, err := c.ask(ctx, "write", full, func() (*vaultapi.Secret, error) {
		return c.api.Logical().WriteWithContext(ctx, full, map[string]any{
			"data": fields, "options": map[string]any{"cas": version},
		})
	})
	if err != nil {
		return 0, err
	}
	if answer == nil {
		return 0, fmt.Errorf("%w: %s is not of a KV engine of version 2", ErrRefused, full)
	}
	number, _ := answer.Data["version"].(json.Number)
	written, err := number.Int64()
	if err != nil {
		return 0, fmt.Errorf("%w: %s is not of a KV engine of version 2", ErrRefused, full)
	}
	return int(written), nil
}

// ReadConfig reads any path of Vault's API, for those who set Vault up; nil is
// nothing there.
func (c *Client) ReadConfig(ctx context.Context, path string) (map[string]any, error) {
	answer, err := c.ask(ctx, "read", path, func() (*vaultapi.Secret, error) {
		return c.api.Logical().ReadWithContext(ctx, path)
	})
	if err != nil || answer == nil {
		return nil, err
	}
	return answer.Data, nil
}

// WriteConfig writes any path of Vault's API, for those who set Vault up.
func (c *Client) WriteConfig(ctx context.Context, path string, body map[string]any) error {
	_, err := c.ask(ctx, "write", path, func() (*vaultapi.Secret, error) {
		return c.api.Logical().WriteWithContext(ctx, path, body)
	})
	return err
}

// ask calls Vault with a token that lives. Vault answers the same to a token
// that is no more and to one that may not: when it is no more, ask logs in and
// calls once again.
func (c *Client) ask(ctx context.Context, verb, path string, call func() (*vaultapi.Secret, error)) (*vaultapi.Secret, error) {
	if err := c.session(ctx); err != nil {
		return nil, err
	}
	answer, err := call()
	if errors.Is(kind(err), ErrDenied) && !c.lives(ctx) {
		if err := c.session(ctx); err != nil {
			return nil, err
		}
		answer, err = call()
	}
	switch meant := kind(err); {
	case err == nil:
		return answer, nil
	case errors.Is(meant, ErrDenied):
		return nil, c.denied(verb, path)
	default:
		return nil, fmt.Errorf("%s %s: %w", verb, path, meant)
	}
}

// denied says which line of a policy is wanting.
func (c *Client) denied(verb, path string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	capability := map[string]string{"read": "read", "write": "update"}[verb]
	return fmt.Errorf("%s %s: %w: the token has the policies %s, and none with path %q { capabilities = [%q] }",
		verb, path, ErrDenied, strings.Join(c.policies, ", "), path, capability)
}

// lives asks Vault whether the token is still one, and forgets it if it is not.
func (c *Client) lives(ctx context.Context) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := c.api.Auth().Token().LookupSelfWithContext(ctx)
	if errors.Is(kind(err), ErrDenied) {
		c.lease = nil
		return false
	}
	return true
}

// session makes sure that there is a token that lives.
func (c *Client) session(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	todo := login
	if c.lease != nil {
		todo = c.lease.needs(time.Now(), c.spread)
	}
	if todo == renewal {
		err := c.renew(ctx)
		if err == nil || errors.Is(err, ErrSealed) {
			return err
		}
		todo = login // past its greatest life, Vault answers 500; if it is away, so is the login
	}
	if todo == login {
		if c.config.Token != "" {
			return c.lookup(ctx)
		}
		return c.login(ctx)
	}
	return nil
}

// renew begins the token's life anew.
func (c *Client) renew(ctx context.Context) error {
	answer, err := c.api.Auth().Token().RenewSelfWithContext(ctx, int(c.lease.full/time.Second))
	if err != nil {
		return fmt.Errorf("renew the token: %w", kind(err))
	}
	c.begin(answer.Auth, c.lease.full)
	return nil
}

// login is Kubernetes auth. The kubelet writes another token into the file long
// before the last one ends, so it is read each time.
func (c *Client) login(ctx context.Context) error {
	path := "auth/" + c.config.AuthMount + "/login"
	token, err := os.ReadFile(c.config.TokenFile)
	if err != nil {
		return fmt.Errorf("%w: read the projected token: %w", ErrLogin, err)
	}
	answer, err := c.api.Logical().WriteWithContext(ctx, path, map[string]any{
		"role": c.config.Role, "jwt": strings.TrimSpace(string(token)),
	})
	switch meant := kind(err); {
	case errors.Is(meant, ErrAway) || errors.Is(meant, ErrSealed):
		return fmt.Errorf("log in: %w", meant)
	case err != nil:
		return fmt.Errorf("%w: %s with the role %q and the token in %s: %w",
			ErrLogin, path, c.config.Role, c.config.TokenFile, meant)
	case answer == nil || answer.Auth == nil:
		return fmt.Errorf("%w: %s answers without a token", ErrLogin, path)
	}
	c.api.SetToken(answer.Auth.ClientToken)
	c.begin(answer.Auth, 0)
	return nil
}

// begin notes a new life; full is 0 for that of a login.
func (c *Client) begin(auth *vaultapi.SecretAuth, full time.Duration) {
	life := time.Duration(auth.LeaseDuration) * time.Second
	if full == 0 {
		full = life
	}
	c.lease = &lease{begun: time.Now(), life: life, full: full, renewable: auth.Renewable}
	c.policies = slices.Sorted(slices.Values(auth.Policies))
	c.spread = rand.Float64()
}

// lookup is the login of a token that was given.
func (c *Client) lookup(ctx context.Context) error {
	answer, err := c.api.Auth().Token().LookupSelfWithContext(ctx)
	switch meant := kind(err); {
	case errors.Is(meant, ErrDenied):
		return fmt.Errorf("%w: the token that was given is unknown or has ended", ErrLogin)
	case err != nil:
		return fmt.Errorf("look up the token: %w", meant)
	}
	life, err := answer.TokenTTL()
	if err != nil {
		return fmt.Errorf("look up the token: %w", err)
	}
	renewable, err := answer.TokenIsRenewable()
	if err != nil {
		return fmt.Errorf("look up the token: %w", err)
	}
	policies, err := answer.TokenPolicies()
	if err != nil {
		return fmt.Errorf("look up the token: %w", err)
	}
	c.lease = &lease{begun: time.Now(), life: life, full: life, renewable: renewable}
	c.policies = slices.Sorted(slices.Values(policies))
	c.spread = rand.Float64()
	return nil
}

// due is when the token wants renewing; the zero time is never.
func (c *Client) due() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lease == nil {
		return time.Time{}
	}
	return c.lease.due(c.spread)
}

// Close gives the token back that a login got.
func (c *Client) Close(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lease == nil || c.config.Token != "" {
		return nil
	}
	c.lease = nil
	return kind(c.api.Auth().Token().RevokeSelfWithContext(ctx, ""))
}
