package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/host/audit"
	"github.com/gravitywavesml/gravity_techanalysis/host/durable"
	"github.com/gravitywavesml/gravity_techanalysis/host/plugin"
	"github.com/gravitywavesml/gravity_techanalysis/host/rest"
)

// storePatience is how long a fresh replica waits for the shared store before
// it is ready with what its disk holds.
const storePatience = 10 * time.Second

// loadPatience is how long the API waits for the plugins at most. Then it answers with
// what it has, though the process is not ready: a service that stands alone has natives.
const loadPatience = time.Minute

// makeData makes the data directory where there is none, so that it stays. All else
// is in it.
func makeData(dir string) error {
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return durable.Sync((*os.File).Sync).MkdirAll(dir)
}

// openStore opens the store of plugins: a directory, or one that all replicas
// share, with a copy in that directory; and with it the audit log, which is kept
// beside it.
func (h *Host) openStore(ctx context.Context) error {
	c := h.config
	h.openAudit()
	disk, err := plugin.OpenDirectory(filepath.Join(c.DataDir, "plugins"))
	if err != nil {
		return err
	}
	if c.RedisAddr == "" {
		disk.Record(h.own)
		h.store, h.audit = disk, audit.NewTrail(h.own, h.own)
		return nil
	}
	credentials := c.RedisCredentials
	if credentials == nil {
		credentials = func(context.Context) (string, string, error) { return c.RedisUsername, c.RedisPassword, nil }
	}
	shared, err := plugin.OpenRedis(ctx, plugin.RedisConfig{
		Addr: c.RedisAddr, Prefix: c.RedisPrefix, Credentials: credentials,
		Replica: replica(), Audited: h.audited(serviceLog),
	}, disk)
	if err != nil {
		return err
	}
	h.store, h.audit = shared, audit.NewTrail(shared, h.own)
	return nil
}

// compiledDir is where native code of the plugins is kept: in the data directory,
// which no other process shares. It may be removed at any time.
func compiledDir(c Config) string { return filepath.Join(c.DataDir, "compiled") }

// syncs is what is known of the plugins' Syncs.
type syncs struct {
	patience time.Duration
	tried    chan struct{} // closed after the first
	reached  chan struct{} // closed after the first that reached the store

	mu      sync.Mutex
	err     error           // of the last
	skipped map[string]bool // by the last, by digest
}

func newSyncs() syncs {
	return syncs{patience: storePatience, tried: make(chan struct{}), reached: make(chan struct{})}
}

// follow keeps the plugins equal to the store until ctx ends.
func (h *Host) follow(ctx context.Context) {
	reached := sync.OnceFunc(func() { close(h.synced.reached) })
	tried := sync.OnceFunc(func() { close(h.synced.tried) })
	h.plugins.Follow(ctx, func(skipped []plugin.Skipped, err error) {
		h.tell(skipped, err)
		if err == nil {
			reached()
		}
		tried()
	})
}

// awaitPlugins returns once the plugins of the store are loaded; or, where it is
// away, those that the disk holds, and its return was waited for.
func (h *Host) awaitPlugins(ctx context.Context) {
	patience := time.NewTimer(h.synced.patience)
	defer patience.Stop()
	select {
	case <-ctx.Done():
		return
	case <-h.synced.tried:
	}
	select {
	case <-ctx.Done():
	case <-h.synced.reached:
	case <-patience.C:
	}
}

// tell says what a Sync gave to the operator: to the log where it is news.
func (h *Host) tell(skipped []plugin.Skipped, err error) {
	h.synced.mu.Lock()
	before, reported := h.synced.err, h.synced.skipped
	h.synced.err, h.synced.skipped = err, make(map[string]bool)
	for _, s := range skipped {
		h.synced.skipped[s.Digest] = true
	}
	h.synced.mu.Unlock()

	absent := 0 // of those that are to answer alone; without a candidate they do
	for _, s := range skipped {
		if !s.Candidate {
			absent++
		}
		if !reported[s.Digest] {
			h.log.Error("plugin not loaded", "name", s.Name, "version", s.Version, "digest", s.Digest, "candidate", s.Candidate, "error", s.Err, "cause", plugin.Cause(s.Err))
		}
	}
	h.metrics.PluginsAbsent.Set(float64(absent))
	up := 1.0
	if err != nil {
		up = 0
	}
	h.metrics.PluginStoreUp.Set(up)
	switch {
	case err != nil && (before == nil || before.Error() != err.Error()):
		h.log.Warn("plugin store away", "redis_addr", h.config.RedisAddr, "error", err, "cause", plugin.Cause(err))
	case err == nil && before != nil:
		h.log.Info("plugin store back", "redis_addr", h.config.RedisAddr)
	}
}

// checkPlugins adds what there is to say of the plugins and their store to a
// Readiness.
func (h *Host) checkPlugins(r *rest.Readiness) {
	r.Say("plugins", "ok")
	r.Say("plugin_store", "ok")
	for _, p := range h.plugins.List() {
		if p.Error != "" {
			r.Say("plugins", fmt.Sprintf("%s is not running: %s", p.Name, p.Error))
		}
	}
	h.synced.mu.Lock()
	defer h.synced.mu.Unlock()
	switch err := h.synced.err; {
	case errors.Is(err, plugin.ErrUnavailable):
		r.Say("plugin_store", "away: "+plugin.Reason(err))
	case err != nil:
		r.Say("plugin_store", "it cannot be read; the log says why")
	}
}
