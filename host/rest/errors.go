package rest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/admission"
	"github.com/gravitywavesml/gravity_techanalysis/host/audit"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
	"github.com/gravitywavesml/gravity_techanalysis/host/identity"
	"github.com/gravitywavesml/gravity_techanalysis/host/plugin"
	"github.com/gravitywavesml/gravity_techanalysis/host/telemetry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
)

// Problem is the body of every answer that is not 2xx (RFC 9457).
type Problem struct {
	Type     string       `json:"type" description:"A stable reference to the kind of problem, /problems/NAME."`
	Title    string       `json:"title" description:"The kind of problem in words; the same for every problem of a type."`
	Status   int          `json:"status" description:"The HTTP status."`
	Detail   string       `json:"detail" description:"What went wrong this time, what is allowed, and how to mend it."`
	Instance string       `json:"instance,omitempty" description:"This request, /requests/ID; ID is also in the header X-Request-Id and in the log."`
	Trace    string       `json:"trace_id,omitempty" description:"The trace that the request is part of, 32 hexadecimal digits."`
	Errors   []FieldError `json:"errors,omitempty" description:"The values at fault."`

	Suggestions []string          `json:"suggestions,omitempty" description:"unknown-indicator, unknown-pattern and unknown-bricks: names that are near."`
	Need        int               `json:"need,omitempty" description:"insufficient-history: how many candles are needed."`
	Got         int               `json:"got,omitempty" description:"insufficient-history: how many there were."`
	Scope       string            `json:"scope,omitempty" description:"insufficient-scope: the scope that the token lacks."`
	Gate        string            `json:"gate,omitempty" description:"plugin-rejected: the rule that the module breaks."`
	Offset      *int64            `json:"offset,omitempty" description:"plugin-rejected: where in the module, in bytes."`
	Checks      map[string]string `json:"checks,omitempty" description:"not-ready: each part of the service."`
	RetryAfter  int               `json:"retry_after,omitempty" description:"too-busy: seconds to wait before trying again, as the header Retry-After."`
	Bar         *int              `json:"bar,omitempty" description:"plugin-rejected: the first bar at fault in the checks."`
}

// FieldError is one value at fault.
type FieldError struct {
	Pointer string `json:"pointer" description:"Where it is in the request, a JSON Pointer (RFC 6901)."`
	Code    string `json:"code" description:"What is wrong with it, in a word that does not change."`
	Message string `json:"message" description:"What is wrong with it, in a sentence."`
}

// kind is a type of problem.
type kind struct {
	name   string
	status int
	title  string
}

