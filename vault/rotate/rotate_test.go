package rotate

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/gravitywavesml/gravity_techanalysis/vault"
	"github.com/gravitywavesml/gravity_techanalysis/vault/bootstrap"
	"github.com/gravitywavesml/gravity_techanalysis/vault/vaulttest"
)

// set is a Vault that bootstrap has set up.
func set(t *testing.T) *vaulttest.Vault {
	t.Helper()
	v := vaulttest.Open(t)
	err := bootstrap.Run(t.Context(), v.Root, bootstrap.Plan{
		KubernetesCA: vaulttest.NewCluster(t).CA,
		AuthMount:    v.Auth, Role: "technical-analysis", Audience: "vault",
		ServiceAccount: "technical-analysis-sa", Namespace: "tech-analysis-prod", RedisUsername: "technical-analysis-" + v.Mount,
	}, func(string, bool) {})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// keys reads where the rotation stands.
func keys(t *testing.T, c *vault.Client) Keys {
	t.Helper()
	k, err := ReadKeys(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestJWT rotates the signing key, a run for each wait, and wants at each point
// what verifies and what signs.
func TestJWT(t *testing.T) {
	v := set(t)
	old := keys(t, v.Root).Signing.KeyID()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var steps []Step
	r := JWT{Client: v.Root, Now: func() time.Time { return now }, Did: func(s Step) { steps = append(steps, s) }}
	run := func(want Step, did ...Step) Keys {
		t.Helper()
		steps = nil
		if got, _, err := r.Run(t.Context()); err != nil || got != want || !slices.Equal(steps, did) {
			t.Fatalf("the run ended with %q, %v, after %q; want %q after %q", got, err, steps, want, did)
		}
		return keys(t, v.Root)
	}

	k := run(Accept, Generate, Publish)
	next := k.Next.KeyID()
	if k.Signing.KeyID() != old || next == old || !k.Public.Has(old) || !k.Public.Has(next) {
		t.Fatalf("published: %v", k)
	}
	again := run(Accept)
	if again.Next.KeyID() != next || again.PublicVersion() != k.PublicVersion() {
		t.Fatalf("a second run before anyone accepts changed %v to %v", k, again)
	}

	refusal := errors.New("the gateway does not")
	r.Accepted = func(context.Context, Keys) error { return refusal }
	if _, _, err := r.Run(t.Context()); !errors.Is(err, refusal) {
		t.Fatalf("not accepted: %v", err)
	}
	if got := keys(t, v.Root).Signing.KeyID(); got != old {
		t.Fatal("it signs with a key that is not accepted")
	}

	r.Accepted = func(_ context.Context, k Keys) error {
		if k.Next.KeyID() != next {
			t.Errorf("asked about %v", k.Next)
		}
		return nil
	}
	k = run(Outlive, Accept, Sign)
	if k.Signing.KeyID() != next || k.Next != nil || k.Retired != old || !k.Public.Has(old) {
		t.Fatalf("signing: %v", k)
	}
	run(Outlive)

	now = k.Until
	k = run(Done, Drop, Forget)
	if k.Signing.KeyID() != next || k.Retired != "" || !slices.Equal(k.Public.KeyIDs(), []string{next}) {
		t.Fatalf("done: %v", k)
	}

	r.Leaked = true
	r.Accepted = func(context.Context, Keys) error { return nil }
	k = run(Done, Generate, Publish, Accept, Sign, Drop, Forget)
	if k.Public.Has(next) || len(k.Public.KeyIDs()) != 1 {
		t.Fatalf("a key that leaked is still accepted: %v", k)
	}
}

// TestJWTInterrupted: a run that ends at any write is gone on with by the next.
func TestJWTInterrupted(t *testing.T) {
	v := set(t)
	old := keys(t, v.Root).Signing.KeyID()
	r := JWT{Client: v.Root, Now: time.Now, Leaked: true, Accepted: func(context.Context, Keys) error { return nil }}
	for runs := 0; ; runs++ {
		ctx, cancel := context.WithCancel(t.Context())
		r.Did = func(s Step) {
			if s != Accept { // it writes nothing, and is asked anew each time
				cancel()
			}
		}
		step, _, err := r.Run(ctx)
		cancel()
		if err == nil && step == Done {
			break
		}
		if runs > 10 {
			t.Fatalf("after %d runs it is at %q, %v", runs, step, err)
		}
		if k := keys(t, v.Root); k.Retired == "" && k.Signing.KeyID() != old {
			break // the rotation is complete, another run would begin a new one
		}
	}
	if k := keys(t, v.Root); k.Signing.KeyID() == old || k.Public.Has(old) || !k.Public.Has(k.Signing.KeyID()) || k.Next != nil {
		t.Errorf("after all the runs: %v", k)
	}
}

// administrator is that of a real Redis, of whom REDIS_ADDR, REDIS_USERNAME and
// REDIS_PASSWORD tell.
func administrator(t *testing.T) (*ACL, string) {
	t.Helper()
	addr := os.Getenv("REDIS_ADDR")
	if addr == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("REDIS_ADDR is not set, and CI skips no test")
		}
		t.Skip("REDIS_ADDR is not set: no real Redis to test with")
	}
	a := NewACL(addr, os.Getenv("REDIS_USERNAME"), os.Getenv("REDIS_PASSWORD"))
	t.Cleanup(func() { a.Close() })
	return a, addr
}

// user makes a Redis user for one test.
func user(t *testing.T, a *ACL, name, password string) {
	t.Helper()
	if _, err := a.Ensure(t.Context(), name, password, "~ta:* &ta:* +get +ping"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.client.Do(context.Background(), "ACL", "DELUSER", name).Err(); err != nil {
			t.Error(err)
		}
	})
}

