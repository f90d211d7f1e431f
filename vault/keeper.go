package vault

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"
)

// A Keeper keeps a set of paths: it reads them now and again, and tells the user
// of each about each new version. While Vault is away or sealed the users keep
// what they have.
type Keeper struct {
	client *Client
	poll   time.Duration
	log    *slog.Logger
	paths  []*kept

	said string // the status that was logged last; Run alone uses it

	mu     sync.Mutex
	failed error // of the last round
}

// kept is a path and its user.
type kept struct {
	path    string
	use     func(Secret) error
	last    Secret // that was told
	inUse   int    // the last version that its user took
	refused error  // what its user said to it
}

// NewKeeper returns a Keeper that reads each path every poll. It logs when
// Vault goes and comes back, and each new version, without its values.
func NewKeeper(client *Client, poll time.Duration, log *slog.Logger) *Keeper {
	return &Keeper{client: client, poll: poll, log: log, failed: errNotAsked}
}

// Keep adds a path and its user, before Run. The user is called at each new
// version, from one goroutine, and should be quick. When it returns an error it
// keeps what it had, and the Keeper is degraded until there is another version.
func (k *Keeper) Keep(path string, use func(Secret) error) {
	k.paths = append(k.paths, &kept{path: path, use: use})
}

// Run keeps the paths until ctx ends, and then gives its token back. It starts
// without Vault as well as with it.
func (k *Keeper) Run(ctx context.Context) {
	for failures := 0; ctx.Err() == nil; {
		err := k.round(ctx)
		if ctx.Err() != nil {
			break
		}
		k.note(err)
		wait := k.untilNext()
		if err == nil {
			failures = 0
		} else {
			failures++
			wait = backoff(failures, rand.Float64())
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), attempt)
	defer cancel()
	if err := k.client.Close(ctx); err != nil {
		k.log.Info("token of vault not given back, it ends by itself", "error", err)
	}
}

// untilNext is the poll, or less by up to a tenth so that replicas spread, or
// until the token wants renewing.
func (k *Keeper) untilNext() time.Duration {
	wait := k.poll - time.Duration(rand.Float64()*float64(k.poll)/10)
	if due := k.client.due(); !due.IsZero() {
		wait = max(min(wait, time.Until(due)), 0)
	}
	return wait
}

// round reads every path once. A path that cannot be read does not keep the
// others from it, unless it is Vault that cannot be reached.
func (k *Keeper) round(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, attempt)
	defer cancel()
	var failed error
	for _, p := range k.paths {
		s, err := k.client.Read(ctx, p.path)
		if errors.Is(err, ErrAway) || errors.Is(err, ErrSealed) || errors.Is(err, ErrLogin) {
			return err
		}
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		k.tell(p, s)
	}
	return failed
}

// tell calls the user when the version is another one than the last.
func (k *Keeper) tell(p *kept, s Secret) {
	if s.same(p.last) {
		return
	}
	err := p.use(s)
	if err != nil {
		err = fmt.Errorf("%w: %s version %d: %s", ErrRefused, s.path, s.version, s.scrub(err.Error()))
	}
	k.mu.Lock()
	p.last, p.refused = s, err
	if err == nil {
		p.inUse = s.version
	}
	k.mu.Unlock()
	if err != nil {
		k.log.Error("secret refused by its user, which keeps the one before", "path", s.path, "version", s.version, "error", err)
		return
	}
	k.log.Info("secret in use", "path", s.path, "version", s.version)
}

// note remembers how the round went, and logs when that is another way than
// before.
func (k *Keeper) note(err error) {
	k.mu.Lock()
	k.failed = err
	k.mu.Unlock()
	now := k.Status()
	switch {
	case now == k.said:
	case err != nil:
		k.log.Warn("vault", "status", now, "error", err)
	default:
		k.log.Info("vault", "status", now)
	}
	k.said = now
}

// Status is "ok", or "degraded: " and why, for everyone to see.
func (k *Keeper) Status() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	failed := k.failed
	for _, p := range k.paths {
		failed = errors.Join(failed, p.refused)
	}
	if failed == nil {
		return "ok"
	}
	why := errOther
	for _, known := range []error{errNotAsked, ErrSealed, ErrAway, ErrLogin, ErrDenied, ErrMissing, ErrRefused} {
		if errors.Is(failed, known) {
			why = known
			break
		}
	}
	return "degraded: " + why.Error()
}

// Versions are the versions in use, by path; 0 is none yet.
func (k *Keeper) Versions() map[string]int {
	k.mu.Lock()
	defer k.mu.Unlock()
	versions := map[string]int{}
	for _, p := range k.paths {
		versions[p.path] = p.inUse
	}
	return versions
}
