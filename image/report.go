package main

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// made is what came of an order.
type made struct {
	order
	name    name.Tag
	program program
	digest  v1.Hash // of the image's manifest
	size    int64   // of the archive, bytes
}

// report prints what was made and what to do with it.
func (m *made) report(w io.Writer) error {
	archive := filepath.Join(m.dist, archiveFile)
	_, err := fmt.Fprintf(w, `
%s
  digest    %s
  version   %s
  platform  linux/%s, %s
  archive   %s, %.1f MB (the program %.1f MB)
  SBOM      %s, %d modules

Try:
  kind load image-archive %[6]s       # or: minikube image load, k3s ctr images import
  podman load -i %[6]s && podman run --rm -p 8000:8000 -e INSECURE=true %[1]s
`,
		m.name, m.digest, m.version, m.arch, m.program.info.GoVersion,
		archive, megabytes(m.size), megabytes(int64(len(m.program.file))),
		filepath.Join(m.dist, sbomFile), len(libraries(m.program.info)))
	return err
}

func megabytes(n int64) float64 { return float64(n) / 1e6 }
