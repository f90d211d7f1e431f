//go:build unix

// Package powercut has what a power cut may leave of a directory, for tests of who
// promises that something stays.
//
// A file system may keep back whatever it was not told to flush, and write it in
// any order: what a file has, until that file is flushed, and which names a
// directory has, until the directory is. So each directory may have the names that
// it had when it was flushed last or those that it has now, and each file what it
// had then or a part of what was written since.
package powercut

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
)

// Disk is an empty directory, Root, the power of which may fail.
type Disk struct {
	Root string
	// Left is called with each of the directories that may be left of Root, before
	// each Sync takes effect and at Cut. It is gone afterwards.
	Left func(root string)

	t       testing.TB
	flushed map[inode]node
}

// inode names a file or a directory, whatever it is called.
type inode uint64

// node is a directory, which has names, or a file.
type node struct {
	names   map[string]inode // nil for a file
	content []byte
}

// New returns a Disk for the time of a test.
func New(t testing.TB) *Disk {
	t.Helper()
	d := &Disk{Root: t.TempDir(), t: t, flushed: make(map[inode]node)}
	d.flushed[d.inode(d.Root)] = node{names: map[string]inode{}}
	return d
}

// Sync is a durable.Sync.
func (d *Disk) Sync(f *os.File) error {
	d.t.Helper()
	d.Cut()
	if err := f.Sync(); err != nil {
		return err
	}
	st, err := f.Stat()
	if err != nil {
		return err
	}
	of := number(st)
	now, paths := d.now()
	d.flushed[of] = now[of]
	// While it is open no other file gets its number, also when its name goes.
	held, err := os.Open(paths[of])
	if err != nil {
		return err
	}
	d.t.Cleanup(func() { held.Close() })
	return nil
}

// Cut calls Left with all that there may be if the power goes now.
func (d *Disk) Cut() {
	d.t.Helper()
	now, _ := d.now()
	var changed []inode // directories with names that were not flushed
	for of, n := range now {
		if n.names != nil && !maps.Equal(n.names, d.flushed[of].names) {
			changed = append(changed, of)
		}
	}
	slices.Sort(changed)
	for subset := range 1 << len(changed) {
		for _, torn := range []bool{false, true} {
			left := maps.Clone(d.flushed)
			for of, n := range now {
				if n.names == nil {
					left[of] = node{content: kept(d.flushed[of].content, n.content, torn)}
				} else if left[of].names == nil {
					left[of] = node{names: map[string]inode{}}
				}
			}
			for i, of := range changed {
				if subset>>i&1 == 1 {
					left[of] = now[of]
				}
			}
			d.show(left)
		}
	}
}

// kept is what a file may have that had one content when it was flushed and has
// another now: the first, or some of what was written since.
func kept(flushed, now []byte, torn bool) []byte {
	if !torn {
		return flushed
	}
	same := 0
	for same < min(len(flushed), len(now)) && flushed[same] == now[same] {
		same++
	}
	return now[:same+(len(now)-same)/2]
}

// show calls Left with a directory that has what left has.
func (d *Disk) show(left map[inode]node) {
	d.t.Helper()
	root, err := os.MkdirTemp("", "powercut-")
	if err != nil {
		d.t.Fatal(err)
	}
	defer os.RemoveAll(root)
	var write func(dir string, n node)
	write = func(dir string, n node) {
		for name, of := range n.names {
			path := filepath.Join(dir, name)
			if left[of].names == nil {
				err = os.WriteFile(path, left[of].content, 0o600)
			} else if err = os.Mkdir(path, 0o700); err == nil {
				write(path, left[of])
			}
			if err != nil {
				d.t.Fatal(err)
			}
		}
	}
	write(root, left[d.inode(d.Root)])
	d.Left(root)
}

// now is what Root has, and where.
func (d *Disk) now() (all map[inode]node, paths map[inode]string) {
	d.t.Helper()
	all, paths = make(map[inode]node), make(map[inode]string)
	err := filepath.WalkDir(d.Root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		of, n := d.inode(path), node{}
		if entry.IsDir() {
			n.names = map[string]inode{}
		} else if n.content, err = os.ReadFile(path); err != nil {
			return err
		}
		all[of], paths[of] = n, path
		if path != d.Root {
			all[d.inode(filepath.Dir(path))].names[entry.Name()] = of
		}
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return all, paths
}

func (d *Disk) inode(path string) inode {
	d.t.Helper()
	st, err := os.Stat(path)
	if err != nil {
		d.t.Fatal(err)
	}
	return number(st)
}

func number(st fs.FileInfo) inode { return inode(st.Sys().(*syscall.Stat_t).Ino) }
