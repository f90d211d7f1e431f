package durable_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/durable"
	"github.com/gravitywavesml/gravity_techanalysis/host/durable/powercut"
)

// TestMkdirAll: what it has made is there after a power cut, all that is above it
// included, and so is what another had made and not flushed.
func TestMkdirAll(t *testing.T) {
	disk := powercut.New(t)
	sync := durable.Sync(disk.Sync)
	var made []string
	disk.Left = func(root string) {
		t.Helper()
		for _, dir := range made {
			if st, err := os.Stat(filepath.Join(root, dir)); err != nil || !st.IsDir() {
				t.Fatalf("%s was made, and is gone (%v)", dir, err)
			}
		}
	}
	if err := os.Mkdir(filepath.Join(disk.Root, "another's"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"another's", "one", "a/b/c", "a/b/d"} {
		if err := sync.MkdirAll(filepath.Join(disk.Root, dir)); err != nil {
			t.Fatal(err)
		}
		made = append(made, dir)
		disk.Cut()
	}
	if err := os.WriteFile(filepath.Join(disk.Root, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"file", "file/below"} {
		if err := sync.MkdirAll(filepath.Join(disk.Root, dir)); err == nil {
			t.Errorf("%s is a directory now", dir)
		}
	}
}
