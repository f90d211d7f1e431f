package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
	"github.com/gravitywavesml/gravity_techanalysis/host/plot"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
)

// newBacktest trades a strategy over a file of candles.
func newBacktest(io streams) *cobra.Command {
	var (
		t      trial
		params []string
		asJSON bool
		rules  = map[string]*string{}
	)
	cmd := &cobra.Command{
		Use:   "backtest FILE",
		Short: "Trade a strategy over a file of candles, and say what came of it",
		Long: "Trade a strategy over a file of candles: .csv, .json or .arrow, or - for any of them from standard input.\n\n" +
			"A strategy is an indicator with an output called signal: the part of the equity to hold, 1 all of it long, -1 all of it short. It is a module, " +
			"FILE.wasm, which goes through the service's checks and runs as it does there, or the NAME of a native. The signal of a bar is filled at the open of the next.\n\n" +
			"--receipt keeps the digests of all that the run depends on and of what came of it. --verify runs what a receipt says, " +
			"with its parameters and rules, and exits 1 if a digest, or the gas, is another.",
		Example: "  techanalysis backtest prices.csv --strategy momentum_strategy.wasm --fee 0.001 --slippage 0.0005 --plot run.svg\n" +
			"  techanalysis backtest prices.csv --strategy momentum_strategy.wasm --param lookback=90 --sides long --receipt run.json\n" +
			"  techanalysis backtest prices.csv --strategy momentum_strategy.wasm --verify run.json",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			t.file = args[0]
			if err := t.ask(cmd.Flags(), params, rules); err != nil {
				return err
			}
			if err := t.run(cmd.Context(), io.in); errors.Is(err, wasm.ErrRejected) {
				return refused(io.out, t.strategy, err, asJSON)
			} else if err != nil {
				return err
			}
			write := t.writeTable
			if asJSON {
				write = t.writeJSON
			}
			if err := errors.Join(write(io.out), t.keep()); err != nil {
				return failed(err)
			}
			return failed(t.verdict())
		},
	}
	f := cmd.Flags()
	f.StringVarP(&t.strategy, "strategy", "s", "", "the strategy, `FILE.wasm` or NAME")
	f.StringArrayVarP(&params, "param", "p", nil, "a parameter of the strategy, `NAME=VALUE`, or input.NAME=COLUMN; once for each")
	for _, p := range compute.BacktestRules().Params {
		value := fmt.Sprint(p.Default)
		if p.Choices != nil {
			value = p.Choices[int(p.Default)]
		}
		rules[p.Name] = f.String(flagOf(p.Name), value, p.Doc)
	}
	f.BoolVar(&asJSON, "json", false, "print JSON, as POST /api/v1/backtests answers; for a module that is refused, the refusal")
	f.StringVar(&t.chart, "plot", "", "also draw the run to `FILE`, .png or .svg")
	f.IntVar(&t.bars, "bars", 0, "draw only the last `BARS`; 0 for all")
	f.IntVar(&t.trades, "trades", tableBars, "print only the last `TRADES`; 0 for all")
	f.StringVar(&t.receipt, "receipt", "", "also write the receipt to `FILE`")
	f.StringVar(&t.verify, "verify", "", "run what the receipt in `FILE` says, and compare")
	return cmd
}

// flagOf is the flag of a rule.
func flagOf(rule string) string { return strings.ReplaceAll(rule, "_", "-") }

// trial is one use of the command.
type trial struct {
	file, strategy         string
	chart, receipt, verify string
	bars, trades           int

	format plot.Format
	asked  compute.Strategy
	known  *compute.Receipt // that of --verify
	differ []string         // from it

	candles *candle.Series
	result  *compute.Backtest
}

// ask makes the question of what the flags say, or of what the receipt does.
func (t *trial) ask(flags *pflag.FlagSet, params []string, rules map[string]*string) (err error) {
	if t.chart != "" {
		if t.format, err = plot.FormatOf(t.chart); err != nil {
			return err
		}
	}
	if t.bars < 0 || t.trades < 0 {
		return errors.New("--bars and --trades are 0 for all, or 1 or more")
	}
	if t.verify != "" {
		return t.askAgain(flags)
	}
	if t.strategy == "" {
		return errors.New("which strategy? --strategy FILE.wasm, or the NAME of a native that has an output called signal")
	}
	if t.asked.Item, err = parseItem(strings.Join(append([]string{"strategy"}, params...), ":")); err != nil {
		return err
	}
	t.asked.Rules = map[string]any{}
	for name, value := range rules {
		t.asked.Rules[name] = paramValue(*value)
	}
	return nil
}

