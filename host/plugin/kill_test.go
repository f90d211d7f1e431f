package plugin

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
)

// stopped wants nothing of name to answer, and the callers to be told.
func (p *process) stopped(t *testing.T, name string) {
	t.Helper()
	if got := p.runs(t, name); got != "" {
		t.Errorf("version %s of a killed plugin answers", got)
	}
	if err := p.names.Absent(name); !errors.Is(err, ErrKilled) {
		t.Errorf("who calls it is told %v", err)
	}
}

// TestKill: a plugin that was killed stays so, through an upload, an activation
// and a restart, until it is revived; then the version answers that was last
// made active.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	p := start(t, dir)
	one := p.upload(t, module("mean", "1.0.0"), true, true)
	p.upload(t, module("other", "1.0.0"), true, true)
	found, _ := p.names.Get("mean") // by a request that waits for its turn
	call := func() error {
		args, err := found.Spec().Args(nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = found.Run(t.Context(), args, ta.Columns{{1, 2}})
		return err
	}
	for range 2 { // the second changes nothing
		got, err := p.Kill(t.Context(), "mean", nil)
		if err != nil || got.State != Killed || got.Active != one.Digest || got.Versions[0].State != Killed {
			t.Fatalf("killed: %+v, %v", got, err)
		}
		p.stopped(t, "mean")
		if err := call(); !errors.Is(err, wasm.ErrHalted) {
			t.Errorf("who found it before is told %v", err)
		}
	}
	if got := p.runs(t, "other"); got != "1.0.0" {
		t.Errorf("of another plugin %q answers", got)
	}

	two := p.upload(t, module("mean", "2.0.0"), true, true)
	if two.State != Killed {
		t.Errorf("uploaded to be active: %+v", two)
	}
	p.stopped(t, "mean")
	if got, err := p.Activate(t.Context(), "mean", one.Digest, nil); err != nil || got.State != Killed {
		t.Errorf("activated: %+v, %v", got, err)
	}
	p.stopped(t, "mean")
	if _, err := p.Revive(t.Context(), "mean", nil); err != nil || call() != nil {
		t.Errorf("revived, who found it before is told %v, %v", err, call())
	}
	if err := p.Delete(t.Context(), "mean", nil); err != nil || call() != nil {
		t.Errorf("uninstalled, who found it before is told %v, %v", err, call())
	}
	if _, err := p.Activate(t.Context(), "mean", one.Digest, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Kill(t.Context(), "mean", nil); err != nil {
		t.Fatal(err)
	}
	p = start(t, dir)
	p.stopped(t, "mean")

	for range 2 {
		got, err := p.Revive(t.Context(), "mean", nil)
		if err != nil || got.State != Active || got.Active != one.Digest {
			t.Fatalf("revived: %+v, %v", got, err)
		}
		if got := p.runs(t, "mean"); got != "1.0.0" {
			t.Errorf("revived, %q answers", got)
		}
	}

	no := func(Plugin) bool { return false }
	if _, err := p.Kill(t.Context(), "mean", no); !errors.Is(err, ErrChanged) {
		t.Errorf("kill what is not as the caller knows it: %v", err)
	}
	if _, err := p.Kill(t.Context(), "nothing", nil); !errors.Is(err, ErrNotFound) {
		t.Errorf("kill what is not there: %v", err)
	}
	if _, err := p.Revive(t.Context(), "nothing", nil); !errors.Is(err, ErrNotFound) {
		t.Errorf("revive what is not there: %v", err)
	}
	if p.runs(t, "mean") != "1.0.0" {
		t.Error("a kill that was refused killed")
	}
}

// everywhere is how soon a kill holds in all replicas, as is promised.
const everywhere = 5 * time.Second

// TestKillEverywhere: a kill reaches every replica in time, by its notification and,
// where that is lost, all the same; one that starts meanwhile runs nothing of it.
func TestKillEverywhere(t *testing.T) {
	for what, fleets := range hearings {
		t.Run(what, func(t *testing.T) {
			f, other := fleets(t)
			a, b := f.start(t, t.TempDir()), other.start(t, t.TempDir())
			a.upload(t, module("mean", "1.0.0"), true, true)
			b.answers(t, "mean", "1.0.0")
			late := time.After(everywhere)
			if _, err := a.Kill(t.Context(), "mean", nil); err != nil {
				t.Fatal(err)
			}
			a.stopped(t, "mean")
			b.before(t, late, "mean is stopped", func() bool { return b.runs(t, "mean") == "" })
			b.stopped(t, "mean")
			c := other.start(t, t.TempDir())
			c.stopped(t, "mean")
			if _, err := c.Revive(t.Context(), "mean", nil); err != nil {
				t.Fatal(err)
			}
			for _, r := range []*replica{a, b, c} {
				r.answers(t, "mean", "1.0.0")
			}
		})
	}
}

// slow has a replica load nothing more before release; begun is closed when it has
// begun to.
func (r *replica) slow(t *testing.T) (begun chan struct{}, release func()) {
	t.Helper()
	if err := r.one.Acquire(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	defer r.one.Release(1)
	begun, released := make(chan struct{}), make(chan struct{})
	judge, first := r.judge, true
	r.judge = func(ctx context.Context, code []byte) (*wasm.Module, error) { // one at a time
		if first {
			close(begun)
			first = false
		}
		<-released
		return judge(ctx, code)
	}
	return begun, sync.OnceFunc(func() { close(released) })
}

// gone waits until nothing of name answers, though nothing is synced meanwhile.
func (r *replica) gone(t *testing.T, name string) {
	t.Helper()
	for late := time.After(20 * time.Second); ; runtime.Gosched() {
		if _, runs := r.names.Get(name); !runs {
			return
		}
		select {
		case <-late:
			t.Fatalf("%s answers as long as another module is being loaded", name)
		default:
		}
	}
}

// TestKillDuringLoad: a replica that is loading another module, however long that
// takes, hears of a kill, and takes one, as if it were not; what it had read before
// brings nothing back.
func TestKillDuringLoad(t *testing.T) {
	for what, fleets := range hearings {
		t.Run(what, func(t *testing.T) {
			f, other := fleets(t)
			a, b := f.start(t, t.TempDir()), other.start(t, t.TempDir())
			for _, name := range []string{"mean", "other"} {
				a.upload(t, module(name, "1.0.0"), true, true)
			}
			b.answers(t, "mean", "1.0.0")
			b.answers(t, "other", "1.0.0")
			begun, release := b.slow(t)
			defer release()
			uploaded := make(chan error, 1)
			go func() {
				_, _, err := a.Upload(context.Background(), module("third", "1.0.0"), true)
				uploaded <- err
			}()
			<-begun // it prepares, or syncs
			if _, err := a.Kill(t.Context(), "mean", nil); err != nil {
				t.Fatal(err)
			}
			b.gone(t, "mean")
			b.stopped(t, "mean")
			if p, err := b.Get("mean"); err != nil || p.State != Killed {
				t.Errorf("it is shown as %+v, %v", p, err)
			}
			if p, err := b.Kill(t.Context(), "other", nil); err != nil || p.State != Killed {
				t.Errorf("a kill by the replica that loads: %+v, %v", p, err)
			}
			b.stopped(t, "other")
			release()
			if err := <-uploaded; err != nil {
				t.Error(err)
			}
			b.answers(t, "third", "1.0.0")
			for _, name := range []string{"mean", "other"} {
				b.stopped(t, name)
			}
			if _, err := b.Revive(t.Context(), "mean", nil); err != nil {
				t.Fatal(err)
			}
			for _, r := range []*replica{a, b} {
				r.answers(t, "mean", "1.0.0")
			}
		})
	}
}

// TestKillOfWhatDoesNotRun: a plugin of which nothing runs is killed and shown as that
// at once, too, whoever is changing another.
func TestKillOfWhatDoesNotRun(t *testing.T) {
	p := start(t, t.TempDir())
	p.upload(t, module("mean", "1.0.0"), true, true)
	if err := p.Delete(t.Context(), "mean", nil); err != nil {
		t.Fatal(err)
	}
	if err := p.one.Acquire(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	defer p.one.Release(1)
	got, err := p.Kill(t.Context(), "mean", nil)
	if err != nil || got.State != Killed {
		t.Errorf("killed: %+v, %v", got, err)
	}
	p.stopped(t, "mean")
}

// TestStoppedSince: a Sync that read the table before a kill neither lets the plugin
// answer nor shows it as one that does.
func TestStoppedSince(t *testing.T) {
	p := start(t, t.TempDir())
	p.upload(t, module("mean", "1.0.0"), true, true)
	run, _ := p.names.Get("mean")
	before, err := p.read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Kill(t.Context(), "mean", nil); err != nil {
		t.Fatal(err)
	}
	p.publish(map[string]registry.Runner{"mean": run}, nil, nil)
	p.show(before, nil)
	p.stopped(t, "mean")
	if got, err := p.Get("mean"); err != nil || got.State != Killed {
		t.Errorf("it is shown as %+v, %v", got, err)
	}
	if !p.outdated(before) {
		t.Error("the Sync would not be made again")
	}
}
