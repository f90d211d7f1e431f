package wasm

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/compiled"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// start is a Sandbox as one run of the service has it, over a directory of
// native code.
type start struct {
	*Sandbox
	kept, compiled atomic.Int64
	log            bytes.Buffer
}

func newStart(t testing.TB, dir string) *start {
	t.Helper()
	s := new(start)
	s.Sandbox = newSandbox(t, Config{CodeDir: dir, Log: slog.New(slog.NewTextHandler(&s.log, nil)), Compiled: func(kept bool, _ time.Duration) {
		if kept {
			s.kept.Add(1)
		} else {
			s.compiled.Add(1)
		}
	}})
	return s
}

// from wants as many modules of either kind since the start, and the log to say
// something, or nothing.
func (s *start) from(t testing.TB, what string, kept, compiled int64, says string) {
	t.Helper()
	if k, c := s.kept.Load(), s.compiled.Load(); k != kept || c != compiled {
		t.Errorf("%s: native code of %d was kept and of %d was compiled, want %d and %d", what, k, c, kept, compiled)
	}
	if log := s.log.String(); !strings.Contains(log, says) || (says == "") != (log == "") {
		t.Errorf("%s: the log says %q, want %q", what, log, says)
	}
}

// answer is what a module gives for a series: its bits, and the gas.
func answer(t testing.TB, m *Module) string {
	t.Helper()
	r, err := m.Run(context.Background(), defaults(t, m), walk(m.Spec().Inputs, 300, 5))
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.New()
	for _, col := range r.Outputs {
		for _, v := range col {
			fmt.Fprintf(h, "%x ", math.Float64bits(v))
		}
	}
	return fmt.Sprintf("%x, gas %d", h.Sum(nil), r.Gas)
}

func (s *start) load(t testing.TB, code []byte) *Module {
	t.Helper()
	m := load(t, s.Sandbox, code)
	m.Keep()
	return m
}

// codeFile is the file of native code of a module that is kept in dir.
func codeFile(t testing.TB, dir string, code []byte) string {
	t.Helper()
	digest := sha256.Sum256(code)
	files, err := filepath.Glob(filepath.Join(dir, hex.EncodeToString(digest[:])+"-*", "wazero-*", "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files of native code: %q (%v), want one", files, err)
	}
	return files[0]
}

func entries(t testing.TB, dir string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestKeptCode: what one start compiled the next one loads, and it gives the
// same bits and the same gas. What was not to be kept is not.
func TestKeptCode(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "compiled")
	all := guests(t)
	n := int64(len(all))
	want := make(map[string]string)
	first := newStart(t, dir)
	for name, code := range all {
		want[name] = answer(t, first.load(t, code))
	}
	first.from(t, "the first start", 0, n, "")
	second := newStart(t, dir)
	for name, code := range all {
		if got := answer(t, second.load(t, code)); got != want[name] {
			t.Errorf("%s gives %s, and when it was compiled %s", name, got, want[name])
		}
	}
	second.from(t, "the second", n, 0, "")

	// A module that is not kept, or is refused, leaves nothing.
	good, refused := wt.Guest{Name: "good"}.Build(), wt.Guest{Name: "bad", Run: wt.Trap()}.Build()
	load(t, second.Sandbox, good).Close()
	if _, err := second.Load(t.Context(), refused); !errors.Is(err, ErrRejected) {
		t.Fatal(err)
	}
	second.from(t, "what is not kept", n, 2, "")
	if got := entries(t, dir); int64(len(got)) != n {
		t.Errorf("there are %q, want %d entries", got, n)
	}
	// What is gone goes, unless it is loaded.
	m := second.load(t, good)
	second.Sandbox.Retain(map[string]bool{})
	if got := entries(t, dir); int64(len(got)) != n+1 {
		t.Errorf("of loaded modules there are %q", got)
	}
	second.Close()
	third := newStart(t, dir)
	third.Sandbox.Retain(map[string]bool{m.Digest(): true})
	third.load(t, good)
	third.from(t, "what is installed", 1, 0, "")
	if got := entries(t, dir); len(got) != 1 {
		t.Errorf("when one is installed there are %q", got)
	}
}

