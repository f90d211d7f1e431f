// Package plugin is the library of uploaded modules: which plugins there are,
// their versions, and which version of each answers. What is installed is in a
// Store; Library.Sync makes what runs here equal to it, at boot, after an
// upload, and whenever the Store has changed.
package plugin

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/admission"
	"github.com/gravitywavesml/gravity_techanalysis/host/audit"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
)

// State is what a plugin or a version is doing.
type State string

// The states of a plugin are Active, Killed and Inactive, those of a version
// Active, Killed, OnTrial, Stored and Refused.
const (
	Active   State = "active"    // it answers; a plugin: one of its versions does
	Killed   State = "killed"    // it would, and was stopped everywhere until it is revived
	Inactive State = "inactive"  // no version of the plugin is active
	OnTrial  State = "candidate" // the version gets a share of the calls beside the active one
	Stored   State = "stored"    // the version can be made active
	Refused  State = "refused"   // a replica refused the version, so none runs it
)

// Version is one module of a plugin. It never changes, but for its State.
type Version struct {
	Name    string       `json:"name"`
	Version string       `json:"version"`
	Digest  string       `json:"digest"`
	State   State        `json:"state,omitempty"` // absent for what was only checked
	Size    int          `json:"size"`            // bytes
	Created time.Time    `json:"created,omitzero"`
	Spec    *ta.Spec     `json:"spec"`
	Report  *wasm.Report `json:"report"`
	Refused *Refusal     `json:"refused,omitempty"` // why it is Refused
}

// Plugin is all versions of one name.
type Plugin struct {
	Name      string     `json:"name"`
	State     State      `json:"state"`
	Active    string     `json:"active,omitempty"`    // the digest of the active version
	Candidate *Candidate `json:"candidate,omitempty"` // absent for none
	Versions  []Version  `json:"versions"`            // the oldest first
	Error     string     `json:"error,omitempty"`     // why the active version does not run here
}

// Skipped is a version that is to be active, or the candidate, and could not be
// made to run.
type Skipped struct {
	Name, Version, Digest string
	Candidate             bool
	Err                   error
}

// spares is how many modules that are not active stay loaded, the ones used
// last, so that a roll-back need not compile, and a request that found one
// just before it was replaced can go on with it.
const spares = 4

// judge makes a module of what was uploaded, if it is fit to run.
type judge func(ctx context.Context, module []byte) (*wasm.Module, error)

// Library is safe for concurrent use. Reading it takes no lock.
type Library struct {
	store    Store
	room     Room
	judge    judge                         // the sandbox's Load
	first    judge                         // its LoadFirst
	retain   func(digests map[string]bool) // its Retain
	registry *registry.Registry

	view atomic.Pointer[[]Plugin] // by name; replaced, never changed
	told func(plugin string, came Outcome)

	mu      sync.Mutex // held while the table is read, and while what answers is replaced
	newest  Table      // the last that was read
	missing []Skipped  // what is to answer and does not, and why
	away    error      // of the store, when it was last read for a Sync

	one    *semaphore.Weighted // held by what changes the store or what runs; guards the rest
	begun  bool                // there was a Sync
	loaded []*wasm.Module      // the one used last at the end
	active map[string]bool     // digests of those that answer, or may
	known  map[string]error    // digests of those that do not, and will not in this version of the table
	table  string              // that version
	chosen map[place]string    // the digest that was in a place when it was last decided on
	trials map[string]*trial   // by name
}

// Open returns the Library of what store has. Nothing runs before Sync.
func Open(ctx context.Context, store Store, room Room, sandbox *wasm.Sandbox, names *registry.Registry) (*Library, error) {
	l := &Library{store: store, room: room.orDefaults(), judge: sandbox.Load, first: sandbox.LoadFirst, retain: sandbox.Retain, registry: names, one: semaphore.NewWeighted(1), known: map[string]error{}}
	t, err := store.Table(ctx)
	if err != nil && !errors.Is(err, ErrUnavailable) {
		return nil, fmt.Errorf("open the library of plugins: %w", err)
	}
	l.newest = t
	l.show(t, nil)
	return l, nil
}

