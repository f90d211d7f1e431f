package plugin

// Spec describes an indicator to those who look for it and to the host that
// runs it. Title, Group and Memory have the defaults that ../ABI.md names.
type Spec struct {
	Name    string // as in URLs: [a-z][a-z0-9_]*
	Version string // MAJOR.MINOR.PATCH
	Title   string // what people call it
	Doc     string // what it measures and how to read it
	Group   Group
	Inputs  []Input
	Params  []Param
	Outputs []Output
	Memory  Memory

	// Warmup is the index of the first bar that can have a value in every
	// output: a formula of whole numbers, names of parameters, + - *,
	// parentheses, min(a, b) and max(a, b). Empty means 0.
	Warmup string
}

// Group is the family of an indicator.
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
	GroupCustom     Group = "custom"     // anything else
)

// Input names a column that an indicator reads.
type Input string

const (
	Open    Input = "open"
	High    Input = "high"
	Low     Input = "low"
	Close   Input = "close"
	Volume  Input = "volume"
	Real    Input = "real"    // any series, the close unless the caller says otherwise
	Real0   Input = "real0"   // the first of two series, the close unless the caller says otherwise
	Real1   Input = "real1"   // the second of two series, which the caller names
	Periods Input = "periods" // a window length for each bar, which the caller names

	Timestamp Input = "timestamp" // when each bar began, in Unix seconds, rising
)

// Output names a column that an indicator fills, and says what its numbers mean.
type Output struct {
	Name string
	Unit Unit
	Doc  string
}

// Unit says how an output moves when prices or volumes are scaled.
type Unit string

const (
	Price    Unit = "price"   // doubles when prices double
	Quantity Unit = "volume"  // doubles when volumes double
	Percent  Unit = "percent" // a part of a hundred, blind to both
	Ratio    Unit = "ratio"   // a pure number, blind to both
	Signal   Unit = "signal"  // what to do: below zero sell, above zero buy
	None     Unit = "none"    // none of these holds
)

// Memory says how far back a value looks.
type Memory string

const (
	Window  Memory = "window"  // the last warm-up + 1 bars decide a value
	Fading  Memory = "fading"  // older bars weigh less and less, never nothing
	Running Memory = "running" // a value depends on the first bar for ever
)

// Param is a number, or one of several named choices, that a caller may set.
// Integer, Number and Choice make one.
type Param struct {
	Name    string
	Default float64 // for a choice, its index
	Min     float64
	Max     float64
	AtLeast string // a number declared before, which this one may not be less than; "" for none
	Integer bool
	Choices []string
	Doc     string
}

// Integer is a parameter that takes the whole numbers from lowest to highest.
func Integer(name string, def, lowest, highest int, doc string) Param {
	return Param{
		Name: name, Default: float64(def), Min: float64(lowest), Max: float64(highest),
		Integer: true, Doc: doc,
	}
}

// Number is a parameter that takes the numbers from lowest to highest.
func Number(name string, def, lowest, highest float64, doc string) Param {
	return Param{Name: name, Default: def, Min: lowest, Max: highest, Doc: doc}
}

// Choice is a parameter that takes one of choices by name; the first is the default.
func Choice(name string, choices []string, doc string) Param {
	return Param{Name: name, Max: float64(len(choices) - 1), Integer: true, Choices: choices, Doc: doc}
}
