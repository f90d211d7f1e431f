// Package candle has market data as the service takes and gives it: OHLCV bars
// as columns, read from JSON, Arrow IPC or CSV and checked, and numbers written
// back. It knows bytes and columns; it knows no HTTP and no indicator.
//
// Every reader obeys the same rules, and check has them: what is read is finite,
// not negative, ordered in time, with a high that is the highest and a low that
// is the lowest price of its bar. The first value that is not is an *Error that
// says where it is. What cannot be parsed at all is a *SyntaxError.
package candle

import (
	"errors"
	"fmt"
)

// Series are candles as columns, oldest bar first and equally long. A column
// that was not given is nil; a missing value is NaN. Series that were read are
// not to be changed; they are then safe for concurrent use, and are not to be
// copied.
type Series struct {
	Time                           []int64 // Unix milliseconds, strictly increasing
	Open, High, Low, Close, Volume []float64
	Bars                           int  // the length of every column that is not nil
	Form                           Form // how they were written

	hl2, hlc3, ohlc4, seconds derived
}

// Columns are the names that an input of an indicator may be mapped to. Three are
// derived: (high+low)/2, (high+low+close)/3 and (open+high+low+close)/4. The last
// is in Unix seconds, with milliseconds as their fraction.
var Columns = []string{"open", "high", "low", "close", "volume", "hl2", "hlc3", "ohlc4", "timestamp"}

// Form says how candles were written, and so how a pointer names a value.
type Form int

const (
	ByColumn Form = iota // /candles/close/3
	ByRow                // /candles/3/close
)

// DefaultMaxCandles and DefaultMaxBytes are what a limit of zero stands for.
const (
	DefaultMaxCandles = 100_000
	DefaultMaxBytes   = 32 << 20
)

// Limits bound what a reader takes. The zero value has the defaults.
type Limits struct {
	MaxCandles int   // bars
	MaxBytes   int64 // of a body or a file, also after decompression
}

func (l Limits) candles() int {
	if l.MaxCandles <= 0 {
		return DefaultMaxCandles
	}
	return l.MaxCandles
}

func (l Limits) bytes() int64 {
	if l.MaxBytes <= 0 {
		return DefaultMaxBytes
	}
	return l.MaxBytes
}

// ErrInvalid is what every Error is.
var ErrInvalid = errors.New("invalid candles")

// Error is the first value that is not what candles may be.
type Error struct {
	Pointer string // JSON Pointer (RFC 6901) into the request, "/candles/close/3"; "" for the whole
	Line    int    // the line of a CSV file, from 1; 0 where there are no lines
	Code    string // one of the Code constants
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

// ErrSyntax is what every SyntaxError is.
var ErrSyntax = errors.New("cannot be parsed")

// SyntaxError says that bytes are not JSON, or not an Arrow IPC stream, at all.
type SyntaxError struct {
	Offset  int // bytes before the fault; -1 where it is not known
	Message string
}

func (e *SyntaxError) Error() string {
	if e.Offset < 0 {
		return e.Message
	}
	return fmt.Sprintf("byte %d: %s", e.Offset, e.Message)
}

func (e *SyntaxError) Unwrap() error { return ErrSyntax }
