package policy

import (
	"regexp"
	"strings"
	"testing"
)

// TestExact: every path is exact, and the service's policy reads alone.
func TestExact(t *testing.T) {
	paths := regexp.MustCompile(`path "([^"]*)"`)
	for _, name := range []string{Service, Operators} {
		text := Text(name, "kv")
		found := paths.FindAllStringSubmatch(text, -1)
		if len(found) < 2 {
			t.Errorf("%s has %d paths", name, len(found))
		}
		for _, path := range found {
			if strings.ContainsAny(path[1], "*+") || !strings.HasPrefix(path[1], "kv/data/technical-analysis") {
				t.Errorf("%s has the path %s", name, path[1])
			}
		}
	}
	for _, word := range []string{"create", "update", "delete", "list", "sudo", "operators"} {
		if strings.Contains(Text(Service, "kv"), word) {
			t.Errorf("the service's policy has %q", word)
		}
	}
}
