package candle

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ReadCSV reads candles from CSV, oldest bar first, separated by commas,
// semicolons or tabs.
//
// With a header, columns are found by their names: date, datetime, time or
// timestamp; open, high, low, close or their first letters; volume, vol or v;
// capitals do not matter and other columns are left out. Without one, six
// columns are time, open, high, low, close and volume; five are the first five
// of these, or the last five when the first is no time.
//
// A time is a date (2024-06-01, or 06/01/2024 as in the United States), a date
// and time, RFC 3339, or Unix seconds or milliseconds; times without a zone are
// UTC. An empty cell, NaN, null or - is a missing value. A bad row is an *Error
// with its line.
func ReadCSV(r io.Reader, limits Limits) (*Series, error) {
	body, err := readAll(r, limits)
	if err != nil {
		return nil, err
	}
	body = bytes.TrimPrefix(body, []byte(byteOrderMark))
	rows := csv.NewReader(bytes.NewReader(body))
	rows.Comma = separator(body)
	rows.FieldsPerRecord = -1 // counted here, to name the line
	rows.ReuseRecord = true
	rows.TrimLeadingSpace = true
	t := table{max: limits.candles()}
	for {
		row, err := rows.Read()
		switch {
		case errors.Is(err, io.EOF):
			return t.result()
		case err != nil:
			return nil, csvSyntax(err)
		}
		line, _ := rows.FieldPos(0)
		if err := t.row(row, line); err != nil {
			return nil, err
		}
	}
}

// separator is the one of the three that is most frequent in the first line.
func separator(body []byte) rune {
	first, _, _ := bytes.Cut(body, []byte{'\n'})
	best, most := ',', bytes.Count(first, []byte{','})
	for _, s := range []rune{';', '\t'} {
		if n := bytes.Count(first, []byte(string(s))); n > most {
			best, most = s, n
		}
	}
	return best
}

func csvSyntax(err error) error {
	var p *csv.ParseError
	if errors.As(err, &p) {
		return &Error{Line: p.Line, Code: CodeSyntax, Message: fmt.Sprintf("this is not CSV: %v; check the quotes", p.Err)}
	}
	return fmt.Errorf("read candles: %w", err)
}

// table gathers the rows of a CSV file.
type table struct {
	max    int
	fields []int // the field of each column; -1 for one that is left out
	lines  []int // of each bar
	s      Series
	bad    flaws
	clock  clock
}

// noField is a column that is left out.
const noField = -1

func (t *table) row(row []string, line int) error {
	if t.fields == nil {
		header, err := t.layout(row, line)
		if err != nil || header {
			return err
		}
	}
	if len(row) != len(t.fields) {
		return &Error{Line: line, Code: CodeDifferentLengths, Message: fmt.Sprintf("there are %d cells and the first line has %d; give every row the same columns", len(row), len(t.fields))}
	}
	bar := t.s.Bars
	if bar == t.max {
		return &Error{Line: line, Code: CodeTooMany, Message: tooManyMessage(t.max)}
	}
	for i, cell := range row {
		if t.fields[i] == noField {
			continue
		}
		fd := field(t.fields[i])
		if fd == fieldTimestamp {
			ms, code, message := t.time(strings.TrimSpace(cell))
			if message != "" {
				t.bad.add(bar, fd, code, message)
			}
			t.s.Time = append(t.s.Time, ms)
			continue
		}
		v, code, message := price(fd, strings.TrimSpace(cell))
		if message != "" {
			t.bad.add(bar, fd, code, message)
		}
		col := t.s.column(fd)
		*col = append(*col, v)
	}
	t.s.Bars++
	t.lines = append(t.lines, line)
	return nil
}

// layout decides which column is which by the first line, and says whether that
// was a header.
func (t *table) layout(row []string, line int) (header bool, err error) {
	numbers := 0
	for _, cell := range row {
		if _, err := strconv.ParseFloat(strings.TrimSpace(cell), 64); err == nil {
			numbers++
		}
	}
	if numbers > 0 {
		return false, t.unnamed(row, line)
	}
	t.fields = make([]int, len(row))
	for i, name := range row {
		fd, ok := headers[strings.ToLower(strings.TrimSpace(name))]
		if !ok {
			t.fields[i] = noField
			continue
		}
		if slices.Contains(t.fields[:i], int(fd)) {
			return true, &Error{Line: line, Code: CodeDuplicateField, Message: fmt.Sprintf("there are two columns for %s; keep one", fd)}
		}
		t.fields[i] = int(fd)
	}
	if !slices.ContainsFunc(t.fields, func(f int) bool { return f >= 0 && field(f) != fieldTimestamp }) {
		return true, &Error{Line: line, Code: CodeMissingField, Message: "no column is named open, high, low, close or volume; name the columns in the first line"}
	}
	return true, nil
}

