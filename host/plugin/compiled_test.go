package plugin

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
)

// TestNativeCodeOfVersions: on the disk is the native code of each version that
// is installed, active or not, and of no other module: not of one that was only
// checked, is in conflict or was refused, nor of one that is not installed any
// more.
func TestNativeCodeOfVersions(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "compiled")
	run := func(store Store) *Library {
		sandbox, err := wasm.New(wasm.Config{CodeDir: dir})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(sandbox.Close)
		l, err := Open(t.Context(), store, Room{}, sandbox, registry.New([]*ta.Indicator{native}))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
		return l
	}
	want := func(what string, modules ...[]byte) {
		t.Helper()
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) != len(modules) {
			t.Errorf("%s: %d entries (%v), want %d", what, len(entries), err, len(modules))
		}
		for _, m := range modules {
			if found, err := filepath.Glob(filepath.Join(dir, strings.TrimPrefix(digestOf(m), digestPrefix)+"-*")); err != nil || len(found) != 1 {
				t.Errorf("%s: of %s there are %q (%v)", what, digestOf(m), found, err)
			}
		}
	}
	store, err := OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	l := run(store)
	one, two := module("mean", "1.0.0"), module("mean", "2.0.0")
	for code, activate := range map[string]bool{string(one): true, string(two): false} {
		if _, _, err := l.Upload(t.Context(), []byte(code), activate); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := l.Check(t.Context(), module("mean", "3.0.0")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.Upload(t.Context(), module("sma", "1.0.0"), true); !errors.Is(err, ErrConflict) {
		t.Fatal(err)
	}
	want("uploaded", one, two)
	if err := l.Delete(t.Context(), "mean", nil); err != nil {
		t.Fatal(err)
	}
	want("uninstalled, and kept", one, two)
	run(store)
	want("started again", one, two)

	err = store.Update(t.Context(), func(table *Table) error {
		table.entry("mean").record(digestOf(two)).Refused = &Refusal{}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	run(store)
	want("one was refused", one)
	empty, err := OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	run(empty)
	want("nothing is installed")
}
