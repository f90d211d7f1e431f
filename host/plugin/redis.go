package plugin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/gravitywavesml/gravity_techanalysis/host/audit"
)

// Redis is a Store that many processes share:
//
//	<prefix>plugins          a hash: the table, and its version
//	<prefix>module:<sha256>  the modules; a key's value never changes. It goes by
//	                         itself unless the table has it and none refused it
//	<prefix>audit            a list: the audit log of all replicas
//	<prefix>plugins          a channel: the version of each new table
//	<prefix>announced        a channel: digests that are about to be active
//	<prefix>verdicts         a channel: what the replicas make of those
//
// The table changes in a transaction that holds only if nobody else changed it
// meanwhile, so two replicas that upload at once both succeed. The version is
// the revision and the digest of the table.
//
// A replica keeps what it has seen in a Directory of its own. That is where
// modules are read from, each verified by its digest; what a replica begins
// with when Redis is away; and, should Redis come back without its data, what
// it is given back: see Table.join.
type Redis struct {
	conn      connection
	disk      *Directory
	table     string // key and channel
	modules   string // prefix of keys
	announced string // channel
	verdicts  string // channel
	poll      time.Duration
	patience  time.Duration // of Announce

	mu    sync.Mutex
	known Table // the last that was seen
	sound bool  // and nothing failed since

	journal journal // of the audit log

	fault atomic.Pointer[error] // of the last Table, nil where it had none
}

var _ Store = (*Redis)(nil)

const (
	// pollEvery is how often a replica asks for the version of the table, should
	// a notification have been lost. When Redis is away, or its credentials are
	// on their way, it tries as often, and at first sooner.
	pollEvery  = time.Second
	firstRetry = 50 * time.Millisecond
	// busyTimeout is how long a change is tried while others change the table.
	busyTimeout = 10 * time.Second
	// announcements is how many versions may wait here to be loaded.
	announcements = 16
	// offered is how long Redis has a module that is in no table yet, or not to
	// be run: long enough for an upload, which waits for the replicas for seconds.
	offered = time.Hour

	fieldTable   = "table"
	fieldVersion = "version"
)

// OpenRedis returns the Store of a Redis, with its copy in disk. It connects
// when it is first used.
func OpenRedis(ctx context.Context, c RedisConfig, disk *Directory) (*Redis, error) {
	known, err := disk.Table(ctx)
	if err != nil && !errors.Is(err, ErrCorrupt) { // a damaged copy is replaced by the next table
		return nil, fmt.Errorf("open the copy of the shared plugin store: %w", err)
	}
	return &Redis{
		conn: connection{config: c}, disk: disk,
		table: c.Prefix + "plugins", modules: c.Prefix + "module:",
		announced: c.Prefix + "announced", verdicts: c.Prefix + "verdicts",
		journal: journal{key: c.Prefix + "audit"},
		poll:    pollEvery, patience: announcePatience, known: known,
	}, nil
}

// Close ends the connections.
func (s *Redis) Close() { s.conn.close() }

// Table implements Store. It asks Redis for the version alone, unless that has
// changed or an earlier call failed.
func (s *Redis) Table(ctx context.Context) (Table, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		err = away(err)
		s.sound = false
		s.fault.Store(&err)
		return s.known, err
	}
	s.sound = true
	s.fault.Store(nil)
	return s.known, nil
}

