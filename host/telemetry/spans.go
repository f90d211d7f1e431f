package telemetry

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// serviceName is what a collector calls the service.
const serviceName = "technical-analysis"

// sendAgain is how long a collector that is away is left alone. Meanwhile spans
// wait in a queue of 2,048; those that find no room in it are lost.
const sendAgain = 2 * time.Second

// Spans records what requests do, and sends it to a collector in OTLP. A nil
// *Spans records nothing.
type Spans struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
	sender   *sender
}

// NewSpans returns Spans that go to the collector at endpoint, a URL such as
// http://jaeger:4318. A request is recorded when its caller's trace is; of those
// that begin a trace here, the share ratio, from 0 to 1. The collector is not
// called before there is something to send, and may be away at any time.
func NewSpans(ctx context.Context, endpoint string, ratio float64, version string, log *slog.Logger) (*Spans, error) {
	address, err := url.JoinPath(endpoint, "v1/traces")
	if err != nil {
		return nil, fmt.Errorf("the collector of spans: %w", err)
	}
	// What is not taken is sent again by sender, which says so.
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(address),
		otlptracehttp.WithRetry(otlptracehttp.RetryConfig{Enabled: false}))
	if err != nil {
		return nil, fmt.Errorf("make the exporter of spans: %w", err)
	}
	s := &sender{SpanExporter: exporter, log: log.With("collector", endpoint), closing: make(chan struct{})}
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.TraceIDRatioBased(ratio))),
		sdktrace.WithBatcher(s, sdktrace.WithBatchTimeout(time.Second), sdktrace.WithExportTimeout(forever)),
		sdktrace.WithResource(resource.NewSchemaless(
			attribute.String("service.name", serviceName), attribute.String("service.version", version))),
	)
	return &Spans{provider, provider.Tracer(serviceName), s}, nil
}

// forever is until Close.
const forever = 1000 * time.Hour

// Receive returns the context of a request with those headers and that id, in
// which the request's span has begun; Answered ends it. A request without a
// trace, or one that cannot be read, begins one, which without a collector
// nobody records.
func (s *Spans) Receive(ctx context.Context, h http.Header, id string) context.Context {
	ctx = extract(ctx, h, id)
	switch {
	case s != nil:
		ctx, _ = s.tracer.Start(ctx, "request", trace.WithSpanKind(trace.SpanKindServer))
	case !trace.SpanContextFromContext(ctx).IsValid():
		var c trace.SpanContextConfig
		rand.Read(c.TraceID[:])
		rand.Read(c.SpanID[:])
		ctx = trace.ContextWithRemoteSpanContext(ctx, trace.NewSpanContext(c))
	}
	return ctx
}

// Answered ends the span of a request, which had this method and route and was
// answered with this status.
func Answered(ctx context.Context, method, route string, status int) {
	span := trace.SpanFromContext(ctx)
	if !span.IsRecording() {
		return
	}
	span.SetName(method + " " + route)
	span.SetAttributes(
		attribute.String("http.request.method", method), attribute.String("http.route", route),
		attribute.Int("http.response.status_code", status), attribute.String("http.request.header.x-request-id", RequestID(ctx)),
	)
	if status >= http.StatusInternalServerError {
		span.SetStatus(codes.Error, http.StatusText(status))
	}
	span.End()
}

// Status is "ok", or what keeps the collector from taking spans.
func (s *Spans) Status() string {
	if away := s.sender.away.Load(); away != nil {
		return "away: " + *away
	}
	return "ok"
}

// Close sends what is recorded, until ctx ends; a collector that is away is not
// waited for.
func (s *Spans) Close(ctx context.Context) error {
	close(s.sender.closing)
	if err := s.provider.Shutdown(ctx); err != nil {
		return fmt.Errorf("send the last spans: %w", err)
	}
	return nil
}

// sender holds on to the spans that a collector did not take, and says so once.
type sender struct {
	sdktrace.SpanExporter
	log     *slog.Logger
	away    atomic.Pointer[string] // why, or nil
	closing chan struct{}
}

// ExportSpans returns when the collector has taken the spans, or at the end.
func (s *sender) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	for {
		err := s.SpanExporter.ExportSpans(ctx, spans)
		if err == nil {
			if s.away.Swap(nil) != nil {
				s.log.Info("the collector of spans is back")
			}
			return nil
		}
		why := err.Error()
		if s.away.Swap(&why) == nil {
			s.log.Warn("the collector of spans is away", "error", why)
		}
		select {
		case <-s.closing:
			s.log.Warn("spans are lost", "count", len(spans))
			return nil
		case <-time.After(sendAgain):
		}
	}
}
