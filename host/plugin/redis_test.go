package plugin

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/plugin/redistest"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// fleet is a Redis, and how to reach it.
type fleet struct {
	RedisConfig
	poll time.Duration
}

// newFleet is one on a Redis that other tests may use, too.
func newFleet(t testing.TB) fleet {
	return fleetOf(redistest.Addr(t))
}

func fleetOf(addr string) fleet {
	return fleet{RedisConfig{Addr: addr, Prefix: "test:" + rand.Text() + ":"}, pollEvery}
}

// replica is a process of a fleet.
type replica struct {
	*process
	redis  *Redis
	stop   func()
	synced chan struct{} // after each Sync there is one in it
	worked chan struct{} // after each change by working, if somebody waits

	mu      sync.Mutex
	err     error
	skipped []Skipped
}

// open is a replica that does not follow yet.
func (f fleet) open(t testing.TB, dir string) *replica {
	t.Helper()
	sandbox, err := wasm.New(wasm.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sandbox.Close)
	disk, err := OpenDirectory(dir)
	if err != nil {
		t.Fatal(err)
	}
	store, err := OpenRedis(t.Context(), f.RedisConfig, disk)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	store.poll = f.poll
	names := registry.New([]*ta.Indicator{native})
	library, err := Open(t.Context(), store, Room{}, sandbox, names)
	if err != nil {
		t.Fatal(err)
	}
	return &replica{
		process: &process{Library: library, names: names, store: disk},
		redis:   store, stop: func() {}, synced: make(chan struct{}, 1),
		worked: make(chan struct{}),
	}
}

// start is a replica that follows, after its first Sync.
func (f fleet) start(t testing.TB, dir string) *replica {
	t.Helper()
	r := f.open(t, dir)
	r.follow(t)
	return r
}

func (r *replica) follow(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.Follow(ctx, func(skipped []Skipped, err error) {
			r.mu.Lock()
			r.skipped, r.err = skipped, err
			r.mu.Unlock()
			select {
			case r.synced <- struct{}{}:
			default:
			}
		})
	}()
	r.stop = sync.OnceFunc(func() { cancel(); <-ended; r.redis.Close() })
	t.Cleanup(r.stop)
	<-r.synced
}

// last is what the last Sync gave.
func (r *replica) last() ([]Skipped, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.skipped, r.err
}

// await waits for a Sync after which holds is true.
func (r *replica) await(t testing.TB, what string, holds func() bool) {
	t.Helper()
	r.before(t, time.After(20*time.Second), what, holds)
}

// before is await until it is late.
func (r *replica) before(t testing.TB, late <-chan time.Time, what string, holds func() bool) {
	t.Helper()
	for !holds() {
		select {
		case <-r.synced:
		case <-late:
			_, err := r.last()
			t.Fatalf("%s: never; there is %+v (%v)", what, r.List(), err)
		}
	}
}

// answers waits until a version of name answers; "" for none.
func (r *replica) answers(t testing.TB, name, version string) {
	t.Helper()
	r.await(t, name+" "+version+" answers", func() bool { return r.runs(t, name) == version })
}

// up waits until the store answers, away until it does not.
func (r *replica) up(t testing.TB) {
	t.Helper()
	r.await(t, "the store answers", func() bool { _, err := r.last(); return err == nil })
}

func (r *replica) away(t testing.TB) {
	t.Helper()
	r.await(t, "the store is away", func() bool { _, err := r.last(); return errors.Is(err, ErrUnavailable) })
}

// notified is a fleet whose replicas hear of a change by its notification alone.
func (f fleet) notified() fleet {
	f.poll = time.Hour
	return f
}

// deaf is f for a replica that may not subscribe: it hears of nothing, and has to ask.
func (f fleet) deaf(server *redistest.Server) fleet {
	server.Do("ACL", "SETUSER", "deaf", "on", ">deaf", "~*", "&*", "+@all", "-subscribe")
	f.Credentials = func(context.Context) (string, string, error) { return "deaf", "deaf", nil }
	return f
}

