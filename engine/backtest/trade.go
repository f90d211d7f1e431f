package backtest

import "math"

// Trade is a position from the order that opened it to the one that closed it. An
// order that makes it larger or smaller is part of it.
type Trade struct {
	Side  Side    `json:"side"`
	Entry int     `json:"entry"` // the bar at whose open it began
	Exit  int     `json:"exit"`  // the bar at which it ended; of one that is open, the last bar
	Units float64 `json:"units"` // the most that were held
	// EntryPrice is what a unit cost on average, and ExitPrice what it brought,
	// slippage included and fees not. Of an open trade, what is still held counts
	// as sold at the newest price.
	EntryPrice float64 `json:"entry_price"`
	ExitPrice  float64 `json:"exit_price"`
	Orders     int     `json:"orders"`
	Fees       float64 `json:"fees"`
	Profit     float64 `json:"profit"` // after fees, in money
	Return     float64 `json:"return"` // Profit as a part of the value of the orders that opened and enlarged it
	End        End     `json:"end"`
}

// Bars is how many bars it was held.
func (t *Trade) Bars() int { return t.Exit - t.Entry }

// Side is where a position expects the price to go.
type Side string

const (
	Long  Side = "long"
	Short Side = "short"
)

// End is why a trade has ended.
type End string

const (
	BySignal  End = "signal"
	Ruined    End = "ruin" // nothing was left
	StillOpen End = "open" // it has not
)

// legs are the two halves of a trade while it lasts: units, and what they were worth
// when they came and went.
type legs struct {
	in, inValue   float64
	out, outValue float64
	most          float64 // units held at a time
	fees          float64
	orders        int
}

func (l *legs) enter(units, price float64) {
	units = math.Abs(units)
	l.in += units
	l.inValue += float64(units * price)
}

func (l *legs) leave(units, price float64) {
	units = math.Abs(units)
	l.out += units
	l.outValue += float64(units * price)
}

// begin opens a trade.
func (a *account) begin(bar int, long bool) {
	side := Short
	if long {
		side = Long
	}
	a.legs = legs{}
	a.trades = append(a.trades, Trade{Side: side, Entry: bar})
}

// end closes the books of a trade. What of it is held is valued at price.
func (a *account) end(bar int, price float64, why End) {
	t, l := &a.trades[len(a.trades)-1], &a.legs
	if a.units != 0 {
		l.leave(a.units, price)
	}
	t.Exit, t.End = bar, why
	t.Units, t.Orders, t.Fees = l.most, l.orders, l.fees
	t.EntryPrice, t.ExitPrice = l.inValue/l.in, l.outValue/l.out
	gain := l.outValue - l.inValue
	if t.Side == Short {
		gain = -gain
	}
	t.Profit = gain - l.fees
	t.Return = t.Profit / l.inValue
}
