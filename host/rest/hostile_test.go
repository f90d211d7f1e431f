package rest

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest/hostile"
)

// sound says that the service still answers: a native, a guest that an SDK
// made and one that was made here, in one request and each alone.
func (l live) sound(t testing.TB, candles, want string) {
	t.Helper()
	r := l.json(t, "/api/v1/compute", soundRequest(candles))
	if r.status != http.StatusOK || string(r.body) != want {
		t.Errorf("the service does not answer as before: %d %.300s", r.status, r.body)
	}
}

func soundRequest(candles string) string {
	return `{"candles":` + candles + `,"last":40,"indicators":[{"name":"sma","params":{"period":20}},{"name":"core_rust"},{"name":"good"}]}`
}

// begin installs the good guests and returns what sound wants, with the mean
// of a guest checked by hand.
func (l live) begin(t testing.TB, candles string) (want string) {
	t.Helper()
	l.installs(t, coreGuest(t, "rust"))
	l.installs(t, wasmtest.Guest{Name: "good"}.Build())
	var all struct{ Results map[string]result }
	r := l.json(t, "/api/v1/compute", soundRequest(candles))
	r.into(t, http.StatusOK, &all)
	near(t, "sma of the guest", all.Results["core_rust"].Outputs["sma"], all.Results["sma"].Outputs["sma"])
	if len(all.Results["good"].Outputs["mean"]) != 40 {
		t.Fatalf("the good guest answers %+v", all.Results["good"])
	}
	return string(r.body)
}

// TestHostile: what is refused before it may answer anybody, by which check, and
// where; and a plugin that passes the checks and fails later fails its own call
// alone, as the whole answer and as one item of many. The service goes on after
// each.
func TestHostile(t *testing.T) {
	l := listen(t)
	candles := market(hostile.LateBars + 100)
	want := l.begin(t, candles)
	for _, h := range hostile.All() {
		t.Run(h.Name, func(t *testing.T) {
			switch h.By {
			case hostile.Gate, hostile.Check:
				l.refuses(t, h)
			case hostile.Library:
				l.upload(t, "/api/v1/plugins", h.Bytes).refused(t, http.StatusConflict, "plugin-conflict", h.Says)
				if p := l.upload(t, "/api/v1/plugins/check", h.Bytes).refused(t, http.StatusUnprocessableEntity, "plugin-rejected", h.Says); p.Gate != h.What {
					t.Errorf("the gate is %q, want %q", p.Gate, h.What)
				}
			case hostile.Call:
				l.installs(t, h.Bytes)
				for range 2 { // a fault is never kept as a result
					l.faults(t, h, candles)
					l.sound(t, candles, want)
				}
				l.givesTheMean(t, h, market(hostile.LateBars)) // and with fewer bars it is as it should be
			default:
				l.installs(t, h.Bytes)
				l.givesTheMean(t, h, candles)
			}
			l.sound(t, candles, want)
		})
	}
	t.Run("a version again with other bytes", func(t *testing.T) {
		l.upload(t, "/api/v1/plugins", wasmtest.Guest{Name: "good", Padding: 1}.Build()).refused(t, http.StatusConflict, "plugin-conflict", "new version")
		l.sound(t, candles, want)
	})
}

// refuses wants a module refused, however it is sent.
func (l live) refuses(t *testing.T, h hostile.Module) {
	t.Helper()
	for _, path := range []string{"/api/v1/plugins", "/api/v1/plugins/check", "/api/v1/plugins?activate=false"} {
		r := l.upload(t, path, h.Bytes)
		p := r.refused(t, http.StatusUnprocessableEntity, "plugin-rejected", h.Says)
		if h.Allowed > 0 {
			r.refused(t, http.StatusUnprocessableEntity, "plugin-rejected", fmt.Sprintf("%d, at most %d allowed", h.Found, h.Allowed))
		}
		if p.Gate != h.What {
			t.Errorf("%s: the gate is %q, want %q: %s", path, p.Gate, h.What, p.Detail)
		}
		if (p.Offset != nil) != (h.By == hostile.Gate) || (p.Bar != nil) != (h.Bar != nil) || p.Bar != nil && *p.Bar != *h.Bar {
			t.Errorf("%s: offset %v, bar %v; want an offset if it is the gate's, and the bar %v", path, p.Offset, p.Bar, h.Bar)
		}
	}
	l.do(t, http.MethodGet, "/api/v1/plugins/bad", "", nil).refused(t, http.StatusNotFound, "unknown-plugin", "bad")
}

