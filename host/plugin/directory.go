package plugin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/gravitywavesml/gravity_techanalysis/host/audit"
	"github.com/gravitywavesml/gravity_techanalysis/host/durable"
)

// Directory is a Store in a directory of the file system, for one process:
//
//	plugins.json          the table
//	modules/<sha256>.wasm the modules
//
// Each file is written under another name, flushed to the disk and renamed; a
// crash leaves the old file or the new one, and at worst a *.tmp beside it,
// which nobody reads, and which goes when the directory is opened next.
type Directory struct {
	path string
	sync durable.Sync
	mu   sync.Mutex // held by Update
	log  audit.Log  // nil where nothing is recorded
}

var _ Store = (*Directory)(nil)

const (
	tableFile  = "plugins.json"
	modulesDir = "modules"
	temporary  = ".tmp" // how the name of a file ends that is being written
)

// OpenDirectory returns the Store in path, and creates the directory if there
// is none. No other process may have it open.
func OpenDirectory(path string) (*Directory, error) {
	return openDirectory(path, (*os.File).Sync)
}

func openDirectory(path string, sync durable.Sync) (*Directory, error) {
	for _, dir := range []string{path, filepath.Join(path, modulesDir)} {
		if err := sync.MkdirAll(dir); err != nil {
			return nil, fmt.Errorf("open the plugin store: %w", err)
		}
	}
	for _, pattern := range []string{"*" + temporary, modulesDir + "/*" + temporary} {
		left, err := fs.Glob(os.DirFS(path), pattern)
		if err != nil {
			return nil, fmt.Errorf("open the plugin store: %w", err)
		}
		for _, file := range left {
			if err := os.Remove(filepath.Join(path, file)); err != nil {
				return nil, fmt.Errorf("open the plugin store: %w", err)
			}
		}
	}
	return &Directory{path: path, sync: sync}, nil
}

// Record has each change written to log. It is for before the first.
func (d *Directory) Record(log audit.Log) { d.log = log }

// Table implements Store. The error for a table that cannot be read names the
// file and is ErrCorrupt.
func (d *Directory) Table(context.Context) (Table, error) {
	file := filepath.Join(d.path, tableFile)
	b, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Table{}, nil
	case err != nil:
		return Table{}, fmt.Errorf("read the table of plugins: %w", err)
	}
	return decodeTable(b, file)
}

// Update implements Store.
func (d *Directory) Update(ctx context.Context, change func(*Table) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, err := d.Table(ctx)
	if err != nil {
		return err
	}
	if err := change(&t); err != nil {
		return err
	}
	t.Revision++
	if d.log != nil && t.note.Action != "" {
		// First: a crash in between leaves an entry of what did not happen, and
		// never a change without an entry.
		if err := d.log.Append(ctx, t.note); err != nil {
			return err
		}
	}
	return d.write(t)
}

// replaceTable makes t the table, whatever there was.
func (d *Directory) replaceTable(t Table) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.write(t)
}

func (d *Directory) write(t Table) error {
	if err := t.check(); err != nil {
		return fmt.Errorf("write the table of plugins: %w", err)
	}
	b, err := json.MarshalIndent(t, "", "  ")
	if err != nil {
		return fmt.Errorf("write the table of plugins: %w", err)
	}
	if err := d.replace(filepath.Join(d.path, tableFile), append(b, '\n')); err != nil {
		return fmt.Errorf("write the table of plugins: %w", err)
	}
	return nil
}

// Module implements Store.
func (d *Directory) Module(_ context.Context, digest string) ([]byte, error) {
	file, err := d.moduleFile(digest)
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w: module %s", ErrNotFound, digest)
	case err != nil:
		return nil, fmt.Errorf("read module %s: %w", digest, err)
	case digestOf(b) != digest:
		return nil, fmt.Errorf("%w: %s has %d bytes with the digest %s", ErrCorrupt, file, len(b), digestOf(b))
	}
	return b, nil
}

// PutModule implements Store.
func (d *Directory) PutModule(ctx context.Context, digest string, module []byte) error {
	file, err := d.moduleFile(digest)
	if err != nil {
		return err
	}
	if _, err = d.Module(ctx, digest); err == nil {
		// Whoever put it there may have come to its end before the name was safe.
		err = d.sync.Dir(filepath.Dir(file))
	} else {
		err = d.replace(file, module)
	}
	if err != nil {
		return fmt.Errorf("write module %s: %w", digest, err)
	}
	return nil
}

// Announce implements Store. There is nobody else to get ready.
func (d *Directory) Announce(context.Context, string) error { return nil }

// Follow implements Store. Nobody else changes the directory.
func (d *Directory) Follow(ctx context.Context, _, sync func(), _ func(string) error) {
	sync()
	<-ctx.Done()
}

func (d *Directory) moduleFile(digest string) (string, error) {
	digits, err := hexOf(digest)
	if err != nil {
		return "", fmt.Errorf("%w: %v", ErrNotFound, err)
	}
	return filepath.Join(d.path, modulesDir, digits+".wasm"), nil
}

// replace writes a file so that a crash at any point leaves the old content or
// the new one, and so that the new one stays once replace has returned.
func (d *Directory) replace(file string, content []byte) error {
	dir := filepath.Dir(file)
	written, err := d.writeTemporary(dir, filepath.Base(file)+".*"+temporary, content)
	if err != nil {
		return err
	}
	if err := os.Rename(written, file); err != nil {
		return errors.Join(err, os.Remove(written))
	}
	// The name is in the directory: it is safe when that is.
	return d.sync.Dir(dir)
}

// writeTemporary writes and flushes a new file, and returns its name.
func (d *Directory) writeTemporary(dir, pattern string, content []byte) (string, error) {
	f, err := os.CreateTemp(dir, pattern)
	if err != nil {
		return "", err
	}
	_, err = f.Write(content)
	if err == nil {
		err = d.sync(f)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}
