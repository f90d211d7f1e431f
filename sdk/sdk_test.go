package sdk_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/sdk"
)

// TestGoTemplateHasACopyOfTheSDK: every file but the tests, byte for byte.
func TestGoTemplateHasACopyOfTheSDK(t *testing.T) {
	const folder = "templates/go/techanalysis"
	var names []string
	err := filepath.WalkDir("go", func(source string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(source, "_test.go") {
			return err
		}
		name := strings.TrimPrefix(filepath.ToSlash(source), "go/") + ".txt"
		names = append(names, name)
		if target := filepath.Join(folder, name); *update {
			if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
				return err
			}
			return os.WriteFile(target, []byte(read(t, source)), 0o644)
		} else if read(t, target) != read(t, source) {
			t.Errorf("%s is not %s: run go test ./sdk -run Copy -update", target, source)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(folder, func(target string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && !slices.Contains(names, strings.TrimPrefix(filepath.ToSlash(target), folder+"/")) {
			t.Errorf("%s is not of the SDK", target)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestTemplates: each is named as it was asked, has its SDK whole, and shows
// what the README does. sdk/rebuild.sh builds them.
func TestTemplates(t *testing.T) {
	for _, c := range []struct {
		language, heading, fence string
		source                   string   // the file that the README has
		whole                    []string // what more there must be
	}{
		{"go", "Go", "go", "main.go", []string{"go.mod", "techanalysis/go.mod", "techanalysis/export_wasip1.go", "techanalysis/stream/stream.go"}},
		{"rust", "Rust", "rust", "src/lib.rs", []string{"Cargo.toml", "techanalysis/Cargo.toml", "techanalysis/src/lib.rs", "techanalysis/src/abi.rs", "techanalysis/src/stream.rs"}},
		{"assemblyscript", "AssemblyScript", "ts", "depth.ts", []string{"package.json", "techanalysis/index.ts", "techanalysis/assembly/abi.ts", "techanalysis/assembly/stream.ts", "techanalysis/bin/techanalysis-asc.js"}},
		{"c", "C", "c", "depth.c", []string{"ta.h"}},
		{"zig", "Zig", "zig", "depth.zig", []string{"ta.zig"}},
	} {
		t.Run(c.language, func(t *testing.T) {
			files, err := sdk.Template(c.language, "depth")
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range append(c.whole, c.source, "build.sh") {
				if len(files[name]) == 0 {
					t.Errorf("it has no %s", name)
				}
			}
			for name, text := range files {
				if !strings.HasPrefix(name, "techanalysis/") && strings.Contains(name+string(text), "range_share") {
					t.Errorf("%s speaks of range_share", name)
				}
			}
			if !strings.Contains(string(files[c.source]), `"depth"`) || !strings.Contains(string(files["build.sh"]), "depth.wasm") {
				t.Error("it is not called depth, or builds no depth.wasm")
			}
			pattern := regexp.MustCompile("(?s)\n## In " + c.heading + "\n.*?\n```" + c.fence + "\n(.*?)```\n")
			shown := pattern.FindStringSubmatch(read(t, "README.md"))
			if shown == nil {
				t.Fatalf("the README has no %s", c.heading)
			}
			if want := strings.ReplaceAll(shown[1], "range_share", "depth"); string(files[c.source]) != want {
				t.Errorf("%s is not what the README shows:\n%s", c.source, files[c.source])
			}
		})
	}
	if len(sdk.Languages) != 5 {
		t.Errorf("%v: another language wants a row here", sdk.Languages)
	}
	for _, name := range []string{"ta", "techanalysis"} {
		if files, err := sdk.Template("zig", name); err == nil {
			t.Errorf("%s has %d files: one of them is not of the SDK any more", name, len(files))
		}
	}
	if files, err := sdk.Template("cobol", "depth"); err == nil || !strings.Contains(err.Error(), "go, rust") {
		t.Errorf("in a language without an SDK: %d files, %v", len(files), err)
	}
}
