// Package host is the Go host: it puts the parts of the service together, runs
// them, and drains them. What each part does is in a room of its own; what they
// are told comes from cmd.
package host

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/host/audit"
	"github.com/gravitywavesml/gravity_techanalysis/host/cache"
	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
	"github.com/gravitywavesml/gravity_techanalysis/host/identity"
	"github.com/gravitywavesml/gravity_techanalysis/host/plugin"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/rest"
	"github.com/gravitywavesml/gravity_techanalysis/host/telemetry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
)

// Config is what the service is told. cmd documents each setting.
type Config struct {
	Addr          string
	AdminAddr     string
	DataDir       string
	DrainDelay    time.Duration
	DrainTimeout  time.Duration
	CacheBytes    int64
	MaxCandles    int
	MaxBody       int64
	MaxIndicators int
	MaxValues     int
	PluginTimeout time.Duration // of one call of a plugin that takes long
	Plugins       wasm.Limits   // of all calls of plugins together; a field that is 0 has its default
	PluginRoom    plugin.Room   // of all versions, and of those that answer; a field that is 0 has its default
	Insecure      bool

	Issuer   string            // whose tokens callers need; "" asks nobody for one
	Audience string            // what those tokens must be for
	JWKSFile string            // the keys that verify them, in a file that may change
	Keys     *identity.Keyring // or a ring that somebody else fills; else nil

	OTLPEndpoint string  // the URL of the collector that spans go to; "" records none
	TraceRatio   float64 // share of the requests without a trace that are recorded

	// Checks are parts beside this process that readiness shows, by name: each
	// says "ok", or what is wrong, which makes the service degraded.
	Checks map[string]func() string
	// SecretVersions are the versions of the secrets in use, by path; nil: none.
	SecretVersions func() map[string]int

	// RedisAddr is where the shared store of plugins is; "" for none: then the
	// plugins are in DataDir alone.
	RedisAddr     string
	RedisPrefix   string // of every key and channel
	RedisUsername string // "" for the default user
	RedisPassword string
	// RedisCredentials gives others in place of those two, which may change while
	// the service runs; else nil.
	RedisCredentials func(context.Context) (username, password string, err error)
}

// ErrConfig is what an error about the Config is.
var ErrConfig = errors.New("invalid setting")

// Check says whether the service may run as it is told.
func (c Config) Check() error {
	for _, s := range []struct {
		name string
		bad  bool
		want string
	}{
		{"max-candles", c.MaxCandles < 1 || c.MaxCandles > maxCandles, fmt.Sprintf("1 to %d", maxCandles)},
		{"max-body", c.MaxBody < 1<<10, "at least 1024 bytes"},
		{"max-indicators", c.MaxIndicators < 1, "at least 1"},
		{"max-values", c.MaxValues < 1, "at least 1"},
		{"cache-bytes", c.CacheBytes < 0, "0, for no cache, or more"},
		{"drain-delay", c.DrainDelay < 0, "0 or more"},
		{"drain-timeout", c.DrainTimeout <= 0, "more than 0"},
		{"plugin-timeout", c.PluginTimeout <= 0, "more than 0"},
		{"plugin-calls", !zeroOr(c.Plugins.Calls, 2), "at least 2: calls that take long have half of them"},
		{"plugin-memory", !zeroOr(c.Plugins.Memory, leastMemory), fmt.Sprintf("at least %d bytes, for 2 instances of 64 MiB: calls that take long have half of it", int64(leastMemory))},
		{"plugin-share", !(0 <= c.Plugins.Share && c.Plugins.Share <= 1), "over 0 and up to 1"},
		{"plugin-line", !zeroOr(c.Plugins.Line, 1), "at least 1"},
		{"plugin-uploads", !zeroOr(c.Plugins.Uploads, 1), "at least 1"},
		{"plugin-active", !zeroOr(c.PluginRoom.Active, plugin.LeastRoom), fmt.Sprintf("at least %d bytes, for one module", plugin.LeastRoom)},
		{"plugin-stored", !zeroOr(c.PluginRoom.Stored, plugin.LeastRoom), fmt.Sprintf("at least %d bytes, for one module", plugin.LeastRoom)},
		{"data-dir", c.DataDir == "", "a directory"},
		{"otlp-endpoint", c.OTLPEndpoint != "" && !collector.MatchString(c.OTLPEndpoint), "a URL such as http://jaeger:4318"},
		{"trace-ratio", !(0 <= c.TraceRatio && c.TraceRatio <= 1), "from 0 to 1"},
	} {
		if s.bad {
			return fmt.Errorf("%w: %s must be %s", ErrConfig, s.name, s.want)
		}
	}
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return fmt.Errorf("%w: addr %q is not HOST:PORT", ErrConfig, c.Addr)
	}
	if _, _, err := net.SplitHostPort(c.AdminAddr); err != nil {
		return fmt.Errorf("%w: admin-addr %q is not HOST:PORT", ErrConfig, c.AdminAddr)
	}
	if _, port, err := net.SplitHostPort(c.RedisAddr); c.RedisAddr != "" && (err != nil || port == "") {
		return fmt.Errorf("%w: redis-addr %q is not HOST:PORT", ErrConfig, c.RedisAddr)
	}
	if !loopback(host) && c.Issuer == "" && !c.Insecure {
		return fmt.Errorf("%w: addr %s can be reached from outside and nothing says who may call: set jwt-issuer, listen on 127.0.0.1, or accept everyone with --insecure", ErrConfig, c.Addr)
	}
	return c.checkIdentity()
}

