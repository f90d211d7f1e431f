package identity

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"
)

// File keeps a Keyring equal to a JWK Set in a file. It reads the file again
// and again, and does not watch it: Kubernetes changes a mounted file by
// swapping a symbolic link above it, which the file itself does not show.
type File struct {
	Path  string
	Every time.Duration // how long between two looks
	Keys  *Keyring
	Log   *slog.Logger

	seen [sha256.Size]byte // of the bytes that were last given to Keys
	away string            // the error of the last look
}

// Load reads the file for the first time. The error says why there are no keys.
func (f *File) Load() error {
	jwks, err := f.read()
	if err != nil {
		return err
	}
	f.seen = sha256.Sum256(jwks)
	return f.Keys.Set(jwks)
}

// Watch looks until ctx ends. What it cannot read or take it logs, once, and
// the ring stays as it was.
func (f *File) Watch(ctx context.Context) {
	tick := time.NewTicker(f.Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			f.look()
		}
	}
}

func (f *File) look() {
	jwks, err := f.read()
	if err != nil {
		if f.away != err.Error() {
			f.away = err.Error()
			f.Log.Error("verification keys not read, the old ones stay", "error", err)
		}
		return
	}
	f.away = ""
	sum := sha256.Sum256(jwks)
	if sum == f.seen {
		return
	}
	f.seen = sum
	if err := f.Keys.Set(jwks); err != nil {
		f.Log.Error("verification keys not taken, the old ones stay", "file", f.Path, "error", err)
		return
	}
	f.Log.Info("verification keys changed", "file", f.Path, "kids", f.Keys.KeyIDs())
}

// read returns what the file has, and no more of it than a set may have and one
// byte, so that Set finds it too large.
func (f *File) read() (jwks []byte, err error) {
	file, err := os.Open(f.Path)
	if err != nil {
		return nil, fmt.Errorf("read the verification keys: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	jwks, err = io.ReadAll(io.LimitReader(file, maxSet+1))
	if err != nil {
		return nil, fmt.Errorf("read the verification keys: %w", err)
	}
	return jwks, nil
}
