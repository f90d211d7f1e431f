package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// opened is a File, and what it told.
type opened struct {
	*File
	done   []Entry
	failed int
}

func open(t *testing.T, dir string) *opened {
	t.Helper()
	o := new(opened)
	o.File = OpenFile(dir, "replica-1", func(e Entry, err error) {
		if err != nil {
			o.failed++
			return
		}
		o.done = append(o.done, e)
	})
	t.Cleanup(func() { o.Close() })
	return o
}

func (o *opened) append(t *testing.T, e Entry) {
	t.Helper()
	if err := o.Append(t.Context(), e); err != nil {
		t.Fatal(err)
	}
}

// whole wants the file to be one chain, and returns its entries.
func whole(t *testing.T, dir string) (entries []Entry) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, fileName))
	if err != nil {
		t.Fatal(err)
	}
	var c Chain
	for line := range bytes.Lines(b) {
		text, ended := bytes.CutSuffix(line, []byte("\n"))
		e, err := c.Add(text)
		if err != nil || !ended {
			t.Fatalf("%s: %v", line, err)
		}
		entries = append(entries, e)
	}
	return entries
}

// damage changes what the file has.
func damage(t *testing.T, dir string, change func([]byte) []byte) {
	t.Helper()
	file := filepath.Join(dir, fileName)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, change(b), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestRestart: the log goes on with its chain, out of others' reach.
func TestRestart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "audit")
	for i := range 3 {
		o := open(t, dir)
		o.append(t, Entry{Action: Kill, Plugin: fmt.Sprint(i)})
		if err := o.Close(); err != nil {
			t.Fatal(err)
		}
	}
	entries := whole(t, dir)
	if len(entries) != 3 || entries[2].Seq != 3 || entries[2].Plugin != "2" || entries[0].Replica != "replica-1" || entries[0].Outcome != Done {
		t.Errorf("%+v", entries)
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, fileName): 0o600} {
		if st, err := os.Stat(path); err != nil || st.Mode().Perm() != want {
			t.Errorf("%s: %v (%v), want %v", path, st.Mode(), err, want)
		}
	}
}

// TestHalfLine: at whatever byte the last write ended, no entry before it is lost
// and none is made up; what is left is kept aside, and the log says so.
func TestHalfLine(t *testing.T) {
	first := filepath.Join(t.TempDir(), "audit")
	o := open(t, first)
	o.append(t, Entry{Action: Upload, Plugin: "mean"})
	o.append(t, Entry{Action: Kill, Plugin: "mean"})
	b, err := os.ReadFile(filepath.Join(first, fileName))
	if err != nil {
		t.Fatal(err)
	}
	begins := bytes.IndexByte(b, '\n') + 1
	for cut := begins; cut <= len(b); cut++ {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, fileName), b[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		o := open(t, dir)
		o.append(t, Entry{Action: Revive, Plugin: "mean"})
		o.Close()
		var got []string
		for _, e := range whole(t, dir) {
			got = append(got, string(e.Action))
		}
		want := "plugin.upload log.repair plugin.revive"
		switch {
		case cut == begins:
			want = "plugin.upload plugin.revive"
		case cut >= len(b)-1: // but for its end
			want = "plugin.upload plugin.kill plugin.revive"
		}
		if s := strings.Join(got, " "); s != want {
			t.Fatalf("cut at %d of %d: %s, want %s", cut, len(b), s, want)
		}
		aside, err := filepath.Glob(filepath.Join(dir, "half-*"))
		if err != nil {
			t.Fatal(err)
		}
		if kept := strings.Contains(want, "repair"); kept != (len(aside) == 1) {
			t.Fatalf("cut at %d: set aside are %v", cut, aside)
		} else if kept {
			if half, err := os.ReadFile(aside[0]); err != nil || !bytes.Equal(half, b[begins:cut]) {
				t.Fatalf("cut at %d: set aside is %q (%v)", cut, half, err)
			}
		}
	}
}

