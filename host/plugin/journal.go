package plugin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/redis/go-redis/v9"

	"github.com/gravitywavesml/gravity_techanalysis/host/audit"
)

// The audit log of all replicas is a list in Redis. An entry is made of the last
// one in a transaction that holds only if that is still the last, so replicas
// make one chain; and the entry of a change is written in the transaction that
// changes the table, so there is neither without the other.
//
// The service may only add to the list and read it. Who operates Redis may cut
// off its beginning, which was kept elsewhere.
var _ audit.Log = (*Redis)(nil)

// journal is what a replica knows of the log.
type journal struct {
	key string

	mu   sync.Mutex
	seen audit.Head // the last entry that it knows of
}

// draft is what a transaction adds to the log, as it was tried last.
type draft struct {
	note    audit.Entry
	entries []audit.Entry
	there   bool // an earlier try has done it, and its answer was lost
}

// draft makes the entries that write note.
func (s *Redis) draft(ctx context.Context, client redis.Cmdable, note audit.Entry, d *draft) error {
	d.note = note
	found, err := s.head(ctx, client)
	if err != nil {
		return err
	}
	if n := len(d.entries); n > 0 && found == d.entries[n-1].Head() {
		d.there = true
		return nil
	}
	s.journal.mu.Lock()
	seen := s.journal.seen
	s.journal.mu.Unlock()
	d.entries, d.there = audit.Onto(seen, found, s.conn.config.Replica, note), false
	return nil
}

// push adds the entries in a transaction.
func (d *draft) push(ctx context.Context, p redis.Pipeliner, key string) {
	if d.there {
		return
	}
	for _, e := range d.entries {
		p.RPush(ctx, key, e.Line())
	}
}

// recorded tells what became of a draft.
func (s *Redis) recorded(d draft, err error) {
	tell := s.conn.config.Audited
	if tell == nil {
		tell = func(audit.Entry, error) {}
	}
	if err != nil {
		if d.note.Action != "" && errors.Is(err, ErrUnavailable) { // else the change was refused
			tell(d.note, err)
		}
		return
	}
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	for _, e := range d.entries {
		s.journal.seen = e.Head()
		tell(e, nil)
	}
}

// see learns what the log has come to, if it can be read, and unlearns nothing: a
// log that has become shorter is said to be when it is written next.
func (s *Redis) see(ctx context.Context, client redis.Cmdable) {
	found, err := s.head(ctx, client)
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	if err == nil && found.Seq > s.journal.seen.Seq {
		s.journal.seen = found
	}
}

// head is the last entry in Redis.
func (s *Redis) head(ctx context.Context, client redis.Cmdable) (audit.Head, error) {
	last, err := s.entries(ctx, client, -1, -1)
	if err != nil || len(last) == 0 {
		return audit.Head{}, err
	}
	return last[0].Head(), nil
}

// entries are those at the places from first to last, the oldest first; a place
// below 0 is one from the end.
func (s *Redis) entries(ctx context.Context, client redis.Cmdable, first, last int64) ([]audit.Entry, error) {
	lines, err := client.LRange(ctx, s.journal.key, first, last).Result()
	if err != nil {
		return nil, err
	}
	entries := make([]audit.Entry, len(lines))
	for i, line := range lines {
		if entries[i], err = audit.Parse([]byte(line)); err != nil {
			return nil, &answer{away(fmt.Errorf("%w: the key %s: %w", ErrCorrupt, s.journal.key, err))}
		}
	}
	return entries, nil
}

// Append implements audit.Log.
func (s *Redis) Append(ctx context.Context, e audit.Entry) error {
	if fault := s.fault.Load(); fault != nil {
		return *fault // it was asked less than a second ago
	}
	var made draft
	err := s.transact(ctx, func(ctx context.Context, tx *redis.Tx) error {
		if err := s.draft(ctx, tx, e, &made); err != nil {
			return err
		}
		_, err := tx.TxPipelined(ctx, func(p redis.Pipeliner) error {
			made.push(ctx, p, s.journal.key)
			return nil
		})
		return err
	}, s.journal.key)
	s.recorded(made, err)
	return err
}

// Head implements audit.Log.
func (s *Redis) Head(ctx context.Context) (head audit.Head, err error) {
	err = s.conn.use(ctx, callTimeout, func(ctx context.Context, client *redis.Client) error {
		head, err = s.head(ctx, client)
		return err
	})
	return head, err
}

// Before implements audit.Log. The entries of the list rise by one, so the first
// says where any other is.
func (s *Redis) Before(ctx context.Context, before int64, n int) (entries []audit.Entry, err error) {
	err = s.conn.use(ctx, callTimeout, func(ctx context.Context, client *redis.Client) error {
		first, last := -int64(n), int64(-1)
		if before > 0 {
			oldest, err := s.entries(ctx, client, 0, 0)
			if err != nil || len(oldest) == 0 {
				return err
			}
			if last = before - 1 - oldest[0].Seq; last < 0 {
				return nil
			}
			first = max(0, last-int64(n)+1)
		}
		entries, err = s.entries(ctx, client, first, last)
		return err
	})
	slices.Reverse(entries)
	return entries, err
}
