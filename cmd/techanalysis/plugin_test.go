package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
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
	good := file(t, "good.wasm", plugins.KeltnerSqueeze)
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
}

// refusedModules are files that no command takes, with the check that they do
// not pass.
func refusedModules(t *testing.T) map[string]string {
	t.Helper()
	return map[string]string{
		file(t, "text.wasm", []byte("not a module")): "format",
		file(t, "empty.wasm", nil):                   "format",
		file(t, "ahead.wasm", wasmtest.Guest{Name: "ahead", Run: wasmtest.EachBar(lookingAhead)}.Build()):                      "causality",
		file(t, "endless.wasm", wasmtest.Guest{Name: "endless", Run: wasmtest.Code(wasmtest.Loop(), wasmtest.Int(0))}.Build()): "out-of-gas",
		file(t, "native.wasm", wasmtest.Guest{Name: "rsi"}.Build()):                                                            "name",
	}
}

// lookingAhead is code for the mean of a bar and the next one.
var lookingAhead = wasmtest.Unless(wasmtest.Code(wasmtest.Get(wasmtest.Bar), []byte{0x45}),
	wasmtest.Code(wasmtest.Close(0), wasmtest.Close(1), []byte{0xa0}, wasmtest.Float(0.5), []byte{0xa2}), wasmtest.Float(math.NaN()))

// TestPluginRefused: check, test and bench say the same of what the service
// would refuse, in a line for people and an object for programs.
func TestPluginRefused(t *testing.T) {
	for path, gate := range refusedModules(t) {
		var said string
		for _, command := range []string{"check", "test", "bench"} {
			code, out, stderr := runs(nil, "plugin", command, path)
			if code != exitFailed || out != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, fmt.Sprintf("by the check %q", gate)) {
				t.Errorf("%s %s: exit %d, %s%q, want a refusal by %s", command, filepath.Base(path), code, out, stderr, gate)
			}
			code, out, _ = runs(nil, "plugin", command, "--json", path)
			var no refusal
			if err := json.Unmarshal([]byte(out), &no); err != nil || code != exitFailed || no.Gate != gate || no.Detail == "" {
				t.Errorf("%s --json %s: exit %d, %v, %s", command, filepath.Base(path), code, err, out)
			}
			if gate == "causality" && no.Bar == nil || gate == "format" && no.Offset == nil {
				t.Errorf("%s --json %s: no place: %s", command, filepath.Base(path), out)
			}
			if gate == "name" { // worded as the library words it
				continue
			}
			if said != "" && out != said {
				t.Errorf("%s says %s, and another command says %s", command, out, said)
			}
			said = out
		}
	}
	for _, command := range []string{"check", "test", "bench", "push"} {
		for _, args := range [][]string{{filepath.Join(t.TempDir(), "gone.wasm")}, {t.TempDir()}, {}, {"a.wasm", "b.wasm"}} {
			if code, out, stderr := runs(nil, append([]string{"plugin", command}, args...)...); code != exitUsage || out != "" || strings.Count(stderr, "\n") != 1 {
				t.Errorf("%s %v: exit %d, %s%q", command, args, code, out, stderr)
			}
		}
	}
}

func TestPluginPush(t *testing.T) {
	good := file(t, "good.wasm", plugins.KeltnerSqueeze)
	url := service(t, nil)
	for range 2 { // the same bytes again are no error
		code, out, stderr := runs(map[string]string{"SERVER": url}, "plugin", "push", good)
		rows := rowsOf(out)
		if code != exitDone || stderr != "" || rows["plugin"] != "keltner_squeeze 1.0.0" || !strings.HasPrefix(rows["digest"], "sha256:") ||
			rows["state"] != "active" || rows["size"] != fmt.Sprintf("%d bytes, 28 functions", len(plugins.KeltnerSqueeze)) || !strings.Contains(rows["passed"], "causality") {
			t.Fatalf("exit %d, %q, %s", code, out, stderr)
		}
	}
	code, out, _ := runs(nil, "plugin", "push", good, "--server", url+"/", "--json")
	var v struct{ Name, State string }
	if err := json.Unmarshal([]byte(out), &v); err != nil || code != exitDone || v.State != "active" {
		t.Errorf("exit %d, %v, %s", code, err, out)
	}
	for path, gate := range refusedModules(t) {
		want := fmt.Sprintf("by the check %q", gate)
		if gate == "name" { // which is a conflict, and no fault of the module
			want = "is the name of a native indicator"
		}
		code, out, stderr := runs(nil, "plugin", "push", path, "--server", url)
		if code != exitFailed || out != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d, %s%q, want %s", filepath.Base(path), code, out, stderr, want)
		}
		code, out, _ = runs(nil, "plugin", "push", path, "--server", url, "--json")
		var problem struct {
			Type, Gate string
			Status     int
		}
		if err := json.Unmarshal([]byte(out), &problem); err != nil || code != exitFailed || problem.Type == "" || gate != "name" && (problem.Gate != gate || problem.Status != http.StatusUnprocessableEntity) {
			t.Errorf("%s: exit %d, %v, %s", filepath.Base(path), code, err, out)
		}
	}
}

