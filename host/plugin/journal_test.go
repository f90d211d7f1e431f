package plugin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/gravitywavesml/gravity_techanalysis/host/audit"
	"github.com/gravitywavesml/gravity_techanalysis/host/plugin/redistest"
)

// logged is all of a log, the oldest first, which must be one chain from its
// first entry on.
func logged(t *testing.T, log audit.Log) (entries []audit.Entry) {
	t.Helper()
	for next := int64(0); ; {
		page, err := log.Before(t.Context(), next, 7)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page {
			entries, next = append(entries, e), e.Seq
		}
		if len(page) < 7 {
			break
		}
	}
	slices.Reverse(entries)
	var c audit.Chain
	if len(entries) > 0 {
		c.Head = audit.Head{Seq: entries[0].Seq - 1, Hash: entries[0].Prev}
	}
	for _, e := range entries {
		if _, err := c.Add(e.Line()); err != nil {
			t.Fatalf("%s: %v", e.Line(), err)
		}
	}
	return entries
}

// recording is a process over a directory that records its changes.
func recording(t *testing.T, dir string, log audit.Log) *process {
	t.Helper()
	p := start(t, filepath.Join(dir, "plugins"))
	p.store.Record(log)
	return p
}

func auditFile(t *testing.T, dir string) *audit.File {
	t.Helper()
	log := audit.OpenFile(filepath.Join(dir, "audit"), "one", func(audit.Entry, error) {})
	t.Cleanup(func() { log.Close() })
	return log
}

// TestEachChangeIsRecorded: each change has one entry, which says whose and of
// which version it was; what is refused has none here.
func TestEachChangeIsRecorded(t *testing.T) {
	ways := map[string]func(t *testing.T) (*Library, audit.Log){
		"a directory": func(t *testing.T) (*Library, audit.Log) {
			dir := t.TempDir()
			log := auditFile(t, dir)
			return recording(t, dir, log).Library, log
		},
		"Redis": func(t *testing.T) (*Library, audit.Log) {
			f := newFleet(t)
			f.Replica = "one"
			a := f.start(t, t.TempDir())
			return a.Library, a.redis
		},
	}
	for name, open := range ways {
		t.Run(name, func(t *testing.T) {
			l, log := open(t)
			who := audit.Actor{Principal: "trader", Issuer: "https://issuer.example", Caller: "192.0.2.1", Request: "r", Trace: "t"}
			ctx := audit.With(t.Context(), who)
			one, two := module("mean", "1.0.0"), module("mean", "2.0.0")
			first, second := digestOf(one), digestOf(two)
			var want []audit.Entry
			does := func(err error, action audit.Action, version, digest, detail string) {
				t.Helper()
				if err != nil {
					t.Fatalf("%s: %v", action, err)
				}
				want = append(want, audit.Entry{Action: action, Outcome: audit.Done, Plugin: "mean", Version: version, Digest: digest, Detail: detail}.By(who))
			}
			refuses := func(err error) {
				t.Helper()
				if err == nil {
					t.Fatal("it is not refused")
				}
			}
			no := func(Plugin) bool { return false }
			_, _, err := l.Upload(ctx, one, true)
			does(err, audit.Upload, "1.0.0", first, "stored and activated")
			_, _, err = l.Upload(ctx, two, false)
			does(err, audit.Upload, "2.0.0", second, "stored")
			_, _, err = l.Upload(ctx, two, false)
			does(err, audit.Upload, "2.0.0", second, "stored")
			_, _, err = l.Upload(ctx, []byte("no module"), true)
			refuses(err)
			_, err = l.Try(ctx, "mean", second, 12.5, nil)
			does(err, audit.Try, "2.0.0", second, "12.5 percent of the calls")
			_, err = l.Untry(ctx, "mean", nil)
			does(err, audit.Untry, "2.0.0", second, "")
			_, err = l.Untry(ctx, "mean", nil) // there is none
			does(err, audit.Untry, "", "", "")
			_, err = l.Try(ctx, "mean", first, 5, nil)
			refuses(err)
			_, err = l.Activate(ctx, "mean", second, no)
			refuses(err)
			_, err = l.Activate(ctx, "mean", second, nil)
			does(err, audit.Activate, "2.0.0", second, "")
			_, err = l.Activate(ctx, "mean", first, nil)
			does(err, audit.Activate, "1.0.0", first, "")
			_, err = l.Kill(ctx, "other", nil)
			refuses(err)
			_, err = l.Kill(ctx, "mean", nil)
			does(err, audit.Kill, "1.0.0", first, "")
			_, err = l.Revive(ctx, "mean", nil)
			does(err, audit.Revive, "1.0.0", first, "")
			does(l.Delete(ctx, "mean", nil), audit.Uninstall, "1.0.0", first, "")

			got := logged(t, log)
			if len(got) != len(want) {
				t.Fatalf("%d entries, want %d: %+v", len(got), len(want), got)
			}
			for i, e := range got {
				if e.Seq != int64(i)+1 || e.Replica != "one" || e.Time.IsZero() {
					t.Errorf("entry %d: %s", i+1, e.Line())
				}
				want[i].Seq, want[i].Time, want[i].Replica, want[i].Prev, want[i].Hash = e.Seq, e.Time, e.Replica, e.Prev, e.Hash
				if !reflect.DeepEqual(e, want[i]) {
					t.Errorf("entry %d is\n%s\nwant\n%s", i+1, e.Line(), want[i].Line())
				}
			}
			if head, err := log.Head(t.Context()); err != nil || head != got[len(got)-1].Head() {
				t.Errorf("the head is %+v (%v)", head, err)
			}
		})
	}
}

