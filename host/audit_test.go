package host

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/host/audit"
	"github.com/gravitywavesml/gravity_techanalysis/host/plugin/redistest"
	"github.com/gravitywavesml/gravity_techanalysis/host/rest"
	"github.com/gravitywavesml/gravity_techanalysis/plugins"
)

// auditOf is a page of the log of a running Host.
func auditOf(t *testing.T, h *Host, query string) (page struct {
	Entries []audit.Entry
	Head    audit.Head
}) {
	t.Helper()
	code, body := get(t, "http://"+h.Addr()+"/api/v1/audit"+query)
	if err := json.Unmarshal([]byte(body), &page); err != nil || code != http.StatusOK {
		t.Fatalf("%d %s (%v)", code, body, err)
	}
	return page
}

func metricsHave(t *testing.T, h *Host, lines ...string) {
	t.Helper()
	_, body := get(t, "http://"+h.AdminAddr()+"/metrics")
	for _, line := range lines {
		if !strings.Contains(body, "\n"+line+"\n") {
			t.Errorf("the metrics lack %s", line)
		}
	}
}

// TestAuditRestart: the log of a service goes on after a restart, on the disk and
// for who asks.
func TestAuditRestart(t *testing.T) {
	c := settings(t)
	h, stop := start(t, c)
	if code, _, body := post(t, "http://"+h.Addr()+"/api/v1/plugins", "application/wasm", plugins.KeltnerSqueeze); code != http.StatusCreated {
		t.Fatalf("%d %s", code, body)
	}
	metricsHave(t, h, `audit_entries_total{log="service",result="written"} 1`, `audit_entries_total{log="service",result="failed"} 0`, `audit_head{log="service"} 1`)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	h, stop = start(t, c)
	defer stop()
	if code, _, body := post(t, "http://"+h.Addr()+"/api/v1/plugins/keltner_squeeze/kill", "", nil); code != http.StatusOK {
		t.Fatalf("%d %s", code, body)
	}
	page := auditOf(t, h, "")
	if len(page.Entries) != 2 || page.Entries[0].Action != audit.Kill || page.Entries[0].Prev != page.Entries[1].Hash || page.Head != page.Entries[0].Head() {
		t.Fatalf("%+v", page)
	}
	b, err := os.ReadFile(filepath.Join(c.DataDir, "audit", "audit.jsonl"))
	if want := string(page.Entries[1].Line()) + "\n" + string(page.Entries[0].Line()) + "\n"; err != nil || string(b) != want {
		t.Errorf("the file has\n%s\nwant\n%s(%v)", b, want, err)
	}
}