// TestPluginPushInactive: a version may be stored without answering, and made
// to answer by pushing it again.
func TestPluginPushInactive(t *testing.T) {
	url := service(t, nil)
	first := file(t, "first.wasm", wasmtest.Guest{Name: "mean"}.Build())
	second := file(t, "second.wasm", wasmtest.Guest{Name: "mean", Version: "2.0.0"}.Build())
	for _, c := range []struct {
		args          []string
		state, active string
	}{
		{[]string{first}, "active", "1.0.0"},
		{[]string{second, "--activate=false"}, "stored", "1.0.0"},
		{[]string{second}, "active", "2.0.0"},
	} {
		code, out, stderr := runs(nil, append([]string{"plugin", "push", "--server", url}, c.args...)...)
		if code != exitDone || stderr != "" || rowsOf(out)["state"] != c.state {
			t.Fatalf("%v: exit %d, %s%s", c.args, code, out, stderr)
		}
		res, err := http.Get(url + "/api/v1/plugins/mean")
		if err != nil {
			t.Fatal(err)
		}
		var p struct {
			Active   string
			Versions []struct{ Version, Digest string }
		}
		err = json.NewDecoder(res.Body).Decode(&p)
		res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range p.Versions {
			if (v.Digest == p.Active) != (v.Version == c.active) {
				t.Errorf("%v: %+v, want %s to be active", c.args, p, c.active)
			}
		}
	}
}

// TestPluginsPage holds what docs/plugins.md shows to what the commands print.
func TestPluginsPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/plugins.md")
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	url := service(t, nil)
	mean := wasmtest.Guest{Name: "mean"}.Build()
	ahead := file(t, "ahead.wasm", wasmtest.Guest{Name: "ahead", Run: wasmtest.EachBar(lookingAhead)}.Build())
	cases := []byte(`{"doc": "by hand", "inputs": {"close": [1, 2, 4, 8]}, "cases": [
		{"name": "means", "outputs": {"mean": [null, 1.5, 3, 7]}},
		{"name": "period", "params": {"period": 7}, "outputs": {"mean": [null, 1.5, 3, 6]}}]}`)
	t.Chdir(filepath.Dir(ahead))
	for name, content := range map[string][]byte{"mean.wasm": mean, "mean_cases.json": cases} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	shown := func(args ...string) string {
		_, out, stderr := runs(map[string]string{"SERVER": url}, append([]string{"plugin"}, args...)...)
		return out + stderr
	}
	// A module that is built anew has another digest, and may have another size.
	same := func(text string) string {
		return regexp.MustCompile(`sha256:[0-9a-f]{64}|\d+ bytes`).ReplaceAllString(text, "…")
	}
	known := same(string(page))
	has := func(text string) {
		if !strings.Contains(known, same(text)) {
			t.Errorf("docs/plugins.md lacks:\n%s", text)
		}
	}
	has("$ techanalysis plugin new depth --lang c\n" + shown("new", "depth", "--lang", "c"))
	has("$ techanalysis plugin check ahead.wasm\n" + shown("check", "ahead.wasm"))
	has("holes       " + rowsOf(shown("check", "mean.wasm"))["holes"] + "\n")
	for line := range strings.Lines(shown("test", "mean.wasm")) {
		if strings.Contains(line, "BROKEN") || strings.Contains(line, "cases") || strings.Contains(line, "DIFFERS") {
			has(line)
		}
	}
	t.Chdir(filepath.Join(root, "plugins/keltner-squeeze-assemblyscript"))
	for _, command := range []string{"check", "test", "push"} {
		has("$ techanalysis plugin " + command + " keltner_squeeze.wasm\n" + shown(command, "keltner_squeeze.wasm"))
	}
}

// rowsOf are the rows of a table by what they are called.
func rowsOf(table string) map[string]string {
	rows := map[string]string{}
	for line := range strings.Lines(table) {
		name, text, _ := strings.Cut(line, "  ")
		rows[name] = strings.TrimSpace(text)
	}
	return rows
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
		"no server":          {nil, []string{"--server", away.URL}, exitFailed, "no service answers at " + away.URL + ": "},
		"an address alone":   {nil, []string{"--server", "127.0.0.1:8000"}, exitUsage, "--server"},
		"a URL of no server": {map[string]string{"SERVER": "ftp://example.org"}, nil, exitUsage, "--server"},
	} {
		code, out, stderr := runs(c.env, append([]string{"plugin", "push", module}, c.args...)...)
		if code != c.code || out != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit %d, %q; want exit %d and a line with %q", name, code, stderr, c.code, c.want)
		}
	}
}
