// Package telemetry has what the operator watches: metrics for Prometheus and
// the log. It measures nothing itself; the rooms that do hold its instruments.
package telemetry

import (
	"io"
	"log/slog"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the service's instruments.
type Metrics struct {
	Requests *prometheus.CounterVec   // by method, route (the template) and status
	Duration *prometheus.HistogramVec // seconds, by method and route
	Active   prometheus.Gauge         // requests being answered

	CacheRequests prometheus.Counter
	CacheHits     prometheus.Counter

	PluginStoreUp  prometheus.Gauge       // 1 when the store of plugins answered the last time, else 0
	PluginsAbsent  prometheus.Gauge       // plugins that are active and do not run here
	PluginsReady   *prometheus.CounterVec // modules made ready to run, by where their native code is from
	CompilersEnded prometheus.Counter     // that the system ended before they were done

	CandidateCalls *prometheus.CounterVec // calls of plugins' candidates, by plugin and result

	AuditEntries *prometheus.CounterVec // entries of an audit log, by log and result
	AuditHead    *prometheus.GaugeVec   // the number of its last entry, by log

	registry *prometheus.Registry
}

// New returns instruments in a registry of their own.
func New() *Metrics {
	m := &Metrics{
		Requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "http_requests_total", Help: "Requests answered.",
		}, []string{"method", "route", "status"}),
		Duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_request_duration_seconds", Help: "Time from the first byte read to the last written.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
		}, []string{"method", "route"}),
		Active: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "http_requests_active", Help: "Requests being answered now.",
		}),
		CacheRequests: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "cache_requests_total", Help: "Look-ups in the cache of results.",
		}),
		CacheHits: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "cache_hits_total", Help: "Look-ups that found a result.",
		}),
		PluginStoreUp: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "plugin_store_up", Help: "1 if the store of plugins answered when it was last asked, at most a second ago where it is shared; else 0.",
		}),
		PluginsAbsent: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "plugins_absent", Help: "Plugins that are active and do not run in this process.",
		}),
		PluginsReady: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "plugin_compile_total", Help: "Modules of plugins made ready to run, by where their native code is from: the compiler, or the cache on the disk.",
		}, []string{"from"}),
		CompilersEnded: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "plugin_compiler_ended_total", Help: "Modules of plugins that were not compiled, as the system ended the compiler, most often for want of memory.",
		}),
		CandidateCalls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "plugin_candidate_calls_total", Help: "Calls that were the candidate's of a plugin, by what came of them: the same values as the active version's, different ones, or a fault, at which the active version answered.",
		}, []string{"plugin", "result"}),
		AuditEntries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "audit_entries_total", Help: "Entries of an audit log, by whether they could be written: that of the service, or that of this replica where it is another.",
		}, []string{"log", "result"}),
		AuditHead: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "audit_head", Help: "Number of the last entry that this process has written to an audit log.",
		}, []string{"log"}),
		registry: prometheus.NewRegistry(),
	}
	m.registry.MustRegister(
		m.Requests, m.Duration, m.Active, m.CacheRequests, m.CacheHits, m.PluginStoreUp, m.PluginsAbsent, m.PluginsReady, m.CompilersEnded, m.CandidateCalls, m.AuditEntries, m.AuditHead,
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	for _, from := range []string{fromCache, fromCompiler} {
		m.PluginsReady.WithLabelValues(from) // so that it is 0 and not absent
	}
	return m
}

const (
	fromCache    = "cache"
	fromCompiler = "compiler"
)

// PluginReady counts a module that was made ready to run, of native code that
// was kept or was compiled for it.
func (m *Metrics) PluginReady(kept bool) {
	from := fromCompiler
	if kept {
		from = fromCache
	}
	m.PluginsReady.WithLabelValues(from).Inc()
}

// CandidateCall counts a call of a plugin's candidate, by what came of it.
func (m *Metrics) CandidateCall(plugin, result string) {
	m.CandidateCalls.WithLabelValues(plugin, result).Inc()
}

