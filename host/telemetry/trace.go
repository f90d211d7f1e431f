package telemetry

import (
	"context"
	"net/http"

	"go.opentelemetry.io/contrib/propagators/b3"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// A proxy beside the service sees its requests and its calls, and cannot tell
// which call is for which request. So what names a request and its trace goes
// from the one to the other: traceparent and tracestate (W3C), the older b3
// headers where the request has no traceparent, and x-request-id.
var (
	w3c    propagation.TextMapPropagator = propagation.TraceContext{}
	zipkin propagation.TextMapPropagator = b3.New(b3.WithInjectEncoding(b3.B3SingleHeader | b3.B3MultipleHeader))
)

const headerRequestID = "X-Request-Id"

// received is what a request is called.
type received struct {
	id  string
	old bool // its trace came in b3 headers
}

type receivedKey struct{}

// extract returns ctx with what a request's headers and its id say of it.
func extract(ctx context.Context, h http.Header, id string) context.Context {
	r := received{id: id}
	carrier := propagation.HeaderCarrier(h)
	ctx = w3c.Extract(ctx, carrier)
	if !trace.SpanContextFromContext(ctx).IsValid() {
		ctx = zipkin.Extract(ctx, carrier)
		r.old = trace.SpanContextFromContext(ctx).IsValid()
	}
	return context.WithValue(ctx, receivedKey{}, r)
}

// RequestID is the id of the request that ctx is of, or "".
func RequestID(ctx context.Context) string {
	r, _ := ctx.Value(receivedKey{}).(received)
	return r.id
}

// TraceID is the trace that ctx is part of, 32 hexadecimal digits, or "".
func TraceID(ctx context.Context) string {
	if c := trace.SpanContextFromContext(ctx); c.HasTraceID() {
		return c.TraceID().String()
	}
	return ""
}

// Forward is a transport for calls to others: a call made for a request says
// so, in the headers that Receive has read. base makes the calls.
func Forward(base http.RoundTripper) http.RoundTripper { return forwarding{base} }

type forwarding struct{ base http.RoundTripper }

func (f forwarding) RoundTrip(call *http.Request) (*http.Response, error) {
	r, ok := call.Context().Value(receivedKey{}).(received)
	if !ok {
		return f.base.RoundTrip(call)
	}
	call = call.Clone(call.Context()) // a transport leaves the caller's request as it is
	carrier := propagation.HeaderCarrier(call.Header)
	w3c.Inject(call.Context(), carrier)
	if r.old {
		zipkin.Inject(call.Context(), carrier)
	}
	call.Header.Set(headerRequestID, r.id)
	return f.base.RoundTrip(call)
}
