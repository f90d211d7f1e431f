package plugin

import (
	"context"
	"errors"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/host/audit"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
)

// refuse has what was refused here refused by all replicas, and says whether
// there was such a version.
//
// The checks decide by the bytes alone, so replicas of one build agree and this
// finds nothing. Builds may differ, while one replaces the other. What becomes
// active while this replica runs, it has a say in: mostly before, when it is
// announced; but a replica that did not hear that, or was slow, says it here,
// and the version is withdrawn from all, which go back to what was active
// before. What was active before this replica began, it has no say in: a newer
// build that cannot run it says so of itself, in its readiness, and leaves those
// alone that can. All of this holds for a candidate, too: when it is withdrawn the
// active version answers all calls.
func (l *Library) refuse(ctx context.Context, t Table, skipped []Skipped) (refused bool) {
	first := l.chosen == nil
	if first {
		l.chosen = make(map[place]string)
	}
	why := make(map[string]*Refusal) // by digest
	for _, s := range skipped {
		if r := refusalOf(s.Err); r != nil {
			why[s.Digest] = r
		}
	}
	for i := range t.Plugins {
		e := &t.Plugins[i]
		if c := e.Candidate; c != nil {
			refused = l.decide(ctx, e, place{e.Name, true}, c.Digest, first, why[c.Digest]) || refused
		} else {
			delete(l.chosen, place{e.Name, true})
		}
		if e.Killed && !first {
			continue // what is active was not tried here: it is when it is revived
		}
		refused = l.decide(ctx, e, place{e.Name, false}, e.Active, first, why[e.Active]) || refused
	}
	return refused
}

// place is one that a version has: the active one of a plugin, or its
// candidate.
type place struct {
	name      string
	candidate bool
}

// decide has the version at a place refused by all, for the reason r, if it has
// come there since this replica began, and says whether it did.
func (l *Library) decide(ctx context.Context, e *Entry, at place, digest string, first bool, r *Refusal) (refused bool) {
	if first || r == nil || digest == l.chosen[at] {
		l.chosen[at] = digest
		return false
	}
	// Where that cannot be written it is found again at the next Sync.
	return l.withdraw(ctx, e.Name, digest, l.chosen[place{e.Name, false}], r) == nil
}

// withdraw marks a version as refused, activates the one of before if it was
// active, and ends its trial if it was the candidate.
func (l *Library) withdraw(ctx context.Context, name, digest, before string, why *Refusal) error {
	return l.store.Update(context.WithoutCancel(ctx), func(t *Table) error {
		e := t.entry(name)
		if e == nil || e.record(digest) == nil {
			return ErrNotFound
		}
		e.record(digest).Refused = why
		t.note = e.noted(audit.Entry{Action: audit.Withdraw, Principal: audit.Service, Digest: digest, Detail: why.Gate + ": " + why.Detail})
		if e.Candidate != nil && e.Candidate.Digest == digest {
			e.share("", 0, time.Time{})
		}
		if e.Active != digest {
			return nil
		}
		if r := e.record(before); r == nil || r.Refused != nil {
			before = ""
		}
		e.activate(before)
		return nil
	})
}

// refusalOf is the refusal that err is, or nil.
func refusalOf(err error) *Refusal {
	var r *wasm.Rejected
	switch {
	case errors.As(err, &r):
		return &Refusal{Gate: r.Gate, Detail: r.Detail}
	case errors.Is(err, ErrConflict):
		return &Refusal{Gate: "name", Detail: "it is the name of a native indicator"}
	}
	return nil
}

// rejected is the refusal as the error of an upload.
func (r *Refusal) rejected() error { return &wasm.Rejected{Gate: r.Gate, Detail: r.Detail} }