// hearings are fleets of which the other's replicas hear of what the one's do in one
// way alone: they are notified, or they ask.
var hearings = map[string]func(t *testing.T) (one, other fleet){
	"notified": func(t *testing.T) (one, other fleet) {
		f := newFleet(t).notified()
		return f, f
	},
	"asking": func(t *testing.T) (one, other fleet) {
		server := redistest.Start(t)
		f := fleetOf(server.Addr)
		return f, f.deaf(server)
	},
}

// TestShared: what one replica does, the others do, when they are notified.
func TestShared(t *testing.T) {
	f := newFleet(t).notified()
	a, b, c := f.start(t, t.TempDir()), f.start(t, t.TempDir()), f.start(t, t.TempDir())
	all := func(version string) {
		t.Helper()
		for _, r := range []*replica{a, b, c} {
			r.answers(t, "mean", version)
		}
	}
	one := a.upload(t, module("mean", "1.0.0"), true, true)
	all("1.0.0")
	two := b.upload(t, module("mean", "2.0.0"), true, true)
	all("2.0.0")
	if _, err := c.Activate(t.Context(), "mean", one.Digest, nil); err != nil {
		t.Fatal(err)
	}
	all("1.0.0")
	if err := a.Delete(t.Context(), "mean", nil); err != nil {
		t.Fatal(err)
	}
	all("")
	if _, err := b.Activate(t.Context(), "mean", two.Digest, nil); err != nil {
		t.Fatal(err)
	}
	all("2.0.0")
	if v := c.upload(t, module("mean", "1.0.0"), false, false); v.State != Stored {
		t.Errorf("what is there already: %+v", v)
	}
	c.upload(t, module("other", "1.0.0"), false, true)
	a.await(t, "other is listed", func() bool { _, err := a.Get("other"); return err == nil })
	if bytes, err := a.Module(t.Context(), "other", digestOf(module("other", "1.0.0"))); err != nil || digestOf(bytes) != digestOf(module("other", "1.0.0")) {
		t.Errorf("the bytes of another's upload: %v", err)
	}

	// A fresh replica has all of it after its first Sync, and all say the same,
	// so that an ETag of one holds at another.
	d := f.start(t, t.TempDir())
	if d.runs(t, "mean") != "2.0.0" {
		t.Error("a fresh replica lacks what was installed before")
	}
	want, _ := json.Marshal(d.List())
	for _, r := range []*replica{a, b, c} {
		r.await(t, "the list is that of the others", func() bool {
			got, _ := json.Marshal(r.List())
			return bytes.Equal(got, want)
		})
	}
	p, err := a.Get("mean")
	if err != nil {
		t.Fatal(err)
	}
	still := func(now Plugin) bool { return now.Active == p.Active }
	if _, err := b.Activate(t.Context(), "mean", one.Digest, still); err != nil {
		t.Errorf("of what is as another replica says: %v", err)
	}
	// c may not have heard yet that it has changed; the store has.
	if _, err := c.Activate(t.Context(), "mean", two.Digest, still); !errors.Is(err, ErrChanged) {
		t.Errorf("of what another replica has changed: %v, want %v", err, ErrChanged)
	}
}

