package vault

import (
	"testing"
	"time"
)

func TestLeaseNeeds(t *testing.T) {
	begun := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	hour := lease{begun, time.Hour, time.Hour, true}
	for name, c := range map[string]struct {
		lease  lease
		after  time.Duration
		spread float64
		want   need
	}{
		"young":                        {hour, 39 * time.Minute, 0, nothing},
		"two thirds":                   {hour, 40 * time.Minute, 0, renewal},
		"a tenth sooner":               {hour, 34 * time.Minute, 1, renewal},
		"sooner than that":             {hour, 33 * time.Minute, 1, nothing},
		"ended":                        {hour, time.Hour, 0, login},
		"not renewable":                {lease{begun, time.Hour, time.Hour, false}, 40 * time.Minute, 0, login},
		"renewed to half":              {lease{begun, 30 * time.Minute, time.Hour, true}, 20 * time.Minute, 0, renewal},
		"renewed to less than half":    {lease{begun, 29 * time.Minute, time.Hour, true}, 20 * time.Minute, 0, login},
		"less than half, but it lives": {lease{begun, 29 * time.Minute, time.Hour, true}, 19 * time.Minute, 0, nothing},
		"never ends":                   {lease{begun: begun}, 1000 * time.Hour, 0, nothing},
	} {
		if got := c.lease.needs(begun.Add(c.after), c.spread); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// TestBackoff: Vault's return is noticed within 5 s, however long it was away.
func TestBackoff(t *testing.T) {
	for failures, want := range map[int]time.Duration{
		1: 250 * time.Millisecond, 2: 500 * time.Millisecond, 3: time.Second, 4: 2 * time.Second, 1_000_000: 2 * time.Second,
	} {
		if got := backoff(failures, 1); got != want {
			t.Errorf("after %d failures %s, want %s", failures, got, want)
		}
		if got := backoff(failures, 0); got != want/2 {
			t.Errorf("after %d failures at least %s, want %s", failures, got, want/2)
		}
	}
	if slowest := attempt + backoff(1_000_000, 1); slowest > 5*time.Second {
		t.Errorf("Vault's return is noticed after %s", slowest)
	}
}