// Follow keeps what runs here equal to the store until ctx ends: it syncs at
// once, and again whenever the store may have been changed by another process.
// It calls tell with what each Sync gave.
func (l *Library) Follow(ctx context.Context, tell func([]Skipped, error)) {
	heed := func() { _ = l.heed(ctx) } // the Sync that follows finds the same wrong, and says so
	l.store.Follow(ctx, heed, func() {
		if skipped, err := l.Sync(ctx); ctx.Err() == nil {
			tell(skipped, err)
		}
	}, func(digest string) error { return l.prepare(ctx, digest) })
}

// Sync makes the registry equal to the store. A version that does not load is
// left out and reported; the others run. The error is for a store that cannot
// be read: if it is ErrUnavailable then what was last known runs, else
// everything stays as it is.
func (l *Library) Sync(ctx context.Context) ([]Skipped, error) {
	if err := l.one.Acquire(ctx, 1); err != nil {
		return nil, fmt.Errorf("wait for another change of the plugins: %w", err)
	}
	defer l.one.Release(1)
	return l.sync(ctx)
}

// sync is Sync for those that hold l.one.
func (l *Library) sync(ctx context.Context) ([]Skipped, error) {
	t, storeErr := l.read(ctx)
	if storeErr != nil {
		storeErr = fmt.Errorf("read what is installed: %w", storeErr)
		if !errors.Is(storeErr, ErrUnavailable) {
			return nil, storeErr
		}
	}
	if t.version == "" || t.version != l.table {
		clear(l.known)
	}
	l.table = t.version
	l.expect(t, storeErr)
	if !l.begun {
		l.loadFirst(ctx, t)
		l.begun = true
	}
	runners := make(map[string]registry.Runner)
	active := make(map[string]bool)
	trials := make(map[string]*trial)
	var skipped []Skipped
	for i := range t.Plugins {
		e := &t.Plugins[i]
		if e.answers() == "" {
			continue
		}
		r := e.record(e.Active)
		m, err := l.load(ctx, e.Name, r)
		if ctx.Err() != nil {
			return nil, fmt.Errorf("load the plugins: %w", ctx.Err())
		}
		if err != nil {
			skipped = append(skipped, Skipped{Name: e.Name, Version: r.Version, Digest: r.Digest, Err: err})
			continue
		}
		runners[e.Name], active[e.Active] = m, true
		if e.Candidate == nil {
			continue
		}
		c := e.record(e.Candidate.Digest)
		other, err := l.load(ctx, e.Name, c)
		if ctx.Err() != nil {
			return nil, fmt.Errorf("load the plugins: %w", ctx.Err())
		}
		if err != nil { // all calls are the active one's
			skipped = append(skipped, Skipped{e.Name, c.Version, c.Digest, true, err})
			continue
		}
		trials[e.Name] = l.trial(e, m, other)
		runners[e.Name], active[c.Digest] = trials[e.Name].runner(m, other, e.Candidate.Percent), true
	}
	l.active, l.trials = active, trials
	l.publish(runners, skipped, storeErr)
	l.show(t, skipped)
	l.trim()
	if storeErr != nil {
		return skipped, storeErr
	}
	l.retain(t.wanted())
	if l.refuse(ctx, t, skipped) {
		more, err := l.sync(ctx)
		return append(skipped, more...), err
	}
	if l.outdated(t) {
		return l.sync(ctx)
	}
	return skipped, nil
}

// loadFirst loads what is to answer, as many modules at a time as there are processors:
// whoever comes is not served before all of them are there. What does not load is left
// to the sync, which says why.
func (l *Library) loadFirst(ctx context.Context, t Table) {
	var mu sync.Mutex
	var all errgroup.Group
	all.SetLimit(runtime.GOMAXPROCS(0))
	load := func(name string, r *Record) {
		all.Go(func() error {
			mu.Lock()
			held := l.held(r.Digest) != nil // it was announced
			mu.Unlock()
			if held {
				return nil
			}
			m, err := l.fetch(ctx, name, r, l.first)
			mu.Lock()
			defer mu.Unlock()
			_, _ = l.fetched(r.Digest, m, err)
			return nil
		})
	}
	for i := range t.Plugins {
		e := &t.Plugins[i]
		if e.answers() == "" || l.registry.Reserved(e.Name) {
			continue
		}
		load(e.Name, e.record(e.Active))
		if e.Candidate != nil {
			load(e.Name, e.record(e.Candidate.Digest))
		}
	}
	_ = all.Wait()
}

