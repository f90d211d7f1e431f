package candle

import (
	"bytes"
	"fmt"
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

// readJSON reads a request when one of its members is "candles", and candles
// otherwise.
func readJSON(body []byte, limits Limits) (*Series, error) {
	if trimmed := bytes.TrimLeft(body, " \t\r\n"); bytes.HasPrefix(trimmed, []byte("[")) || !bytes.Contains(body, []byte(`"candles"`)) {
		return DecodeCandles(body, limits)
	}
	return Decode(body, limits, func(string, []byte) error { return nil })
}