// TestCodeIsNotKept: without a directory of native code it goes through a folder that
// is gone when the module is loaded, fit to run or not; and there is no need of one.
func TestCodeIsNotKept(t *testing.T) {
	dir := t.TempDir()
	for _, temporary := range []string{dir, filepath.Join(dir, "none")} {
		t.Setenv("TMPDIR", temporary)
		var log bytes.Buffer
		s := newSandbox(t, Config{Log: slog.New(slog.NewTextHandler(&log, nil))})
		m := load(t, s, wt.Guest{Name: "good"}.Build())
		wantMean(t, m, 100)
		if _, err := s.Load(t.Context(), wt.Guest{Name: "bad", Run: wt.Trap()}.Build()); !errors.Is(err, ErrRejected) {
			t.Error(err)
		}
		if got := entries(t, dir); len(got) != 0 {
			t.Errorf("there are %q", got)
		}
		if twice := strings.Contains(log.String(), "compiled twice"); apart && twice != (temporary != dir) {
			t.Errorf("with %s the log says %q", temporary, log.String())
		}
	}
}

// TestDamagedCode: a byte of native code that is another, wherever, a file that
// is cut off, one of another module: each is thrown away and compiled again,
// and the answers are the same.
func TestDamagedCode(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "compiled")
	code, other := wt.Guest{Name: "good"}.Build(), wt.Guest{Name: "other"}.Build()
	s := newStart(t, dir)
	want := answer(t, s.load(t, code))
	s.load(t, other)
	s.Close()
	file := codeFile(t, dir, code)
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := os.ReadFile(codeFile(t, dir, other))
	if err != nil {
		t.Fatal(err)
	}
	flipped := func(at int) []byte {
		b := slices.Clone(good)
		b[at] ^= 0x10
		return b
	}
	damaged := map[string][]byte{"empty": nil, "another module's": theirs, "longer": append(slices.Clone(good), 0)}
	step := len(good)/40 + 1
	for at := 0; at < len(good); at += step {
		damaged[fmt.Sprintf("byte %d of %d", at, len(good))] = flipped(at)
		damaged[fmt.Sprintf("cut off at %d of %d", at, len(good))] = good[:at]
	}
	for at := range 40 { // the magic, the version, the number of functions and their places
		damaged[fmt.Sprintf("byte %d of %d", at, len(good))] = flipped(at)
		damaged[fmt.Sprintf("byte %d of %d", len(good)-1-at, len(good))] = flipped(len(good) - 1 - at)
	}
	for _, what := range slices.Sorted(maps.Keys(damaged)) {
		if err := os.WriteFile(file, damaged[what], 0o600); err != nil {
			t.Fatal(err)
		}
		s := newStart(t, dir)
		if got := answer(t, s.load(t, code)); got != want {
			t.Errorf("%s: it gives %s, want %s", what, got, want)
		}
		s.from(t, what, 0, 1, "native code thrown away")
		s.Close()
	}
	s = newStart(t, dir)
	s.load(t, code)
	s.from(t, "after all that", 1, 0, "")
}

// seal makes a folder of native code the good entry of k, whatever is in it.
func seal(t *testing.T, dir string, k compiled.Key, path string, content []byte) {
	t.Helper()
	c, err := compiled.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := c.Create()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(folder, filepath.Dir(path)), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, path), content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.Drop(k), c.Keep(folder, k, nil)); err != nil {
		t.Fatal(err)
	}
}

