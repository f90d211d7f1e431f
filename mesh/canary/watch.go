package canary

import (
	"context"
	"time"
)

// Observer sees a canary. An error means that nothing could be seen now.
type Observer interface {
	Observe(ctx context.Context) (Observation, error)
}

// Watch looks at a canary every interval until it is judged, tells report of
// each decision, and returns the last. It ends early, with the context's error,
// when ctx does; what could not be seen is a reason to wait, until the policy's
// MaxDuration has passed since the share was given, or since Watch began where
// that is not known.
func Watch(ctx context.Context, from Observer, p Policy, interval time.Duration, report func(Decision)) (Decision, error) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	since := time.Now()
	for {
		o, err := from.Observe(ctx)
		if ctx.Err() != nil {
			return Decision{}, ctx.Err()
		}
		if err != nil {
			o = Observation{Since: since, Missing: []string{err.Error()}}
		} else if !o.Since.IsZero() {
			since = o.Since
		}
		d := Decide(o, p, time.Now())
		report(d)
		if d.Verdict != Wait {
			return d, nil
		}
		select {
		case <-ctx.Done():
			return d, ctx.Err()
		case <-ticker.C:
		}
	}
}