// TestHalfLineStays: half a line that cannot be set aside stays where it is, and
// nothing is written behind it.
func TestHalfLineStays(t *testing.T) {
	// Paths have up to 4095 bytes: the log's name is just short enough in this
	// directory, and that of what is set aside is not.
	dir := t.TempDir()
	for len(dir) < 4075 {
		dir = filepath.Join(dir, strings.Repeat("d", min(200, 4075-len(dir))))
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Skipf("paths are shorter here: %v", err)
	}
	o := open(t, dir)
	o.append(t, Entry{Action: Upload})
	o.Close()
	damage(t, dir, func(b []byte) []byte { return append(b, `{"seq":2`...) })
	before, err := os.ReadFile(filepath.Join(dir, fileName))
	if err != nil {
		t.Fatal(err)
	}
	o = open(t, dir)
	if err := o.Append(t.Context(), Entry{Action: Kill}); !errors.Is(err, ErrUnavailable) {
		t.Errorf("behind half a line: %v", err)
	}
	if after, err := os.ReadFile(filepath.Join(dir, fileName)); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the log is now %s (%v)", after, err)
	}
}

// TestDamaged: a log whose end is not an entry is left as it is, and nothing is
// written until it was moved away.
func TestDamaged(t *testing.T) {
	for name, change := range map[string]func([]byte) []byte{
		"the last line changed": func(b []byte) []byte { return bytes.Replace(b, []byte("mean"), []byte("mode"), 1) },
		"something behind it":   func(b []byte) []byte { return append(b, "hello\n"...) },
		"no lines":              func([]byte) []byte { return bytes.Repeat([]byte("x"), 3*MaxLine) },
	} {
		dir := t.TempDir()
		o := open(t, dir)
		o.append(t, Entry{Action: Kill, Plugin: "mean"})
		o.Close()
		damage(t, dir, change)
		before, err := os.ReadFile(filepath.Join(dir, fileName))
		if err != nil {
			t.Fatal(err)
		}
		o = open(t, dir)
		if err := o.Append(t.Context(), Entry{Action: Revive}); !errors.Is(err, ErrUnavailable) || !errors.Is(err, errDamaged) || o.failed != 1 || o.Err() == nil {
			t.Errorf("%s: %v, told %d", name, err, o.failed)
		}
		if after, err := os.ReadFile(filepath.Join(dir, fileName)); err != nil || !bytes.Equal(before, after) {
			t.Errorf("%s: it was changed (%v)", name, err)
		}
		if err := os.Rename(filepath.Join(dir, fileName), filepath.Join(dir, "kept")); err != nil {
			t.Fatal(err)
		}
		o.append(t, Entry{Action: Revive})
		if got := whole(t, dir); len(got) != 1 || o.Err() != nil {
			t.Errorf("%s, moved away: %+v (%v)", name, got, o.Err())
		}
	}
}

// TestMovedAway: a log that was moved away while it was written is gone on with:
// the two files are one chain. One that was cut is gone on with, too, and verify
// shows it for good.
func TestMovedAway(t *testing.T) {
	dir := t.TempDir()
	o := open(t, dir)
	o.append(t, Entry{Action: Upload})
	o.append(t, Entry{Action: Kill})
	kept := filepath.Join(dir, "kept.jsonl")
	if err := os.Rename(filepath.Join(dir, fileName), kept); err != nil {
		t.Fatal(err)
	}
	o.append(t, Entry{Action: Revive})
	old, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	damage(t, dir, func(b []byte) []byte { return append(old, b...) })
	got := whole(t, dir)
	if len(got) != 4 || got[2].Action != Resume || got[3].Action != Revive || got[3].Seq != 4 {
		t.Fatalf("%+v", got)
	}

	damage(t, dir, func(b []byte) []byte { return b[:bytes.IndexByte(b, '\n')+1] })
	o.append(t, Entry{Action: Uninstall})
	b, err := os.ReadFile(filepath.Join(dir, fileName))
	if err != nil {
		t.Fatal(err)
	}
	if at, err := firstBad(bytes.Split(bytes.TrimSpace(b), []byte("\n"))); at != 2 || !strings.Contains(err.Error(), "entry 4") {
		t.Errorf("the first bad line is %d: %v", at, err)
	}
}

