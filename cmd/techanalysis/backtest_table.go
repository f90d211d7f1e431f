package main

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"text/tabwriter"

	"github.com/gravitywavesml/gravity_techanalysis/engine/backtest"
	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
)

// writeTable prints what ran, what came of it beside who bought and kept, and the
// last trades.
func (t *trial) writeTable(w io.Writer) error {
	b := t.result
	spec := b.Strategy.Spec
	heading, bars := times(t.candles, 0)
	rows := [][2]string{{"strategy", spec.Name}}
	if o := b.Strategy.Origin; o != nil {
		rows = [][2]string{{"strategy", o.Name + " " + o.Version}, {"digest", o.Digest}}
	}
	rows = append(rows, [2]string{"parameters", describe(spec.Params, b.Strategy.Args, " ")},
		[2]string{"rules", describe(compute.BacktestRules().Params, b.Rules, " ")},
		[2]string{"candles", fmt.Sprintf("%d bars, %s to %s", t.candles.Bars, bars[0], bars[len(bars)-1])})
	if t.known != nil {
		verdict := "reproduced"
		if len(t.differ) > 0 {
			verdict = "NOT REPRODUCED"
		}
		rows = append(rows, [2]string{"receipt", verdict})
	}
	if err := writeRows(w, rows); err != nil {
		return err
	}
	if err := t.writeSummary(w); err != nil {
		return err
	}
	return t.writeTrades(w, heading, bars)
}

func (t *trial) writeSummary(w io.Writer) error {
	run, hold := &t.result.Run.Summary, &t.result.Hold.Summary
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(tab, "\n\tstrategy\tbought and kept\n")
	for _, row := range []struct {
		name string
		of   func(*backtest.Summary) string
	}{
		{"final", func(s *backtest.Summary) string { return fixed(s.Final, 2, "") }},
		{"return", func(s *backtest.Summary) string { return fixed(100*s.Return, 1, " %") }},
		{"a year (CAGR)", func(s *backtest.Summary) string { return fixed(100*s.CAGR, 1, " %") }},
		{"volatility", func(s *backtest.Summary) string { return fixed(100*s.Volatility, 1, " %") }},
		{"Sharpe", func(s *backtest.Summary) string { return fixed(s.Sharpe, 2, "") }},
		{"Sortino", func(s *backtest.Summary) string { return fixed(s.Sortino, 2, "") }},
		{"drawdown", func(s *backtest.Summary) string {
			return fixed(100*s.MaxDrawdown, 1, " %") + fmt.Sprintf(" in %d bars", s.DrawdownBars)
		}},
		{"exposure", func(s *backtest.Summary) string { return fixed(100*s.Exposure, 0, " %") }},
		{"trades", func(s *backtest.Summary) string { return strconv.Itoa(s.Trades) }},
		{"won", func(s *backtest.Summary) string { return fixed(100*s.WinRate, 0, " %") }},
		{"profit factor", func(s *backtest.Summary) string { return fixed(s.ProfitFactor, 2, "") }},
		{"orders", func(s *backtest.Summary) string { return strconv.Itoa(s.Orders) }},
		{"turnover", func(s *backtest.Summary) string { return fixed(s.Turnover, 1, " times") }},
		{"fees", func(s *backtest.Summary) string { return fixed(s.Fees, 2, "") }},
		{"slippage", func(s *backtest.Summary) string { return fixed(s.Slippage, 2, "") }},
	} {
		fmt.Fprintf(tab, "%s\t%s\t%s\n", row.name, row.of(run), row.of(hold))
	}
	if err := tab.Flush(); err != nil || !run.Ruined {
		return err
	}
	_, err := fmt.Fprintln(w, "\nnothing was left, and the run ended before the candles did")
	return err
}

// fixed is a number with its unit, or - where there is none.
func fixed(v float64, decimals int, unit string) string {
	if math.IsNaN(v) {
		return "-"
	}
	return strconv.FormatFloat(v, 'f', decimals, 64) + unit
}

func (t *trial) writeTrades(w io.Writer, heading string, bars []string) error {
	all := t.result.Run.Trades
	shown := all
	if 0 < t.trades && t.trades < len(all) {
		shown = all[len(all)-t.trades:]
	}
	if len(shown) == 0 {
		return nil
	}
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(tab, "\nside\tentry %s\texit %s\tbars\tunits\tentry\texit\tfees\tprofit\treturn\tend\n", heading, heading)
	for _, d := range shown {
		fmt.Fprintf(tab, "%s\t%s\t%s\t%d\t%.4g\t%.6g\t%.6g\t%.2f\t%.2f\t%.1f %%\t%s\n",
			d.Side, bars[d.Entry], bars[d.Exit], d.Bars(), d.Units, d.EntryPrice, d.ExitPrice, d.Fees, d.Profit, 100*d.Return, d.End)
	}
	if err := tab.Flush(); err != nil || len(shown) == len(all) {
		return err
	}
	_, err := fmt.Fprintf(w, "\nthe last %d of %d trades; --trades 0 shows all\n", len(shown), len(all))
	return err
}
