// Package compiled keeps native code, what a compiler made of modules, in a
// directory of the disk, so that the next start need not compile them again. It
// touches that directory alone, and knows neither the compiler nor what its
// files mean.
//
//	<module>-<key>/      an entry: the digest of the module as it was uploaded,
//	                     and that of all else that its native code depends on
//	  sum                the digest of the entry's name, of its file's and of the file
//	  <folder>/<file>    the native code, as and where the compiler wrote it
//	new-<random>/        one that is being made, or removed
//
// Native code is run as it is, with all the rights of the service. So nobody
// else may be able to write here, which Open sees to; and nothing is given out
// before it was read and found to be, to the bit, what was put in under that
// name. An entry gets its name when all of it is there, and is never changed.
// Who can write here as the service itself can write a sum, too: see
// docs/adr/0008.
package compiled

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const (
	// MaxBytes is what the entries may have in all. That of a Go guest has 9.7
	// MB, those of other languages 0.1 MB: room for 27 of the former.
	MaxBytes = 256 << 20

	sumFile   = "sum"
	newPrefix = "new-"
	// abandoned is how old what is being made must be for its maker to be dead:
	// a thousand times what the slowest module takes.
	abandoned = time.Hour
)

// Key is what an entry is found by.
type Key struct {
	Module string            // the digest of the module as it was uploaded, in hexadecimal
	Code   [sha256.Size]byte // the digest of what the compiler is given
	Engine string            // which compiler, for which processor
}

// name is that of the entry's folder.
func (k Key) name() string {
	h := sha256.New()
	h.Write(k.Code[:])
	io.WriteString(h, k.Engine)
	return k.Module + "-" + hex.EncodeToString(h.Sum(nil)[:16])
}

// Cache is a directory of entries. It is safe for concurrent use, and by several
// processes at once.
type Cache struct {
	path string
	max  int64

	mu       sync.Mutex
	retained map[string]bool // modules, by the last Retain
}

// Open returns the Cache in path, and creates the directory if there is none.
// The error is for one that somebody else owns, or may read or write.
func Open(path string) (*Cache, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is not a directory", path)
	}
	if err := ours(info); err != nil {
		return nil, fmt.Errorf("%s %w", path, err)
	}
	if open := info.Mode().Perm() & 0o077; open != 0 {
		return nil, fmt.Errorf("%s has mode %04o, and native code that is to be run must be out of everyone else's reach: remove it, or empty it and make that 0700", path, info.Mode().Perm())
	}
	return &Cache{path: path, max: MaxBytes}, nil
}

// Create makes an empty folder for the compiler to write into, which Keep makes
// an entry of, or Discard removes.
func (c *Cache) Create() (folder string, err error) {
	return os.MkdirTemp(c.path, newPrefix+"*")
}

// Discard removes a folder that Create made.
func (c *Cache) Discard(folder string) error { return os.RemoveAll(folder) }

// Keep makes a folder that Create made an entry. Where there is one already it
// stays: it was made of the same. loaded are the modules in use, whose entries
// are the last to go when there is no more room.
func (c *Cache) Keep(folder string, k Key, loaded map[string]bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.seal(folder, k); err != nil {
		return errors.Join(err, c.Discard(folder))
	}
	return c.tidy(loaded)
}

func (c *Cache) seal(folder string, k Key) error {
	if bytes := size(folder); bytes > c.max {
		return fmt.Errorf("it has %d bytes, and all entries together %d", bytes, c.max)
	}
	f, path, err := open(folder)
	if err != nil {
		return err
	}
	defer f.Close()
	sum, err := sumOf(k, path, f)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, sumFile), []byte(sum), 0o600); err != nil {
		return err
	}
	err = os.Rename(folder, c.folder(k))
	if _, there := os.Lstat(c.folder(k)); err != nil && there == nil {
		return c.Discard(folder)
	}
	return err
}

func (c *Cache) folder(k Key) string { return filepath.Join(c.path, k.name()) }

// Find returns the entry of k, verified; nil if there is none. An entry that is
// not what was put in is removed, and the error says what was wrong with it.
func (c *Cache) Find(k Key) (*Entry, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, err := c.verify(k)
	if err != nil {
		return nil, errors.Join(err, c.Drop(k))
	}
	return e, nil
}

