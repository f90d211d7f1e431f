package plugin

import (
	"strings"
	"testing"
	"time"
)

// written makes a table of entries such as "mean@3=b: a b", which is the plugin
// mean, whose active version was set three times and is b, with a and b. A
// version in capitals was refused, and a plugin with a ! was killed; "=a+b" has the
// candidate b.
func written(revision int64, entries ...string) Table {
	t := Table{Revision: revision}
	for _, text := range entries {
		head, versions, _ := strings.Cut(text, ": ")
		name, active, _ := strings.Cut(head, "=")
		name, times, _ := strings.Cut(name, "@")
		name, killed := strings.CutSuffix(name, "!")
		active, candidate, tried := strings.Cut(active, "+")
		e := Entry{Name: name, Active: active, Killed: killed, Revision: int64(times[0] - '0')}
		if tried {
			e.Candidate = &Share{Digest: candidate, Percent: 10}
		}
		for _, v := range strings.Fields(versions) {
			version := strings.TrimRight(v, "'") // a and a' are two modules of one version
			r := Record{Version: version, Digest: v, Created: time.Unix(int64(version[0]), 0)}
			if strings.ToUpper(version) == version {
				r.Refused = &Refusal{}
			}
			e.Versions = append(e.Versions, r)
		}
		t.Plugins = append(t.Plugins, e)
	}
	return t
}

// text is what written was given.
func text(t Table) string {
	var all []string
	for _, e := range t.Plugins {
		var versions []string
		for _, r := range e.Versions {
			versions = append(versions, r.Digest)
		}
		name := e.Name
		if e.Killed {
			name += "!"
		}
		answers := e.Active
		if e.Candidate != nil {
			answers += "+" + e.Candidate.Digest
		}
		all = append(all, name+"@"+string(rune('0'+e.Revision))+"="+answers+": "+strings.Join(versions, " "))
	}
	return strings.Join(all, ", ")
}

func TestJoin(t *testing.T) {
	for name, c := range map[string]struct {
		shared, known []string
		missing       string // a module that nobody has
		want          string
		changed       bool
	}{
		"both empty":                    {nil, nil, "", "", false},
		"the same":                      {[]string{"m@1=a: a"}, []string{"m@1=a: a"}, "", "m@1=a: a", false},
		"shared is ahead":               {[]string{"m@2=b: a b", "n@1=a: a"}, []string{"m@1=a: a"}, "", "m@2=b: a b, n@1=a: a", false},
		"shared has lost all":           {nil, []string{"m@1=a: a", "k@1=: c"}, "", "k@1=: c, m@1=a: a", true},
		"shared has lost a version":     {[]string{"m@1=a: a"}, []string{"m@2=b: a b"}, "", "m@2=b: a b", true},
		"one between":                   {[]string{"m@2=c: a c"}, []string{"m@2=b: a b c"}, "", "m@2=c: a b c", true},
		"shared has lost a choice":      {[]string{"m@1=a: a b"}, []string{"m@2=b: a b"}, "", "m@2=b: a b", true},
		"and an uninstalling":           {[]string{"m@1=a: a"}, []string{"m@2=: a"}, "", "m@2=: a", true},
		"both chose":                    {[]string{"m@2=a: a b"}, []string{"m@2=b: a b"}, "", "m@2=a: a b", false},
		"another took the version":      {[]string{"m@1=a': a'"}, []string{"m@3=a: a"}, "", "m@1=a': a'", false},
		"the module is nowhere":         {[]string{"m@1=a: a"}, []string{"m@2=b: a b", "n@1=c: c"}, "b", "m@1=a: a, n@1=c: c", true},
		"a plugin's only one, nowhere":  {nil, []string{"m@1=a: a"}, "a", "", false},
		"active is nowhere, another is": {nil, []string{"m@1=a: a b"}, "a", "m@0=: b", true},
		"shared has lost a kill":        {[]string{"m@1=a: a"}, []string{"m!@2=a: a"}, "", "m!@2=a: a", true},
		"and all else":                  {nil, []string{"m!@2=a: a"}, "", "m!@2=a: a", true},
		"shared has lost a revival":     {[]string{"m!@2=a: a"}, []string{"m@3=a: a"}, "", "m@3=a: a", true},
		"a kill that was taken back":    {[]string{"m@3=a: a"}, []string{"m!@2=a: a"}, "", "m@3=a: a", false},
		"killed, and its module is not": {[]string{"m@1=a: a"}, []string{"m!@3=b: a b"}, "b", "m!@1=a: a", true},
		"shared has lost a candidate":   {[]string{"m@1=a: a b"}, []string{"m@2=a+b: a b"}, "", "m@2=a+b: a b", true},
		"and all else of it":            {nil, []string{"m@2=a+b: a b"}, "", "m@2=a+b: a b", true},
		"shared has lost a withdrawal":  {[]string{"m@2=a+b: a b"}, []string{"m@3=a: a b"}, "", "m@3=a: a b", true},
		"shared has lost a promotion":   {[]string{"m@2=a+b: a b"}, []string{"m@3=b: a b"}, "", "m@3=b: a b", true},
		"a candidate taken back":        {[]string{"m@3=a: a b"}, []string{"m@2=a+b: a b"}, "", "m@3=a: a b", false},
		"a candidate that is nowhere":   {[]string{"m@1=a: a"}, []string{"m@2=a+b: a b"}, "b", "m@2=a: a", true},
		"a candidate, active nowhere":   {[]string{"m@1=c: c b"}, []string{"m@2=a+b: a b c"}, "a", "m@1=c: c b", false},
		"a candidate that was refused":  {[]string{"m@1=a: a X"}, []string{"m@2=a+X: a X"}, "", "m@2=a: a X", true},
		"killed while it had one":       {[]string{"m@2=a+b: a b"}, []string{"m!@3=c: a b c"}, "c", "m!@2=a: a b", true},
		"a refused one has no module":   {nil, []string{"m@2=a: X a"}, "X", "m@2=a: X a", true},
	} {
		present := map[string]bool{}
		for _, t := range []Table{written(0, c.shared...), written(0, c.known...)} {
			for digest := range t.wanted() {
				present[digest] = digest != c.missing
			}
		}
		shared, known := written(5, c.shared...), written(7, c.known...)
		before := text(known)
		if changed := shared.join(known, present) != nil; changed != c.changed || text(shared) != c.want {
			t.Errorf("%s: %q, changed %v; want %q, %v", name, text(shared), changed, c.want, c.changed)
		}
		if text(known) != before {
			t.Errorf("%s: what was known has become %q", name, text(known))
		}
		if again := shared.join(known, present); again != nil {
			t.Errorf("%s: joined again it changes to %q", name, text(shared))
		}
	}
}