// TestUploadsAtOnce: replicas that upload at the same time lose nothing.
func TestUploadsAtOnce(t *testing.T) {
	f := newFleet(t)
	replicas := []*replica{f.start(t, t.TempDir()), f.start(t, t.TempDir()), f.start(t, t.TempDir())}
	const each = 4
	var (
		wg                 sync.WaitGroup
		mu                 sync.Mutex
		created, conflicts int
	)
	for i, r := range replicas {
		for j := range each {
			wg.Go(func() {
				if _, _, err := r.Upload(context.Background(), module(fmt.Sprintf("mean_%d_%d", i, j), "1.0.0"), true); err != nil {
					t.Errorf("different plugins: %v", err)
				}
			})
			wg.Go(func() {
				if _, _, err := r.Upload(context.Background(), module("mean", fmt.Sprintf("%d.%d.0", i, j)), true); err != nil {
					t.Errorf("versions of one: %v", err)
				}
			})
		}
		wg.Go(func() {
			_, is, err := r.Upload(context.Background(), module("same", "1.0.0"), true)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Errorf("the same bytes: %v", err)
			} else if is {
				created++
			}
		})
		wg.Go(func() {
			_, _, err := r.Upload(context.Background(), wt.Guest{Name: "clash", Padding: i + 1}.Build(), true)
			mu.Lock()
			defer mu.Unlock()
			if errors.Is(err, ErrConflict) {
				conflicts++
			} else if err != nil {
				t.Errorf("the same version with other bytes: %v", err)
			}
		})
	}
	wg.Wait()
	if created != 1 || conflicts != len(replicas)-1 {
		t.Errorf("the same bytes were new %d times, and %d were in conflict", created, conflicts)
	}
	for _, r := range replicas {
		r.await(t, "all plugins run", func() bool {
			p, err := r.Get("mean")
			skipped, _ := r.last()
			return err == nil && len(p.Versions) == len(replicas)*each && len(r.List()) == len(replicas)*each+3 && len(skipped) == 0
		})
	}
	want := replicas[0].runs(t, "mean")
	for _, r := range replicas[1:] {
		if got := r.runs(t, "mean"); got != want {
			t.Errorf("%s answers here and %s there", got, want)
		}
	}
}

// key is where a version's module is in Redis.
func (f fleet) key(digest string) string {
	return f.Prefix + "module:" + strings.TrimPrefix(digest, digestPrefix)
}

// TestCorruptContent: each replica verifies what it fetches.
func TestCorruptContent(t *testing.T) {
	f := newFleet(t)
	client := redis.NewClient(&redis.Options{Addr: f.Addr})
	defer client.Close()
	a := f.start(t, t.TempDir())
	v := a.upload(t, module("mean", "1.0.0"), true, true)
	a.upload(t, module("other", "1.0.0"), true, true)
	for name, content := range map[string][]byte{
		"cut off": module("mean", "1.0.0")[:100], "another": module("mean", "1.0.1"), "empty": nil,
	} {
		t.Run(name, func(t *testing.T) {
			if err := client.Set(t.Context(), f.key(v.Digest), content, 0).Err(); err != nil {
				t.Fatal(err)
			}
			b := f.start(t, t.TempDir())
			skipped, err := b.last()
			if err != nil || len(skipped) != 1 || !errors.Is(skipped[0].Err, ErrCorrupt) || !strings.Contains(skipped[0].Err.Error(), f.key(v.Digest)) {
				t.Fatalf("skipped %v (%v), want mean, named %s", skipped, err, f.key(v.Digest))
			}
			if p, err := b.Get("mean"); err != nil || p.Error == "" {
				t.Errorf("it is listed as %+v, %v", p, err)
			}
			if b.runs(t, "mean") != "" || b.runs(t, "other") != "1.0.0" {
				t.Error("the damaged one answers, or the sound one does not")
			}
			if err := b.names.Absent("mean"); !errors.Is(err, ErrUnavailable) {
				t.Errorf("who calls it is told %v", err)
			}
			if err := b.names.Absent("nothing"); err != nil {
				t.Errorf("who calls what nobody has is told %v", err)
			}
			// The same bytes again mend it, through whichever replica.
			a.upload(t, module("mean", "1.0.0"), true, false)
			b.answers(t, "mean", "1.0.0")
			b.stop()
		})
	}
	t.Run("a module that is away", func(t *testing.T) {
		if err := client.Del(t.Context(), f.key(v.Digest)).Err(); err != nil {
			t.Fatal(err)
		}
		b := f.start(t, t.TempDir())
		if skipped, _ := b.last(); len(skipped) != 1 || !errors.Is(skipped[0].Err, ErrNotFound) || !errors.Is(skipped[0].Err, ErrUnavailable) {
			t.Fatalf("skipped %v", skipped)
		}
		// Who has it gives it back, at the next change at the latest.
		a.upload(t, module("third", "1.0.0"), true, true)
		b.answers(t, "mean", "1.0.0")
	})
	t.Run("a table", func(t *testing.T) {
		if err := client.HSet(t.Context(), f.Prefix+"plugins", "table", `{"plugins":[]}`, "version", "0-x").Err(); err != nil {
			t.Fatal(err)
		}
		a.away(t)
		if _, err := a.last(); !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), f.Prefix+"plugins") {
			t.Errorf("error %v, want one that names the key", err)
		}
		if a.runs(t, "mean") != "1.0.0" {
			t.Error("what ran does not run any more")
		}
		if _, _, err := a.Upload(t.Context(), module("fourth", "1.0.0"), true); !errors.Is(err, ErrUnavailable) {
			t.Errorf("an upload: %v", err)
		}
		// Deleting the key has it written again by those that knew it.
		if err := client.Del(t.Context(), f.Prefix+"plugins").Err(); err != nil {
			t.Fatal(err)
		}
		a.up(t)
		if b := f.start(t, t.TempDir()); b.runs(t, "mean") != "1.0.0" || b.runs(t, "third") != "1.0.0" {
			t.Errorf("a fresh replica has %+v", b.List())
		}
	})
}

