package plugin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/admission"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

var native = &ta.Indicator{Spec: ta.Spec{Name: "sma"}}

// process is what one run of the service has over a directory.
type process struct {
	*Library
	names   *registry.Registry
	store   *Directory
	skipped []Skipped
}

func start(t *testing.T, dir string) *process {
	t.Helper()
	p := open(t, dir)
	var err error
	if p.skipped, err = p.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	return p
}

// open is start without a Sync.
func open(t *testing.T, dir string) *process {
	t.Helper()
	sandbox, err := wasm.New(wasm.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sandbox.Close)
	store, err := OpenDirectory(dir)
	if err != nil {
		t.Fatal(err)
	}
	p := &process{names: registry.New([]*ta.Indicator{native}), store: store}
	if p.Library, err = Open(t.Context(), store, Room{}, sandbox, p.names); err != nil {
		t.Fatal(err)
	}
	return p
}

func module(name, version string) []byte { return wt.Guest{Name: name, Version: version}.Build() }

// upload wants an upload to succeed.
func (p *process) upload(t testing.TB, code []byte, activate, created bool) Version {
	t.Helper()
	v, got, err := p.Upload(t.Context(), code, activate)
	if err != nil {
		t.Fatal(err)
	}
	if got != created {
		t.Fatalf("created %v, want %v", got, created)
	}
	return v
}

