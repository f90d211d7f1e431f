package wasm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest/hostile"
)

// little is a share that bombs use up soon.
var little = share{Seconds: 1, Bytes: compilerShares[gate.Small].Bytes}

// TestBombs: a module that would take the compiler minutes, or gigabytes, and
// that no gate has seen, is refused when it has had its share of either, and the
// service has lost neither.
func TestBombs(t *testing.T) {
	bombs := 0
	for _, m := range hostile.All() {
		if !m.Bomb {
			continue
		}
		bombs++
		t.Run(m.Name, func(t *testing.T) {
			before := self(t)
			err := job{gate.Large, t.TempDir(), little}.run(t.Context(), m.Bytes)
			var refused *Rejected
			if !errors.As(err, &refused) || refused.Gate != "compile" {
				t.Errorf("it ended with %v, want a refusal by the check compile", err)
			}
			if grown := self(t).Maxrss - before.Maxrss; grown > 64<<10 {
				t.Errorf("this process grew by %d KiB", grown)
			}
		})
	}
	if bombs == 0 {
		t.Error("there is no bomb among the hostile modules")
	}
}

func self(t *testing.T) (r syscall.Rusage) {
	t.Helper()
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestWorkerRefusesInvalid: what is no module is refused by the engine's own
// words.
func TestWorkerRefusesInvalid(t *testing.T) {
	for name, code := range map[string][]byte{
		"nothing":       nil,
		"no magic":      []byte("\x00ASM\x01\x00\x00\x00"),
		"a wrong stack": wt.GoodRun(wt.Float(1)).Bytes(),
	} {
		err := job{Share: little}.run(t.Context(), code)
		var refused *Rejected
		if !errors.As(err, &refused) || refused.Gate != "validation" || refused.Detail == "" {
			t.Errorf("%s: it ended with %v, want a refusal by the check validation", name, err)
		}
	}
}

// reading is a worker that has begun to read its module.
func reading(t *testing.T, ctx context.Context, j job) (worker *exec.Cmd, in io.WriteCloser) {
	t.Helper()
	worker, err := j.command(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if in, err = worker.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	// More than a pipe holds: when it is written, the worker has read of it.
	if _, err := in.Write(make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	return worker, in
}

// TestWorkerIsConfined: a worker has none of this process's environment and
// files, and its limits are in force before it has read the module.
func TestWorkerIsConfined(t *testing.T) {
	t.Setenv("TOKEN", "a secret")
	secret, err := os.CreateTemp(t.TempDir(), "secret")
	if err != nil {
		t.Fatal(err)
	}
	defer secret.Close()
	// Go opens files so that no other process gets them. What this one was started
	// with need not be so.
	inherited, err := syscall.Open(secret.Name(), syscall.O_RDONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(inherited)
	worker, in := reading(t, t.Context(), job{Share: little})
	proc := fmt.Sprintf("/proc/%d/", worker.Process.Pid)
	read := func(name string) string {
		b, err := os.ReadFile(proc + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if env := read("environ"); env != "" {
		t.Errorf("its environment is %q", env)
	}
	limited(t, read("limits"), little)
	if first := strings.TrimSpace(read("oom_score_adj")); first != "1000" {
		t.Errorf("its oom_score_adj is %s", first)
	}
	files, err := filepath.Glob(proc + "fd/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		to, err := os.Readlink(f)
		if err != nil {
			t.Fatal(err)
		}
		pipe := strings.HasPrefix(to, "pipe:")
		// What Go's runtime opens: a poller, and how many processors it may use.
		own := to == os.DevNull || strings.HasPrefix(to, "anon_inode:") || strings.HasPrefix(to, "/sys/fs/cgroup/")
		if !pipe && !own {
			t.Errorf("it has %s", to)
		}
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if err := worker.Wait(); worker.ProcessState.ExitCode() != exitInvalid {
		t.Errorf("it ended with %v", err)
	}
}

// limited wants the limits of a process, as /proc has them, to be those of a share.
func limited(t *testing.T, limits string, s share) {
	t.Helper()
	wants := []string{fmt.Sprintf("Max cpu time %d %d seconds", s.Seconds, s.Seconds+1), "Max core file size 0 0 bytes"}
	if dataLimited {
		wants = append(wants, fmt.Sprintf("Max data size %d %d bytes", s.Bytes, s.Bytes))
	}
	for _, want := range wants {
		if !strings.Contains(strings.Join(strings.Fields(limits), " "), want) {
			t.Errorf("its limits are without %q:\n%s", want, limits)
		}
	}
}

// TestCompilerShares: a module of either tier has a worker with the limits that the
// decision on it states.
func TestCompilerShares(t *testing.T) {
	page, err := os.ReadFile("../../docs/adr/0009-the-compiler-is-another-process.md")
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`: (\d+) s of processor time for a Small module and (\d+) s for a Large one, (\d+) MiB of memory`).FindSubmatch(page)
	if said == nil {
		t.Fatal("the decision does not say what a module may make the compiler take")
	}
	number := func(digits []byte) uint64 {
		n, err := strconv.ParseUint(string(digits), 10, 32)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	memory := number(said[3]) << 20
	for tier, want := range map[gate.Tier]share{gate.Small: {number(said[1]), memory}, gate.Large: {number(said[2]), memory}} {
		j := newJob(tier, "")
		if j.Tier != tier || j.Share != want {
			t.Errorf("the job for a %s module is %+v, want %+v", tier, j, want)
		}
		worker, in := reading(t, t.Context(), j)
		limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", worker.Process.Pid))
		if err != nil {
			t.Fatal(err)
		}
		limited(t, string(limits), want)
		if err := in.Close(); err != nil {
			t.Fatal(err)
		}
		if err := worker.Wait(); worker.ProcessState.ExitCode() != exitInvalid {
			t.Errorf("it ended with %v", err)
		}
	}
}

// TestWorkerEndedByOthers: what the system did to the process is not held against
// the module, which may be tried again.
func TestWorkerEndedByOthers(t *testing.T) {
	job := newJob(gate.Small, "")
	worker, _ := reading(t, t.Context(), job)
	if err := worker.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := worker.Wait(); !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if err := job.verdict(exit, nil, nil); !errors.Is(err, ErrCompiler) || errors.Is(err, ErrRejected) {
		t.Errorf("the verdict is %v", err)
	}
	if err := job.verdict(exit, nil, firstBytes("runtime: failed to create new OS thread")); !errors.Is(err, ErrCompiler) {
		t.Errorf("without a thread it is %v", err)
	}
	if err := job.verdict(exit, nil, firstBytes("fatal error: runtime: out of memory")); !errors.Is(err, ErrRejected) {
		t.Errorf("without memory it is %v", err)
	}
}

// TestFirstBytes: who writes without end fills no memory.
func TestFirstBytes(t *testing.T) {
	var f firstBytes
	for range 100 {
		if n, err := f.Write(bytes.Repeat([]byte("x"), 1000)); n != 1000 || err != nil {
			t.Fatal(n, err)
		}
	}
	if len(f) != 4<<10 {
		t.Errorf("%d bytes are kept", len(f))
	}
}

// TestWorkerEndsWithTheRequest: who gives up waiting ends the compiler, and gets
// the context's error.
func TestWorkerEndsWithTheRequest(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	worker, _ := reading(t, ctx, job{Share: little})
	cancel()
	if err := worker.Wait(); worker.ProcessState.Exited() {
		t.Errorf("the worker ended by itself: %v", err)
	}
	if err := (job{Share: little}).run(ctx, emptyModule); !errors.Is(err, context.Canceled) {
		t.Errorf("run gives %v", err)
	}
}
