// Package admission lets work in, so that no tenant waits for the flood of
// another: each has a part of the room at most, a line of its own where the rest
// of its work waits, and its turn when room becomes free. It knows neither what
// the work is nor who the tenants are.
package admission

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Tenant is who work is done for. Work that nobody is named for is all one
// tenant's, "".
type Tenant string

type tenantKey struct{}

// With returns a context of work that is done for t.
func With(ctx context.Context, t Tenant) context.Context {
	return context.WithValue(ctx, tenantKey{}, t)
}

type ownKey struct{}

// WithOwn is With for work that the host does on its own account: it is not refused
// for what others have waiting.
func WithOwn(ctx context.Context, t Tenant) context.Context {
	return context.WithValue(With(ctx, t), ownKey{}, true)
}

// Of returns who the work of ctx is done for.
func Of(ctx context.Context) Tenant {
	t, _ := ctx.Value(tenantKey{}).(Tenant)
	return t
}

// Size is an amount of work: how much of it, and its memory.
type Size struct {
	Count int
	Bytes int64
}

// Rules are what a Door keeps to.
type Rules struct {
	Total Size // that may be inside at a time
	Share Size // of it, for one tenant
	Line  int  // how much work of one tenant may wait; of all, Lines times as much
	// What the work is called, in the plural, and the setting that Line is, both
	// for who is told that his line is full.
	What, Setting string
}

// Lines is how many full lines may wait in all: what waits holds its request, and
// the tenants that come are not bounded. Where all of it is full the longest line
// loses its last, so that no number of tenants with long lines keeps out one who has
// less (the longest queue drop of Suter, Lakshman, Stiliadis and Choudhury, INFOCOM
// 1998).
const Lines = 16

// Door is where work waits until it is let in. It is safe for concurrent use.
//
// Who waits is let in by turns. A tenant that comes to wait is the last to have
// its turn; one that had its turn and has more that waits is the last again. So
// what a tenant has first in its line waits, once its share has room for it, for
// at most one piece of work of each tenant that waited before. A tenant whose
// share is full keeps its place and is passed by. The one whose turn it is, is
// not, however large its work: if the whole has no room for it, all wait.
type Door struct {
	rules Rules

	mu      sync.Mutex
	inside  Size
	waiting int
	tenants map[Tenant]*tenant // that have work inside or waiting
	turns   []*tenant          // that have work waiting, the next one first
	idle    []*tenant          // for reuse
	held    mean               // how long work stays inside
	refused uint64
	crowded uint64
	gaveUp  uint64
}

type tenant struct {
	name   Tenant
	inside Size
	line   []*waiter // the next one first
	held   mean
}

type waiter struct {
	bytes int64
	since time.Time
	own   bool
	over  chan struct{} // closed when it waits no more: it is let in, or
	full  *Busy         // had to make room for another
}

// New returns a Door. One piece of work, of as many bytes as the share has, must
// always have room.
func New(r Rules) *Door {
	if r.Share.Count < 1 || r.Total.Count < r.Share.Count || r.Share.Bytes < 0 || r.Total.Bytes < r.Share.Bytes || r.Line < 0 {
		panic(fmt.Sprintf("admission: the rules %+v let nobody in, or one tenant more than all", r))
	}
	return &Door{rules: r, tenants: make(map[Tenant]*tenant)}
}

// Place is what work has that was let in.
type Place struct {
	door   *Door
	tenant *tenant
	bytes  int64
	since  time.Time
}