// expect has calls of plugins that are about to be loaded told to wait for it,
// and ends those of plugins that were killed or deleted: neither is to wait until
// others are loaded. A plugin of which another version runs here goes on with that
// one.
func (l *Library) expect(t Table, storeErr error) {
	runners := make(map[string]registry.Runner)
	var coming []Skipped
	gone := false // a plugin that answers here is to answer no more
	for i := range t.Plugins {
		e := &t.Plugins[i]
		if l.registry.Reserved(e.Name) {
			continue
		}
		if e.answers() == "" {
			_, runs := l.registry.Get(e.Name)
			gone = gone || runs
			continue
		}
		if run, ok := l.registry.Get(e.Name); ok {
			runners[e.Name] = run
		} else if l.known[e.Active] == nil {
			coming = append(coming, Skipped{Name: e.Name, Err: errComing})
		}
	}
	if gone || len(coming) > 0 {
		l.publish(runners, coming, storeErr)
	}
}

var errComing = fmt.Errorf("%w: the plugin is being loaded", ErrUnavailable)

// absent says of a name that nothing here has, why there may be one all the same:
// it was killed, it could not be fetched, or nothing was ever heard of the store.
func absent(t Table, skipped []Skipped, storeErr error) func(string) error {
	if storeErr != nil && t.Revision == 0 {
		return func(string) error { return storeErr }
	}
	missing := make(map[string]error)
	for i := range t.Plugins {
		if e := &t.Plugins[i]; e.Killed {
			missing[e.Name] = fmt.Errorf("%w: %s does not answer until it is revived", ErrKilled, e.Name)
		}
	}
	for _, s := range skipped {
		if errors.Is(s.Err, ErrUnavailable) {
			missing[s.Name] = s.Err
		}
	}
	return func(name string) error { return missing[name] }
}

// load returns the module of a record, and compiles it unless it is loaded.
func (l *Library) load(ctx context.Context, name string, r *Record) (*wasm.Module, error) {
	if l.registry.Reserved(name) {
		return nil, fmt.Errorf("%w: %s is the name of a native indicator", ErrConflict, name)
	}
	if m := l.held(r.Digest); m != nil {
		return m, nil
	}
	if err := l.known[r.Digest]; err != nil {
		return nil, err
	}
	m, err := l.fetch(ctx, name, r, l.judge)
	return l.fetched(r.Digest, m, err)
}

// itself is the tenant of what the library loads on its own account, one module at
// a time: its line is never full, whoever floods theirs.
const itself admission.Tenant = "the library of plugins"

// fetched keeps what came of a fetch, unless it may be another the next time.
func (l *Library) fetched(digest string, m *wasm.Module, err error) (*wasm.Module, error) {
	if errors.Is(err, wasm.ErrRejected) || errors.Is(err, ErrCorrupt) {
		l.known[digest] = err
	}
	if err != nil {
		return nil, err
	}
	return l.hold(m), nil
}

// fetch is load of what is not loaded, which is not held yet.
func (l *Library) fetch(ctx context.Context, name string, r *Record, judge judge) (*wasm.Module, error) {
	b, err := l.store.Module(ctx, r.Digest)
	if err != nil {
		return nil, err
	}
	if got := digestOf(b); got != r.Digest {
		return nil, fmt.Errorf("%w: the store has %s under the digest %s", ErrCorrupt, got, r.Digest)
	}
	m, err := judge(admission.WithOwn(ctx, itself), b)
	if err != nil {
		return nil, err
	}
	if m.Spec().Name != name || m.Version() != r.Version {
		m.Close()
		return nil, fmt.Errorf("%w: the module says that it is %s %s, the table that it is %s %s", ErrCorrupt, m.Spec().Name, m.Version(), name, r.Version)
	}
	return m, nil
}

