package audit

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/durable/powercut"
)

// TestPowerCut: whenever the power fails, and whatever the file system had kept
// back, the log has every entry that anyone was told of, and at most one more; what
// it says is set aside is there; and it goes on. Before that a process was killed
// after it had written the bytes of an entry, and before they were flushed.
func TestPowerCut(t *testing.T) {
	for name, missing := range map[string]int{"a line": 0, "a line without its end": 1, "half a line": 20} {
		t.Run(name, func(t *testing.T) {
			const folder = "data/audit"
			disk := powercut.New(t)
			dir := filepath.Join(disk.Root, folder)
			var told Head
			cuts := 0
			disk.Left = func(root string) {
				t.Helper()
				cuts++
				dir := filepath.Join(root, folder)
				o := open(t, dir)
				o.append(t, Entry{Action: Revive})
				o.Close()
				entries := whole(t, dir)
				if n := int(told.Seq); n > 0 && (len(entries) < n || entries[n-1].Hash != told.Hash) {
					t.Fatalf("%d entries are left, and somebody was told of the %dth", len(entries), n)
				}
				more := 0
				for _, e := range entries {
					if e.Action == Upload && e.Seq > told.Seq {
						more++
					}
					if e.Action != Repair {
						continue
					}
					var bytes int
					var file string
					if _, err := fmt.Sscanf(e.Detail, "half a line of %d bytes, which nobody was told of, is now the file %s", &bytes, &file); err != nil {
						t.Fatalf("%s: %v", e.Detail, err)
					}
					if st, err := os.Stat(filepath.Join(dir, file)); err != nil || int(st.Size()) != bytes {
						t.Fatalf("%s: but it is %v (%v)", e.Detail, st, err)
					}
				}
				if more > 1 {
					t.Fatalf("there are %d more than were told of", more)
				}
			}
			var l *File
			tell := func() {
				t.Helper()
				var err error
				if told, err = l.Head(t.Context()); err != nil {
					t.Fatal(err)
				}
				disk.Cut()
			}
			for range 3 {
				l = openFile(dir, "replica-1", func(Entry, error) {}, disk.Sync)
				tell()
				for range 3 {
					if err := l.Append(t.Context(), Entry{Action: Upload}); err != nil {
						t.Fatal(err)
					}
					tell()
				}
				if err := l.Close(); err != nil {
					t.Fatal(err)
				}
				line := append(Seal(told, Entry{Action: Upload}, "replica-1").Line(), '\n')
				damage(t, dir, func(b []byte) []byte { return append(b, line[:len(line)-missing]...) })
				disk.Cut()
			}
			t.Logf("%d times the power was cut", cuts)
		})
	}
}