// TestRedisKilled: while Redis is away what was installed answers and nothing
// can be changed; when it is back, with its data or without, all is as before.
func TestRedisKilled(t *testing.T) {
	for name, forget := range map[string]bool{"back with its data": false, "back without": true} {
		t.Run(name, func(t *testing.T) {
			server := redistest.Start(t)
			f := fleetOf(server.Addr)
			a, b := f.start(t, t.TempDir()), f.start(t, t.TempDir())
			one := a.upload(t, module("mean", "1.0.0"), true, true)
			b.answers(t, "mean", "1.0.0")
			two := b.upload(t, module("mean", "2.0.0"), true, true)
			a.answers(t, "mean", "2.0.0")
			b.upload(t, module("stored", "1.0.0"), false, true)

			server.Kill()
			a.away(t)
			b.away(t)
			if _, err := a.last(); strings.Contains(err.Error(), server.Addr) || !strings.Contains(err.Error(), "connection refused") {
				t.Errorf("everyone is told %q", err)
			}
			for what, err := range map[string]error{
				"upload":   third(a.Upload(t.Context(), module("new", "1.0.0"), true)),
				"known":    third(a.Upload(t.Context(), module("mean", "1.0.0"), true)),
				"activate": second(a.Activate(t.Context(), "mean", one.Digest, nil)),
				"delete":   a.Delete(t.Context(), "mean", nil),
			} {
				if !errors.Is(err, ErrUnavailable) {
					t.Errorf("%s: %v, want %v", what, err, ErrUnavailable)
				}
			}
			if _, err := a.Module(t.Context(), "mean", two.Digest); err != nil {
				t.Errorf("bytes that are on the disk: %v", err)
			}
			if a.runs(t, "mean") != "2.0.0" || b.runs(t, "mean") != "2.0.0" {
				t.Error("what was installed does not answer")
			}

			if forget {
				server.Forget()
			}
			server.Restart()
			a.up(t)
			b.up(t)
			c := f.start(t, t.TempDir())
			c.answers(t, "mean", "2.0.0")
			c.await(t, "all versions are listed", func() bool {
				mean, _ := c.Get("mean")
				stored, _ := c.Get("stored")
				return len(mean.Versions) == 2 && len(stored.Versions) == 1
			})
			if _, err := c.Activate(t.Context(), "mean", one.Digest, nil); err != nil {
				t.Errorf("rolled back by a fresh replica: %v", err)
			}
			a.answers(t, "mean", "1.0.0")
			b.answers(t, "mean", "1.0.0")
			a.upload(t, module("new", "1.0.0"), true, true)
			b.answers(t, "new", "1.0.0")
		})
	}
}