// held finds a loaded module, and counts it as used.
func (l *Library) held(digest string) *wasm.Module {
	i := slices.IndexFunc(l.loaded, func(m *wasm.Module) bool { return m.Digest() == digest })
	if i < 0 {
		return nil
	}
	m := l.loaded[i]
	l.loaded = append(slices.Delete(l.loaded, i, i+1), m)
	return m
}

// hold keeps a module that was loaded. One of the same digest is the one that
// stays, and is returned.
func (l *Library) hold(m *wasm.Module) *wasm.Module {
	if old := l.held(m.Digest()); old != nil {
		m.Close()
		return old
	}
	l.loaded = append(l.loaded, m)
	m.Keep()
	return m
}

// trim closes loaded modules that are not active, but for the spares. A module
// with calls in flight frees itself after the last one.
func (l *Library) trim() {
	idle := len(l.loaded) - len(l.active)
	l.loaded = slices.DeleteFunc(l.loaded, func(m *wasm.Module) bool {
		if l.active[m.Digest()] || idle <= spares {
			return false
		}
		idle--
		m.Close()
		return true
	})
}

// show publishes a table to those who read. What has been stopped since it was
// read is shown as that.
func (l *Library) show(t Table, skipped []Skipped) {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make([]Plugin, 0, len(t.Plugins))
	for i := range t.Plugins {
		p := t.Plugins[i].plugin()
		if e := l.newest.entry(p.Name); e != nil && e.answers() == "" {
			all = append(all, e.plugin())
			continue
		}
		for _, s := range skipped {
			switch {
			case s.Name != p.Name:
			case s.Candidate:
				p.Candidate.Error = s.Err.Error()
			default:
				p.Error = s.Err.Error()
			}
		}
		if p.Candidate != nil {
			p.Candidate.trial = l.trials[p.Name]
			if p.Candidate.trial == nil && p.Candidate.Error == "" {
				p.Candidate.Error = "the active version does not run here"
			}
		}
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b Plugin) int { return strings.Compare(a.Name, b.Name) })
	l.view.Store(&all)
}

// plugin is what the entry says; an Error is not in it.
func (e *Entry) plugin() Plugin {
	p := Plugin{Name: e.Name, State: Inactive, Active: e.Active}
	switch {
	case e.Killed:
		p.State = Killed
	case e.Active != "":
		p.State = Active
	}
	if c := e.Candidate; c != nil {
		p.Candidate = &Candidate{Share: *c}
	}
	for i := range e.Versions {
		p.Versions = append(p.Versions, e.version(&e.Versions[i]))
	}
	return p
}

func (e *Entry) version(r *Record) Version {
	v := Version{
		Name: e.Name, Version: r.Version, Digest: r.Digest, State: Stored,
		Size: r.Size, Created: r.Created, Spec: r.Spec, Report: r.Report, Refused: r.Refused,
	}
	switch {
	case e.Active == r.Digest && e.Killed:
		v.State = Killed
	case e.Active == r.Digest:
		v.State = Active
	case e.Candidate != nil && e.Candidate.Digest == r.Digest:
		v.State = OnTrial
	case r.Refused != nil:
		v.State = Refused
	}
	return v
}

// Check tries a module as Upload does and stores nothing. The error is a
// *wasm.Rejected if the module would not be taken.
func (l *Library) Check(ctx context.Context, module []byte) (Version, error) {
	m, err := l.judge(ctx, module)
	if err != nil {
		return Version{}, err
	}
	defer m.Close()
	if err := m.Prove(ctx); err != nil {
		return Version{}, err
	}
	if name := m.Spec().Name; l.registry.Reserved(name) {
		return Version{}, &wasm.Rejected{Gate: "name", Detail: name + " is the name of a native indicator"}
	}
	r := record(m, len(module))
	r.Created = time.Time{}
	v := (&Entry{Name: m.Spec().Name}).version(&r)
	v.State = ""
	return v, nil
}

func record(m *wasm.Module, size int) Record {
	return Record{
		Version: m.Version(), Digest: m.Digest(), Size: size,
		Created: time.Now().UTC().Truncate(time.Millisecond),
		Spec:    m.Spec(), Report: m.Report(),
	}
}

