package host

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
	"github.com/gravitywavesml/gravity_techanalysis/plugins"
)

// uploadAll installs plugins.
func uploadAll(t testing.TB, h *Host, all map[string][]byte) {
	t.Helper()
	for name, code := range all {
		if v, created, err := h.Plugins().Upload(context.Background(), code, true); err != nil || !created || v.Name != name {
			t.Fatalf("upload %s: %s, created %v, %v", name, v.Name, created, err)
		}
	}
}

// ready waits until a service says that it is.
func ready(t testing.TB, addr string) {
	t.Helper()
	ask := time.NewTicker(10 * time.Millisecond)
	defer ask.Stop()
	for late := time.Now().Add(3 * time.Minute); ; <-ask.C {
		if res, err := http.Get("http://" + addr + "/health/ready"); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		if time.Now().After(late) {
			t.Fatal("it is not ready after three minutes")
		}
	}
}

// answers are what each of the plugins gives for the sample.
func answers(t *testing.T, h *Host, all map[string][]byte) map[string]string {
	t.Helper()
	sample, err := os.ReadFile("../sample/request.json")
	if err != nil {
		t.Fatal(err)
	}
	given := make(map[string]string)
	for name := range all {
		status, _, body := post(t, "http://"+h.Addr()+"/api/v1/indicators/"+name, "application/json", sample)
		if status != http.StatusOK {
			t.Fatalf("%s: %d %.300s", name, status, body)
		}
		given[name] = body
	}
	return given
}

// ran wants as many plugins to have been made ready from either.
func ran(t *testing.T, h *Host, cache, compiler int) {
	t.Helper()
	_, body := get(t, "http://"+h.AdminAddr()+"/metrics")
	for from, n := range map[string]int{"cache": cache, "compiler": compiler} {
		if line := fmt.Sprintf("\nplugin_compile_total{from=%q} %d\n", from, n); !strings.Contains(body, line) {
			i := strings.Index(body, "\nplugin_compile_total")
			t.Errorf("the metrics lack %q; there is %.200q", line, body[max(i, 0):])
		}
	}
}

// TestStartCompilesNothing: ten plugins that were compiled when they were
// uploaded are not compiled when the service starts again, and answer as before.
// With the directory emptied, as the operator may do, they are, once.
func TestStartCompilesNothing(t *testing.T) {
	c, all := settings(t), wt.Ten(t, "..")
	h, stop := start(t, c)
	uploadAll(t, h, all)
	ran(t, h, 0, len(all))
	want := answers(t, h, all)
	again := func(what string, cache, compiler int) {
		t.Helper()
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		h, stop = start(t, c)
		ran(t, h, cache, compiler)
		if got := answers(t, h, all); !maps.Equal(got, want) {
			t.Errorf("%s: they answer %v, want %v", what, got, want)
		}
	}
	again("started again", len(all), 0)
	if err := os.RemoveAll(compiledDir(c)); err != nil {
		t.Fatal(err)
	}
	again("emptied", 0, len(all))
	again("and again", len(all), 0)
}

// TestCompiledDirRefused: the service does without a directory of native code
// that others can write, and its log says so once.
func TestCompiledDirRefused(t *testing.T) {
	c := settings(t)
	if err := os.Mkdir(compiledDir(c), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(compiledDir(c), 0o777); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	h, err := New(t.Context(), c, slog.New(slog.NewJSONHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := h.close(); err != nil {
			t.Error(err)
		}
	}()
	if _, _, err := h.Plugins().Upload(t.Context(), plugins.KeltnerSqueeze, true); err != nil {
		t.Error(err)
	}
	if got := log.String(); strings.Count(got, "WARN") != 1 || !strings.Contains(got, "native code is not kept") || !strings.Contains(got, "0777") || !strings.Contains(got, compiledDir(c)) {
		t.Errorf("the log says %s", got)
	}
	if left, err := filepath.Glob(filepath.Join(compiledDir(c), "*")); err != nil || len(left) > 0 {
		t.Errorf("there are %q (%v)", left, err)
	}
}

// BenchmarkReady has how long a service with ten plugins takes from its
// execution until it is ready, and the most memory that it had by then: when it
// compiles them, and when it has their native code.
func BenchmarkReady(b *testing.B) {
	c := Config{
		Addr: "127.0.0.1:0", AdminAddr: "127.0.0.1:0", DataDir: b.TempDir(), DrainTimeout: time.Minute, PluginTimeout: time.Minute,
		CacheBytes: 1 << 20, MaxCandles: 1000, MaxBody: 1 << 20, MaxIndicators: 10, MaxValues: 10_000_000,
	}
	h, err := New(b.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	uploadAll(b, h, wt.Ten(b, ".."))
	if err := h.close(); err != nil {
		b.Fatal(err)
	}
	for _, run := range []struct {
		name string
		cold bool
	}{{"compiling", true}, {"cached", false}} {
		b.Run(run.name, func(b *testing.B) {
			var took time.Duration
			var memory int64
			for b.Loop() {
				if run.cold {
					if err := os.RemoveAll(compiledDir(c)); err != nil {
						b.Fatal(err)
					}
				}
				t, m := startAlone(b, c.DataDir)
				took, memory = took+t, max(memory, m)
			}
			b.ReportMetric(took.Seconds()/float64(b.N), "s/ready")
			b.ReportMetric(float64(memory)/(1<<20), "MiB")
		})
	}
}

// startAlone starts a service and stops it when it is ready. It returns how
// long that took, and the most bytes of memory it had.
func startAlone(b *testing.B, dir string) (took time.Duration, memory int64) {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), serveEnv+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	addr, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	ready(b, strings.TrimSpace(addr))
	took = time.Since(begun)
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		b.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		b.Fatal(err)
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return took, usage.Maxrss << 10
}
