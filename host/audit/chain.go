package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// A line is the entry as encode writes it, and nothing else is: a line that
// means the same and is written otherwise is refused. So the bytes of a line
// decide, and anyone can check them without knowing what they mean. The hash is
// the last member, and is that of the line without it.

// genesis is what the first entry follows.
const genesis = "0000000000000000000000000000000000000000000000000000000000000000"

// MaxLine is more bytes than a line has: of each text there are at most 256, of
// which JSON makes at most six times as many.
const MaxLine = 12*6*longest + 2048

// encode writes an entry without a line's end.
func encode(e Entry) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // other programs write < and > as they are
	if err := enc.Encode(e); err != nil {
		panic(fmt.Sprintf("audit: %v", err)) // texts, numbers, and a time of this era
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// Line is the entry as it is written, without the line's end.
func (e Entry) Line() []byte { return encode(e) }

// hashed is the hash that the entry should have.
func (e Entry) hashed() string {
	e.Hash = ""
	sum := sha256.Sum256(encode(e))
	return hex.EncodeToString(sum[:])
}

// Head is the Head of a log that ends with e.
func (e Entry) Head() Head { return Head{e.Seq, e.Hash} }

// hash is what the entry after h names as the one before it.
func (h Head) hash() string {
	if h.Seq == 0 {
		return genesis
	}
	return h.Hash
}

// Seal returns e as the entry that follows h, written by a replica now.
func Seal(h Head, e Entry, replica string) Entry {
	e.Replica = replica
	e.clip()
	if e.Outcome == "" {
		e.Outcome = Done
	}
	e.Seq, e.Prev = h.Seq+1, h.hash()
	e.Time = time.Now().UTC().Truncate(time.Millisecond)
	e.Hash = e.hashed()
	return e
}

// Onto returns the entries that write those of a replica at the end of a log. The
// replica has seen the log end with seen, and finds that it ends with found; where
// what it saw is not there any more an entry says so first. A log that was emptied
// is gone on with, not begun anew.
func Onto(seen, found Head, replica string, entries ...Entry) (sealed []Entry) {
	end := found
	if seen.Seq > found.Seq || seen.Seq == found.Seq && seen.hash() != found.hash() {
		if found.Seq == 0 {
			end = seen
		}
		entries = append([]Entry{{Action: Resume, Principal: Service, After: &seen}}, entries...)
	}
	for _, e := range entries {
		e = Seal(end, e, replica)
		sealed, end = append(sealed, e), e.Head()
	}
	return sealed
}

// Parse reads a line, without its end. The error says why it is not one that was
// written here.
func Parse(line []byte) (Entry, error) {
	var e Entry
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil {
		return Entry{}, errors.New("it is not an entry of an audit log: " + strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Entry{}, errors.New("something follows the entry")
	}
	if _, offset := e.Time.Zone(); offset != 0 { // of others not all can be written again
		return Entry{}, fmt.Errorf("entry %d is not as it was written: its time is not in UTC", e.Seq)
	}
	if want := e.hashed(); e.Hash != want {
		return Entry{}, fmt.Errorf("entry %d was changed: its hash is %s, and it says %.80q", e.Seq, want, e.Hash)
	}
	if !bytes.Equal(line, encode(e)) {
		return Entry{}, fmt.Errorf("entry %d is not as it was written: spaces, order or escapes differ", e.Seq)
	}
	return e, nil
}

// Chain follows a log line by line. The zero Chain begins with the first entry;
// one with a Head with the entry after that.
type Chain struct{ Head }

// Add takes the next line, without its end. The error says what is wrong with it;
// the chain then stays where it was.
func (c *Chain) Add(line []byte) (Entry, error) {
	e, err := Parse(line)
	switch {
	case err != nil:
		return Entry{}, err
	case e.Seq != c.Seq+1:
		return Entry{}, fmt.Errorf("it is entry %d, and entry %d is due: lines were taken out, put in or moved", e.Seq, c.Seq+1)
	case e.Prev != c.hash():
		return Entry{}, fmt.Errorf("entry %d follows another entry than the one before it: one of the two was replaced", e.Seq)
	case e.After != nil && *e.After != c.Head:
		return Entry{}, fmt.Errorf("entry %d says that the log had come to entry %d, of the hash %s, when entries were lost", e.Seq, e.After.Seq, e.After.Hash)
	}
	c.Head = e.Head()
	return e, nil
}
