package canary

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

type observer func() (Observation, error)

func (f observer) Observe(context.Context) (Observation, error) { return f() }

// TestWatch: it waits while it must, and returns the first verdict.
func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		looks := 0
		o := observer(func() (Observation, error) {
			looks++
			now := time.Now()
			if looks == 3 {
				return Observation{}, errors.New("connection refused")
			}
			o := seen(now, counts(8000, 16, 1), counts(2000, 4, 1))
			o.Since = start
			return o, nil
		})
		var said []Verdict
		var reasons string
		d, err := Watch(t.Context(), o, policy, 10*time.Second, func(d Decision) {
			said = append(said, d.Verdict)
			reasons += strings.Join(d.Reasons, "; ")
		})
		if err != nil || d.Verdict != Promote || time.Since(start) != policy.MinDuration {
			t.Errorf("%v, %v after %s", d, err, time.Since(start))
		}
		if len(said) != looks || looks != 31 || said[2] != Wait || !strings.Contains(reasons, "connection refused") {
			t.Errorf("%d looks, %d reports: %v", looks, len(said), said)
		}
	})
}

// TestWatchBlind: a canary that cannot be seen is not kept for ever.
func TestWatchBlind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		blind := observer(func() (Observation, error) { return Observation{}, errors.New("connection refused") })
		d, err := Watch(t.Context(), blind, policy, 10*time.Second, func(Decision) {})
		if err != nil || d.Verdict != Abort || time.Since(start) != policy.MaxDuration {
			t.Errorf("%v, %v after %s", d, err, time.Since(start))
		}
	})
}

// TestWatchEnds: the context ends it.
func TestWatchEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		blind := observer(func() (Observation, error) { return Observation{}, errors.New("connection refused") })
		if _, err := Watch(ctx, blind, policy, 10*time.Second, func(Decision) {}); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}
