package wasm

import (
	"slices"

	"github.com/tetratelabs/wazero/experimental"
)

// linear is the memory of one instance. It may be told how far it grows: what a
// call may hold a processor for depends on that.
type linear struct {
	bytes   []byte
	room    func(size uint64) bool // whether it may have so many bytes; nil for any
	refused bool                   // it was to grow, and did not
}

var _ experimental.LinearMemory = (*linear)(nil)

// never is a room in which a memory stays as large as it is.
func never(uint64) bool { return false }

// Reallocate implements experimental.LinearMemory.
func (l *linear) Reallocate(size uint64) []byte {
	if l.room != nil && !l.room(size) {
		l.refused = true
		return nil
	}
	more := int(size) - len(l.bytes)
	l.bytes = slices.Grow(l.bytes, more)[:size]
	return l.bytes
}

// Free implements experimental.LinearMemory.
func (l *linear) Free() { l.bytes = nil }