// headers are the names that columns go by.
var headers = map[string]field{
	"date": fieldTimestamp, "datetime": fieldTimestamp, "time": fieldTimestamp, "timestamp": fieldTimestamp,
	"open": fieldOpen, "o": fieldOpen, "high": fieldHigh, "h": fieldHigh, "low": fieldLow, "l": fieldLow,
	"close": fieldClose, "c": fieldClose, "volume": fieldVolume, "vol": fieldVolume, "v": fieldVolume,
}

// unnamed lays out a file without a header.
func (t *table) unnamed(row []string, line int) error {
	all := []int{int(fieldTimestamp), int(fieldOpen), int(fieldHigh), int(fieldLow), int(fieldClose), int(fieldVolume)}
	_, _, noTime := new(table).time(strings.TrimSpace(row[0]))
	switch {
	case len(row) == 6:
		t.fields = all
	case len(row) == 5 && (noTime != "" || small(row[0])):
		t.fields = all[1:]
	case len(row) == 5:
		t.fields = all[:5]
	default:
		return &Error{Line: line, Code: CodeMissingField, Message: fmt.Sprintf("there are %d columns and no header; name them in the first line, or give time, open, high, low, close and volume", len(row))}
	}
	return nil
}

// small says whether a cell is a number that is sooner a price than a time:
// Unix seconds before March 1973.
func small(cell string) bool {
	v, err := strconv.ParseFloat(strings.TrimSpace(cell), 64)
	return err == nil && v < 1e8
}

func missing(cell string) bool {
	switch strings.ToLower(cell) {
	case "", "-", "nan", "null":
		return true
	}
	return false
}

func price(fd field, cell string) (v float64, code, message string) {
	if missing(cell) {
		return math.NaN(), "", ""
	}
	v, err := strconv.ParseFloat(cell, 64)
	switch {
	case errors.Is(err, strconv.ErrRange) || err == nil && math.IsInf(v, 0):
		return math.NaN(), CodeNotFinite, fmt.Sprintf("%s is too large to be a number; the largest is about 1.8e308", fd)
	case err != nil || strings.ContainsAny(cell, "xX_"):
		return math.NaN(), CodeWrongType, fmt.Sprintf("%s is %q, which is no number; write it with a decimal point and no thousands separator, or leave the cell empty", fd, shorten(cell))
	}
	return v, "", ""
}

// shorten keeps a message to a line.
func shorten(cell string) string {
	if r := []rune(cell); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return cell
}

// layouts are the shapes of times beside RFC 3339 and Unix.
var layouts = []string{time.DateOnly, time.DateTime, "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04", "2006/01/02", "20060102", "01/02/2006", "01/02/2006 15:04:05", "01/02/2006 15:04"}

func (t *table) time(cell string) (ms int64, code, message string) {
	if missing(cell) {
		return 0, CodeWrongType, nullTimestamp
	}
	if len(cell) != len("20060102") {
		if v, err := strconv.ParseFloat(cell, 64); err == nil {
			return t.clock.number(v)
		}
	}
	if ms, ok := parseRFC3339([]byte(cell)); ok {
		return ms, "", ""
	}
	for _, l := range layouts {
		if at, err := time.Parse(l, cell); err == nil {
			return at.UnixMilli(), "", ""
		}
	}
	return 0, CodeBadTimestamp, fmt.Sprintf("time is %q; write 2024-06-01, 2024-06-01 15:04:05, RFC 3339, or Unix seconds or milliseconds", shorten(cell))
}

func (t *table) result() (*Series, error) {
	if t.s.Bars == 0 {
		return nil, &Error{Code: CodeNoCandles, Message: "there are no candles in the file"}
	}
	if !t.bad.any && newestFirst(t.s.Time) {
		return nil, &Error{Line: t.lines[1], Code: CodeNewestFirst, Message: "the newest bar comes first; sort the file by time, oldest first"}
	}
	if fl, ok := check(&t.s, &t.bad); ok {
		return nil, &Error{Pointer: place(ByRow, fl.field, fl.bar), Line: t.lines[fl.bar], Code: fl.code, Message: fl.message}
	}
	return &t.s, nil
}

// newestFirst says whether times fall from beginning to end.
func newestFirst(times []int64) bool {
	for i := range times {
		if i > 0 && times[i] >= times[i-1] {
			return false
		}
	}
	return len(times) > 1
}