// watching is a Log that has f called with each entry.
type watching func(audit.Entry) error

func (f watching) Append(_ context.Context, e audit.Entry) error           { return f(e) }
func (watching) Before(context.Context, int64, int) ([]audit.Entry, error) { return nil, nil }
func (watching) Head(context.Context) (audit.Head, error)                  { return audit.Head{}, nil }

// TestNoChangeWithoutEntry: an entry is there before its change is; and where it
// cannot be written nothing changes, neither here nor at the next start.
func TestNoChangeWithoutEntry(t *testing.T) {
	dir := t.TempDir()
	table := filepath.Join(dir, "plugins", tableFile)
	read := func() string {
		b, err := os.ReadFile(table)
		if err != nil && !os.IsNotExist(err) {
			t.Error(err)
		}
		return string(b)
	}
	var p *process
	written := 0
	before := ""
	log := watching(func(audit.Entry) error {
		if written++; read() != before {
			t.Error("the change is there before its entry")
		}
		return nil
	})
	p = recording(t, dir, log)
	one := p.upload(t, module("mean", "1.0.0"), true, true)
	before = read()
	two := p.upload(t, module("mean", "2.0.0"), false, true)
	before = read()
	if written != 2 || !strings.Contains(before, two.Digest) {
		t.Fatalf("%d entries, and the table %s", written, before)
	}

	p.store.Record(watching(func(audit.Entry) error { return fmt.Errorf("%w: a full disk", audit.ErrUnavailable) }))
	list, _ := json.Marshal(p.List())
	_, _, upload := p.Upload(t.Context(), module("mean", "3.0.0"), true)
	_, activate := p.Activate(t.Context(), "mean", two.Digest, nil)
	_, try := p.Try(t.Context(), "mean", two.Digest, 5, nil)
	_, untry := p.Untry(t.Context(), "mean", nil)
	_, kill := p.Kill(t.Context(), "mean", nil)
	_, revive := p.Revive(t.Context(), "mean", nil)
	for i, err := range []error{upload, activate, try, untry, kill, revive, p.Delete(t.Context(), "mean", nil)} {
		if !errors.Is(err, audit.ErrUnavailable) {
			t.Errorf("change %d without a log: %v", i, err)
		}
	}
	if now, _ := json.Marshal(p.List()); string(now) != string(list) || read() != before || p.runs(t, "mean") != one.Version {
		t.Errorf("what could not be recorded has changed\n%s\ninto\n%s", list, now)
	}
}

