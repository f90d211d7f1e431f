package host

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/gravitywavesml/gravity_techanalysis/host/admission"
	"github.com/gravitywavesml/gravity_techanalysis/host/identity/identitytest"
	"github.com/gravitywavesml/gravity_techanalysis/host/rest"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// tenant is a caller with a token.
type tenant struct {
	url, token string
}

// post makes a request. It may be called from any goroutine.
func (c tenant) post(t *testing.T, path, media string, body []byte) (status int, header http.Header, answer []byte) {
	req, err := http.NewRequest(http.MethodPost, c.url+path, bytes.NewReader(body))
	if err != nil {
		t.Error(err)
		return 0, nil, nil
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Content-Type", media)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return 0, nil, nil
	}
	defer res.Body.Close()
	if answer, err = io.ReadAll(res.Body); err != nil {
		t.Error(err)
	}
	return res.StatusCode, res.Header, answer
}

// flood has so many goroutines make a request again and again, until stop. Each that is
// refused is told one of the limits, and the first that is told the last of them
// closes refused.
func (c tenant) flood(t *testing.T, goroutines int, path, media string, body []byte, limits ...string) (refused chan struct{}, stop func()) {
	refused = make(chan struct{})
	once := sync.OnceFunc(func() { close(refused) })
	var ended atomic.Bool
	var work sync.WaitGroup
	for range goroutines {
		work.Go(func() {
			for !ended.Load() && !t.Failed() {
				switch status, header, answer := c.post(t, path, media, body); status {
				case http.StatusOK:
				case http.StatusTooManyRequests:
					var p rest.Problem
					is := func(limit string) bool { return strings.Contains(p.Detail, limit) }
					seconds, err := strconv.Atoi(header.Get("Retry-After"))
					if err != nil || seconds < 1 || header.Get("Content-Type") != "application/problem+json" || json.Unmarshal(answer, &p) != nil ||
						p.Type != "/problems/too-busy" || p.RetryAfter != seconds || !slices.ContainsFunc(limits, is) {
						t.Errorf("refused with %v: %s", header, answer)
					}
					if is(limits[len(limits)-1]) {
						once()
					}
				default:
					t.Errorf("the flood is answered %d %.300s", status, answer)
				}
			}
			once() // where it has failed nobody is to wait for a refusal
		})
	}
	return refused, func() {
		ended.Store(true)
		work.Wait()
	}
}

// TestFlood: one caller has all the calls of a plugin under way that it can, and
// is told 429; others call the same plugin, and upload, as if nothing were. When
// its flood has passed its calls are answered again.
func TestFlood(t *testing.T) {
	h, as := crowd(t)
	a, call := as("a"), closes(600)
	const path = "/api/v1/indicators/busy"
	refused, stop := a.flood(t, 24, path, "application/json", call, "2 calls of plugins of yours wait already, as many as may by the setting PLUGIN_LINE")
	<-refused
	var others sync.WaitGroup
	for _, subject := range []string{"b", "c", "d"} {
		other := as(subject)
		others.Go(func() {
			for i := range 10 {
				if status, _, answer := other.post(t, path, "application/json", call); status != http.StatusOK {
					t.Errorf("call %d of %s beside the flood: %d %s", i, subject, status, answer)
				}
			}
		})
	}
	others.Wait()
	stop()
	if status, _, answer := a.post(t, path, "application/json", call); status != http.StatusOK {
		t.Errorf("after the flood: %d %s", status, answer)
	}

	module := func(name string) []byte { return wt.Guest{Name: name}.Build() }
	const check = "/api/v1/plugins/check"
	refused, stop = a.flood(t, 24, check, "application/wasm", module("many"), "1 modules of yours wait already, as many as may by the setting PLUGIN_UPLOADS")
	<-refused
	for i := range 3 {
		if status, _, answer := as("b").post(t, "/api/v1/plugins", "application/wasm", module(fmt.Sprint("one", i))); status != http.StatusCreated {
			t.Errorf("upload %d beside the flood: %d %s", i, status, answer)
		}
	}
	stop()
	if status, _, answer := a.post(t, check, "application/wasm", module("many")); status != http.StatusOK {
		t.Errorf("a check after the flood: %d %s", status, answer)
	}

	allLeft(t, h, "call", "module")
}

// TestFloodOfMany: more callers flood a plugin than there are lines, until all that may
// wait does; one who then comes with one call at a time is never refused.
func TestFloodOfMany(t *testing.T) {
	_, as := crowd(t)
	call := closes(400)
	const path = "/api/v1/indicators/busy"
	var full chan struct{}
	for i := range admission.Lines + 4 { // of whom some have two that wait, when all lines are full
		var stop func()
		full, stop = as(fmt.Sprint("flood", i)).flood(t, 8, path, "application/json", call, "2 calls of plugins of yours wait already",
			"32 calls of plugins of all callers wait already, as many as may, 16 times the setting PLUGIN_LINE, and of nobody more than of you")
		defer stop()
	}
	<-full
	one := as("one")
	for i := range 15 {
		if status, _, answer := one.post(t, path, "application/json", call); status != http.StatusOK {
			t.Errorf("call %d beside the floods: %d %s", i, status, answer)
		}
	}
}