// limits are those of the sandbox. Where nobody is asked for a token all who call
// are one tenant, which has all the room.
func (c Config) limits() wasm.Limits {
	l := c.Plugins
	if c.Issuer == "" {
		l.Share = 1
	}
	return l
}

// leastMemory is what the instances of two of the largest plugins may grow to.
const leastMemory = 2 * 64 << 20

// zeroOr says whether a setting is left out, or at least as much.
func zeroOr[T int | int64](v, least T) bool { return v == 0 || v >= least }

// maxCandles is the most bars that a call of a plugin may have.
const maxCandles = wasm.MaxSeries

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Host is the service, ready to run.
type Host struct {
	config  Config
	log     *slog.Logger
	sandbox *wasm.Sandbox
	store   plugin.Store
	plugins *plugin.Library
	own     *audit.File  // the audit log of this process
	audit   *audit.Trail // and who writes there
	synced  syncs
	metrics *telemetry.Metrics
	spans   *telemetry.Spans // nil where none are recorded
	public  net.Listener
	admin   net.Listener
	server  *rest.Server
	keys    *identity.Keyring  // nil where nobody is asked for a token
	keyFile *identity.File     // nil unless the keys are in one
	tokens  *identity.Verifier // nil where nobody is asked for a token
	state   atomic.Value       // string, a rest.Status
	loaded  atomic.Bool        // it answers with what it has
}

// born is when the process began, but for what the runtime of Go does first.
var born = time.Now()

// New opens the parts and the ports, so that what is wrong is known at once.
func New(ctx context.Context, c Config, log *slog.Logger) (h *Host, err error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	h = &Host{config: c, log: log, metrics: telemetry.New(), synced: newSyncs()}
	h.state.Store(rest.StatusStarting)
	if c.SecretVersions != nil {
		h.metrics.SecretVersions(c.SecretVersions)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close())
		}
	}()
	if err := makeData(c.DataDir); err != nil {
		return h, fmt.Errorf("make the data directory: %w", err)
	}
	if err := h.openSpans(ctx); err != nil {
		return h, err
	}
	if err := h.openIdentity(); err != nil {
		return h, err
	}
	if h.public, err = net.Listen("tcp", c.Addr); err != nil {
		return h, fmt.Errorf("listen on addr: %w", err)
	}
	if h.admin, err = net.Listen("tcp", c.AdminAddr); err != nil {
		return h, fmt.Errorf("listen on admin-addr: %w", err)
	}
	results, err := cache.New(c.CacheBytes, compute.Size, h.metrics.CacheLook)
	if err != nil {
		return h, fmt.Errorf("make cache: %w", err)
	}
	if h.sandbox, err = wasm.New(wasm.Config{
		Limits: c.limits(), Timeout: c.PluginTimeout, CodeDir: compiledDir(c), Log: log,
		Compiled: func(kept bool, _ time.Duration) { h.metrics.PluginReady(kept) },
		Ended:    h.metrics.CompilersEnded.Inc,
	}); err != nil {
		return h, fmt.Errorf("make sandbox: %w", err)
	}
	h.metrics.PluginWaits(h.waits)
	if err := h.openStore(ctx); err != nil {
		return h, fmt.Errorf("open plugin store: %w", err)
	}
	names := registry.New(engine.Indicators())
	if h.plugins, err = plugin.Open(ctx, h.store, c.PluginRoom, h.sandbox, names); err != nil {
		return h, fmt.Errorf("open plugin library: %w", err)
	}
	h.plugins.Observe(func(name string, came plugin.Outcome) { h.metrics.CandidateCall(name, string(came)) })
	indicators := compute.New(names, results)
	indicators.Versions(h.plugins.Stored)
	h.server, err = rest.New(rest.Config{
		Compute: indicators, Registry: names, Plugins: h.plugins,
		Metrics: h.metrics, Spans: h.spans, Log: log, Audit: h.audit, Ready: h.readiness, Starting: h.starting, Tokens: h.tokens,
		MaxCandles: c.MaxCandles, MaxBody: c.MaxBody, MaxIndicators: c.MaxIndicators, MaxValues: c.MaxValues,
	})
	return h, err
}

