package host

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/host/rest"
)

// What the public port grants a connection. Behind a sidecar the only client
// is Envoy, which keeps connections for later requests.
const (
	headerTime = 10 * time.Second // for a request's headers to arrive
	readTime   = time.Minute      // for a whole request to arrive

	// envoyIdle is how long Envoy keeps an idle connection to an upstream
	// (common_http_protocol_options.idle_timeout, by default). Ours must be
	// longer: whoever closes first races with a request of the other's, and
	// Envoy answers such a request with 503 itself.
	envoyIdle = time.Hour
	idleTime  = envoyIdle + 5*time.Minute

	// envoyHeaders is what Envoy lets through (max_request_headers_kb, by
	// default). net/http counts 4 KiB more than it is told.
	envoyHeaders = 60 << 10
	headerBytes  = envoyHeaders + 4<<10
)

// publicServer serves the public port.
func (h *Host) publicServer() *http.Server {
	return &http.Server{
		Handler: h.closing(h.server), ErrorLog: slog.NewLogLogger(h.log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: headerTime, ReadTimeout: readTime, IdleTimeout: idleTime, MaxHeaderBytes: headerBytes,
	}
}

// closing has each answer given while draining end its connection, so that the
// clients open the next one elsewhere, and none is in use when the port closes.
func (h *Host) closing(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.state.Load() == rest.StatusDraining {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}
