package plugin

import (
	"slices"
	"strings"
)

// join adds to t what a replica knew and t lacks, so that what a shared store
// has acknowledged outlives the store's own memory as long as one replica
// lives. Where both say something t is right, but for what answers of a plugin
// that known saw set more often. present has the digests of the modules
// that can be had; a version without its module is not added, unless it was
// refused, and so needs none. join names the plugins that it has changed: none as
// long as the store forgets nothing.
func (t *Table) join(known Table, present map[string]bool) (changed []string) {
	for i := range known.Plugins {
		k := &known.Plugins[i]
		e := t.entry(k.Name)
		if e == nil {
			e = &Entry{Name: k.Name}
		}
		added := false
		for _, r := range k.Versions {
			taken := slices.ContainsFunc(e.Versions, func(o Record) bool { return o.Version == r.Version || o.Digest == r.Digest })
			if !taken && (present[r.Digest] || r.Refused != nil) {
				e.Versions = append(e.Versions, r)
				added = true
			}
		}
		if len(e.Versions) == 0 {
			continue
		}
		later := k.Revision > e.Revision && (k.Active == "" || e.record(k.Active) != nil)
		stopped := k.Revision > e.Revision && k.Killed != e.Killed // whatever has become of its modules
		if stopped {
			e.Killed, e.Candidate = k.Killed, nil
		}
		if later {
			e.Active, e.Revision, e.Candidate = k.Active, k.Revision, nil
			if c := k.Candidate; c != nil && e.fits(c) && e.record(c.Digest).Refused == nil {
				e.Candidate = c
			}
		}
		if added {
			slices.SortStableFunc(e.Versions, func(a, b Record) int { return a.Created.Compare(b.Created) })
		}
		if t.entry(k.Name) == nil {
			t.Plugins = append(t.Plugins, *e)
		}
		if added || later || stopped {
			changed = append(changed, e.Name)
		}
	}
	if len(changed) > 0 {
		t.Revision = max(t.Revision, known.Revision)
		slices.SortFunc(t.Plugins, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
	}
	return changed
}

// clone is a copy of t that can be changed.
func (t Table) clone() Table {
	t.Plugins = slices.Clone(t.Plugins)
	for i := range t.Plugins {
		t.Plugins[i].Versions = slices.Clone(t.Plugins[i].Versions)
	}
	return t
}

// wanted are the digests of the versions that may run: of all but those that a
// replica has refused.
func (t Table) wanted() map[string]bool {
	digests := make(map[string]bool)
	for _, e := range t.Plugins {
		for _, r := range e.Versions {
			if r.Refused == nil {
				digests[r.Digest] = true
			}
		}
	}
	return digests
}
