//go:build unix

package compiled

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// ours is an error unless a file belongs to the user that this process runs as.
func ours(info fs.FileInfo) error {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return errors.New("does not say whose it is")
	}
	if me := os.Geteuid(); int(s.Uid) != me {
		return fmt.Errorf("belongs to user %d, and the service runs as user %d", s.Uid, me)
	}
	return nil
}
