package rest

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/gravitywavesml/gravity_techanalysis/host/audit"
	"github.com/gravitywavesml/gravity_techanalysis/host/identity"
	"github.com/gravitywavesml/gravity_techanalysis/host/telemetry"
)

// The logs that there are to read.
const (
	logService = "service"
	logReplica = "replica"
)

// Entries of a page, and entries that are looked at for one where few are asked
// for.
const (
	defaultPage = 50
	maxPage     = 200
	maxLooked   = 10_000
)

func (s *Server) audit() []endpoint {
	return []endpoint{{
		method: http.MethodGet, path: "/api/v1/audit", handle: s.listAudit, scope: identity.Ops,
		id: "listAudit", tag: "Audit", summary: "The audit log, the newest entries first",
		doc: "Each entry has the hash of the one before. techanalysis audit export writes the log to a file as it was written here, and techanalysis audit verify checks such a file. head is the end of the log now: kept elsewhere it shows later that nothing was cut off. " +
			"The header Link leads to the next page. Entries that are written meanwhile move nothing. A page may have fewer entries than limit, or none, and another after it, where plugin or action leaves out most.",
		query: []queryParam{
			{name: "limit", doc: "At most so many entries."},
			{name: "cursor", doc: "Where the page begins, from the Link of the page before."},
			{name: "plugin", doc: "Only what was done to this plugin."},
			{name: "action", doc: "Only this action."},
			{name: "log", doc: "service is what was done to the service; where replicas share a store it is the log of all of them. replica is the log of the replica that answers: who was not let in, and what was refused while the shared store was away. Where nothing is shared both are the same."},
		},
		answers:  []answer{{http.StatusOK, "Entries, the newest first.", []content{{mediaJSON, auditPage{}}}}},
		headers:  []string{headerLink, headerCacheControl},
		problems: []kind{storeAway, auditAway},
	}}
}

type auditPage struct {
	Entries []audit.Entry `json:"entries"`
	Head    audit.Head    `json:"head"`
}

// auditQuery is what a page of the log is asked for with.
type auditQuery struct {
	log    string
	before int64 // 0 for the newest
	limit  int
	plugin string
	action audit.Action
}

func (s *Server) listAudit(c echo.Context) error {
	q, err := auditQueryOf(c.QueryParams())
	if err != nil {
		return err
	}
	log := s.Audit.Service()
	if q.log == logReplica {
		log = s.Audit.Own()
	}
	ctx := c.Request().Context()
	page := auditPage{Entries: []audit.Entry{}}
	if page.Head, err = log.Head(ctx); err != nil {
		return err
	}
	next := q.before
	at := maxPage // a time
	if q.plugin == "" && q.action == "" {
		at = q.limit + 1
	}
	for looked, more := 0, true; more; {
		entries, err := log.Before(ctx, next, at)
		if err != nil {
			return err
		}
		more = len(entries) == at
		for i, e := range entries {
			next = e.Seq
			if (q.plugin == "" || e.Plugin == q.plugin) && (q.action == "" || e.Action == q.action) {
				page.Entries = append(page.Entries, e)
			}
			if looked++; len(page.Entries) == q.limit || looked == maxLooked {
				if more || i+1 < len(entries) {
					c.Response().Header().Set(headerLink, q.link(next))
				}
				more = false
				break
			}
		}
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return c.JSON(http.StatusOK, page)
}

// auditQueryOf reads a query, whose names are those of the endpoint, once each.
func auditQueryOf(values url.Values) (auditQuery, error) {
	q := auditQuery{log: logService, limit: defaultPage}
	for name, given := range values {
		var err error
		switch value := given[0]; name {
		case "limit":
			q.limit, err = integer([]byte(value), "/limit", 1, maxPage)
		case "cursor":
			q.before, err = cursorOf(value)
		case "plugin":
			if q.plugin = value; value == "" {
				err = refuse("/plugin", "empty", "plugin must name one")
			}
		case "action":
			if q.action = audit.Action(value); !slices.Contains(audit.Actions, q.action) {
				err = refuse("/action", "unknown", fmt.Sprintf("there is no action %.80q; there are %s", value, listed(audit.Actions)))
			}
		case "log":
			if q.log = value; value != logService && value != logReplica {
				err = refuse("/log", "unknown", fmt.Sprintf("log must be %s or %s", logService, logReplica))
			}
		}
		if err != nil {
			return q, err
		}
	}
	return q, nil
}

func listed(actions []audit.Action) string {
	names := make([]string, len(actions))
	for i, a := range actions {
		names[i] = string(a)
	}
	return strings.Join(names, ", ")
}

// link leads to the page with the entries below a number.
func (q auditQuery) link(before int64) string {
	v := url.Values{"cursor": {cursor(before)}, "limit": {strconv.Itoa(q.limit)}, "log": {q.log}}
	if q.plugin != "" {
		v.Set("plugin", q.plugin)
	}
	if q.action != "" {
		v.Set("action", string(q.action))
	}
	return fmt.Sprintf(`</api/v1/audit?%s>; rel="next"`, v.Encode())
}

// A cursor says nothing to its bearer, so that it may become another; and allows
// nothing, so nobody signs it.
const cursorForm = "a1."

func cursor(before int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte(cursorForm + strconv.FormatInt(before, 10)))
}

