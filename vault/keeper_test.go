package vault_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/vault"
	"github.com/gravitywavesml/gravity_techanalysis/vault/bootstrap"
	"github.com/gravitywavesml/gravity_techanalysis/vault/vaulttest"
)

// patience is how long a test waits for what must happen: it bounds a failure
// and asserts no time.
const patience = 20 * time.Second

// logged is a log whose lines can be awaited.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
	line chan string
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	l.text.Write(p)
	l.mu.Unlock()
	select {
	case l.line <- string(p):
	default: // nobody waits for it
	}
	return len(p), nil
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// await returns when a line has want.
func (l *logged) await(t *testing.T, want string) {
	t.Helper()
	end := time.After(patience)
	for {
		select {
		case line := <-l.line:
			if strings.Contains(line, want) {
				return
			}
		case <-end:
			t.Fatalf("the log has no %q:\n%s", want, l)
		}
	}
}

// kept is a Keeper that runs, its log, and the versions that it told of a path.
type kept struct {
	*vault.Keeper
	log  *logged
	told chan vault.Secret
	stop func()
}

// keeps runs a Keeper of a path until the test ends. use may refuse a version.
func keeps(t *testing.T, c *vault.Client, path string, use func(vault.Secret) error) *kept {
	t.Helper()
	k := &kept{log: &logged{line: make(chan string, 1000)}, told: make(chan vault.Secret, 1000)}
	k.Keeper = vault.NewKeeper(c, 20*time.Millisecond, slog.New(slog.NewJSONHandler(k.log, nil)))
	k.Keep(path, func(s vault.Secret) error {
		k.told <- s
		return use(s)
	})
	ctx, cancel := context.WithCancel(context.Background())
	var run sync.WaitGroup
	run.Go(func() { k.Run(ctx) })
	k.stop = sync.OnceFunc(func() {
		cancel()
		run.Wait()
	})
	t.Cleanup(k.stop)
	return k
}

func takes(vault.Secret) error { return nil }

// next is the next version that is told.
func (k *kept) next(t *testing.T) vault.Secret {
	t.Helper()
	select {
	case s := <-k.told:
		return s
	case <-time.After(patience):
		t.Fatalf("nothing was told; %s:\n%s", k.Status(), k.log)
		return vault.Secret{}
	}
}

// TestKeeper: each version is told once, in order, and nothing of it is logged.
func TestKeeper(t *testing.T) {
	v := vaulttest.Open(t)
	v.Engine(t)
	k := keeps(t, v.Root, "a/b", takes)
	k.log.await(t, `"status":"degraded: a secret is missing in vault"`)
	if got := k.Versions()["a/b"]; got != 0 {
		t.Errorf("before the first version, %d is in use", got)
	}
	for version := range 5 {
		v.Put(t, "a/b", version, map[string]string{"password": "treasure-of-the-vault"})
		s := k.next(t)
		if got, err := s.Get("password"); s.Version() != version+1 || got != "treasure-of-the-vault" || err != nil {
			t.Errorf("told %v, %v", s, err)
		}
	}
	k.stop()
	if len(k.told) != 0 {
		t.Errorf("an unchanged version was told again: %v", <-k.told)
	}
	if got := k.Versions()["a/b"]; got != 5 || k.Status() != "ok" {
		t.Errorf("version %d is in use, %s", got, k.Status())
	}
	if log := k.log.String(); strings.Contains(log, "treasure") || strings.Contains(log, v.Token) {
		t.Errorf("the log shows a secret:\n%s", log)
	}
}

// TestKeeperWrittenAnew: a path that was deleted with its history is told again,
// though it is at version 1 as before.
func TestKeeperWrittenAnew(t *testing.T) {
	v := vaulttest.Open(t)
	v.Engine(t)
	v.Put(t, "a", 0, map[string]string{"n": "first"})
	k := keeps(t, v.Root, "a", takes)
	k.next(t)
	v.Delete(t, "a")
	k.log.await(t, "degraded: a secret is missing")
	v.Put(t, "a", 0, map[string]string{"n": "second"})
	if got, _ := k.next(t).Get("n"); got != "second" {
		t.Errorf("told %q", got)
	}
}

