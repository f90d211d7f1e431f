package identity

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/gravitywavesml/gravity_techanalysis/host/identity/identitytest"
)

// volume mounts as Kubernetes does: the file is a link into ..data, ..data a
// link to a folder, and a change swaps the latter for a link to another folder.
type volume struct {
	dir      string
	versions int
}

func (v *volume) file() string { return filepath.Join(v.dir, "jwks.json") }

func (v *volume) write(t *testing.T, jwks []byte) {
	t.Helper()
	v.versions++
	folder := "..version" + string(rune('0'+v.versions))
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.Mkdir(filepath.Join(v.dir, folder), 0o755))
	must(os.WriteFile(filepath.Join(v.dir, folder, "jwks.json"), jwks, 0o644))
	must(os.Symlink(folder, filepath.Join(v.dir, "..data_tmp")))
	must(os.Rename(filepath.Join(v.dir, "..data_tmp"), filepath.Join(v.dir, "..data")))
	if v.versions == 1 {
		must(os.Symlink(filepath.Join("..data", "jwks.json"), v.file()))
	}
}

// TestWatch: a swapped link, a bad set, no file and a good one again, each
// awaited by what the log says of it.
func TestWatch(t *testing.T) {
	a, b, c := identitytest.New(t, "a", jose.EdDSA), identitytest.New(t, "b", jose.EdDSA), identitytest.New(t, "c", jose.EdDSA)
	v := &volume{dir: t.TempDir()}
	v.write(t, identitytest.Set(t, a))
	logs, log := io.Pipe()
	defer logs.Close()
	f := &File{Path: v.file(), Every: time.Millisecond, Keys: new(Keyring), Log: slog.New(slog.NewJSONHandler(log, nil))}
	if err := f.Load(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { f.Watch(ctx); close(ended) }()
	lines := json.NewDecoder(logs)
	await := func(msg string, kids ...string) {
		t.Helper()
		var line struct{ Msg string }
		if err := lines.Decode(&line); err != nil {
			t.Fatal(err)
		}
		if line.Msg != msg || !slices.Equal(f.Keys.KeyIDs(), kids) {
			t.Errorf("the log has %q and the ring %v; want %q, %v", line.Msg, f.Keys.KeyIDs(), msg, kids)
		}
	}
	v.write(t, identitytest.Set(t, a, b))
	await("verification keys changed", "a", "b")
	v.write(t, []byte(`{"keys":[`))
	await("verification keys not taken, the old ones stay", "a", "b")
	if err := os.Remove(v.file()); err != nil {
		t.Fatal(err)
	}
	await("verification keys not read, the old ones stay", "a", "b")
	if err := os.WriteFile(v.file(), identitytest.Set(t, c), 0o644); err != nil { // not atomic: it may be seen half written
		t.Fatal(err)
	}
	for !slices.Equal(f.Keys.KeyIDs(), []string{"c"}) {
		var line struct{ Msg string }
		if err := lines.Decode(&line); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	<-ended
}

// TestLoadSaysWhy: no keys at the start is an error that names the file.
func TestLoadSaysWhy(t *testing.T) {
	f := &File{Path: filepath.Join(t.TempDir(), "none.json"), Keys: new(Keyring)}
	if err := f.Load(); err == nil {
		t.Error("a file that is not there is read")
	}
	if err := os.WriteFile(f.Path, make([]byte, 1<<20), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := f.Load(); err == nil || len(f.Keys.KeyIDs()) != 0 {
		t.Errorf("a file of a mebibyte: %v", err)
	}
}
