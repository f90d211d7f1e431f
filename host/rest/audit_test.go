package rest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/audit"
	"github.com/gravitywavesml/gravity_techanalysis/host/identity"
	"github.com/gravitywavesml/gravity_techanalysis/host/identity/identitytest"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// entries is what a page of the log has, which the contract must allow.
func entries(t *testing.T, g guarded, query string) (auditPage, reply) {
	t.Helper()
	const path = "/api/v1/audit"
	r := g.with(t, g.signer.Token(t, string(identity.Ops)), http.MethodGet, path+query, nil, nil)
	var page auditPage
	r.into(t, http.StatusOK, &page)
	if err := contractOf(t, g.server).holds(t, http.MethodGet, path, r.status, r.header.Get("Content-Type"), r.body); err != nil {
		t.Error(err)
	}
	return page, r
}

// TestAuditOfEachAction: whatever is done to plugins over the API, and whatever of
// it is refused, leaves its one entry, with who, what and which version.
func TestAuditOfEachAction(t *testing.T) {
	g := listenGuarded(t)
	first, second := wt.Guest{Name: "mean", Version: "1.0.0"}.Build(), wt.Guest{Name: "mean", Version: "2.0.0"}.Build()
	one, two := digestOf(first), digestOf(second)
	rubbish := []byte("no module")
	all := g.signer.Token(t, identity.AllScopes.String())
	reader := g.signer.Token(t, string(identity.PluginsRead))
	digest := func(d string) []byte { return fmt.Appendf(nil, `{"digest":%q}`, d) }
	share := func(d string) []byte { return fmt.Appendf(nil, `{"digest":%q,"percent":5}`, d) }
	const plugins, mean = "/api/v1/plugins", "/api/v1/plugins/mean"
	for _, c := range []struct {
		token, method, path, media string
		body                       []byte
		status                     int
		want                       audit.Entry // nothing where it has no action
	}{
		{all, "POST", plugins + "/check", mediaWasm, first, 200, audit.Entry{}},
		{all, "POST", plugins, mediaWasm, first, 201, audit.Entry{Action: audit.Upload, Plugin: "mean", Version: "1.0.0", Digest: one, Detail: "stored and activated"}},
		{all, "POST", plugins + "?activate=false", mediaWasm, second, 201, audit.Entry{Action: audit.Upload, Plugin: "mean", Version: "2.0.0", Digest: two, Detail: "stored"}},
		{all, "GET", plugins, "", nil, 200, audit.Entry{}},
		{all, "GET", mean, "", nil, 200, audit.Entry{}},
		{all, "POST", mean + "/candidate", mediaJSON, share(two), 200, audit.Entry{Action: audit.Try, Plugin: "mean", Version: "2.0.0", Digest: two, Detail: "5 percent of the calls"}},
		{all, "DELETE", mean + "/candidate", "", nil, 200, audit.Entry{Action: audit.Untry, Plugin: "mean", Version: "2.0.0", Digest: two}},
		{all, "POST", mean + "/activate", mediaJSON, digest(two), 200, audit.Entry{Action: audit.Activate, Plugin: "mean", Version: "2.0.0", Digest: two}},
		{all, "POST", mean + "/activate", mediaJSON, digest(one), 200, audit.Entry{Action: audit.Activate, Plugin: "mean", Version: "1.0.0", Digest: one}},
		{all, "POST", mean + "/kill", "", nil, 200, audit.Entry{Action: audit.Kill, Plugin: "mean", Version: "1.0.0", Digest: one}},
		{all, "POST", mean + "/revive", "", nil, 200, audit.Entry{Action: audit.Revive, Plugin: "mean", Version: "1.0.0", Digest: one}},
		{all, "DELETE", mean, "", nil, 204, audit.Entry{Action: audit.Uninstall, Plugin: "mean", Version: "1.0.0", Digest: one}},

		{all, "POST", plugins, mediaWasm, rubbish, 422, audit.Entry{Action: audit.Upload, Problem: "plugin-rejected", Digest: digestOf(rubbish)}},
		{all, "POST", plugins + "/check", mediaWasm, rubbish, 422, audit.Entry{Action: audit.Check, Problem: "plugin-rejected", Digest: digestOf(rubbish)}},
		{all, "POST", mean + "/activate", mediaJSON, digest("sha256:0"), 404, audit.Entry{Action: audit.Activate, Problem: "unknown-plugin", Plugin: "mean", Digest: "sha256:0"}},
		{all, "POST", mean + "/candidate", mediaJSON, share(two), 409, audit.Entry{Action: audit.Try, Problem: "plugin-no-candidate", Plugin: "mean", Digest: two}},
		{all, "POST", plugins + "/none/kill", "", nil, 404, audit.Entry{Action: audit.Kill, Problem: "unknown-plugin", Plugin: "none"}},
		{reader, "POST", mean + "/kill", "", nil, 403, audit.Entry{Action: audit.Kill, Problem: "insufficient-scope", Plugin: "mean"}},
		{reader, "GET", "/api/v1/indicators", "", nil, 403, audit.Entry{Action: audit.Identify, Problem: "insufficient-scope", Detail: "GET /api/v1/indicators"}},
		{"", "POST", mean + "/kill", "", nil, 401, audit.Entry{Action: audit.Identify, Problem: "unauthorized", Detail: "POST /api/v1/plugins/{name}/kill: no token"}},
	} {
		before, _ := entries(t, g, "?limit=1")
		r := g.with(t, c.token, c.method, c.path, http.Header{"Content-Type": {c.media}, "X-Request-Id": {"asked-1"}}, c.body)
		if r.status != c.status {
			t.Fatalf("%s %s: %d %s, want %d", c.method, c.path, r.status, r.body, c.status)
		}
		after, _ := entries(t, g, "")
		n := int(after.Head.Seq - before.Head.Seq)
		if c.want.Action == "" {
			if n != 0 {
				t.Errorf("%s %s leaves %+v", c.method, c.path, after.Entries[:n])
			}
			continue
		}
		if n != 1 {
			t.Fatalf("%s %s leaves %d entries, want 1", c.method, c.path, n)
		}
		got, want := after.Entries[0], c.want
		want.Outcome = audit.Done
		if c.status >= 400 {
			want.Outcome = audit.Refused
		}
		want.Caller, want.Request = "127.0.0.1", "asked-1"
		if c.token != "" {
			want.Principal, want.Issuer = identitytest.Subject, identitytest.Issuer
		}
		if want.Detail == "" && c.status >= 400 {
			want.Detail = got.Detail
			if got.Detail == "" {
				t.Errorf("%s %s: nothing says why", c.method, c.path)
			}
		}
		if len(got.Trace) != 32 || got.Time.IsZero() {
			t.Errorf("%s %s: %s", c.method, c.path, got.Line())
		}
		want.Seq, want.Time, want.Trace, want.Replica, want.Prev, want.Hash = got.Seq, got.Time, got.Trace, got.Replica, got.Prev, got.Hash
		if got != want {
			t.Errorf("%s %s leaves\n%s\nwant\n%s", c.method, c.path, got.Line(), want.Line())
		}
	}
}