// enters says whether Redis takes a password, on a new connection.
func enters(t *testing.T, addr, name, password string) bool {
	t.Helper()
	c := redis.NewClient(&redis.Options{Addr: addr, Username: name, Password: password, DisableIdentity: true})
	defer c.Close()
	err := c.Ping(t.Context()).Err()
	if err != nil && !strings.Contains(err.Error(), "WRONGPASS") {
		t.Fatal(err)
	}
	return err == nil
}

// TestRedis rotates the password: there is no instant in which Redis refuses
// the one that Vault has, and in the end it takes that alone.
func TestRedis(t *testing.T) {
	a, addr := administrator(t)
	v := set(t)
	read := func() (name, password string, version int) {
		t.Helper()
		s, err := v.Root.Read(t.Context(), bootstrap.RedisPath)
		if err != nil {
			t.Fatal(err)
		}
		f := s.Fields()
		return f["username"], f["password"], s.Version()
	}
	name, old, version := read()
	user(t, a, name, old)
	connected := redis.NewClient(&redis.Options{Addr: addr, Username: name, Password: old, DisableIdentity: true, PoolSize: 1})
	defer connected.Close()
	if err := connected.Ping(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}

	var steps []Step
	r := Redis{Client: v.Root, Passwords: a, Did: func(s Step) { steps = append(steps, s) }}
	run := func(want Step, did ...Step) {
		t.Helper()
		steps = nil
		if got, _, err := r.Run(t.Context()); err != nil || got != want || !slices.Equal(steps, did) {
			t.Fatalf("the run ended with %q, %v, after %q; want %q after %q", got, err, steps, want, did)
		}
	}
	run(Use, Replace)
	_, now, next := read()
	if now == old || next != version+1 || !enters(t, addr, name, now) || !enters(t, addr, name, old) {
		t.Fatal("both passwords should be good")
	}
	run(Use)

	refusal := errors.New("a replica does not")
	r.Used = func(context.Context, vault.Secret) error { return refusal }
	if _, _, err := r.Run(t.Context()); !errors.Is(err, refusal) || !enters(t, addr, name, old) {
		t.Fatalf("not used yet: %v", err)
	}
	r.Used = func(_ context.Context, s vault.Secret) error {
		if s.Version() != next {
			t.Errorf("asked about %v", s)
		}
		return nil
	}
	run(Done, Use, Remove)
	if !enters(t, addr, name, now) || enters(t, addr, name, old) {
		t.Fatal("the new password alone should be good")
	}
	if err := connected.Ping(t.Context()).Err(); err != nil {
		t.Errorf("a connection that was open: %v", err)
	}

	// Redis has lost the password that Vault has, and a run was interrupted
	// between Redis and Vault.
	if err := a.Only(t.Context(), name, "that nobody knows"); err != nil {
		t.Fatal(err)
	}
	run(Done, Restore, Use, Remove)
	if !enters(t, addr, name, now) || enters(t, addr, name, "that nobody knows") {
		t.Fatal("the password of Vault alone should be good")
	}
}

// TestEnsure: the user is made once, and mended when its rules differ.
func TestEnsure(t *testing.T) {
	a, _ := administrator(t)
	const name = "technical-analysis-ensure"
	user(t, a, name, "one")
	for rules, want := range map[string]bool{"~ta:* &ta:* +get +ping": false, "~ta:* &ta:* +get +ping +set": true} {
		for _, want := range []bool{want, false} {
			if changed, err := a.Ensure(t.Context(), name, "one", rules); changed != want || err != nil {
				t.Errorf("%s: changed %v, %v; want %v", rules, changed, err, want)
			}
		}
		if _, err := a.Ensure(t.Context(), name, "one", "~ta:* &ta:* +get +ping"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.Hashes(t.Context(), "nobody"); !errors.Is(err, errNoUser) {
		t.Errorf("a user who is not: %v", err)
	}
}
