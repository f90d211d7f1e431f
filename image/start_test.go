package main

import (
	"bufio"
	"debug/elf"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// unpack lays the image's files out as a container's root folder.
func unpack(t *testing.T) (root string) {
	t.Helper()
	img, _ := open(t, filepath.Join(productFolder(t), archiveFile))
	root = t.TempDir()
	for _, f := range files(t, img) {
		path := filepath.Join(root, f.Name)
		var err error
		if strings.HasSuffix(f.Name, "/") {
			err = os.Mkdir(path, f.FileInfo().Mode())
		} else {
			err = os.WriteFile(path, f.body, f.FileInfo().Mode())
		}
		if err == nil && os.Geteuid() == 0 {
			err = os.Chown(path, f.Uid, f.Gid)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	// Of a test's folders nobody else may look into the one above.
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	return root
}

// container prepares a command as the image's config says. As root it has the
// image's user and files and nothing else; otherwise the files are there for
// the program alone. env is set after the image's.
func container(t *testing.T, root string, args, env []string) *exec.Cmd {
	t.Helper()
	c := config(runtime.GOARCH, commit{}, "").Config
	if args == nil {
		args = c.Cmd
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(root, c.Entrypoint[0]), args...)
	cmd.Env = append(slices.Clone(c.Env), env...)
	if os.Geteuid() == 0 {
		cmd.Path = c.Entrypoint[0]
		cmd.Dir = c.WorkingDir
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	} else {
		cmd.Env = append(cmd.Env, "DATA_DIR="+filepath.Join(root, "data"))
	}
	return cmd
}

// TestStarts: the image's program serves with the image's settings, but on
// loopback, and ends as it is told.
func TestStarts(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the image is for Linux")
	}
	cmd := container(t, unpack(t), nil, []string{"ADDR=127.0.0.1:0", "ADMIN_ADDR=127.0.0.1:0"})
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var ready struct {
		Message string `json:"msg"`
		Addr    string `json:"addr"`
	}
	lines := bufio.NewScanner(stderr)
	for ready.Message != "ready" && lines.Scan() {
		t.Log(lines.Text())
		if err := json.Unmarshal(lines.Bytes(), &ready); err != nil {
			t.Error(err)
		}
	}
	if ready.Message != "ready" {
		t.Fatalf("the service ended before it was ready: %v", cmd.Wait())
	}
	response, err := http.Get("http://" + ready.Addr + "/health/ready")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	response.Body.Close()
	if err != nil || response.StatusCode != http.StatusOK || !strings.Contains(string(body), `"status":"ready"`) {
		t.Errorf("/health/ready is %s: %s, %v", response.Status, body, err)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
		t.Log(lines.Text())
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("after SIGTERM the service ended with %v", err)
	}
}

// TestVersionInside: the program says the version and the commit of the labels.
func TestVersionInside(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the image is for Linux")
	}
	out, err := container(t, unpack(t), []string{"version", "--json"}, nil).Output()
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ Version, Commit string }
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	if _, revision := expected(t); got.Version != testVersion || got.Commit != revision {
		t.Errorf("the program says %+v, want %s of %s", got, testVersion, revision)
	}
}

// TestStatic: the program asks for no loader and no library, and was compiled
// with what the order said.
func TestStatic(t *testing.T) {
	path := filepath.Join(productFolder(t), programFile)
	f, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if libraries, err := f.ImportedLibraries(); err != nil || len(libraries) > 0 {
		t.Errorf("the program wants the libraries %v, %v", libraries, err)
	}
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("the program wants a loader")
		}
	}
	for _, s := range []string{".symtab", ".debug_info", ".zdebug_info"} {
		if f.Section(s) != nil {
			t.Errorf("the program has a section %s", s)
		}
	}
	p, err := readProgram(path)
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{"CGO_ENABLED": "0", "-trimpath": "true", "GOOS": "linux", "GOARCH": runtime.GOARCH} {
		if got := p.setting(key); got != want {
			t.Errorf("built with %s=%s, want %s", key, got, want)
		}
	}
	if runtime.GOARCH == "amd64" && (p.setting("GOEXPERIMENT") != "simd" || p.setting("GOAMD64") != "v1") {
		t.Errorf("built with GOEXPERIMENT=%s GOAMD64=%s", p.setting("GOEXPERIMENT"), p.setting("GOAMD64"))
	}
}