// Audited counts an entry of an audit log, of the number seq; err is why it could
// not be written.
func (m *Metrics) Audited(log string, seq int64, err error) {
	if err != nil {
		m.AuditEntries.WithLabelValues(log, auditFailed).Inc()
		return
	}
	m.AuditEntries.WithLabelValues(log, auditWritten).Inc()
	m.AuditHead.WithLabelValues(log).Set(float64(seq))
}

// AuditLog has the numbers of an audit log begin with 0, so that they are not
// absent.
func (m *Metrics) AuditLog(log string) {
	m.AuditEntries.WithLabelValues(log, auditWritten)
	m.AuditEntries.WithLabelValues(log, auditFailed)
}

const (
	auditWritten = "written"
	auditFailed  = "failed"
)

// CacheLook counts a look-up in the cache.
func (m *Metrics) CacheLook(hit bool) {
	m.CacheRequests.Inc()
	if hit {
		m.CacheHits.Inc()
	}
}

// SecretVersions adds the version of each secret in use, by path, as asked at
// each scrape. 0 is a secret that was never told.
func (m *Metrics) SecretVersions(ask func() map[string]int) {
	m.registry.MustRegister(secretVersions{
		prometheus.NewDesc("secret_version", "Version of a secret that is in use; 0: none yet.", []string{"path"}, nil), ask,
	})
}

type secretVersions struct {
	desc *prometheus.Desc
	ask  func() map[string]int
}

func (s secretVersions) Describe(to chan<- *prometheus.Desc) { to <- s.desc }

func (s secretVersions) Collect(to chan<- prometheus.Metric) {
	for path, version := range s.ask() {
		to <- prometheus.MustNewConstMetric(s.desc, prometheus.GaugeValue, float64(version), path)
	}
}

// Waits is what there is of one kind of work that may have to wait.
type Waits struct {
	Running, Waiting int
	Refused, GaveUp  uint64 // since the beginning: as the line was full, and while it waited
	Crowded          uint64 // since the beginning: as too much of all callers waited
}

// PluginWaits adds what runs, what waits and what was turned away of plugins, by
// what it is, as asked at each scrape. Nothing says of which caller: there may be
// any number of them.
func (m *Metrics) PluginWaits(ask func() map[string]Waits) {
	m.registry.MustRegister(pluginWaits{
		running: prometheus.NewDesc("plugin_running", "Calls of plugins that run, or modules that are being loaded, by what it is.", []string{"what"}, nil),
		waiting: prometheus.NewDesc("plugin_waiting", "Those that wait for their turn.", []string{"what"}, nil),
		refused: prometheus.NewDesc("plugin_refused_total", "Those turned away, by reason: their caller's line was full, or all lines and theirs was the longest, or they were given up while they waited.", []string{"what", "reason"}, nil),
		ask:     ask,
	})
}

type pluginWaits struct {
	running, waiting, refused *prometheus.Desc

	ask func() map[string]Waits
}

func (p pluginWaits) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{p.running, p.waiting, p.refused} {
		to <- d
	}
}

func (p pluginWaits) Collect(to chan<- prometheus.Metric) {
	for what, n := range p.ask() {
		to <- prometheus.MustNewConstMetric(p.running, prometheus.GaugeValue, float64(n.Running), what)
		to <- prometheus.MustNewConstMetric(p.waiting, prometheus.GaugeValue, float64(n.Waiting), what)
		to <- prometheus.MustNewConstMetric(p.refused, prometheus.CounterValue, float64(n.Refused), what, "line-full")
		to <- prometheus.MustNewConstMetric(p.refused, prometheus.CounterValue, float64(n.Crowded), what, "all-full")
		to <- prometheus.MustNewConstMetric(p.refused, prometheus.CounterValue, float64(n.GaveUp), what, "gave-up")
	}
}

// Handler serves the metrics to Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// NewLog returns a log of JSON lines to w.
func NewLog(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}))
}
