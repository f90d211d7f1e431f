package candle

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzDecode holds Decode to encoding/json. What is JSON for one is JSON for the
// other, but for text that is not UTF-8 and for what is nested deeper than
// maxDepth, which Decode refuses; and what Decode takes are the numbers that
// encoding/json reads, if they obey the rules: no name twice, only the columns
// of candles, no more bars than allowed, and those of check.
func FuzzDecode(f *testing.F) {
	for _, body := range []string{
		`{"candles":{"timestamp":[1717200000,1717203600],"open":[1,2],"high":[2,3.5],"low":[1,2],"close":[2,3],"volume":[10,0]}}`,
		`{"candles":[{"timestamp":"2024-06-01T00:00:00Z","open":1,"high":2,"low":1,"close":2,"volume":10},{"volume":0,"close":3,"low":2,"high":3.5,"open":2,"timestamp":"2024-06-01T04:30:00.000+03:30"}]}`,
		"{\"c\\u0061ndles\":\r\n\t{\"close\" : [ 1e1 , 2E-2,null,0.1234567890123456789 ]}, \"last\":{\"a\":[true,false,\"\\ud800\"]}}",
		`{"candles":{"close":[1,-1],"close":[1,"2"]},"candles":[]}`,
		`{"candles":[{"close":1},{"clos\u0065":1,"open":null},{}]}`,
		`{"candles":{"timestamp":[1717200000,1717203600000],"close":[1e999,01]}}`,
		`{"candles":{"high":[1797693134862315700000e287,123456789012345678],"low":[9007199254740993,0]}}`,
		`{"candles":{"close":[1],"close":[2]}}`, `{"candles":{"close":[1]},"candles":{"close":[1]}}`, `{"candles":[{"close":1,"close":1}]}`,
		`{"candles":{"close":[1],"open":[1,2]}}`, `{"candles":{"close":[1,2,3,4,5,6]}}`, `{"candles":{"close":[1],"x":[1]}}`, "{\"a\nb\":1}",
		`{"candles":{"close":[-1]}}`, `{"candles":{"close":[1,"2"]}}`, `{"candles":{"timestamp":[2,2]}}`, `{"candles":{"close":[-0,5e-324]}}`,
		`{"a":[[[[{}]]]]}`, `[]`, `{`, "{\"\xff\":1}",
	} {
		f.Add([]byte(body))
	}
	const most = 5
	f.Fuzz(func(t *testing.T, body []byte) {
		var others []string
		got, err := Decode(body, Limits{MaxCandles: most}, func(name string, value []byte) error {
			if !json.Valid(value) {
				t.Fatalf("the value of %q is no JSON: %q", name, value)
			}
			others = append(others, name)
			return nil
		})
		bad := errors.Is(err, ErrSyntax)
		if err != nil && !bad && !errors.Is(err, ErrInvalid) {
			t.Fatalf("an error of no kind: %v", err)
		}
		if !json.Valid(body) || !utf8.Valid(body) {
			if !bad {
				t.Fatalf("got %v for what is not JSON", err)
			}
			return
		}
		root, depth := readTree(t, body)
		if depth > maxDepth {
			return
		}
		if bad {
			t.Fatalf("got %v for what is JSON", err)
		}
		want, wantOthers, ok := seriesOf(root, most)
		if ok != (err == nil) {
			t.Fatalf("got %v, but that encoding/json has candles is %v", err, ok)
		}
		if !ok {
			return
		}
		if !slices.Equal(others, wantOthers) {
			t.Errorf("other members are %q, want %q", others, wantOthers)
		}
		if got.Bars != want.Bars || !slices.Equal(got.Time, want.Time) || (got.Time == nil) != (want.Time == nil) {
			t.Errorf("%d bars at %v, want %d at %v", got.Bars, got.Time, want.Bars, want.Time)
		}
		for fd := range fieldTimestamp {
			a, b := *got.column(fd), *want.column(fd)
			if (a == nil) != (b == nil) || !slices.EqualFunc(a, b, func(x, y float64) bool {
				return math.Float64bits(x) == math.Float64bits(y) || x != x && y != y
			}) {
				t.Errorf("%s is %v, want %v", fd, a, b)
			}
		}
	})
}

// object is a JSON object with its members in order.
type object []struct {
	name  string
	value any
}

