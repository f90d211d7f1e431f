package plugin

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/gravitywavesml/gravity_techanalysis/host/plugin/redistest"
)

// commands are what the user of a replica needs, as docs/plugins.md lists them.
var commands = strings.Fields("+hello +auth +ping +exists +get +set +hget +hmget +hset +lrange +rpush +watch +unwatch +multi +exec +publish +subscribe +unsubscribe")

// allow gives a user what a replica needs under the prefix of the fleet, and
// the password, beside those that it has.
func (f fleet) allow(s *redistest.Server, user, password string) {
	args := []any{"ACL", "SETUSER", user, "on", ">" + password, "~" + f.Prefix + "*", "&" + f.Prefix + "*", "-@all"}
	for _, c := range commands {
		args = append(args, c)
	}
	s.Do(args...)
}

// secret is a user and a password that can be replaced.
type secret struct{ now atomic.Pointer[[2]string] }

func (s *secret) set(user, password string) { s.now.Store(&[2]string{user, password}) }

func (s *secret) credentials(context.Context) (string, string, error) {
	now := s.now.Load()
	if now == nil {
		return "", "", errors.New("not read yet")
	}
	return now[0], now[1], nil
}

// working changes plugins through both replicas until it is told to stop, and
// then gives the errors and how many changes there were.
func working(a, b *replica) (stop func() (int, error)) {
	ctx, cancel := context.WithCancel(context.Background())
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		done int
		errs []error
	)
	for i, r := range []*replica{a, b} {
		wg.Go(func() {
			name := fmt.Sprintf("working_%d", i)
			for n := 0; ctx.Err() == nil; n++ {
				// Never the context of the loop: stopping is to fail nothing.
				_, _, err := r.Upload(context.Background(), module(name, fmt.Sprintf("%d.0.0", n%20)), true)
				select {
				case r.worked <- struct{}{}:
				default:
				}
				mu.Lock()
				done++
				if err != nil {
					errs = append(errs, fmt.Errorf("%s: %w (%w)", name, err, Cause(err)))
				}
				mu.Unlock()
			}
		})
	}
	return func() (int, error) {
		cancel()
		wg.Wait()
		return done, errors.Join(errs...)
	}
}

// TestPanicReleases: a call that panics leaves the pool to be closed, which the
// next rotation of the password waits for.
func TestPanicReleases(t *testing.T) {
	c := connection{config: RedisConfig{Addr: "127.0.0.1:1"}}
	func() {
		defer func() { _ = recover() }()
		_ = c.use(t.Context(), callTimeout, func(context.Context, *redis.Client) error { panic("a bug") })
	}()
	p := c.current.Load()
	if !p.inUse.TryLock() {
		t.Fatal("the pool is still in use")
	}
	p.inUse.Unlock()
	c.close()
}

// TestRotation: credentials change while plugins are being uploaded, and not
// one upload fails.
func TestRotation(t *testing.T) {
	for name, rotate := range map[string]func(t *testing.T, f fleet, server *redistest.Server, s *secret, a, b *replica){
		"the password, the old one then removed": func(t *testing.T, f fleet, server *redistest.Server, s *secret, a, b *replica) {
			f.allow(server, "ta", "new")
			s.set("ta", "new")
			server.Do("ACL", "SETUSER", "ta", "<old")
			// What was connected before is cut, so all must authenticate again.
			server.Do("CLIENT", "KILL", "USER", "ta")
		},
		"the password, and connections cut again and again": func(t *testing.T, f fleet, server *redistest.Server, s *secret, a, b *replica) {
			f.allow(server, "ta", "new")
			s.set("ta", "new")
			// Far enough apart that the two tries of a call do not both meet one.
			for range 30 {
				server.Do("CLIENT", "KILL", "USER", "ta")
				<-a.worked
				<-a.worked
			}
		},
		"the user, the old one then deleted": func(t *testing.T, f fleet, server *redistest.Server, s *secret, a, b *replica) {
			f.allow(server, "tb", "new")
			s.set("tb", "new")
			for _, r := range []*replica{a, b} {
				r.await(t, "the new credentials are in use", func() bool { p := r.redis.conn.current.Load(); return p.user == "tb" })
			}
			server.Do("ACL", "DELUSER", "ta")
		},
		"the user, the old one deleted at once": func(t *testing.T, f fleet, server *redistest.Server, s *secret, a, b *replica) {
			f.allow(server, "tb", "new")
			s.set("tb", "new")
			server.Do("ACL", "DELUSER", "ta")
		},
		"known here before Redis knows it": func(t *testing.T, f fleet, server *redistest.Server, s *secret, a, b *replica) {
			s.set("tb", "new")
			for _, r := range []*replica{a, b} {
				<-r.synced
				<-r.synced // at least one that began after
				if p := r.redis.conn.current.Load(); p.user != "ta" {
					t.Errorf("the user is %s, which Redis does not know", p.user)
				}
			}
			f.allow(server, "tb", "new")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := redistest.Start(t)
			f := fleetOf(server.Addr)
			f.allow(server, "ta", "old")
			var s secret
			s.set("ta", "old")
			f.Credentials = s.credentials
			a, b := f.start(t, t.TempDir()), f.start(t, t.TempDir())
			stop := working(a, b)
			rotate(t, f, server, &s, a, b)
			want := s.now.Load()[0]
			for _, r := range []*replica{a, b} {
				r.await(t, "the new credentials are in use", func() bool {
					p := r.redis.conn.current.Load()
					return p.user == want && p.password == "new"
				})
			}
			// Also of those that wait for notifications.
			f.subscribed(t, server, 2)
			if done, err := stop(); err != nil || done == 0 {
				t.Errorf("of %d changes some failed: %v", done, err)
			}
		})
	}
}

// subscribed waits until so many replicas are notified, by connections of the
// users that there are.
func (f fleet) subscribed(t *testing.T, server *redistest.Server, want int64) {
	t.Helper()
	client := server.Client()
	defer client.Close()
	channel := f.Prefix + "plugins"
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		n, err := client.PubSubNumSub(ctx, channel).Result()
		if err != nil {
			t.Fatalf("of %d replicas are notified %d (%v)", want, n[channel], err)
		}
		if n[channel] == want {
			return
		}
	}
}

// TestNoCredentials: a replica that is refused, or has nothing to say who it is
// yet, says which of the two, and goes on by itself when that is mended.
func TestNoCredentials(t *testing.T) {
	server := redistest.Start(t)
	f := fleetOf(server.Addr)
	var s secret
	f.Credentials = s.credentials
	says := func(r *replica, what string) {
		t.Helper()
		r.await(t, what, func() bool { _, err := r.last(); return err != nil && strings.HasSuffix(err.Error(), what) })
	}
	a := f.start(t, t.TempDir())
	says(a, "no credentials")
	s.set("ta", "first")
	says(a, "credentials refused")
	f.allow(server, "ta", "first")
	a.up(t)
	a.upload(t, module("mean", "1.0.0"), true, true)

	server.Do("ACL", "SETUSER", "ta", "-hget")
	says(a, "the user lacks a permission")
	server.Do("ACL", "DELUSER", "ta") // which cuts its connections
	says(a, "credentials refused")
	if a.runs(t, "mean") != "1.0.0" {
		t.Error("what was installed does not answer")
	}
	f.allow(server, "ta", "second")
	s.set("ta", "second")
	a.up(t)
	a.upload(t, module("mean", "2.0.0"), true, true)
}
