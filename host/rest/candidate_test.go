package rest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/telemetry"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// versions of the guest "mean", as a candidate may be beside the first.
func meanOf(version string, run []byte) []byte {
	return wt.Guest{Name: "mean", Version: version, Run: run}.Build()
}

// trialReport is the answer of GET /plugins/NAME/candidate, as a caller reads it.
type trialReport struct {
	Name, Active, Digest, Counted string
	Percent                       float64
	Since                         string
	Counting                      string `json:"counting_since"`
	Report                        struct {
		Calls, Same, Different, Faults, Bars int
		ActiveFaults                         int `json:"active_faults"`
		BarsDifferent                        int `json:"bars_different"`
		NaN                                  int `json:"nan_different"`
		First                                *struct {
			Output string
			Bar    int
		} `json:"first"`
		Relative   float64 `json:"largest_relative"`
		FirstFault string  `json:"first_fault"`
	}
}

// candidates is a server that has mean 1.0.0, active, and others to try.
type candidates struct {
	*Server
	contract *contract
	active   string
}

func newCandidates(t *testing.T) candidates {
	t.Helper()
	s := candidates{Server: newServer(t)}
	s.contract = contractOf(t, s)
	s.active = s.stores(t, "/api/v1/plugins", meanOf("1.0.0", nil))
	return s
}

func (s candidates) stores(t *testing.T, path string, module []byte) (digest string) {
	t.Helper()
	w := call(t, s, http.MethodPost, path, contentType(mediaWasm), module)
	var v struct{ Digest string }
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil || w.Code != http.StatusCreated {
		t.Fatalf("upload: %d %s", w.Code, w.Body)
	}
	return v.Digest
}