// TestAuditUnwritable: while the log cannot be written no plugin is changed and
// the callers are told; the rest goes on, and it mends itself.
func TestAuditUnwritable(t *testing.T) {
	const full = "/dev/full"
	if _, err := os.Stat(full); errors.Is(err, fs.ErrNotExist) {
		t.Skip("there is no " + full)
	}
	c := settings(t)
	file := filepath.Join(c.DataDir, "audit", "audit.jsonl")
	if err := errors.Join(os.Mkdir(filepath.Dir(file), 0o700), os.Symlink(full, file)); err != nil {
		t.Fatal(err)
	}
	h, stop := start(t, c)
	defer stop()
	url := "http://" + h.Addr()
	for range 2 {
		code, header, body := post(t, url+"/api/v1/plugins", "application/wasm", plugins.KeltnerSqueeze)
		if code != http.StatusServiceUnavailable || !strings.Contains(body, "/problems/audit-unavailable") || header.Get("Retry-After") == "" || strings.Contains(body, c.DataDir) {
			t.Errorf("an upload that cannot be recorded: %d %s", code, body)
		}
	}
	if _, body := get(t, url+"/api/v1/plugins"); strings.Contains(body, "keltner_squeeze") {
		t.Errorf("and yet there is %s", body)
	}
	if code, _, body := post(t, url+"/api/v1/indicators/sma", "application/json", []byte(`{"candles":{"close":[1,2,3]},"params":{"period":2}}`)); code != http.StatusOK {
		t.Errorf("an indicator: %d %s", code, body)
	}
	code, body := get(t, url+"/health/ready")
	var r rest.Readiness
	if err := json.Unmarshal([]byte(body), &r); err != nil || code != http.StatusOK || r.Status != rest.StatusDegraded || !strings.Contains(r.Checks["audit"], "cannot be written") {
		t.Errorf("it is %d %s (%v)", code, body, err)
	}
	metricsHave(t, h, `audit_entries_total{log="service",result="written"} 0`)

	for range 2 { // it is tried again, and is no better
		if r := h.readiness(); r.Checks["audit"] == "ok" {
			t.Error("it says that it can be written again")
		}
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if r := h.readiness(); r.Checks["audit"] != "ok" {
		t.Errorf("once it can be written it says %q", r.Checks["audit"])
	}
	if code, _, body := post(t, url+"/api/v1/plugins", "application/wasm", plugins.KeltnerSqueeze); code != http.StatusCreated {
		t.Errorf("once it can be written: %d %s", code, body)
	}
	if page := auditOf(t, h, ""); len(page.Entries) != 2 || page.Entries[0].Action != audit.Upload || page.Entries[0].Outcome != audit.Done || page.Entries[1].Action != audit.Repair {
		t.Errorf("there is %+v", page)
	}
}

// TestAuditShared: replicas have one log; what cannot be told to it is in the log
// of the replica.
func TestAuditShared(t *testing.T) {
	server := redistest.Start(t)
	a, b := startShared(t, server.Addr, storePatience), startShared(t, server.Addr, storePatience)
	becomes(t, a, rest.StatusReady, "ok")
	becomes(t, b, rest.StatusReady, "ok")
	if code, _, body := post(t, "http://"+a.Addr()+"/api/v1/plugins", "application/wasm", plugins.KeltnerSqueeze); code != http.StatusCreated {
		t.Fatalf("%d %s", code, body)
	}
	kill := "http://" + b.Addr() + "/api/v1/plugins/keltner_squeeze/kill"
	if code, _, body := post(t, kill, "", nil); code != http.StatusOK {
		t.Fatalf("%d %s", code, body)
	}
	if code, _, body := post(t, "http://"+a.Addr()+"/api/v1/plugins/none/kill", "", nil); code != http.StatusNotFound {
		t.Fatalf("%d %s", code, body)
	}
	page := auditOf(t, b, "")
	if len(page.Entries) != 3 || page.Entries[0].Problem != "unknown-plugin" || page.Entries[1].Action != audit.Kill || page.Entries[2].Action != audit.Upload ||
		page.Entries[0].Prev != page.Entries[1].Hash || page.Entries[1].Prev != page.Entries[2].Hash || page.Entries[0].Replica != replica() {
		t.Fatalf("%+v", page)
	}
	metricsHave(t, a, `audit_entries_total{log="service",result="written"} 2`, `audit_entries_total{log="replica",result="written"} 0`)
	metricsHave(t, b, `audit_head{log="service"} 2`)
	if own := auditOf(t, b, "?log=replica"); len(own.Entries) != 0 {
		t.Errorf("the replica's own has %+v", own)
	}

	server.Kill()
	becomes(t, b, rest.StatusDegraded, "away")
	if code, _, body := post(t, kill, "", nil); code != http.StatusServiceUnavailable {
		t.Errorf("while it is away: %d %s", code, body)
	}
	if code, body := get(t, "http://"+b.Addr()+"/api/v1/audit"); code != http.StatusServiceUnavailable || !strings.Contains(body, "store-unavailable") {
		t.Errorf("its log while it is away: %d %s", code, body)
	}
	if own := auditOf(t, b, "?log=replica"); len(own.Entries) != 1 || own.Entries[0].Problem != "store-unavailable" || own.Entries[0].Action != audit.Kill {
		t.Errorf("the replica's own has %+v", own)
	}
	server.Restart()
	becomes(t, b, rest.StatusReady, "ok")
	if page := auditOf(t, b, ""); len(page.Entries) != 3 {
		t.Errorf("after its return: %+v", page)
	}
}

// TestAuditKeptOnExit: refusals that were counted are in the log when the service
// has ended.
func TestAuditKeptOnExit(t *testing.T) {
	c := settings(t)
	h, stop := start(t, c)
	for range 5 {
		post(t, "http://"+h.Addr()+"/api/v1/plugins/none/kill", "", nil)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	log := audit.OpenFile(filepath.Join(c.DataDir, "audit"), "", func(audit.Entry, error) {})
	defer log.Close()
	got, err := log.Before(t.Context(), 0, 10)
	if err != nil || len(got) != 2 || got[0].Count != 4 || time.Since(got[0].Time) > time.Minute {
		t.Errorf("%+v (%v)", got, err)
	}
}