// Upload checks and stores a module, and makes it the active version of its
// plugin if activate says so. created is false for bytes that were there
// already. The error is a *wasm.Rejected for a module that does not pass, and
// ErrConflict for one that has the name of a native indicator, or the name and
// version of another module, and ErrNoRoom where there is as much already as may be.
// Where the shared store is away it, as that of all that changes something, is
// ErrUnavailable.
func (l *Library) Upload(ctx context.Context, module []byte, activate bool) (v Version, created bool, err error) {
	digest := digestOf(module)
	t, err := l.store.Table(ctx)
	if err != nil {
		return Version{}, false, err
	}
	var m *wasm.Module // nil for what is stored: it was checked
	if _, known := t.find(digest); known == nil || known.Refused != nil {
		if m, err = l.judge(ctx, module); err != nil {
			return Version{}, false, err
		}
		if name := m.Spec().Name; l.registry.Reserved(name) {
			m.Close()
			return Version{}, false, fmt.Errorf("%w: %s is the name of a native indicator; give the plugin another", ErrConflict, name)
		}
		if err := m.Prove(ctx); err != nil {
			m.Close()
			return Version{}, false, err
		}
		if known == nil {
			if err := l.takes(t, record(m, len(module)), activate); err != nil {
				m.Close()
				return Version{}, false, err
			}
		}
	}
	// The bytes come first: a table never names a module that is not there.
	if err := l.offer(ctx, digest, module, m, activate); err != nil {
		return Version{}, false, err
	}
	if err := l.one.Acquire(ctx, 1); err != nil {
		return Version{}, false, fmt.Errorf("wait for another change of the plugins: %w", err)
	}
	defer l.one.Release(1)
	return l.install(ctx, digest, len(module), m, activate)
}

// takes says whether the table would take a new version, before its bytes are stored.
func (l *Library) takes(t Table, r Record, activate bool) error {
	probe := t.clone()
	e, _, err := probe.add(r)
	if err != nil {
		return err
	}
	if activate {
		e.activate(r.Digest)
	}
	return l.room.allows(t.taken(), probe.taken())
}

// update is the store's Update, of what there is room for.
func (l *Library) update(ctx context.Context, change func(*Table) error) error {
	return l.store.Update(ctx, func(t *Table) error {
		before := t.taken()
		if err := change(t); err != nil {
			return err
		}
		return l.room.allows(before, t.taken())
	})
}

// offer keeps m, if there is one, among the loaded, stores the bytes, and has
// all replicas load them if they are to be active.
func (l *Library) offer(ctx context.Context, digest string, module []byte, m *wasm.Module, activate bool) error {
	if m != nil {
		if _, err := l.spare(ctx, m); err != nil {
			return err
		}
	}
	if err := l.store.PutModule(ctx, digest, module); err != nil {
		return err
	}
	if !activate {
		return nil
	}
	return l.store.Announce(ctx, digest)
}

// install puts a module that passed into the table, m being what it was loaded
// as if it was not known before, and syncs.
func (l *Library) install(ctx context.Context, digest string, size int, m *wasm.Module, activate bool) (v Version, created bool, err error) {
	err = l.update(ctx, func(t *Table) error {
		e, r := t.find(digest)
		created = r == nil
		if created {
			if m == nil {
				return fmt.Errorf("%w: version %s was removed meanwhile", ErrNotFound, digest)
			}
			if e, r, err = t.add(record(m, size)); err != nil {
				return err
			}
		}
		if r.Refused != nil {
			if m == nil {
				return r.Refused.rejected()
			}
			r.Refused = nil // by those that have judged it since
		}
		detail := "stored"
		if activate {
			e.activate(digest)
			detail = "stored and activated"
		}
		v = e.version(r)
		t.note = audit.Entry{Action: audit.Upload, Plugin: v.Name, Version: v.Version, Digest: digest, Detail: detail}.By(audit.From(ctx))
		return nil
	})
	if err != nil {
		return Version{}, false, err
	}
	return v, created, l.settle(ctx, digest)
}

