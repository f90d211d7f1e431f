package pages_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

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
	var wrong []string
	err = fs.WalkDir(os.DirFS(folder), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		got, err := os.ReadFile(filepath.Join(folder, name))
		switch text, ok := want[name]; {
		case err != nil:
			return err
		case !ok:
			wrong = append(wrong, name+" is of no indicator")
		case !bytes.Equal(got, text):
			wrong = append(wrong, name+" is not what the Spec says")
		}
		delete(want, name)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		wrong = append(wrong, name+" is missing")
	}
	if len(wrong) > 0 {
		t.Errorf("docs/reference: %s (%d in all): go test ./docs/pages -update writes them", strings.Join(wrong[:min(3, len(wrong))], ", "), len(wrong))
	}
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
