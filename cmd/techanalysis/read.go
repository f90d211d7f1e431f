package main

import (
	"io"

	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
)

// readCandles reads a file by what its name ends with, or standard input by its
// first bytes where the name is "-". Its limits are those of the codec: a file
// is the caller's own.
func readCandles(file string, in io.Reader) (*candle.Series, error) {
	if file == "-" {
		return candle.Read(in, candle.Limits{})
	}
	return candle.ReadFile(file, candle.Limits{})
}
