package plugin

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// tries says which versions of name are the active one and the candidate, as the
// registry has them: "1.0.0 2.0.0", or "1.0.0" where there is no candidate.
func (p *process) tries(t testing.TB, name string) string {
	t.Helper()
	got := p.runs(t, name)
	if run, _ := p.names.Get(name); run != nil {
		if trial, ok := run.(*registry.Trial); ok {
			got += " " + trial.Candidate.Origin().Version
		}
	}
	return got
}

// calls has both versions compute the same closes, as a call of the share does.
func (p *process) calls(t testing.TB, name string, closes ...float64) {
	t.Helper()
	run, _ := p.names.Get(name)
	trial, ok := run.(*registry.Trial)
	if !ok {
		t.Fatalf("%s has no candidate", name)
	}
	args, err := trial.Spec().Args(nil)
	if err != nil {
		t.Fatal(err)
	}
	tried := registry.Tried{Bars: len(closes)}
	var a, c registry.Result
	a, tried.ActiveErr = trial.Run(t.Context(), args, ta.Columns{closes})
	c, tried.CandidateErr = trial.Candidate.Run(t.Context(), args, ta.Columns{closes})
	tried.Active, tried.Candidate = a.Outputs, c.Outputs
	trial.Tell(tried)
}

func (p *process) reported(t testing.TB, name string) Report {
	t.Helper()
	trial, err := p.Trial(name)
	if err != nil || trial.Error != "" || trial.CountingAt == nil || trial.Counted != CountedHere {
		t.Fatalf("the trial is %+v, %v", trial, err)
	}
	return trial.Report
}

// untried wants the plugin to have no candidate, and says what its version is.
func (p *process) untried(t testing.TB, what, name string, active string) {
	t.Helper()
	got, err := p.Get(name)
	if err != nil || got.Candidate != nil || p.tries(t, name) != active {
		t.Errorf("%s: %q is tried, and %+v is said (%v)", what, p.tries(t, name), got.Candidate, err)
	}
	if _, err := p.Trial(name); !errors.Is(err, ErrNotFound) {
		t.Errorf("%s: its trial: %v", what, err)
	}
	for _, v := range got.Versions {
		if v.State == OnTrial {
			t.Errorf("%s: version %s is %s", what, v.Version, v.State)
		}
	}
}