// TestForeignEngine: the native code of another version of the engine, or for
// another processor, is not found; and should an entry say that it is of this
// one, with a sum that is right, the engine does not take it and it is thrown
// away.
func TestForeignEngine(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "compiled")
	code := wt.Guest{Name: "good"}.Build()
	s := newStart(t, dir)
	m := s.load(t, code)
	want := answer(t, m)
	if !strings.HasPrefix(s.engine, "wazero-") || !strings.Contains(s.engine, string(filepath.Separator)) {
		t.Errorf("the engine calls itself %q", s.engine)
	}
	file := codeFile(t, dir, code)
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	folder, name := filepath.Base(filepath.Dir(file)), filepath.Base(file)

	s = newStart(t, dir)
	s.engine = strings.Replace(s.engine, "wazero-", "wazero-v0-", 1)
	if got := answer(t, s.load(t, code)); got != want {
		t.Errorf("by another engine it gives %s, want %s", got, want)
	}
	s.from(t, "another engine", 0, 1, "")

	const header = "WAZEVO" // then a byte with the length of the version, and the version
	version := bytes.Clone(good)
	version[len(header)+1] ^= 1
	wrong := bytes.Clone(good)
	wrong[0] = 'X'
	for what, forged := range map[string]struct {
		path    string
		content []byte
	}{
		"another version in its folder's name": {filepath.Join(strings.Replace(folder, "wazero-", "wazero-v0-", 1), name), good},
		"another processor in its name":        {filepath.Join(folder, strings.Repeat("0", len(name))), good},
		"another version inside":               {filepath.Join(folder, name), version},
		"something else":                       {filepath.Join(folder, name), wrong},
		"a version longer than the file":       {filepath.Join(folder, name), good[:len(header)+1]},
	} {
		seal(t, dir, m.quick.key, forged.path, forged.content)
		s := newStart(t, dir)
		if got := answer(t, s.load(t, code)); got != want {
			t.Errorf("%s: it gives %s, want %s", what, got, want)
		}
		s.from(t, what, 0, 1, "native code thrown away")
		s.Close()
		s = newStart(t, dir)
		s.load(t, code)
		s.from(t, what+", the next start", 1, 0, "")
		s.Close()
	}
}

// TestUnusable: without a directory that can be used, and with one that cannot
// be used any more, modules are compiled, and the log says why.
func TestUnusable(t *testing.T) {
	code := wt.Guest{Name: "good"}.Build()
	open := t.TempDir()
	if err := os.Chmod(open, 0o755); err != nil {
		t.Fatal(err)
	}
	closed := filepath.Join(t.TempDir(), "compiled")
	if err := os.Mkdir(closed, 0o500); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 { // who is kept out of no directory but those of the kernel
		closed = "/proc/self/fd"
	}
	for what, dir := range map[string]string{"open to others": open, "read-only": closed} {
		s := newStart(t, dir)
		m := s.load(t, code)
		wantMean(t, m, 100)
		s.from(t, what, 0, 1, "native code is not kept, so that every start compiles every plugin")
	}

	dir := filepath.Join(t.TempDir(), "compiled")
	s := newStart(t, dir)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	wantMean(t, s.load(t, code), 100)
	s.from(t, "removed while it runs", 0, 1, "native code is not kept")
}

// loading runs this test's program as another process, which loads modules over
// dir. What it does is in loads.
func loading(ctx context.Context, dir, how string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), loadDir+"="+dir, loadHow+"="+how)
	return cmd
}

const (
	loadDir = "WASM_TEST_DIR"
	loadHow = "WASM_TEST_HOW"
)

