package plugin

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/durable/powercut"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
)

// powered is a library in a directory whose power may fail, and what must be left
// of it then: what was acknowledged, and all or nothing of what it is at.
type powered struct {
	*Library
	disk   *powercut.Disk
	want   installed
	open   *change // nil while it is at nothing
	broken string  // the name of what cannot be flushed; "" for nothing
	cuts   int     // how often the power was cut
}

// folder is where the directory is, on the disk and on what is left of it.
const folder = "plugins"

var errBroken = errors.New("the disk is broken")

func newPowered(t *testing.T) *powered {
	t.Helper()
	sandbox, err := wasm.New(wasm.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sandbox.Close)
	p := &powered{disk: powercut.New(t), want: make(installed)}
	names := registry.New([]*ta.Indicator{native})
	p.disk.Left = func(root string) {
		t.Helper()
		p.cuts++
		left, err := OpenDirectory(filepath.Join(root, folder))
		if err != nil {
			t.Fatal(err)
		}
		l, err := Open(t.Context(), left, Room{}, sandbox, names)
		if err != nil {
			t.Fatalf("while it is at %+v: %v", p.open, err)
		}
		got := l.installed()
		if !reflect.DeepEqual(got, p.want) && (p.open == nil || !reflect.DeepEqual(got, p.want.after(*p.open))) {
			t.Fatalf("left is %v, acknowledged was %v, and it was at %+v", got, p.want, p.open)
		}
		for _, each := range l.List() {
			for _, v := range each.Versions {
				if _, err := l.Module(t.Context(), each.Name, v.Digest); err != nil {
					t.Fatalf("while it is at %+v: %v", p.open, err)
				}
			}
		}
	}
	// Who made it was killed before that was flushed.
	if err := os.Mkdir(filepath.Join(p.disk.Root, folder), 0o700); err != nil {
		t.Fatal(err)
	}
	store, err := openDirectory(filepath.Join(p.disk.Root, folder), func(f *os.File) error {
		if filepath.Base(f.Name()) == p.broken {
			return errBroken
		}
		return p.disk.Sync(f)
	})
	if err != nil {
		t.Fatal(err)
	}
	if p.Library, err = Open(t.Context(), store, Room{}, sandbox, names); err != nil {
		t.Fatal(err)
	}
	return p
}

// does is one change, after which the power is cut.
func (p *powered) does(t *testing.T, c change, code []byte) {
	t.Helper()
	p.open = &c
	if err := p.do(t.Context(), c, code); err != nil {
		t.Fatalf("%+v: %v", c, err)
	}
	p.want, p.open = p.want.after(c), nil
	p.disk.Cut()
}

// TestPowerCut: whenever the power fails, and whatever the file system had kept
// back, what was acknowledged is there, and all or nothing of what was not.
func TestPowerCut(t *testing.T) {
	p := newPowered(t)
	random := rand.New(rand.NewPCG(1, 1))
	done := make(map[string]int)
	for n := range 40 {
		c, code := p.next(random, fmt.Sprintf("1.0.%d", n))
		p.does(t, c, code)
		done[c.Kind]++
	}
	for _, kind := range kinds {
		if done[kind] == 0 {
			t.Errorf("of all that was done nothing was %s", kind)
		}
	}
	t.Logf("the power was cut %d times; done were %v", p.cuts, done)
}

// TestPowerCutAfterAFault: a module whose name could not be flushed is flushed when
// it is uploaded again, though it is there.
func TestPowerCutAfterAFault(t *testing.T) {
	p := newPowered(t)
	code := module("mean", "1.0.0")
	c := change{Kind: "upload", Name: "mean", Version: "1.0.0", Digest: digestOf(code)}
	p.broken = modulesDir
	if err := p.do(t.Context(), c, code); !errors.Is(err, errBroken) {
		t.Fatalf("an upload to a broken disk: %v", err)
	}
	p.disk.Cut()
	p.broken = ""
	p.does(t, c, code)
}
