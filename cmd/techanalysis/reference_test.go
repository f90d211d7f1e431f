package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Each page of docs/reference has a command that reads the sample. They work:
// all of them at once, since the file is read once then.
func TestReferenceCommands(t *testing.T) {
	pages, err := filepath.Glob("../../docs/reference/*.md")
	if err != nil {
		t.Fatal(err)
	}
	command := regexp.MustCompile(`(?m)^bin/techanalysis analyze sample/ibm\.csv --indicators (\S+)$`)
	var items []string
	for _, file := range pages {
		page, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".md")
		m := command.FindStringSubmatch(string(page))
		switch {
		case name == "README":
		case m == nil || strings.Split(m[1], ":")[0] != name:
			t.Errorf("%s has no command for %s: %q", file, name, m)
		default:
			items = append(items, m[1])
		}
	}
	if items == nil {
		t.Fatal("there are no pages")
	}
	code, _, stderr := runs(nil, "analyze", "../../sample/ibm.csv", "--last", "1", "--json", "--indicators", strings.Join(items, ","))
	if code != exitDone {
		t.Errorf("exit %d: %s", code, stderr)
	}
}
