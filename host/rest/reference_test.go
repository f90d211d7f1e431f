package rest

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Each page of docs/reference has a command that calls the service. It works:
// the body that it sends is answered, with every output of its table.
func TestReferenceCalls(t *testing.T) {
	const root = "../.."
	pages, err := filepath.Glob(filepath.Join(root, "docs/reference/*.md"))
	if err != nil {
		t.Fatal(err)
	}
	request, err := os.ReadFile(filepath.Join(root, "sample/request.json"))
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(t)
	tried := 0
	for _, file := range pages {
		page, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		command := regexp.MustCompile(`(?m)^curl -s http://127\.0\.0\.1:8000(\S+) -H 'Content-Type: application/json' -d (@sample/request\.json|"\$\(sed 's/\^"last"/(.*), &/' sample/request\.json\)")$`).FindStringSubmatch(string(page))
		if filepath.Base(file) == "README.md" {
			continue
		}
		if command == nil {
			t.Errorf("%s has no command that calls the service", file)
			continue
		}
		body := string(request)
		if inputs := command[3]; inputs != "" {
			body = strings.Replace(body, "\n\"last\"", "\n"+inputs+", \"last\"", 1)
		}
		w := call(t, s, http.MethodPost, command[1], http.Header{"Content-Type": {mediaJSON}}, []byte(body))
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", command[0], w.Code, w.Body)
		}
		_, table, _ := strings.Cut(string(page), "| output | unit |")
		table, _, _ = strings.Cut(table, "\n\n")
		outputs := found("(?m)^\\| `(\\w+)`", table)
		for _, output := range outputs {
			if !strings.Contains(w.Body.String(), `"`+output+`":[`) {
				t.Errorf("%s gives no %s: %s", command[0], output, w.Body)
			}
		}
		if len(outputs) > 0 {
			tried++
		}
	}
	if tried != len(pages)-1 || tried == 0 {
		t.Errorf("%d commands of %d pages were tried", tried, len(pages)-1)
	}
}