// TestOneChain: replicas that change plugins and write entries at once make one
// chain, in which each entry is once.
func TestOneChain(t *testing.T) {
	const writers, each, uploads = 16, 3, 4
	f := newFleet(t)
	var wg sync.WaitGroup
	var replicas []*replica
	for i := range 2 {
		f.Replica = fmt.Sprint("replica-", i)
		r := f.start(t, t.TempDir())
		replicas = append(replicas, r)
		for j := range writers {
			wg.Go(func() {
				for k := range each {
					if err := r.redis.Append(context.Background(), audit.Entry{Action: audit.Kill, Plugin: fmt.Sprint(i, j, k), Outcome: audit.Refused}); err != nil {
						t.Errorf("%v: %v", err, Cause(err))
					}
				}
			})
		}
		wg.Go(func() {
			for k := range uploads {
				if _, _, err := r.Upload(context.Background(), module(fmt.Sprint("mean_", i), fmt.Sprint(k, ".0.0")), true); err != nil {
					t.Errorf("%v: %v", err, Cause(err))
				}
			}
		})
	}
	wg.Wait()
	found := make(map[string]int)
	for i, e := range logged(t, replicas[0].redis) {
		if e.Seq != int64(i)+1 {
			t.Errorf("entry %d has the number %d", i+1, e.Seq)
		}
		found[e.Replica+" "+e.Plugin+" "+e.Version]++
	}
	// Without its beginning, which an administrator has kept elsewhere, the rest is
	// read as before.
	client := redis.NewClient(&redis.Options{Addr: f.Addr})
	defer client.Close()
	if err := client.LTrim(t.Context(), f.Prefix+"audit", 10, -1).Err(); err != nil {
		t.Fatal(err)
	}
	if rest := logged(t, replicas[1].redis); len(rest) != len(found)-10 || rest[0].Seq != 11 {
		t.Errorf("without the first 10 of %d there are %d, from %d on", len(found), len(rest), rest[0].Seq)
	}
	if got, err := replicas[1].redis.Before(t.Context(), 11, 5); err != nil || len(got) != 0 {
		t.Errorf("of those that are gone there are %v (%v)", got, err)
	}
	if want := 2 * (writers*each + uploads); len(found) != want {
		t.Errorf("%d different entries, want %d: %v", len(found), want, found)
	}
}

// TestLogEmptied: when Redis has lost the log the replicas go on with the chain,
// and say that it was lost; also one that wrote nothing itself.
func TestLogEmptied(t *testing.T) {
	f := newFleet(t).notified()
	client := redis.NewClient(&redis.Options{Addr: f.Addr})
	defer client.Close()
	failed := 0
	told := f
	told.Audited = func(_ audit.Entry, err error) {
		if err != nil {
			failed++
		}
	}
	a, b := f.start(t, t.TempDir()), told.start(t, t.TempDir())
	a.upload(t, module("mean", "1.0.0"), true, true)
	if _, err := a.Kill(t.Context(), "mean", nil); err != nil {
		t.Fatal(err)
	}
	b.await(t, "it is killed", func() bool { p, err := b.Get("mean"); return err == nil && p.State == Killed })
	was := logged(t, a.redis)
	if err := client.Del(t.Context(), f.Prefix+"audit").Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Revive(t.Context(), "mean", nil); err != nil {
		t.Fatal(err)
	}
	got := logged(t, b.redis)
	if len(was) != 2 || len(got) != 2 || got[0].Action != audit.Resume || *got[0].After != was[1].Head() || got[0].Seq != 3 || got[1].Action != audit.Revive {
		t.Fatalf("after %+v there are %+v", was, got)
	}

	// What comes back shorter is said to be so, and is not one chain.
	if err := client.RPop(t.Context(), f.Prefix+"audit").Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Kill(t.Context(), "mean", nil); err != nil {
		t.Fatal(err)
	}
	entries, err := b.redis.Before(t.Context(), 0, 10)
	if err != nil || len(entries) != 3 || entries[1].Action != audit.Resume || *entries[1].After != got[1].Head() {
		t.Errorf("cut off, it has %+v (%v)", entries, err)
	}

	// What is no entry is not gone on from.
	if err := client.RPush(t.Context(), f.Prefix+"audit", "{}").Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Revive(t.Context(), "mean", nil); !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), f.Prefix+"audit") {
		t.Errorf("behind rubbish: %v", err)
	}
	if p, err := b.Get("mean"); err != nil || p.State != Killed || failed != 1 {
		t.Errorf("behind rubbish, of which %d were told, it is %+v (%v)", failed, p, err)
	}
	if err := client.Rename(t.Context(), f.Prefix+"audit", f.Prefix+"audit:kept").Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Revive(t.Context(), "mean", nil); err != nil {
		t.Fatal(err)
	}
	if got := logged(t, b.redis); len(got) != 2 || *got[0].After != entries[0].Head() {
		t.Errorf("after it was kept elsewhere there are %+v", got)
	}
}