// readTree reads JSON by encoding/json, and says how deep it is.
func readTree(t *testing.T, body []byte) (root any, depth int) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	token := func() json.Token {
		tok, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		return tok
	}
	var read func(level int) any
	read = func(level int) any {
		depth = max(depth, level)
		tok := token()
		var value any = tok
		switch tok {
		case json.Delim('['):
			list := []any{}
			for d.More() {
				list = append(list, read(level+1))
			}
			token()
			value = list
		case json.Delim('{'):
			members := object{}
			for d.More() {
				name := token().(string)
				members = append(members, struct {
					name  string
					value any
				}{name, read(level + 1)})
			}
			token()
			value = members
		}
		return value
	}
	return read(0), depth
}

// twice is whether a name is in o twice.
func (o object) twice() bool {
	seen := map[string]bool{}
	for _, m := range o {
		if seen[m.name] {
			return true
		}
		seen[m.name] = true
	}
	return false
}

// seriesOf makes candles of a request, and lists its other members; ok is false
// when the rules are broken.
func seriesOf(root any, most int) (s *Series, others []string, ok bool) {
	request, ok := root.(object)
	if !ok || request.twice() {
		return nil, nil, false
	}
	s = &Series{}
	found := false
	for _, m := range request {
		switch candles := m.value.(type) {
		case object:
			if m.name == "candles" {
				found, ok = true, addColumns(s, candles, most)
			}
		case []any:
			if m.name == "candles" {
				found, ok = true, addRows(s, candles, most)
			}
		}
		if m.name != "candles" {
			others = append(others, m.name)
		}
		if !ok {
			return nil, nil, false
		}
	}
	if !found {
		return nil, nil, false
	}
	_, flawed := check(s, &flaws{})
	return s, others, !flawed
}

func addColumns(s *Series, columns object, most int) bool {
	if columns.twice() {
		return false
	}
	var c clock
	for i, m := range columns {
		list, isList := m.value.([]any)
		if !isList || len(list) == 0 || len(list) > most || i > 0 && len(list) != s.Bars {
			return false
		}
		s.Bars = len(list)
		for _, v := range list {
			if !addValue(s, &c, m.name, v) {
				return false
			}
		}
	}
	return len(columns) > 0
}

func addRows(s *Series, rows []any, most int) bool {
	var c clock
	var first []string
	for i, v := range rows {
		bar, isObject := v.(object)
		if !isObject || len(bar) == 0 || bar.twice() {
			return false
		}
		var names []string
		for _, m := range bar {
			names = append(names, m.name)
			if !addValue(s, &c, m.name, m.value) {
				return false
			}
		}
		slices.Sort(names)
		if i == 0 {
			first = names
		}
		if !slices.Equal(names, first) {
			return false
		}
	}
	s.Bars = len(rows)
	return len(rows) > 0 && len(rows) <= most
}

func addValue(s *Series, c *clock, name string, v any) bool {
	fd, known := fieldOf(name)
	if !known {
		return false
	}
	x := math.NaN()
	text, isText := v.(string)
	switch v := v.(type) {
	case json.Number:
		x, _ = strconv.ParseFloat(v.String(), 64)
	case nil:
	default:
		if !isText || fd != fieldTimestamp {
			return false
		}
	}
	if fd != fieldTimestamp {
		*s.column(fd) = append(*s.column(fd), x)
		return true
	}
	var ms int64
	var message string
	switch {
	case isText:
		ms, _, message = c.text([]byte(text))
	case v == nil:
		message = nullTimestamp
	default:
		ms, _, message = c.number(x)
	}
	s.Time = append(s.Time, ms)
	return message == ""
}

// FuzzNumber: a number is read as strconv reads it, to its end, and nothing that
// encoding/json does not take for one.
func FuzzNumber(f *testing.F) {
	for _, text := range []string{"0", "-0", "123.45", "1e-7", "9007199254740993", "0.1234567890123456789", "17976931348623157e292", "5e-324", "01", "1.", "-", "1E+3x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, end, ok := number([]byte(text), 0)
		longest := 0
		for n := len(text); n > 0; n-- {
			if strings.ContainsAny(text[:1], "-0123456789") && json.Valid([]byte(text[:n])) && strings.TrimSpace(text[:n]) == text[:n] {
				longest = n
				break
			}
		}
		if !ok {
			if longest == len(text) && longest > 0 {
				t.Fatalf("%q is a number", text)
			}
			return
		}
		want, _ := strconv.ParseFloat(text[:end], 64)
		if end != longest || math.Float64bits(v) != math.Float64bits(want) {
			t.Fatalf("%q is %v up to %d, want %v up to %d", text, v, end, want, longest)
		}
	})
}
