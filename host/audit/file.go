package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/host/durable"
)

// File is a Log in a file, audit.jsonl in a directory of its own:
//
//	audit.jsonl    the log, a line for each entry
//	half-<time>    what was left of a line when the process, or the disk, ended
//
// Each line is on the disk before Append returns. When writing fails the file is
// opened anew for the next entry, by the same way as at the start: so it is
// mended once the disk is, and a file that was moved away is followed by another.
type File struct {
	dir, replica string
	told         func(Entry, error)
	sync         durable.Sync

	mu   sync.Mutex
	f    *os.File // nil while it is not open
	size int64    // of the file after the last entry
	seen Head     // the last entry
	err  error    // of the last entry, or of opening the file for it
}

var _ Log = (*File)(nil)

const fileName = "audit.jsonl"

// OpenFile returns the log in dir, which it makes when it is missing. One that
// cannot be opened now is tried again; Err says why. told hears of each entry, and
// why it could not be written if so.
func OpenFile(dir, replica string, told func(Entry, error)) *File {
	return openFile(dir, replica, told, (*os.File).Sync)
}

func openFile(dir, replica string, told func(Entry, error), sync durable.Sync) *File {
	l := &File{dir: dir, replica: replica, told: told, sync: sync}
	l.err = l.open()
	return l
}

// Err is why the log cannot be written, or nil. Where the last entry could not be
// it tries another, which says so.
func (l *File) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		l.append(Entry{Action: Repair, Principal: Service, Detail: "before this entry there were some that could not be written: " + l.err.Error()})
	}
	return l.err
}

// Close closes the file.
func (l *File) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.close()
}

func (l *File) close() (err error) {
	if l.f != nil {
		err = l.f.Close()
	}
	l.f = nil
	return err
}

// Append implements Log.
func (l *File) Append(_ context.Context, e Entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.append(e)
	if l.err != nil {
		l.told(e, l.err)
	}
	return l.err
}

func (l *File) append(e Entry) {
	if l.f == nil || l.moved() {
		l.err = l.open()
	}
	if l.f != nil {
		l.err = l.write(Seal(l.seen, e, l.replica))
	}
}

// Head implements Log.
func (l *File) Head(context.Context) (Head, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.f == nil || l.moved() {
		if err := l.open(); err != nil {
			l.err = err // nobody may append for long
			return Head{}, err
		}
	}
	return l.seen, nil
}

// moved says whether the file is not the one that was written last, as it was
// then.
func (l *File) moved() bool {
	mine, err := l.f.Stat()
	if err != nil {
		return true
	}
	now, err := os.Stat(l.path())
	return err != nil || !os.SameFile(mine, now) || now.Size() != l.size
}

func (l *File) path() string { return filepath.Join(l.dir, fileName) }

// write writes one entry and flushes it.
func (l *File) write(e Entry) error {
	line := append(e.Line(), '\n')
	_, err := l.f.Write(line)
	if err == nil {
		err = l.sync(l.f)
	}
	if err != nil {
		// Nobody was told that it is there. What this leaves, open sets aside.
		err = errors.Join(err, l.f.Truncate(l.size), l.close())
		return fmt.Errorf("%w: write it: %w", ErrUnavailable, err)
	}
	l.size += int64(len(line))
	l.seen = e.Head()
	l.told(e, nil)
	return nil
}

// open opens the file, sets half a line at its end aside, and says in the log
// what has become of it since it was seen last.
func (l *File) open() (err error) {
	_ = l.close() // it was flushed
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("%w: open %s: %w", ErrUnavailable, l.path(), err), l.close())
		}
	}()
	if err := l.sync.MkdirAll(l.dir); err != nil {
		return err
	}
	if l.f, err = os.OpenFile(l.path(), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600); err != nil {
		return err
	}
	if err := l.sync.Dir(l.dir); err != nil { // the file's name is in it
		return err
	}
	found, half, err := l.end()
	if err != nil {
		return err
	}
	var repairs []Entry
	if len(half) > 0 {
		whole := Chain{found}
		_, cut := whole.Add(half)
		if cut == nil { // it lacks its end alone
			found, err = whole.Head, l.finish()
		} else {
			repairs, err = l.setAside(half)
		}
		if err != nil {
			return err
		}
	}
	// From here on it is told what the file has. Who wrote the end of it may have
	// come to his own before that was flushed.
	if err := l.sync(l.f); err != nil {
		return err
	}
	seen := l.seen
	l.seen = found
	for _, e := range Onto(seen, found, l.replica, repairs...) {
		if err := l.write(e); err != nil {
			l.seen = seen // to be said the next time
			return err
		}
	}
	return nil
}

// end finds the end of the log: its last entry, and what follows that without a
// line's end. It sets size to where that begins.
func (l *File) end() (found Head, half []byte, err error) {
	st, err := l.f.Stat()
	if err != nil {
		return Head{}, nil, err
	}
	from := max(0, st.Size()-2*MaxLine)
	tail := make([]byte, st.Size()-from)
	if _, err := l.f.ReadAt(tail, from); err != nil && !errors.Is(err, io.EOF) {
		return Head{}, nil, err
	}
	n := bytes.LastIndexByte(tail, '\n') + 1
	l.size = from + int64(n)
	if half = tail[n:]; n == 0 {
		if from > 0 {
			return Head{}, nil, fmt.Errorf("%w: it does not end with a line", errDamaged)
		}
		return Head{}, half, nil
	}
	last := tail[:n-1]
	e, err := Parse(last[bytes.LastIndexByte(last, '\n')+1:])
	if err != nil {
		return Head{}, nil, fmt.Errorf("%w: its last line: %w", errDamaged, err)
	}
	return e.Head(), half, nil
}

// errDamaged is for a file whose end cannot be gone on from. It stays as it is.
var errDamaged = errors.New("the log is damaged: keep the file elsewhere, and another is begun in its place")

// finish ends a line that lacks its end alone.
func (l *File) finish() error {
	if _, err := l.f.Write([]byte{'\n'}); err != nil {
		return err
	}
	st, err := l.f.Stat()
	if err != nil {
		return err
	}
	l.size = st.Size()
	return nil
}

// setAside moves half a line to a file of its own, and returns the entry that
// says so.
func (l *File) setAside(half []byte) ([]Entry, error) {
	name := fmt.Sprintf("half-%d", time.Now().UnixNano())
	f, err := os.OpenFile(filepath.Join(l.dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = f.Write(half)
	if err = errors.Join(err, l.sync(f), f.Close(), l.sync.Dir(l.dir)); err != nil {
		return nil, err
	}
	if err := l.f.Truncate(l.size); err != nil {
		return nil, err
	}
	return []Entry{{Action: Repair, Principal: Service, Detail: fmt.Sprintf("half a line of %d bytes, which nobody was told of, is now the file %s", len(half), name)}}, nil
}