// The types of problems there are.
var (
	malformed      = kind{"malformed-request", http.StatusBadRequest, "The request cannot be parsed"}
	invalidRequest = kind{"invalid-request", http.StatusUnprocessableEntity, "A field of the request is wrong"}
	invalidCandles = kind{"invalid-candles", http.StatusUnprocessableEntity, "The candles are not what candles may be"}
	invalidParam   = kind{"invalid-parameter", http.StatusUnprocessableEntity, "A parameter is unknown or out of range"}
	shortHistory   = kind{"insufficient-history", http.StatusUnprocessableEntity, "Too few candles for a single value"}
	unknownName    = kind{"unknown-indicator", http.StatusNotFound, "There is no such indicator"}
	unknownPattern = kind{"unknown-pattern", http.StatusNotFound, "There is no such chart pattern"}
	unknownBricks  = kind{"unknown-bricks", http.StatusNotFound, "There is no such chart of price alone"}
	noStrategy     = kind{"not-a-strategy", http.StatusUnprocessableEntity, "The indicator gives no signal"}
	digestMismatch = kind{"digest-mismatch", http.StatusConflict, "The strategy is not the version that was asked for"}
	unknownPlugin  = kind{"unknown-plugin", http.StatusNotFound, "There is no such plugin or version"}
	unauthorized   = kind{"unauthorized", http.StatusUnauthorized, "This needs a token that is valid"}
	scopeMissing   = kind{"insufficient-scope", http.StatusForbidden, "The token does not allow this"}
	keysAway       = kind{"keys-away", http.StatusServiceUnavailable, "Tokens cannot be checked yet"}
	notFound       = kind{"not-found", http.StatusNotFound, "There is nothing at this address"}
	wrongMethod    = kind{"method-not-allowed", http.StatusMethodNotAllowed, "This address does not take that method"}
	wrongMedia     = kind{"unsupported-media-type", http.StatusUnsupportedMediaType, "The body has a type that is not read here"}
	tooLarge       = kind{"body-too-large", http.StatusRequestEntityTooLarge, "The body is too large"}
	conflict       = kind{"plugin-conflict", http.StatusConflict, "The name or version is taken"}
	noRoom         = kind{"plugin-no-room", http.StatusConflict, "There is no room for more plugins"}
	changed        = kind{"plugin-changed", http.StatusPreconditionFailed, "The plugin is not as If-Match has it"}
	rejected       = kind{"plugin-rejected", http.StatusUnprocessableEntity, "The module was refused"}
	killed         = kind{"plugin-killed", http.StatusUnprocessableEntity, "The plugin was stopped"}
	busy           = kind{"too-busy", http.StatusTooManyRequests, "Too much waits already"}
	noCandidate    = kind{"plugin-no-candidate", http.StatusConflict, "The version cannot be the plugin's candidate"}
	notReady       = kind{"not-ready", http.StatusServiceUnavailable, "The service is starting or draining"}
	storeAway      = kind{"store-unavailable", http.StatusServiceUnavailable, "The shared store of plugins is away"}
	auditAway      = kind{"audit-unavailable", http.StatusServiceUnavailable, "The audit log is not available"}
	notCompiled    = kind{"compiler-ended", http.StatusServiceUnavailable, "The module was not compiled"}
	internal       = kind{"internal-error", http.StatusInternalServerError, "The service failed"}
)

// faults are the ways in which a running plugin can fail: never a 5xx, which
// would have the mesh eject a healthy replica for a tenant's bug.
var faults = []struct {
	sentinel error
	kind
}{
	{wasm.ErrTrap, fault("trap", "The plugin stopped with a trap")},
	{wasm.ErrOutOfGas, fault("out-of-gas", "The plugin used up its gas")},
	{wasm.ErrTimeout, fault("timeout", "The plugin was not done in time")},
	{wasm.ErrDepthExceeded, fault("depth-exceeded", "The plugin calls too deep")},
	{wasm.ErrMemory, fault("memory", "The plugin wanted more memory than it may have")},
	{wasm.ErrBadOutput, fault("bad-output", "The plugin answered with rubbish")},
}

func fault(name, title string) kind {
	return kind{"plugin-" + name, http.StatusUnprocessableEntity, title}
}

// kinds lists every type of problem, for the reference.
func kinds() []kind {
	return append([]kind{
		malformed, invalidRequest, invalidCandles, invalidParam, shortHistory, unknownName, unknownPattern, unknownBricks, noStrategy, digestMismatch, unknownPlugin,
		unauthorized, scopeMissing, keysAway, notFound, wrongMethod, wrongMedia, tooLarge, conflict, noRoom, changed, rejected, killed, noCandidate, busy, notReady, storeAway, auditAway, notCompiled, internal,
	}, faultKinds()...)
}

// faultKinds lists the ways in which a running plugin can fail.
func faultKinds() (all []kind) {
	for _, f := range faults {
		all = append(all, f.kind)
	}
	return all
}

func (k kind) problem(detail string, at ...FieldError) *Problem {
	return &Problem{Type: "/problems/" + k.name, Title: k.title, Status: k.status, Detail: detail, Errors: at}
}

// refusal is an error that a handler found itself.
type refusal struct {
	kind
	FieldError
}

func (r *refusal) Error() string { return r.Message }

// refuse is the error for a wrong field of the request.
func refuse(pointer, code, message string) error {
	return &refusal{invalidRequest, FieldError{pointer, code, message}}
}