// faults wants a call to end with the fault, and no other item with it.
func (l live) faults(t *testing.T, h hostile.Module, candles string) {
	t.Helper()
	l.json(t, "/api/v1/indicators/"+h.Plugin, `{"candles":`+candles+`}`).refused(t, http.StatusUnprocessableEntity, "plugin-"+h.What, h.Says)
	var all struct{ Results map[string]result }
	l.json(t, "/api/v1/compute", fmt.Sprintf(`{"candles":%s,"indicators":[{"name":"sma"},{"id":"bad","name":%q},{"name":"good"}]}`, candles, h.Plugin)).into(t, http.StatusOK, &all)
	p := all.Results["bad"].Problem
	if p.Status != http.StatusUnprocessableEntity || p.Type != "/problems/plugin-"+h.What || !strings.Contains(p.Detail, h.Says) {
		t.Errorf("as an item it is %d %s: %s", p.Status, p.Type, p.Detail)
	}
	if all.Results["sma"].Bars != hostile.LateBars+100 || all.Results["good"].Bars != hostile.LateBars+100 {
		t.Errorf("it takes others with it: %+v, %+v", all.Results["sma"].Problem, all.Results["good"].Problem)
	}
}

// givesTheMean wants the answer of the good guest, twice.
func (l live) givesTheMean(t *testing.T, h hostile.Module, candles string) {
	t.Helper()
	for range 2 {
		var got, good result
		l.json(t, "/api/v1/indicators/"+h.Plugin, `{"candles":`+candles+`}`).into(t, http.StatusOK, &got)
		l.json(t, "/api/v1/indicators/good", `{"candles":`+candles+`}`).into(t, http.StatusOK, &good)
		sameBits(t, h.Name, got.Outputs, good.Outputs)
	}
}

// hostileNamed is one of the hostile modules.
func hostileNamed(t testing.TB, name string) hostile.Module {
	t.Helper()
	for _, m := range hostile.All() {
		if m.Name == name {
			return m
		}
	}
	t.Fatalf("no hostile module is named %q", name)
	panic("unreachable")
}

// TestLoopingPluginIsAlone: while a plugin loops in one request after another,
// and modules that loop are uploaded, everyone else gets the answers that they
// get alone.
func TestLoopingPluginIsAlone(t *testing.T) {
	l := listen(t)
	candles := market(hostile.LateBars + 100)
	want := l.begin(t, candles)
	looper := hostileNamed(t, "later loops")
	l.installs(t, looper.Bytes)

	var calls atomic.Int64
	begun, done := make(chan struct{}), make(chan struct{})
	var first sync.Once
	var bad, good sync.WaitGroup
	defer bad.Wait()
	for range 3 {
		bad.Go(func() {
			for {
				l.json(t, "/api/v1/indicators/"+looper.Plugin, `{"candles":`+candles+`}`).refused(t, http.StatusUnprocessableEntity, "plugin-out-of-gas", "units")
				calls.Add(1)
				first.Do(func() { close(begun) })
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	bad.Go(func() {
		module := hostileNamed(t, "a loop").Bytes
		for {
			l.upload(t, "/api/v1/plugins", module).refused(t, http.StatusUnprocessableEntity, "plugin-rejected", "")
			select {
			case <-done:
				return
			default:
			}
		}
	})
	<-begun
	before := calls.Load()
	for range 4 {
		good.Go(func() {
			for range 25 {
				l.sound(t, candles, want)
			}
		})
	}
	good.Wait()
	during := calls.Load() - before
	close(done)
	if during == 0 {
		t.Error("no call of the looping plugin ended meanwhile: the test shows nothing")
	}
}
