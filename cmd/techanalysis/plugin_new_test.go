package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/sdk"
)

// TestPluginNew: each language's folder is there as the SDK has it, its script
// can be run, and what is said names the files. sdk/rebuild.sh builds them.
func TestPluginNew(t *testing.T) {
	for _, language := range sdk.Languages {
		t.Run(language, func(t *testing.T) {
			t.Chdir(t.TempDir())
			code, out, stderr := runs(nil, "plugin", "new", "depth", "--lang", language)
			if code != exitDone || stderr != "" || !strings.Contains(out, "plugin check depth/depth.wasm") {
				t.Fatalf("exit %d: %s%s", code, out, stderr)
			}
			files, err := sdk.Template(language, "depth")
			if err != nil {
				t.Fatal(err)
			}
			for name, text := range files {
				if got, err := os.ReadFile(filepath.Join("depth", name)); err != nil || string(got) != string(text) {
					t.Errorf("%s: %d bytes of %d, %v", name, len(got), len(text), err)
				}
			}
			if info, err := os.Stat("depth/build.sh"); err != nil || info.Mode()&0o100 == 0 {
				t.Errorf("build.sh cannot be run: %v %v", info, err)
			}
		})
	}
}

func TestPluginNewRefuses(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("taken", []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no name":           {nil, "accepts 1 arg(s)"},
		"a capital":         {[]string{"Depth"}, "Depth"},
		"a path":            {[]string{"../depth"}, "../depth"},
		"a native's name":   {[]string{"rsi"}, "rsi is the name of a native indicator"},
		"another language":  {[]string{"depth", "--lang", "cobol"}, `"cobol" is none of go, rust, assemblyscript, c, zig`},
		"what exists there": {[]string{"taken"}, "taken"},
	} {
		code, out, stderr := runs(nil, append([]string{"plugin", "new"}, c.args...)...)
		if code != exitUsage || out != "" || !strings.Contains(stderr, c.want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%s: exit %d, %s%s", name, code, out, stderr)
		}
	}
	left, err := os.ReadDir(".")
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v %v", left, err)
	}
	if mine, err := os.ReadFile("taken"); err != nil || string(mine) != "mine" {
		t.Errorf("what existed is %q now, %v", mine, err)
	}
}