// given is a problem that a handler made whole.
type given struct{ *Problem }

func (g *given) Error() string { return g.Detail }

// partError is the error of one part of a request, which is at a pointer.
type partError struct {
	at  string
	err error
}

func (e *partError) Error() string { return e.at + ": " + e.err.Error() }
func (e *partError) Unwrap() error { return e.err }

// problemOf turns an error into what the caller is told.
func problemOf(err error) *Problem {
	base := "" // where in the request the indicator was asked for
	var part *partError
	if errors.As(err, &part) {
		base = part.at
	}
	var (
		whole   *given
		ref     *refusal
		syntax  *candle.SyntaxError
		candles *candle.Error
		rule    *compute.RuleError
		param   *ta.ParamError
		input   *compute.InputError
		short   *compute.HistoryError
		unknown *compute.UnknownError
		trades  *compute.StrategyError
		other   *compute.DigestError
		reject  *wasm.Rejected
		run     *wasm.Fault
		scope   *scopeError
		http    *echo.HTTPError
		large   *bodyError
		full    *admission.Busy
		values  *compute.ValuesError
	)
	switch {
	case errors.As(err, &whole):
		return whole.Problem
	case errors.As(err, &ref):
		if ref.Pointer == "" && ref.Code == "" {
			return ref.problem(ref.Message)
		}
		return ref.problem(ref.Message, ref.FieldError)
	case errors.As(err, &syntax):
		return malformed.problem(syntax.Error())
	case errors.As(err, &candles):
		k := invalidCandles
		if !strings.HasPrefix(candles.Pointer, "/candles") {
			k = invalidRequest // an array of the caller's own, or a member given twice
		}
		message := candles.Message
		if candles.Code == candle.CodeTooMany {
			message += "; the limit is the setting MAX_CANDLES"
		}
		return k.problem(message, FieldError{candles.Pointer, candles.Code, message})
	case errors.As(err, &rule):
		return invalidParam.problem(rule.Message, FieldError{"/rules/" + escape(rule.Param), rule.Code, rule.Message})
	case errors.As(err, &param):
		return invalidParam.problem(param.Message, FieldError{base + "/params/" + escape(param.Param), param.Code, param.Message})
	case errors.As(err, &input):
		return invalidRequest.problem(input.Message, FieldError{base + "/inputs/" + escape(input.Input), input.Code, input.Message})
	case errors.As(err, &values):
		message := values.Error() + "; the limit is the setting MAX_VALUES"
		return invalidRequest.problem(message, FieldError{values.Pointer, "too-many", message})
	case errors.As(err, &short):
		p := shortHistory.problem(short.Error(), FieldError{"/candles", "too-few", short.Error()})
		p.Need, p.Got = short.Need, short.Got
		return p
	case errors.As(err, &unknown):
		k := unknownName
		switch unknown.What {
		case compute.WhatPattern:
			k = unknownPattern
		case compute.WhatBricks:
			k = unknownBricks
		}
		p := k.problem(unknown.Error())
		if base != "" {
			p.Errors = []FieldError{{base + "/name", "unknown", unknown.Error()}}
		}
		p.Suggestions = unknown.Suggestions
		return p
	case errors.As(err, &trades):
		return noStrategy.problem(trades.Error(), FieldError{base + "/name", "no-strategy", trades.Error()})
	case errors.As(err, &other):
		return digestMismatch.problem(other.Error(), FieldError{"/digest", "digest-mismatch", other.Error()})
	case errors.As(err, &reject):
		p := rejected.problem(reject.Detail)
		p.Gate, p.Offset, p.Bar = reject.Gate, reject.Offset, reject.Bar
		return p
	case errors.As(err, &run):
		for _, f := range faults {
			if errors.Is(err, f.sentinel) {
				return f.problem(run.Error())
			}
		}
		return internal.problem("a plugin failed in an unknown way")
	case errors.As(err, &full):
		p := busy.problem(full.Error())
		p.RetryAfter = full.Seconds()
		return p
	case errors.As(err, &scope):
		p := scopeMissing.problem(scope.Error())
		p.Scope = string(scope.need)
		return p
	case errors.Is(err, identity.ErrNoKeys):
		return keysAway.problem("the keys that tokens are checked with have not arrived; try again")
	case errors.Is(err, identity.ErrMissing), errors.Is(err, identity.ErrExpired), errors.Is(err, identity.ErrInvalid):
		return unauthorized.problem(toldOf(err))
	case errors.Is(err, plugin.ErrUnavailable):
		return storeAway.problem("this replica cannot reach the shared store of plugins, or has not been able to fetch what this needs; GET /health/ready says why")
	case errors.Is(err, audit.ErrUnavailable):
		return auditAway.problem("this process cannot write or read its audit log, and changes nothing that it cannot record; GET /health/ready and the log of the service say more")
	case errors.Is(err, wasm.ErrCompiler):
		return notCompiled.problem("the system ended the compiler before it was done with the module, most often as the replica was short of memory; the module is not to blame, and the same request may succeed when it is made again")
	case errors.Is(err, plugin.ErrKilled), errors.Is(err, wasm.ErrHalted):
		return killed.problem(err.Error())
	case errors.Is(err, plugin.ErrConflict):
		return conflict.problem(err.Error())
	case errors.Is(err, plugin.ErrNoRoom):
		return noRoom.problem(err.Error())
	case errors.Is(err, plugin.ErrNoCandidate):
		return noCandidate.problem(err.Error())
	case errors.Is(err, plugin.ErrChanged):
		return changed.problem(err.Error() + "; get it again, and decide again")
	case errors.Is(err, plugin.ErrNotFound), errors.Is(err, wasm.ErrClosed):
		return unknownPlugin.problem(err.Error() + "; GET /api/v1/plugins lists what there is")
	case errors.As(err, &large):
		return tooLarge.problem(large.Error())
	case errors.As(err, &http):
		return echoProblem(http)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return notReady.problem("the request was given up before it was done")
	}
	return internal.problem("the service failed and has logged why; the request's id finds it")
}

