package main

import (
	"archive/tar"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
)

// parseName reads an image's name, which has to be whole: what a short name
// means differs between the programs that load images.
func parseName(s string) (name.Tag, error) {
	tag, err := name.NewTag(s, name.StrictValidation)
	if err != nil {
		return tag, fmt.Errorf("the image's name %q is not REGISTRY/REPOSITORY:TAG: %w", s, err)
	}
	return tag, nil
}

// writeArchive writes an OCI image layout as a tar file: what `ctr images
// import`, `kind load image-archive`, `podman load` and `skopeo copy
// oci-archive:` read. The name is in the index alone, so the image's digest
// does not depend on it.
func writeArchive(w io.Writer, img v1.Image, tag name.Tag, at time.Time) error {
	c, err := img.ConfigFile()
	if err != nil {
		return err
	}
	index := mutate.AppendManifests(empty.Index, mutate.IndexAddendum{
		Add: img,
		Descriptor: v1.Descriptor{
			Platform: &v1.Platform{OS: c.OS, Architecture: c.Architecture},
			Annotations: map[string]string{
				// containerd and podman name the image by the first. The
				// second is for others: a tag alone, says the specification.
				"io.containerd.image.name":          tag.Name(),
				"org.opencontainers.image.ref.name": tag.TagStr(),
			},
		},
	})
	dir, err := os.MkdirTemp("", "image-layout-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if _, err := layout.Write(dir, index); err != nil {
		return err
	}
	return writeTar(w, os.DirFS(dir), at)
}

// writeTar writes the files of a tree in the order of their names, each with
// the same owner, mode and time.
func writeTar(w io.Writer, tree fs.FS, at time.Time) error {
	t := tar.NewWriter(w)
	err := fs.WalkDir(tree, ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(tree, file)
		if err != nil {
			return err
		}
		h := &tar.Header{Name: file, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(body)), ModTime: at, Format: tar.FormatUSTAR}
		if err := t.WriteHeader(h); err != nil {
			return err
		}
		_, err = t.Write(body)
		return err
	})
	if err != nil {
		return err
	}
	return t.Close()
}