func TestMain(m *testing.M) {
	if job := os.Getenv(measureJob); job != "" {
		os.Exit(measures(job))
	}
	if dir := os.Getenv(loadDir); dir != "" {
		if err := loads(dir, os.Getenv(loadHow)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	guestCode = filepath.Join(dir, "code")
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// many are modules whose native code is 36 KB and more.
func many() map[string][]byte {
	all := make(map[string][]byte)
	files, _ := filepath.Glob("../../sdk/testdata/*/*.wasm")
	for _, f := range files {
		if b, err := os.ReadFile(f); err == nil && len(b) < 100<<10 {
			all[f] = b
		}
	}
	return all
}

// loads is what the other process does: it loads each of the modules once, or
// for ever, or with files of at most 4 KiB, and prints its name, what it gives
// and where its native code was from.
func loads(dir, how string) error {
	if how == "small files" {
		// Every write beyond that fails, as on a disk that is full.
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 4 << 10, Max: 4 << 10}); err != nil {
			return err
		}
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	for {
		from := "cache"
		s, err := New(Config{CodeDir: dir, Log: log, Compiled: func(kept bool, _ time.Duration) {
			from = map[bool]string{true: "cache", false: "compiler"}[kept]
		}})
		if err != nil {
			return err
		}
		for name, code := range many() {
			m, err := s.Load(context.Background(), code)
			if err != nil {
				return err
			}
			args, err := m.Spec().Args(nil)
			if err != nil {
				return err
			}
			r, err := m.Run(context.Background(), args, walk(m.Spec().Inputs, 500, 5))
			if err != nil {
				return err
			}
			m.Keep()
			fmt.Println(name, bitsOf(r.Outputs), r.Gas, from)
		}
		s.Close()
		if how != "for ever" {
			return nil
		}
		s.Retain(nil)
	}
}

func bitsOf(columns ta.Columns) string {
	h := sha256.New()
	for _, col := range columns {
		for _, v := range col {
			fmt.Fprintf(h, "%x ", math.Float64bits(v))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// lines are what a process printed, sorted, and without where from.
func lines(t *testing.T, out []byte, from string) []string {
	t.Helper()
	all := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(all)
	if len(all) != len(many()) {
		t.Fatalf("it printed %q", out)
	}
	for i, l := range all {
		short := strings.TrimSuffix(strings.TrimSuffix(l, " cache"), " compiler")
		if from != "" && l != short+" "+from {
			t.Errorf("%s, want it from the %s", l, from)
		}
		all[i] = short
	}
	return all
}

// TestTwoProcesses: two that start at once over one directory both do their
// work, and leave what the next one loads.
func TestTwoProcesses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "compiled")
	var want []string
	for range 3 {
		var out, said [2]bytes.Buffer
		var both [2]*exec.Cmd
		for i := range both {
			both[i] = loading(t.Context(), dir, "once")
			both[i].Stdout, both[i].Stderr = &out[i], &said[i]
			if err := both[i].Start(); err != nil {
				t.Fatal(err)
			}
		}
		for i := range both {
			if err := both[i].Wait(); err != nil || said[i].Len() > 0 {
				t.Fatalf("one of two: %v, %s", err, &said[i])
			}
			got := lines(t, out[i].Bytes(), "")
			if want == nil {
				want = got
			}
			if !slices.Equal(got, want) {
				t.Errorf("one of two gives %q, want %q", got, want)
			}
		}
		out3, err := loading(t.Context(), dir, "once").Output()
		if err != nil {
			t.Fatal(err)
		}
		if got := lines(t, out3, "cache"); !slices.Equal(got, want) {
			t.Errorf("the third gives %q, want %q", got, want)
		}
		if got := entries(t, dir); len(got) != len(many()) {
			t.Errorf("there are %q, want %d entries", got, len(many()))
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
}

// TestKilledWhileKeeping: a process that is killed leaves entries that are good
// or none.
func TestKilledWhileKeeping(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "compiled")
	for i := range 20 {
		cmd := loading(t.Context(), dir, "for ever")
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if n, err := out.Read(make([]byte, 1+17*i)); n == 0 { // so that it dies somewhere else each time
			t.Fatal(err)
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed, and says so
		c, err := compiled.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		s := newStart(t, dir)
		for _, code := range many() {
			m := s.load(t, code)
			e, err := c.Find(m.quick.key)
			if err != nil || e == nil {
				t.Fatalf("the entry is %v, %v", e, err)
			}
			e.Close()
		}
		s.from(t, "after a kill", s.kept.Load(), int64(len(many()))-s.kept.Load(), "")
		s.Close()
	}
}

// TestFullDisk: a module whose native code cannot be written works all the same.
func TestFullDisk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "compiled")
	good, err := loading(t.Context(), filepath.Join(t.TempDir(), "compiled"), "once").Output()
	if err != nil {
		t.Fatal(err)
	}
	cmd := loading(t.Context(), dir, "small files")
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, &said)
	}
	if got, want := lines(t, out, "compiler"), lines(t, good, "compiler"); !slices.Equal(got, want) {
		t.Errorf("it gives %q, want %q", got, want)
	}
	if n := strings.Count(said.String(), "native code is not kept"); n != len(many()) {
		t.Errorf("the log says %s", &said)
	}
	if err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && path != dir {
			t.Errorf("%s was left", path)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}
