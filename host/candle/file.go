package candle

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// ReadFile reads candles from a file: an Arrow IPC stream when its name ends
// with .arrow or .arrows, JSON when it ends with .json, and CSV otherwise. JSON
// is a request, {"candles": ...} with whatever else it has, or the candles alone
// in either form.
func ReadFile(path string, limits Limits) (*Series, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	switch strings.ToLower(filepath.Ext(path)) {
	case ".arrow", ".arrows":
		return ReadArrow(f, limits)
	case ".json":
		body, err := readAll(f, limits)
		if err != nil {
			return nil, err
		}
		return readJSON(body, limits)
	}
	s, err := ReadCSV(f, limits)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return s, nil
}

// Read reads candles from a stream, which has no name to tell what it is by: its
// first bytes do. Every message of an Arrow stream begins with four bytes 0xff,
// a JSON value here with a bracket, and neither begins CSV.
func Read(r io.Reader, limits Limits) (*Series, error) {
	body, err := readAll(r, limits)
	if err != nil {
		return nil, err
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(body, []byte(byteOrderMark)), " \t\r\n")
	switch {
	case bytes.HasPrefix(body, []byte("\xff\xff\xff\xff")):
		return decodeArrow(body, limits)
	case len(text) > 0 && (text[0] == '{' || text[0] == '['):
		return readJSON(text, limits)
	}
	return ReadCSV(bytes.NewReader(body), limits)
}

// byteOrderMark is what some programs put before text.
const byteOrderMark = "\xef\xbb\xbf"

// readJSON reads a request when one of its members is "candles", and candles
// otherwise.
func readJSON(body []byte, limits Limits) (*Series, error) {
	if trimmed := bytes.TrimLeft(body, " \t\r\n"); bytes.HasPrefix(trimmed, []byte("[")) || !bytes.Contains(body, []byte(`"candles"`)) {
		return DecodeCandles(body, limits)
	}
	return Decode(body, limits, func(string, []byte) error { return nil })
}
