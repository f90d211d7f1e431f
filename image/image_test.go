package main

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

const (
	testName    = "ghcr.io/gravitywavesml/gravity_techanalysis:test"
	testVersion = "9.8.7-test"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if productDist != "" {
		os.RemoveAll(productDist)
	}
	os.Exit(code)
}

var productDist string

// product is the image of this work tree, made once for all tests: the folder
// that it was left in.
var product = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "image-test-")
	if err != nil {
		return "", err
	}
	productDist = dir
	var experiment string
	if runtime.GOARCH == "amd64" {
		experiment = "simd"
	}
	return dir, run(context.Background(), []string{
		"-source", "..", "-dist", dir, "-name", testName, "-version", testVersion, "-experiment", experiment,
	}, io.Discard, os.Stderr)
})

func productFolder(t *testing.T) string {
	t.Helper()
	dir, err := product()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// open reads an archive back: its one image, and how the index describes it.
func open(t *testing.T, archive string) (v1.Image, v1.Descriptor) {
	t.Helper()
	dir := t.TempDir()
	f, err := os.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for r := tar.NewReader(f); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if !filepath.IsLocal(h.Name) || h.Typeflag != tar.TypeReg {
			t.Fatalf("the archive has %q of type %c", h.Name, h.Typeflag)
		}
		path := filepath.Join(dir, h.Name)
		body, err := io.ReadAll(r)
		if err := errors.Join(err, os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, body, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	l, err := layout.FromPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	index, err := l.ImageIndex()
	if err != nil {
		t.Fatal(err)
	}
	if err := validate.Index(index); err != nil {
		t.Fatal(err)
	}
	m, err := index.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Manifests) != 1 {
		t.Fatalf("the index has %d manifests, want 1", len(m.Manifests))
	}
	img, err := index.Image(m.Manifests[0].Digest)
	if err != nil {
		t.Fatal(err)
	}
	return img, m.Manifests[0]
}

// An entry is a file of an image's layer.
type entry struct {
	*tar.Header
	body []byte
}

// files are the entries of all layers, in order.
func files(t *testing.T, img v1.Image) (all []entry) {
	t.Helper()
	layers, err := img.Layers()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range layers {
		r, err := l.Uncompressed()
		if err != nil {
			t.Fatal(err)
		}
		for tr := tar.NewReader(r); ; {
			h, err := tr.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(tr)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, entry{h, body})
		}
		r.Close()
	}
	return all
}

