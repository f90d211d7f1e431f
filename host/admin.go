package host

import (
	"net/http"
	"net/http/pprof"

	"github.com/gravitywavesml/gravity_techanalysis/host/identity"
)

// adminHandler is what the operator alone can reach: no ingress leads here.
// Prometheus scrapes without a token; a profile shows what is in memory, and
// asks for one where the public port does.
func (h *Host) adminHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", h.metrics.Handler())
	for path, handle := range map[string]http.HandlerFunc{
		"": pprof.Index, "cmdline": pprof.Cmdline, "profile": pprof.Profile, "symbol": pprof.Symbol, "trace": pprof.Trace,
	} {
		mux.Handle("GET /debug/pprof/"+path, h.server.Guard(identity.Ops, handle))
	}
	return mux
}
