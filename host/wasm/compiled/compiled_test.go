package compiled

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// content stands for native code: here it is never run.
var content = bytes.Repeat([]byte("native code "), 20)

func key(module int, code, engine string) Key {
	return Key{Module: fmt.Sprintf("%064x", module), Code: sha256.Sum256([]byte(code)), Engine: engine}
}

var one = key(1, "code", "engine")

func openIn(t testing.TB, path string) *Cache {
	t.Helper()
	c, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// keep makes an entry as a compiler does.
func keep(t testing.TB, c *Cache, k Key, content []byte, loaded ...Key) {
	t.Helper()
	if err := c.Keep(made(t, c, content), k, using(loaded)); err != nil {
		t.Fatal(err)
	}
}

// made is what a compiler leaves.
func made(t testing.TB, c *Cache, content []byte) (folder string) {
	t.Helper()
	folder, err := c.Create()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(folder, "engine-1"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "engine-1", "c0de"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

func using(keys []Key) map[string]bool {
	modules := make(map[string]bool)
	for _, k := range keys {
		modules[k.Module] = true
	}
	return modules
}

// has wants Find to give the entry as it was put in, or nothing.
func has(t testing.TB, c *Cache, k Key, want []byte) {
	t.Helper()
	e, err := c.Find(k)
	if err != nil {
		t.Fatal(err)
	}
	if e == nil {
		if want != nil {
			t.Fatalf("there is no entry of module %s", k.Module)
		}
		return
	}
	defer e.Close()
	if want == nil {
		t.Fatalf("there is an entry of module %s", k.Module)
	}
	if got, err := os.ReadFile(filepath.Join(e.Folder, "engine-1", "c0de")); err != nil || !bytes.Equal(got, want) || !e.Untouched() {
		t.Fatalf("the entry has %d bytes (%v), untouched %v; want %d", len(got), err, e.Untouched(), len(want))
	}
}

// names are what is in the directory.
func names(t testing.TB, c *Cache) (all []string) {
	t.Helper()
	in, err := os.ReadDir(c.path)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range in {
		all = append(all, d.Name())
	}
	return all
}

// TestKeep: what was put in is found, by another process too, under its key and
// no other, and all of it is out of reach of others.
func TestKeep(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "compiled")
	c := openIn(t, path)
	has(t, c, one, nil)
	keep(t, c, one, content)
	has(t, openIn(t, path), one, content)
	for what, k := range map[string]Key{
		"another module": key(2, "code", "engine"), "another rewriter": key(1, "other", "engine"), "another engine": key(1, "code", "other"),
	} {
		if e, err := c.Find(k); e != nil || err != nil {
			t.Errorf("%s: %v, %v", what, e, err)
		}
	}
	keep(t, c, one, []byte("of another process, which was later"))
	has(t, c, one, content)
	if got := names(t, c); len(got) != 1 {
		t.Errorf("there are %q, want one entry", got)
	}
	if err := filepath.Walk(path, func(path string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	}); err != nil {
		t.Error(err)
	}
	if err := c.Drop(one); err != nil {
		t.Error(err)
	}
	has(t, c, one, nil)
}

// thrownAway wants the entry of one, which something was done to, to be refused
// and gone, and a new one to be good.
func thrownAway(t *testing.T, c *Cache, what string) {
	t.Helper()
	if e, err := c.Find(one); e != nil || err == nil {
		t.Fatalf("%s: found %v, error %v", what, e, err)
	}
	if _, err := os.Lstat(c.folder(one)); !os.IsNotExist(err) {
		t.Fatalf("%s: it is still there (%v)", what, err)
	}
	keep(t, c, one, content)
	has(t, c, one, content)
}

// TestDamaged: an entry in which any bit is another, that is cut off anywhere,
// or that has a file too few, too many or of another kind, is not given out.
func TestDamaged(t *testing.T) {
	c := openIn(t, filepath.Join(t.TempDir(), "compiled"))
	keep(t, c, one, content)
	for _, file := range []string{sumFile, "engine-1/c0de"} {
		file := filepath.Join(c.folder(one), file)
		good, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		write := func(b []byte) {
			if err := os.WriteFile(file, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for i := range good {
			bad := slices.Clone(good)
			bad[i] ^= 1 << (i % 8)
			write(bad)
			thrownAway(t, c, fmt.Sprintf("bit %d of byte %d of %s", i%8, i, file))
			write(good[:i])
			thrownAway(t, c, fmt.Sprintf("%s cut off at %d", file, i))
		}
		write(append(slices.Clone(good), 0))
		thrownAway(t, c, file+" goes on")
	}
	code := filepath.Join(c.folder(one), "engine-1", "c0de")
	for what, do := range map[string]func() error{
		"no sum":         func() error { return os.Remove(filepath.Join(c.folder(one), sumFile)) },
		"no code":        func() error { return os.Remove(code) },
		"no folder":      func() error { return os.RemoveAll(filepath.Dir(code)) },
		"another name":   func() error { return os.Rename(code, code+"d") },
		"another folder": func() error { return os.Rename(filepath.Dir(code), filepath.Join(c.folder(one), "engine-2")) },
		"one more file":  func() error { return os.WriteFile(code+"2", content, 0o600) },
		"one more folder": func() error {
			return os.Mkdir(filepath.Join(c.folder(one), "engine-2"), 0o700)
		},
		"a link": func() error {
			if err := os.Rename(code, filepath.Join(t.TempDir(), "c0de")); err != nil {
				return err
			}
			elsewhere := filepath.Join(t.TempDir(), "c0de")
			if err := os.WriteFile(elsewhere, content, 0o600); err != nil {
				return err
			}
			return os.Symlink(elsewhere, code)
		},
		"a file in its place": func() error {
			if err := os.RemoveAll(c.folder(one)); err != nil {
				return err
			}
			return os.WriteFile(c.folder(one), content, 0o600)
		},
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
		thrownAway(t, c, what)
	}
	if os.Geteuid() == 0 {
		if err := os.Chown(code, 65532, 65532); err != nil {
			t.Fatal(err)
		}
		thrownAway(t, c, "somebody else's file")
	}
}

// TestForeign: a good entry is good under its own name alone.
func TestForeign(t *testing.T) {
	c := openIn(t, filepath.Join(t.TempDir(), "compiled"))
	for _, k := range []Key{key(2, "code", "engine"), key(1, "code", "another version")} {
		keep(t, c, k, content)
		if err := os.Rename(c.folder(k), c.folder(one)); err != nil {
			t.Fatal(err)
		}
		thrownAway(t, c, k.name())
		if err := c.Drop(one); err != nil {
			t.Fatal(err)
		}
	}
}

// TestUntouched: what a compiler wrote beside the entry, or in its place, is
// noticed, be it the same to the bit.
func TestUntouched(t *testing.T) {
	c := openIn(t, filepath.Join(t.TempDir(), "compiled"))
	for what, do := range map[string]func(code string) error{
		"beside": func(code string) error { return os.WriteFile(code+"2", content, 0o600) },
		"in its place": func(code string) error {
			if err := os.Remove(code); err != nil {
				return err
			}
			return os.WriteFile(code, content, 0o600)
		},
		"gone": os.Remove,
	} {
		keep(t, c, one, content)
		e, err := c.Find(one)
		if err != nil || e == nil {
			t.Fatal(e, err)
		}
		if !e.Untouched() {
			t.Errorf("%s: touched before", what)
		}
		if err := do(filepath.Join(e.Folder, e.path)); err != nil {
			t.Fatal(err)
		}
		if e.Untouched() {
			t.Errorf("%s: not noticed", what)
		}
		e.Close()
		if err := c.Drop(one); err != nil {
			t.Fatal(err)
		}
	}
}

// TestOpenRefuses: a directory that others can reach, or that cannot be written.
func TestOpenRefuses(t *testing.T) {
	mode := func(mode os.FileMode) string {
		path := filepath.Join(t.TempDir(), "compiled")
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(mode(0o700), link); err != nil {
		t.Fatal(err)
	}
	others := "/" // root's
	if os.Geteuid() == 0 {
		others = mode(0o700)
		if err := os.Chown(others, 65532, 65532); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ what, path, want string }{
		{"readable by its group", mode(0o750), "mode 0750"},
		{"writable by all", mode(0o777), "mode 0777"},
		{"open to others alone", mode(0o701), "mode 0701"},
		{"somebody else's", others, "belongs to user"},
		{"a file", file, "not a directory"},
		{"below a file", filepath.Join(file, "compiled"), "not a directory"},
		{"a link to a good one", link, "not a directory"},
	} {
		if _, err := Open(c.path); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
		}
	}
	if _, err := Open(mode(0o700 | os.ModeSetgid)); err != nil {
		t.Errorf("as in a volume of a pod's group: %v", err)
	}
}

// used says when an entry was.
func used(t *testing.T, c *Cache, k Key, ago time.Duration) {
	t.Helper()
	at := time.Now().Add(-ago)
	if err := os.Chtimes(c.folder(k), at, at); err != nil {
		t.Fatal(err)
	}
}

// TestBound: when there is no more room those unused for longest go, and those
// of loaded modules last.
func TestBound(t *testing.T) {
	c := openIn(t, filepath.Join(t.TempDir(), "compiled"))
	each := int64(len(content) + 2*sha256.Size)
	c.max = 3*each + each/2
	var keys []Key
	for i := range 3 {
		keys = append(keys, key(i, "code", "engine"))
		keep(t, c, keys[i], content)
		used(t, c, keys[i], time.Duration(10-i)*time.Hour)
	}
	has(t, c, keys[0], content) // and so it is used now
	next := func(i int, want ...int) {
		t.Helper()
		k := key(i, "code", "engine")
		keep(t, c, k, content, keys[2], k)
		used(t, c, k, time.Duration(5-i)*time.Minute)
		var there []int
		for j := range 10 {
			if _, err := os.Lstat(c.folder(key(j, "code", "engine"))); err == nil {
				there = append(there, j)
			}
		}
		if !slices.Equal(there, want) {
			t.Errorf("after module %d there are %v, want %v", i, there, want)
		}
	}
	used(t, c, keys[0], time.Hour)
	next(3, 0, 2, 3) // 1 is the oldest but for 2, which is loaded
	next(4, 2, 3, 4)
	next(5, 2, 4, 5)
	// One that is larger than all the room is not kept, and nothing goes for it.
	large := key(6, "code", "engine")
	if err := c.Keep(made(t, c, make([]byte, c.max+1)), large, nil); err == nil {
		t.Error("an entry larger than all the room was kept")
	}
	if got := names(t, c); len(got) != 3 {
		t.Errorf("afterwards there are %q", got)
	}
	// The bound holds even where all are loaded.
	c.max = each
	keep(t, c, keys[0], content, keys[0], keys[2], key(4, "code", "engine"), key(5, "code", "engine"))
	if got := names(t, c); len(got) != 1 {
		t.Errorf("with room for one there are %q", got)
	}
}

// TestRetain: entries of modules that are gone go, of whatever engine; those of
// loaded modules, which may be about to be installed, do not.
func TestRetain(t *testing.T) {
	c := openIn(t, filepath.Join(t.TempDir(), "compiled"))
	installed, gone, loaded := key(1, "code", "engine"), key(2, "code", "engine"), key(3, "code", "engine")
	old := key(2, "code", "older engine")
	for _, k := range []Key{installed, gone, old, loaded} {
		keep(t, c, k, content)
	}
	if err := c.Retain(map[string]bool{installed.Module: true}, using([]Key{loaded})); err != nil {
		t.Fatal(err)
	}
	has(t, c, installed, content)
	has(t, c, loaded, content)
	has(t, c, gone, nil)
	has(t, c, old, nil)
	if err := c.Retain(map[string]bool{}, nil); err != nil {
		t.Fatal(err)
	}
	if got := names(t, c); len(got) != 0 {
		t.Errorf("when nothing is installed there are %q", got)
	}
}

// TestAbandoned: what a process that died was making goes; what one is making,
// and what is not ours to judge, stays.
func TestAbandoned(t *testing.T) {
	c := openIn(t, filepath.Join(t.TempDir(), "compiled"))
	var folders []string
	for range 2 {
		folder, err := c.Create()
		if err != nil {
			t.Fatal(err)
		}
		folders = append(folders, folder)
	}
	long := time.Now().Add(-abandoned - time.Minute)
	if err := os.Chtimes(folders[0], long, long); err != nil {
		t.Fatal(err)
	}
	note := filepath.Join(c.path, "README")
	if err := os.WriteFile(note, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.Retain(map[string]bool{}, nil); err != nil {
		t.Fatal(err)
	}
	if got, want := names(t, c), []string{"README", filepath.Base(folders[1])}; !slices.Equal(got, want) {
		t.Errorf("there are %q, want %q", got, want)
	}
}
