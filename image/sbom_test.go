package main

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSBOM holds the SBOM to what the Go toolchain says about the program.
func TestSBOM(t *testing.T) {
	dir := productFolder(t)
	text, err := os.ReadFile(filepath.Join(dir, sbomFile))
	if err != nil {
		t.Fatal(err)
	}
	var doc spdxDocument
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	at, _ := expected(t)
	if doc.Version != "SPDX-2.3" || doc.Creation.Created != at.Format("2006-01-02T15:04:05Z") {
		t.Errorf("the SBOM is %s of %s", doc.Version, doc.Creation.Created)
	}
	byName := map[string]spdxPackage{}
	ids := map[string]bool{}
	for _, p := range doc.Packages {
		if ids[p.ID] || notInID.MatchString(p.ID) {
			t.Errorf("the identifier %s is there twice, or is none", p.ID)
		}
		ids[p.ID] = true
		byName[p.Name] = p
	}

	out, err := exec.Command("go", "version", "-m", filepath.Join(dir, programFile)).Output()
	if err != nil {
		t.Fatal(err)
	}
	modules := 0
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if f[0] != "dep" {
			continue
		}
		modules++
		p := byName[f[1]]
		if p.Version != f[2] || p.SourceInfo != "go.sum "+f[3] {
			t.Errorf("the SBOM has %s %q, %q; the program says %s", f[1], p.Version, p.SourceInfo, line)
		}
	}
	// Beside them: the image, the program and Go's library.
	if modules == 0 || len(doc.Packages) != modules+3 {
		t.Errorf("the SBOM has %d packages, the program %d modules", len(doc.Packages), modules)
	}
	if first, _, _ := strings.Cut(string(out), "\n"); !strings.Contains(first, "go"+byName["stdlib"].Version) {
		t.Errorf("the SBOM has stdlib %q; the program is by %s", byName["stdlib"].Version, first)
	}

	img, d := open(t, filepath.Join(dir, archiveFile))
	if got := byName["gravitywavesml/gravity_techanalysis"]; got.Version != d.Digest.String() {
		t.Errorf("the SBOM is of image %s, not of %s", got.Version, d.Digest)
	}
	all := files(t, img)
	sum := program{file: all[len(all)-1].body}.sum()
	if got := byName["github.com/gravitywavesml/gravity_techanalysis"]; len(got.Checksums) != 1 || got.Checksums[0].Value != hex.EncodeToString(sum[:]) || got.Version != testVersion {
		t.Errorf("the SBOM's program is %+v", got)
	}

	reached := map[string]bool{"SPDXRef-DOCUMENT": true}
	for _, r := range doc.Relationships {
		if !reached[r.From] || !ids[r.To] {
			t.Errorf("%s %s %s: of unknown packages", r.From, r.Type, r.To)
		}
		reached[r.To] = true
	}
	for id := range ids {
		if !reached[id] {
			t.Errorf("nothing is said to contain %s", id)
		}
	}
}

func TestPackageURL(t *testing.T) {
	for _, c := range []struct{ path, version, want string }{
		{"github.com/spf13/cobra", "v1.10.2", "pkg:golang/github.com/spf13/cobra@v1.10.2"},
		{"github.com/google/flatbuffers", "v25.12.19+incompatible", "pkg:golang/github.com/google/flatbuffers@v25.12.19%2Bincompatible"},
		{"github.com/BurntSushi/toml", "v1.0.0", "pkg:golang/github.com/burntsushi/toml@v1.0.0"},
	} {
		if got := purl(c.path, c.version); got != c.want {
			t.Errorf("purl(%s, %s) = %s, want %s", c.path, c.version, got, c.want)
		}
	}
}
