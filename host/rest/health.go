package rest

import (
	"maps"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"
)

// Readiness is how the process is, about this process alone.
type Readiness struct {
	Status string            `json:"status" description:"ready, or degraded when something beside this process is away, or starting, or draining."`
	Checks map[string]string `json:"checks" description:"Each part of the service: ok, or what is wrong with it."`
}

// Say adds what a part of the service says of itself: anything but ok makes a
// service that is ready degraded.
func (r *Readiness) Say(part, what string) {
	r.Checks[part] = what
	if what != "ok" && r.Status == StatusReady {
		r.Status = StatusDegraded
	}
}

// line is the status, and the names of the checks that are not ok.
func (r Readiness) line() string {
	line := r.Status
	for _, name := range slices.Sorted(maps.Keys(r.Checks)) {
		if r.Checks[name] != "ok" {
			line += "; " + name
		}
	}
	return line
}

// The states of a process. It takes requests in the first two.
const (
	StatusReady    = "ready"
	StatusDegraded = "degraded"
	StatusStarting = "starting"
	StatusDraining = "draining"
)

type liveness struct {
	Status string `json:"status" description:"ok."`
}

func (s *Server) health() []endpoint {
	const tag = "Health"
	live := answer{http.StatusOK, "The process answers.", []content{{mediaJSON, liveness{}}}}
	return []endpoint{{
		method: http.MethodGet, path: "/health", handle: s.live,
		id: "health", tag: tag, summary: "Whether the process answers", answers: []answer{live}, headers: unkept,
	}, {
		method: http.MethodGet, path: "/health/live", handle: s.live,
		id: "live", tag: tag, summary: "Whether the process answers: for a liveness probe", answers: []answer{live}, headers: unkept,
	}, {
		method: http.MethodGet, path: "/health/ready", handle: s.ready,
		id: "ready", tag: tag, summary: "Whether the process takes requests: for a readiness probe",
		answers: []answer{
			{http.StatusOK, "It does.", []content{{mediaJSON, Readiness{}}}},
		},
		problems: []kind{notReady}, headers: append([]string{headerStatus}, unkept...),
	}}
}

// unkept are the headers of what is true of this moment alone.
var unkept = []string{headerCacheControl}

// live asks nothing of any other part: a process that answers is alive, and
// to restart it would mend nothing that is away.
func (s *Server) live(c echo.Context) error {
	c.Response().Header().Set(headerCacheControl, "no-store")
	return c.JSON(http.StatusOK, liveness{"ok"})
}

// started turns away what comes before the plugins are loaded. A process that was
// started again in its pod is asked before anyone knows, and would say of a plugin
// that there is none; a 503 is asked of another pod.
func (s *Server) started(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if s.Starting() {
			return &given{notReady.problem("the process is " + StatusStarting)}
		}
		return next(c)
	}
}

func (s *Server) ready(c echo.Context) error {
	r := s.Ready()
	if r.Status == StatusReady || r.Status == StatusDegraded {
		c.Response().Header().Set(headerCacheControl, "no-store")
		c.Response().Header().Set(headerStatus, r.line())
		return c.JSON(http.StatusOK, r)
	}
	p := notReady.problem("the process is " + r.Status)
	p.Checks = r.Checks
	return &given{p}
}