// TestKeeperRefused: a version that its user cannot use is not in use, is said to
// be so without its value, and the next one mends it.
func TestKeeperRefused(t *testing.T) {
	v := vaulttest.Open(t)
	v.Engine(t)
	v.Put(t, "a", 0, map[string]string{"n": "good"})
	k := keeps(t, v.Root, "a", func(s vault.Secret) error {
		if got, _ := s.Get("n"); got != "good" {
			return errors.New("what is " + got + "?")
		}
		return nil
	})
	k.next(t)
	v.Put(t, "a", 1, map[string]string{"n": "treasure"})
	k.log.await(t, "what is [redacted]?")
	k.log.await(t, `"status":"degraded: a secret in vault cannot be used"`)
	if got := k.Status(); got != "degraded: a secret in vault cannot be used" || k.Versions()["a"] != 1 {
		t.Errorf("%s, with version %d", got, k.Versions()["a"])
	}
	v.Put(t, "a", 2, map[string]string{"n": "good"})
	k.log.await(t, `"version":3`)
	if strings.Contains(k.log.String(), "treasure") {
		t.Errorf("the log shows the secret:\n%s", k.log)
	}
}

// TestKeeperWithoutVault: it starts without Vault, and keeps what it has when
// the way to Vault is cut; each time it comes back by itself.
func TestKeeperWithoutVault(t *testing.T) {
	v := vaulttest.Open(t)
	p := deployed(t, v)
	road := v.NewRoad(t)
	road.Cut()
	p.config.Addr = road.URL
	k := keeps(t, p.client(t), bootstrap.RedisPath, takes)
	k.log.await(t, `"status":"degraded: vault is away"`)
	road.Mend()
	first := k.next(t)
	road.Cut()
	k.log.await(t, `"status":"degraded: vault is away"`)
	if got := k.Versions()[bootstrap.RedisPath]; got != 1 {
		t.Errorf("with Vault away, version %d is in use", got)
	}
	v.Put(t, bootstrap.RedisPath, 1, map[string]string{"username": "u", "password": "p"})
	road.Mend()
	if got := k.next(t); got.Version() != 2 {
		t.Errorf("after %v, told %v", first, got)
	}
	k.log.await(t, `"status":"ok"`)
}

// TestKeeperRenews: with tokens that live for 2 s it renews, and when that comes
// to its end logs in anew, with no failure between.
func TestKeeperRenews(t *testing.T) {
	p := deployed(t, vaulttest.Open(t))
	role := "auth/" + p.Auth + "/role/technical-analysis"
	if err := p.Root.WriteConfig(t.Context(), role, map[string]any{"token_ttl": 2, "token_max_ttl": 4}); err != nil {
		t.Fatal(err)
	}
	k := keeps(t, p.client(t), bootstrap.RedisPath, takes)
	seen, renewed := map[string]bool{}, false
	for len(seen) < 3 || !renewed {
		s := k.next(t)
		for _, token := range p.Tokens(t) {
			seen[token.Accessor] = true
			renewed = renewed || token.Renewed
		}
		p.Put(t, bootstrap.RedisPath, s.Version(), s.Fields())
	}
	k.stop()
	if log := k.log.String(); strings.Contains(log, "degraded") {
		t.Errorf("it was degraded meanwhile:\n%s", log)
	}
}

// TestKeeperSealed: a sealed Vault is said to be so, and the Keeper comes back
// when it is unsealed. The answers stay as they are meanwhile.
func TestKeeperSealed(t *testing.T) {
	v := vaulttest.Open(t)
	p := deployed(t, v)
	k := keeps(t, p.client(t), bootstrap.RedisPath, takes)
	k.next(t)
	v.Seal(t)
	k.log.await(t, `"status":"degraded: vault is sealed"`)
	started := keeps(t, p.client(t), bootstrap.RedisPath, takes)
	started.log.await(t, `"status":"degraded: vault is sealed"`)
	v.Unseal(t)
	k.log.await(t, `"status":"ok"`)
	if got := started.next(t); got.Version() != 1 {
		t.Errorf("the one that started told %v", got)
	}
	if len(k.told) != 0 {
		t.Errorf("told again: %v", <-k.told)
	}
}

// TestKeeperGivesItsTokenBack: when it ends, no token of its is left.
func TestKeeperGivesItsTokenBack(t *testing.T) {
	p := deployed(t, vaulttest.Open(t))
	k := keeps(t, p.client(t), bootstrap.RedisPath, takes)
	k.next(t)
	if got := p.Tokens(t); len(got) != 1 {
		t.Errorf("there are the tokens %v", got)
	}
	k.stop()
	if got := p.Tokens(t); len(got) != 0 {
		t.Errorf("left are the tokens %v", got)
	}
}
