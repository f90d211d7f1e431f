package compiled

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// kept is an entry as tidy sees it.
type kept struct {
	folder string
	module string
	bytes  int64
	used   time.Time
}

// Retain removes the entries of modules that are neither installed nor loaded.
// It does nothing where it was told the same before.
func (c *Cache) Retain(installed map[string]bool, loaded map[string]bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.retained != nil && maps.Equal(installed, c.retained) {
		return nil
	}
	c.retained = maps.Clone(installed)
	return c.tidy(loaded)
}

// tidy removes what nobody needs, and then, until the rest fits, the entries
// unused for longest: those of loaded modules, which were used when they were
// loaded and so may be old, last.
func (c *Cache) tidy(loaded map[string]bool) error {
	entries, err := c.list()
	if err != nil {
		return err
	}
	var errs []error
	var total int64
	entries = slices.DeleteFunc(entries, func(e kept) bool {
		if c.retained == nil || c.retained[e.module] || loaded[e.module] {
			total += e.bytes
			return false
		}
		errs = append(errs, c.remove(e.folder))
		return true
	})
	slices.SortFunc(entries, func(a, b kept) int {
		if loaded[a.module] != loaded[b.module] {
			return map[bool]int{false: -1, true: 1}[loaded[a.module]]
		}
		return cmp.Or(a.used.Compare(b.used), strings.Compare(a.folder, b.folder))
	})
	for _, e := range entries {
		if total <= c.max {
			break
		}
		errs = append(errs, c.remove(e.folder))
		total -= e.bytes
	}
	return errors.Join(errs...)
}

// list finds the entries, and removes what was being made, or removed, by a
// process that died.
func (c *Cache) list() (entries []kept, err error) {
	in, err := os.ReadDir(c.path)
	if err != nil {
		return nil, err
	}
	for _, d := range in {
		info, err := d.Info()
		if err != nil {
			continue // another process was faster
		}
		e := kept{folder: filepath.Join(c.path, d.Name()), module: moduleOf(d.Name()), used: info.ModTime()}
		switch {
		case e.module != "":
			e.bytes = size(e.folder)
			entries = append(entries, e)
		case strings.HasPrefix(d.Name(), newPrefix) && time.Since(e.used) > abandoned:
			_ = os.RemoveAll(e.folder) // if not now, then the next time
		}
	}
	return entries, nil
}

// size is what the files of a folder have in all.
func size(folder string) (bytes int64) {
	_ = filepath.WalkDir(folder, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil // another process was faster
		}
		if info, err := d.Info(); err == nil {
			bytes += info.Size()
		}
		return nil
	})
	return bytes
}
