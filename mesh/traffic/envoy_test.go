package traffic

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/mesh/meshtest"
)

// TestEnvoy reads the administration of a real Envoy: its subset, its routes,
// and the requests that it has under way.
func TestEnvoy(t *testing.T) {
	program := meshtest.Program(t, "envoy")
	stable := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(stable.Close)
	answer := make(chan struct{})
	newer := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-answer }))
	t.Cleanup(newer.Close)
	dir := t.TempDir()
	fill := func(name string, values ...string) string {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(strings.NewReplacer(values...).Replace(string(text))), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	port := func(s *httptest.Server) string {
		_, p, _ := net.SplitHostPort(s.Listener.Addr().String())
		return p
	}
	routes := fill("routes.yaml")
	config := fill("envoy.yaml", "@ROUTES@", routes, "@STABLE@", port(stable), "@CANARY@", port(newer))
	adminFile := filepath.Join(dir, "admin")
	cmd := exec.Command(program, "-c", config, "--admin-address-path", adminFile, "--disable-hot-restart", "--concurrency", "1", "-l", "error")
	cmd.Stdout, cmd.Stderr = t.Output(), t.Output()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })

	n := DefaultNames("tech-analysis-prod")
	var admin string
	look := func(wanted func(envoy) error) {
		t.Helper()
		eventually(t, 30*time.Second, func() error {
			e, err := ask(t.Context(), admin)
			if err != nil {
				return err
			}
			return wanted(e)
		})
	}
	eventually(t, 30*time.Second, func() error {
		address, err := os.ReadFile(adminFile)
		admin = "http://" + string(address)
		return err
	})
	look(func(e envoy) error {
		if ok, seen := n.gives(e, 20); !ok {
			return fmt.Errorf("%s", seen)
		}
		return nil
	})
	look(func(e envoy) error {
		if ok, seen := n.has(e, 1); !ok {
			t.Error(seen)
		}
		if ok, _ := n.has(e, 2); ok {
			t.Error("an unhealthy pod is healthy")
		}
		if ok, _ := n.gives(e, 21); ok || !n.sends(e) || n.active(e) != 0 {
			t.Error("the routes are read wrongly")
		}
		if ok, _ := DefaultNames("another").has(e, 1); ok {
			t.Error("another namespace has this one's canary")
		}
		return nil
	})

	// A request under way is seen until it is answered.
	listeners, err := http.Get(admin + "/listeners")
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(listeners.Body)
	_ = listeners.Body.Close()
	_, listener, _ := strings.Cut(strings.TrimSpace(string(text)), "::")
	answered := make(chan error, 1)
	go func() {
		req, _ := http.NewRequest(http.MethodGet, "http://"+listener+"/", nil)
		req.Header.Set(Header, Always)
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			err = res.Body.Close()
		}
		answered <- err
	}()
	look(func(e envoy) error {
		if n.active(e) != 1 {
			return fmt.Errorf("%d requests are under way", n.active(e))
		}
		return nil
	})
	close(answer)
	if err := <-answered; err != nil {
		t.Fatal(err)
	}
	look(func(e envoy) error {
		if n.active(e) != 0 {
			return fmt.Errorf("%d requests are under way", n.active(e))
		}
		return nil
	})

	// Without the canary's routes, moved into place as Envoy wants it.
	old, err := os.ReadFile(routes)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(old), "\n")
	kept := lines[:0]
	for _, l := range lines {
		if !strings.Contains(l, "|canary|") {
			kept = append(kept, l)
		}
	}
	next := filepath.Join(dir, "next.yaml")
	if err := os.WriteFile(next, []byte(strings.Join(kept, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(next, routes); err != nil {
		t.Fatal(err)
	}
	look(func(e envoy) error {
		if n.sends(e) {
			return fmt.Errorf("it sends to the canary yet")
		}
		return nil
	})
}

// TestEnvoyAway: an administration that does not answer as one is an error.
func TestEnvoyAway(t *testing.T) {
	for _, answer := range []string{"", "{", `{"cluster_statuses": 1}`} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, answer) }))
		if _, err := ask(t.Context(), s.URL); err == nil {
			t.Errorf("%q was understood", answer)
		}
		s.Close()
		if _, err := ask(t.Context(), s.URL); err == nil {
			t.Error("a closed port answered")
		}
	}
}