// TestAuditOfNobody: where nobody is asked for a token the entry says so.
func TestAuditOfNobody(t *testing.T) {
	s := newServer(t)
	installPair(t, s)
	got, err := s.Audit.Service().Before(t.Context(), 0, 1)
	if err != nil || len(got) != 1 || got[0].Principal != "anonymous" || got[0].Caller != "192.0.2.1" || got[0].Issuer != "" {
		t.Errorf("%+v (%v)", got, err)
	}
	l := listen(t)
	l.do(t, http.MethodPost, "/api/v1/plugins/none/kill", "", nil)
	var page auditPage
	l.do(t, http.MethodGet, "/api/v1/audit", "", nil).into(t, http.StatusOK, &page)
	if len(page.Entries) != 1 || page.Entries[0].Principal != "anonymous loopback" {
		t.Errorf("on loopback: %+v", page)
	}
}

// TestAuditOfPanic: what ends in a bug of the service was tried all the same.
func TestAuditOfPanic(t *testing.T) {
	s := newServer(t, func(c *Config) { c.Plugins = nil })
	if w := call(t, s, http.MethodPost, "/api/v1/plugins/mean/kill", nil, nil); w.Code != http.StatusInternalServerError {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	got, err := s.Audit.Service().Before(t.Context(), 0, 1)
	if err != nil || len(got) != 1 || got[0].Action != audit.Kill || got[0].Outcome != audit.Refused || got[0].Problem != internal.name || got[0].Plugin != "mean" {
		t.Errorf("%+v (%v)", got, err)
	}
}

// TestAuditFlood: bad tokens from one caller cost a few lines, whatever else is
// different of them.
func TestAuditFlood(t *testing.T) {
	const flood = 3000
	g := listenGuarded(t)
	for i := range flood {
		path := []string{"/api/v1/plugins", "/api/v1/indicators", "/api/v1/plugins/x/kill"}[i%3]
		if r := g.with(t, fmt.Sprint("bad-", i), http.MethodPost, path, nil, nil); r.status != http.StatusUnauthorized && r.status != http.StatusMethodNotAllowed {
			t.Fatal(r.status)
		}
	}
	g.server.Audit.Flush()
	page, _ := entries(t, g, "?log=replica&action=identity")
	refused := 0
	for _, e := range page.Entries {
		refused += max(1, e.Count)
		if e.Principal != "" {
			t.Errorf("nobody vouches for %q", e.Principal)
		}
	}
	if len(page.Entries) != 2 || refused != flood*2/3 {
		t.Errorf("%d entries, which stand for %d; want 2 and %d", len(page.Entries), refused, flood*2/3)
	}
}

// TestAuditPages: the pages have each entry once, the newest first, also while
// others are written, and of those that are asked for alone.
func TestAuditPages(t *testing.T) {
	const n = 23
	g := listenGuarded(t)
	log := g.server.Audit.Service()
	write := func(plugin string, action audit.Action) {
		if err := log.Append(t.Context(), audit.Entry{Action: action, Plugin: plugin}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range n {
		write([]string{"mean", "other"}[i%2], []audit.Action{audit.Kill, audit.Revive, audit.Upload}[i%3])
	}
	follow := func(query string, meanwhile func()) (seqs []int64, pages int) {
		for {
			page, r := entries(t, g, query)
			pages++
			for _, e := range page.Entries {
				seqs = append(seqs, e.Seq)
			}
			link := r.header.Get("Link")
			if link == "" {
				return seqs, pages
			}
			address, ok := strings.CutSuffix(link, `>; rel="next"`)
			u, err := url.Parse(strings.TrimPrefix(address, "<"))
			if !ok || err != nil || u.Path != "/api/v1/audit" || u.Query().Get("cursor") == "" {
				t.Fatalf("the Link is %q (%v)", link, err)
			}
			query = "?" + u.RawQuery
			meanwhile()
		}
	}
	want := func(wants func(i int) bool) (seqs []int64) {
		for i := n; i > 0; i-- {
			if wants(i - 1) {
				seqs = append(seqs, int64(i))
			}
		}
		return seqs
	}
	every := func(int) bool { return true }
	still := func() {}
	for _, c := range []struct {
		query string
		wants func(i int) bool
		pages int
	}{
		{"", every, 1},
		{"?limit=200", every, 1},
		{"?limit=23", every, 1},
		{"?limit=22", every, 2},
		{"?limit=5", every, 5},
		{"?limit=1", every, n},
		{"?plugin=mean", func(i int) bool { return i%2 == 0 }, 1},
		{"?plugin=mean&action=plugin.kill&limit=2", func(i int) bool { return i%6 == 0 }, 2},
		{"?plugin=none", func(int) bool { return false }, 1},
		{"?action=plugin.upload&log=replica", func(i int) bool { return i%3 == 2 }, 1},
	} {
		if got, pages := follow(c.query, still); !slices.Equal(got, want(c.wants)) || pages != c.pages {
			t.Errorf("%s: %v on %d pages, want %v on %d", c.query, got, pages, want(c.wants), c.pages)
		}
	}
	got, _ := follow("?limit=4", func() { write("late", audit.Kill) })
	if !slices.Equal(got, want(every)) {
		t.Errorf("while others are written: %v", got)
	}
	page, r := entries(t, g, "?limit=1")
	if page.Head != page.Entries[0].Head() || r.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the head is %+v, the newest entry %s", page.Head, page.Entries[0].Line())
	}
}

// TestAuditLooksBounded: a page of what there is little of ends after a while, and
// leads on.
func TestAuditLooksBounded(t *testing.T) {
	few := new(counting)
	s := newServer(t, func(c *Config) { c.Audit = audit.NewTrail(few, few) })
	w := call(t, s, http.MethodGet, "/api/v1/audit?plugin=rare", nil, nil)
	if w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Link"), "plugin=rare") || !strings.Contains(w.Body.String(), `"entries":[]`) || few.read > maxLooked {
		t.Errorf("%d %s, Link %q, %d entries read", w.Code, w.Body, w.Header().Get("Link"), few.read)
	}
}

// TestAuditRefusals: what cannot be asked for is refused with the field and the
// fix.
func TestAuditRefusals(t *testing.T) {
	s := newServer(t)
	contract := contractOf(t, s)
	for query, want := range map[string]struct{ pointer, code string }{
		"limit=0":         {"/limit", "out-of-range"},
		"limit=201":       {"/limit", "out-of-range"},
		"limit=many":      {"/limit", "wrong-type"},
		"limit=1&limit=2": {"/limit", "duplicate-field"},
		"cursor=17":       {"/cursor", "unknown"},
		"cursor=":         {"/cursor", "unknown"},
		"cursor=YTEuLTE":  {"/cursor", "unknown"}, // a1.-1
		"action=plugin":   {"/action", "unknown"},
		"log=other":       {"/log", "unknown"},
		"page=2":          {"/page", "unknown-field"},
	} {
		w := call(t, s, http.MethodGet, "/api/v1/audit?"+query, nil, nil)
		r := reply{w.Code, w.Header(), w.Body.Bytes()}
		p := r.refused(t, http.StatusUnprocessableEntity, "invalid-request", "")
		if len(p.Errors) != 1 || p.Errors[0].Pointer != want.pointer || p.Errors[0].Code != want.code {
			t.Errorf("%s: %+v, want %+v", query, p.Errors, want)
		}
		if err := contract.holds(t, http.MethodGet, "/api/v1/audit", w.Code, w.Header().Get("Content-Type"), w.Body.Bytes()); err != nil {
			t.Errorf("%s: %v", query, err)
		}
	}
}

// counting is a long log of entries that nobody asks for.
type counting struct {
	audit.Log
	read int
}

func (c *counting) Head(context.Context) (audit.Head, error) { return audit.Head{}, nil }

func (c *counting) Before(_ context.Context, before int64, n int) (page []audit.Entry, err error) {
	if before == 0 {
		before = 1_000_000
	}
	c.read += n
	for i := range n {
		page = append(page, audit.Entry{Seq: before - 1 - int64(i)})
	}
	return page, nil
}
