package rest

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/gravitywavesml/gravity_techanalysis/host/admission"
	"github.com/gravitywavesml/gravity_techanalysis/host/identity"
)

// guard lets a request through that has a token with the scope. It comes before
// anything is read of the request's body. Where nobody is asked for a token, or
// the scope is "", everyone is let through.
func (s *Server) guard(scope identity.Scope, next echo.HandlerFunc) echo.HandlerFunc {
	if scope == "" || s.Tokens == nil {
		return next
	}
	return func(c echo.Context) error {
		r := c.Request()
		token, err := identity.Bearer(r.Header)
		if err != nil {
			return s.refused(c, err)
		}
		p, err := s.Tokens.Verify(token)
		if err != nil {
			return s.refused(c, err)
		}
		c.SetRequest(r.WithContext(admission.With(identity.With(r.Context(), p), tenant(p))))
		if !p.Scopes.Has(scope) {
			return &scopeError{scope, p.Scopes}
		}
		return next(c)
	}
}

// tenant is who the work of a caller is done for. All tokens are of one issuer, so
// its subject names a caller.
func tenant(p identity.Principal) admission.Tenant { return admission.Tenant("sub " + p.Subject) }

// refused logs why a token is refused; the caller is not told more than the
// kind of error.
func (s *Server) refused(c echo.Context, err error) error {
	if !errors.Is(err, identity.ErrMissing) {
		s.log.Warn("token refused", append(named(c), "error", err)...)
	}
	return err
}

// Guard is next for those who have a token with the scope, as the endpoints of
// this server are; for a port of its own.
func (s *Server) Guard(scope identity.Scope, next http.Handler) http.Handler {
	handle := s.identify(s.audited("the admin port", "", s.guard(scope, echo.WrapHandler(next))))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := s.echo.NewContext(r, w)
		if err := handle(c); err != nil {
			s.answerError(err, c)
		}
	})
}

// may says whether the caller's token allows more than its endpoint asks for.
func (s *Server) may(c echo.Context, scope identity.Scope) bool {
	p, ok := identity.From(c.Request().Context())
	return !ok || p.Scopes.Has(scope)
}

// scopeError is for a token that is good, and not for this.
type scopeError struct {
	need identity.Scope
	has  identity.Scopes
}

func (e *scopeError) Error() string {
	if len(e.has) == 0 {
		return fmt.Sprintf("this needs the scope %s; the token has none", e.need)
	}
	return fmt.Sprintf("this needs the scope %s; the token has %s", e.need, e.has)
}

// toldOf is what the caller is told of an error about its token: the same for
// every token that is not valid.
func toldOf(err error) string {
	switch {
	case errors.Is(err, identity.ErrMissing):
		return "send a token in the header Authorization: Bearer TOKEN"
	case errors.Is(err, identity.ErrExpired):
		return "the token has expired; get a new one"
	}
	return "the token is not valid here; its issuer, audience, time, key or signature is wrong"
}

// challengeOf is the header WWW-Authenticate of an answer to err (RFC 6750, 3),
// or "".
func challengeOf(err error) string {
	const challenge = `Bearer realm="technical-analysis", error="%s", error_description="%s"`
	var scope *scopeError
	switch {
	case errors.As(err, &scope):
		return fmt.Sprintf(challenge+`, scope="%s"`, "insufficient_scope", scope.Error(), scope.need)
	case errors.Is(err, identity.ErrMissing), errors.Is(err, identity.ErrExpired), errors.Is(err, identity.ErrInvalid):
		return fmt.Sprintf(challenge, "invalid_token", toldOf(err))
	}
	return ""
}