// runs says which version of name answers; "" for none.
func (p *process) runs(t testing.TB, name string) string {
	t.Helper()
	run, ok := p.names.Get(name)
	if !ok {
		return ""
	}
	args, err := run.Spec().Args(nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := run.Run(context.Background(), args, ta.Columns{{1, 2, 4}})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Outputs[0]; got[0] == got[0] || got[1] != 1.5 || got[2] != 3 {
		t.Fatalf("%s gives %v", name, got)
	}
	return run.Origin().Version
}

func TestLibrary(t *testing.T) {
	dir := t.TempDir()
	p := start(t, dir)
	if got := p.List(); got == nil || len(got) != 0 {
		t.Fatalf("an empty library lists %v", got)
	}
	one := p.upload(t, module("mean", "1.0.0"), true, true)
	if one.State != Active || one.Name != "mean" || one.Version != "1.0.0" || one.Size == 0 || one.Created.IsZero() ||
		one.Spec.Title != "A test" || one.Report.MaxBars != wasm.MaxBars || !strings.HasPrefix(one.Digest, "sha256:") {
		t.Errorf("uploaded: %+v", one)
	}
	if got := p.runs(t, "mean"); got != "1.0.0" {
		t.Errorf("version %q answers", got)
	}
	two := p.upload(t, module("mean", "2.0.0"), false, true)
	if two.State != Stored || p.runs(t, "mean") != "1.0.0" {
		t.Errorf("a version that was only to be stored: %+v", two)
	}
	p.upload(t, module("other", "0.1.0-rc.1"), false, true)
	if got := p.runs(t, "other"); got != "" {
		t.Errorf("a plugin that was only to be stored answers as %q", got)
	}

	promoted, err := p.Activate(t.Context(), "mean", two.Digest, nil)
	if err != nil || promoted.Active != two.Digest || promoted.State != Active || p.runs(t, "mean") != "2.0.0" {
		t.Errorf("promoted: %+v, %v", promoted, err)
	}
	rolledBack, err := p.Activate(t.Context(), "mean", one.Digest, nil)
	if err != nil || rolledBack.Active != one.Digest || p.runs(t, "mean") != "1.0.0" {
		t.Errorf("rolled back: %+v, %v", rolledBack, err)
	}
	for _, v := range rolledBack.Versions {
		if want := map[bool]State{true: Active, false: Stored}[v.Digest == one.Digest]; v.State != want {
			t.Errorf("version %s is %s, want %s", v.Version, v.State, want)
		}
	}

	// The same bytes again.
	if again := p.upload(t, module("mean", "2.0.0"), false, false); again.State != Stored || !again.Created.Equal(two.Created) {
		t.Errorf("again: %+v, first %+v", again, two)
	}
	if again := p.upload(t, module("mean", "2.0.0"), true, false); again.State != Active || p.runs(t, "mean") != "2.0.0" {
		t.Errorf("again and to be active: %+v", again)
	}

	// All of it is there after a restart, and as it was.
	before := p.List()
	p = start(t, dir)
	if len(p.skipped) != 0 {
		t.Errorf("skipped at the restart: %v", p.skipped)
	}
	a, _ := json.Marshal(before)
	b, _ := json.Marshal(p.List())
	if !bytes.Equal(a, b) || p.runs(t, "mean") != "2.0.0" || p.runs(t, "other") != "" {
		t.Errorf("after a restart\n%s\nbefore\n%s", b, a)
	}

	code, err := p.Module(t.Context(), "mean", one.Digest)
	if err != nil || !bytes.Equal(code, module("mean", "1.0.0")) {
		t.Errorf("the bytes of version 1: %d of them, %v", len(code), err)
	}

	for range 2 { // the second time there is nothing to do
		if err := p.Delete(t.Context(), "mean", nil); err != nil {
			t.Fatal(err)
		}
		gone, err := p.Get("mean")
		if err != nil || gone.State != Inactive || gone.Active != "" || len(gone.Versions) != 2 || p.runs(t, "mean") != "" {
			t.Errorf("uninstalled: %+v, %v", gone, err)
		}
	}
	p = start(t, dir)
	if p.runs(t, "mean") != "" {
		t.Error("an uninstalled plugin is back after a restart")
	}
	if back, err := p.Activate(t.Context(), "mean", one.Digest, nil); err != nil || back.State != Active || p.runs(t, "mean") != "1.0.0" {
		t.Errorf("brought back: %+v, %v", back, err)
	}
}

func TestLibraryRefuses(t *testing.T) {
	p := start(t, t.TempDir())
	v := p.upload(t, module("mean", "1.0.0"), true, true)
	another := wt.Guest{Name: "mean", Padding: 1}.Build()
	other := p.upload(t, module("other", "1.0.0"), true, true)
	ctx := t.Context()
	for name, c := range map[string]struct {
		do   func() error
		want error
	}{
		"another module of that version": {func() error { _, _, err := p.Upload(ctx, another, true); return err }, ErrConflict},
		"a native's name":                {func() error { _, _, err := p.Upload(ctx, module("sma", "1.0.0"), true); return err }, ErrConflict},
		"no module":                      {func() error { _, _, err := p.Upload(ctx, []byte("hello"), true); return err }, wasm.ErrRejected},
		"a native's name, checked":       {func() error { _, err := p.Check(ctx, module("sma", "1.0.0")); return err }, wasm.ErrRejected},
		"no module, checked":             {func() error { _, err := p.Check(ctx, nil); return err }, wasm.ErrRejected},
		"an unknown plugin":              {func() error { _, err := p.Get("nothing"); return err }, ErrNotFound},
		"to activate an unknown plugin":  {func() error { _, err := p.Activate(ctx, "nothing", v.Digest, nil); return err }, ErrNotFound},
		"to activate another's version":  {func() error { _, err := p.Activate(ctx, "mean", other.Digest, nil); return err }, ErrNotFound},
		"to activate no digest":          {func() error { _, err := p.Activate(ctx, "mean", "../../etc/passwd", nil); return err }, ErrNotFound},
		"to delete an unknown plugin":    {func() error { return p.Delete(ctx, "nothing", nil) }, ErrNotFound},
		"another's bytes":                {func() error { _, err := p.Module(ctx, "mean", other.Digest); return err }, ErrNotFound},
		"bytes of a path":                {func() error { _, err := p.Module(ctx, "mean", "sha256:../x"); return err }, ErrNotFound},
	} {
		if err := c.do(); !errors.Is(err, c.want) {
			t.Errorf("%s: error %v, want %v", name, err, c.want)
		}
	}
	if got := p.List(); len(got) != 2 || len(got[0].Versions) != 1 || p.runs(t, "mean") != "1.0.0" {
		t.Errorf("afterwards there are %+v", got)
	}
	if got := len(p.loaded); got != 2 { // those that run
		t.Errorf("%d modules are loaded", got)
	}
}

// TestFirstSync: at the start the modules that are to answer are loaded several at a
// time, those that did not load are not tried again, and what comes later has the
// sandbox's Load.
func TestFirstSync(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	dir := t.TempDir()
	before := start(t, dir)
	one, two := module("one", "1.0.0"), module("two", "1.0.0")
	bad := before.upload(t, module("bad", "1.0.0"), true, true)
	for _, code := range [][]byte{one, two, module("two", "0.9.0")} {
		before.upload(t, code, !bytes.Equal(code, module("two", "0.9.0")), true)
	}
	if _, err := before.Try(t.Context(), "two", digestOf(module("two", "0.9.0")), 10, nil); err != nil {
		t.Fatal(err)
	}
	p := open(t, dir)
	var inside sync.WaitGroup // both of the first two
	inside.Add(2)
	var first, later atomic.Int64
	load := p.first
	p.first = func(ctx context.Context, code []byte) (*wasm.Module, error) {
		if first.Add(1) <= 2 {
			inside.Done()
			inside.Wait()
		}
		if digestOf(code) == bad.Digest {
			return nil, &wasm.Rejected{Gate: "strict", Detail: "not with this build"}
		}
		return load(ctx, code)
	}
	judge := p.judge
	p.judge = func(ctx context.Context, code []byte) (*wasm.Module, error) {
		later.Add(1)
		return judge(ctx, code)
	}
	skipped, err := p.Sync(t.Context())
	if err != nil || len(skipped) != 1 || skipped[0].Digest != bad.Digest {
		t.Errorf("skipped %+v, %v", skipped, err)
	}
	if first.Load() != 4 || later.Load() != 0 {
		t.Errorf("of 4 modules %d were loaded first, and then %d", first.Load(), later.Load())
	}
	if p.runs(t, "one") != "1.0.0" || p.tries(t, "two") != "1.0.0 0.9.0" || p.runs(t, "bad") != "" {
		t.Errorf("there are %q, %q and %q", p.runs(t, "one"), p.tries(t, "two"), p.runs(t, "bad"))
	}
	p.upload(t, module("one", "2.0.0"), true, true)
	if first.Load() != 4 || later.Load() == 0 || p.runs(t, "one") != "2.0.0" {
		t.Errorf("an upload is loaded as at the start: %d and %d", first.Load(), later.Load())
	}
}

// TestBusyIsNoVerdict: who uploads or checks while too much of theirs waits is told
// so, and when to try again; nothing changes, and nothing is held against the
// module.
func TestBusyIsNoVerdict(t *testing.T) {
	p := start(t, t.TempDir())
	one := p.upload(t, module("mean", "1.0.0"), true, true)
	judge, full := p.judge, &admission.Busy{Rules: admission.Rules{Line: 16, What: "modules", Setting: "PLUGIN_UPLOADS"}, Wait: time.Second}
	p.judge = func(context.Context, []byte) (*wasm.Module, error) { return nil, fmt.Errorf("wait: %w", full) }
	two := module("mean", "2.0.0")
	for what, do := range map[string]func() error{
		"upload": func() error { _, _, err := p.Upload(t.Context(), two, true); return err },
		"check":  func() error { _, err := p.Check(t.Context(), two); return err },
	} {
		err := do()
		if got := (*admission.Busy)(nil); !errors.As(err, &got) || got != full || errors.Is(err, wasm.ErrRejected) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got, err := p.Get("mean"); err != nil || got.Active != one.Digest || len(got.Versions) != 1 || p.runs(t, "mean") != "1.0.0" {
		t.Errorf("afterwards there is %+v, %v", got, err)
	}
	p.judge = judge
	p.upload(t, two, true, true)
	if p.runs(t, "mean") != "2.0.0" {
		t.Error("when there is room it does not answer")
	}
}

func TestCheckStoresNothing(t *testing.T) {
	dir := t.TempDir()
	p := start(t, dir)
	v, err := p.Check(t.Context(), module("mean", "1.0.0"))
	if err != nil || v.Name != "mean" || v.Report == nil || v.Spec == nil || v.Digest != digestOf(module("mean", "1.0.0")) {
		t.Errorf("checked: %+v, %v", v, err)
	}
	b, err := json.Marshal(v)
	if err != nil || bytes.Contains(b, []byte(`"state"`)) || bytes.Contains(b, []byte(`"created"`)) {
		t.Errorf("written as %s (%v)", b, err)
	}
	if files, err := filepath.Glob(filepath.Join(dir, "modules", "*")); err != nil || len(files) != 0 || len(p.List()) != 0 {
		t.Errorf("it left %v and %v (%v)", files, p.List(), err)
	}
}

// A version that was replaced stays loaded for those that found it before, but
// not all that ever were do.
func TestSparesAreBounded(t *testing.T) {
	p := start(t, t.TempDir())
	p.upload(t, module("mean", "1.0.0"), true, true)
	old, _ := p.names.Get("mean")
	p.upload(t, module("mean", "2.0.0"), true, true)
	args, err := old.Spec().Args(nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := old.Run(t.Context(), args, ta.Columns{{1, 2}}); err != nil {
		t.Errorf("the version that was just replaced: %v", err)
	}
	for _, v := range []string{"3.0.0", "4.0.0", "5.0.0", "6.0.0", "7.0.0"} {
		p.upload(t, module("mean", v), true, true)
	}
	if got := len(p.loaded); got != spares+1 {
		t.Errorf("%d modules are loaded, want %d", got, spares+1)
	}
	if _, err := old.Run(t.Context(), args, ta.Columns{{1, 2}}); !errors.Is(err, wasm.ErrClosed) {
		t.Errorf("the oldest version: %v, want %v", err, wasm.ErrClosed)
	}
	if p.runs(t, "mean") != "7.0.0" {
		t.Error("the newest version does not answer")
	}
}

func TestDamage(t *testing.T) {
	install := func(t *testing.T) (dir, file string) {
		dir = t.TempDir()
		p := start(t, dir)
		v := p.upload(t, module("mean", "1.0.0"), true, true)
		p.upload(t, module("other", "1.0.0"), true, true)
		return dir, filepath.Join(dir, "modules", strings.TrimPrefix(v.Digest, "sha256:")+".wasm")
	}
	damage := map[string]func(b []byte) []byte{
		"cut off": func(b []byte) []byte { return b[:len(b)/2] },
		"empty":   func(b []byte) []byte { return nil },
		"one bit": func(b []byte) []byte { b[len(b)/2] ^= 1; return b },
		"another": func(b []byte) []byte { return module("mean", "1.0.1") },
	}
	for name, spoil := range damage {
		t.Run("a module "+name, func(t *testing.T) {
			dir, file := install(t)
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, spoil(b), 0o600); err != nil {
				t.Fatal(err)
			}
			p := start(t, dir)
			if len(p.skipped) != 1 || p.skipped[0].Name != "mean" || !errors.Is(p.skipped[0].Err, ErrCorrupt) || !strings.Contains(p.skipped[0].Err.Error(), file) {
				t.Fatalf("skipped %v, want mean with the file %s", p.skipped, file)
			}
			if got, err := p.Get("mean"); err != nil || got.Error == "" {
				t.Errorf("it is listed as %+v, %v", got, err)
			}
			if p.runs(t, "mean") != "" || p.runs(t, "other") != "1.0.0" {
				t.Error("the damaged one answers, or the sound one does not")
			}
			if _, err := p.Module(t.Context(), "mean", p.skipped[0].Digest); !errors.Is(err, ErrCorrupt) {
				t.Errorf("its bytes: %v, want %v", err, ErrCorrupt)
			}
			// The same bytes again mend it.
			p.upload(t, module("mean", "1.0.0"), true, false)
			if got, _ := p.Get("mean"); p.runs(t, "mean") != "1.0.0" || got.Error != "" {
				t.Errorf("it is not mended: %+v", got)
			}
		})
	}
	t.Run("a module away", func(t *testing.T) {
		dir, file := install(t)
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if p := start(t, dir); len(p.skipped) != 1 || !errors.Is(p.skipped[0].Err, ErrNotFound) {
			t.Errorf("skipped %v", p.skipped)
		}
	})
	for name, spoil := range map[string]func(b []byte) []byte{
		"cut off":         func(b []byte) []byte { return b[:len(b)-20] },
		"empty":           func(b []byte) []byte { return nil },
		"and more":        func(b []byte) []byte { return append(b, b...) },
		"of other fields": func(b []byte) []byte { return bytes.Replace(b, []byte(`"active"`), []byte(`"actife"`), 1) },
		"of no digest":    func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(`sha256:`), []byte(`md5:`)) },
		"of another's tip": func(b []byte) []byte {
			return bytes.Replace(b, []byte(`"active": "sha256:`), []byte(`"active": "sha256:0`), 1)
		},
	} {
		t.Run("a table "+name, func(t *testing.T) {
			dir, _ := install(t)
			file := filepath.Join(dir, tableFile)
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, spoil(b), 0o600); err != nil {
				t.Fatal(err)
			}
			store, err := OpenDirectory(dir)
			if err != nil {
				t.Fatal(err)
			}
			_, err = Open(t.Context(), store, Room{}, nil, registry.New(nil))
			if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), file) {
				t.Errorf("error %v, want %v with %s", err, ErrCorrupt, file)
			}
		})
	}
	t.Run("files of a write that did not end", func(t *testing.T) {
		dir, file := install(t)
		for _, left := range []string{filepath.Join(dir, tableFile+".123.tmp"), file + ".456.tmp"} {
			if err := os.WriteFile(left, []byte("{"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		p := start(t, dir)
		if len(p.skipped) != 0 || p.runs(t, "mean") != "1.0.0" || p.runs(t, "other") != "1.0.0" {
			t.Errorf("skipped %v", p.skipped)
		}
	})
	t.Run("a name that has become native", func(t *testing.T) {
		dir, _ := install(t)
		p := start(t, dir)
		p.registry = registry.New([]*ta.Indicator{{Spec: ta.Spec{Name: "mean"}}})
		skipped, err := p.Sync(t.Context())
		if err != nil || len(skipped) != 1 || !errors.Is(skipped[0].Err, ErrConflict) {
			t.Errorf("skipped %v, %v", skipped, err)
		}
	})
}

func TestUpdateIsAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	p := start(t, dir)
	p.upload(t, module("mean", "1.0.0"), true, true)
	before, err := os.ReadFile(filepath.Join(dir, tableFile))
	if err != nil {
		t.Fatal(err)
	}
	stop := errors.New("stop")
	if err := p.store.Update(t.Context(), func(table *Table) error { table.Plugins = nil; return stop }); !errors.Is(err, stop) {
		t.Errorf("error %v", err)
	}
	if err := p.store.Update(t.Context(), func(table *Table) error { table.Plugins[0].Active = "sha256:x"; return nil }); err == nil {
		t.Error("a table that cannot be read again was written")
	}
	after, err := os.ReadFile(filepath.Join(dir, tableFile))
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the table has changed (%v)", err)
	}
	if files, err := filepath.Glob(filepath.Join(dir, "*.tmp")); err != nil || len(files) != 0 {
		t.Errorf("files are left: %v (%v)", files, err)
	}
}

