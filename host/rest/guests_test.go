package rest

import (
	"bytes"
	"fmt"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// coreGuest is the module of an SDK that computes sma, ema and rsi, as those
// of sdk/guests_test.go.
func coreGuest(t testing.TB, language string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "sdk", "testdata", "core-"+language, "core_"+language+".wasm"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// near holds a guest's column to the native one: values at the same bars, and
// each within 1e-9 of the larger, or within 1e-11 of the largest of the column
// where both are next to zero.
func near(t testing.TB, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s has %d values, want %d", what, len(got), len(want))
		return
	}
	largest := 0.0
	for _, v := range want {
		if !math.IsNaN(v) {
			largest = max(largest, math.Abs(v))
		}
	}
	if largest == 0 {
		t.Errorf("%s: nothing is wanted of it", what)
	}
	for i := range want {
		a, b := got[i], want[i]
		if math.IsNaN(a) && math.IsNaN(b) {
			continue
		}
		if !(math.Abs(a-b) <= max(1e-9*max(math.Abs(a), math.Abs(b)), 1e-11*largest)) {
			t.Errorf("%s at bar %d is %v, want %v", what, i, a, b)
			return
		}
	}
}

func sameBits(t *testing.T, what string, got, want numbers) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d outputs, want %d", what, len(got), len(want))
	}
	for name := range want {
		if len(got[name]) != len(want[name]) {
			t.Errorf("%s: %s has %d values, want %d", what, name, len(got[name]), len(want[name]))
			continue
		}
		for i, w := range want[name] {
			if math.Float64bits(got[name][i]) != math.Float64bits(w) {
				t.Errorf("%s: %s at bar %d is %v, want %v", what, name, i, got[name][i], w)
				break
			}
		}
	}
}

// TestGuestsOverHTTP uploads the module of each SDK, activates it, and has it
// compute alone and beside the natives of the same kind in one request.
func TestGuestsOverHTTP(t *testing.T) {
	l := listen(t)
	candles := market(1000)
	for _, language := range []string{"go", "assemblyscript", "rust", "c", "zig"} {
		t.Run(language, func(t *testing.T) {
			name, module := "core_"+language, coreGuest(t, language)
			indicator := "/api/v1/indicators/" + name

			var v struct {
				Name, Version, Digest, State string
			}
			l.upload(t, "/api/v1/plugins?activate=false", module).into(t, http.StatusCreated, &v)
			if v.Name != name || v.State != "stored" {
				t.Fatalf("stored as %+v", v)
			}
			l.json(t, indicator, `{"candles":`+candles+`}`).refused(t, http.StatusNotFound, "unknown-indicator", name)
			l.json(t, "/api/v1/plugins/"+name+"/activate", `{"digest":"`+v.Digest+`"}`).into(t, http.StatusOK, &v)
			if v.State != "active" {
				t.Fatalf("activated, it is %+v", v)
			}
			if r := l.do(t, http.MethodGet, "/api/v1/plugins/"+name+"/versions/"+v.Digest+"/module", "", nil); !bytes.Equal(r.body, module) || r.header.Get("Content-Type") != mediaWasm {
				t.Errorf("%d bytes of %s come back", len(r.body), r.header.Get("Content-Type"))
			}

			for _, periods := range [][3]int{{14, 14, 14}, {1, 1, 2}, {7, 30, 3}, {500, 200, 250}} {
				params := fmt.Sprintf(`{"sma_period":%d,"ema_period":%d,"rsi_period":%d}`, periods[0], periods[1], periods[2])
				var all struct{ Results map[string]result }
				l.json(t, "/api/v1/compute", fmt.Sprintf(
					`{"candles":%s,"indicators":[{"id":"guest","name":%q,"params":%s},{"name":"sma","params":{"period":%d}},{"name":"ema","params":{"period":%d}},{"name":"rsi","params":{"period":%d}}]}`,
					candles, name, params, periods[0], periods[1], periods[2])).into(t, http.StatusOK, &all)
				guest := all.Results["guest"]
				for _, native := range []string{"sma", "ema", "rsi"} {
					near(t, native+" "+params, guest.Outputs[native], all.Results[native].Outputs[native])
				}
				if want := max(periods[0]-1, periods[1]-1, periods[2]); guest.Warmup != want {
					t.Errorf("%s: warm-up %d, want %d", params, guest.Warmup, want)
				}

				var alone result
				l.json(t, indicator, `{"candles":`+candles+`,"params":`+params+`}`).into(t, http.StatusOK, &alone)
				sameBits(t, "alone "+params, alone.Outputs, guest.Outputs)
				if alone.Plugin == nil || alone.Plugin.Name != name || alone.Plugin.Digest != v.Digest || alone.Gas == 0 || alone.Gas != guest.Gas {
					t.Errorf("computed by %+v with %d gas, in /compute with %d", alone.Plugin, alone.Gas, guest.Gas)
				}
			}

			l.upload(t, "/api/v1/plugins", module).into(t, http.StatusOK, &v) // the same bytes again
			if r := l.do(t, http.MethodDelete, "/api/v1/plugins/"+name, "", nil); r.status != http.StatusNoContent || len(r.body) > 0 {
				t.Errorf("uninstall: %d %s", r.status, r.body)
			}
			l.json(t, indicator, `{"candles":`+candles+`}`).refused(t, http.StatusNotFound, "unknown-indicator", name)
			l.json(t, "/api/v1/plugins/"+name+"/activate", `{"digest":"`+v.Digest+`"}`).into(t, http.StatusOK, &v)
			var back result
			l.json(t, indicator, `{"candles":`+candles+`}`).into(t, http.StatusOK, &back)
			if back.Name != name || back.Bars != 1000 {
				t.Errorf("brought back, it answers %q over %d bars", back.Name, back.Bars)
			}
		})
	}
}