func second[A any](_ A, err error) error        { return err }
func third[A, B any](_ A, _ B, err error) error { return err }

// TestStartsWhileRedisIsAway: with what its disk holds.
func TestStartsWhileRedisIsAway(t *testing.T) {
	server := redistest.Start(t)
	f := fleetOf(server.Addr)
	dir := t.TempDir()
	a := f.start(t, dir)
	a.upload(t, module("mean", "1.0.0"), true, true)
	a.stop()
	server.Kill()

	a = f.start(t, dir)
	if _, err := a.last(); !errors.Is(err, ErrUnavailable) || a.runs(t, "mean") != "1.0.0" {
		t.Errorf("after a restart mean %s answers (%v)", a.runs(t, "mean"), err)
	}
	if err := a.names.Absent("nothing"); err != nil {
		t.Errorf("who calls what was never there is told %v", err)
	}
	fresh := f.start(t, t.TempDir())
	if _, err := fresh.last(); !errors.Is(err, ErrUnavailable) {
		t.Errorf("a fresh replica says %v", err)
	}
	if err := fresh.names.Absent("mean"); !errors.Is(err, ErrUnavailable) {
		t.Errorf("who calls a plugin of which it cannot know is told %v", err)
	}

	server.Restart()
	fresh.answers(t, "mean", "1.0.0")
	a.up(t)
	if err := fresh.names.Absent("nothing"); err != nil {
		t.Errorf("afterwards who calls what is not there is told %v", err)
	}
}

// TestNotificationLost: what a replica was not told it finds by itself.
func TestNotificationLost(t *testing.T) {
	server := redistest.Start(t)
	f := fleetOf(server.Addr)
	t.Run("the subscription is cut", func(t *testing.T) {
		f := f.notified() // so nothing but subscribing anew finds it
		a, b := f.start(t, t.TempDir()), f.start(t, t.TempDir())
		for i := range 3 {
			v := fmt.Sprintf("%d.0.0", i)
			server.Do("CLIENT", "KILL", "TYPE", "pubsub")
			a.upload(t, module("cut", v), true, true)
			b.answers(t, "cut", v)
		}
	})
	t.Run("there is none", func(t *testing.T) {
		a, b := f.start(t, t.TempDir()), f.deaf(server).start(t, t.TempDir())
		a.upload(t, module("unheard", "1.0.0"), true, true)
		b.answers(t, "unheard", "1.0.0")
	})
}

// TestSilentRedis: a proxy takes the connection, and nobody is behind it.
func TestSilentRedis(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	a := fleetOf(l.Addr().String()).open(t, t.TempDir())
	if _, err := a.Sync(t.Context()); !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "no answer in time") {
		t.Errorf("error %v", err)
	}
}

// strict has a replica refuse some digests, as one of another build may.
type strict struct{ sync.Map }

func (s *strict) rule(r *replica) {
	refuses := func(judge judge) judge {
		return func(ctx context.Context, code []byte) (*wasm.Module, error) {
			if _, no := s.Load(digestOf(code)); no {
				return nil, &wasm.Rejected{Gate: "strict", Detail: "not with this build"}
			}
			return judge(ctx, code)
		}
	}
	r.judge, r.first = refuses(r.judge), refuses(r.first)
}

