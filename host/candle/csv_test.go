package candle

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func utc(y, m, d int) int64 { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).UnixMilli() }

func TestReadCSV(t *testing.T) {
	two := []int64{utc(2024, 6, 3), utc(2024, 6, 4)}
	for name, c := range map[string]struct {
		text string
		want *Series
	}{
		"header": {"date,open,high,low,close,volume\n2024-06-03,1,3,1,2,10\n2024-06-04,2,4,2,3,20\n",
			&Series{Time: two, Open: []float64{1, 2}, High: []float64{3, 4}, Low: []float64{1, 2}, Close: []float64{2, 3}, Volume: []float64{10, 20}, Bars: 2}},
		"other order, capitals, more columns, CRLF, a mark": {"\xef\xbb\xbfSymbol,Close,Adj Close,Date\r\nIBM,2,1,06/03/2024\r\nIBM,3,1,06/04/2024\r\n",
			&Series{Time: two, Close: []float64{2, 3}, Bars: 2}},
		"no header, six":            {"2024-06-03,1,3,1,2,10\n2024-06-04,2,4,2,3,20\n", &Series{Time: two, Open: []float64{1, 2}, High: []float64{3, 4}, Low: []float64{1, 2}, Close: []float64{2, 3}, Volume: []float64{10, 20}, Bars: 2}},
		"no header, five with time": {"1717372800;1;3;1;2\n1717459200;2;4;2;3\n", &Series{Time: two, Open: []float64{1, 2}, High: []float64{3, 4}, Low: []float64{1, 2}, Close: []float64{2, 3}, Bars: 2}},
		"no header, five without":   {"1\t3\t1\t2\t10\n2\t4\t2\t3\t20\n", &Series{Open: []float64{1, 2}, High: []float64{3, 4}, Low: []float64{1, 2}, Close: []float64{2, 3}, Volume: []float64{10, 20}, Bars: 2}},
		"milliseconds":              {"time,c\n1717372800000,2\n1717459200000,3\n", &Series{Time: two, Close: []float64{2, 3}, Bars: 2}},
		"date and time":             {"datetime,c\n2024-06-03 00:00:00,2\n2024-06-04 00:00,3\n", &Series{Time: two, Close: []float64{2, 3}, Bars: 2}},
		"RFC 3339":                  {"timestamp,c\n2024-06-03T00:00:00Z,2\n2024-06-04T02:00:00+02:00,3\n", &Series{Time: two, Close: []float64{2, 3}, Bars: 2}},
	} {
		got, err := ReadCSV(strings.NewReader(c.text), Limits{})
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, c.want)
		}
	}
	got, err := ReadCSV(strings.NewReader("close\n1\n\" \"\nNaN\nnull\n-\n2\n"), Limits{})
	if err != nil || got.Bars != 6 || got.Close[0] != 1 || !math.IsNaN(got.Close[1]) || !math.IsNaN(got.Close[4]) || got.Close[5] != 2 {
		t.Errorf("missing values: %+v, %v", got, err)
	}
}

// TestReadCSVRefuses: a bad row is named by its line.
func TestReadCSVRefuses(t *testing.T) {
	const head = "date,open,high,low,close,volume\n2024-06-03,1,3,1,2,10\n"
	for name, c := range map[string]struct {
		text string
		line int
		code string
	}{
		"a price that is text":   {head + "2024-06-04,1,3,1,two,10\n", 3, CodeWrongType},
		"a hexadecimal price":    {head + "2024-06-04,1,3,1,0x2p0,10\n", 3, CodeWrongType},
		"an infinite price":      {head + "2024-06-04,1,3,1,Inf,10\n", 3, CodeNotFinite},
		"a price too large":      {head + "2024-06-04,1,3,1,1e999,10\n", 3, CodeNotFinite},
		"a negative price":       {head + "2024-06-04,1,3,-1,2,10\n", 3, CodeNegative},
		"high below low":         {head + "2024-06-04,2,1,2,2,10\n", 3, CodeHighBelowLow},
		"a time that is none":    {head + "June 4,1,3,1,2,10\n", 3, CodeBadTimestamp},
		"no time":                {head + ",1,3,1,2,10\n", 3, CodeWrongType},
		"the same day again":     {head + "2024-06-04,1,3,1,2,10\n2024-06-04,1,3,1,2,10\n", 4, CodeNotIncreasing},
		"newest first":           {head + "2024-06-02,1,3,1,2,10\n", 3, CodeNewestFirst},
		"a cell too few":         {head + "2024-06-04,1,3,1,2\n", 3, CodeDifferentLengths},
		"after an empty line":    {head + "\n2024-06-04,1,3,-1,2,10\n", 4, CodeNegative},
		"an open quote":          {head + "\"2024-06-04,1,3,1,2,10\n", 3, CodeSyntax},
		"two closes":             {"close,c\n1,2\n", 1, CodeDuplicateField},
		"no price":               {"date,symbol\n2024-06-03,IBM\n", 1, CodeMissingField},
		"three without a header": {"1,2,3\n", 1, CodeMissingField},
		"a header and nothing":   {"close\n", 0, CodeNoCandles},
		"nothing":                {"", 0, CodeNoCandles},
		"more than are allowed":  {"close\n" + strings.Repeat("1\n", 11), 12, CodeTooMany},
	} {
		_, err := ReadCSV(strings.NewReader(c.text), Limits{MaxCandles: 10})
		var e *Error
		if !errors.As(err, &e) || e.Line != c.line || e.Code != c.code || e.Message == "" {
			t.Errorf("%s: %+v; want line %d, %s", name, err, c.line, c.code)
		}
	}
}

// TestReadFile: the same bars from each kind of file.
func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	var arrow strings.Builder
	if err := WriteArrow(&arrow, []NamedColumn{{Name: "close", Values: []float64{1, 2}}}); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"a.csv": "close\n1\n2\n", "a.txt": "close\n1\n2\n",
		"columns.json": `{"close":[1,2]}`, "rows.json": ` [{"close":1},{"close":2}]`,
		"request.json": `{"candles":{"close":[1,2]},"last":3}`, "a.arrow": arrow.String(),
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if s, err := ReadFile(path, Limits{}); err != nil || !reflect.DeepEqual(s.Close, []float64{1, 2}) {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
	if _, err := ReadFile(filepath.Join(dir, "none"), Limits{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// FuzzCSV: no file panics, and what is taken keeps the rules.
func FuzzCSV(f *testing.F) {
	f.Add("date,open,high,low,close,volume\n2024-06-03,1,3,1,2,10\n")
	f.Add("2024-06-03;1;3;1;2\n\n")
	f.Add("\xef\xbb\xbftime\tc\n1717372800\t-\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ReadCSV(strings.NewReader(text), Limits{MaxCandles: 1000})
		if err != nil {
			return
		}
		if fl, ok := check(s, &flaws{}); ok || s.Bars < 1 || s.Bars > 1000 {
			t.Fatalf("%d bars were taken with %+v", s.Bars, fl)
		}
		for _, col := range [][]float64{s.Open, s.High, s.Low, s.Close, s.Volume} {
			if col != nil && len(col) != s.Bars {
				t.Fatalf("a column has %d values of %d", len(col), s.Bars)
			}
		}
	})
}