// TestFloodOfLongCalls: as TestFlood of calls that need more gas than one gets at
// once: the one that runs has a core for as long as it takes, and other callers are
// answered meanwhile, whether their calls take long or not.
func TestFloodOfLongCalls(t *testing.T) {
	h, as := crowd(t)
	a, short, long := as("a"), closes(10), closes(5_000)
	const path = "/api/v1/indicators/busy"
	if status, _, answer := a.post(t, path, "application/json", long); status != http.StatusOK { // its form for long calls is made
		t.Fatalf("one long call: %d %.300s", status, answer)
	}
	refused, stop := a.flood(t, 24, path, "application/json", long, "2 calls of plugins that take long of yours wait already, as many as may by the setting PLUGIN_LINE")
	<-refused
	b := as("b")
	for i := range 5 {
		for what, call := range map[string][]byte{"short": short, "long": long} {
			if status, _, answer := b.post(t, path, "application/json", call); status != http.StatusOK {
				t.Errorf("%s call %d of b beside the flood: %d %.300s", what, i, status, answer)
			}
		}
	}
	stop()
	if status, _, answer := a.post(t, path, "application/json", long); status != http.StatusOK {
		t.Errorf("after the flood: %d %.300s", status, answer)
	}
	allLeft(t, h, "long-call")
}

// crowd is a host with little room, that has the plugin busy, and its callers.
func crowd(t *testing.T) (h *Host, as func(subject string) tenant) {
	t.Helper()
	signer := identitytest.New(t, "a", jose.ES256)
	c := asking(t, signer)
	c.CacheBytes, c.MaxCandles = 0, 10_000
	c.Plugins = wasm.Limits{Calls: 4, Share: 0.5, Line: 2, Uploads: 1}
	h, _ = start(t, c)
	as = func(subject string) tenant {
		claims := identitytest.Claims("analyze plugins:write plugins:promote", map[string]any{"sub": subject})
		return tenant{"http://" + h.Addr(), signer.Sign(t, claims, nil)}
	}
	// A few thousand instructions a bar: some 10 ms for 600, and 5,000 have more gas
	// than a call gets at once.
	count := wt.Code(wt.Int(1_500), wt.Set(wt.I32), []byte{0x03, 0x40}, wt.Get(wt.I32), wt.Int(1), []byte{0x6b, 0x22, wt.I32, 0x0d, 0, 0x0b})
	busy := wt.Guest{Name: "busy", Run: wt.EachBar(wt.Code(count, wt.Mean()))}.Build()
	if status, _, answer := as("a").post(t, "/api/v1/plugins", "application/wasm", busy); status != http.StatusCreated {
		t.Fatalf("upload: %d %s", status, answer)
	}
	return h, as
}

// closes is the body of a call over so many bars.
func closes(n int) []byte {
	return []byte(`{"candles":{"close":[` + strings.Repeat("1,2,", n/2-1) + `1,2]}}`)
}

// allLeft wants the metrics to say that nothing runs or waits any more, and that
// there was no room for some of what.
func allLeft(t *testing.T, h *Host, what ...string) {
	t.Helper()
	_, metrics := get(t, "http://"+h.AdminAddr()+"/metrics")
	for _, line := range []string{`plugin_running{what="call"} 0`, `plugin_waiting{what="call"} 0`, `plugin_waiting{what="long-call"} 0`, `plugin_running{what="long-call"} 0`, `plugin_running{what="module"} 0`} {
		if !strings.Contains(metrics, line) {
			t.Errorf("the metrics lack %s", line)
		}
	}
	for _, w := range what {
		series := `plugin_refused_total{reason="line-full",what="` + w + `"}`
		_, after, found := strings.Cut(metrics, series+" ")
		if value, _, _ := strings.Cut(after, "\n"); !found || value == "0" {
			t.Errorf("%s is %q", series, value)
		}
	}
}

// TestPluginLimits: what lets nobody in is named; without tokens one caller, which
// is all, has the whole room.
func TestPluginLimits(t *testing.T) {
	for setting, l := range map[string]wasm.Limits{
		"plugin-calls": {Calls: 1}, "plugin-memory": {Memory: 100 << 20}, "plugin-share": {Share: 1.5},
		"plugin-line": {Line: -1}, "plugin-uploads": {Uploads: -1},
	} {
		c := settings(t)
		c.Plugins = l
		if err := c.Check(); err == nil || !strings.Contains(err.Error(), setting) {
			t.Errorf("%+v: %v", l, err)
		}
	}
	c := settings(t)
	c.Plugins = wasm.Limits{Calls: 7, Share: 0.5}
	if got := c.limits(); got != (wasm.Limits{Calls: 7, Share: 1}) {
		t.Errorf("nobody is asked for a token, and the limits are %+v", got)
	}
	c.Issuer = "someone"
	if got := c.limits(); got != c.Plugins {
		t.Errorf("the limits are %+v, want %+v", got, c.Plugins)
	}
}
