package rest

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// newLong is a server whose requests may have as many candles as a plugin takes.
func newLong(t *testing.T) candidates {
	s := candidates{Server: newServer(t, func(c *Config) { c.MaxCandles, c.MaxBody = wasm.MaxSeries, 32<<20 })}
	s.contract = contractOf(t, s)
	return s
}

// arrow posts candles as a stream; the answer must hold the contract.
func (s candidates) arrow(t *testing.T, path string, candles []byte) reply {
	t.Helper()
	w := call(t, s, http.MethodPost, path, http.Header{"Content-Type": {mediaArrow}, "Accept": {mediaJSON}}, candles)
	bare, _, _ := strings.Cut(path, "?")
	if err := s.contract.holds(t, http.MethodPost, bare, w.Code, w.Header().Get("Content-Type"), w.Body.Bytes()); err != nil {
		t.Errorf("%s: %v", path, err)
	}
	return reply{w.Code, w.Header(), w.Body.Bytes()}
}

// TestMillionBars: a strategy is traded over a million candles, and again with the
// same receipt.
func TestMillionBars(t *testing.T) {
	const million = 1_000_000
	s := newLong(t)
	digest := s.stores(t, "/api/v1/plugins", wt.Strategy("leans").Build())
	w := sample.Walk(million)
	candles := stream(t, candle.NamedColumn{Name: "open", Values: w.Open}, candle.NamedColumn{Name: "close", Values: w.Close})
	var first tested
	for i := range 2 {
		var a tested
		r := s.arrow(t, "/api/v1/backtests?strategy=leans&fee=0.001&last=1&digest="+digest, candles)
		r.into(t, http.StatusOK, &a)
		if i == 0 {
			first = a
		}
		// The results of a million bars are more than this server's cache has.
		if hit := r.header.Get(headerCache); hit != "MISS" {
			t.Errorf("the cache says %s", hit)
		}
		if a.Receipt.Gas < million || !reflect.DeepEqual(a.Receipt, first.Receipt) || len(a.Equity) != 1 {
			t.Errorf("the receipt is %+v, and was %+v", a.Receipt, first.Receipt)
		}
	}
	if first.Summary["trades"].(float64) < million/10 {
		t.Errorf("the summary is %v", first.Summary)
	}
}

// TestOverTheRoom: of more candles than a module has room for, one that takes single
// bars gives the values that it gave of fewer, its candidate is compared over all,
// and one that does not says why and what to do; others beside it are answered.
func TestOverTheRoom(t *testing.T) {
	s := newLong(t)
	s.active = s.stores(t, "/api/v1/plugins", wt.Guest{Name: "mean", OneBar: wt.MeanOfBars()}.Build())
	s.stores(t, "/api/v1/plugins", wt.Guest{Name: "narrow"}.Build())
	const n = wasm.MaxBars + 1
	closes := sample.Walk(n).Close
	fewer, all := stream(t, candle.NamedColumn{Name: "close", Values: closes[:n-1]}), stream(t, candle.NamedColumn{Name: "close", Values: closes})

	values := func(candles []byte) []float64 {
		t.Helper()
		var r result
		s.arrow(t, "/api/v1/indicators/mean?last=5", candles).into(t, http.StatusOK, &r)
		return r.Outputs["mean"]
	}
	before, now := values(fewer), values(all)
	if !reflect.DeepEqual(now[:4], before[1:]) || now[4] != (closes[n-1]+closes[n-2])*0.5 {
		t.Errorf("the last means are %v, of one bar fewer %v", now, before)
	}

	why := fmt.Sprintf("narrow has room for 131072 bars in a call, and there are %d: send fewer, or have it export ta_bar, with which it takes 1048576", n)
	s.arrow(t, "/api/v1/indicators/narrow", all).refused(t, http.StatusUnprocessableEntity, "plugin-memory", why)
	var both struct {
		Results map[string]struct {
			Outputs numbers
			Type    string
			Detail  string
		}
	}
	body := append(candle.AppendColumn([]byte(`{"candles":{"close":`), closes, -1), `},"indicators":[{"name":"narrow"},{"name":"mean"}],"last":1}`...)
	s.asks(t, http.MethodPost, "/api/v1/compute", string(body), http.StatusOK, &both)
	if p := both.Results["narrow"]; p.Type != "/problems/plugin-memory" || !strings.Contains(p.Detail, why) {
		t.Errorf("beside others it is told %+v", p)
	}
	if got := both.Results["mean"].Outputs["mean"]; len(got) != 1 || got[0] != now[4] {
		t.Errorf("beside it another answers %v", got)
	}

	other := s.stores(t, "/api/v1/plugins?activate=false", wt.Guest{Name: "mean", Version: "2.0.0", OneBar: wt.MeanOfBars(), Padding: 1}.Build())
	s.tries(t, other, 100)
	s.arrow(t, "/api/v1/indicators/mean?last=5", all)
	if r := s.reports(t).Report; r.Calls != 1 || r.Same != 1 || r.Bars != n {
		t.Errorf("the candidate is reported %+v", r)
	}
}

// TestLimitsAreNamed: who sends too much is told which setting it is.
func TestLimitsAreNamed(t *testing.T) {
	s := newServer(t)
	sma := func(candles []byte) reply {
		w := call(t, s, http.MethodPost, "/api/v1/indicators/sma", contentType(mediaArrow), candles)
		return reply{w.Code, w.Header(), w.Body.Bytes()}
	}
	candles := stream(t, candle.NamedColumn{Name: "close", Values: make([]float64, testCandles+1)})
	sma(candles).refused(t, http.StatusUnprocessableEntity, "invalid-candles", "more than 2000 bars, the most that are taken at once; send fewer of them; the limit is the setting MAX_CANDLES")
	sma(make([]byte, testBody+1)).refused(t, http.StatusRequestEntityTooLarge, "body-too-large", "the limit of 1048576 bytes, which is the setting MAX_BODY")
}
