package sdk_test

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/sdk"
)

// TestTemplatesPointToWhatIsThere: a file that a new plugin's files speak of, by
// its way there or as a link, is in the folder; and where a file is one of an SDK,
// it is there as well.
func TestTemplatesPointToWhatIsThere(t *testing.T) {
	way := regexp.MustCompile(`((?:\.\./)+[\w/.-]*\w)|\]\(([\w/.-]+)\)|\b(\w+\.md)\b`)
	for _, language := range sdk.Languages {
		files, err := sdk.Template(language, "depth")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"README.md", "ABI.md", "depth_cases.json"} {
			if len(files[name]) == 0 {
				t.Errorf("%s: there is no %s", language, name)
			}
		}
		for name, text := range files {
			for _, m := range way.FindAllStringSubmatch(string(text), -1) {
				target := path.Join(path.Dir(name), m[1]+m[2])
				if m[3] != "" {
					target = m[3] // wherever it is
				}
				if _, ok := files[target]; !ok {
					t.Errorf("%s: %s speaks of %s, and there is no such file", language, name, m[0])
				}
			}
		}
	}
	for _, pattern := range []string{"go/*.go", "go/*/*.go", "rust/src/*", "assemblyscript/assembly/*", "c/ta.h", "zig/ta.zig"} {
		sources, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, source := range sources {
			for _, m := range way.FindAllStringSubmatch(read(t, source), -1) {
				target := filepath.Join(filepath.Dir(source), m[1]+m[2])
				if m[3] != "" {
					target = m[3]
				}
				if _, err := os.Stat(target); err != nil {
					t.Errorf("%s speaks of %s: %v", source, m[0], err)
				}
			}
		}
	}
}

// TestTemplateSaysTheRules that README.md has.
func TestTemplateSaysTheRules(t *testing.T) {
	const heading = "\n## Rules that every plugin obeys\n"
	_, rules, _ := strings.Cut(read(t, "README.md"), heading)
	rules, _, ok := strings.Cut(rules, "\n## ")
	if !ok || !strings.Contains(read(t, "templates/all/README.md"), heading+rules) {
		t.Errorf("a new plugin's README does not have the rules as README.md has them:\n%s", rules)
	}
}