// asks makes a request whose answer must hold the contract.
func (s candidates) asks(t *testing.T, method, path, body string, status int, into any) {
	t.Helper()
	header := http.Header{}
	if body != "" {
		header = contentType(mediaJSON)
	}
	w := call(t, s, method, path, header, []byte(body))
	if w.Code != status {
		t.Fatalf("%s %s: %d %s, want %d", method, path, w.Code, w.Body, status)
	}
	if err := s.contract.holds(t, method, path, w.Code, w.Header().Get("Content-Type"), w.Body.Bytes()); err != nil {
		t.Errorf("%s %s: %v\n%s", method, path, err, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
		t.Fatal(err)
	}
}

func (s candidates) tries(t *testing.T, digest string, percent float64) {
	t.Helper()
	var p struct {
		State, Active string
		Candidate     struct {
			Digest  string
			Percent float64
		}
	}
	s.asks(t, http.MethodPost, "/api/v1/plugins/mean/candidate", fmt.Sprintf(`{"digest":%q,"percent":%v}`, digest, percent), http.StatusOK, &p)
	if p.State != "active" || p.Active != s.active || p.Candidate.Digest != digest || p.Candidate.Percent != percent {
		t.Errorf("tried: %+v", p)
	}
}

// computes wants mean of the closes, and says which version answered.
func (s candidates) computes(t *testing.T, closes string) result {
	t.Helper()
	var r result
	s.asks(t, http.MethodPost, "/api/v1/indicators/mean", `{"candles":{"close":[`+closes+`]}}`, http.StatusOK, &r)
	if r.Plugin == nil {
		t.Fatal("no version is named")
	}
	return r
}

func (s candidates) reports(t *testing.T) (r trialReport) {
	t.Helper()
	s.asks(t, http.MethodGet, "/api/v1/plugins/mean/candidate", "", http.StatusOK, &r)
	return r
}

// plus is a run that gives the mean, and from the bar k on so much more.
func plus(k int32, more float64) []byte {
	early := wt.Code(wt.Get(wt.Bar), wt.Int(k), []byte{0x48}) // i32.lt_s
	return wt.EachBar(wt.Code(wt.Mean(), wt.Unless(early, wt.Float(more), wt.Float(0)), []byte{0xa0}))
}

const six = "2,4,6,8,10,12"

// TestCandidateEqual: one that computes the same in another way is reported so.
func TestCandidateEqual(t *testing.T) {
	s := newCandidates(t)
	equal := s.stores(t, "/api/v1/plugins?activate=false", meanOf("2.0.0", plus(0, 0)))
	before := s.computes(t, six)
	s.tries(t, equal, 100)
	for range 2 { // the second is at hand
		r := s.computes(t, six)
		if r.Plugin.Digest != equal || r.Plugin.Version != "2.0.0" {
			t.Errorf("%+v answers", r.Plugin)
		}
		sameBits(t, "the candidate", r.Outputs, before.Outputs)
	}
	r := s.reports(t)
	if r.Name != "mean" || r.Active != s.active || r.Digest != equal || r.Percent != 100 || r.Counted != "this replica" || r.Since == "" || r.Counting == "" {
		t.Errorf("the trial is %+v", r)
	}
	if got := r.Report; got.Calls != 2 || got.Same != 2 || got.Bars != 12 || got.Different+got.Faults+got.BarsDifferent+got.NaN != 0 || got.First != nil || got.Relative != 0 || got.FirstFault != "" {
		t.Errorf("reported: %+v", got)
	}
}

// TestCandidateDiffers: one that differs from a bar on is reported with that bar,
// and its values are given as its own while it is tried, and no longer.
func TestCandidateDiffers(t *testing.T) {
	s := newCandidates(t)
	other := s.stores(t, "/api/v1/plugins?activate=false", meanOf("2.0.0", plus(4, 1)))
	wants := func(digest string, last float64) {
		t.Helper()
		r := s.computes(t, six)
		if got := r.Outputs["mean"]; r.Plugin.Digest != digest || got[3] != 7 || got[5] != last {
			t.Errorf("%s gives %v, want %s with %v at the end", r.Plugin.Digest, got, digest, last)
		}
	}
	wants(s.active, 11)
	s.tries(t, other, 100)
	wants(other, 12)
	wants(other, 12)
	s.computes(t, "2,4") // too short to differ

	got := s.reports(t).Report
	if got.Calls != 3 || got.Same != 1 || got.Different != 2 || got.Faults != 0 || got.Bars != 14 || got.BarsDifferent != 1 || got.NaN != 0 ||
		got.First == nil || got.First.Output != "mean" || got.First.Bar != 4 || got.Relative != 0.1 || got.FirstFault != "" {
		t.Errorf("reported: %+v", got)
	}

	var p map[string]any
	s.asks(t, http.MethodDelete, "/api/v1/plugins/mean/candidate", "", http.StatusOK, &p)
	if p["candidate"] != nil || p["state"] != "active" {
		t.Errorf("withdrawn: %v", p)
	}
	wants(s.active, 11)
	var none Problem
	s.asks(t, http.MethodGet, "/api/v1/plugins/mean/candidate", "", http.StatusNotFound, &none)
	if none.Type != unknownPlugin.uri() || !strings.Contains(none.Detail, "no candidate") {
		t.Errorf("the trial that is over: %+v", none)
	}
	s.asks(t, http.MethodPost, "/api/v1/plugins/mean/activate", fmt.Sprintf(`{"digest":%q}`, other), http.StatusOK, &p)
	wants(other, 12)
}

// TestCandidateFaults: one that faults for some candles harms nobody: the active
// version answers, and the fault is counted and shown.
func TestCandidateFaults(t *testing.T) {
	s := newCandidates(t)
	at777 := wt.If(wt.Code(wt.Close(0), wt.Float(777), []byte{0x61}), wt.Trap()) // f64.eq
	faulty := s.stores(t, "/api/v1/plugins?activate=false", meanOf("2.0.0", wt.Code(at777, wt.EachBar(wt.Mean()))))
	s.tries(t, faulty, 100)
	if r := s.computes(t, six); r.Plugin.Digest != faulty {
		t.Errorf("where it is well %+v answers", r.Plugin)
	}
	for range 2 {
		if r := s.computes(t, "777,779"); r.Plugin.Digest != s.active || r.Outputs["mean"][1] != 778 {
			t.Errorf("where it faults: %+v %v", r.Plugin, r.Outputs)
		}
	}
	var many struct{ Results map[string]result }
	s.asks(t, http.MethodPost, "/api/v1/compute", `{"candles":{"close":[777,779]},"indicators":[{"name":"mean"}]}`, http.StatusOK, &many)
	if r := many.Results["mean"]; r.Plugin == nil || r.Plugin.Digest != s.active {
		t.Errorf("where it faults, of many: %+v", r)
	}
	got := s.reports(t).Report
	if got.Calls != 4 || got.Same != 1 || got.Different != 0 || got.Faults != 3 || got.ActiveFaults != 0 || got.Bars != 6 ||
		got.FirstFault != "trap" {
		t.Errorf("reported: %+v", got)
	}
}

// TestCandidateTellsNoCandles: a candidate that behaves at upload, and of more bars
// puts a caller's close into all that it gives, says the same of every close to who
// reads the report, and none to who reads the log or the audit log.
func TestCandidateTellsNoCandles(t *testing.T) {
	integer := wt.Code(wt.Close(0), []byte{0xaa}) // i32.trunc_f64_s
	last := wt.Code(wt.Get(wt.N), wt.Int(1), []byte{0x6b}, wt.Set(wt.Bar))
	behaving := wt.EachBar(wt.Mean())
	early := wt.Code(wt.Get(wt.Bar), wt.Int(500), []byte{0x48}) // i32.lt_s
	for what, evil := range map[string][]byte{
		"a value":     wt.Code(wt.EachBar(wt.Close(0)), []byte{0x0f}), // return
		"late values": wt.Code(wt.EachBar(wt.Unless(early, wt.Close(0), wt.Mean())), []byte{0x0f}),
		"its code":    wt.Code(last, integer, []byte{0x0f}),
	} {
		reports := map[string]string{}
		for _, close := range []string{"31337.25", "27182.5"} {
			var logged bytes.Buffer
			s := candidates{Server: newServer(t, func(c *Config) { c.Log = telemetry.NewLog(&logged, slog.LevelDebug) })}
			s.contract = contractOf(t, s)
			s.active = s.stores(t, "/api/v1/plugins", meanOf("1.0.0", nil))
			tried := s.stores(t, "/api/v1/plugins?activate=false", meanOf("2.0.0", wt.Code(wt.If(wt.Over(500), evil), behaving)))
			s.tries(t, tried, 100)
			s.computes(t, strings.Repeat("1,", 600)+close)
			var r struct{ Report json.RawMessage }
			s.asks(t, http.MethodGet, "/api/v1/plugins/mean/candidate", "", http.StatusOK, &r)
			if strings.Contains(string(r.Report), `"same":1`) {
				t.Errorf("%s: the candidate behaves: %s", what, r.Report)
			}
			reports[string(r.Report)] = close
			w := call(t, s, http.MethodGet, "/api/v1/audit", nil, nil)
			if w.Code != http.StatusOK {
				t.Fatalf("the audit log: %d %s", w.Code, w.Body)
			}
			number, _, _ := strings.Cut(close, ".")
			for where, text := range map[string]string{"report": string(r.Report), "log": logged.String(), "audit log": w.Body.String()} {
				if text == "" || regexp.MustCompile(`\b`+number+`\b`).MatchString(text) {
					t.Errorf("%s: the %s has the close %s: %s", what, where, close, text)
				}
			}
		}
		if len(reports) != 1 {
			t.Errorf("%s: who reads the report learns the close: %v", what, reports)
		}
	}
}

// TestCandidateShare: over many requests both versions answer, each request the
// same one whenever and wherever it is made, alone or among many.
func TestCandidateShare(t *testing.T) {
	s, other := newCandidates(t), newCandidates(t)
	answers := map[string]int{}
	var candidate string
	for _, server := range []candidates{s, other} {
		candidate = server.stores(t, "/api/v1/plugins?activate=false", meanOf("2.0.0", plus(4, 1)))
		server.tries(t, candidate, 30)
	}
	const requests = 200
	for i := range requests {
		closes := fmt.Sprintf("%d,%d", 100+i, 200)
		first := s.computes(t, closes).Plugin.Digest
		again := s.computes(t, closes).Plugin.Digest
		elsewhere := other.computes(t, closes).Plugin.Digest
		var many struct{ Results map[string]result }
		s.asks(t, http.MethodPost, "/api/v1/compute", `{"candles":{"close":[`+closes+`]},"indicators":[{"name":"sma","params":{"period":2}},{"name":"mean"}]}`, http.StatusOK, &many)
		if among := many.Results["mean"].Plugin.Digest; again != first || elsewhere != first || among != first {
			t.Fatalf("the closes %s are answered by %s, then %s, elsewhere %s, among many %s", closes, first, again, elsewhere, among)
		}
		answers[first]++
	}
	if answers[candidate]+answers[s.active] != requests || answers[candidate] < 30 || answers[candidate] > 90 {
		t.Errorf("of %d requests %v were answered", requests, answers)
	}
	if got := s.reports(t).Report; got.Calls != 3*answers[candidate] || got.Same != got.Calls {
		t.Errorf("%d were the candidate's, three times each; reported: %+v", answers[candidate], got)
	}
}

// TestCandidateThatCannotBe: what is no candidate is refused with the reason.
func TestCandidateThatCannotBe(t *testing.T) {
	s := newCandidates(t)
	less := s.stores(t, "/api/v1/plugins?activate=false", wt.Guest{
		Name: "mean", Version: "2.0.0", Description: strings.Replace(wt.Describe("mean", "2.0.0"), `{"name":"period"`, `{"name":"length"`, 1),
	}.Build())
	for digest, why := range map[string]string{s.active: "the active one", less: "no parameter period"} {
		var p Problem
		s.asks(t, http.MethodPost, "/api/v1/plugins/mean/candidate", fmt.Sprintf(`{"digest":%q,"percent":5}`, digest), http.StatusConflict, &p)
		if p.Type != noCandidate.uri() || !strings.Contains(p.Detail, why) {
			t.Errorf("refused with %+v, want %q", p, why)
		}
	}
	if r := s.computes(t, six); r.Plugin.Digest != s.active {
		t.Errorf("%+v answers", r.Plugin)
	}
}

// TestCandidateUnderLoad: while candidates come and go, are given other shares,
// fault, are promoted and rolled back, every call is answered, with the values of
// the version that it names.
func TestCandidateUnderLoad(t *testing.T) {
	s := newCandidates(t)
	at777 := wt.If(wt.Code(wt.Close(0), wt.Float(777), []byte{0x61}), wt.Trap()) // f64.eq
	higher := s.stores(t, "/api/v1/plugins?activate=false", meanOf("2.0.0", plus(1, 1)))
	faulty := s.stores(t, "/api/v1/plugins?activate=false", meanOf("3.0.0", wt.Code(at777, plus(1, 2))))
	adds := map[string]float64{s.active: 0, higher: 1, faulty: 2}
	ended := make(chan struct{})
	var callers sync.WaitGroup
	for caller := range 4 {
		callers.Go(func() {
			for i := 0; ; i++ {
				first := float64(777 + i%50)
				w := call(t, s, http.MethodPost, "/api/v1/indicators/mean", contentType(mediaJSON), fmt.Appendf(nil, `{"candles":{"close":[%v,%d]}}`, first, caller))
				var r result
				if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil || w.Code != http.StatusOK || r.Plugin == nil {
					t.Errorf("%d %s (%v)", w.Code, w.Body, err)
					return
				}
				if got, want := r.Outputs["mean"][1], (first+float64(caller))/2+adds[r.Plugin.Digest]; got != want {
					t.Errorf("%s gives %v, want %v", r.Plugin.Version, got, want)
					return
				}
				select {
				case <-ended:
					return
				default:
				}
			}
		})
	}
	answered := func(digest string) {
		t.Helper()
		if r := s.computes(t, six); r.Plugin.Digest != digest {
			t.Errorf("%s answers, want %s", r.Plugin.Digest, digest)
		}
	}
	change := func(method, path, body string) {
		t.Helper()
		var p map[string]any
		s.asks(t, method, "/api/v1/plugins/mean/"+path, body, http.StatusOK, &p)
	}
	for range 4 {
		s.tries(t, higher, 20)
		s.computes(t, six)
		s.tries(t, higher, 80)
		s.reports(t)
		s.tries(t, faulty, 100)
		answered(faulty)
		change(http.MethodDelete, "candidate", "")
		answered(s.active)
		s.tries(t, higher, 50)
		change(http.MethodPost, "activate", `{"digest":"`+higher+`"}`)
		answered(higher)
		change(http.MethodPost, "activate", `{"digest":"`+s.active+`"}`)
		answered(s.active)
	}
	close(ended)
	callers.Wait()
}