// echoProblem is for what the router itself refuses.
func echoProblem(err *echo.HTTPError) *Problem {
	switch err.Code {
	case http.StatusNotFound:
		return notFound.problem("there is nothing at this address; /api/docs lists what there is")
	case http.StatusMethodNotAllowed:
		return wrongMethod.problem("this address does not take that method; the header Allow says which it takes")
	}
	return internal.problem("the service failed and has logged why; the request's id finds it")
}

// answerError is echo's error handler: every error becomes a problem.
func (s *Server) answerError(err error, c echo.Context) {
	if c.Response().Committed {
		return // the answer has begun: the connection's end tells the caller
	}
	p := problemOf(err)
	ctx := c.Request().Context()
	p.Instance, p.Trace = "/requests/"+telemetry.RequestID(ctx), telemetry.TraceID(ctx)
	switch {
	case p.Type == notReady.uri(): // it is no failure to start, or to be done
		s.log.Warn("request turned away", append(named(c), "path", c.Path(), "error", err)...)
	case p.Status >= http.StatusInternalServerError:
		s.log.Error("request failed", append(named(c), "path", c.Path(), "error", err)...)
	}
	if challenge := challengeOf(err); challenge != "" {
		c.Response().Header().Set(headerChallenge, challenge)
	}
	switch p.Status {
	case http.StatusServiceUnavailable:
		c.Response().Header().Set(echo.HeaderRetryAfter, "1")
	case http.StatusTooManyRequests:
		c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(p.RetryAfter))
	}
	// Some problems, such as 404, may be kept by default. Plugins come and go.
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	b, err := json.Marshal(p)
	if err != nil {
		s.log.Error("problem not written", append(named(c), "error", err)...)
		return
	}
	if err := c.Blob(p.Status, problemType, b); err != nil {
		s.log.Debug("answer not sent", append(named(c), "error", err)...)
	}
}

const problemType = "application/problem+json"

// escape makes name a token of a JSON Pointer.
func escape(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}
