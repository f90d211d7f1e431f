package audit

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
)

// kept is a Log in memory, which may be away.
type kept struct {
	mu      sync.Mutex
	away    bool
	entries []Entry
}

func (k *kept) Append(_ context.Context, e Entry) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.away {
		return errors.New("away")
	}
	k.entries = append(k.entries, e)
	return nil
}

func (k *kept) Before(context.Context, int64, int) ([]Entry, error) { return nil, nil }
func (k *kept) Head(context.Context) (Head, error)                  { return Head{}, nil }

// TestFlood: who is not let in costs a bounded number of lines a minute, of the
// log of this process alone, and all are counted.
func TestFlood(t *testing.T) {
	const flood = 100_000
	service, own := new(kept), new(kept)
	trail := NewTrail(service, own)
	total := func() (n int) {
		for _, e := range own.entries {
			n += max(1, e.Count)
			if e.Action != Identify || e.Outcome != Refused {
				t.Errorf("%+v", e)
			}
		}
		return n
	}
	for i := range flood {
		trail.Unknown(Entry{Problem: "unauthorized", Caller: "192.0.2.1", Request: fmt.Sprint(i)})
	}
	if len(own.entries) != 1 || own.entries[0].Request != "0" {
		t.Errorf("of one caller there are %d lines before the minute is over", len(own.entries))
	}
	trail.Flush()
	if len(own.entries) != 2 || own.entries[1].Count != flood-1 || own.entries[1].Request != "" {
		t.Errorf("of one caller there are %+v", own.entries)
	}
	trail.Flush()
	if len(own.entries) != 2 {
		t.Errorf("a minute without a refusal has %d lines", len(own.entries)-2)
	}

	own.entries = nil
	for i := range flood {
		trail.Unknown(Entry{Problem: "unauthorized", Caller: fmt.Sprint(i / 3)})
	}
	trail.Flush()
	if n, lines := total(), 2*Told+2*Named+1; len(own.entries) != lines || n != flood {
		t.Errorf("of many callers there are %d lines, which stand for %d; want %d and %d", len(own.entries), n, lines, flood)
	}
	if len(service.entries) != 0 {
		t.Errorf("strangers write %d lines that all replicas keep", len(service.entries))
	}
	own.entries = nil
	trail.Unknown(Entry{Problem: "unauthorized", Caller: "192.0.2.1"})
	if len(own.entries) != 1 {
		t.Error("after the flood a caller is not named again")
	}
}

// TestNoiseHidesNobody: however much is refused to one, the first of another is
// named; and who is not told apart any more is counted.
func TestNoiseHidesNobody(t *testing.T) {
	log := new(kept)
	trail := NewTrail(log, log)
	named := func(of string) (lines, stand int) {
		for _, e := range log.entries {
			if e.Principal == of {
				lines++
				stand += max(1, e.Count)
			}
		}
		return lines, stand
	}
	const noise, others = 1000, 100
	refuse := func(principal string, n int) {
		for i := range n {
			trail.Refuse(Entry{Action: Upload, Problem: "plugin-rejected", Principal: principal, Digest: fmt.Sprint(i)})
		}
	}
	refuse("loud", noise)
	refuse("quiet", 1)
	if lines, _ := named("quiet"); lines != 1 {
		t.Error("the noise of another hides what was refused to one")
	}
	trail.Flush()
	if lines, stand := named("loud"); lines != Named+1 || stand != noise {
		t.Errorf("the noise has %d lines, which stand for %d; want %d and %d", lines, stand, Named+1, noise)
	}

	log.entries = nil
	for i := range others {
		refuse(fmt.Sprint("p", i), Named+5)
	}
	trail.Flush()
	total := 0
	for _, e := range log.entries {
		total += max(1, e.Count)
	}
	if want := others * (Named + 5); total != want || len(log.entries) != (Told+1)*(Named+1) {
		t.Errorf("of %d there are %d lines, which stand for %d; want %d and %d", others, len(log.entries), total, (Told+1)*(Named+1), want)
	}
}

// TestRefuse: what was refused is in the log of all replicas, or where that is
// away in that of this one; and one caller's flood does not hide another's.
func TestRefuse(t *testing.T) {
	service, own := new(kept), new(kept)
	trail := NewTrail(service, own)
	for i := range 1000 {
		trail.Unknown(Entry{Problem: "unauthorized", Caller: fmt.Sprint(i)})
	}
	own.entries = nil
	for _, e := range []Entry{
		{Action: Upload, Problem: "plugin-rejected", Principal: "a", Digest: "1"},
		{Action: Upload, Problem: "plugin-rejected", Principal: "a", Digest: "2"},
		{Action: Upload, Problem: "plugin-rejected", Principal: "b", Digest: "1"},
		{Action: Kill, Problem: "unknown-plugin", Principal: "a", Plugin: "x"},
	} {
		trail.Refuse(e)
	}
	if len(service.entries) != 4 || len(own.entries) != 0 {
		t.Errorf("%d and %d lines, want 4 and 0", len(service.entries), len(own.entries))
	}
	service.away = true
	trail.Refuse(Entry{Action: Kill, Problem: "store-unavailable", Principal: "a"})
	if len(own.entries) != 1 || own.entries[0].Problem != "store-unavailable" || own.entries[0].Outcome != Refused {
		t.Errorf("while the shared log is away there are %+v", own.entries)
	}
}

// TestFollowEnds: what was counted is written before the process ends.
func TestFollowEnds(t *testing.T) {
	own := new(kept)
	trail := NewTrail(own, own)
	for range 3 {
		trail.Unknown(Entry{Caller: "192.0.2.1"})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	trail.Follow(ctx)
	if len(own.entries) != 2 || own.entries[1].Count != 2 {
		t.Errorf("%+v", own.entries)
	}
}