// TestRefusedByOne: what one replica refuses, no replica takes.
func TestRefusedByOne(t *testing.T) {
	f := newFleet(t).notified()
	a, b := f.start(t, t.TempDir()), f.open(t, t.TempDir())
	refused := module("mean", "2.0.0")
	var no strict
	no.Store(digestOf(refused), true)
	no.rule(b)
	b.follow(t)
	one := a.upload(t, module("mean", "1.0.0"), true, true)
	b.answers(t, "mean", "1.0.0")

	var r *wasm.Rejected
	if _, _, err := a.Upload(t.Context(), refused, true); !errors.As(err, &r) || r.Gate != "strict" {
		t.Errorf("uploaded to the one that takes it: %v", err)
	}
	if _, _, err := b.Upload(t.Context(), refused, true); !errors.Is(err, wasm.ErrRejected) {
		t.Errorf("uploaded to the one that refuses it: %v", err)
	}
	if p, err := a.Get("mean"); err != nil || len(p.Versions) != 1 || a.runs(t, "mean") != "1.0.0" {
		t.Errorf("afterwards there is %+v (%v)", p, err)
	}
	// Stored only, it is nobody's yet; it cannot be activated.
	a.upload(t, refused, false, true)
	if _, err := a.Activate(t.Context(), "mean", digestOf(refused), nil); !errors.Is(err, wasm.ErrRejected) {
		t.Errorf("activated: %v", err)
	}
	no.Clear()
	if _, err := a.Activate(t.Context(), "mean", digestOf(refused), nil); err != nil {
		t.Errorf("activated when none refuses it: %v", err)
	}
	b.answers(t, "mean", "2.0.0")

	// A replica that begins with another build leaves alone what was there.
	if _, err := a.Activate(t.Context(), "mean", one.Digest, nil); err != nil {
		t.Fatal(err)
	}
	c := f.open(t, t.TempDir())
	no.Store(one.Digest, true)
	no.rule(c)
	c.follow(t)
	if skipped, err := c.last(); err != nil || len(skipped) != 1 || !errors.Is(skipped[0].Err, wasm.ErrRejected) {
		t.Errorf("skipped %v, %v", skipped, err)
	}
	if p, err := c.Get("mean"); err != nil || p.Active != one.Digest || p.Error == "" || a.runs(t, "mean") != "1.0.0" {
		t.Errorf("it is listed as %+v (%v)", p, err)
	}
}

// TestWithdrawn: a replica that was not asked before refuses what is active.
func TestWithdrawn(t *testing.T) {
	server := redistest.Start(t)
	f := fleetOf(server.Addr)
	server.Do("ACL", "SETUSER", "deaf", "on", ">deaf", "~*", "resetchannels", "&"+f.Prefix+"plugins", "+@all")
	deaf := f
	deaf.Credentials = func(context.Context) (string, string, error) { return "deaf", "deaf", nil }
	a, b := f.start(t, t.TempDir()), deaf.open(t, t.TempDir())
	refused := module("mean", "2.0.0")
	var no strict
	no.Store(digestOf(refused), true)
	no.rule(b)
	b.follow(t)
	a.upload(t, module("mean", "1.0.0"), true, true)
	b.answers(t, "mean", "1.0.0")
	state := func(r *replica) (State, *Refusal) {
		p, err := r.Get("mean")
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range p.Versions {
			if v.Digest == digestOf(refused) {
				return v.State, v.Refused
			}
		}
		return "", nil
	}
	withdrawn := func() {
		t.Helper()
		for _, r := range []*replica{a, b} {
			r.await(t, "it is withdrawn", func() bool {
				state, why := state(r)
				return state == Refused && why != nil && why.Gate == "strict" && r.runs(t, "mean") == "1.0.0"
			})
		}
	}
	a.upload(t, refused, true, true)
	withdrawn()
	if _, err := a.Activate(t.Context(), "mean", digestOf(refused), nil); !errors.Is(err, wasm.ErrRejected) {
		t.Errorf("activated: %v", err)
	}
	if _, _, err := b.Upload(t.Context(), refused, true); !errors.Is(err, wasm.ErrRejected) {
		t.Errorf("uploaded to the one that refuses it: %v", err)
	}
	a.upload(t, refused, true, false)
	withdrawn()
	// When no replica refuses it any more, uploading it again brings it back.
	no.Clear()
	a.upload(t, refused, true, false)
	a.answers(t, "mean", "2.0.0")
	b.answers(t, "mean", "2.0.0")
	if got, _ := state(b); got != Active {
		t.Errorf("it is %s", got)
	}
}

