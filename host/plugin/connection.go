package plugin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"

	"github.com/gravitywavesml/gravity_techanalysis/host/audit"
)

// RedisConfig says where the shared store is, and how to reach it.
type RedisConfig struct {
	Addr   string // HOST:PORT
	Prefix string // of every key and channel
	// Replica names this process in the audit log; Audited hears of each entry that
	// it wrote there, and why it could not be written if so, and may be nil.
	Replica string
	Audited func(audit.Entry, error)
	// Credentials gives the user and the password of new connections; nil where
	// there are none. It is asked every second, and should answer from memory.
	Credentials func(ctx context.Context) (username, password string, err error)
}

// What a call of Redis may take. A proxy beside this process takes a connection
// though nobody is behind it, so only a limit on the answer finds that out.
const (
	dialTimeout = time.Second
	readTimeout = 2 * time.Second
	callTimeout = 3 * time.Second  // of one thing asked, retries included
	bulkTimeout = 10 * time.Second // where a module of up to 4 MiB goes over the wire
	idleTimeout = time.Minute      // well under the hour after which a proxy forgets a connection
	connections = 8
)

// connection reaches Redis with the credentials of the moment. It dials when it
// is first used, and again whenever it must: there is no state in which it has
// given up.
//
// Connections that were made with older credentials are not authenticated
// again, which would be between two calls of somebody's transaction. They are
// replaced, all at once: a new pool is tried, takes over, and the old one is
// closed after the last call that began on it. Until the new credentials are
// accepted the old ones go on, so either side of a rotation may be first.
type connection struct {
	config RedisConfig

	mu      sync.Mutex // held while the pool is being replaced
	current atomic.Pointer[pool]
}

// pool has the connections of one user and password.
type pool struct {
	client         *redis.Client
	user, password string

	inUse  sync.RWMutex // read-locked by each call
	closed bool
}

// use makes calls with f, and makes them once more if that failed in a way that
// another connection may mend. The error is f's own if that is an *answer, else
// an *awayError.
func (c *connection) use(ctx context.Context, limit time.Duration, f func(ctx context.Context, client *redis.Client) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for again := false; ; again = true {
		err := c.once(ctx, f)
		var own *answer
		switch {
		case err == nil:
			return nil
		case errors.As(err, &own):
			return own.error
		case again || ctx.Err() != nil:
			return away(err)
		}
		c.renew(ctx)
	}
}

// once makes calls with f on the pool of the moment, which stays open until f
// has returned, or has panicked.
func (c *connection) once(ctx context.Context, f func(ctx context.Context, client *redis.Client) error) error {
	p, err := c.lease(ctx)
	if err != nil {
		return err
	}
	defer p.inUse.RUnlock()
	return f(ctx, p.client)
}

// answer is an error that did not come from the wire: trying again gives the
// same.
type answer struct{ error }

// lease returns the pool of the moment, read-locked.
func (c *connection) lease(ctx context.Context) (*pool, error) {
	for {
		p := c.current.Load()
		if p == nil {
			if err := c.renew(ctx); err != nil {
				return nil, err
			}
			continue
		}
		p.inUse.RLock()
		if !p.closed {
			return p, nil
		}
		p.inUse.RUnlock()
		if c.current.Load() == p {
			return nil, errClosed
		}
	}
}

// renew asks for the credentials, and replaces the pool if they have changed
// and Redis takes them. The error matters only where there is no pool yet.
func (c *connection) renew(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	c.mu.Lock()
	defer c.mu.Unlock()
	var user, password string
	if c.config.Credentials != nil {
		var err error
		if user, password, err = c.config.Credentials(ctx); err != nil {
			return fmt.Errorf("%w: %w", errNoCredentials, err)
		}
	}
	old := c.current.Load()
	if old != nil && old.user == user && old.password == password {
		return nil
	}
	next := &pool{client: c.dial(user, password), user: user, password: password}
	if old != nil {
		if err := next.client.Ping(ctx).Err(); err != nil {
			return errors.Join(err, next.client.Close())
		}
	}
	c.current.Store(next)
	if old != nil {
		go old.close()
	}
	return nil
}

var (
	errNoCredentials = errors.New("no credentials")
	errClosed        = errors.New("it was closed")
)

// close ends the connections after the last call on them.
func (p *pool) close() {
	p.inUse.Lock()
	defer p.inUse.Unlock()
	if !p.closed {
		p.closed = true
		_ = p.client.Close() // it has sent all that it was given
	}
}

// close ends the connections for good.
func (c *connection) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.current.Load(); p != nil {
		p.close()
	}
}

// dial returns a client that has not connected yet.
func (c *connection) dial(user, password string) *redis.Client {
	// The client would write to the standard error on its own; all that it has
	// to say is in the errors, too.
	redis.SetLogger(&logging.VoidLogger{})
	o := &redis.Options{
		Addr:        c.config.Addr,
		DialTimeout: dialTimeout, DialerRetries: 1,
		ReadTimeout: readTimeout, WriteTimeout: readTimeout, ContextTimeoutEnabled: true,
		MaxRetries: 1,
		PoolSize:   connections, ConnMaxIdleTime: idleTimeout,
		// Both would need commands that the user need not be allowed.
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
	if user != "" || password != "" {
		o.CredentialsProviderContext = func(context.Context) (string, string, error) { return user, password, nil }
	}
	return redis.NewClient(o)
}

// awayError is ErrUnavailable, and why. What it says may be shown to anyone: it
// has no addresses and no names of users.
type awayError struct{ cause error }

func away(cause error) error {
	var already *awayError
	if errors.As(cause, &already) {
		return cause
	}
	return &awayError{cause}
}

func (e *awayError) Error() string   { return ErrUnavailable.Error() + ": " + reason(e.cause) }
func (e *awayError) Unwrap() []error { return []error{ErrUnavailable, e.cause} }

// Cause is what an ErrUnavailable came from, in full, for the log.
func Cause(err error) error {
	var e *awayError
	if errors.As(err, &e) {
		return e.cause
	}
	return err
}

// Reason is why the shared store is away, in words that may be shown to anyone;
// "" for an error that does not say that it is.
func Reason(err error) string {
	var e *awayError
	if errors.As(err, &e) {
		return reason(e.cause)
	}
	return ""
}

// reason says in a few words what kept Redis from answering, so that an operator
// knows which of the things in between to look at.
func reason(err error) string {
	var (
		name  *net.DNSError
		timed net.Error
		said  redis.Error
	)
	switch {
	case errors.Is(err, errNoCredentials):
		return errNoCredentials.Error()
	case errors.Is(err, errCopy):
		return errCopy.Error()
	case errors.Is(err, ErrCorrupt), errors.Is(err, ErrNotFound):
		return err.Error()
	case errors.As(err, &name):
		return "its name is not known"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timed) && timed.Timeout():
		return "no answer in time"
	case errors.As(err, &said):
		return saidNo(said)
	case errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "the connection was closed"
	}
	return "the connection failed"
}

// saidNo is what Redis said, by its code.
func saidNo(err redis.Error) string {
	switch {
	case redis.IsAuthError(err):
		return "credentials refused"
	case redis.IsPermissionError(err):
		return "the user lacks a permission"
	case redis.IsLoadingError(err):
		return "it is still loading its data"
	case redis.IsReadOnlyError(err):
		return "it takes no writes"
	case redis.IsOOMError(err):
		return "it is out of memory"
	}
	return "it refuses"
}
