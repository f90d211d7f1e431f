package plugin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
)

// A Sync may take long: it loads modules, and waits for those who do. That a plugin
// is to answer no more must not wait for that. So whatever is read of the table is
// kept, and what it stops is stopped at once and by every Sync that began before.

// heed stops what the store says is to answer no more.
func (l *Library) heed(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.readNewest(ctx); err != nil && !errors.Is(err, ErrUnavailable) {
		return fmt.Errorf("read what is installed: %w", err)
	}
	runners := make(map[string]registry.Runner)
	all, stops := slices.Clone(*l.view.Load()), false
	for i := range l.newest.Plugins {
		e := &l.newest.Plugins[i]
		run, runs := l.registry.Get(e.Name)
		runs = runs && !l.registry.Reserved(e.Name)
		if e.answers() != "" {
			if runs {
				runners[e.Name] = run
			}
			continue
		}
		now := e.plugin()
		at, shown := slices.BinarySearchFunc(all, e.Name, func(p Plugin, name string) int { return strings.Compare(p.Name, name) })
		switch {
		case !shown:
			all = slices.Insert(all, at, now)
		case runs || all[at].State != now.State: // of what does not run a kill is to be seen, too
			all[at] = now
		default:
			continue
		}
		stops = true
	}
	if stops {
		l.replace(runners)
		l.view.Store(&all)
	}
	return nil
}

// read is the store's Table.
func (l *Library) read(ctx context.Context) (Table, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	err := l.readNewest(ctx)
	return l.newest, err
}

// readNewest is read for those that hold l.mu.
func (l *Library) readNewest(ctx context.Context) error {
	t, err := l.store.Table(ctx)
	if err == nil || errors.Is(err, ErrUnavailable) {
		l.newest = t
	}
	return err
}

// publish makes runners what answers, but for those that have been stopped since
// their table was read. missing is to answer and does not.
func (l *Library) publish(runners map[string]registry.Runner, missing []Skipped, storeErr error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.missing, l.away = missing, storeErr
	for name := range runners {
		if e := l.newest.entry(name); e == nil || e.answers() == "" {
			delete(runners, name)
		}
	}
	l.replace(runners)
}

// replace is for those that hold l.mu. Of what was killed, calls that wait for an
// instance are refused, too; of what was replaced or uninstalled they are answered.
func (l *Library) replace(runners map[string]registry.Runner) {
	for i := range l.newest.Plugins {
		if e := &l.newest.Plugins[i]; e.Killed {
			if run, ok := l.registry.Get(e.Name); ok {
				halt(run, true)
			}
		}
	}
	for _, run := range runners {
		halt(run, false)
	}
	l.registry.Replace(runners, absent(l.newest, l.missing, l.away))
}

// unhalt has a version called again that was halted with its plugin, which was
// revived with another, unless it is the one to be stopped now.
func (l *Library) unhalt(name string, m *wasm.Module) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e := l.newest.entry(name); e != nil && !e.Killed {
		m.Halt(false)
	}
}

// halt has the modules of what answers halted, or not.
func halt(run registry.Runner, halted bool) {
	switch run := run.(type) {
	case *registry.Trial:
		halt(run.Runner, halted)
		halt(run.Candidate, halted)
	case *wasm.Module:
		run.Halt(halted)
	}
}

// outdated says whether another table was read since t.
func (l *Library) outdated(t Table) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.newest.Revision != t.Revision
}
