package manifest

import (
	"os"
	"regexp"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

// TestSettings: every key of the ConfigMap is a setting that the program reads,
// as its page of settings, which its own tests write, has them.
func TestSettings(t *testing.T) {
	page, err := os.ReadFile("../../docs/config.md")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([A-Z_]+)` \\|").FindAllSubmatch(page, -1) {
		known[string(m[1])] = true
	}
	if len(known) < 10 {
		t.Fatalf("docs/config.md has %d settings; is it there?", len(known))
	}
	each(t, func(t *testing.T, objects []Object) {
		for key := range one[*corev1.ConfigMap](t, objects, "technical-analysis-config").Data {
			if !known[key] {
				t.Errorf("the ConfigMap has %s, which the program does not read", key)
			}
		}
	})
}
