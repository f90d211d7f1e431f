//go:build !linux

package wasm

import "os"

// confine does nothing: the service runs on Linux, and elsewhere while it is
// worked on. The compiler still has a process of its own.
func (share) confine() (spent <-chan os.Signal, err error) { return nil, nil }

// executable is this program.
func executable() (string, error) { return os.Executable() }

// keepFiles does nothing.
func keepFiles() error { return nil }
