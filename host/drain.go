package host

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/host/rest"
)

// drain ends the service so that no request is lost:
//  1. it says that it is not ready, and each answer ends its connection;
//  2. for the drain delay it answers on, new connections too, while the mesh
//     and the load balancers learn that it is leaving;
//  3. the public port closes, and the requests under way are answered;
//  4. the admin port closes, the last: what happened until then can be watched.
//
// What the requests need, such as the sandbox, is closed after that.
func (h *Host) drain(ctx context.Context, public, admin *http.Server) error {
	h.state.Store(rest.StatusDraining)
	h.log.Info("draining", "delay", h.config.DrainDelay.String())
	if h.config.DrainDelay > 0 {
		<-time.After(h.config.DrainDelay)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), h.config.DrainTimeout)
	defer cancel()
	err := shutdown(ctx, public, "public")
	h.log.Info("drained", "complete", err == nil)
	return errors.Join(err, shutdown(ctx, admin, "admin"))
}

// shutdown lets the requests of a server end until ctx does, then cuts them.
func shutdown(ctx context.Context, s *http.Server, name string) error {
	if err := s.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("drain the %s port: %w", name, err), s.Close())
	}
	return nil
}
