// Package durable makes what was written stay, whatever becomes of the power: a
// file by flushing it, and a name, which is in a directory, by flushing that.
package durable

import (
	"errors"
	"os"
	"path/filepath"
)

// Sync flushes a file or a directory: (*os.File).Sync, but in a test that cuts
// the power (package powercut).
type Sync func(*os.File) error

// Dir flushes a directory, so that the names stay that it has now.
func (s Sync) Dir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(s(d), d.Close())
}

// MkdirAll makes a directory that is missing, and those above it that are, so that
// they stay. Nobody but the service may enter them.
func (s Sync) MkdirAll(dir string) error {
	_, missing := os.Stat(dir)
	if missing == nil {
		return os.MkdirAll(dir, 0o700) // it may be a file
	}
	above := filepath.Dir(dir)
	if above != dir {
		if err := s.MkdirAll(above); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return s.Dir(above)
}