// TestAnnounced: when an upload is answered, the other replicas have loaded the
// version, and only switch to it; one that does not get ready is not waited for.
func TestAnnounced(t *testing.T) {
	f := newFleet(t).notified()
	a, b := f.start(t, t.TempDir()), f.open(t, t.TempDir())
	var loads atomic.Int64
	stuck := make(chan struct{})
	free := sync.OnceFunc(func() { close(stuck) })
	judge := b.judge
	b.judge = func(ctx context.Context, code []byte) (*wasm.Module, error) {
		loads.Add(1)
		if bytes.Equal(code, module("slow", "1.0.0")) {
			<-stuck
		}
		return judge(ctx, code)
	}
	b.follow(t)
	t.Cleanup(free)
	a.upload(t, module("warm", "1.0.0"), true, true)
	b.answers(t, "warm", "1.0.0") // so it has subscribed
	before := loads.Load()
	v := a.upload(t, module("mean", "1.0.0"), true, true)
	if got := loads.Load() - before; got != 1 {
		t.Errorf("when the upload was answered the other had loaded it %d times", got)
	}
	b.answers(t, "mean", "1.0.0")
	a.upload(t, module("mean", "2.0.0"), false, true)
	if got := loads.Load() - before; got != 1 {
		t.Errorf("with one that was only to be stored: %d times", got)
	}
	if _, err := b.Activate(t.Context(), "mean", digestOf(module("mean", "2.0.0")), nil); err != nil {
		t.Fatal(err)
	}
	a.answers(t, "mean", "2.0.0")
	if _, err := a.Activate(t.Context(), "mean", v.Digest, nil); err != nil {
		t.Fatal(err)
	}
	b.answers(t, "mean", "1.0.0")
	if got := loads.Load() - before; got != 2 {
		t.Errorf("each of two versions was loaded once and this is %d", got)
	}

	// While a version that was announced is being loaded, others become active.
	a.redis.patience = 100 * time.Millisecond
	slow := module("slow", "1.0.0")
	if err := errors.Join(a.redis.PutModule(t.Context(), digestOf(slow), slow), a.redis.Announce(t.Context(), digestOf(slow))); err != nil {
		t.Fatal(err)
	}
	a.upload(t, module("mean", "3.0.0"), true, true)
	b.answers(t, "mean", "3.0.0")
	a.upload(t, slow, true, true)
	a.answers(t, "slow", "1.0.0")
	free()
	b.answers(t, "slow", "1.0.0")
}

// TestSameVerdict: replicas of one build refuse the same for the same reason.
func TestSameVerdict(t *testing.T) {
	f := newFleet(t)
	replicas := []*replica{f.start(t, t.TempDir()), f.start(t, t.TempDir()), f.start(t, t.TempDir())}
	for name, code := range map[string][]byte{
		"no module":    []byte("hello"),
		"a trap":       wt.Guest{Name: "bad", Run: wt.Trap()}.Build(),
		"no end":       wt.Guest{Name: "bad", Run: wt.Loop()}.Build(),
		"another ABI":  wt.Guest{Name: "bad", ABI: 2}.Build(),
		"more imports": wt.Guest{Name: "bad", Imports: []string{"open"}}.Build(),
	} {
		var said []string
		for _, r := range replicas {
			_, _, err := r.Upload(t.Context(), code, true)
			if !errors.Is(err, wasm.ErrRejected) {
				t.Fatalf("%s: %v", name, err)
			}
			said = append(said, err.Error())
		}
		if slices.ContainsFunc(said, func(s string) bool { return s != said[0] }) {
			t.Errorf("%s: %q", name, said)
		}
	}
	for _, r := range replicas {
		if len(r.List()) != 0 {
			t.Errorf("there is %+v", r.List())
		}
	}
}