// ask runs git in the product's work tree.
func ask(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("git", append([]string{"-C", ".."}, args...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// expected are the commit's time and the label of its revision.
func expected(t *testing.T) (at time.Time, revision string) {
	t.Helper()
	at, err := time.Parse(time.RFC3339, ask(t, "log", "-1", "--format=%cI"))
	if err != nil {
		t.Fatal(err)
	}
	revision = ask(t, "rev-parse", "HEAD")
	if ask(t, "status", "--porcelain") != "" {
		revision += "+changed"
	}
	return at.UTC(), revision
}

// TestIndex: containerd and podman find the whole name, others the tag.
func TestIndex(t *testing.T) {
	img, d := open(t, filepath.Join(productFolder(t), archiveFile))
	want := map[string]string{
		"io.containerd.image.name":          testName,
		"org.opencontainers.image.ref.name": "test",
	}
	if !reflect.DeepEqual(d.Annotations, want) {
		t.Errorf("the index describes the image with %v, want %v", d.Annotations, want)
	}
	if d.MediaType != types.OCIManifestSchema1 || d.Platform == nil || d.Platform.OS != "linux" || d.Platform.Architecture != runtime.GOARCH {
		t.Errorf("the index has %v for %v", d.MediaType, d.Platform)
	}
	m, err := img.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	if m.Config.MediaType != types.OCIConfigJSON {
		t.Errorf("the config is %s", m.Config.MediaType)
	}
	for _, l := range m.Layers {
		if l.MediaType != types.OCILayer {
			t.Errorf("a layer is %s", l.MediaType)
		}
	}
}

func TestConfig(t *testing.T) {
	img, _ := open(t, filepath.Join(productFolder(t), archiveFile))
	c, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	at, revision := expected(t)
	labels := map[string]string{
		"org.opencontainers.image.title":       "techanalysis",
		"org.opencontainers.image.description": "Technical-analysis indicators, native and as sandboxed plugins",
		"org.opencontainers.image.source":      "https://github.com/gravitywavesml/gravity_techanalysis",
		"org.opencontainers.image.revision":    revision,
		"org.opencontainers.image.version":     testVersion,
		"org.opencontainers.image.created":     at.Format(time.RFC3339),
		"org.opencontainers.image.licenses":    "NOASSERTION",
	}
	want := v1.Config{
		User:         "65532:65532",
		Env:          []string{"PATH=/usr/local/bin", "ADDR=:8000", "ADMIN_ADDR=:9090", "DATA_DIR=/data", "DRAIN_DELAY=5s"},
		Entrypoint:   []string{"/usr/local/bin/techanalysis"},
		Cmd:          []string{"serve"},
		WorkingDir:   "/",
		ExposedPorts: map[string]struct{}{"8000/tcp": {}, "9090/tcp": {}},
		Volumes:      map[string]struct{}{"/data": {}},
		StopSignal:   "SIGTERM",
		Labels:       labels,
	}
	if !reflect.DeepEqual(c.Config, want) {
		t.Errorf("the image's config is\n%+v\nwant\n%+v", c.Config, want)
	}
	if c.OS != "linux" || c.Architecture != runtime.GOARCH {
		t.Errorf("the image is for %s/%s", c.OS, c.Architecture)
	}
	if !c.Created.Equal(at) || len(c.History) != 1 || !c.History[0].Created.Equal(at) {
		t.Errorf("created %v, history %v, want the commit's time %v", c.Created, c.History, at)
	}
	m, err := img.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(m.Annotations, labels) {
		t.Errorf("the manifest's annotations are %v, want the labels", m.Annotations)
	}
}

// TestFiles: the image has these files and no others, so no shell, nothing
// setuid, and one folder to write to.
func TestFiles(t *testing.T) {
	img, _ := open(t, filepath.Join(productFolder(t), archiveFile))
	at, _ := expected(t)
	want := []struct {
		name     string
		typeflag byte
		mode     int64
		owner    int
	}{
		{"data/", tar.TypeDir, 0o700, 65532},
		{"usr/", tar.TypeDir, 0o755, 0},
		{"usr/local/", tar.TypeDir, 0o755, 0},
		{"usr/local/bin/", tar.TypeDir, 0o755, 0},
		{"usr/local/bin/techanalysis", tar.TypeReg, 0o755, 0},
	}
	got := files(t, img)
	if len(got) != len(want) {
		t.Fatalf("the image has %d files, want %d", len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		if g.Name != w.name || g.Typeflag != w.typeflag || g.Mode != w.mode || g.Uid != w.owner || g.Gid != w.owner || g.Uname+g.Gname != "" {
			t.Errorf("the image has %q type %c mode %o owner %d:%d %s:%s, want %+v", g.Name, g.Typeflag, g.Mode, g.Uid, g.Gid, g.Uname, g.Gname, w)
		}
		if !g.ModTime.Equal(at) {
			t.Errorf("%s is of %v, want the commit's time %v", g.Name, g.ModTime, at)
		}
	}
	program, err := os.ReadFile(filepath.Join(productFolder(t), programFile))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got[len(got)-1].body, program) {
		t.Error("the program in the image is not the one beside it")
	}
}

// TestDockerfile: an image by the Dockerfile runs as one by this program.
func TestDockerfile(t *testing.T) {
	text, err := os.ReadFile("../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	_, last, found := strings.Cut(string(text), "\nFROM scratch\n")
	if !found {
		t.Fatal("the Dockerfile has no stage from scratch")
	}
	c := config("amd64", commit{}, "").Config
	exec := func(words []string) string { return `["` + strings.Join(words, `", "`) + `"]` }
	ports := slices.Sorted(maps.Keys(c.ExposedPorts))
	want := []string{
		"COPY --from=build /src/dist/techanalysis " + c.Entrypoint[0],
		"COPY --from=build --chown=" + c.User + " /data /data",
		"USER " + c.User,
		"WORKDIR " + c.WorkingDir,
	}
	for _, e := range c.Env {
		want = append(want, "ENV "+e)
	}
	want = append(want,
		"EXPOSE "+strings.Join(ports, " "),
		"VOLUME "+strings.Join(slices.Sorted(maps.Keys(c.Volumes)), " "),
		"STOPSIGNAL "+c.StopSignal,
		"ENTRYPOINT "+exec(c.Entrypoint),
		"CMD "+exec(c.Cmd),
	)
	if got := strings.Split(strings.TrimSpace(last), "\n"); !slices.Equal(got, want) {
		t.Errorf("the Dockerfile's last stage is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
