// Package rest is the service's public face: HTTP with JSON or Arrow in and
// out, problem+json for every refusal. One file per resource; errors.go turns
// the sentinels of the other rooms into problems. A handler decodes, makes one
// call, and encodes. echo is imported here and nowhere else.
package rest

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/gravitywavesml/gravity_techanalysis/host/audit"
	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
	"github.com/gravitywavesml/gravity_techanalysis/host/identity"
	"github.com/gravitywavesml/gravity_techanalysis/host/plugin"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/telemetry"
)

// Config is what a Server is made of.
type Config struct {
	Compute  *compute.Engine
	Registry *registry.Registry
	Plugins  *plugin.Library
	Metrics  *telemetry.Metrics
	Spans    *telemetry.Spans // nil records none
	Log      *slog.Logger
	Audit    *audit.Trail
	Ready    func() Readiness   // how the process is
	Starting func() bool        // whether it has not loaded yet what it answers with
	Tokens   *identity.Verifier // nil asks nobody for a token

	MaxCandles    int   // candles in a request
	MaxBody       int64 // bytes of a body, after decompression
	MaxIndicators int   // indicators in a request
	MaxValues     int   // values of all results of a request
}

// Server answers the public port.
type Server struct {
	Config
	log       *slog.Logger
	echo      *echo.Echo
	endpoints []endpoint
	pages     map[string]*page // the documentation, by address
}

// New returns a Server.
func New(c Config) (*Server, error) {
	s := &Server{Config: c, log: c.Log, echo: echo.New()}
	s.echo.HTTPErrorHandler = s.answerError
	s.echo.Pre(s.identify, s.observe, s.recover)
	s.echo.Use(secure)
	s.endpoints = s.all()
	for _, e := range s.endpoints {
		handle := e.asked()
		if e.action != "" {
			handle = s.acting(handle)
		}
		// What ends in a panic was tried, too: audited has to see it as an error.
		handle = s.audited(e.method+" "+braces(e.path), e.action, s.recover(s.guard(e.scope, handle)))
		if e.scope != "" {
			handle = s.started(handle)
		}
		s.echo.Add(e.method, e.path, handle)
		if e.method == http.MethodGet {
			s.echo.Add(http.MethodHead, e.path, handle) // net/http leaves the body out
		}
	}
	return s, s.document()
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

// all lists the endpoints. It is what is served and what is documented.
func (s *Server) all() []endpoint {
	all := slices.Concat(s.indicators(), s.compute(), s.charts(), s.bricks(), s.backtests(), s.plugins(), s.audit(), s.health(), s.docs())
	for i := range all {
		if e := &all[i]; e.scope != "" {
			e.problems = slices.Concat(e.problems, []kind{malformed, invalidRequest, unauthorized, scopeMissing, keysAway, notReady})
		}
	}
	return all
}

// endpoint is one method of one address: how it is answered, and what the
// description of the API says of it.
type endpoint struct {
	method, path string // the path in echo's form, /plugins/:name
	handle       echo.HandlerFunc
	scope        identity.Scope // what a token must allow; "" asks for none
	action       audit.Action   // what the audit log calls it; "" for what changes nothing

	id, summary, doc string
	tag              string
	query            []queryParam
	bodies           []content // the types of body that it takes, one of them
	answers          []answer
	accepts          []string // headers of the request; acceptedDocs explains them
	headers          []string // of a 2xx answer, beside X-Request-Id; headerDocs explains them
	problems         []kind
}

// content is a body of some media type. Its value is a Go value whose type is
// the schema, or nil for bytes.
type content struct {
	media string
	value any
}

type answer struct {
	status  int
	doc     string
	content []content
}

// queryParam is a parameter of the query. One with a form stands for many, of
// names that are not fixed, written in that form.
type queryParam struct{ name, doc, form string }

// asked is e's handle, for requests whose query has only what e reads of it, once: a
// name misspelt would be passed over. Where candles come, read looks at the query; and
// pages, descriptions and probes are asked for by whatever link there is.
func (e *endpoint) asked() echo.HandlerFunc {
	takesArrow := func(c content) bool { return c.media == mediaArrow }
	if e.scope == "" || slices.ContainsFunc(e.bodies, takesArrow) {
		return e.handle
	}
	names := make([]string, len(e.query))
	for i, q := range e.query {
		names[i] = q.name
	}
	return func(c echo.Context) error {
		query, given, err := queryOf(c.QueryString())
		if err != nil {
			return err
		}
		for _, name := range given {
			switch {
			case len(names) == 0:
				return notInQuery(name, "nothing is read here")
			case !slices.Contains(names, name):
				return notInQuery(name, "only "+strings.Join(names, ", ")+" is read here")
			case len(query[name]) > 1:
				return twice("/"+name, name)
			}
		}
		return e.handle(c)
	}
}

// identify gives the request an id, the caller's own where it is a plain one,
// and takes in the trace that it is part of.
func (s *Server) identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := c.Request().Header.Get(echo.HeaderXRequestID)
		if !plainID(id) {
			id = rand.Text()
		}
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		r := c.Request()
		c.SetRequest(r.WithContext(s.Spans.Receive(r.Context(), r.Header, id)))
		return next(c)
	}
}

