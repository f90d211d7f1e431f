package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// nobody owns the processes of the image and its data: a number, as there is no
// /etc/passwd, and as Kubernetes checks runAsNonRoot by number alone.
const nobody = 65532

// source is where the code is.
const source = "https://github.com/gravitywavesml/gravity_techanalysis"

// newImage puts the program into an image: one layer with the program, the
// folder that it may write to, and nothing else. There is no shell and no file
// of certificates: the program carries the public roots itself.
func newImage(p program, c commit, version string) (v1.Image, error) {
	layer, err := newLayer(p, c.time)
	if err != nil {
		return nil, err
	}
	img, err := mutate.ConfigFile(empty.Image, config(p.setting("GOARCH"), c, version))
	if err != nil {
		return nil, err
	}
	img = mutate.MediaType(img, types.OCIManifestSchema1)
	img = mutate.ConfigMediaType(img, types.OCIConfigJSON)
	img, err = mutate.Append(img, mutate.Addendum{
		Layer:   layer,
		History: v1.History{Created: v1.Time{Time: c.time}, CreatedBy: "make image"},
	})
	if err != nil {
		return nil, err
	}
	return mutate.Annotations(img, labels(c, version)).(v1.Image), nil
}

// config is how the image runs. The Dockerfile says the same, and a test holds
// it to that.
func config(arch string, c commit, version string) *v1.ConfigFile {
	return &v1.ConfigFile{
		Architecture: arch,
		OS:           "linux",
		Created:      v1.Time{Time: c.time},
		RootFS:       v1.RootFS{Type: "layers"},
		Config: v1.Config{
			User: "65532:65532",
			Env: []string{
				"PATH=/usr/local/bin",
				"ADDR=:8000",
				"ADMIN_ADDR=:9090",
				"DATA_DIR=/data",
				"DRAIN_DELAY=5s",
			},
			Entrypoint:   []string{"/usr/local/bin/techanalysis"},
			Cmd:          []string{"serve"},
			WorkingDir:   "/",
			ExposedPorts: map[string]struct{}{"8000/tcp": {}, "9090/tcp": {}},
			Volumes:      map[string]struct{}{"/data": {}},
			StopSignal:   "SIGTERM",
			Labels:       labels(c, version),
		},
	}
}

// labels are the OCI's predefined annotation keys.
func labels(c commit, version string) map[string]string {
	return map[string]string{
		"org.opencontainers.image.title":       "techanalysis",
		"org.opencontainers.image.description": "Technical-analysis indicators, native and as sandboxed plugins",
		"org.opencontainers.image.source":      source,
		"org.opencontainers.image.revision":    c.revision(),
		"org.opencontainers.image.version":     version,
		"org.opencontainers.image.created":     c.time.Format(time.RFC3339),
		// The repository declares no licence.
		"org.opencontainers.image.licenses": "NOASSERTION",
	}
}

// newLayer is the image's file tree. Everything belongs to root and is for
// reading, but /data.
func newLayer(p program, at time.Time) (v1.Layer, error) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range []struct {
		name  string
		mode  int64
		owner int
		file  []byte // nil: a folder
	}{
		{"data/", 0o700, nobody, nil},
		{"usr/", 0o755, 0, nil},
		{"usr/local/", 0o755, 0, nil},
		{"usr/local/bin/", 0o755, 0, nil},
		{"usr/local/bin/techanalysis", 0o755, 0, p.file},
	} {
		h := &tar.Header{
			Name: f.name, Mode: f.mode, Uid: f.owner, Gid: f.owner,
			Typeflag: tar.TypeDir, Size: int64(len(f.file)),
			ModTime: at, Format: tar.FormatUSTAR,
		}
		if f.file != nil {
			h.Typeflag = tar.TypeReg
		}
		if err := w.WriteHeader(h); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.file); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return tarball.LayerFromOpener(
		func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b.Bytes())), nil },
		tarball.WithMediaType(types.OCILayer),
		tarball.WithCompressionLevel(gzip.BestCompression),
		tarball.WithCompressedCaching,
	)
}
