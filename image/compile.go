package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"debug/buildinfo"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
)

// compile builds the program, static and with no trace of where it was built.
//
// The toolchain's own stamp of the commit is off: it also counts from the tags
// that a clone happens to have, and finds no commit in a linked work tree. The
// linker gets the commit and the version instead. -s -w leaves out the symbol
// table and DWARF, a quarter of the file; panics and profiles keep their names,
// which come from another table.
func (o order) compile(ctx context.Context, c commit, program string, log io.Writer) error {
	program, err := filepath.Abs(program)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "go", "build",
		"-trimpath", "-buildvcs=false",
		"-ldflags", "-s -w -X main.version="+o.version+" -X main.commit="+c.revision(),
		"-o", program, "./cmd/techanalysis")
	cmd.Dir = o.source
	cmd.Stdout, cmd.Stderr = log, log
	// All that the toolchain would take from the user's surroundings and that
	// changes what it writes. Nothing is set to the empty string: then the file
	// of `go env -w` would be asked.
	cmd.Env = append(os.Environ(),
		"CGO_ENABLED=0",
		"GOOS=linux",
		"GOARCH="+o.arch,
		"GOAMD64="+cmp.Or(os.Getenv("GOAMD64"), "v1"),
		"GOARM64="+cmp.Or(os.Getenv("GOARM64"), "v8.0"),
		"GOEXPERIMENT="+cmp.Or(o.experiment, "nosimd"),
		"GOFIPS140=off",
		"GOFLAGS=-mod=readonly",
		"GOWORK=off",
	)
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("compile ./cmd/techanalysis: %w", err)
	}
	return nil
}

// A program is the compiled file and what it says about itself.
type program struct {
	file []byte
	info *debug.BuildInfo
}

func readProgram(path string) (program, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return program{}, err
	}
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return program{}, fmt.Errorf("read what %s is built from: %w", path, err)
	}
	return program{file: file, info: info}, nil
}

// sum is the SHA-256 of the file.
func (p program) sum() [sha256.Size]byte { return sha256.Sum256(p.file) }

// setting is one of the toolchain's settings when the program was built; empty
// when it is not recorded.
func (p program) setting(key string) string {
	for _, s := range p.info.Settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}
