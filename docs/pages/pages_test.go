package pages_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gravitywavesml/gravity_techanalysis/docs/pages"
)

var update = flag.Bool("update", false, "write docs/reference")

// The reference is what the Specs say. With -update it is written.
func TestReference(t *testing.T) {
	const folder = "../reference"
	want, err := pages.Reference(talib(t))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range want {
			if err := os.WriteFile(filepath.Join(folder, name), text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if wrong := stale(os.DirFS(folder), want); wrong != "" {
		t.Error(wrong)
	}
}

// stale says which files of a folder are not those wanted, "" if none.
func stale(folder fs.FS, want map[string][]byte) string {
	var wrong []string
	have, err := fs.Glob(folder, "*")
	if err != nil {
		return err.Error()
	}
	for _, name := range have {
		got, err := fs.ReadFile(folder, name)
		switch text, ok := want[name]; {
		case err != nil:
			return err.Error()
		case !ok:
			wrong = append(wrong, name+" is of no indicator")
		case !bytes.Equal(got, text):
			wrong = append(wrong, name+" is not what the Spec says")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if !slices.Contains(have, name) {
			wrong = append(wrong, name+" is missing")
		}
	}
	if wrong == nil {
		return ""
	}
	return fmt.Sprintf("docs/reference: %s (%d in all): go test ./docs/pages -update writes them", strings.Join(wrong[:min(3, len(wrong))], ", "), len(wrong))
}

// talib are the functions of TA-Lib that the engine is held to, by our names.
func talib(t *testing.T) map[string]string {
	t.Helper()
	var names map[string]struct{ Name string }
	b, err := os.ReadFile("../../engine/testdata/golden/names.json")
	if err == nil {
		err = json.Unmarshal(b, &names)
	}
	if err != nil {
		t.Fatal(err)
	}
	functions := map[string]string{}
	for function, n := range names {
		functions[n.Name] = function
	}
	return functions
}

// What is said of pages that were forgotten is what CONTRIBUTING.md quotes.
func TestStale(t *testing.T) {
	folder := fstest.MapFS{"README.md": {Data: []byte("old")}, "sma.md": {Data: []byte("sma")}}
	want := map[string][]byte{"README.md": []byte("new"), "sma.md": []byte("sma"), "cv.md": nil, "cv.svg": nil}
	said := stale(folder, want)
	guide, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(guide), said+"\n") {
		t.Errorf("CONTRIBUTING.md does not quote: %s", said)
	}
	want = map[string][]byte{"README.md": []byte("old")}
	if said := stale(folder, want); !strings.Contains(said, "sma.md is of no indicator (1 in all)") {
		t.Errorf("of a page too many it says %q", said)
	}
	delete(folder, "sma.md")
	if said := stale(folder, want); said != "" {
		t.Errorf("of pages as they should be it says %q", said)
	}
}