// Uploads, roll-backs and readers at the same time end in a state that a
// restart finds again.
func TestConcurrently(t *testing.T) {
	dir := t.TempDir()
	p := start(t, dir)
	first := p.upload(t, module("mean", "1.0.0"), true, true)
	var wg sync.WaitGroup
	for _, v := range []string{"2.0.0", "2.0.0", "3.0.0"} {
		wg.Go(func() {
			if _, _, err := p.Upload(context.Background(), module("mean", v), true); err != nil {
				t.Error(err)
			}
			if _, err := p.Activate(context.Background(), "mean", first.Digest, nil); err != nil {
				t.Error(err)
			}
		})
	}
	for range 4 {
		wg.Go(func() {
			for range 200 {
				if got, err := p.Get("mean"); err != nil || got.State != Active {
					t.Errorf("%+v, %v", got, err)
				}
				if p.runs(t, "mean") == "" {
					t.Error("for a moment no version answers")
				}
			}
		})
	}
	wg.Wait()
	versions := func(p *process) (all []string) {
		got, err := p.Get("mean")
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range got.Versions {
			all = append(all, v.Version)
		}
		return slices.Sorted(slices.Values(all))
	}
	want := []string{"1.0.0", "2.0.0", "3.0.0"}
	if got := versions(p); !slices.Equal(got, want) || p.runs(t, "mean") != "1.0.0" {
		t.Errorf("versions %v", got)
	}
	if got := versions(start(t, dir)); !slices.Equal(got, want) {
		t.Errorf("versions after a restart: %v", got)
	}
}

// TestProved: an upload and a check try more than a start does.
func TestProved(t *testing.T) {
	lowest := wt.Code(wt.Get(wt.Params), []byte{0x2b, 3, 0}, wt.Float(1), []byte{0x61})
	traps := wt.Guest{Name: "mean", Run: wt.Code(wt.If(lowest, wt.Trap()), wt.EachBar(wt.Mean()))}.Build()
	p := start(t, t.TempDir())
	_, check := p.Check(t.Context(), traps)
	_, _, upload := p.Upload(t.Context(), traps, true)
	for _, err := range []error{check, upload} {
		if !errors.Is(err, wasm.ErrRejected) || !strings.Contains(err.Error(), "period=1") {
			t.Errorf("a module that traps at its lowest period: %v", err)
		}
	}
	if v := p.upload(t, module("mean", "1.0.0"), true, true); !slices.Contains(v.Report.Checks, "parameter-ends") {
		t.Errorf("the report of an upload: %+v", v.Report)
	}
}