// add puts a new version into the table.
func (t *Table) add(r Record) (*Entry, *Record, error) {
	name := r.Spec.Name
	e := t.entry(name)
	if e == nil {
		t.Plugins = append(t.Plugins, Entry{Name: name})
		e = &t.Plugins[len(t.Plugins)-1]
	}
	for _, other := range e.Versions {
		if other.Version == r.Version {
			return nil, nil, fmt.Errorf("%w: %s %s is another module, %s; a version never changes, so give this one a new version", ErrConflict, name, r.Version, other.Digest)
		}
	}
	e.Versions = append(e.Versions, r)
	return e, &e.Versions[len(e.Versions)-1], nil
}

// settle syncs after a change that is stored, and so no longer the caller's to
// give up. The error says why the version of that digest, if it is to be
// active, does not run here.
func (l *Library) settle(ctx context.Context, digest string) error {
	skipped, err := l.sync(context.WithoutCancel(ctx))
	if err != nil {
		return err
	}
	for _, s := range skipped {
		if s.Digest == digest {
			return fmt.Errorf("version %s is to answer and does not run here: %w", digest, s.Err)
		}
	}
	return nil
}

// List is what there is, by name. Do not write to it.
func (l *Library) List() []Plugin { return *l.view.Load() }

// Get returns one plugin, or ErrNotFound.
func (l *Library) Get(name string) (Plugin, error) {
	for _, p := range l.List() {
		if p.Name == name {
			return p, nil
		}
	}
	return Plugin{}, fmt.Errorf("%w: plugin %.80q", ErrNotFound, name)
}

// has says whether the plugin has the version of that digest.
func (p Plugin) has(digest string) bool {
	return slices.ContainsFunc(p.Versions, func(v Version) bool { return v.Digest == digest })
}

// refused says whether the version of that digest was refused by a replica.
func (p Plugin) refused(digest string) bool {
	return slices.ContainsFunc(p.Versions, func(v Version) bool { return v.Digest == digest && v.State == Refused })
}

// Module returns the bytes of a version, or ErrNotFound.
func (l *Library) Module(ctx context.Context, name, digest string) ([]byte, error) {
	p, err := l.Get(name)
	if err != nil {
		return nil, err
	}
	if !p.has(digest) {
		return nil, fmt.Errorf("%w: version %.80q of plugin %s", ErrNotFound, digest, name)
	}
	b, err := l.store.Module(ctx, digest)
	if errors.Is(err, ErrNotFound) && p.refused(digest) {
		return nil, fmt.Errorf("%w: version %s of plugin %s was refused, and its module is not kept", ErrNotFound, digest, name)
	}
	return b, err
}

// Stored is a version of a plugin by its digest, whether it answers or not, loaded
// for who asks by name; nil where there is none. It is ErrKilled while the plugin is
// killed, and a *wasm.Rejected if a replica has refused the version.
func (l *Library) Stored(ctx context.Context, name, digest string) (registry.Runner, error) {
	p, err := l.Get(name)
	if err != nil || !p.has(digest) {
		return nil, nil
	}
	if p.State == Killed {
		return nil, fmt.Errorf("%w: %s does not answer until it is revived", ErrKilled, name)
	}
	for _, v := range p.Versions {
		if v.Digest == digest && v.Refused != nil {
			return nil, v.Refused.rejected()
		}
	}
	m, err := l.borrow(ctx, digest)
	if err != nil {
		return nil, fmt.Errorf("load version %s of %s: %w", digest, name, err)
	}
	l.unhalt(name, m)
	return m, nil
}

// borrow is the module of a version that need not be active: it becomes a spare.
func (l *Library) borrow(ctx context.Context, digest string) (*wasm.Module, error) {
	if err := l.one.Acquire(ctx, 1); err != nil {
		return nil, fmt.Errorf("wait for another change of the plugins: %w", err)
	}
	m := l.held(digest)
	l.one.Release(1)
	if m != nil {
		return m, nil
	}
	b, err := l.store.Module(ctx, digest)
	if err != nil {
		return nil, err
	}
	if m, err = l.judge(ctx, b); err != nil { // in the line of who asks
		return nil, err
	}
	return l.spare(ctx, m)
}

