package audit

import (
	"context"
	"sync"
	"time"
)

// Trail is where one process writes what was refused. What was done is written
// by who does it, as part of doing it.
//
// Refusals cost who causes them nothing, so they are bounded: of those that
// differ in time and request alone the first is written at once, and how many
// more there were when a minute is over; and in a minute no more than a few that
// differ otherwise. The rest are counted together.
type Trail struct {
	service Log // of all replicas, or own
	own     Log // of this process
	actions fold
	callers fold
}

// How many lines refusals may cost in a minute: twice Named, and one for each
// action; and as many for callers who are not let in.
const (
	Window = time.Minute
	Named  = 16
)

// NewTrail returns the Trail of a process that has a log of its own. service is
// that of all replicas, or own where nothing is shared.
func NewTrail(service, own Log) *Trail {
	t := &Trail{service: service, own: own}
	t.actions = fold{write: t.write}
	// Callers who are nobody do not get to fill what all replicas share.
	t.callers = fold{write: func(e Entry) { _ = own.Append(context.Background(), e) }}
	return t
}

// Service is the log of what was done to the service, by all replicas where they
// share one.
func (t *Trail) Service() Log { return t.service }

// Own is the log of this process: who was not let in; and, where the service's
// is another and away, what was refused meanwhile.
func (t *Trail) Own() Log { return t.own }

// Refuse records that an action was refused.
func (t *Trail) Refuse(e Entry) {
	e.Outcome = Refused
	t.actions.add(e)
}

// Unknown records that a caller was not let in.
func (t *Trail) Unknown(e Entry) {
	e.Action, e.Outcome = Identify, Refused
	t.callers.add(e)
}

// Follow writes each minute what was counted, and the rest when ctx ends.
func (t *Trail) Follow(ctx context.Context) {
	tick := time.NewTicker(Window)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			t.Flush()
			return
		case <-tick.C:
			t.Flush()
		}
	}
}

// Flush writes what was counted.
func (t *Trail) Flush() {
	t.actions.flush()
	t.callers.flush()
}

// writeWait is how long a refusal may take to be written. Its answer waits.
const writeWait = 2 * time.Second

// write writes to the service's log, or where it is away to this process's. Where
// that fails too the log of the service and a metric have it, and there is no more
// to refuse.
func (t *Trail) write(e Entry) {
	ctx, cancel := context.WithTimeout(context.Background(), writeWait)
	defer cancel()
	if err := t.service.Append(ctx, e); err != nil && t.own != t.service {
		_ = t.own.Append(ctx, e)
	}
}

// fold counts what is alike.
type fold struct {
	write func(Entry)

	mu     sync.Mutex
	seen   map[alike]*Entry // since the last flush; Count of each: how many more
	others map[Action]int   // how many more than were named
}

// alike is what entries have in common that one line stands for.
type alike struct {
	action                                             Action
	problem, principal, issuer, caller, plugin, digest string
}

func (f *fold) add(e Entry) {
	if f.count(e) {
		f.write(e)
	}
}

// count says whether e is to be written now.
func (f *fold) count(e Entry) bool {
	e.clip()
	key := alike{e.Action, e.Problem, e.Principal, e.Issuer, e.Caller, e.Plugin, e.Digest}
	f.mu.Lock()
	defer f.mu.Unlock()
	if first := f.seen[key]; first != nil {
		first.Count++
		return false
	}
	if len(f.seen) == Named {
		if f.others == nil {
			f.others = make(map[Action]int)
		}
		f.others[e.Action]++
		return false
	}
	if f.seen == nil {
		f.seen = make(map[alike]*Entry)
	}
	f.seen[key] = &e
	return true
}

func (f *fold) flush() {
	f.mu.Lock()
	seen, others := f.seen, f.others
	f.seen, f.others = nil, nil
	f.mu.Unlock()
	for _, e := range seen {
		if e.Count > 0 {
			e.Request, e.Trace = "", "" // those of the first alone
			f.write(*e)
		}
	}
	for action, n := range others {
		f.write(Entry{Action: action, Outcome: Refused, Count: n, Detail: "of others than the first that were named in this minute"})
	}
}