// TestCandidate: a version is tried, with one share and with another, over a
// restart, until it is withdrawn.
func TestCandidate(t *testing.T) {
	dir := t.TempDir()
	p := start(t, dir)
	var came []Outcome
	p.Observe(func(name string, o Outcome) { came = append(came, o) })
	one := p.upload(t, module("mean", "1.0.0"), true, true)
	two := p.upload(t, module("mean", "2.0.0"), false, true)

	got, err := p.Try(t.Context(), "mean", two.Digest, 12.5, nil)
	if err != nil || got.State != Active || got.Active != one.Digest || got.Candidate == nil || got.Candidate.Digest != two.Digest ||
		got.Candidate.Percent != 12.5 || got.Candidate.Since.IsZero() || got.Candidate.Error != "" || got.Versions[0].State != Active || got.Versions[1].State != OnTrial {
		t.Fatalf("tried: %+v, %v", got, err)
	}
	if p.tries(t, "mean") != "1.0.0 2.0.0" {
		t.Errorf("%q is tried", p.tries(t, "mean"))
	}
	p.calls(t, "mean", 1, 2, 4)
	p.calls(t, "mean", 1, 2, 4)
	if r := p.reported(t, "mean"); r.Calls != 2 || r.Same != 2 || r.Bars != 6 || r.First != nil || len(came) != 2 {
		t.Errorf("reported: %+v, told of %v", r, came)
	}

	// Another share, the active bytes again, another plugin: it is the same trial.
	since := got.Candidate.Since
	if got, err = p.Try(t.Context(), "mean", two.Digest, 50, nil); err != nil || got.Candidate.Percent != 50 || !got.Candidate.Since.Equal(since) {
		t.Errorf("another share: %+v, %v", got.Candidate, err)
	}
	p.upload(t, module("mean", "1.0.0"), true, false)
	p.upload(t, module("other", "1.0.0"), true, true)
	if run, _ := p.names.Get("mean"); run.(*registry.Trial).Percent != 50 || p.reported(t, "mean").Calls != 2 {
		t.Errorf("another share has %v%% and the report %+v", run.(*registry.Trial).Percent, p.reported(t, "mean"))
	}

	before, _ := json.Marshal(p.List())
	p = start(t, dir)
	if after, _ := json.Marshal(p.List()); string(after) != string(before) || p.tries(t, "mean") != "1.0.0 2.0.0" || p.reported(t, "mean").Calls != 0 {
		t.Errorf("after a restart\n%s\nbefore\n%s", after, before)
	}

	no := func(Plugin) bool { return false }
	if _, err := p.Untry(t.Context(), "mean", no); !errors.Is(err, ErrChanged) || p.tries(t, "mean") != "1.0.0 2.0.0" {
		t.Errorf("withdraw what is not as the caller knows it: %v", err)
	}
	for range 2 { // the second changes nothing
		if got, err = p.Untry(t.Context(), "mean", nil); err != nil || got.State != Active || got.Active != one.Digest {
			t.Errorf("withdrawn: %+v, %v", got, err)
		}
		p.untried(t, "withdrawn", "mean", "1.0.0")
	}
	// It begins anew, also for who has not seen that it was over in between.
	if _, err := p.Try(t.Context(), "mean", two.Digest, 1, nil); err != nil || p.reported(t, "mean").Calls != 0 {
		t.Errorf("tried again: %+v, %v", p.reported(t, "mean"), err)
	}
	p.calls(t, "mean", 1, 2, 4)
	err = p.store.Update(t.Context(), func(table *Table) error {
		e := table.entry("mean")
		since := e.Candidate.Since
		e.share("", 0, since)
		e.share(two.Digest, 1, since.Add(time.Second))
		return nil
	})
	if _, syncErr := p.Sync(t.Context()); err != nil || syncErr != nil {
		t.Fatal(err, syncErr)
	}
	if got := p.reported(t, "mean").Calls; got != 0 {
		t.Errorf("another trial begins with %d calls", got)
	}
}

