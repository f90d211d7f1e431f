package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"runtime/debug"
	"strings"
	"time"
)

// The parts of an SPDX 2.3 document that are used here:
// https://spdx.github.io/spdx-spec/v2.3/
type (
	spdxDocument struct {
		Version       string             `json:"spdxVersion"`
		License       string             `json:"dataLicense"`
		ID            string             `json:"SPDXID"`
		Name          string             `json:"name"`
		Namespace     string             `json:"documentNamespace"`
		Creation      spdxCreation       `json:"creationInfo"`
		Packages      []spdxPackage      `json:"packages"`
		Relationships []spdxRelationship `json:"relationships"`
	}
	spdxCreation struct {
		Created  string   `json:"created"`
		Creators []string `json:"creators"`
	}
	spdxPackage struct {
		Name             string         `json:"name"`
		ID               string         `json:"SPDXID"`
		Version          string         `json:"versionInfo"`
		FileName         string         `json:"packageFileName,omitempty"`
		DownloadLocation string         `json:"downloadLocation"`
		FilesAnalyzed    bool           `json:"filesAnalyzed"`
		LicenseConcluded string         `json:"licenseConcluded"`
		LicenseDeclared  string         `json:"licenseDeclared"`
		Copyright        string         `json:"copyrightText"`
		SourceInfo       string         `json:"sourceInfo,omitempty"`
		Purpose          string         `json:"primaryPackagePurpose"`
		Checksums        []spdxChecksum `json:"checksums,omitempty"`
		References       []spdxRef      `json:"externalRefs"`
	}
	spdxChecksum struct {
		Algorithm string `json:"algorithm"`
		Value     string `json:"checksumValue"`
	}
	spdxRef struct {
		Category string `json:"referenceCategory"`
		Type     string `json:"referenceType"`
		Locator  string `json:"referenceLocator"`
	}
	spdxRelationship struct {
		From string `json:"spdxElementId"`
		Type string `json:"relationshipType"`
		To   string `json:"relatedSpdxElement"`
	}
)

// sbom lists what is in the image: the program, and each module that the
// program itself says was linked into it, with its version and its sum in
// go.sum.
func sbom(m *made, c commit) ([]byte, error) {
	const document, image, main = "SPDXRef-DOCUMENT", "SPDXRef-image", "SPDXRef-program"
	sum := m.program.sum()
	packages := []spdxPackage{
		newPackage(image, m.name.RepositoryStr(), m.digest.String(), "CONTAINER",
			fmt.Sprintf("pkg:oci/%s@%s?arch=%s&repository_url=%s",
				path.Base(m.name.RepositoryStr()), escapeVersion(m.digest.String()), m.arch, m.name.Context().Name())),
		newPackage(main, m.program.info.Main.Path, m.version, "APPLICATION",
			purl(m.program.info.Main.Path, m.version)),
	}
	packages[0].Checksums = []spdxChecksum{{"SHA256", m.digest.Hex}}
	packages[1].FileName = "/usr/local/bin/techanalysis"
	packages[1].Checksums = []spdxChecksum{{"SHA256", hex.EncodeToString(sum[:])}}
	packages[1].SourceInfo = "commit " + c.revision()
	relationships := []spdxRelationship{
		{document, "DESCRIBES", image},
		{image, "CONTAINS", main},
	}
	for _, d := range libraries(m.program.info) {
		p := newPackage(moduleID(d), d.Path, d.Version, "LIBRARY", purl(d.Path, d.Version))
		if d.Sum != "" {
			p.SourceInfo = "go.sum " + d.Sum
		}
		packages = append(packages, p)
		relationships = append(relationships, spdxRelationship{main, "DEPENDS_ON", p.ID})
	}
	return json.MarshalIndent(spdxDocument{
		Version: "SPDX-2.3",
		License: "CC0-1.0",
		ID:      document,
		Name:    m.name.RepositoryStr() + "@" + m.digest.String(),
		// A name that no other document has: the image's digest is in it.
		Namespace: source + "/sbom/" + m.digest.Hex,
		Creation: spdxCreation{
			Created:  c.time.Format(time.RFC3339),
			Creators: []string{"Tool: gravity_techanalysis-image"},
		},
		Packages:      packages,
		Relationships: relationships,
	}, "", "  ")
}

// libraries are the modules that were linked, as they were after replacement,
// and Go's standard library, which has faults of its own to be looked up.
func libraries(info *debug.BuildInfo) []*debug.Module {
	version, _, _ := strings.Cut(strings.TrimPrefix(info.GoVersion, "go"), "-X:")
	modules := []*debug.Module{{Path: "stdlib", Version: version}}
	for _, d := range info.Deps {
		if d.Replace != nil {
			d = d.Replace
		}
		modules = append(modules, d)
	}
	return modules
}

func newPackage(id, name, version, purpose, locator string) spdxPackage {
	const unknown = "NOASSERTION"
	return spdxPackage{
		Name: name, ID: id, Version: version, Purpose: purpose,
		DownloadLocation: unknown, LicenseConcluded: unknown, LicenseDeclared: unknown, Copyright: unknown,
		References: []spdxRef{{"PACKAGE-MANAGER", "purl", locator}},
	}
}

// notInID is what an SPDX identifier cannot have.
var notInID = regexp.MustCompile(`[^0-9A-Za-z.-]`)

func moduleID(d *debug.Module) string {
	return "SPDXRef-module-" + notInID.ReplaceAllString(d.Path+"-"+d.Version, "-")
}

// purl is the package URL of a Go module:
// https://github.com/package-url/purl-spec
func purl(path, version string) string {
	return "pkg:golang/" + strings.ToLower(path) + "@" + escapeVersion(version)
}

func escapeVersion(v string) string {
	return strings.NewReplacer("+", "%2B", ":", "%3A").Replace(v)
}