// Enter waits until there is room for work of so many bytes, for the tenant of
// ctx. The error is a *Busy if the tenant's line is full, at once, or if too much
// waits in all and of nobody more than of this tenant, at once or while it waits; and
// ctx's if that ends meanwhile.
func (d *Door) Enter(ctx context.Context, bytes int64) (Place, error) {
	if err := ctx.Err(); err != nil {
		return Place{}, err
	}
	if bytes > d.rules.Share.Bytes {
		return Place{}, fmt.Errorf("%s of %d bytes never have room: one tenant has %d", d.rules.What, bytes, d.rules.Share.Bytes)
	}
	d.mu.Lock()
	t := d.tenant(Of(ctx))
	if len(d.turns) == 0 && d.fits(t, bytes) {
		d.admit(t, bytes)
		d.mu.Unlock()
		return Place{d, t, bytes, time.Now()}, nil
	}
	w := &waiter{bytes: bytes, since: time.Now(), own: ctx.Value(ownKey{}) != nil, over: make(chan struct{})}
	d.join(t, w)
	d.dispatch() // it may have room though others wait for theirs
	switch {
	case w.waits() && len(t.line) > d.rules.Line:
		d.refuse(t, false)
	case w.waits() && !w.own && d.waiting > Lines*d.rules.Line:
		d.refuse(d.longest(t), true)
	}
	d.mu.Unlock()
	select {
	case <-w.over:
		if w.full != nil {
			return Place{}, w.full
		}
		return Place{d, t, bytes, time.Now()}, nil
	case <-ctx.Done():
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch { // it may have waited no more at the same moment
	case w.full != nil:
		return Place{}, w.full
	case w.waits():
		d.leave(t, w)
	default:
		d.vacate(t, bytes)
	}
	d.gaveUp++
	d.dispatch() // what waited behind it may have room
	d.forget(t)
	return Place{}, ctx.Err()
}

// longest is the tenant with the longest line, t if no other is longer; what the host
// does on its own account stays.
func (d *Door) longest(t *tenant) *tenant {
	for _, other := range d.turns {
		if len(other.line) > len(t.line) && !other.last().own {
			t = other
		}
	}
	return t
}

// refuse turns the last in the line of t away, for what it or all have waiting.
func (d *Door) refuse(t *tenant, all bool) {
	w := t.last()
	d.leave(t, w)
	w.full = d.busy(t, all)
	if all {
		d.crowded++
	} else {
		d.refused++
	}
	close(w.over)
	d.forget(t)
}

// Leave gives a place back, once.
func (p Place) Leave() {
	took := time.Since(p.since)
	d := p.door
	d.mu.Lock()
	defer d.mu.Unlock()
	d.held.add(took)
	p.tenant.held.add(took)
	d.vacate(p.tenant, p.bytes)
	d.dispatch()
	d.forget(p.tenant)
}

// dispatch lets in who has room, by turns.
func (d *Door) dispatch() {
	for i := 0; i < len(d.turns); {
		t := d.turns[i]
		w := t.line[0]
		switch {
		case !t.inside.fits(w.bytes, d.rules.Share):
			i++
			continue
		case !d.inside.fits(w.bytes, d.rules.Total):
			return
		}
		d.leave(t, w)
		if len(t.line) > 0 {
			d.turns = append(slices.Delete(d.turns, i, i+1), t)
		}
		d.admit(t, w.bytes)
		close(w.over)
	}
}

func (d *Door) fits(t *tenant, bytes int64) bool {
	return t.inside.fits(bytes, d.rules.Share) && d.inside.fits(bytes, d.rules.Total)
}

// fits says whether one more has room beside s.
func (s Size) fits(bytes int64, most Size) bool {
	return s.Count < most.Count && s.Bytes+bytes <= most.Bytes
}

func (d *Door) admit(t *tenant, bytes int64) {
	for _, s := range []*Size{&d.inside, &t.inside} {
		s.Count++
		s.Bytes += bytes
	}
}

func (d *Door) vacate(t *tenant, bytes int64) {
	for _, s := range []*Size{&d.inside, &t.inside} {
		s.Count--
		s.Bytes -= bytes
	}
}

// join puts w at the end of the line of t, whose turn comes last if it is new.
func (d *Door) join(t *tenant, w *waiter) {
	if len(t.line) == 0 {
		d.turns = append(d.turns, t)
	}
	t.line = append(t.line, w)
	d.waiting++
}

// leave takes w out of the line of t.
func (d *Door) leave(t *tenant, w *waiter) {
	at := slices.Index(t.line, w)
	t.line = slices.Delete(t.line, at, at+1)
	d.waiting--
	if len(t.line) == 0 {
		at := slices.Index(d.turns, t)
		d.turns = slices.Delete(d.turns, at, at+1)
	}
}

func (w *waiter) waits() bool {
	select {
	case <-w.over:
		return false
	default:
		return true
	}
}

func (t *tenant) last() *waiter { return t.line[len(t.line)-1] }

// spares is how many tenants without work are kept for reuse: so many that come
// and go do not make garbage.
const spares = 64

func (d *Door) tenant(name Tenant) *tenant {
	if t := d.tenants[name]; t != nil {
		return t
	}
	var t *tenant
	if n := len(d.idle); n > 0 {
		t, d.idle = d.idle[n-1], d.idle[:n-1]
	} else {
		t = new(tenant)
	}
	t.name = name
	d.tenants[name] = t
	return t
}

// forget drops a tenant that has no work any more.
func (d *Door) forget(t *tenant) {
	if t.inside.Count > 0 || len(t.line) > 0 {
		return
	}
	delete(d.tenants, t.name)
	*t = tenant{line: t.line}
	if len(d.idle) < spares {
		d.idle = append(d.idle, t)
	}
}

// mean is that of the last few times, each counting for an eighth.
type mean time.Duration

func (m *mean) add(took time.Duration) {
	if *m == 0 {
		*m = mean(took)
		return
	}
	*m += (mean(took) - *m) / 8
}

// ErrBusy is what every Busy is.
var ErrBusy = errors.New("too much waits already")

// Busy is the error of work whose tenant has a full line, or, where as much as Lines
// of them waits, the longest.
type Busy struct {
	Rules
	All bool // it is what all have waiting, and not the tenant's own line
	// Wait is how long what waits will take, by how long such work has stayed inside
	// and how much of it is inside now: the tenant's, or all.
	Wait time.Duration
}

func (d *Door) busy(t *tenant, all bool) *Busy {
	if all {
		return &Busy{d.rules, true, time.Duration(d.held) * time.Duration(d.waiting) / time.Duration(max(1, d.inside.Count))}
	}
	held := t.held
	switch {
	case held > 0:
	case d.held > 0:
		held = d.held
	case len(t.line) > 0: // what it waits for has taken as long at least
		held = mean(time.Since(t.line[0].since))
	}
	return &Busy{d.rules, false, time.Duration(held) * time.Duration(len(t.line)) / time.Duration(max(1, t.inside.Count))}
}

// Seconds is Wait in whole seconds, at least 1.
func (b *Busy) Seconds() int { return max(1, int((b.Wait+time.Second-1)/time.Second)) }

func (b *Busy) Error() string {
	if b.All {
		return fmt.Sprintf("%d %s of all callers wait already, as many as may, %d times the setting %s, and of nobody more than of you; try again in %d s", Lines*b.Line, b.What, Lines, b.Setting, b.Seconds())
	}
	return fmt.Sprintf("%d %s of yours wait already, as many as may by the setting %s; try again in %d s", b.Line, b.What, b.Setting, b.Seconds())
}

func (b *Busy) Unwrap() error { return ErrBusy }

// Count is what a Door counts.
type Count struct {
	Inside  Size
	Waiting int
	Refused uint64 // since the beginning, as their line was full
	Crowded uint64 // since the beginning, as too much waited in all and theirs was the longest line
	GaveUp  uint64 // since the beginning, while they waited
}

// Count returns the counts of this moment.
func (d *Door) Count() Count {
	d.mu.Lock()
	defer d.mu.Unlock()
	return Count{d.inside, d.waiting, d.refused, d.crowded, d.gaveUp}
}