// TestCandidatesStayLoaded: as many as there are, more than the spares.
func TestCandidatesStayLoaded(t *testing.T) {
	p := start(t, t.TempDir())
	var names []string
	for i := range spares + 2 {
		name := "mean" + string(rune('a'+i))
		names = append(names, name)
		p.upload(t, module(name, "1.0.0"), true, true)
		two := p.upload(t, module(name, "2.0.0"), false, true)
		if _, err := p.Try(t.Context(), name, two.Digest, 10, nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range names {
		p.calls(t, name, 1, 2, 4)
		if r := p.reported(t, name); r.Calls != 1 || r.Same != 1 {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// TestCandidateEnds: whatever decides which version answers ends a trial.
func TestCandidateEnds(t *testing.T) {
	p := start(t, t.TempDir())
	ctx := t.Context()
	one := p.upload(t, module("mean", "1.0.0"), true, true)
	two := p.upload(t, module("mean", "2.0.0"), false, true)
	three := p.upload(t, module("mean", "3.0.0"), false, true)
	for what, c := range map[string]struct {
		do   func() error
		want string
	}{
		"promoted":          {func() error { _, err := p.Activate(ctx, "mean", two.Digest, nil); return err }, "2.0.0"},
		"promoted, by push": {func() error { _, _, err := p.Upload(ctx, module("mean", "2.0.0"), true); return err }, "2.0.0"},
		"another activated": {func() error { _, err := p.Activate(ctx, "mean", three.Digest, nil); return err }, "3.0.0"},
		"uninstalled":       {func() error { return p.Delete(ctx, "mean", nil) }, ""},
		"killed":            {func() error { _, err := p.Kill(ctx, "mean", nil); return err }, ""},
		"killed, revived": {func() error {
			_, err := p.Kill(ctx, "mean", nil)
			if err == nil {
				_, err = p.Revive(ctx, "mean", nil)
			}
			return err
		}, "1.0.0"},
	} {
		if _, err := p.Revive(ctx, "mean", nil); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Activate(ctx, "mean", one.Digest, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Try(ctx, "mean", two.Digest, 10, nil); err != nil || p.tries(t, "mean") != "1.0.0 2.0.0" {
			t.Fatalf("%s: %q is tried, %v", what, p.tries(t, "mean"), err)
		}
		if err := c.do(); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		p.untried(t, what, "mean", c.want)
	}
}

func TestCandidateRefuses(t *testing.T) {
	p := start(t, t.TempDir())
	ctx := t.Context()
	one := p.upload(t, module("mean", "1.0.0"), true, true)
	two := p.upload(t, module("mean", "2.0.0"), false, true)
	less := p.upload(t, wt.Guest{Name: "mean", Version: "3.0.0", Description: strings.Replace(wt.Describe("mean", "3.0.0"), `"mean","unit"`, `"average","unit"`, 1)}.Build(), false, true)
	stored := p.upload(t, module("stored", "1.0.0"), false, true)
	killed := p.upload(t, module("killed", "1.0.0"), true, true)
	later := p.upload(t, module("killed", "2.0.0"), false, true)
	if _, err := p.Kill(ctx, "killed", nil); err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		name, digest string
		percent      float64
		want         error
	}{
		"an unknown plugin":      {"nothing", two.Digest, 10, ErrNotFound},
		"another's version":      {"mean", stored.Digest, 10, ErrNotFound},
		"the active version":     {"mean", one.Digest, 10, ErrNoCandidate},
		"one without the output": {"mean", less.Digest, 10, ErrNoCandidate},
		"one beside nothing":     {"stored", stored.Digest, 10, ErrNoCandidate},
		"one of a killed plugin": {"killed", later.Digest, 10, ErrNoCandidate},
		"what is killed":         {"killed", killed.Digest, 10, ErrNoCandidate},
		"no share":               {"mean", two.Digest, 0, ErrNoCandidate},
		"more than all":          {"mean", two.Digest, 101, ErrNoCandidate},
		"less than nothing":      {"mean", two.Digest, -1, ErrNoCandidate},
		"a share that is none":   {"mean", two.Digest, nan, ErrNoCandidate},
	} {
		if _, err := p.Try(ctx, c.name, c.digest, c.percent, nil); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", what, err, c.want)
		}
	}
	if _, err := p.Untry(ctx, "nothing", nil); !errors.Is(err, ErrNotFound) {
		t.Errorf("withdraw from what is not there: %v", err)
	}
	if _, err := p.Trial("nothing"); !errors.Is(err, ErrNotFound) {
		t.Errorf("the trial of what is not there: %v", err)
	}
	no := func(Plugin) bool { return false }
	if _, err := p.Try(ctx, "mean", two.Digest, 10, no); !errors.Is(err, ErrChanged) {
		t.Errorf("try what is not as the caller knows it: %v", err)
	}
	p.untried(t, "refused", "mean", "1.0.0")
}

// TestCandidateIsDamaged: a candidate that cannot be loaded is said to be so, and
// the active version answers all calls.
func TestCandidateIsDamaged(t *testing.T) {
	dir := t.TempDir()
	p := start(t, dir)
	p.upload(t, module("mean", "1.0.0"), true, true)
	two := p.upload(t, module("mean", "2.0.0"), false, true)
	if _, err := p.Try(t.Context(), "mean", two.Digest, 10, nil); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "modules", strings.TrimPrefix(two.Digest, "sha256:")+".wasm")); err != nil {
		t.Fatal(err)
	}
	p = start(t, dir)
	if len(p.skipped) != 1 || !p.skipped[0].Candidate || p.skipped[0].Digest != two.Digest || p.tries(t, "mean") != "1.0.0" {
		t.Errorf("skipped %+v; %q is tried", p.skipped, p.tries(t, "mean"))
	}
	got, err := p.Get("mean")
	trial, trialErr := p.Trial("mean")
	if err != nil || got.Error != "" || got.State != Active || got.Candidate == nil || got.Candidate.Error == "" ||
		trialErr != nil || trial.Error == "" || trial.CountingAt != nil || trial.Report.Calls != 0 {
		t.Errorf("it is listed as %+v (%v), its trial is %+v (%v)", got, err, trial, trialErr)
	}
	p.upload(t, module("mean", "2.0.0"), false, false) // which mends it
	if p.tries(t, "mean") != "1.0.0 2.0.0" || p.reported(t, "mean").Calls != 0 {
		t.Errorf("mended, %q is tried", p.tries(t, "mean"))
	}
}

// TestCandidateEverywhere: every replica tries the same, by the notification and,
// where that is lost, all the same; so does one that starts meanwhile.
func TestCandidateEverywhere(t *testing.T) {
	for what, fleets := range hearings {
		t.Run(what, func(t *testing.T) {
			f, other := fleets(t)
			a, b := f.start(t, t.TempDir()), other.start(t, t.TempDir())
			all := func(want string, replicas ...*replica) {
				t.Helper()
				for _, r := range replicas {
					r.await(t, want, func() bool { return r.tries(t, "mean") == want })
				}
			}
			a.upload(t, module("mean", "1.0.0"), true, true)
			two := a.upload(t, module("mean", "2.0.0"), false, true)
			all("1.0.0", a, b)
			if _, err := a.Try(t.Context(), "mean", two.Digest, 20, nil); err != nil {
				t.Fatal(err)
			}
			all("1.0.0 2.0.0", a, b)
			c := other.start(t, t.TempDir())
			all("1.0.0 2.0.0", c)
			a.calls(t, "mean", 1, 2, 4)
			if a.reported(t, "mean").Calls != 1 || b.reported(t, "mean").Calls != 0 {
				t.Error("a call is counted elsewhere than where it was answered")
			}
			want, _ := json.Marshal(a.List())
			for _, r := range []*replica{b, c} {
				if got, _ := json.Marshal(r.List()); string(got) != string(want) {
					t.Errorf("one replica says\n%s\nanother\n%s", got, want)
				}
			}
			if _, err := b.Try(t.Context(), "mean", two.Digest, 40, nil); err != nil {
				t.Fatal(err)
			}
			for _, r := range []*replica{a, b, c} {
				r.await(t, "40%", func() bool { p, err := r.Get("mean"); return err == nil && p.Candidate.Percent == 40 })
			}
			if a.reported(t, "mean").Calls != 1 {
				t.Error("another share begins another count")
			}
			if _, err := c.Untry(t.Context(), "mean", nil); err != nil {
				t.Fatal(err)
			}
			all("1.0.0", a, b, c)
			if _, err := c.Try(t.Context(), "mean", two.Digest, 20, nil); err != nil {
				t.Fatal(err)
			}
			all("1.0.0 2.0.0", a, b, c)
			if a.reported(t, "mean").Calls != 0 {
				t.Error("another trial goes on with the count of the one before")
			}
			if _, err := b.Activate(t.Context(), "mean", two.Digest, nil); err != nil {
				t.Fatal(err)
			}
			all("2.0.0", a, b, c)
		})
	}
}

// TestCandidateRefusedByOne: what one replica refuses, none tries, also when it
// says so late; the active version answers throughout.
func TestCandidateRefusedByOne(t *testing.T) {
	f := newFleet(t).notified()
	a, b := f.start(t, t.TempDir()), f.open(t, t.TempDir())
	refused := module("mean", "2.0.0")
	var no strict
	no.rule(b)
	b.follow(t)
	a.upload(t, module("mean", "1.0.0"), true, true)
	b.answers(t, "mean", "1.0.0")
	two := a.upload(t, refused, false, true)
	no.Store(two.Digest, true)
	if _, err := a.Try(t.Context(), "mean", two.Digest, 20, nil); !errors.Is(err, wasm.ErrRejected) {
		t.Errorf("tried where another refuses it: %v", err)
	}
	a.untried(t, "refused when it was announced", "mean", "1.0.0")

	// It gets into the table without an announcement, as if b had been slow.
	err := a.redis.Update(context.Background(), func(table *Table) error {
		table.entry("mean").share(two.Digest, 20, two.Created)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []*replica{a, b} {
		r.await(t, "it is withdrawn", func() bool {
			p, err := r.Get("mean")
			return err == nil && p.refused(two.Digest) && p.Candidate == nil && r.tries(t, "mean") == "1.0.0"
		})
	}
	if _, err := a.Try(t.Context(), "mean", two.Digest, 20, nil); !errors.Is(err, wasm.ErrRejected) {
		t.Errorf("tried when it is refused: %v", err)
	}
}

// TestCandidateOfAnotherBuild: a replica that begins with a build that refuses the
// candidate leaves it to the others; one that is tried while it runs it refuses
// for all, also if it is the same.
func TestCandidateOfAnotherBuild(t *testing.T) {
	f := newFleet(t).notified()
	a, b := f.start(t, t.TempDir()), f.open(t, t.TempDir())
	a.upload(t, module("mean", "1.0.0"), true, true)
	two := a.upload(t, module("mean", "2.0.0"), false, true)
	if _, err := a.Try(t.Context(), "mean", two.Digest, 20, nil); err != nil {
		t.Fatal(err)
	}
	var no strict
	no.Store(two.Digest, true)
	no.rule(b)
	b.follow(t)
	skipped, err := b.last()
	if err != nil || len(skipped) != 1 || !skipped[0].Candidate || b.tries(t, "mean") != "1.0.0" {
		t.Errorf("the one that refuses it skips %+v (%v), and tries %q", skipped, err, b.tries(t, "mean"))
	}
	if got, err := b.Get("mean"); err != nil || got.Error != "" || got.Candidate == nil || !strings.Contains(got.Candidate.Error, "not with this build") {
		t.Errorf("it says %+v, %v", got, err)
	}
	if got, err := a.Get("mean"); err != nil || got.refused(two.Digest) || a.tries(t, "mean") != "1.0.0 2.0.0" {
		t.Errorf("the other tries %q", a.tries(t, "mean"))
	}
	if _, err := a.Untry(t.Context(), "mean", nil); err != nil {
		t.Fatal(err)
	}
	b.await(t, "it is over", func() bool { p, err := b.Get("mean"); return err == nil && p.Candidate == nil })
	err = b.redis.Update(t.Context(), func(table *Table) error { // unannounced
		table.entry("mean").share(two.Digest, 20, two.Created)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.await(t, "it is refused", func() bool { p, err := a.Get("mean"); return err == nil && p.refused(two.Digest) && p.Candidate == nil })
}

// TestCandidateOutlivesRedis: a Redis that comes back empty is told of the trial.
func TestCandidateOutlivesRedis(t *testing.T) {
	f := newFleet(t)
	a := f.start(t, t.TempDir())
	a.upload(t, module("mean", "1.0.0"), true, true)
	two := a.upload(t, module("mean", "2.0.0"), false, true)
	if _, err := a.Try(t.Context(), "mean", two.Digest, 20, nil); err != nil {
		t.Fatal(err)
	}
	want, _ := json.Marshal(a.List())
	client := redis.NewClient(&redis.Options{Addr: f.Addr})
	defer client.Close()
	if err := client.Del(t.Context(), f.Prefix+"plugins", f.key(two.Digest)).Err(); err != nil {
		t.Fatal(err)
	}
	a.await(t, "the table is back", func() bool { return client.Exists(t.Context(), f.Prefix+"plugins").Val() == 1 })
	b := f.start(t, t.TempDir())
	if got, _ := json.Marshal(b.List()); string(got) != string(want) || b.tries(t, "mean") != "1.0.0 2.0.0" {
		t.Errorf("a replica that knew nothing says\n%s\nwant\n%s", got, want)
	}
}
