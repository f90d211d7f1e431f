package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/plugin"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
	"github.com/spf13/pflag"
)

var update = flag.Bool("update", false, "write docs/config.md and the pages in testdata")

// runs runs a command and returns its exit code and what it wrote.
func runs(env map[string]string, args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = run(context.Background(), args, func(k string) string { return env[k] }, streams{strings.NewReader(""), &out, &err})
	return code, out.String(), err.String()
}

// TestServe starts the service as main does, on free ports, and ends it as
// SIGTERM does.
func TestServe(t *testing.T) { serveDemo(t, t.TempDir()) }

// TestServeDemoAgain: the example plugin of an earlier build, under the same
// version, is no reason not to start.
func TestServeDemoAgain(t *testing.T) {
	dir := t.TempDir()
	store, err := plugin.OpenDirectory(filepath.Join(dir, "plugins"))
	if err != nil {
		t.Fatal(err)
	}
	sandbox, err := wasm.New(wasm.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer sandbox.Close()
	library, err := plugin.Open(t.Context(), store, plugin.Room{}, sandbox, registry.New(nil))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := library.Upload(t.Context(), wasmtest.Guest{Name: "keltner_squeeze"}.Build(), true); err != nil {
		t.Fatal(err)
	}
	serveDemo(t, dir)
}

func serveDemo(t *testing.T, dir string) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	logs, log := io.Pipe()
	ended := make(chan int, 1)
	var out bytes.Buffer
	go func() {
		ended <- run(ctx, []string{"serve", "--demo"}, func(k string) string {
			return map[string]string{"ADDR": "127.0.0.1:0", "ADMIN_ADDR": "127.0.0.1:0", "DATA_DIR": dir}[k]
		}, streams{nil, &out, log})
		log.Close()
	}()
	lines := bufio.NewScanner(logs)
	var ready struct{ Msg, Addr string }
	for ready.Msg != "ready" && lines.Scan() {
		if err := json.Unmarshal(lines.Bytes(), &ready); err != nil {
			t.Fatalf("the log has %q: %v", lines.Text(), err)
		}
	}
	go io.Copy(io.Discard, logs)
	res, err := http.Get("http://" + ready.Addr + "/api/v1/plugins")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || !strings.Contains(string(body), "keltner_squeeze") {
		t.Errorf("the example plugin is not installed: %s %v", body, err)
	}
	cancel()
	if code := <-ended; code != exitDone {
		t.Errorf("serve ended with %d", code)
	}
	for _, want := range []string{"/api/v1/indicators/", "/api/v1/plugins", "/api/docs"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("what to try lacks %s:\n%s", want, out.String())
		}
	}
}

// TestSettings: a wrong setting exits 2 with one line that names it, and a flag
// wins over the environment.
func TestSettings(t *testing.T) {
	for name, c := range map[string]struct {
		env  map[string]string
		args []string
		want string
	}{
		"an unknown flag":         {nil, []string{"serve", "--nonsense"}, "nonsense"},
		"an unknown command":      {nil, []string{"nonsense"}, "nonsense"},
		"a misspelt command":      {nil, []string{"analize", "prices.csv"}, "did you mean analyze"},
		"an argument":             {nil, []string{"serve", "nonsense"}, "nonsense"},
		"a number that is none":   {map[string]string{"MAX_CANDLES": "many"}, []string{"serve"}, "MAX_CANDLES"},
		"a duration that is none": {map[string]string{"DRAIN_DELAY": "5"}, []string{"serve"}, "DRAIN_DELAY"},
		"a level that is none":    {map[string]string{"LOG_LEVEL": "loud"}, []string{"serve"}, "LOG_LEVEL"},
		"a flag that is none":     {nil, []string{"serve", "--max-body", "x"}, "max-body"},
		"out of range":            {map[string]string{"MAX_CANDLES": "0"}, []string{"serve"}, "max-candles"},
		"open to everyone":        {map[string]string{"ADDR": ":8000"}, []string{"serve"}, "--insecure"},
		"the flag wins":           {map[string]string{"ADDR": "127.0.0.1:0"}, []string{"serve", "--addr", ":8000"}, "--insecure"},
	} {
		code, _, stderr := runs(c.env, c.args...)
		if code != exitUsage || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit %d, %q; want exit 2 and a line with %s", name, code, stderr, c.want)
		}
	}
}

func TestVersion(t *testing.T) {
	code, out, _ := runs(nil, "version", "--json")
	var v versions
	if err := json.Unmarshal([]byte(out), &v); err != nil || code != 0 || !regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(v.Engine) {
		t.Errorf("exit %d, %s, %v", code, out, err)
	}
}

// TestConfigPage holds docs/config.md to the settings that there are. With
// -update it writes the page.
func TestConfigPage(t *testing.T) {
	const path = "../../docs/config.md"
	var b strings.Builder
	b.WriteString(`# Settings

Each setting of ` + "`techanalysis serve`" + ` is a flag, or the environment variable of the same name; a flag wins. This page is written by the tests from the flags themselves.

| variable | flag | default | what it is |
|---|---|---|---|
`)
	newServe(streams{}).Flags().VisitAll(func(f *pflag.Flag) {
		if _, ok := f.Annotations[setting]; !ok {
			return
		}
		_, usage := pflag.UnquoteUsage(f)
		usage = strings.TrimSuffix(usage, " ["+variable(f.Name)+"]")
		fmt.Fprintf(&b, "| `%s` | `--%s` | `%s` | %s |\n", variable(f.Name), f.Name, f.DefValue, usage)
	})
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != b.String() {
		t.Errorf("docs/config.md is not what the flags say (%v): go test ./cmd/techanalysis -run ConfigPage -update", err)
	}
}
