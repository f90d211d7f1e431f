package main

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/gravitywavesml/gravity_techanalysis/vault/rotate"
)

// TestRedisRules: the service's user at Redis may do what the plugin store does,
// under its prefix, and nothing else.
func TestRedisRules(t *testing.T) {
	addr := os.Getenv("REDIS_ADDR")
	if addr == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("REDIS_ADDR is not set, and CI skips no test")
		}
		t.Skip("REDIS_ADDR is not set: no real Redis to test with")
	}
	const name, password = "technical-analysis-rules", "p"
	acl := rotate.NewACL(addr, os.Getenv("REDIS_USERNAME"), os.Getenv("REDIS_PASSWORD"))
	defer acl.Close()
	if _, err := acl.Ensure(t.Context(), name, password, redisRules); err != nil {
		t.Fatal(err)
	}
	admin := redis.NewClient(&redis.Options{Addr: addr, Username: os.Getenv("REDIS_USERNAME"), Password: os.Getenv("REDIS_PASSWORD")})
	defer admin.Close()
	defer admin.Do(context.Background(), "ACL", "DELUSER", name)
	defer admin.Del(context.Background(), "ta:rules", "ta:rules:table", "ta:rules:log")

	c := redis.NewClient(&redis.Options{Addr: addr, Username: name, Password: password})
	defer c.Close()
	ctx := t.Context()
	for what, does := range map[string]func() error{
		"ping": func() error { return c.Ping(ctx).Err() },
		"set":  func() error { return c.Set(ctx, "ta:rules", "1", 0).Err() },
		"transaction": func() error {
			return c.Watch(ctx, func(tx *redis.Tx) error {
				if err := tx.HGet(ctx, "ta:rules:table", "version").Err(); err != nil && err != redis.Nil {
					return err
				}
				_, err := tx.TxPipelined(ctx, func(p redis.Pipeliner) error {
					p.HSet(ctx, "ta:rules:table", "version", 1)
					p.Exists(ctx, "ta:rules")
					p.Publish(ctx, "ta:rules:table", 1)
					return nil
				})
				return err
			}, "ta:rules:table")
		},
		"audit log": func() error {
			return c.Watch(ctx, func(tx *redis.Tx) error {
				if err := tx.LRange(ctx, "ta:rules:log", -1, -1).Err(); err != nil {
					return err
				}
				_, err := tx.TxPipelined(ctx, func(p redis.Pipeliner) error {
					p.RPush(ctx, "ta:rules:log", "{}")
					return nil
				})
				return err
			}, "ta:rules:log")
		},
		"subscribe": func() error {
			s := c.Subscribe(ctx, "ta:rules:table")
			defer s.Close()
			_, err := s.Receive(ctx)
			return err
		},
	} {
		if err := does(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, does := range map[string]func() error{
		"another's key":      func() error { return c.Get(ctx, "others").Err() },
		"another's channel":  func() error { return c.Publish(ctx, "others", "").Err() },
		"keys":               func() error { return c.Keys(ctx, "*").Err() },
		"a log made shorter": func() error { return c.LTrim(ctx, "ta:rules:log", 1, 0).Err() },
		"a log changed":      func() error { return c.LSet(ctx, "ta:rules:log", 0, "{}").Err() },
		"a log taken away":   func() error { return c.Del(ctx, "ta:rules:log").Err() },
		"flush":              func() error { return c.FlushDB(ctx).Err() },
		"users":              func() error { return c.Do(ctx, "ACL", "LIST").Err() },
		"configuration":      func() error { return c.ConfigGet(ctx, "*").Err() },
	} {
		if err := does(); err == nil || !strings.HasPrefix(err.Error(), "NOPERM") {
			t.Errorf("%s: %v, want it refused", what, err)
		}
	}
}
