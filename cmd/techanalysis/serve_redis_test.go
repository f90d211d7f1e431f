package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/host"
	"github.com/gravitywavesml/gravity_techanalysis/vault"
	"github.com/gravitywavesml/gravity_techanalysis/vault/bootstrap"
)

// TestRedisUserOfServe: the service asks Vault who it is at Redis, unless it is told.
func TestRedisUserOfServe(t *testing.T) {
	nobody := vault.Config{Addr: "http://127.0.0.1:1", Token: "none", Mount: "secret"}
	for name, c := range map[string]struct {
		told  host.Config
		vault bool
	}{
		"nothing": {host.Config{}, true},
		"told":    {host.Config{RedisUsername: "me", RedisPassword: "secret"}, false},
	} {
		s := secrets{Config: nobody, poll: time.Hour}
		err := s.serve(t.Context(), c.told, slog.New(slog.NewTextHandler(io.Discard, nil)), func(ctx context.Context, got host.Config) error {
			if (got.RedisCredentials != nil) != c.vault {
				return errors.New("asks the wrong one")
			}
			if !c.vault {
				return nil
			}
			if err := s.redis.take(vault.NewSecret(bootstrap.RedisPath, 1, map[string]string{"username": "u", "password": "p"})); err != nil {
				return err
			}
			user, password, err := got.RedisCredentials(ctx)
			if user != "u" || password != "p" {
				return errors.New("it is another user")
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
