package rotate

import (
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/vault/signing"
)

func TestDecideJWT(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	old, next := newKey(t), newKey(t)
	none, only, both := signing.Set{}, setOf(t, old), setOf(t, old, next)
	for name, c := range map[string]struct {
		keys                    Keys
		fresh, accepted, leaked bool
		want                    Step
	}{
		"at rest, a new run":              {Keys{Signing: old, Public: only}, true, false, false, Generate},
		"at rest, after a rotation":       {Keys{Signing: old, Public: only}, false, false, false, Done},
		"the set was lost":                {Keys{Signing: old, Public: none}, true, false, false, Publish},
		"made, not published":             {Keys{Signing: old, Next: &next, Public: only}, false, false, false, Publish},
		"accepted before it is published": {Keys{Signing: old, Next: &next, Public: only}, false, true, false, Publish},
		"published":                       {Keys{Signing: old, Next: &next, Public: both}, true, false, false, Accept},
		"leaked, not accepted":            {Keys{Signing: old, Next: &next, Public: both}, true, false, true, Accept},
		"accepted":                        {Keys{Signing: old, Next: &next, Public: both}, false, true, false, Sign},
		"its tokens live":                 {Keys{Signing: next, Retired: old.KeyID(), Until: now.Add(1), Public: both}, true, true, false, Outlive},
		"its tokens live, but it leaked":  {Keys{Signing: next, Retired: old.KeyID(), Until: now.Add(1), Public: both}, true, true, true, Drop},
		"its tokens have ended":           {Keys{Signing: next, Retired: old.KeyID(), Until: now, Public: both}, true, true, false, Drop},
		"dropped, not forgotten":          {Keys{Signing: next, Retired: old.KeyID(), Until: now, Public: setOf(t, next)}, true, false, false, Forget},
	} {
		if got := DecideJWT(c.keys, now, c.fresh, c.accepted, c.leaked); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestDecideRedis(t *testing.T) {
	for name, c := range map[string]struct {
		hashes      []string
		fresh, used bool
		want        Step
	}{
		"at rest, a new run":        {[]string{"new"}, true, false, Replace},
		"at rest, after a rotation": {[]string{"new"}, false, true, Done},
		"Redis lost it":             {[]string{"old"}, true, true, Restore},
		"Redis lost all":            {nil, true, false, Restore},
		"both":                      {[]string{"old", "new"}, true, false, Use},
		"both, and used":            {[]string{"old", "new"}, false, true, Remove},
	} {
		if got := DecideRedis(c.hashes, "new", c.fresh, c.used); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func newKey(t *testing.T) signing.Key {
	t.Helper()
	k, err := signing.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func setOf(t *testing.T, keys ...signing.Key) (set signing.Set) {
	t.Helper()
	for _, k := range keys {
		var err error
		if set, err = set.With(k); err != nil {
			t.Fatal(err)
		}
	}
	return set
}