// refresh makes what is known here equal to what Redis has, and gives Redis
// what it should have and has not.
func (s *Redis) refresh(ctx context.Context) error {
	_ = s.conn.renew(ctx) // it goes on with the connections that it has
	var version string
	err := s.conn.use(ctx, callTimeout, func(ctx context.Context, client *redis.Client) (err error) {
		if version, err = client.HGet(ctx, s.table, fieldVersion).Result(); errors.Is(err, redis.Nil) {
			return nil
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("ask for the version of the table: %w", err)
	}
	if s.sound && version == s.known.version {
		return nil
	}
	var shared Table
	err = s.conn.use(ctx, callTimeout, func(ctx context.Context, client *redis.Client) (err error) {
		s.see(ctx, client)
		shared, err = s.read(ctx, client)
		return err
	})
	if err != nil {
		return fmt.Errorf("read the table: %w", err)
	}
	present, err := s.provide(ctx, shared)
	if err != nil {
		return fmt.Errorf("give back modules: %w", err)
	}
	if probe := shared.clone(); probe.join(s.known, present) != nil {
		shared, err = s.update(ctx, func(t *Table) error {
			if names := t.join(s.known, present); names != nil { // else another replica was faster
				t.note = audit.Entry{Action: audit.Restore, Principal: audit.Service, Detail: "what this replica had seen of " + strings.Join(names, ", ")}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("give back the table: %w", err)
		}
	}
	s.known = shared
	if err := s.disk.replaceTable(shared); err != nil {
		return fmt.Errorf("%w: %w", errCopy, err)
	}
	return nil
}

// errCopy is for what this process cannot keep.
var errCopy = errors.New("its copy here cannot be written")

// read reads the table and holds it to its version.
func (s *Redis) read(ctx context.Context, client redis.Cmdable) (Table, error) {
	fields, err := client.HMGet(ctx, s.table, fieldTable, fieldVersion).Result()
	if err != nil {
		return Table{}, err
	}
	text, ok := fields[0].(string)
	version, _ := fields[1].(string)
	if !ok && version == "" {
		return Table{}, nil
	}
	t, err := decodeTable([]byte(text), "the key "+s.table)
	if err != nil {
		return Table{}, &answer{away(err)}
	}
	if want := versionOf(t.Revision, []byte(text)); version != want {
		return Table{}, &answer{away(fmt.Errorf("%w: the key %s has a table that is not its version", ErrCorrupt, s.table))}
	}
	t.version = version
	return t, nil
}

// versionOf names a table that is written as b.
func versionOf(revision int64, b []byte) string {
	sum := sha256.Sum256(b)
	return strconv.FormatInt(revision, 10) + "-" + hex.EncodeToString(sum[:])
}

// provide gives Redis the modules that it should have and has not, as far as
// they are here, and returns the digests of all that it then has.
func (s *Redis) provide(ctx context.Context, shared Table) (present map[string]bool, err error) {
	present = make(map[string]bool)
	both := shared.wanted()
	maps.Copy(both, s.known.wanted())
	wanted := slices.Collect(maps.Keys(both))
	found := make([]*redis.IntCmd, len(wanted))
	err = s.conn.use(ctx, callTimeout, func(ctx context.Context, client *redis.Client) error {
		_, err := client.Pipelined(ctx, func(p redis.Pipeliner) error {
			for i, digest := range wanted {
				found[i] = p.Exists(ctx, s.moduleKey(digest))
			}
			return nil
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, digest := range wanted {
		if found[i].Val() > 0 {
			present[digest] = true
			continue
		}
		module, err := s.disk.Module(ctx, digest)
		if err != nil {
			continue // another replica may have it
		}
		if err := s.set(ctx, digest, module, redis.SetArgs{}); err != nil {
			return nil, err
		}
		present[digest] = true
	}
	return present, nil
}

func (s *Redis) moduleKey(digest string) string {
	digits, _ := hexOf(digest) // a table has no other
	return s.modules + digits
}

// Update implements Store.
func (s *Redis) Update(ctx context.Context, change func(*Table) error) error {
	// First Redis is given back what it may have lost, so that the change is
	// made to that.
	if _, err := s.Table(ctx); err != nil {
		return err
	}
	_, err := s.update(ctx, change)
	return err
}

// update changes the table and returns what it then is. It tries again when
// somebody else was faster, or when the connection failed: if the change was
// made all the same, making it again changes nothing.
func (s *Redis) update(ctx context.Context, change func(*Table) error) (after Table, err error) {
	var made draft
	err = s.transact(ctx, func(ctx context.Context, tx *redis.Tx) (err error) {
		after, err = s.replace(ctx, tx, change, &made)
		return err
	}, s.table, s.journal.key)
	s.recorded(made, err)
	if err != nil {
		return Table{}, err
	}
	return after, nil
}

// transact makes calls with f, which are to hold only if nobody else changed the
// keys meanwhile. It tries again when somebody did.
func (s *Redis) transact(ctx context.Context, f func(context.Context, *redis.Tx) error, keys ...string) error {
	ctx, cancel := context.WithTimeout(ctx, busyTimeout)
	defer cancel()
	for {
		err := s.conn.use(ctx, bulkTimeout, func(ctx context.Context, client *redis.Client) error {
			err := client.Watch(ctx, func(tx *redis.Tx) error { return f(ctx, tx) }, keys...)
			if errors.Is(err, redis.TxFailedErr) {
				return &answer{err}
			}
			return err
		})
		if !errors.Is(err, redis.TxFailedErr) {
			return err
		}
		select {
		case <-ctx.Done():
			return away(ctx.Err())
		case <-time.After(rand.N(10 * time.Millisecond)): // so that the same two do not meet again
		}
	}
}

// replace is one try of update, in a transaction.
func (s *Redis) replace(ctx context.Context, tx *redis.Tx, change func(*Table) error, made *draft) (Table, error) {
	t, err := s.read(ctx, tx)
	if err != nil {
		return Table{}, err
	}
	before := t.wanted()
	if err := change(&t); err != nil {
		return Table{}, &answer{err}
	}
	t.Revision++
	if err := t.check(); err != nil {
		return Table{}, &answer{fmt.Errorf("write the table of plugins: %w", err)}
	}
	b, err := json.Marshal(t)
	if err != nil {
		return Table{}, &answer{fmt.Errorf("write the table of plugins: %w", err)}
	}
	t.version = versionOf(t.Revision, b)
	if t.note.Action == "" {
		*made = draft{} // what a try before had to say is no link of the chain any more
	} else if err := s.draft(ctx, tx, t.note, made); err != nil {
		return Table{}, err
	}
	_, err = tx.TxPipelined(ctx, func(p redis.Pipeliner) error {
		if err := s.lasts(ctx, p, before, t.wanted()); err != nil {
			return &answer{err}
		}
		p.HSet(ctx, s.table, fieldTable, b, fieldVersion, t.version)
		p.Publish(ctx, s.table, t.version)
		made.push(ctx, p, s.journal.key)
		return nil
	})
	return t, err
}

// lasts has the modules that a change of the table brings in last, and those
// that it takes out go. Each is set anew, as it may be gone; who made the change
// has it on the disk. What is not there was brought in by another replica, which
// made it last.
func (s *Redis) lasts(ctx context.Context, p redis.Pipeliner, before, after map[string]bool) error {
	set := func(digest string, ttl time.Duration) error {
		module, err := s.disk.Module(ctx, digest)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return away(fmt.Errorf("%w: %w", errCopy, err))
		}
		return p.Set(ctx, s.moduleKey(digest), module, ttl).Err()
	}
	for digest := range after {
		if !before[digest] {
			if err := set(digest, 0); err != nil {
				return err
			}
		}
	}
	for digest := range before {
		if !after[digest] {
			if err := set(digest, offered); err != nil {
				return err
			}
		}
	}
	return nil
}

// Module implements Store: from the disk, else from Redis, verified either way.
func (s *Redis) Module(ctx context.Context, digest string) ([]byte, error) {
	if _, err := hexOf(digest); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrNotFound, err)
	}
	if b, err := s.disk.Module(ctx, digest); err == nil {
		return b, nil
	}
	if fault := s.fault.Load(); fault != nil {
		return nil, *fault // it was asked less than a second ago
	}
	key := s.moduleKey(digest)
	var b []byte
	err := s.conn.use(ctx, bulkTimeout, func(ctx context.Context, client *redis.Client) (err error) {
		if b, err = client.Get(ctx, key).Bytes(); errors.Is(err, redis.Nil) {
			return &answer{away(fmt.Errorf("%w: the key %s is empty", ErrNotFound, key))}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if got := digestOf(b); got != digest {
		return nil, away(fmt.Errorf("%w: the key %s has %d bytes with the digest %s", ErrCorrupt, key, len(b), got))
	}
	if err := s.disk.PutModule(ctx, digest, b); err != nil {
		return nil, away(fmt.Errorf("%w: %w", errCopy, err))
	}
	return b, nil
}

// PutModule implements Store. What Redis has not goes again if no table comes to
// have it, because the version is refused or its upload dies; what it has gets
// these bytes, which mend it, and stays as long as before.
func (s *Redis) PutModule(ctx context.Context, digest string, module []byte) error {
	if _, err := hexOf(digest); err != nil {
		return fmt.Errorf("%w: %v", ErrNotFound, err)
	}
	err := s.set(ctx, digest, module, redis.SetArgs{Mode: "NX", TTL: offered})
	if errors.Is(err, redis.Nil) {
		err = s.set(ctx, digest, module, redis.SetArgs{Mode: "XX", KeepTTL: true})
	}
	if err != nil {
		return err
	}
	return s.disk.PutModule(ctx, digest, module)
}

// set stores a module in Redis. The error is redis.Nil if the mode did not
// allow it.
func (s *Redis) set(ctx context.Context, digest string, module []byte, how redis.SetArgs) error {
	return s.conn.use(ctx, bulkTimeout, func(ctx context.Context, client *redis.Client) error {
		err := client.SetArgs(ctx, s.moduleKey(digest), module, how).Err()
		if errors.Is(err, redis.Nil) {
			return &answer{err}
		}
		return err
	})
}

// Follow implements Store: it heeds and syncs when it is notified, when it has
// subscribed anew and may have missed something, and otherwise once a second.
func (s *Redis) Follow(ctx context.Context, heed, sync func(), prepare func(digest string) error) {
	due, announced := make(chan struct{}, 1), make(chan string, announcements)
	syncing, preparing := make(chan struct{}), make(chan struct{})
	defer func() { <-syncing; <-preparing }()
	go func() {
		defer close(syncing)
		each(ctx, due, func(struct{}) { sync() })
	}()
	go func() {
		defer close(preparing)
		each(ctx, announced, func(digest string) { s.say(ctx, digest, prepare(digest)) })
	}()
	var (
		from         *pool // whose connections the subscription is made with
		subscription *redis.PubSub
		events       <-chan any
	)
	unsubscribe := func() {
		if subscription != nil {
			_ = subscription.Close() // nothing is lost by what it did not send
		}
	}
	defer func() { unsubscribe() }()
	retry := firstRetry
	for wait := time.NewTimer(0); ; {
		select {
		case <-ctx.Done():
			return
		case <-wait.C:
		case event, open := <-events:
			if !open {
				events = nil
			}
			if m, ok := event.(*redis.Message); ok && m.Channel == s.announced {
				select {
				case announced <- m.Payload:
				default: // who announced it does not wait for ever
				}
				continue
			}
		}
		_ = s.conn.renew(ctx) // it goes on with the connections that it has
		if now := s.conn.current.Load(); now != from && now != nil {
			unsubscribe()
			from, subscription = now, now.client.Subscribe(ctx, s.table, s.announced)
			events = subscription.ChannelWithSubscriptions(redis.WithChannelHealthCheckInterval(readTimeout))
		}
		heed()
		select {
		case due <- struct{}{}:
		default: // it is due already
		}
		if s.fault.Load() == nil {
			retry = firstRetry
			wait.Reset(s.poll)
			continue
		}
		wait.Reset(retry)
		retry = min(2*retry, pollEvery)
	}
}

// each does what comes, one after the other, until ctx ends.
func each[T any](ctx context.Context, from <-chan T, do func(T)) {
	for {
		select {
		case <-ctx.Done():
			return
		case what := <-from:
			do(what)
		}
	}
}
