package plugin

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/audit"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
)

// Store keeps modules by their digest, and one table that says which of them
// belong to which plugin. It is safe for concurrent use. What a call has
// acknowledged survives a crash.
type Store interface {
	// Table returns the table as it is; an empty one if nothing was stored.
	// With an error that is ErrUnavailable it is the last one known here.
	Table(ctx context.Context) (Table, error)
	// Update has change alter the table, and stores what it made of it, all or
	// nothing; nobody else's change comes in between. An error of change stops
	// it and is returned as it is. change may be called several times. Where it
	// sets the table's note the audit log has that before anyone sees the table;
	// nothing is changed that cannot be written there.
	Update(ctx context.Context, change func(*Table) error) error
	// Module returns the module of that digest. It is ErrNotFound if there is
	// none, and ErrCorrupt if its bytes have another digest.
	Module(ctx context.Context, digest string) ([]byte, error)
	// PutModule stores a module under its digest, and mends one that is damaged.
	PutModule(ctx context.Context, digest string, module []byte) error
	// Announce has the other processes get ready for a version that is about to
	// become active, and waits for them, but not for ever. It is a *wasm.Rejected
	// if one of them refuses it.
	Announce(ctx context.Context, digest string) error
	// Follow calls heed and then sync at once, and again whenever another process
	// may have changed the table, and prepare with what was announced, until ctx
	// ends. sync and prepare take their time and do not wait for each other; heed
	// does not, and does not wait for them.
	Follow(ctx context.Context, heed, sync func(), prepare func(digest string) error)
}

// Table is what is installed.
type Table struct {
	Revision int64   `json:"revision,omitempty"` // how often it was changed
	Plugins  []Entry `json:"plugins"`            // by name

	version string      // two tables of one store with the same are the same; "" says nothing
	note    audit.Entry // what the change that made it was; none where it has no Action
}

// Entry is one plugin and its versions, the oldest first.
type Entry struct {
	Name      string   `json:"name"`
	Active    string   `json:"active,omitempty"`    // the digest of the version that answers unless it is killed; "" for none
	Killed    bool     `json:"killed,omitempty"`    // nothing answers, whatever is active
	Candidate *Share   `json:"candidate,omitempty"` // of what answers; nil for none
	Revision  int64    `json:"revision,omitempty"`  // how often one of these was set
	Versions  []Record `json:"versions"`
}

// Share is a version that gets a share of the calls beside the active one. It is
// replaced, never changed.
type Share struct {
	Digest  string    `json:"digest"`
	Percent float64   `json:"percent" description:"Its share of the calls, over 0 and up to 100."`
	Since   time.Time `json:"since" description:"When it became the candidate."`
}

// Record is one version as it was when it passed the checks.
type Record struct {
	Version string       `json:"version"`
	Digest  string       `json:"digest"`
	Size    int          `json:"size"`
	Created time.Time    `json:"created"`
	Spec    *ta.Spec     `json:"spec"`
	Report  *wasm.Report `json:"report"`
	Refused *Refusal     `json:"refused,omitempty"` // by a replica, later; then none runs it
}

// Refusal is why a replica refused a version that another had taken.
type Refusal struct {
	Gate   string `json:"gate" description:"The rule that the module breaks."`
	Detail string `json:"detail" description:"How."`
}

// activate makes the version of that digest the one that answers; "" for none.
// Where that is another than before there is no candidate any more: what it was
// compared with has gone, or it is the one.
func (e *Entry) activate(digest string) {
	if e.Active != digest {
		e.Candidate = nil
	}
	e.Active = digest
	e.Revision++
}

// kill stops the plugin, or lets it answer again, without its candidate: that
// may be what it was stopped for.
func (e *Entry) kill(killed bool) {
	if e.Killed != killed {
		e.Killed = killed
		e.Candidate = nil
		e.Revision++
	}
}

// share gives the version of that digest a share of the calls, or another share;
// 0 percent takes it from whichever has one.
func (e *Entry) share(digest string, percent float64, now time.Time) {
	before := e.Candidate
	if percent == 0 {
		e.Candidate = nil
	} else {
		e.Candidate = &Share{digest, percent, now}
		if before != nil && before.Digest == digest {
			e.Candidate.Since = before.Since
		}
	}
	if before == nil && e.Candidate == nil || before != nil && e.Candidate != nil && *before == *e.Candidate {
		return
	}
	e.Revision++
}

// answers is the digest of the version that is to run; "" for none.
func (e *Entry) answers() string {
	if e.Killed {
		return ""
	}
	return e.Active
}

