// Package cache keeps results in memory. A key is a digest of all that a result
// depends on, so nothing is ever invalidated; what is old is pushed out.
package cache

import (
	"github.com/maypok86/otter/v2"
)

// Key is the digest of everything that a value depends on.
type Key [32]byte

// Cache holds values of type V up to a weight in bytes. It is safe for
// concurrent use; the values it gives are shared and must not be written to.
type Cache[V any] struct {
	entries *otter.Cache[Key, V]
	observe func(hit bool)
}

// New returns a cache of at most maxBytes by weigh, which gives a value's size
// in bytes. observe is told of each look-up. A cache of 0 bytes keeps nothing.
func New[V any](maxBytes int64, weigh func(V) int, observe func(hit bool)) (*Cache[V], error) {
	c := &Cache[V]{observe: observe}
	if maxBytes <= 0 {
		return c, nil
	}
	entries, err := otter.New(&otter.Options[Key, V]{
		MaximumWeight: uint64(maxBytes),
		Weigher:       func(_ Key, v V) uint32 { return uint32(min(weigh(v)+entryBytes, 1<<32-1)) },
	})
	c.entries = entries
	return c, err
}

// entryBytes is what an entry costs beside its value: its key twice, and the
// cache's own node.
const entryBytes = 2*32 + 64

// Do returns the value of key, computed by run unless it is at hand. An error
// is not kept.
func (c *Cache[V]) Do(key Key, run func() (V, error)) (v V, hit bool, err error) {
	if c.entries == nil {
		v, err = run()
		return v, false, err
	}
	if v, ok := c.entries.GetIfPresent(key); ok {
		c.observe(true)
		return v, true, nil
	}
	c.observe(false)
	if v, err = run(); err == nil {
		c.entries.Set(key, v)
	}
	return v, false, err
}
