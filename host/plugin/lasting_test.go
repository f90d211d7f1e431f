package plugin

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/gravitywavesml/gravity_techanalysis/host/plugin/redistest"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
)

// lasting wants the module of a digest to be in Redis for good, going wants it
// to go by itself within the time that an upload has.
func (f fleet) lasting(t testing.TB, client *redis.Client, what, digest string) {
	t.Helper()
	if ttl := client.TTL(t.Context(), f.key(digest)).Val(); ttl != -1 {
		t.Errorf("%s: its module has a time to live of %v, want none", what, ttl)
	}
}

func (f fleet) going(t testing.TB, client *redis.Client, what, digest string) {
	t.Helper()
	if ttl := client.TTL(t.Context(), f.key(digest)).Val(); ttl <= 0 || ttl > offered {
		t.Errorf("%s: its module has a time to live of %v, want up to %v", what, ttl, offered)
	}
}

// TestRefusedGoes: the bytes of what no table has do not stay in Redis; those
// of what one has do, whatever was there before.
func TestRefusedGoes(t *testing.T) {
	f := newFleet(t).notified()
	client := redis.NewClient(&redis.Options{Addr: f.Addr})
	defer client.Close()
	a, b := f.start(t, t.TempDir()), f.open(t, t.TempDir())
	refused := module("mean", "2.0.0")
	var no strict
	no.Store(digestOf(refused), true)
	no.rule(b)
	emptied := module("emptied", "1.0.0")
	judge := b.judge
	b.judge = func(ctx context.Context, code []byte) (*wasm.Module, error) {
		if bytes.Equal(code, emptied) {
			client.Del(ctx, f.key(digestOf(code)))
		}
		return judge(ctx, code)
	}
	b.follow(t)

	one := a.upload(t, module("mean", "1.0.0"), true, true)
	b.answers(t, "mean", "1.0.0")
	f.lasting(t, client, "an active version", one.Digest)
	f.lasting(t, client, "one that was only stored", a.upload(t, module("stored", "1.0.0"), false, true).Digest)

	if _, _, err := a.Upload(t.Context(), refused, true); !errors.Is(err, wasm.ErrRejected) {
		t.Fatalf("what the other refuses: %v", err)
	}
	f.going(t, client, "what a replica refused", digestOf(refused))
	other := module("mean", "1.0.0")
	other = append(other, 0, 2, 1, 'x') // a custom section
	if _, _, err := a.Upload(t.Context(), other, true); !errors.Is(err, ErrConflict) {
		t.Fatalf("another module as mean 1.0.0: %v", err)
	}
	if n := client.Exists(t.Context(), f.key(digestOf(other))).Val(); n != 0 {
		t.Error("the bytes of what is in conflict are in Redis")
	}
	no.Clear()
	a.upload(t, refused, true, true)
	f.lasting(t, client, "when it is refused no more", digestOf(refused))

	f.lasting(t, client, "what went while it was being installed", a.upload(t, emptied, true, true).Digest)
	if got := client.Get(t.Context(), f.key(digestOf(emptied))).Val(); got != string(emptied) {
		t.Errorf("its module then has %d bytes, want %d", len(got), len(emptied))
	}

	if err := client.Set(t.Context(), f.key(one.Digest), "damaged", 0).Err(); err != nil {
		t.Fatal(err)
	}
	a.upload(t, module("mean", "1.0.0"), false, false)
	f.lasting(t, client, "what is installed, uploaded again", one.Digest)
	if got := client.Get(t.Context(), f.key(one.Digest)).Val(); digestOf([]byte(got)) != one.Digest {
		t.Errorf("its module is not mended: it is %.20q", got)
	}
}

// TestWithdrawnGoes: a version that a replica refuses after it was installed
// stays in the table, and its bytes do not.
func TestWithdrawnGoes(t *testing.T) {
	server := redistest.Start(t)
	client := server.Client()
	defer client.Close()
	f := fleetOf(server.Addr)
	f.poll = 50 * time.Millisecond
	server.Do("ACL", "SETUSER", "deaf", "on", ">deaf", "~*", "resetchannels", "&"+f.Prefix+"plugins", "+@all")
	deaf := f
	deaf.Credentials = func(context.Context) (string, string, error) { return "deaf", "deaf", nil }
	a, b := f.start(t, t.TempDir()), deaf.open(t, t.TempDir())
	refused := module("mean", "2.0.0")
	digest := digestOf(refused)
	var no strict
	no.Store(digest, true)
	no.rule(b)
	b.follow(t)
	a.upload(t, module("mean", "1.0.0"), true, true)
	b.answers(t, "mean", "1.0.0")
	is := func(r *replica, want State) {
		t.Helper()
		r.await(t, "it is "+string(want), func() bool {
			p, err := r.Get("mean")
			return err == nil && len(p.Versions) == 2 && p.Versions[1].State == want
		})
	}

	a.upload(t, refused, true, true)
	is(a, Refused)
	f.going(t, client, "withdrawn", digest)

	// When it has gone, and Redis has lost the table, too, it is refused still.
	server.Do("DEL", f.key(digest), f.Prefix+"plugins")
	fresh := f.start(t, t.TempDir())
	is(fresh, Refused)
	if n := client.Exists(t.Context(), f.key(digest)).Val(); n != 0 {
		t.Error("the bytes of what was refused were given back")
	}
	if _, err := fresh.Module(t.Context(), "mean", digest); !errors.Is(err, ErrNotFound) || errors.Is(err, ErrUnavailable) {
		t.Errorf("its bytes: %v, want %v and nothing else", err, ErrNotFound)
	}
	fresh.stop()

	no.Clear()
	a.upload(t, refused, true, false)
	f.lasting(t, client, "uploaded again and refused no more", digest)
	is(b, Active)
}
