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
// differ otherwise. The rest are counted together. That holds for each who is
// refused, so that nobody's noise hides what another tried; where they are many,
// those who come last share what one has.
type Trail struct {
	service Log // of all replicas, or own
	own     Log // of this process
	actions fold
	callers fold
}

// How many lines refusals may cost in a minute: of each of Told, and of all the
// others together, twice Named and one for each action; and as many for callers
// who are not let in.
const (
	Window = time.Minute
	Named  = 8
	Told   = 16
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
	told   map[who]*tally // since the last flush
	others tally          // of all who are not told apart
}

// tally is what was refused to one, or to all who are not told apart.
type tally struct {
	who    who
	seen   map[alike]*Entry // Count of each: how many more
	others map[Action]int   // how many more than were named
}

// who was refused: a principal, or where nobody vouches for one the caller.
type who struct{ principal, issuer, caller string }

// alike is what entries have in common that one line stands for.
type alike struct {
	action                                             Action
	problem, principal, issuer, caller, plugin, digest string
}

func (f *fold) add(e Entry) {
	e.clip()
	if f.count(e) {
		f.write(e)
	}
}

// count says whether e is to be written now.
func (f *fold) count(e Entry) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	w := who{e.Principal, e.Issuer, ""}
	if e.Principal == "" {
		w = who{caller: e.Caller}
	}
	p := f.told[w]
	switch {
	case p != nil:
	case len(f.told) == Told:
		p = &f.others
	default:
		if f.told == nil {
			f.told = make(map[who]*tally)
		}
		p = &tally{who: w}
		f.told[w] = p
	}
	return p.count(e)
}

func (p *tally) count(e Entry) bool {
	key := alike{e.Action, e.Problem, e.Principal, e.Issuer, e.Caller, e.Plugin, e.Digest}
	if first := p.seen[key]; first != nil {
		first.Count++
		return false
	}
	if len(p.seen) == Named {
		if p.others == nil {
			p.others = make(map[Action]int)
		}
		p.others[e.Action]++
		return false
	}
	if p.seen == nil {
		p.seen = make(map[alike]*Entry)
	}
	p.seen[key] = &e
	return true
}

func (f *fold) flush() {
	f.mu.Lock()
	told, others := f.told, f.others
	f.told, f.others = nil, tally{}
	f.mu.Unlock()
	for _, p := range told {
		p.flush(f.write, "of others than the first that were named in this minute")
	}
	others.flush(f.write, "of others than the first callers, and the first of the rest, that were named in this minute")
}

func (p *tally) flush(write func(Entry), detail string) {
	for _, e := range p.seen {
		if e.Count > 0 {
			e.Request, e.Trace = "", "" // those of the first alone
			write(*e)
		}
	}
	for action, n := range p.others {
		write(Entry{
			Action: action, Outcome: Refused, Count: n, Detail: detail,
			Principal: p.who.principal, Issuer: p.who.issuer, Caller: p.who.caller,
		})
	}
}
