// Package candle has market data as the service takes and gives it: OHLCV bars
// as columns, read from JSON, Arrow IPC or CSV and checked, and numbers written
// back. It knows bytes and columns; it knows no HTTP and no indicator.
package candle

import (
	"errors"
	"fmt"
)

// Series are candles as columns, oldest bar first and equally long. A column
// that was not given is nil; a missing value is NaN.
type Series struct {
	Time                           []int64 // Unix milliseconds, strictly increasing
	Open, High, Low, Close, Volume []float64
	Bars                           int // the length of every column that is not nil
}

// Columns are the names that an input of an indicator may be mapped to. The
// last three are derived: (high+low)/2, (high+low+close)/3 and
// (open+high+low+close)/4.
var Columns = []string{"open", "high", "low", "close", "volume", "hl2", "hlc3", "ohlc4"}

// Form says how candles were written, and so how a pointer names a value.
type Form int

const (
	ByColumn Form = iota // /candles/close/3
	ByRow                // /candles/3/close
)

// ErrInvalid is what every Error is.
var ErrInvalid = errors.New("invalid candles")

// Error is the first value that is not what candles may be.
type Error struct {
	Pointer string // JSON Pointer (RFC 6901) into the request, "/candles/close/3"; "" for the whole
	Line    int    // the line of a CSV file, from 1; 0 where there are no lines
	Code    string // syntax, unknown-field, wrong-type, not-finite, negative, high-below-low, ...
	Message string // what is wrong, what is allowed, and how to mend it
}

func (e *Error) Error() string {
	switch {
	case e.Line > 0:
		return fmt.Sprintf("line %d: %s", e.Line, e.Message)
	case e.Pointer != "":
		return e.Pointer + ": " + e.Message
	}
	return e.Message
}

func (e *Error) Unwrap() error { return ErrInvalid }