// askAgain reads the receipt, which has the parameters and the rules.
func (t *trial) askAgain(flags *pflag.FlagSet) error {
	for _, p := range compute.BacktestRules().Params {
		if flags.Changed(flagOf(p.Name)) {
			return fmt.Errorf("--%s and --verify cannot both be: the receipt has the rules", flagOf(p.Name))
		}
	}
	if flags.Changed("param") {
		return errors.New("--param and --verify cannot both be: the receipt has the parameters")
	}
	b, err := os.ReadFile(t.verify)
	if err != nil {
		return err
	}
	t.known = new(compute.Receipt)
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(t.known); err != nil {
		return fmt.Errorf("%s is no receipt: %w", t.verify, err)
	}
	if t.asked, err = t.known.Asked(); err != nil {
		return fmt.Errorf("%s: %w", t.verify, err)
	}
	t.asked.Digest = "" // which module it is, is one of the things to compare
	switch {
	case t.strategy != "":
	case t.known.Plugin != nil:
		return fmt.Errorf("which module? --strategy FILE.wasm; the receipt is of %s %s, %s", t.known.Plugin.Name, t.known.Plugin.Version, t.known.Plugin.Digest)
	default:
		t.strategy = t.known.Strategy
	}
	return nil
}

// run trades, offline: as the service does, without one.
func (t *trial) run(ctx context.Context, in io.Reader) (err error) {
	var module []byte
	t.asked.Name = t.strategy
	if strings.EqualFold(filepath.Ext(t.strategy), ".wasm") {
		if module, err = os.ReadFile(t.strategy); err != nil {
			return err
		}
	}
	if t.candles, err = readCandles(t.file, in); err != nil {
		return err
	}
	if module == nil {
		c, err := newCompute()
		if err != nil {
			return failed(err)
		}
		return t.trade(ctx, c)
	}
	return inWorkshop(func(dir string) error {
		o, err := openOffline(ctx, dir)
		if err != nil {
			return failed(err)
		}
		defer o.close()
		v, m, err := o.upload(ctx, module)
		if err != nil {
			return failed(err)
		}
		if err := m.Takes(t.candles.Bars); err != nil {
			return err
		}
		t.asked.Name = v.Name
		c, err := computeOver(o.names)
		if err != nil {
			return failed(err)
		}
		return t.trade(ctx, c)
	})
}

// trade runs the strategy. A module that faults has failed; what is wrong with the
// question is wrong use, unless a receipt asks it.
func (t *trial) trade(ctx context.Context, c *compute.Engine) (err error) {
	t.result, err = c.Request(t.candles).Backtest(ctx, t.asked)
	if err != nil {
		if t.known != nil || errors.As(err, new(*wasm.Fault)) {
			return failed(err)
		}
		return err
	}
	if t.known != nil {
		t.differ, err = t.known.Differences(&t.result.Receipt)
	}
	return failed(err)
}

// verdict is what the receipt of --verify says: nothing, where there is none or all
// is the same.
func (t *trial) verdict() error {
	if len(t.differ) == 0 {
		return nil
	}
	return fmt.Errorf("%s is not reproduced: %s differ", t.verify, strings.Join(t.differ, ", "))
}

func (t *trial) writeJSON(w io.Writer) error {
	b, err := t.result.AppendJSON(nil, compute.Exact, nil)
	if err != nil {
		return err
	}
	_, err = w.Write(append(b, '\n'))
	return err
}

// keep writes the receipt and the chart, where they are wanted.
func (t *trial) keep() (err error) {
	if t.receipt != "" {
		b, e := json.MarshalIndent(t.result.Receipt, "", "  ")
		if err = e; err == nil {
			err = os.WriteFile(t.receipt, append(b, '\n'), 0o644)
		}
	}
	if t.chart == "" {
		return err
	}
	name := titleOf(t.file)
	return errors.Join(err, drawTo(t.chart, plot.Backtest(name, t.candles, t.result, t.bars), t.format))
}