// TestAnswerLost: a transaction that is made once more, because its answer was
// lost, writes its entry once.
func TestAnswerLost(t *testing.T) {
	f := newFleet(t)
	a := f.start(t, t.TempDir())
	var made draft
	for range 2 {
		err := a.redis.transact(t.Context(), func(ctx context.Context, tx *redis.Tx) error {
			if err := a.redis.draft(ctx, tx, audit.Entry{Action: audit.Kill}, &made); err != nil {
				return err
			}
			_, err := tx.TxPipelined(ctx, func(p redis.Pipeliner) error {
				made.push(ctx, p, a.redis.journal.key)
				return nil
			})
			return err
		}, a.redis.journal.key)
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := logged(t, a.redis); len(got) != 1 {
		t.Errorf("%d entries", len(got))
	}
}

// TestUserOfABuildBefore: with a user at Redis who may not write the log plugins
// answer, and none is changed.
func TestUserOfABuildBefore(t *testing.T) {
	server := redistest.Start(t)
	f := fleetOf(server.Addr)
	a := f.start(t, t.TempDir())
	a.upload(t, module("mean", "1.0.0"), true, true)
	f.allow(server, "before", "p")
	server.Do("ACL", "SETUSER", "before", "-rpush", "-lrange")
	f.Credentials = func(context.Context) (string, string, error) { return "before", "p", nil }
	b := f.start(t, t.TempDir())
	b.up(t)
	b.answers(t, "mean", "1.0.0")
	if _, err := b.Kill(t.Context(), "mean", nil); !errors.Is(err, ErrUnavailable) || Reason(err) != "the user lacks a permission" {
		t.Errorf("a change: %v", err)
	}
	if got := logged(t, a.redis); len(got) != 1 {
		t.Errorf("%d entries", len(got))
	}
	b.answers(t, "mean", "1.0.0")
}

// TestWithdrawnIsRecorded: a version that a replica takes from all has an entry
// that says so, and is nobody's.
func TestWithdrawnIsRecorded(t *testing.T) {
	server := redistest.Start(t)
	f := fleetOf(server.Addr)
	server.Do("ACL", "SETUSER", "deaf", "on", ">deaf", "~*", "resetchannels", "&"+f.Prefix+"plugins", "+@all")
	deaf := f
	deaf.Replica = "deaf"
	deaf.Credentials = func(context.Context) (string, string, error) { return "deaf", "deaf", nil }
	a, b := f.start(t, t.TempDir()), deaf.open(t, t.TempDir())
	code := module("mean", "2.0.0")
	var no strict
	no.Store(digestOf(code), true)
	no.rule(b)
	b.follow(t)
	a.upload(t, code, true, true)
	a.await(t, "it is refused", func() bool { p, err := a.Get("mean"); return err == nil && p.Versions[0].State == Refused })
	got := logged(t, a.redis)
	if len(got) != 2 || got[1].Action != audit.Withdraw || got[1].Principal != audit.Service || got[1].Replica != "deaf" ||
		got[1].Digest != digestOf(code) || got[1].Version != "2.0.0" || got[1].Detail != "strict: not with this build" {
		t.Errorf("%+v", got)
	}
}

// TestLostTryIsNotRecorded: a change that another replica was faster with, and that
// then has nothing to say, leaves nothing in the log of what its first try was to say:
// that would be no link of the chain.
func TestLostTryIsNotRecorded(t *testing.T) {
	f := newFleet(t)
	a, b := f.start(t, t.TempDir()), f.open(t, t.TempDir())
	tries := 0
	_, err := b.redis.update(t.Context(), func(table *Table) error {
		if tries++; tries == 1 {
			table.note = audit.Entry{Action: audit.Restore, Principal: audit.Service}
			a.upload(t, module("mean", "1.0.0"), true, true)
		}
		return nil
	})
	if err != nil || tries != 2 {
		t.Fatalf("%d tries, %v", tries, err)
	}
	if got := logged(t, a.redis); len(got) != 1 || got[0].Action != audit.Upload {
		t.Errorf("%+v", got)
	}
}

// TestGivenBackIsRecorded: that a Redis came back empty, and which plugins it was
// given, is in the log once, whichever replica was first.
func TestGivenBackIsRecorded(t *testing.T) {
	server := redistest.Start(t)
	f := fleetOf(server.Addr)
	a, b := f.start(t, t.TempDir()), f.start(t, t.TempDir())
	a.upload(t, module("mean", "1.0.0"), true, true)
	a.upload(t, module("other", "1.0.0"), true, true)
	b.answers(t, "other", "1.0.0")
	was := logged(t, a.redis)
	server.Kill()
	a.away(t)
	b.away(t)
	server.Forget()
	server.Restart()
	a.up(t)
	b.up(t)
	if _, err := b.Kill(t.Context(), "mean", nil); err != nil {
		t.Fatal(err)
	}
	got := logged(t, a.redis)
	if len(was) != 2 || len(got) != 3 || got[0].Action != audit.Resume || *got[0].After != was[1].Head() || got[2].Action != audit.Kill {
		t.Fatalf("after %+v there are %+v", was, got)
	}
	if e := got[1]; e.Action != audit.Restore || e.Outcome != audit.Done || e.Principal != audit.Service || e.Detail != "what this replica had seen of mean, other" {
		t.Errorf("%s", e.Line())
	}
}
