// Package sample has market data from real trading, so that the product can be
// tried, tested and measured without an exchange. README.md names its origin.
package sample

import _ "embed"

// Name is what the file of IBM is called.
const Name = "ibm.csv"

// IBM is a CSV file of 3,270 daily bars of IBM on the New York Stock Exchange,
// 2000-03-01 to 2013-03-01, in US dollars and shares: a header, then
// date,open,high,low,close,volume, oldest bar first. There was no split in
// these years, so the prices are as they were traded and still comparable.
//
//go:embed ibm.csv
var IBM []byte
