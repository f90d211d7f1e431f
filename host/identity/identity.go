// Package identity says who calls: it verifies the tokens of callers against a
// ring of public keys, and reads what the sidecar says of its peer. It signs
// nothing, keeps no secret, and does no cryptography of its own; go-jose does.
// It knows nothing of HTTP beyond headers: host/rest asks it, and answers.
package identity

import (
	"context"
	"slices"
	"strings"
)

// Scope is something that a token may allow its bearer.
type Scope string

// The scopes there are. docs/identity.md says what each is for.
const (
	Analyze        Scope = "analyze"         // indicators and their computation
	PluginsRead    Scope = "plugins:read"    // what is installed, and the modules
	PluginsWrite   Scope = "plugins:write"   // upload, check, uninstall
	PluginsPromote Scope = "plugins:promote" // decide which version answers
	Ops            Scope = "ops"             // kill and revive plugins; the audit log; profiles of the running process
)

// AllScopes lists every scope.
var AllScopes = Scopes{Analyze, PluginsRead, PluginsWrite, PluginsPromote, Ops}

// Scopes are what a token allows, each once, in the order of AllScopes.
type Scopes []Scope

// ParseScopes reads a claim: names with spaces between them (RFC 8693, 4.2).
// Names that mean nothing here are left out; a token may have them for others.
func ParseScopes(claim string) Scopes {
	var s Scopes
	names := strings.Fields(claim)
	for _, known := range AllScopes {
		if slices.Contains(names, string(known)) {
			s = append(s, known)
		}
	}
	return s
}

// Has says whether scope is among s.
func (s Scopes) Has(scope Scope) bool { return slices.Contains(s, scope) }

// String is the claim that ParseScopes reads.
func (s Scopes) String() string {
	names := make([]string, len(s))
	for i, scope := range s {
		names[i] = string(scope)
	}
	return strings.Join(names, " ")
}

// Principal is who makes a request, as its token says.
type Principal struct {
	Subject string
	Scopes  Scopes
}

type principalKey struct{}

// With returns a context of a request that p makes.
func With(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, p)
}

// From returns who makes the request of ctx; false where nobody was asked.
func From(ctx context.Context) (Principal, bool) {
	p, ok := ctx.Value(principalKey{}).(Principal)
	return p, ok
}
