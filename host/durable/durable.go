// Package durable makes what was written stay, whatever becomes of the power: a
// file by flushing it, and a name, which is in a directory, by flushing that.
package durable

import (
	"errors"
	"io/fs"
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

// MkdirAll makes a directory that is missing, and those above it that are, and has
// it stay: also one that is there already, as who made it may have come to his end
// before that was flushed. Nobody but the service may enter what it makes.
func (s Sync) MkdirAll(dir string) error {
	above := filepath.Dir(dir)
	if _, err := os.Stat(above); errors.Is(err, fs.ErrNotExist) {
		if err := s.MkdirAll(above); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return s.Dir(above)
}
