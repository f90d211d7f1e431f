package main

import (
	"bytes"
	"debug/elf"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A tiny product, so that making it twice takes seconds. image/reproducible
// does the same with the real one.
var tiny = map[string]string{
	"go.mod": "module example.com/tiny\n\ngo 1.26\n",
	"cmd/techanalysis/main.go": `package main

var version, commit string

func main() { println(version, commit) }
`,
}

// newRepository commits the tiny product at a time of its own.
func newRepository(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range tiny {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	gitIn(t, dir, "init", "--quiet")
	gitIn(t, dir, "add", ".")
	gitIn(t, dir, "commit", "--quiet", "--message", "tiny")
	return dir
}

func gitIn(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(),
		"GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=t", "GIT_AUTHOR_EMAIL=t@example.com", "GIT_AUTHOR_DATE=2024-06-01T01:02:03Z",
		"GIT_COMMITTER_NAME=t", "GIT_COMMITTER_EMAIL=t@example.com", "GIT_COMMITTER_DATE=2024-06-02T05:04:05+02:00")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

// makeTiny makes the image of a tiny product: its digest and the folder it is in.
func makeTiny(t *testing.T, source string, args ...string) (string, string) {
	t.Helper()
	dist := t.TempDir()
	if err := run(t.Context(), append([]string{"-source", source, "-dist", dist}, args...), io.Discard, os.Stderr); err != nil {
		t.Fatal(err)
	}
	_, d := open(t, filepath.Join(dist, archiveFile))
	return d.Digest.String(), dist
}

// TestSameBytes: a clone in another folder, with other tags and other file
// times, in other surroundings, gives the same files.
func TestSameBytes(t *testing.T) {
	one := newRepository(t)
	two := filepath.Join(t.TempDir(), "elsewhere", "and longer")
	gitIn(t, one, "clone", "--quiet", one, two)
	gitIn(t, two, "tag", "v1.2.3")
	_, first := makeTiny(t, one)
	settings := filepath.Join(t.TempDir(), "env") // as `go env -w` keeps them
	if err := os.WriteFile(settings, []byte("GOFLAGS=-tags=kept\nGOEXPERIMENT=synctest\nGOAMD64=v3\nGOFIPS140=latest\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOENV", settings)
	t.Setenv("GOFLAGS", "-tags=other")
	t.Setenv("GOOS", "plan9")
	t.Setenv("CGO_ENABLED", "1")
	t.Setenv("TZ", "Asia/Tehran")
	_, second := makeTiny(t, two)
	for _, name := range []string{programFile, archiveFile, sbomFile} {
		a, err := os.ReadFile(filepath.Join(first, name))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(second, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) {
			t.Errorf("%s is not the same", name)
		}
	}
}

// TestWhatChangesTheDigest: the version, the commit and the platform do, the
// name does not.
func TestWhatChangesTheDigest(t *testing.T) {
	source := newRepository(t)
	plain, _ := makeTiny(t, source)
	renamed, _ := makeTiny(t, source, "-name", "example.com/another:canary")
	if renamed != plain {
		t.Error("the image's name changes its digest")
	}
	canary, _ := makeTiny(t, source, "-version", "1.1.0-canary")
	if canary == plain {
		t.Error("the version does not change the digest")
	}
	gitIn(t, source, "commit", "--quiet", "--allow-empty", "--message", "nothing")
	if next, _ := makeTiny(t, source); next == plain {
		t.Error("another commit has the same digest")
	}
}

func TestVersionAndRevision(t *testing.T) {
	source := newRepository(t)
	c, err := readCommit(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	says := func(dist string) string {
		out, err := exec.Command(filepath.Join(dist, programFile)).CombinedOutput()
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(out))
	}
	// 05:04:05 at +02:00 is 03:04:05 UTC.
	if want := "0.0.0-20240602030405-" + c.hash[:12]; c.version() != want || c.revision() != c.hash {
		t.Errorf("version %s, revision %s, want %s and %s", c.version(), c.revision(), want, c.hash)
	}
	_, dist := makeTiny(t, source)
	if got, want := says(dist), c.version()+" "+c.hash; got != want {
		t.Errorf("the program says %q, want %q", got, want)
	}
	if err := os.WriteFile(filepath.Join(source, "new"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, dist = makeTiny(t, source, "-version", "2.0.0")
	if got, want := says(dist), "2.0.0 "+c.hash+"+changed"; got != want {
		t.Errorf("of a changed tree the program says %q, want %q", got, want)
	}
}

func TestOtherArchitecture(t *testing.T) {
	_, dist := makeTiny(t, newRepository(t), "-arch", "arm64")
	img, d := open(t, filepath.Join(dist, archiveFile))
	c, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	f, err := elf.Open(filepath.Join(dist, programFile))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if c.Architecture != "arm64" || d.Platform.Architecture != "arm64" || f.Machine != elf.EM_AARCH64 {
		t.Errorf("config for %s, index for %s, program for %s, want arm64", c.Architecture, d.Platform.Architecture, f.Machine)
	}
}

func TestRefused(t *testing.T) {
	repository := newRepository(t)
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no tag":        {[]string{"-source", repository, "-name", "ghcr.io/a/b"}, "REGISTRY/REPOSITORY:TAG"},
		"no registry":   {[]string{"-source", repository, "-name", "b:dev"}, "REGISTRY/REPOSITORY:TAG"},
		"version":       {[]string{"-source", repository, "-version", "1 -X main.commit=0"}, "version"},
		"no repository": {[]string{"-source", t.TempDir()}, "read the commit"},
		"arch":          {[]string{"-source", repository, "-arch", "vax"}, "compile"},
		"argument":      {[]string{"extra"}, "extra"},
	} {
		t.Run(name, func(t *testing.T) {
			dist := t.TempDir()
			err := run(t.Context(), append([]string{"-dist", dist}, c.args...), io.Discard, io.Discard)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one about %q", err, c.want)
			}
			if left, _ := os.ReadDir(dist); len(left) > 0 {
				t.Errorf("left %v", left)
			}
		})
	}
}

// TestCompare: the script behind image/reproducible finds what differs.
func TestCompare(t *testing.T) {
	source := newRepository(t)
	digest, one := makeTiny(t, source)
	_, again := makeTiny(t, source)
	if out, err := exec.Command("./compare", one, again).CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != digest {
		t.Errorf("of the same image it says %q, %v", out, err)
	}
	_, other := makeTiny(t, source, "-version", "1.1.0-canary")
	out, err := exec.Command("./compare", one, other).CombinedOutput()
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("of different images it ends with %v", err)
	}
	for _, want := range []string{
		digest, "one/text/config", "one/text/sbom",
		`+"org.opencontainers.image.version":"1.1.0-canary"`,
		"> 1.1.0-canary",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
}
