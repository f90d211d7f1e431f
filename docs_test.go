package gravity_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestTenCommands: README.md and docs/deploy.md have the same commands, ten of
// them, one a line. That they work is for e2e to show.
func TestTenCommands(t *testing.T) {
	blocks := map[string]string{}
	for file, after := range map[string]string{"README.md": "\n## On Kubernetes\n", "docs/deploy.md": "# Deploying\n"} {
		page, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, text, _ := strings.Cut(string(page), after)
		_, text, _ = strings.Cut(text, "\n```\n")
		blocks[file], _, _ = strings.Cut(text, "\n```\n")
	}
	lines := strings.Split(strings.ReplaceAll(blocks["docs/deploy.md"], "\\\n", ""), "\n")
	for i, line := range lines {
		command, number, _ := strings.Cut(line, " # ")
		if number != fmt.Sprint(i+1) || strings.ContainsAny(strings.TrimSuffix(strings.TrimSpace(command), "&"), ";&|") {
			t.Errorf("line %d is not one command with its number: %s", i+1, line)
		}
	}
	if len(lines) != 10 {
		t.Errorf("%d commands", len(lines))
	}
	if blocks["README.md"] != blocks["docs/deploy.md"] {
		t.Errorf("README.md has\n%s\ndocs/deploy.md has\n%s", blocks["README.md"], blocks["docs/deploy.md"])
	}
}
