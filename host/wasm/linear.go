package wasm

import (
	"slices"

	"github.com/tetratelabs/wazero/experimental"
)

// linear is the memory of one instance. It can be told to stay as large as it is:
// what a call may hold a processor for depends on that.
type linear struct {
	bytes   []byte
	fixed   bool // it does not grow any more
	refused bool // it was to grow, and did not
}

var _ experimental.LinearMemory = (*linear)(nil)

// Reallocate implements experimental.LinearMemory.
func (l *linear) Reallocate(size uint64) []byte {
	if l.fixed {
		l.refused = true
		return nil
	}
	more := int(size) - len(l.bytes)
	l.bytes = slices.Grow(l.bytes, more)[:size]
	return l.bytes
}

// Free implements experimental.LinearMemory.
func (l *linear) Free() { l.bytes = nil }