// TestDiskFull: what could not be written is not there, and was not told as if it
// were; once there is room the log goes on.
func TestDiskFull(t *testing.T) {
	const full = "/dev/full"
	if _, err := os.Stat(full); err != nil {
		t.Skip("there is no " + full)
	}
	dir := t.TempDir()
	o := open(t, dir)
	o.append(t, Entry{Action: Upload})
	file, kept := filepath.Join(dir, fileName), filepath.Join(dir, "kept")
	if err := os.Rename(file, kept); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(full, file); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Head(t.Context()); !errors.Is(err, ErrUnavailable) || o.Err() == nil {
		t.Errorf("its head on a full disk: %v, and it says %v", err, o.Err())
	}
	if err := o.Append(t.Context(), Entry{Action: Kill}); !errors.Is(err, ErrUnavailable) || o.Err() == nil || o.failed != 1 {
		t.Errorf("on a full disk: %v, told %d", err, o.failed)
	}
	if _, err := o.Head(t.Context()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("its head: %v", err)
	}
	if err := errors.Join(os.Remove(file), os.Rename(kept, file)); err != nil {
		t.Fatal(err)
	}
	o.append(t, Entry{Action: Revive})
	got := whole(t, dir)
	if len(got) != 2 || got[1].Action != Revive || o.Err() != nil {
		t.Errorf("then: %+v", got)
	}
}

// TestConcurrentAppends: 64 goroutines write one chain, and read it meanwhile.
func TestConcurrentAppends(t *testing.T) {
	const writers, each = 64, 5
	dir := t.TempDir()
	o := open(t, dir)
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			for j := range each {
				if err := o.Append(context.Background(), Entry{Action: Upload, Plugin: fmt.Sprint(i), Version: fmt.Sprint(j)}); err != nil {
					t.Error(err)
				}
				if got, err := o.Before(context.Background(), 0, 3); err != nil || len(got) == 0 {
					t.Errorf("%d entries are read (%v)", len(got), err)
				}
			}
		})
	}
	wg.Wait()
	found := make(map[string]int)
	for _, e := range whole(t, dir) {
		found[e.Plugin+" "+e.Version]++
	}
	if len(found) != writers*each || len(o.done) != writers*each {
		t.Errorf("%d different entries, %d told, want %d", len(found), len(o.done), writers*each)
	}
}

// TestBefore: any part of the log is found, from lines short and long.
func TestBefore(t *testing.T) {
	const n = 300
	o := open(t, t.TempDir())
	if got, err := o.Before(t.Context(), 0, 10); err != nil || len(got) != 0 {
		t.Fatalf("an empty log: %v (%v)", got, err)
	}
	for i := range n {
		e := Entry{Action: Upload, Detail: strings.Repeat("x", i%7*30)}
		if i%50 == 3 { // as long as they get
			e.Detail = strings.Repeat("\x01", longest)
			e.Principal, e.Issuer, e.Caller, e.Plugin, e.Version, e.Digest = e.Detail, e.Detail, e.Detail, e.Detail, e.Detail, e.Detail
		}
		o.append(t, e)
	}
	for _, before := range []int64{0, 1, 2, 3, 4, 5, 54, 55, 150, n, n + 1, n + 100} {
		for _, size := range []int{1, 7, 200, n, n + 5} {
			got, err := o.Before(t.Context(), before, size)
			if err != nil {
				t.Fatal(err)
			}
			next := min(before-1, n)
			if before == 0 {
				next = n
			}
			if want := min(int(next), size); len(got) != want {
				t.Fatalf("%d before %d: %d entries, want %d", size, before, len(got), want)
			}
			for _, e := range got {
				if e.Seq != next {
					t.Fatalf("%d before %d: entry %d, want %d", size, before, e.Seq, next)
				}
				next--
			}
		}
	}
}
