package compute

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/cache"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
)

// counter is a runner that counts its runs and gives its input back.
type counter struct {
	spec ta.Spec
	runs int
}

func (c *counter) Spec() *ta.Spec     { return &c.spec }
func (c *counter) Warmup(ta.Args) int { return 0 }
func (c *counter) Origin() *registry.Origin {
	return &registry.Origin{Name: c.spec.Name, Version: "1.0.0", Digest: "sha256:00"}
}
func (c *counter) Run(_ context.Context, _ ta.Args, in ta.Columns) (registry.Result, error) {
	c.runs++
	return registry.Result{Outputs: in, Gas: 7}, nil
}

func newEngine(t *testing.T, cacheBytes int64) (*Engine, *counter) {
	t.Helper()
	c := &counter{spec: ta.Spec{
		Name: "echo", Inputs: []ta.Input{ta.Real}, Outputs: []ta.Output{{Name: "echo", Unit: ta.Price}},
		Params: []ta.Param{ta.Number("weight", 1, 0, 10, "changes nothing")},
	}}
	r := registry.New(engine.Indicators())
	r.Replace(map[string]registry.Runner{"echo": c}, nil)
	results, err := cache.New(cacheBytes, Size, func(bool) {})
	if err != nil {
		t.Fatal(err)
	}
	return New(r, results), c
}

func series(t *testing.T, body string) *candle.Series {
	t.Helper()
	s, err := candle.DecodeCandles([]byte(body), candle.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestComputedOnce: the same question in one request is answered once, with or
// without a cache; over two requests the cache answers; another parameter or
// another input is another question.
func TestComputedOnce(t *testing.T) {
	const candles = `{"high":[3,4],"low":[1,2],"close":[2,3]}`
	ask := []Item{
		{Name: "echo"},
		{Name: "echo", Params: map[string]any{"weight": 1.0}},                        // the default, said
		{Name: "echo", Inputs: map[string]Source{"real": {Column: "close"}}},         // the default, said
		{Name: "echo", Inputs: map[string]Source{"real": {Values: []float64{2, 3}}}}, // the same values
	}
	others := []Item{
		{Name: "echo", Params: map[string]any{"weight": 2.0}},
		{Name: "echo", Inputs: map[string]Source{"real": {Column: "high"}}},
		{Name: "echo", Inputs: map[string]Source{"real": {Values: []float64{2, math.NaN()}}}},
	}
	for cacheBytes, again := range map[int64]int{0: 1, 1 << 20: 0} {
		e, c := newEngine(t, cacheBytes)
		answer := func(items []Item) {
			t.Helper()
			r := e.Request(series(t, candles))
			for _, item := range items {
				if _, err := r.Run(context.Background(), item); err != nil {
					t.Fatal(err)
				}
			}
		}
		answer(ask)
		if c.runs != 1 {
			t.Errorf("cache of %d: four times the same ran %d times", cacheBytes, c.runs)
		}
		answer(ask)
		if c.runs != 1+again {
			t.Errorf("cache of %d: the second request made it %d runs, want %d", cacheBytes, c.runs, 1+again)
		}
		before := c.runs
		answer(others)
		if c.runs != before+len(others) {
			t.Errorf("cache of %d: %d other questions ran %d times", cacheBytes, len(others), c.runs-before)
		}
	}
}

func TestErrors(t *testing.T) {
	e, _ := newEngine(t, 0)
	for name, c := range map[string]struct {
		item Item
		want any // a pointer to the kind of error
	}{
		"unknown name":   {Item{Name: "ehco"}, new(*UnknownError)},
		"unknown param":  {Item{Name: "echo", Params: map[string]any{"x": 1.0}}, new(*ta.ParamError)},
		"unknown input":  {Item{Name: "echo", Inputs: map[string]Source{"x": {Column: "close"}}}, new(*InputError)},
		"unknown column": {Item{Name: "echo", Inputs: map[string]Source{"real": {Column: "x"}}}, new(*InputError)},
		"absent column":  {Item{Name: "echo", Inputs: map[string]Source{"real": {Column: "volume"}}}, new(*candle.Error)},
		"derived column": {Item{Name: "echo", Inputs: map[string]Source{"real": {Column: "hl2"}}}, new(*candle.Error)},
		"short array":    {Item{Name: "echo", Inputs: map[string]Source{"real": {Values: []float64{1}}}}, new(*InputError)},
		"empty array":    {Item{Name: "echo", Inputs: map[string]Source{"real": {Values: []float64{}}}}, new(*InputError)},
		"too few bars":   {Item{Name: "sma"}, new(*HistoryError)},
	} {
		_, err := e.Request(series(t, `{"close":[2,3]}`)).Run(context.Background(), c.item)
		if err == nil || !errors.As(err, c.want) {
			t.Errorf("%s: %v, want a %s", name, err, reflect.TypeOf(c.want).Elem())
		}
	}
}

func TestSuggestions(t *testing.T) {
	e, _ := newEngine(t, 0)
	for name, want := range map[string]string{"RSI": "rsi", "rsii": "rsi", "eco": "echo", "bolinger": "bbands", "stochastic": "stoch", "nonsense": "", "bband": "bbands", "simple_moving_average": "sma"} {
		_, err := e.Find(name)
		var unknown *UnknownError
		if !errors.As(err, &unknown) {
			t.Fatalf("%s: %v", name, err)
		}
		got := ""
		if len(unknown.Suggestions) > 0 {
			got = unknown.Suggestions[0]
		}
		if got != want {
			t.Errorf("for %s: %v, want %q first", name, unknown.Suggestions, want)
		}
	}
}

// TestAppendJSON: the answer as the contract has it.
func TestAppendJSON(t *testing.T) {
	e, _ := newEngine(t, 0)
	r := e.Request(series(t, `{"close":[1,2,null,4.126]}`))
	for name, c := range map[string]struct {
		item Item
		f    Format
		want string
	}{
		"native": {Item{Name: "sma", Params: map[string]any{"period": 2.0}}, Exact,
			`{"name":"sma","params":{"period":2},"warmup":1,"bars":4,"outputs":{"sma":[null,1.5,null,3.063]},"engine":"` + engine.Version + `"}`},
		"plugin, cut and rounded": {Item{Name: "echo"}, Format{Last: 2, Decimals: 1},
			`{"name":"echo","params":{"weight":1},"warmup":0,"bars":4,"outputs":{"echo":[null,4.1]},"engine":"` + engine.Version + `","plugin":{"name":"echo","version":"1.0.0","digest":"sha256:00"},"gas":7}`},
		"more than there are": {Item{Name: "echo"}, Format{Last: 9, Decimals: 0},
			`{"name":"echo","params":{"weight":1},"warmup":0,"bars":4,"outputs":{"echo":[1,2,null,4]},"engine":"` + engine.Version + `","plugin":{"name":"echo","version":"1.0.0","digest":"sha256:00"},"gas":7}`},
	} {
		res, err := r.Run(context.Background(), c.item)
		if err != nil {
			t.Fatal(err)
		}
		got, err := res.AppendJSON(nil, c.f)
		if err != nil || string(got) != c.want || !json.Valid(got) {
			t.Errorf("%s: %v\n got %s\nwant %s", name, err, got, c.want)
		}
	}
}
