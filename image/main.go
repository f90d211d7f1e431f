// Command image makes the product's container image: it compiles the program,
// puts it into an OCI archive and lists its modules in an SBOM, with the Go
// toolchain and git alone. `make image` runs it; docs/image.md is for those who
// use what it makes.
//
// Everything in the image follows from the commit, the version, the platform
// and the Go toolchain, and from nothing else: not from the folder, the clock,
// the caches, the tags of the clone or the image's name. So everyone can check
// that an image is what it says by making it again.
//
// It is a module of its own, so that none of what it is made with can get into
// the program.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "image:", err)
		os.Exit(1)
	}
}

// An order is what to make, and where.
type order struct {
	source     string // the folder of the product's module, in a git work tree
	dist       string // the folder to leave everything in
	name       string // REGISTRY/REPOSITORY:TAG
	version    string // empty: derived from the commit
	arch       string // a GOARCH
	experiment string // a GOEXPERIMENT
}

// run is main without the process.
func run(ctx context.Context, args []string, out, log io.Writer) error {
	var o order
	flags := flag.NewFlagSet("image", flag.ContinueOnError)
	flags.SetOutput(log)
	flags.StringVar(&o.source, "source", ".", "`folder` of the product's module")
	flags.StringVar(&o.dist, "dist", "dist", "`folder` to leave the image, the program and the SBOM in")
	flags.StringVar(&o.name, "name", "ghcr.io/gravitywavesml/gravity_techanalysis:dev", "the image's `REGISTRY/REPOSITORY:TAG`")
	flags.StringVar(&o.version, "version", "", "`version` of the product; derived from the commit when empty")
	flags.StringVar(&o.arch, "arch", runtime.GOARCH, "GOARCH to compile for")
	flags.StringVar(&o.experiment, "experiment", "", "GOEXPERIMENT to compile with")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	m, err := o.make(ctx, log)
	if err != nil {
		return err
	}
	return m.report(out)
}

// versions are what the linker, a label and a file name take without quoting.
var versions = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z.+_-]{0,127}$`)

// Names of what is left in the dist folder.
const (
	programFile = "techanalysis"
	archiveFile = "image.tar"
	sbomFile    = "sbom.spdx.json"
)

// make makes what was ordered. The files in the dist folder are each replaced
// in one step, the archive last.
func (o order) make(ctx context.Context, log io.Writer) (*made, error) {
	name, err := parseName(o.name)
	if err != nil {
		return nil, err
	}
	c, err := readCommit(ctx, o.source)
	if err != nil {
		return nil, err
	}
	if c.changed {
		fmt.Fprintln(log, "image: the work tree has changes that no commit has; the labels say so with +changed")
	}
	if o.version == "" {
		o.version = c.version()
	}
	if !versions.MatchString(o.version) {
		return nil, fmt.Errorf("version %q has other characters than letters, digits and . + _ -", o.version)
	}
	if err := os.MkdirAll(o.dist, 0o755); err != nil {
		return nil, err
	}
	program := filepath.Join(o.dist, programFile)
	if err := o.compile(ctx, c, program, log); err != nil {
		return nil, err
	}
	p, err := readProgram(program)
	if err != nil {
		return nil, err
	}
	img, err := newImage(p, c, o.version)
	if err != nil {
		return nil, fmt.Errorf("put the image together: %w", err)
	}
	m := &made{order: o, name: name, program: p}
	if m.digest, err = img.Digest(); err != nil {
		return nil, err
	}
	bill, err := sbom(m, c)
	if err != nil {
		return nil, err
	}
	if err := replaceFile(filepath.Join(o.dist, sbomFile), func(w io.Writer) error {
		_, err := w.Write(bill)
		return err
	}); err != nil {
		return nil, err
	}
	archive := filepath.Join(o.dist, archiveFile)
	if err := replaceFile(archive, func(w io.Writer) error {
		return writeArchive(w, img, name, c.time)
	}); err != nil {
		return nil, err
	}
	info, err := os.Stat(archive)
	if err != nil {
		return nil, err
	}
	m.size = info.Size()
	return m, nil
}

// replaceFile writes a file beside path and renames it, so that path is never
// half a file.
func replaceFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		f.Close()
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := f.Chmod(0o644); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