// plainID says whether a caller's id may go into a header, a URI and a log.
func plainID(id string) bool {
	if id == "" || len(id) > 128 {
		return false
	}
	for _, r := range id {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '-', r == '_', r == '.':
		default:
			return false
		}
	}
	return true
}

// observe counts, times and logs a request. An unknown address counts as
// "unmatched", so that a scanner cannot make a series of each address it tries.
func (s *Server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		s.Metrics.Active.Inc()
		defer s.Metrics.Active.Dec()
		if err := next(c); err != nil {
			c.Error(err)
		}
		took, status := time.Since(start), c.Response().Status
		route, method := c.Path(), c.Request().Method
		if route == "" || !s.served(route) {
			route = "unmatched"
		}
		if !knownMethod[method] {
			method = "other"
		}
		s.Metrics.Requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
		s.Metrics.Duration.WithLabelValues(method, route).Observe(took.Seconds())
		telemetry.Answered(c.Request().Context(), method, route, status)
		entry := append(named(c),
			"method", method, "route", route, "status", status,
			"duration_ms", float64(took.Microseconds())/1000, "bytes", c.Response().Size)
		if p, ok := identity.From(c.Request().Context()); ok {
			entry = append(entry, "principal", p.Subject)
		}
		if peer := identity.Peer(c.Request().Header, c.Request().RemoteAddr); peer != "" {
			entry = append(entry, "peer", peer)
		}
		s.log.Info("request", entry...)
		return nil
	}
}

// named is what a log entry calls a request.
func named(c echo.Context) []any {
	ctx := c.Request().Context()
	return []any{"request_id", telemetry.RequestID(ctx), "trace_id", telemetry.TraceID(ctx)}
}

var knownMethod = map[string]bool{
	http.MethodGet: true, http.MethodHead: true, http.MethodPost: true, http.MethodPut: true,
	http.MethodPatch: true, http.MethodDelete: true, http.MethodOptions: true,
}

func (s *Server) served(path string) bool {
	for _, e := range s.endpoints {
		if e.path == path {
			return true
		}
	}
	return false
}

// recover turns a panic of a handler into a problem and a log entry.
func (s *Server) recover(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if r := recover(); r != nil {
				if r == http.ErrAbortHandler {
					panic(r)
				}
				err = fmt.Errorf("panic: %v", r)
				s.log.Error("panic", append(named(c), "value", fmt.Sprint(r), "stack", string(debug.Stack()))...)
			}
		}()
		return next(c)
	}
}

// secure sets the headers that tell a browser to trust nothing but this host.
func secure(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Strict-Transport-Security", "max-age=31536000") // heeded over HTTPS alone
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		return next(c)
	}
}
