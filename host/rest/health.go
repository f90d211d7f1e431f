package rest

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// Readiness is how the process is, about this process alone.
type Readiness struct {
	Status string            `json:"status" description:"ready, or degraded when something beside this process is away, or starting, or draining."`
	Checks map[string]string `json:"checks" description:"Each part of the service: ok, or what is wrong with it."`
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
		problems: []kind{notReady}, headers: unkept,
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

func (s *Server) ready(c echo.Context) error {
	r := s.Ready()
	if r.Status == StatusReady || r.Status == StatusDegraded {
		c.Response().Header().Set(headerCacheControl, "no-store")
		return c.JSON(http.StatusOK, r)
	}
	p := notReady.problem("the process is " + r.Status)
	p.Checks = r.Checks
	return &given{p}
}