// Activate makes a stored version the one that answers: a later one, an
// earlier one, or one of an uninstalled plugin. It is ErrNotFound if there is
// no such version, a *wasm.Rejected if a replica has refused it, and ErrNoRoom if too
// much answers already. Unless still is nil it is asked, while nothing can change,
// whether the plugin is as the caller knew it; ErrChanged if it is not.
func (l *Library) Activate(ctx context.Context, name, digest string, still func(Plugin) bool) (Plugin, error) {
	if p, err := l.Get(name); err == nil && p.has(digest) {
		if err := l.store.Announce(ctx, digest); err != nil {
			return Plugin{}, err
		}
	}
	note := audit.Entry{Action: audit.Activate, Digest: digest}
	err := l.change(ctx, name, digest, note, still, func(e *Entry) error {
		r := e.record(digest)
		if r == nil {
			return fmt.Errorf("%w: version %.80q of plugin %s", ErrNotFound, digest, name)
		}
		if r.Refused != nil {
			return r.Refused.rejected()
		}
		e.activate(digest)
		return nil
	})
	if err != nil {
		return Plugin{}, err
	}
	return l.Get(name)
}

// Delete uninstalls a plugin: none of its versions answers, all are kept. It
// is ErrNotFound if there is no such plugin. still is as for Activate.
func (l *Library) Delete(ctx context.Context, name string, still func(Plugin) bool) error {
	return l.change(ctx, name, "", audit.Entry{Action: audit.Uninstall}, still, func(e *Entry) error {
		e.activate("")
		return nil
	})
}

// Kill stops a plugin on every replica: no version of it answers until Revive,
// also one that is uploaded or activated meanwhile. Calls of it are ErrKilled;
// those that run are ended by their gas. Killed again it stays so. It is
// ErrNotFound if there is no such plugin. still is as for Activate.
func (l *Library) Kill(ctx context.Context, name string, still func(Plugin) bool) (Plugin, error) {
	err := l.alter(ctx, name, audit.Entry{Action: audit.Kill}, still, func(e *Entry) error {
		e.kill(true)
		return nil
	})
	if err != nil {
		return Plugin{}, err
	}
	// It does not wait for a load that is under way.
	ctx = context.WithoutCancel(ctx)
	if err := l.heed(ctx); err != nil {
		return Plugin{}, err
	}
	if l.one.TryAcquire(1) {
		defer l.one.Release(1)
		if err := l.settle(ctx, ""); err != nil {
			return Plugin{}, err
		}
	}
	return l.Get(name)
}

// Revive takes a Kill back: the active version answers again, if there is one.
// What is not killed stays as it is. The errors are those of Activate.
func (l *Library) Revive(ctx context.Context, name string, still func(Plugin) bool) (Plugin, error) {
	p, err := l.Get(name)
	if err == nil && p.Active != "" {
		if err := l.store.Announce(ctx, p.Active); err != nil {
			return Plugin{}, err
		}
	}
	err = l.change(ctx, name, p.Active, audit.Entry{Action: audit.Revive}, still, func(e *Entry) error {
		e.kill(false)
		return nil
	})
	if err != nil {
		return Plugin{}, err
	}
	return l.Get(name)
}

// change alters one entry of the table and settles. digest is as for settle, and
// note what the audit log calls the change: see noted.
func (l *Library) change(ctx context.Context, name, digest string, note audit.Entry, still func(Plugin) bool, alter func(*Entry) error) error {
	if err := l.one.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("wait for another change of the plugins: %w", err)
	}
	defer l.one.Release(1)
	if err := l.alter(ctx, name, note, still, alter); err != nil {
		return err
	}
	return l.settle(ctx, digest)
}

// alter alters one entry of the stored table.
func (l *Library) alter(ctx context.Context, name string, note audit.Entry, still func(Plugin) bool, alter func(*Entry) error) error {
	known, _ := l.Get(name)
	return l.update(ctx, func(t *Table) error {
		e := t.entry(name)
		if e == nil {
			return fmt.Errorf("%w: plugin %.80q", ErrNotFound, name)
		}
		p := e.plugin()
		p.Error = known.Error // a caller of this replica has seen that, too
		if p.Candidate != nil && known.Candidate != nil {
			p.Candidate.Error = known.Candidate.Error
		}
		if still != nil && !still(p) {
			return fmt.Errorf("%w: plugin %s", ErrChanged, name)
		}
		t.note = e.noted(note).By(audit.From(ctx))
		return alter(e)
	})
}
