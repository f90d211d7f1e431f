// Package backtest says what a strategy would have made of the past: it turns a
// column of targets into orders, orders into trades, and trades into an equity
// curve, by rules that are written down. It is pure, and of the engine it needs
// the exponential and the logarithm alone.
//
// # What a signal means
//
// The signal of a bar is the position that the strategy wants, as a part of the
// equity: 1 is all of it long, -0.5 half of it short, 0 nothing. Beyond 1 it counts
// as 1 and beyond -1 as -1, so nothing is ever bought on credit. NaN is no opinion:
// what was wanted before is still wanted.
//
// A signal is known at the close of its bar, and no sooner. So its order is filled
// at the open of the next bar, whatever that open is: a gap is the strategy's.
//
// An order is made when what is wanted changes, and then alone. A position whose
// target stays the same drifts with the price, as a holder's does; a strategy that
// wants it trimmed changes its signal. From one side to the other are two orders,
// one that closes and one that opens.
//
// # What an order costs
//
// It is filled at the open, plus slippage for a purchase, minus slippage for a sale;
// then it costs a part of its value, and a fixed fee. What is left after all of this
// is the equity that the target is a part of:
//
//	units · open = target · (equity at the open - slippage - fees)
//
// which is linear in units, and solved exactly. What the equity cannot pay the fixed
// fee of is not made, nor is an order for more units than a number can be; neither is
// tried again before something else is wanted.
//
// # Holes
//
// A bar without an open, or with one of zero, trades nothing: what is wanted then is
// filled at the next bar that has one. A position is worth what the newest price
// says: the close of the bar, else its open, else the prices before.
//
// # The end
//
// Where the equity is zero or less, at an open or a close, everything is over: the
// position is closed at that price, and the equity stays what it was then, below zero
// for a short that gapped. What is still held after the last bar is valued at the
// newest price, costs not counted, and is a trade that has not ended.
package backtest

import "math"

// Bars are candles as columns of equal length, oldest first. High and low are not
// among them: every order is one at the open. A value that is NaN, infinite or
// negative is missing.
type Bars struct {
	Open, Close []float64
	Time        []float64 // when each bar began, in Unix seconds, rising; nil where nobody knows
}

// Result is what came of a run. The columns are as long as the bars.
type Result struct {
	Equity   []float64 // at the close of each bar, in the money of Rules.Cash
	Drawdown []float64 // how far that is below the highest before, as a part of it: 0 at a high
	Trades   []Trade   // in order of their entries; the last may be open
	Summary  Summary
}

// Run trades signal, which is as long as the bars. What happens up to a bar depends
// on nothing after it, but for the valuation of the last trade and the Summary.
func Run(bars Bars, signal []float64, rules Rules) *Result {
	n := len(bars.Close)
	a := account{rules: rules, cash: rules.Cash}
	r := &Result{Equity: make([]float64, n)}
	wanted, newest, held := 0.0, 0.0, 0
	for t := range n {
		if open := bars.Open[t]; open > 0 && known(open) {
			newest = open
			a.reckon(t, newest)
			a.follow(t, newest, wanted)
		}
		if end := bars.Close[t]; known(end) {
			newest = end
		}
		a.reckon(t, newest)
		r.Equity[t] = a.worth(newest)
		if a.units != 0 {
			held++
		}
		if s := signal[t]; s == s {
			wanted = rules.allow(s)
		}
	}
	if a.units != 0 {
		a.end(n-1, newest, StillOpen)
	}
	r.Trades = a.trades
	r.Drawdown = drawdown(rules.Cash, r.Equity)
	r.Summary = summarize(&bars, &a, r, held)
	return r
}

// Hold is what the same money would have made of the same bars without a strategy:
// all of it bought at the open of the second bar, by the same rules, and kept.
func Hold(bars Bars, rules Rules) *Result {
	rules.Sides = Both
	ones := make([]float64, len(bars.Close))
	for i := range ones {
		ones[i] = 1
	}
	return Run(bars, ones, rules)
}

// known says whether v is a price.
func known(v float64) bool { return 0 <= v && v <= math.MaxFloat64 }

// drawdown is, for each bar, what is missing to the highest equity so far.
func drawdown(cash float64, equity []float64) []float64 {
	down := make([]float64, len(equity))
	peak := cash
	for t, e := range equity {
		peak = max(peak, e)
		down[t] = (peak - e) / peak
	}
	return down
}
