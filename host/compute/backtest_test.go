package compute

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/backtest"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
)

// follower is a version whose signal is its input, plus a number.
func follower(digest string, adds float64) *version {
	v := newVersion(digest, adds)
	v.spec.Outputs = []ta.Output{{Name: signal, Unit: ta.Signal}}
	return v
}

const day = 86_400_000

// prices are candles with a column that followers can be told to read: the volume.
func prices() *candle.Series {
	return &candle.Series{
		Time: []int64{0, day, 2 * day, 3 * day},
		Open: []float64{10, 10, 20, 25}, High: []float64{10, 20, 25, 25}, Low: []float64{10, 10, 20, 25},
		Close: []float64{10, 20, 25, 25}, Volume: []float64{1, math.NaN(), 0, 0}, Bars: 4,
	}
}

// follow asks for what the volume says.
func follow() Strategy {
	return Strategy{Item: Item{Name: "echo", Inputs: map[string]Source{"real": {Column: "volume"}}}}
}

func TestBacktest(t *testing.T) {
	s := newStage(t, 1<<20)
	s.alone(follower("sha256:aa", 0))
	ask := follow()
	ask.Rules = map[string]any{"cash": 1000.0, "sides": "long"}
	var first []byte
	for _, hit := range []bool{false, true} {
		b, err := s.Request(prices()).Backtest(t.Context(), ask)
		if err != nil {
			t.Fatal(err)
		}
		if want := []float64{1000, 2000, 2500, 2500}; !slices.Equal(b.Run.Equity, want) || !slices.Equal(b.Hold.Equity, want) {
			t.Errorf("the equity is %v, and of who holds %v; want %v", b.Run.Equity, b.Hold.Equity, want)
		}
		if b.Strategy.Hit != hit || b.Receipt.Gas != 7 {
			t.Errorf("at hand: %v, want %v; the gas is %d", b.Strategy.Hit, hit, b.Receipt.Gas)
		}
		got, err := b.AppendJSON(nil, Exact, []byte(`<svg a="b"/>`))
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = got
		} else if string(got) != string(first) {
			t.Errorf("the answer is\n%s\nand was\n%s", got, first)
		}
	}
	var a struct {
		Strategy struct {
			Name    string
			Outputs map[string][]*float64
			Gas     int
		}
		Rules   map[string]any
		Summary map[string]any
		Trades  []map[string]any
		Equity  []float64
		Hold    struct{ Summary map[string]any }
		Plot    string
	}
	if err := json.Unmarshal(first, &a); err != nil {
		t.Fatalf("%v in %s", err, first)
	}
	want := []map[string]any{{
		"side": "long", "entry": 1.0, "exit": 3.0, "bars": 2.0, "units": 100.0, "entry_price": 10.0, "exit_price": 25.0, "orders": 2.0, "fees": 0.0,
		"profit": 1500.0, "return": 1.5, "end": "signal", "entry_time": "1970-01-02T00:00:00Z", "exit_time": "1970-01-04T00:00:00Z",
	}}
	if !reflect.DeepEqual(a.Trades, want) {
		t.Errorf("trades are %v, want %v", a.Trades, want)
	}
	if a.Strategy.Name != "echo" || a.Strategy.Outputs[signal][1] != nil || a.Rules["sides"] != "long" || a.Rules["fee"] != 0.0 || len(a.Equity) != 4 || a.Plot != `<svg a="b"/>` {
		t.Errorf("the answer is %s", first)
	}
	if v, ok := a.Summary["profit_factor"]; !ok || v != nil || a.Summary["final"] != 2500.0 || a.Summary["ruined"] != false || a.Hold.Summary["trades"] != 0.0 {
		t.Errorf("the summaries are %v and %v", a.Summary, a.Hold.Summary)
	}
}