func cursorOf(text string) (int64, error) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if digits, ok := strings.CutPrefix(string(b), cursorForm); err == nil && ok {
		if before, err := strconv.ParseInt(digits, 10, 64); err == nil && before > 0 {
			return before, nil
		}
	}
	return 0, refuse("/cursor", "unknown", "the cursor is not one of this service's; leave it out for the newest entries, and follow the header Link from there")
}

// audited records that a request was refused. tried is what it was, in words,
// and action what it would have been; "" for what changes nothing.
func (s *Server) audited(tried string, action audit.Action, next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := next(c)
		if err == nil {
			return nil
		}
		p := problemOf(err)
		entry := audit.Entry{Problem: strings.TrimPrefix(p.Type, "/problems/")}.By(s.actor(c))
		switch {
		case p.Status == http.StatusUnauthorized:
			entry.Principal, entry.Issuer = "", "" // nobody vouches for what the token says
			entry.Detail = tried + ": " + reasonOf(err)
			s.Audit.Unknown(entry)
		case action != "":
			entry.Action, entry.Plugin, entry.Detail = action, c.Param("name"), p.Detail
			if p.Gate != "" {
				entry.Detail = p.Gate + ": " + p.Detail
			}
			entry.Digest, _ = c.Get(aboutDigest).(string)
			s.Audit.Refuse(entry)
		case p.Status == http.StatusForbidden:
			entry.Detail = tried
			s.Audit.Unknown(entry)
		}
		return err
	}
}

// reasonOf is why a token is refused, in a word.
func reasonOf(err error) string {
	switch {
	case errors.Is(err, identity.ErrMissing):
		return "no token"
	case errors.Is(err, identity.ErrExpired):
		return "the token has expired"
	}
	return "the token is not valid"
}

// about says which version a request is about, for the audit log, should it be
// refused.
func about(c echo.Context, digest string) { c.Set(aboutDigest, digest) }

const aboutDigest = "audit.digest"

// acting has what is done for a request recorded as its caller's.
func (s *Server) acting(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		c.SetRequest(r.WithContext(audit.With(r.Context(), s.actor(c))))
		return next(c)
	}
}

// actor is who makes a request.
func (s *Server) actor(c echo.Context) audit.Actor {
	r := c.Request()
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	a := audit.Actor{
		Principal: "anonymous",
		Caller:    cmp.Or(identity.Peer(r.Header, r.RemoteAddr), host),
		Request:   telemetry.RequestID(r.Context()), Trace: telemetry.TraceID(r.Context()),
	}
	if p, ok := identity.From(r.Context()); ok {
		a.Principal, a.Issuer = p.Subject, s.Tokens.Issuer()
	} else if ip, err := netip.ParseAddr(host); err == nil && ip.IsLoopback() {
		a.Principal = "anonymous loopback"
	}
	return a
}
