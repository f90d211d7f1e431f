package plugin

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
)

// TestRoom: so many bytes of modules answer, and so many are kept, whoever asks for
// more by whatever way; the bytes of what is refused are not kept, and a place that
// is given up is another's.
func TestRoom(t *testing.T) {
	p, ctx := start(t, t.TempDir()), t.Context()
	p.room = Room{Active: 3 * LeastSize, Stored: 6 * LeastSize}
	full := func(what, setting string, err error) {
		t.Helper()
		if !errors.Is(err, ErrNoRoom) || !strings.Contains(err.Error(), setting) {
			t.Errorf("%s: %v", what, err)
		}
	}
	var b Version
	for _, name := range []string{"a", "b", "c"} {
		b = p.upload(t, module("mean_"+name, "1.0.0"), true, true)
	}
	before := p.List()
	fourth := module("mean_d", "1.0.0")
	_, _, err := p.Upload(ctx, fourth, true)
	full("a fourth", "PLUGIN_ACTIVE", err)
	if _, err := p.store.Module(ctx, digestOf(fourth)); !errors.Is(err, ErrNotFound) {
		t.Errorf("the bytes of the fourth: %v", err)
	}
	if got := p.runs(t, "mean_d"); got != "" || len(p.List()) != len(before) {
		t.Errorf("the fourth runs as %q of %d plugins", got, len(p.List()))
	}

	d := p.upload(t, fourth, false, true)
	_, err = p.Activate(ctx, "mean_d", d.Digest, nil)
	full("to activate what was stored", "PLUGIN_ACTIVE", err)
	a2 := p.upload(t, module("mean_a", "2.0.0"), false, true)
	_, err = p.Try(ctx, "mean_a", a2.Digest, 10, nil)
	full("a candidate", "PLUGIN_ACTIVE", err)
	if _, err := p.Activate(ctx, "mean_a", a2.Digest, nil); err != nil {
		t.Errorf("another version in a place of its own: %v", err)
	}

	if _, err := p.Kill(ctx, "mean_b", nil); err != nil {
		t.Fatal(err)
	}
	_, err = p.Activate(ctx, "mean_d", d.Digest, nil)
	full("in the place of one that was killed", "PLUGIN_ACTIVE", err)
	if _, err := p.Revive(ctx, "mean_b", nil); err != nil {
		t.Errorf("that one again: %v", err)
	}
	if err := p.Delete(ctx, "mean_c", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Activate(ctx, "mean_d", d.Digest, nil); err != nil || p.runs(t, "mean_d") != "1.0.0" {
		t.Errorf("in the place of one that was uninstalled: %v", err)
	}

	p.upload(t, module("mean_e", "1.0.0"), false, true)
	_, _, err = p.Upload(ctx, module("mean_f", "1.0.0"), false)
	full("a seventh version", "PLUGIN_STORED", err)
	p.upload(t, fourth, true, false) // was there

	// Where the settings are lowered what is there stays, and may become less.
	p.room = Room{Active: LeastSize, Stored: LeastSize}
	_, err = p.Activate(ctx, "mean_c", b.Digest, nil)
	full("more than has room", "PLUGIN_ACTIVE", err)
	if err := p.Delete(ctx, "mean_d", nil); err != nil {
		t.Errorf("less, though more than has room: %v", err)
	}
}

// TestRoomIsShared: of replicas that are asked for the last place at the same time
// one gives it.
func TestRoomIsShared(t *testing.T) {
	f := newFleet(t)
	replicas := []*replica{f.start(t, t.TempDir()), f.start(t, t.TempDir()), f.start(t, t.TempDir())}
	for _, r := range replicas {
		r.room = Room{Active: LeastSize, Stored: 10 * LeastSize}
	}
	var all sync.WaitGroup
	errs := make([]error, len(replicas))
	for i, r := range replicas {
		all.Go(func() {
			_, _, errs[i] = r.Upload(context.Background(), module(fmt.Sprint("mean_", i), "1.0.0"), true)
		})
	}
	all.Wait()
	given := 0
	for _, err := range errs {
		if err == nil {
			given++
		} else if !errors.Is(err, ErrNoRoom) {
			t.Error(err)
		}
	}
	if given != 1 {
		t.Errorf("%d have the one place", given)
	}
}