// TestBacktestFormat: last and decimals are for columns, and the run is of all bars.
func TestBacktestFormat(t *testing.T) {
	s := newStage(t, 0)
	s.alone(follower("sha256:aa", 0))
	ask := follow()
	ask.Rules = map[string]any{"cash": 1000.0, "fee": 0.001}
	b, err := s.Request(prices()).Backtest(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	text, err := b.AppendJSON(nil, Format{Last: 2, Decimals: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var a struct {
		Equity, Drawdown []float64
		Hold             struct{ Equity []float64 }
		Trades           []any
	}
	if err := json.Unmarshal(text, &a); err != nil {
		t.Fatal(err)
	}
	// 1000/1.001 are 99.9001 units' worth; at 25 they are sold for a fee of 2.4975.
	if want := []float64{2497.5, 2495}; !slices.Equal(a.Equity, want) || len(a.Drawdown) != 2 || !slices.Equal(a.Hold.Equity, []float64{2497.5, 2497.5}) || len(a.Trades) != 1 {
		t.Errorf("the answer is %s", text)
	}
}

// TestReceipt: who has the same candles reproduces a receipt that went through JSON,
// and sees what is not the same where something is not.
func TestReceipt(t *testing.T) {
	s := newStage(t, 0)
	active := follower("sha256:aa", 0)
	s.alone(active)
	ask := follow()
	ask.Params, ask.Rules = map[string]any{"weight": 3.0}, map[string]any{"fee": 0.001, "sides": "short"}
	b, err := s.Request(prices()).Backtest(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(b.Receipt)
	if err != nil {
		t.Fatal(err)
	}
	var r Receipt
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	// The digest is of the numbers' bytes, a hole having one form.
	var column []byte
	for _, bits := range []uint64{0x3ff0000000000000, 0x7ff8000000000001, 0, 0} {
		column = binary.LittleEndian.AppendUint64(column, bits)
	}
	if want := fmt.Sprintf("sha256:%x", sha256.Sum256(column)); r.Inputs["real"] != (InputRead{"volume", want}) || r.Outputs[signal] != want {
		t.Errorf("the volume is %v, and the signal, which is the same, %s; want %s", r.Inputs["real"], r.Outputs[signal], want)
	}
	if hole := math.Float64frombits(0xfff8000000000000); DigestOf([]float64{hole}) != DigestOf([]float64{math.NaN()}) {
		t.Error("holes of two forms have two digests")
	}
	again := func(s *stage, candles *candle.Series) []string {
		t.Helper()
		ask, err := r.Asked()
		if err != nil {
			t.Fatal(err)
		}
		ask.Digest = ""
		b, err := s.Request(candles).Backtest(t.Context(), ask)
		if err != nil {
			t.Fatal(err)
		}
		differ, err := r.Differences(&b.Receipt)
		if err != nil {
			t.Fatal(err)
		}
		return differ
	}
	if differ := again(s, prices()); differ != nil {
		t.Errorf("the same differs in %v", differ)
	}
	other := prices()
	other.Close[1] = math.Nextafter(other.Close[1], 0)
	if differ := again(s, other); !slices.Equal(differ, []string{"prices.close"}) {
		// Nothing is held at that close.
		t.Errorf("another close differs in %v", differ)
	}
	other = prices()
	other.Volume[0] = -1
	if differ := again(s, other); !slices.Equal(differ, []string{"equity", "inputs.real.digest", "outputs.signal"}) {
		t.Errorf("another input differs in %v", differ)
	}
	other = prices()
	other.Time = nil
	if differ := again(s, other); !slices.Equal(differ, []string{"prices.timestamp"}) {
		t.Errorf("without times it differs in %v", differ)
	}
	s.alone(follower("sha256:bb", 1))
	if differ := again(s, prices()); !slices.Equal(differ, []string{"outputs.signal", "plugin.digest"}) {
		t.Errorf("another module differs in %v", differ)
	}

	ask.Inputs = map[string]Source{"real": {Values: []float64{1, 2, 3, 4}}}
	b, err = s.Request(prices()).Backtest(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Receipt.Asked(); err == nil || b.Receipt.Inputs["real"].Column != "" {
		t.Errorf("a column of the caller's own is asked for again: %v, %v", b.Receipt.Inputs, err)
	}
}

// TestBacktestOfAVersion: the active version is tested, and the candidate or one that
// is stored by its digest; neither counts as a call of the trial. Of any other digest
// there is an error, and never another version's figures.
func TestBacktestOfAVersion(t *testing.T) {
	s := newStage(t, 0)
	active, candidate := follower("sha256:aa", 0), follower("sha256:bb", -1)
	s.try(active, candidate, 100)
	away := errors.New("away")
	s.Versions(func(_ context.Context, name, digest string) (registry.Runner, error) {
		switch {
		case name != "echo":
		case digest == "sha256:dd":
			return follower(digest, 1), nil
		case digest == "sha256:ee":
			return nil, away
		}
		return nil, nil
	})
	ask := follow()
	ask.Digest = "sha256:ee"
	if _, err := s.Request(prices()).Backtest(t.Context(), ask); !errors.Is(err, away) {
		t.Errorf("a version that cannot be had: %v", err)
	}
	for digest, want := range map[string]string{"": "sha256:aa", "sha256:aa": "sha256:aa", "sha256:bb": "sha256:bb", "sha256:dd": "sha256:dd"} {
		ask.Digest = digest
		b, err := s.Request(prices()).Backtest(t.Context(), ask)
		if err != nil {
			t.Fatal(err)
		}
		if b.Strategy.Origin.Digest != want || b.Receipt.Plugin.Digest != want {
			t.Errorf("asked for %q, %s is tested", digest, b.Strategy.Origin.Digest)
		}
	}
	ask.Digest = "sha256:cc"
	var wrong *DigestError
	if _, err := s.Request(prices()).Backtest(t.Context(), ask); !errors.As(err, &wrong) || wrong.Active != "sha256:aa" {
		t.Errorf("another digest: %v", err)
	}
	if len(s.told) > 0 {
		t.Errorf("the trial was told of %d calls", len(s.told))
	}
}

func TestBacktestErrors(t *testing.T) {
	s := newStage(t, 0)
	s.alone(follower("sha256:aa", 0))
	closes := prices()
	closes.Open = nil
	for name, c := range map[string]struct {
		ask     Strategy
		candles *candle.Series
		want    any
	}{
		"an unknown strategy": {Strategy{Item: Item{Name: "ehco"}}, prices(), new(*UnknownError)},
		"no strategy":         {Strategy{Item: Item{Name: "bbands"}}, prices(), new(*StrategyError)},
		"no opens":            {follow(), closes, new(*candle.Error)},
		"a parameter":         {Strategy{Item: Item{Name: "echo", Params: map[string]any{"x": 1.0}}}, prices(), new(*ta.ParamError)},
		"a rule":              {Strategy{Item: Item{Name: "echo"}, Rules: map[string]any{"fee": 1.0}}, prices(), new(*RuleError)},
	} {
		if _, err := s.Request(c.candles).Backtest(t.Context(), c.ask); !errors.As(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := s.Request(prices()).Backtest(t.Context(), Strategy{Item: Item{Name: "bbands"}})
	if no, ok := err.(*StrategyError); !ok || !slices.Equal(no.Outputs, []string{"upper", "middle", "lower"}) {
		t.Errorf("bands are no strategy: %v", err)
	}
}

// TestFieldsAreWritten: a field of a kind that appendFields does not write would
// panic in an answer.
func TestFieldsAreWritten(t *testing.T) {
	for _, v := range []any{backtest.Summary{}, trade{}} {
		text := appendFields(nil, v)
		var got map[string]any
		if err := json.Unmarshal(text, &got); err != nil {
			t.Errorf("%v: %s", err, text)
		}
		if _, nameless := got[""]; nameless {
			t.Errorf("a field has no name: %s", text)
		}
	}
}
