package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/pflag"

	"github.com/gravitywavesml/gravity_techanalysis/host"
	"github.com/gravitywavesml/gravity_techanalysis/host/identity"
	"github.com/gravitywavesml/gravity_techanalysis/vault"
	"github.com/gravitywavesml/gravity_techanalysis/vault/bootstrap"
)

// secrets is where the service has its secrets from, when it is Vault.
type secrets struct {
	vault.Config
	poll  time.Duration
	redis redisUser
}

// addVault adds the settings of Vault.
func addVault(f *pflag.FlagSet, s *secrets) {
	addVaultServer(f, &s.Config)
	f.StringVar(&s.TokenFile, "vault-token-file", "/var/run/secrets/vault/token", "`FILE` with the pod's projected token, which logs in")
	f.DurationVar(&s.poll, "vault-poll", 15*time.Second, "how often secrets are read anew")
}

// addVaultServer adds the settings that the service and the operator share.
func addVaultServer(f *pflag.FlagSet, c *vault.Config) {
	f.StringVar(&c.Addr, "vault-addr", "", "`URL` of Vault; none: no secret is read from it")
	f.StringVar(&c.Token, "vault-token", "", "`TOKEN` of Vault, in place of a login; set it by the environment, where no list of processes shows it")
	f.StringVar(&c.Mount, "vault-mount", "secret", "`MOUNT` of the KV engine, version 2")
	f.StringVar(&c.AuthMount, "vault-auth-mount", "kubernetes", "`MOUNT` of the Kubernetes auth method")
	f.StringVar(&c.Role, "vault-role", "technical-analysis", "`ROLE` of the service at the Kubernetes auth method")
}

// keeper returns what keeps the secrets up to date. keys is told each JWK Set
// that verifies tokens; nil: nobody is asked for a token, or a file has the set.
func (s *secrets) keeper(log *slog.Logger, keys func(jwks []byte) error) (*vault.Keeper, error) {
	if s.poll < time.Second {
		return nil, fmt.Errorf("%w: vault-poll must be at least 1s", host.ErrConfig)
	}
	client, err := vault.NewClient(s.Config)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", host.ErrConfig, err)
	}
	k := vault.NewKeeper(client, s.poll, log)
	if keys != nil {
		k.Keep(bootstrap.JWTPath, func(secret vault.Secret) error {
			jwks, err := secret.Get("jwks")
			if err != nil {
				return err
			}
			return keys([]byte(jwks))
		})
	}
	k.Keep(bootstrap.RedisPath, s.redis.take)
	return k, nil
}

// serve serves with c and, beside it, keeps the secrets, until the service has
// drained. The host itself waits for the first keys before it is ready.
func (s *secrets) serve(ctx context.Context, c host.Config, log *slog.Logger, serve func(context.Context, host.Config) error) error {
	if s.Addr == "" {
		return serve(ctx, c)
	}
	var keys func(jwks []byte) error
	if c.Issuer != "" && c.JWKSFile == "" {
		c.Keys = new(identity.Keyring)
		keys = c.Keys.Set
	}
	k, err := s.keeper(log, keys)
	if err != nil {
		return err
	}
	if c.RedisUsername == "" && c.RedisPassword == "" {
		c.RedisCredentials = s.redis.credentials
	}
	c.Checks = map[string]func() string{"vault": k.Status}
	c.SecretVersions = k.Versions
	keeping, stop := context.WithCancel(context.WithoutCancel(ctx))
	var kept sync.WaitGroup
	kept.Go(func() { k.Run(keeping) })
	defer kept.Wait()
	defer stop()
	return serve(ctx, c)
}

// redisUser is the user and password of Redis, as Vault had them last.
type redisUser struct{ last atomic.Pointer[vault.Secret] }

// take keeps a version that has both.
func (u *redisUser) take(s vault.Secret) error {
	for _, field := range []string{"username", "password"} {
		if _, err := s.Get(field); err != nil {
			return err
		}
	}
	u.last.Store(&s)
	return nil
}

// credentials are those of new connections.
func (u *redisUser) credentials(context.Context) (username, password string, err error) {
	s := u.last.Load()
	if s == nil {
		return "", "", errors.New("not told by Vault yet")
	}
	if username, err = s.Get("username"); err != nil {
		return "", "", err
	}
	password, err = s.Get("password")
	return username, password, err
}
