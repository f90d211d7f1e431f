package host

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// TestCandidateIsCounted: the operator's metrics have the calls of a candidate, by
// what came of them, and no calls of a version that answers alone.
func TestCandidateIsCounted(t *testing.T) {
	h, _ := start(t, settings(t))
	// A trap at 777, and from 1000 on another value.
	at777 := wt.If(wt.Code(wt.Close(0), wt.Float(777), []byte{0x61}), wt.Trap()) // f64.eq
	dear := wt.Code(wt.Close(0), wt.Float(1000), []byte{0x66})                   // f64.ge
	run := wt.Code(at777, wt.EachBar(wt.Code(wt.Mean(), wt.Unless(dear, wt.Float(0), wt.Float(1)), []byte{0xa0})))
	if _, _, err := h.Plugins().Upload(t.Context(), wt.Guest{Name: "mean"}.Build(), true); err != nil {
		t.Fatal(err)
	}
	v, _, err := h.Plugins().Upload(t.Context(), wt.Guest{Name: "mean", Version: "2.0.0", Run: run}.Build(), false)
	if err != nil {
		t.Fatal(err)
	}
	calls := func(closes ...string) {
		t.Helper()
		for _, c := range closes {
			status, _, body := post(t, "http://"+h.Addr()+"/api/v1/indicators/mean", "application/json", []byte(`{"candles":{"close":[`+c+`]}}`))
			if status != http.StatusOK {
				t.Fatalf("%s: %d %s", c, status, body)
			}
		}
	}
	counted := func(same, different, fault int) {
		t.Helper()
		_, body := get(t, "http://"+h.AdminAddr()+"/metrics")
		for result, n := range map[string]int{"same": same, "different": different, "fault": fault} {
			line := fmt.Sprintf("\nplugin_candidate_calls_total{plugin=\"mean\",result=%q} %d\n", result, n)
			if (n > 0) != strings.Contains(body, line) {
				i := strings.Index(body, "\nplugin_candidate_calls_total")
				t.Errorf("the metrics have %q wrong; there is %.300q", line, body[max(i, 0):])
			}
		}
	}
	calls("1,2", "777,2")
	counted(0, 0, 0)
	if _, err := h.Plugins().Try(t.Context(), "mean", v.Digest, 100, nil); err != nil {
		t.Fatal(err)
	}
	calls("1,2", "1,2", "1,3", "1000,2000", "777,2", "777,2")
	counted(3, 1, 2)
	if _, err := h.Plugins().Untry(t.Context(), "mean", nil); err != nil {
		t.Fatal(err)
	}
	calls("1,2", "777,2")
	counted(3, 1, 2)
}

// TestCandidateIsMissed: a candidate whose module is damaged leaves the service
// ready and all plugins running; the plugin says that it is not
// tried, and why.
func TestCandidateIsMissed(t *testing.T) {
	c := settings(t)
	h, stop := start(t, c)
	if _, _, err := h.Plugins().Upload(t.Context(), wt.Guest{Name: "mean"}.Build(), true); err != nil {
		t.Fatal(err)
	}
	v, _, err := h.Plugins().Upload(t.Context(), wt.Guest{Name: "mean", Version: "2.0.0"}.Build(), false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Plugins().Try(t.Context(), "mean", v.Digest, 100, nil); err != nil {
		t.Fatal(err)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(c.DataDir, "plugins", "modules", strings.TrimPrefix(v.Digest, "sha256:")+".wasm")); err != nil {
		t.Fatal(err)
	}
	h, _ = start(t, c)
	if _, body := get(t, "http://"+h.Addr()+"/health/ready"); !strings.Contains(body, `"status":"ready"`) {
		t.Errorf("it is %s", body)
	}
	if _, body := get(t, "http://"+h.AdminAddr()+"/metrics"); !strings.Contains(body, "\nplugins_absent 0\n") {
		t.Error("a plugin is said to be absent that answers")
	}
	status, _, body := post(t, "http://"+h.Addr()+"/api/v1/indicators/mean", "application/json", []byte(`{"candles":{"close":[1,2]}}`))
	if status != http.StatusOK || !strings.Contains(body, `"version":"1.0.0"`) {
		t.Errorf("it answers %d %s", status, body)
	}
	if p, err := h.Plugins().Get("mean"); err != nil || p.Candidate == nil || p.Candidate.Error == "" {
		t.Errorf("it is listed as %+v (%v)", p, err)
	}
}
