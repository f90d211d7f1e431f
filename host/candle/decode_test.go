package candle_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
)

func TestDecodeForms(t *testing.T) {
	want := candle.Series{
		Time: []int64{1717200000000, 1717203600000},
		Open: []float64{1, 2}, High: []float64{2, 3.5}, Low: []float64{1, 2}, Close: []float64{2, 3}, Volume: []float64{10, 0},
		Bars: 2,
	}
	for name, c := range map[string]struct {
		form candle.Form
		body string
	}{
		"columns":                {candle.ByColumn, `{"candles": {"timestamp": [1717200000, 1717203600], "open": [1,2], "high": [2,3.5], "low": [1,2], "close": [2,3], "volume": [10,0]}}`},
		"any order, white space": {candle.ByColumn, " {\n\"candles\"\t:\r{\"close\":[ 2 , 3 ],\"volume\":[1e1,0.0],\"open\":[1,2],\"high\":[2,35e-1],\"low\":[1,2],\"timestamp\":[1717200000000,1717203600000]} } "},
		"rows": {candle.ByRow, `{"candles":[{"timestamp":"2024-06-01T00:00:00Z","open":1,"high":2,"low":1,"close":2,"volume":10},
			{"volume":0,"close":3,"low":2,"high":3.5,"open":2,"timestamp":"2024-06-01T04:30:00.000+03:30"}]}`},
		"escaped names": {candle.ByRow, `{"c\u0061ndles":[{"t\u0069mestamp":1717200000,"open":1,"high":2,"low":1,"close":2,"volume":10},
			{"timestamp":1717203600,"\u006fpen":2,"high":3.5,"low":2,"close":3,"volume":0}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := candle.Decode([]byte(c.body), candle.Limits{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if s.Form != c.form || s.Bars != want.Bars || !slices.Equal(s.Time, want.Time) || !slices.Equal(s.Open, want.Open) ||
				!slices.Equal(s.High, want.High) || !slices.Equal(s.Low, want.Low) || !slices.Equal(s.Close, want.Close) || !slices.Equal(s.Volume, want.Volume) {
				t.Errorf("got %+v", s)
			}
		})
	}
}

func TestDecodeMissing(t *testing.T) {
	s, err := candle.Decode([]byte(`{"candles":{"high":[null,2],"low":[5,null],"close":[null,null]}}`), candle.Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !math.IsNaN(s.High[0]) || s.High[1] != 2 || !math.IsNaN(s.Low[1]) || !math.IsNaN(s.Close[1]) {
		t.Errorf("null is not NaN: %+v", s)
	}
	if s.Open != nil || s.Volume != nil || s.Time != nil {
		t.Errorf("a column came out of nothing: %+v", s)
	}
}

// refused are bodies that are JSON, but not candles.
var refused = []struct{ name, body, pointer, code string }{
	{"text, columns", `{"candles":{"close":[1,2,"3"]}}`, "/candles/close/2", candle.CodeWrongType},
	{"text, rows", `{"candles":[{"close":1},{"close":"12"}]}`, "/candles/1/close", candle.CodeWrongType},
	{"bool", `{"candles":{"close":[true]}}`, "/candles/close/0", candle.CodeWrongType},
	{"list", `{"candles":{"close":[1,[2]]}}`, "/candles/close/1", candle.CodeWrongType},
	{"object", `{"candles":[{"close":{"a":[1]}}]}`, "/candles/0/close", candle.CodeWrongType},
	{"infinite", `{"candles":{"close":[1,1e999]}}`, "/candles/close/1", candle.CodeNotFinite},
	{"minus infinite", `{"candles":{"close":[1,-1e999]}}`, "/candles/close/1", candle.CodeNotFinite},
	{"negative price", `{"candles":{"close":[1,-0.5]}}`, "/candles/close/1", candle.CodeNegative},
	{"negative volume", `{"candles":[{"close":1,"volume":-1}]}`, "/candles/0/volume", candle.CodeNegative},
	{"high below low", `{"candles":{"high":[2,1],"low":[1,2]}}`, "/candles/high/1", candle.CodeHighBelowLow},
	{"high below open", `{"candles":{"open":[2],"high":[1]}}`, "/candles/high/0", candle.CodeHighBelowOpen},
	{"high below close", `{"candles":[{"high":1,"close":2}]}`, "/candles/0/high", candle.CodeHighBelowClose},
	{"low above open", `{"candles":{"open":[2],"high":[4],"low":[3],"close":[4]}}`, "/candles/low/0", candle.CodeLowAboveOpen},
	{"low above close", `{"candles":{"open":[3],"high":[4],"low":[3],"close":[2]}}`, "/candles/low/0", candle.CodeLowAboveClose},
	{"time repeats", `{"candles":{"close":[1,1,1],"timestamp":[1,2,2]}}`, "/candles/timestamp/2", candle.CodeNotIncreasing},
	{"time goes back", `{"candles":[{"timestamp":"2024-06-02T00:00:00Z"},{"timestamp":"2024-06-01T00:00:00Z"}]}`, "/candles/1/timestamp", candle.CodeNotIncreasing},
	{"seconds, then milliseconds", `{"candles":{"timestamp":[1717200000,1717203600000]}}`, "/candles/timestamp/1", candle.CodeMixedTimestamps},
	{"number, then text", `{"candles":{"timestamp":[1717200000,"2024-06-01T01:00:00Z"]}}`, "/candles/timestamp/1", candle.CodeMixedTimestamps},
	{"fraction of a second", `{"candles":{"timestamp":[1717200000.5]}}`, "/candles/timestamp/0", candle.CodeNotInteger},
	{"nanoseconds", `{"candles":{"timestamp":[1717200000000000000]}}`, "/candles/timestamp/0", candle.CodeTimestampRange},
	{"before the year 1", `{"candles":{"timestamp":[-1e11]}}`, "/candles/timestamp/0", candle.CodeTimestampRange},
	{"infinite time", `{"candles":{"timestamp":[1e999]}}`, "/candles/timestamp/0", candle.CodeNotFinite},
	{"no time zone", `{"candles":{"timestamp":["2024-06-01T00:00:00"]}}`, "/candles/timestamp/0", candle.CodeBadTimestamp},
	{"no such day", `{"candles":{"timestamp":["2023-02-29T00:00:00Z"]}}`, "/candles/timestamp/0", candle.CodeBadTimestamp},
	{"number as text in time", `{"candles":{"timestamp":["1717200000"]}}`, "/candles/timestamp/0", candle.CodeBadTimestamp},
	{"null time", `{"candles":{"timestamp":[1,null]}}`, "/candles/timestamp/1", candle.CodeBadTimestamp},
	{"bool time", `{"candles":{"timestamp":[false]}}`, "/candles/timestamp/0", candle.CodeWrongType},
	{"short column", `{"candles":{"open":[1,1],"high":[1,1],"low":[1,1],"close":[1]}}`, "/candles/close", candle.CodeDifferentLengths},
	{"short first column", `{"candles":{"open":[1],"high":[1,1],"low":[1,1],"close":[1,1]}}`, "/candles/open", candle.CodeDifferentLengths},
	{"two lengths", `{"candles":{"timestamp":[1,2],"close":[1]}}`, "/candles/close", candle.CodeDifferentLengths},
	{"no candles", `{}`, "/candles", candle.CodeNoCandles},
	{"no column", `{"candles":{}}`, "/candles", candle.CodeNoCandles},
	{"no bar", `{"candles":[]}`, "/candles", candle.CodeNoCandles},
	{"empty column", `{"candles":{"close":[]}}`, "/candles", candle.CodeNoCandles},
	{"candles of no kind", `{"candles":null}`, "/candles", candle.CodeWrongType},
	{"candles as text", `{"candles":"AAPL"}`, "/candles", candle.CodeWrongType},
	{"body of no kind", `[1,2]`, "", candle.CodeWrongType},
	{"column of no kind", `{"candles":{"close":7}}`, "/candles/close", candle.CodeWrongType},
	{"null column", `{"candles":{"close":[1],"volume":null}}`, "/candles/volume", candle.CodeWrongType},
	{"bar of no kind", `{"candles":[{"close":7},7]}`, "/candles/1", candle.CodeWrongType},
	{"empty bar", `{"candles":[{}]}`, "/candles/0", candle.CodeMissingField},
	{"field left out", `{"candles":[{"close":1,"volume":1},{"close":1}]}`, "/candles/1/volume", candle.CodeMissingField},
	{"field came later", `{"candles":[{"close":1},{"close":1,"volume":1}]}`, "/candles/1/volume", candle.CodeMissingField},
	{"too many, columns", `{"candles":{"close":[1,1,1,1,1],"volume":[1]}}`, "/candles", candle.CodeTooMany},
	{"too many, rows", `{"candles":[{"close":1},{"close":1},{"close":1},{"close":1},{"close":1}]}`, "/candles", candle.CodeTooMany},
	{"unknown column", `{"candles":{"close":[1],"vol/ume":[1]}}`, "/candles/vol~1ume", candle.CodeUnknownField},
	{"unknown field", `{"candles":[{"close":1},{"close":1,"":1}]}`, "/candles/1/", candle.CodeUnknownField},
	{"unknown member", `{"candles":{"close":[1]},"Candles":1}`, "/Candles", candle.CodeUnknownField},
	{"column twice", `{"candles":{"close":[1],"close":[1]}}`, "/candles/close", candle.CodeDuplicateField},
	{"field twice", `{"candles":[{"close":1,"clos\u0065":1}]}`, "/candles/0/close", candle.CodeDuplicateField},
	{"candles twice", `{"candles":{"close":[1]},"candles":{"close":[1]}}`, "/candles", candle.CodeDuplicateField},

	// The first by bar, then by field, then what does not fit together.
	{"lowest bar, columns", `{"candles":{"open":[1,1,1,"x"],"close":[1,1,-1,1]}}`, "/candles/close/2", candle.CodeNegative},
	{"lowest bar, comparison", `{"candles":{"timestamp":[1,2,3,null],"high":[1,1,1,1],"low":[0,2,1,-1]}}`, "/candles/high/1", candle.CodeHighBelowLow},
	{"one bar, field order", `{"candles":{"volume":[-1],"timestamp":[null],"close":["x"],"open":[-1]}}`, "/candles/open/0", candle.CodeNegative},
	{"one bar, kind before value", `{"candles":{"volume":[-1],"high":["x"]}}`, "/candles/high/0", candle.CodeWrongType},
	{"one bar, value before comparison", `{"candles":{"high":[1],"low":[2],"volume":[-1]}}`, "/candles/volume/0", candle.CodeNegative},
	{"one bar, comparison before order in time", `{"candles":{"high":[1,1],"low":[1,2],"timestamp":[2,1]}}`, "/candles/high/1", candle.CodeHighBelowLow},
	{"a bar before a bar refused", `{"candles":[{"close":1},{"close":-1},{"close":1,"x":1}]}`, "/candles/1/close", candle.CodeNegative},
	{"a bar refused before a bar", `{"candles":[{"close":1},{"close":-1,"x":1},{"close":-1}]}`, "/candles/1/x", candle.CodeUnknownField},
}

func TestDecodeRefuses(t *testing.T) {
	for _, c := range refused {
		t.Run(c.name, func(t *testing.T) {
			_, err := candle.Decode([]byte(c.body), candle.Limits{MaxCandles: 4}, nil)
			var e *candle.Error
			if !errors.As(err, &e) || !errors.Is(err, candle.ErrInvalid) {
				t.Fatalf("got %v, want an Error", err)
			}
			if e.Pointer != c.pointer || e.Code != c.code || e.Message == "" {
				t.Errorf("got %s %s (%s), want %s %s", e.Pointer, e.Code, e.Message, c.pointer, c.code)
			}
		})
	}
}

// TestDecodeSyntax: what is not JSON is a fault of the syntax, wherever it is
// and whatever else is wrong.
func TestDecodeSyntax(t *testing.T) {
	deep := func(n int) string {
		b := slices.Repeat([]byte("["), n)
		return string(append(b, slices.Repeat([]byte("]"), n)...))
	}
	for _, body := range []string{
		``, ` `, `{`, `}`, `{"candles"}`, `{"candles":}`, `{candles:1}`, `{"candles":{"close":[1]}`, `{"candles":{"close":[1]}}}`,
		`{"candles":{"close":[1]}} x`, "{\"candles\":{\"close\":[1]}}\x00", `{"candles":{"close":[1,]}}`, `{"candles":{"close":[,1]}}`,
		`{"candles":{"close":[1 2]}}`, `{"candles":{"close":[1],}}`, `{"candles":{"close":[01]}}`, `{"candles":{"close":[+1]}}`,
		`{"candles":{"close":[.5]}}`, `{"candles":{"close":[5.]}}`, `{"candles":{"close":[1e]}}`, `{"candles":{"close":[1e+]}}`,
		`{"candles":{"close":[-]}}`, `{"candles":{"close":[--1]}}`, `{"candles":{"close":[NaN]}}`, `{"candles":{"close":[nul]}}`,
		`{"candles":{"close":[nulll]}}`, `{"candles":{"close":[Infinity]}}`, `{"candles":{"close":[0x1]}}`, `{"candles":{"close":[1_000]}}`,
		`{"candles":{"close":["x]}}`, `{"candles":{"close":["\x"]}}`, `{"candles":{"close":["\u12g4"]}}`, "{\"\\u0\x1200\":1}", "{\"candles\":{\"close\":[\"\xff\"]}}",
		"{\"candles\":{\"close\":[\"a\nb\"]}}", "\ufeff{\"candles\":{\"close\":[1]}}", `{"a":tru}`, `{"a":[1}`, `{"a":{"b":1]}`, `{"a":{1:2}}`,
		`{"candles":[{"close":1},]}`, `{"candles":[{"close":1,}]}`, `{"candles":[{"close"1}]}`, `{"candles":[{"open`, `{"candles":[{"open"`,
		`{"candles":{"close":[-1]},"x":1`, `{"candles":{"bad":[1,"\q"]}}`, `{"candles":{"close":[1,1,1,1,1,1,x]}}`,
		`{"candles":{"timestamp":[1.]}}`, `{"candles":{"timestamp":["2024]}}`, `{"candles":{"timestamp":[nu]}}`, `{"candles":{"timestamp":[{]}}`,
		`{"a":` + deep(65) + `}`, `"`, `nul`, `1 1`,
	} {
		_, err := candle.Decode([]byte(body), candle.Limits{MaxCandles: 4}, nil)
		var e *candle.SyntaxError
		if !errors.As(err, &e) || !errors.Is(err, candle.ErrSyntax) || errors.Is(err, candle.ErrInvalid) {
			t.Errorf("%.60q: got %v, want a SyntaxError", body, err)
		}
	}
	if _, err := candle.Decode([]byte(`{"a":`+deep(64)+`,"candles":{"close":[1]}}`), candle.Limits{}, func(string, []byte) error { return nil }); err != nil {
		t.Errorf("64 levels: %v", err)
	}
}

func TestDecodeMembers(t *testing.T) {
	got := map[string]string{}
	s, err := candle.Decode([]byte(`{"params": {"period" : 14} ,"candles":{"close":[1]},"last":3,"é\n":[{"a":"}"},null,true,false]}`), candle.Limits{},
		func(name string, value []byte) error { got[name] = string(value); return nil })
	if err != nil || s.Bars != 1 {
		t.Fatal(s, err)
	}
	for name, want := range map[string]string{"params": `{"period" : 14}`, "last": "3", "é\n": `[{"a":"}"},null,true,false]`} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}

	mine := errors.New("mine")
	refuse := func(string, []byte) error { return mine }
	if _, err := candle.Decode([]byte(`{"x":1,"candles":{"close":[-1]}}`), candle.Limits{}, refuse); !errors.Is(err, mine) {
		t.Errorf("got %v, want the member's error", err)
	}
	if _, err := candle.Decode([]byte(`{"x":1,"candles":{"close":[-1]}`), candle.Limits{}, refuse); !errors.Is(err, candle.ErrSyntax) {
		t.Errorf("got %v, want the fault of the syntax", err)
	}
	if _, err := candle.Decode([]byte(`{"x":1,"x":2,"candles":{"close":[1]}}`), candle.Limits{}, func(string, []byte) error { return nil }); !isError(err, "/x", candle.CodeDuplicateField) {
		t.Errorf("got %v, want the member given twice", err)
	}
}

func TestParseNumbers(t *testing.T) {
	col, err := candle.ParseNumbers([]byte(` [1, -2.5, null, 1e-3] `), "/inputs/real")
	if err != nil || len(col) != 4 || col[0] != 1 || col[1] != -2.5 || !math.IsNaN(col[2]) || col[3] != 1e-3 {
		t.Errorf("got %v, %v", col, err)
	}
	if col, err := candle.ParseNumbers([]byte(`[]`), "/inputs/real"); err != nil || len(col) != 0 {
		t.Errorf("got %v, %v", col, err)
	}
	for _, c := range []struct{ value, pointer, code string }{
		{`[1,"2"]`, "/inputs/real/1", candle.CodeWrongType},
		{`[1,1e999,"2"]`, "/inputs/real/1", candle.CodeNotFinite},
		{`[-1e999]`, "/inputs/real/0", candle.CodeNotFinite},
		{`["2",1e999]`, "/inputs/real/0", candle.CodeWrongType},
		{`"close"`, "/inputs/real", candle.CodeWrongType},
		{`5`, "/inputs/real", candle.CodeWrongType},
	} {
		if _, err := candle.ParseNumbers([]byte(c.value), "/inputs/real"); !isError(err, c.pointer, c.code) {
			t.Errorf("%s: got %v, want %s %s", c.value, err, c.pointer, c.code)
		}
	}
	for _, value := range []string{``, `[`, `[1`, `[1,]`, `[01]`, `[1]]`, `[1] 2`, `nope`} {
		if _, err := candle.ParseNumbers([]byte(value), ""); !errors.Is(err, candle.ErrSyntax) {
			t.Errorf("%q: got %v, want a SyntaxError", value, err)
		}
	}
}

func TestColumn(t *testing.T) {
	nan := math.NaN()
	s, err := candle.Decode([]byte(`{"candles":{"open":[1,1],"high":[4,4],"low":[1,null],"close":[2,2]}}`), candle.Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]float64{
		"open": {1, 1}, "high": {4, 4}, "low": {1, nan}, "close": {2, 2}, "volume": nil,
		"hl2": {2.5, nan}, "hlc3": {7. / 3, nan}, "ohlc4": {2, nan}, "timestamp": nil, "nonsense": nil,
	} {
		got, ok := s.Column(name)
		if ok != (want != nil) || !slices.EqualFunc(got, want, same) {
			t.Errorf("%s is %v, %v, want %v", name, got, ok, want)
		}
	}
	timed, err := candle.Decode([]byte(`{"candles":{"timestamp":["1969-12-31T23:59:59.5Z","2024-06-01T00:00:00Z"],"close":[1,2]}}`), candle.Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if col, ok := timed.Column("timestamp"); !ok || !slices.Equal(col, []float64{-0.5, 1717200000}) {
		t.Errorf("timestamp is %v, %v", col, ok)
	}

	a, _ := s.Column("hl2")
	b, _ := s.Column("hl2")
	if &a[0] != &b[0] {
		t.Error("hl2 was computed twice")
	}

	huge := candle.Series{High: []float64{math.MaxFloat64}, Low: []float64{math.MaxFloat64}, Close: []float64{math.MaxFloat64}, Bars: 1}
	for _, name := range []string{"hl2", "hlc3"} {
		if col, _ := huge.Column(name); math.Abs(col[0]-math.MaxFloat64) > 1e-15*math.MaxFloat64 {
			t.Errorf("%s of the largest price is %v", name, col[0])
		}
	}
	if _, ok := huge.Column("ohlc4"); ok {
		t.Error("ohlc4 without open")
	}
}

func same(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) || a != a && b != b }

func isError(err error, pointer, code string) bool {
	var e *candle.Error
	return errors.As(err, &e) && e.Pointer == pointer && e.Code == code
}
