package host

import (
	"context"
	"regexp"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/host/rest"
	"github.com/gravitywavesml/gravity_techanalysis/host/telemetry"
)

// collector is the URL of one that takes OTLP over HTTP.
var collector = regexp.MustCompile(`^https?://[^/?#\s]+(/[^?#\s]*)?$`)

// spansWait is how long the last spans may take to be sent.
const spansWait = 2 * time.Second

// openSpans makes what records the requests, where there is a collector.
func (h *Host) openSpans(ctx context.Context) (err error) {
	if h.config.OTLPEndpoint != "" {
		h.spans, err = telemetry.NewSpans(ctx, h.config.OTLPEndpoint, h.config.TraceRatio, engine.Version, h.log)
	}
	return err
}

// checkSpans shows whether the collector takes the spans.
func (h *Host) checkSpans(r *rest.Readiness) {
	if h.spans != nil {
		r.Say("traces", h.spans.Status())
	}
}

func (h *Host) closeSpans() error {
	if h.spans == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), spansWait)
	defer cancel()
	return h.spans.Close(ctx)
}
