// Package sdk has what a new plugin begins with: for each language a small
// indicator that works, and a copy of its SDK, so that the folder needs no
// other. The SDKs themselves are beside this file, each in its language.
package sdk

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// The Go SDK is a module of its own, which cannot be embedded: its template has
// a copy, which go test ./sdk -run Copy -update writes. What is Go there ends in
// .txt, so that it is no package of this module.
//
//go:embed ABI.md templates c/ta.h zig/ta.zig rust/README.md rust/Cargo.toml rust/src
//go:embed assemblyscript/README.md assemblyscript/package.json assemblyscript/index.ts assemblyscript/assembly assemblyscript/bin
var files embed.FS

// example is the name of the indicator of the templates.
const example = "range_share"

// Languages are those of the SDKs.
var Languages = []string{"go", "rust", "assemblyscript", "c", "zig"}

// parts are the places of what a plugin in a language takes from here, by the
// folder of the new plugin that it is copied to.
func parts(language string) map[string]string {
	all := map[string]string{"templates/all": ".", "templates/" + language: ".", "ABI.md": "ABI.md"}
	switch language {
	case "c":
		all["c/ta.h"] = "ta.h"
	case "zig":
		all["zig/ta.zig"] = "ta.zig"
	case "rust", "assemblyscript":
		all[language] = "techanalysis"
	case "go":
	default:
		return nil
	}
	return all
}

// Template is the files of a new plugin called name, by their paths. Those that
// end in .sh are to be run. It fails for a language that has no SDK, and for a
// name that an SDK has in the same folder.
func Template(language, name string) (map[string][]byte, error) {
	if name == "ta" || name == "techanalysis" {
		return nil, fmt.Errorf("%s is what the SDK is called", name)
	}
	all := make(map[string][]byte)
	for from, to := range parts(language) {
		err := fs.WalkDir(files, from, func(file string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := files.ReadFile(file)
			if err != nil {
				return err
			}
			target := path.Join(to, strings.TrimPrefix(file, from))
			if to == "." {
				text = []byte(strings.ReplaceAll(string(text), example, name))
				target = strings.ReplaceAll(target, example, name)
			}
			all[strings.TrimSuffix(target, ".txt")] = text
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("language %q is none of %s", language, strings.Join(Languages, ", "))
	}
	return all, nil
}
