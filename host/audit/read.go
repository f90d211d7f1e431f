package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// Before implements Log.
func (l *File) Before(_ context.Context, before int64, n int) (entries []Entry, err error) {
	l.mu.Lock()
	size := l.size // what follows is being written
	l.mu.Unlock()
	f, err := os.Open(l.path())
	if err != nil {
		return nil, fmt.Errorf("%w: read it: %w", ErrUnavailable, err)
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err != nil {
			entries, err = nil, fmt.Errorf("%w: read %s: %w", ErrUnavailable, l.path(), err)
		}
	}()
	end := size
	if before > 0 {
		if end, err = find(f, size, before); err != nil {
			return nil, err
		}
	}
	for len(entries) < n && end > 0 {
		from := max(0, end-block)
		b, err := part(f, from, end)
		if err != nil {
			return nil, err
		}
		for len(entries) < n && len(b) > 0 {
			line := b[bytes.LastIndexByte(b[:len(b)-1], '\n')+1:]
			if len(line) == len(b) && from > 0 {
				break // it may begin before the block
			}
			b = b[:len(b)-len(line)]
			e, err := Parse(line[:len(line)-1])
			if err != nil {
				return nil, fmt.Errorf("the line at byte %d: %w", from+int64(len(b)), err)
			}
			entries = append(entries, e)
		}
		if from+int64(len(b)) == end {
			return nil, errLong
		}
		end = from + int64(len(b))
	}
	return entries, nil
}

// block is how much is read at once; more than a line.
const block = 64 << 10

// find returns where the first line begins whose entry has at least the number
// seq, or size: the entries of a file rise.
func find(f io.ReaderAt, size, seq int64) (int64, error) {
	low, high := int64(0), size // both begin lines; what is below low is less, from high on it is not
	for low < high {
		// The line in which the byte in the middle is.
		middle := (low + high) / 2
		end, err := lineEnd(f, middle, size)
		if err != nil {
			return 0, err
		}
		line, start, err := lineBefore(f, end)
		if err != nil {
			return 0, err
		}
		e, err := Parse(line)
		if err != nil {
			return 0, fmt.Errorf("the line at byte %d: %w", start, err)
		}
		if e.Seq < seq {
			low = end
		} else {
			high = start
		}
	}
	return low, nil
}

// lineEnd is behind the end of the line that the byte at is in.
func lineEnd(f io.ReaderAt, at, size int64) (int64, error) {
	b, err := part(f, at, min(size, at+MaxLine))
	if err != nil {
		return 0, err
	}
	n := bytes.IndexByte(b, '\n')
	if n < 0 {
		return 0, errLong
	}
	return at + int64(n) + 1, nil
}

// lineBefore is the line that ends at end, and where it begins.
func lineBefore(f io.ReaderAt, end int64) (line []byte, start int64, err error) {
	b, err := part(f, max(0, end-MaxLine), end)
	if err != nil {
		return nil, 0, err
	}
	line = b[:len(b)-1]
	line = line[bytes.LastIndexByte(line, '\n')+1:]
	if len(line) == MaxLine-1 {
		return nil, 0, errLong
	}
	return line, end - int64(len(line)) - 1, nil
}

var errLong = fmt.Errorf("a line is longer than %d bytes", MaxLine)

func part(f io.ReaderAt, from, to int64) ([]byte, error) {
	b := make([]byte, to-from)
	_, err := f.ReadAt(b, from)
	return b, err
}
