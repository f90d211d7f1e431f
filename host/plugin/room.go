package plugin

import (
	"cmp"
	"errors"
	"fmt"
)

// Room is how much there may be of plugins, of all who upload: bytes of modules, each
// of which counts for LeastSize at least, as what it takes beside its code does not
// depend on its size. A field that is 0 has its default.
type Room struct {
	Active int64 // of versions that answer or are candidates, on all replicas alike
	Stored int64 // of all versions: none is ever removed
}

const (
	// LeastSize is what the smallest module counts for: loaded it takes half a
	// megabyte, stored some kilobytes of table.
	LeastSize = 64 << 10
	// DefaultActive is 25 Go guests, or 768 of the smallest: loaded they take 650 MB,
	// 14 times their size, or 390. So many Go guests have their native code in the
	// cache on the disk, where a restart finds it.
	DefaultActive = 48 << 20
	// DefaultStored is 270 versions of Go guests, or 8,192 of the smallest.
	DefaultStored = 512 << 20
	// LeastRoom is one module of the largest.
	LeastRoom = 4 << 20
)

// ErrNoRoom is for what would be more than a Room has.
var ErrNoRoom = errors.New("there is no room for it")

func (r Room) orDefaults() Room {
	return Room{cmp.Or(r.Active, DefaultActive), cmp.Or(r.Stored, DefaultStored)}
}

// taken is how much of a Room the table takes. A plugin that was killed keeps its
// place, or it might not be revived.
func (t *Table) taken() (r Room) {
	for i := range t.Plugins {
		e := &t.Plugins[i]
		for k := range e.Versions {
			v := &e.Versions[k]
			size := max(int64(v.Size), LeastSize)
			if v.Refused != nil {
				size = LeastSize // its module is not kept
			}
			r.Stored += size
			if v.Digest == e.Active || e.Candidate != nil && v.Digest == e.Candidate.Digest {
				r.Active += size
			}
		}
	}
	return r
}

// allows says whether a table that took before may take after. What was more than the
// room already may be less, and what it is else, but not more.
func (r Room) allows(before, after Room) error {
	switch {
	case after.Active > max(r.Active, before.Active):
		return fmt.Errorf("%w: the modules that answer, and candidates, would have %d bytes, each counting for %d at least, and may have %d by the setting PLUGIN_ACTIVE: uninstall a plugin that nobody uses, or only store this version",
			ErrNoRoom, after.Active, LeastSize, r.Active)
	case after.Stored > max(r.Stored, before.Stored):
		return fmt.Errorf("%w: all versions would have %d bytes, each counting for %d at least, and may have %d by the setting PLUGIN_STORED: none is ever removed, so an operator has to raise it",
			ErrNoRoom, after.Stored, LeastSize, r.Stored)
	}
	return nil
}
