// Package ta is the vocabulary of technical analysis: what an indicator is,
// what it takes and what it gives. It imports the standard library alone and
// computes nothing; package roll has the arithmetic.
package ta

import "sync"

// Columns are parallel series of equal length, oldest bar first: one slice per
// input or output, in the order of the Spec.
type Columns [][]float64

// Spec is what the platform knows about an indicator without running it. The
// listing, request validation, OpenAPI, the reference and the tests are all
// read from it.
type Spec struct {
	Name    string   `json:"name"`  // as in URLs: [a-z][a-z0-9_]*
	Title   string   `json:"title"` // what people call it
	Doc     string   `json:"doc"`   // what it measures, the formula, the source
	Group   Group    `json:"group"`
	Inputs  []Input  `json:"inputs"`
	Params  []Param  `json:"params"`
	Outputs []Output `json:"outputs"`
	Memory  Memory   `json:"memory"`
}

// Indicator is a Spec with the native code that computes it.
type Indicator struct {
	Spec
	Warmup func(Args) int    // index of the first bar that can have a value in every output
	New    func(Args) Kernel // args are complete and in range: it cannot fail

	idle sync.Pool // of *shelf, for Into
}

// Run computes the whole of in, which has a column for each of the Spec's
// inputs, and returns one column for each of its outputs, NaN where undefined.
func (ind *Indicator) Run(a Args, in Columns) Columns {
	n := len(in[0])
	out := make(Columns, len(ind.Outputs))
	room := make([]float64, n*len(out))
	for i := range out {
		out[i] = room[i*n : (i+1)*n : (i+1)*n]
	}
	ind.Into(a, in, out)
	return out
}

// Group is the family of an indicator, and the folder its file is in.
type Group string

const (
	GroupOverlap    Group = "overlap"    // drawn over the price
	GroupMomentum   Group = "momentum"   // speed and strength of moves
	GroupVolatility Group = "volatility" // size of moves
	GroupVolume     Group = "volume"     // what was traded
	GroupCycle      Group = "cycle"      // the dominant cycle
	GroupStatistic  Group = "statistic"  // windows as samples
	GroupPrice      Group = "price"      // the prices of a bar as one
	GroupArithmetic Group = "arithmetic" // functions of a series, or of two
	GroupPattern    Group = "pattern"    // shapes of candles
	GroupCustom     Group = "custom"     // a plugin that names no group
)

// Groups lists every Group.
var Groups = []Group{GroupOverlap, GroupMomentum, GroupVolatility, GroupVolume, GroupCycle, GroupStatistic, GroupPrice, GroupArithmetic, GroupPattern, GroupCustom}

// Input names what an indicator reads.
type Input string

const (
	Open    Input = "open"
	High    Input = "high"
	Low     Input = "low"
	Close   Input = "close"
	Volume  Input = "volume"
	Real    Input = "real"    // any series, close unless told
	Real0   Input = "real0"   // the first of two series, close unless told
	Real1   Input = "real1"   // the second of two series, always told
	Periods Input = "periods" // a window length for each bar, always told

	Timestamp Input = "timestamp" // when each bar began, in Unix seconds, rising
)

// Inputs lists every Input.
var Inputs = []Input{Open, High, Low, Close, Volume, Real, Real0, Real1, Periods, Timestamp}

// Column is the candle column an input reads when the caller names none, or ""
// when the caller must name one.
func (i Input) Column() string {
	switch i {
	case Real, Real0:
		return string(Close)
	case Real1, Periods:
		return ""
	}
	return string(i)
}

// Output names one result column and says what its numbers mean.
type Output struct {
	Name string `json:"name"`
	Unit Unit   `json:"unit"`
	Doc  string `json:"doc,omitempty"`
}

// Unit picks the pane of a chart and the scaling law that an output obeys.
type Unit string

const (
	Price    Unit = "price"   // doubles when prices double
	Percent  Unit = "percent" // a part of a hundred, blind to the scale of prices and volumes
	Ratio    Unit = "ratio"   // a pure number, blind to the scale of prices and volumes
	Quantity Unit = "volume"  // doubles when volumes double
	Signal   Unit = "signal"  // what to do: below zero sell, above zero buy
	None     Unit = "none"    // no scaling law holds; Doc says why
)

// Units lists every Unit.
var Units = []Unit{Price, Percent, Ratio, Quantity, Signal, None}

// Memory says how far back an output looks.
type Memory string

const (
	Window  Memory = "window"  // the last Warmup+1 bars decide a value
	Fading  Memory = "fading"  // older bars weigh less and less, never nothing
	Running Memory = "running" // a value depends on the first bar for ever
)

// Memories lists every Memory.
var Memories = []Memory{Window, Fading, Running}
