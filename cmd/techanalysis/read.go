package main

import (
	"io"

	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
)

// fileLimits are more than the service has unless it is told: a file is the
// caller's own. A plugin takes as many bars, and in JSON one of six fields takes
// 130 bytes.
var fileLimits = candle.Limits{MaxCandles: wasm.MaxSeries, MaxBytes: 256 << 20}

// readCandles reads a file by what its name ends with, or standard input by its
// first bytes where the name is "-".
func readCandles(file string, in io.Reader) (*candle.Series, error) {
	if file == "-" {
		return candle.Read(in, fileLimits)
	}
	return candle.ReadFile(file, fileLimits)
}