func (c *Cache) verify(k Key) (e *Entry, err error) {
	folder := c.folder(k)
	sum, err := os.ReadFile(filepath.Join(folder, sumFile))
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(folder); errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
	}
	if err != nil {
		return nil, err
	}
	f, path, err := open(folder)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	got, err := sumOf(k, path, f)
	if err != nil {
		return nil, err
	}
	if got != string(sum) {
		return nil, fmt.Errorf("%s is not what was stored: its digest is %s, its sum says %.80q", folder, got, sum)
	}
	now := time.Now()
	if err := os.Chtimes(folder, now, now); err != nil { // it was used
		return nil, err
	}
	return &Entry{Folder: folder, file: f, path: path}, nil
}

// Made is the native code that a compiler has just written into a folder that
// Create made. Nothing vouches for it but who had it written.
func Made(folder string) (*Entry, error) {
	f, path, err := open(folder)
	if err != nil {
		return nil, err
	}
	return &Entry{Folder: folder, file: f, path: path}, nil
}

// Drop removes the entry of k.
func (c *Cache) Drop(k Key) error { return c.remove(c.folder(k)) }

// remove takes the name of an entry away before its files, so that it is never
// half there.
func (c *Cache) remove(folder string) error {
	away := filepath.Join(c.path, newPrefix+rand.Text())
	if err := os.Rename(folder, away); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return os.RemoveAll(away)
}

// Entry is native code in a folder, found and verified or just made.
type Entry struct {
	Folder string // for the compiler to read

	file *os.File // held open, so that no other file can pass for it
	path string   // in Folder
}

// Untouched says whether the folder has that file and no other: a compiler that
// did not use what it found has written what it made instead.
func (e *Entry) Untouched() bool {
	path, err := Only(e.Folder)
	if err != nil || path != e.path {
		return false
	}
	verified, err := e.file.Stat()
	if err != nil {
		return false
	}
	now, err := os.Lstat(filepath.Join(e.Folder, path))
	return err == nil && os.SameFile(verified, now)
}

// Close lets go of the entry.
func (e *Entry) Close() { e.file.Close() }

// Only is the path of the one file that a compiler wrote into a folder. It is
// an error if there are others: one that nobody has verified might be read.
func Only(folder string) (path string, err error) {
	for {
		in, err := os.ReadDir(filepath.Join(folder, path))
		if err != nil {
			return "", err
		}
		var found []fs.DirEntry
		for _, f := range in {
			if path != "" || f.Name() != sumFile {
				found = append(found, f)
			}
		}
		if len(found) != 1 {
			return "", fmt.Errorf("%s has %d files, and should have one", filepath.Join(folder, path), len(found))
		}
		path = filepath.Join(path, found[0].Name())
		switch found[0].Type() {
		case 0:
			return path, nil
		case fs.ModeDir:
		default:
			return "", fmt.Errorf("%s is neither a file nor a directory", filepath.Join(folder, path))
		}
	}
}

// open opens the one file of a folder, if it is ours.
func open(folder string) (f *os.File, path string, err error) {
	if path, err = Only(folder); err != nil {
		return nil, "", err
	}
	if f, err = os.Open(filepath.Join(folder, path)); err != nil {
		return nil, "", err
	}
	info, err := f.Stat()
	if err == nil {
		err = ours(info)
	}
	if err != nil {
		return nil, "", errors.Join(fmt.Errorf("%s: %w", f.Name(), err), f.Close())
	}
	return f, path, nil
}

// sumOf is the digest of an entry: of its name, so that it is good under that
// alone, of its file's, and of the file. Each but the last ends where it says.
func sumOf(k Key, path string, file io.Reader) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q\n", k.name(), filepath.ToSlash(path))
	if _, err := io.Copy(h, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// moduleOf is the module of an entry by the name of its folder, "" for what is
// none.
func moduleOf(folder string) string {
	module, key, ok := strings.Cut(folder, "-")
	if !ok || len(module) != 2*sha256.Size || len(key) != 32 {
		return ""
	}
	return module
}
