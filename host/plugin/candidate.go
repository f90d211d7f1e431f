package plugin

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/audit"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
)

// Candidate is the version that gets a share of a plugin's calls.
type Candidate struct {
	Share
	Error string `json:"error,omitempty" description:"Why it does not run on this replica, whose calls are all the active version's."`

	trial *trial // nil where it does not run here
}

// Trial is a candidate, and what has become of its share of the calls in this
// process; each replica counts for itself.
type Trial struct {
	Name   string `json:"name"`
	Active string `json:"active" description:"The digest of the version that it is compared with."`
	Candidate
	Counted    string     `json:"counted" description:"Where the calls of the report were counted: each replica counts its own."`
	CountingAt *time.Time `json:"counting_since,omitempty" description:"When this replica began to count; absent where the candidate does not run on it."`
	Report     Report     `json:"report"`
}

// CountedHere is where a Trial's calls were counted.
const CountedHere = "this replica"

// Observe has tell called with what came of each call of a candidate's share.
// It is for before Follow, and Sync.
func (l *Library) Observe(tell func(plugin string, came Outcome)) { l.told = tell }

// Try gives a stored version percent of the calls of its plugin, chosen by what
// is asked, so that all replicas choose the same; or, where it has a share,
// another. The active version computes those calls, too, and what differs is in
// Trial. It ends when a version is activated, the plugin killed or deleted, or
// with Untry. It is ErrNotFound if there is no such version, a *wasm.Rejected if
// a replica has refused it, and ErrNoCandidate where there is nothing to compare
// it with or it cannot take every call. still is as for Activate.
func (l *Library) Try(ctx context.Context, name, digest string, percent float64, still func(Plugin) bool) (Plugin, error) {
	if !(0 < percent && percent <= 100) {
		return Plugin{}, fmt.Errorf("%w: its share must be over 0 and up to 100 percent", ErrNoCandidate)
	}
	if p, err := l.Get(name); err == nil && p.has(digest) && p.State == Active {
		if err := l.store.Announce(ctx, digest); err != nil {
			return Plugin{}, err
		}
	}
	now := time.Now().UTC().Truncate(time.Millisecond)
	note := audit.Entry{Action: audit.Try, Digest: digest, Detail: fmt.Sprintf("%v percent of the calls", percent)}
	err := l.change(ctx, name, digest, note, still, func(e *Entry) error {
		if err := e.triable(digest); err != nil {
			return err
		}
		e.share(digest, percent, now)
		return nil
	})
	if err != nil {
		return Plugin{}, err
	}
	return l.Get(name)
}

// Untry takes its share from the candidate, if there is one. It is ErrNotFound
// if there is no such plugin. still is as for Activate.
func (l *Library) Untry(ctx context.Context, name string, still func(Plugin) bool) (Plugin, error) {
	err := l.change(ctx, name, "", audit.Entry{Action: audit.Untry}, still, func(e *Entry) error {
		e.share("", 0, time.Time{})
		return nil
	})
	if err != nil {
		return Plugin{}, err
	}
	return l.Get(name)
}

// Trial returns how the candidate of a plugin does, or ErrNotFound where there
// is none.
func (l *Library) Trial(name string) (Trial, error) {
	p, err := l.Get(name)
	if err != nil {
		return Trial{}, err
	}
	if p.Candidate == nil {
		return Trial{}, fmt.Errorf("%w: plugin %s has no candidate", ErrNotFound, name)
	}
	t := Trial{Name: p.Name, Active: p.Active, Candidate: *p.Candidate, Counted: CountedHere}
	if p.Candidate.trial != nil {
		t.CountingAt = &p.Candidate.trial.since
		t.Report = p.Candidate.trial.tally.report()
	}
	return t, nil
}

// triable says why the version of that digest cannot be the candidate of e.
func (e *Entry) triable(digest string) error {
	r := e.record(digest)
	switch {
	case r == nil:
		return fmt.Errorf("%w: version %.80q of plugin %s", ErrNotFound, digest, e.Name)
	case r.Refused != nil:
		return r.Refused.rejected()
	case e.Killed:
		return fmt.Errorf("%w: plugin %s was stopped; revive it first", ErrNoCandidate, e.Name)
	case e.Active == "":
		return fmt.Errorf("%w: no version of plugin %s is active, so there is nothing to compare with", ErrNoCandidate, e.Name)
	case e.Active == digest:
		return fmt.Errorf("%w: version %s is the active one", ErrNoCandidate, r.Version)
	}
	if why := narrower(e.record(e.Active).Spec, r.Spec); why != "" {
		return fmt.Errorf("%w: version %s %s, so callers would notice; activate it when they are ready", ErrNoCandidate, r.Version, why)
	}
	return nil
}

// narrower says in what a candidate takes or gives less than the active version;
// "" where it stands in for it. Ranges may be narrower: a call out of them is the
// active version's.
func narrower(active, candidate *ta.Spec) string {
	for _, p := range active.Params {
		if !slices.ContainsFunc(candidate.Params, func(o ta.Param) bool { return o.Name == p.Name }) {
			return fmt.Sprintf("has no parameter %s", p.Name)
		}
	}
	for _, in := range candidate.Inputs {
		if !slices.Contains(active.Inputs, in) {
			return fmt.Sprintf("needs the input %s, which the active one does not", in)
		}
	}
	for _, o := range active.Outputs {
		if !slices.ContainsFunc(candidate.Outputs, func(c ta.Output) bool { return c.Name == o.Name }) {
			return fmt.Sprintf("has no output %s", o.Name)
		}
	}
	return ""
}

// trial is the counting of one candidate beside one active version.
type trial struct {
	active string
	share  Share
	since  time.Time // when this process began to count
	tally  *tally
}

// trial goes on counting where the candidate of e is tried already, else begins.
func (l *Library) trial(e *Entry, active, candidate *wasm.Module) *trial {
	t := l.trials[e.Name]
	if t != nil && t.active == e.Active && t.share.Digest == e.Candidate.Digest && t.share.Since.Equal(e.Candidate.Since) {
		return t
	}
	told := func(Outcome) {}
	if l.told != nil {
		name := e.Name
		told = func(came Outcome) { l.told(name, came) }
	}
	return &trial{
		active: e.Active, share: *e.Candidate, since: time.Now().UTC().Truncate(time.Millisecond),
		tally: newTally(active.Spec(), candidate.Spec(), told),
	}
}

// runner is what answers while the trial lasts.
func (t *trial) runner(active, candidate registry.Runner, percent float64) *registry.Trial {
	return &registry.Trial{Runner: active, Candidate: candidate, Percent: percent, Tell: t.tally.tell}
}
