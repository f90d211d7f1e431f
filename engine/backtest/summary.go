package backtest

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
)

// Summary is a run in a few numbers. A return is a part: 0.1 is ten percent. NaN is
// what cannot be said.
type Summary struct {
	Final  float64 `json:"final"`  // equity at the last bar
	Return float64 `json:"return"` // of the whole: Final / Rules.Cash - 1

	// CAGR is the return of a year that would have come to the same: NaN where
	// nobody knows the times of the bars.
	CAGR float64 `json:"cagr"`

	// Volatility is the standard deviation of the returns of bars, for a year:
	// times the root of the bars in one. A return of a bar is what the equity has
	// become by its close, as a part of what it was a bar before; 0 after a ruin.
	Volatility float64 `json:"volatility"`
	// Sharpe is the mean return of a bar over the standard deviation of those
	// returns (of T values, over T-1), for a year. The rate without risk is 0.
	// William F. Sharpe, "The Sharpe Ratio", Journal of Portfolio Management, 1994.
	Sharpe float64 `json:"sharpe"`
	// Sortino is Sharpe's ratio with the root of the mean square of the losses, over
	// all bars, for a deviation. Frank A. Sortino and Lee N. Price, "Performance
	// Measurement in a Downside Risk Framework", Journal of Investing, 1994.
	Sortino float64 `json:"sortino"`

	// MaxDrawdown is the largest fall from a high, as a part of it, and
	// DrawdownBars how many bars it took from that high until the equity was as
	// high again, or until the last bar.
	MaxDrawdown  float64 `json:"max_drawdown"`
	DrawdownBars int     `json:"drawdown_bars"`

	Exposure     float64 `json:"exposure"`      // share of the bars at whose close something was held
	Trades       int     `json:"trades"`        // that have ended
	WinRate      float64 `json:"win_rate"`      // share of those that made a profit
	ProfitFactor float64 `json:"profit_factor"` // the profits of those, over the losses of the others
	Orders       int     `json:"orders"`
	Turnover     float64 `json:"turnover"` // values of all orders, each as a part of the equity before it
	Fees         float64 `json:"fees"`     // in money
	Slippage     float64 `json:"slippage"` // in money
	Ruined       bool    `json:"ruined"`   // nothing was left, and the run ended

	PeriodsPerYear float64 `json:"periods_per_year"` // as many bars are in a year
}

// tradingDays are the bars of a year where nobody says more: those of a stock
// exchange, 365.25 · 5/7 less nine holidays.
const tradingDays = 252

// year is a Julian year in seconds.
const year = 365.25 * 86_400

func summarize(bars *Bars, a *account, r *Result, held int) Summary {
	n := len(r.Equity)
	nan := math.NaN()
	s := Summary{
		Final: a.rules.Cash, CAGR: nan, Exposure: nan, WinRate: nan, ProfitFactor: nan,
		Orders: a.orders, Turnover: a.turnover, Fees: a.fees, Slippage: a.slippage, Ruined: a.ruined,
		PeriodsPerYear: a.rules.PeriodsPerYear,
	}
	years := 0.0
	if n > 0 {
		s.Final = r.Equity[n-1]
		s.Exposure = float64(held) / float64(n)
		if bars.Time != nil {
			years = (bars.Time[n-1] - bars.Time[0]) / year
		}
	}
	growth := s.Final / a.rules.Cash
	s.Return = growth - 1
	switch {
	case !(years > 0):
	case growth > 0:
		s.CAGR = roll.Exp(roll.Log(growth)/years) - 1
	case growth <= 0:
		s.CAGR = -1
	}
	if s.PeriodsPerYear == 0 {
		s.PeriodsPerYear = tradingDays
		if years > 0 {
			s.PeriodsPerYear = float64(n-1) / years
		}
	}
	s.risk(r.Equity)
	s.MaxDrawdown, s.DrawdownBars = deepest(r.Drawdown)
	s.tally(r.Trades)
	return s
}

// risk is what the returns of bars say.
func (s *Summary) risk(equity []float64) {
	s.Volatility, s.Sharpe, s.Sortino = math.NaN(), math.NaN(), math.NaN()
	if len(equity) < 3 {
		return // one return deviates from nothing
	}
	returns := make([]float64, len(equity)-1)
	sum, losses := 0.0, 0.0
	for i, before := range equity[:len(returns)] {
		if before > 0 {
			returns[i] = equity[i+1]/before - 1
		}
		sum += returns[i]
		loss := min(returns[i], 0)
		losses += float64(loss * loss)
	}
	count := float64(len(returns))
	mean, squares := sum/count, 0.0
	for _, r := range returns {
		squares += float64((r - mean) * (r - mean))
	}
	deviation, root := math.Sqrt(squares/(count-1)), math.Sqrt(s.PeriodsPerYear)
	s.Volatility = deviation * root
	if deviation > 0 {
		s.Sharpe = mean / deviation * root
	}
	if downside := math.Sqrt(losses / count); downside > 0 {
		s.Sortino = mean / downside * root
	}
}

// deepest is the largest drawdown, the first of several alike, and how many bars it
// lasted from its high. The first bar is always one: nothing is traded there.
func deepest(down []float64) (most float64, bars int) {
	high, from := 0, 0 // the last bar at a high, and that of the largest drawdown
	for t, d := range down {
		switch {
		case d == 0:
			high = t
		case d > most:
			most, from = d, high
		}
	}
	if most == 0 {
		return 0, 0
	}
	end := from + 1
	for end < len(down)-1 && down[end] != 0 {
		end++
	}
	return most, end - from
}

// tally counts the trades that have ended.
func (s *Summary) tally(trades []Trade) {
	wins, won, lost := 0, 0.0, 0.0
	for i := range trades {
		t := &trades[i]
		if t.End == StillOpen {
			continue
		}
		s.Trades++
		if t.Profit > 0 {
			wins++
			won += t.Profit
		} else {
			lost -= t.Profit
		}
	}
	if s.Trades > 0 {
		s.WinRate = float64(wins) / float64(s.Trades)
	}
	if lost > 0 {
		s.ProfitFactor = won / lost
	}
}
