// Package audit is the record of who did what to the service: an append-only log
// of JSON lines in which each line has the hash of the one before, so that one
// that was changed, taken out or put in shows. It knows nothing of HTTP and
// nothing of plugins; the rooms that change something say so to it. File keeps
// the log of one process; that of many is kept by whoever has a store that they
// share, with the same chain.
//
// docs/audit.md says what the log is worth, and what it cannot show.
package audit

import (
	"context"
	"errors"
	"strings"
	"time"
)

// Action is what was done, or tried.
type Action string

// The actions there are.
const (
	Upload    Action = "plugin.upload"
	Check     Action = "plugin.check" // recorded when it is refused: else nothing has happened
	Activate  Action = "plugin.activate"
	Try       Action = "plugin.candidate"
	Untry     Action = "plugin.candidate.withdraw"
	Uninstall Action = "plugin.uninstall"
	Kill      Action = "plugin.kill"
	Revive    Action = "plugin.revive"
	Withdraw  Action = "plugin.withdraw" // a replica cannot run a version, so none does
	Restore   Action = "plugin.restore"  // a shared store that had lost plugins was given them back
	Identify  Action = "identity"        // recorded when it is refused
	Resume    Action = "log.resume"      // the log goes on, and what was there before is not
	Repair    Action = "log.repair"      // half a line was set aside
)

// Actions lists every action.
var Actions = []Action{Upload, Check, Activate, Try, Untry, Uninstall, Kill, Revive, Withdraw, Restore, Identify, Resume, Repair}

// Outcome is what became of an action.
type Outcome string

// Done and Refused are the outcomes.
const (
	Done    Outcome = "done"
	Refused Outcome = "refused"
)

// Entry is one line of a log. What does not apply is "".
type Entry struct {
	Seq       int64     `json:"seq" description:"1 for the first entry, and one more for each that follows."`
	Time      time.Time `json:"time"`
	Action    Action    `json:"action"`
	Outcome   Outcome   `json:"outcome" enum:"done,refused"`
	Problem   string    `json:"problem,omitempty" description:"Of what was refused: the type of the problem that the caller was told."`
	Count     int       `json:"count,omitempty" description:"How many more there were within a minute that differ in time and request alone; absent where the line stands for one."`
	Principal string    `json:"principal,omitempty" description:"The subject of the caller's token; anonymous where nobody is asked for one, and service for what no caller asked for."`
	Issuer    string    `json:"issuer,omitempty" description:"Who issued that token."`
	Caller    string    `json:"caller,omitempty" description:"What the sidecar calls the caller, else the address that the connection came from."`
	Plugin    string    `json:"plugin,omitempty"`
	Version   string    `json:"version,omitempty"`
	Digest    string    `json:"digest,omitempty" description:"The version that the action is about; of an upload that was refused, the digest of its body."`
	Detail    string    `json:"detail,omitempty"`
	Request   string    `json:"request,omitempty" description:"The request's id, as in X-Request-Id and in the log of the service."`
	Trace     string    `json:"trace,omitempty"`
	Replica   string    `json:"replica,omitempty" description:"The process that wrote the line: its host's name, which is its pod's."`
	After     *Head     `json:"after,omitempty" description:"log.resume: the last entry that this process had seen."`
	Prev      string    `json:"prev" description:"The hash of the entry before; 64 zeros in the first."`
	Hash      string    `json:"hash,omitempty" description:"SHA-256 of this line without this member, in hexadecimal."`
}

// Head is the last entry of a log. Kept where who can write the log cannot, it
// says whether the end of the log was cut off.
type Head struct {
	Seq  int64  `json:"seq" description:"Of the last entry; 0 where there is none."`
	Hash string `json:"hash" description:"Of that entry; empty where there is none."`
}

// Log is a log, whoever keeps it. It is safe for concurrent use.
type Log interface {
	// Append writes e at the end, with all that ties it there; once it has
	// returned without an error the entry is there for good. The error is
	// ErrUnavailable, or another that says that it is not there.
	Append(ctx context.Context, e Entry) error
	// Before returns at most n entries, the newest first, of those with a lower
	// Seq; before may be 0, for the newest of all.
	Before(ctx context.Context, before int64, n int) ([]Entry, error)
	// Head returns the last entry's.
	Head(ctx context.Context) (Head, error)
}

// ErrUnavailable is for a log that cannot be written or read.
var ErrUnavailable = errors.New("the audit log is not available")

// Actor is who asks for something, as far as the log tells it.
type Actor struct {
	Principal, Issuer, Caller string
	Request, Trace            string
}

type actorKey struct{}

// With returns a context of what a asks for.
func With(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// From returns who asks for what is done in ctx: the service itself, unless With
// says otherwise.
func From(ctx context.Context) Actor {
	if a, ok := ctx.Value(actorKey{}).(Actor); ok {
		return a
	}
	return Actor{Principal: Service}
}

// Service is the principal of what no caller asked for.
const Service = "service"

// By is the entry with who asks for it.
func (e Entry) By(a Actor) Entry {
	e.Principal, e.Issuer, e.Caller, e.Request, e.Trace = a.Principal, a.Issuer, a.Caller, a.Request, a.Trace
	return e
}

// longest is how many bytes of a text are kept: a subject has up to 256.
const longest = 256

// clip bounds what comes from outside.
func (e *Entry) clip() {
	for _, text := range []*string{
		(*string)(&e.Action), &e.Problem, &e.Principal, &e.Issuer, &e.Caller,
		&e.Plugin, &e.Version, &e.Digest, &e.Detail, &e.Request, &e.Trace, &e.Replica,
	} {
		if len(*text) > longest {
			*text = (*text)[:longest]
		}
		*text = strings.ToValidUTF8(*text, "�")
	}
}