// noted is a note about the plugin: of the version that its Digest names, else of
// the one that it is about, as the table is before the change.
func (e *Entry) noted(note audit.Entry) audit.Entry {
	note.Plugin = e.Name
	switch {
	case note.Digest != "":
	case note.Action != audit.Untry:
		note.Digest = e.Active
	case e.Candidate != nil:
		note.Digest = e.Candidate.Digest
	}
	if r := e.record(note.Digest); r != nil {
		note.Version = r.Version
	}
	return note
}

// entry returns the entry of that name, or nil.
func (t *Table) entry(name string) *Entry {
	for i := range t.Plugins {
		if t.Plugins[i].Name == name {
			return &t.Plugins[i]
		}
	}
	return nil
}

// record returns the version of that digest, or nil.
func (e *Entry) record(digest string) *Record {
	for i := range e.Versions {
		if e.Versions[i].Digest == digest {
			return &e.Versions[i]
		}
	}
	return nil
}

// fits says whether c can be the candidate: a version beside the one that answers.
func (e *Entry) fits(c *Share) bool {
	return e.answers() != "" && c.Digest != e.Active && e.record(c.Digest) != nil && 0 < c.Percent && c.Percent <= 100
}

// find returns the version of that digest, of whatever plugin.
func (t *Table) find(digest string) (*Entry, *Record) {
	for i := range t.Plugins {
		if r := t.Plugins[i].record(digest); r != nil {
			return &t.Plugins[i], r
		}
	}
	return nil, nil
}

// decodeTable reads a table that was kept in the place named from. The error
// is ErrCorrupt.
func decodeTable(b []byte, from string) (Table, error) {
	var t Table
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&t); err != nil {
		return Table{}, fmt.Errorf("%w: %s: %v", ErrCorrupt, from, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Table{}, fmt.Errorf("%w: %s: something follows the table", ErrCorrupt, from)
	}
	if err := t.check(); err != nil {
		return Table{}, fmt.Errorf("%w: %s: %v", ErrCorrupt, from, err)
	}
	return t, nil
}

// check says whether the table is one that this package has written.
func (t *Table) check() error {
	names := make(map[string]bool)
	for i := range t.Plugins {
		e := &t.Plugins[i]
		switch {
		case e.Name == "" || names[e.Name]:
			return fmt.Errorf("plugin %q has no name, or that of another", e.Name)
		case len(e.Versions) == 0:
			return fmt.Errorf("plugin %s has no versions", e.Name)
		case e.Active != "" && e.record(e.Active) == nil:
			return fmt.Errorf("plugin %s has no version %s, which is to be active", e.Name, e.Active)
		case e.Candidate != nil && !e.fits(e.Candidate):
			return fmt.Errorf("plugin %s cannot have %s as its candidate, with %v percent of its calls", e.Name, e.Candidate.Digest, e.Candidate.Percent)
		}
		names[e.Name] = true
		for _, r := range e.Versions {
			if _, err := hexOf(r.Digest); err != nil {
				return fmt.Errorf("plugin %s: %w", e.Name, err)
			}
			if r.Spec == nil || r.Report == nil || r.Spec.Name != e.Name {
				return fmt.Errorf("plugin %s, version %s: its spec is missing or another's", e.Name, r.Version)
			}
		}
	}
	return nil
}

const digestPrefix = "sha256:"

// digestOf is "sha256:" and 64 hexadecimal digits.
func digestOf(module []byte) string {
	sum := sha256.Sum256(module)
	return digestPrefix + hex.EncodeToString(sum[:])
}

// hexOf is the hexadecimal part of a digest, or an error for what is none.
func hexOf(digest string) (string, error) {
	digits, ok := strings.CutPrefix(digest, digestPrefix)
	if ok && len(digits) == 2*sha256.Size && strings.Trim(digits, "0123456789abcdef") == "" {
		return digits, nil
	}
	return "", fmt.Errorf("%.80q is not a digest: it is %s and 64 hexadecimal digits", digest, digestPrefix)
}

// What a Library, and the Store that it has, can fail of.
var (
	// ErrConflict is for a name or version that is taken.
	ErrConflict = errors.New("the name or version is taken")
	// ErrNotFound is for a plugin or version that is not there.
	ErrNotFound = errors.New("there is no such plugin or version")
	// ErrChanged is for a plugin that is not any more as the caller knew it.
	ErrChanged = errors.New("the plugin was changed meanwhile")
	// ErrNoCandidate is for a version that cannot be its plugin's candidate.
	ErrNoCandidate = errors.New("the version cannot be the candidate")
	// ErrKilled is for a plugin that was stopped, and that nobody has revived.
	ErrKilled = errors.New("the plugin was stopped")
	// ErrCorrupt is for stored bytes that are not what was stored.
	ErrCorrupt = errors.New("the plugin store is corrupt")
	// ErrUnavailable is for what cannot be done before the shared store answers.
	ErrUnavailable = errors.New("the shared plugin store is away")
)