// waits are the counts of the sandbox's doors, as the metrics want them.
func (h *Host) waits() map[string]telemetry.Waits {
	all := make(map[string]telemetry.Waits)
	for what, n := range h.sandbox.Waits() {
		all[what] = telemetry.Waits{Running: n.Inside.Count, Waiting: n.Waiting, Refused: n.Refused, Crowded: n.Crowded, GaveUp: n.GaveUp}
	}
	return all
}

// Addr is the address of the public port.
func (h *Host) Addr() string { return h.public.Addr().String() }

// AdminAddr is the address of the admin port.
func (h *Host) AdminAddr() string { return h.admin.Addr().String() }

// Plugins is the library, for seeding it.
func (h *Host) Plugins() *plugin.Library { return h.plugins }

// starting says whether the API is not answered yet: another replica has what this one
// is loading.
func (h *Host) starting() bool { return !h.loaded.Load() }

func (h *Host) readiness() rest.Readiness {
	r := rest.Readiness{Status: h.state.Load().(string), Checks: map[string]string{}}
	h.checkPlugins(&r)
	h.checkKeys(&r)
	h.checkAudit(&r)
	h.checkSpans(&r)
	for name, check := range h.config.Checks {
		r.Say(name, check())
	}
	return r
}

// Run serves until ctx ends, then drains.
func (h *Host) Run(ctx context.Context) error {
	public := h.publicServer()
	admin := &http.Server{Handler: h.adminHandler(), ReadHeaderTimeout: headerTime}
	work, ending := errgroup.WithContext(ctx)
	work.Go(func() error { return serve(public, h.public) })
	work.Go(func() error { return serve(admin, h.admin) })
	// While it drains it still takes requests, so it follows the store until then.
	following, drained := context.WithCancel(context.WithoutCancel(ctx))
	work.Go(func() error {
		h.follow(following)
		return nil
	})
	work.Go(func() error {
		h.audit.Follow(following)
		return nil
	})
	work.Go(func() error {
		defer drained()
		<-ending.Done()
		return h.drain(ctx, public, admin)
	})
	if h.keyFile != nil {
		work.Go(func() error { h.keyFile.Watch(ending); return nil })
	}
	slow := time.AfterFunc(loadPatience, func() { h.loaded.Store(true) })
	h.awaitKeys(ending, keysWait)
	h.awaitPlugins(ending)
	slow.Stop()
	if ending.Err() == nil { // else they were not waited for
		h.loaded.Store(true)
	}
	if h.state.CompareAndSwap(rest.StatusStarting, rest.StatusReady) {
		h.log.Info("ready", "addr", h.Addr(), "admin_addr", h.AdminAddr(), "engine", engine.Version,
			"after_ms", time.Since(born).Milliseconds())
	}
	err := withHeadroom(work.Wait)
	return errors.Join(err, h.close())
}

func serve(s *http.Server, l net.Listener) error {
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// close closes what New opened; it may be called on a Host half made.
func (h *Host) close() error {
	var err error
	for _, l := range []net.Listener{h.public, h.admin} {
		if l != nil {
			if e := l.Close(); e != nil && !errors.Is(e, net.ErrClosed) {
				err = errors.Join(err, e)
			}
		}
	}
	err = errors.Join(err, h.closeSpans())
	if h.sandbox != nil {
		h.sandbox.Close()
	}
	if s, ok := h.store.(*plugin.Redis); ok {
		s.Close()
	}
	if h.own != nil {
		err = errors.Join(err, h.own.Close())
	}
	return err
}
