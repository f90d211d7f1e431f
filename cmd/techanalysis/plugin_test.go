package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/plugins"
)

// service starts the service on a free port, with more settings, and returns
// its URL. It ends with the test.
func service(t *testing.T, more map[string]string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	logs, log := io.Pipe()
	ended := make(chan int, 1)
	env := map[string]string{"ADDR": "127.0.0.1:0", "ADMIN_ADDR": "127.0.0.1:0", "DATA_DIR": t.TempDir()}
	maps.Copy(env, more)
	go func() {
		ended <- run(ctx, []string{"serve"}, func(k string) string { return env[k] }, streams{nil, io.Discard, log})
		log.Close()
	}()
	t.Cleanup(func() {
		cancel()
		if code := <-ended; code != exitDone {
			t.Errorf("serve ended with %d", code)
		}
	})
	lines := bufio.NewScanner(logs)
	var ready struct{ Msg, Addr string }
	for ready.Msg != "ready" {
		if !lines.Scan() {
			t.Fatal("serve ended before it was ready")
		}
		if err := json.Unmarshal(lines.Bytes(), &ready); err != nil {
			t.Fatalf("the log has %q: %v", lines.Text(), err)
		}
	}
	go io.Copy(io.Discard, logs)
	return "http://" + ready.Addr
}

func TestPluginCheck(t *testing.T) {
	good, bad := file(t, "good.wasm", plugins.KeltnerSqueeze), file(t, "bad.wasm", []byte("not a module"))
	code, out, stderr := runs(nil, "plugin", "check", good)
	if code != exitDone || stderr != "" || !strings.Contains(out, "keltner_squeeze") || !strings.Contains(out, "sha256:") {
		t.Errorf("exit %d, %s%s", code, out, stderr)
	}
	code, out, _ = runs(nil, "plugin", "check", "--json", good)
	var v struct {
		Name, Digest string
		Report       struct{ Size int }
	}
	if err := json.Unmarshal([]byte(out), &v); err != nil || code != exitDone || v.Name != "keltner_squeeze" || v.Report.Size != len(plugins.KeltnerSqueeze) {
		t.Errorf("exit %d, %v, %s", code, err, out)
	}

	code, out, stderr = runs(nil, "plugin", "check", bad)
	if code != exitFailed || out != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, `"format"`) {
		t.Errorf("a bad module: exit %d, %q", code, stderr)
	}
	code, out, stderr = runs(nil, "plugin", "check", "--json", bad)
	var no refusal
	if err := json.Unmarshal([]byte(out), &no); err != nil || code != exitFailed || no.Gate != "format" || no.Offset == nil || strings.Count(stderr, "\n") != 1 {
		t.Errorf("a bad module: exit %d, %v, %s", code, err, out)
	}
	if code, _, stderr := runs(nil, "plugin", "check", filepath.Join(t.TempDir(), "gone.wasm")); code != exitUsage || !strings.Contains(stderr, "gone.wasm") {
		t.Errorf("a file that is not there: exit %d, %q", code, stderr)
	}
}

func TestPluginPush(t *testing.T) {
	good, bad := file(t, "good.wasm", plugins.KeltnerSqueeze), file(t, "bad.wasm", []byte("not a module"))
	url := service(t, nil)
	for range 2 { // the same bytes again are no error
		code, out, stderr := runs(map[string]string{"SERVER": url}, "plugin", "push", good)
		fields := strings.Fields(out)
		if code != exitDone || len(fields) != 4 || fields[0] != "keltner_squeeze" || !strings.HasPrefix(fields[2], "sha256:") || fields[3] != "active" {
			t.Fatalf("exit %d, %q, %s", code, out, stderr)
		}
	}
	code, out, _ := runs(nil, "plugin", "push", good, "--server", url+"/", "--json")
	var v struct{ Name, State string }
	if err := json.Unmarshal([]byte(out), &v); err != nil || code != exitDone || v.State != "active" {
		t.Errorf("exit %d, %v, %s", code, err, out)
	}
	code, out, stderr := runs(nil, "plugin", "push", bad, "--server", url)
	if code != exitFailed || out != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, `"format"`) {
		t.Errorf("a bad module: exit %d, %q", code, stderr)
	}
}

// TestPluginPushAnswers: whatever stands between, one line says what it said.
func TestPluginPushAnswers(t *testing.T) {
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Authorization") != "Bearer secret":
			w.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
			w.WriteHeader(http.StatusUnauthorized)
			io.WriteString(w, `{"title": "Who are you?", "detail": "a token\nis needed"}`)
		default:
			http.Error(w, "<html>no upstream</html>", http.StatusBadGateway)
		}
	}))
	defer gateway.Close()
	away := httptest.NewServer(nil)
	away.Close()
	module := file(t, "good.wasm", plugins.KeltnerSqueeze)
	for name, c := range map[string]struct {
		env  map[string]string
		args []string
		code int
		want string
	}{
		"a problem":          {nil, []string{"--server", gateway.URL}, exitFailed, "Who are you?: a token; is needed"},
		"no problem":         {map[string]string{"TOKEN": "secret"}, []string{"--server", gateway.URL}, exitFailed, "502 Bad Gateway"},
		"no server":          {nil, []string{"--server", away.URL}, exitFailed, "refused"},
		"an address alone":   {nil, []string{"--server", "127.0.0.1:8000"}, exitUsage, "--server"},
		"a URL of no server": {map[string]string{"SERVER": "ftp://example.org"}, nil, exitUsage, "--server"},
	} {
		code, out, stderr := runs(c.env, append([]string{"plugin", "push", module}, c.args...)...)
		if code != c.code || out != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit %d, %q; want exit %d and a line with %q", name, code, stderr, c.code, c.want)
		}
	}
}
