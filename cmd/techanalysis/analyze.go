package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/cache"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
	"github.com/gravitywavesml/gravity_techanalysis/host/plot"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
)

// newAnalyze computes indicators over a file of candles.
func newAnalyze(io streams) *cobra.Command {
	var (
		indicators []string
		asJSON     bool
		chart      string
		last, bars int
	)
	cmd := &cobra.Command{
		Use:   "analyze FILE",
		Short: "Compute indicators over a file of candles, as a table, JSON or a chart",
		Long: "Compute indicators over a file of candles: .csv, .json or .arrow, or - for CSV from standard input.\n\n" +
			"An indicator is NAME:parameter=value:..., and input.NAME=column to have it read another column: " +
			"rsi,ema:period=12,bbands:ma_type=ema,sma:input.real=hl2.",
		Example: "  techanalysis analyze prices.csv --indicators rsi,ema:period=12,bbands\n" +
			"  techanalysis analyze prices.csv --indicators macd,bbands --plot chart.png",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			a := analysis{file: args[0], chart: chart, bars: bars, last: last}
			if !asJSON && !cmd.Flags().Changed("last") {
				a.last = tableBars
			}
			if a.last < 0 || a.bars < 0 {
				return errors.New("--last and --bars are 0 for all, or 1 or more")
			}
			if err := a.run(cmd.Context(), io.in, indicators); err != nil {
				return err
			}
			if asJSON {
				return failed(a.writeJSON(io.out))
			}
			return failed(a.writeTable(io.out))
		},
	}
	f := cmd.Flags()
	f.StringSliceVarP(&indicators, "indicators", "i", nil, "indicators, separated by commas")
	f.BoolVar(&asJSON, "json", false, "print JSON, as POST /api/v1/compute answers")
	f.IntVar(&last, "last", 0, fmt.Sprintf("only the last `BARS`; 0 for all (the table's default is %d)", tableBars))
	f.StringVar(&chart, "plot", "", "also draw a chart to `FILE`, .png or .svg")
	f.IntVar(&bars, "bars", 250, "draw only the last `BARS`; 0 for all")
	if err := cmd.MarkFlagRequired("indicators"); err != nil {
		panic(err) // no such flag
	}
	return cmd
}

// tableBars is how many bars a table shows unless told: what fits on a screen.
const tableBars = 20

// analysis is one use of the command.
type analysis struct {
	file, chart string
	last, bars  int

	candles *candle.Series
	ids     []string
	results []*compute.Result
}

// run reads the candles, computes, and draws the chart where one is wanted.
func (a *analysis) run(ctx context.Context, in io.Reader, indicators []string) error {
	var format plot.Format
	if a.chart != "" {
		var err error
		if format, err = plot.FormatOf(a.chart); err != nil {
			return err
		}
	}
	items, err := parseItems(indicators)
	if err != nil {
		return err
	}
	c, err := newCompute()
	if err != nil {
		return failed(err)
	}
	for _, item := range items { // before a large file is read
		if _, err := c.Find(item.Name); err != nil {
			return err
		}
	}
	if a.candles, err = readCandles(a.file, in); err != nil {
		return err
	}
	request := c.Request(a.candles)
	for _, item := range items {
		res, err := request.Run(ctx, item)
		if err != nil {
			return err // natives fail by their input alone
		}
		a.ids, a.results = append(a.ids, item.ID), append(a.results, res)
	}
	if a.chart == "" {
		return nil
	}
	if a.candles.Close == nil {
		return plot.ErrNoClose
	}
	return failed(a.draw(format))
}

// newCompute has every native indicator. A file is read once, so nothing is
// kept.
func newCompute() (*compute.Engine, error) {
	none, err := cache.New(0, compute.Size, func(bool) {})
	if err != nil {
		return nil, err
	}
	return compute.New(registry.New(engine.Indicators()), none), nil
}

// parseItems reads what --indicators has: NAME:parameter=value:... each.
// Results are called by the name, the second of a name by name2 and so on.
func parseItems(texts []string) ([]compute.Item, error) {
	items := make([]compute.Item, len(texts))
	taken := map[string]bool{}
	for i, text := range texts {
		var err error
		if items[i], err = parseItem(strings.TrimSpace(text)); err != nil {
			return nil, err
		}
		taken[items[i].Name] = true
	}
	used := map[string]bool{}
	for i := range items {
		id := items[i].Name
		for n := 2; used[id]; n++ {
			if next := items[i].Name + strconv.Itoa(n); !taken[next] && !used[next] {
				id = next
			}
		}
		used[id] = true
		items[i].ID = id
	}
	return items, nil
}

func parseItem(text string) (compute.Item, error) {
	name, rest, more := strings.Cut(text, ":")
	item := compute.Item{Name: name, Params: map[string]any{}, Inputs: map[string]compute.Source{}}
	if name == "" {
		return item, fmt.Errorf("an indicator is NAME or NAME:parameter=value, not %q", text)
	}
	for more {
		var arg string
		arg, rest, more = strings.Cut(rest, ":")
		k, v, ok := strings.Cut(arg, "=")
		input, isInput := strings.CutPrefix(k, "input.")
		_, again := item.Params[k]
		_, inputAgain := item.Inputs[input]
		switch {
		case !ok || k == "" || v == "":
			return item, fmt.Errorf("%q in %q is not parameter=value", arg, text)
		case again || isInput && inputAgain:
			return item, fmt.Errorf("%s is set twice in %q", k, text)
		case isInput:
			item.Inputs[input] = compute.Source{Column: v}
		default:
			item.Params[k] = paramValue(v)
		}
	}
	return item, nil
}

// paramValue is a number where the text is one, and else the name of a choice.
func paramValue(text string) any {
	if v, err := strconv.ParseFloat(text, 64); err == nil {
		return v
	}
	return text
}

// writeJSON prints what POST /api/v1/compute answers.
func (a *analysis) writeJSON(w io.Writer) error {
	b := []byte(`{"results":{`)
	for i, res := range a.results {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(strconv.AppendQuote(b, a.ids[i]), ':') // an id is a name and a number
		var err error
		if b, err = res.AppendJSON(b, compute.Format{Last: a.last, Decimals: compute.Exact.Decimals}); err != nil {
			return err
		}
	}
	_, err := w.Write(append(b, "}}\n"...))
	return err
}

// draw writes the chart. A file that could not be written whole is removed.
func (a *analysis) draw(format plot.Format) (err error) {
	c := plot.Chart{Title: a.title(), Candles: a.candles, Bars: a.bars}
	for i, res := range a.results {
		label := a.ids[i]
		if len(res.Spec.Params) > 0 {
			label += " " + strings.Join(values(res.Spec.Params, res.Args), " ")
		}
		c.Indicators = append(c.Indicators, plot.Indicator{Label: label, Spec: res.Spec, Outputs: res.Outputs})
	}
	file, err := os.Create(a.chart)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	err = errors.Join(plot.Write(w, c, format), w.Flush(), file.Close())
	if err != nil {
		return errors.Join(err, os.Remove(a.chart))
	}
	return nil
}

// title is what the candles are called.
func (a *analysis) title() string {
	if a.file == "-" {
		return "standard input"
	}
	return filepath.Base(a.file)
}

// values are those of the parameters in order, choices by name.
func values(params []ta.Param, args ta.Args) []string {
	all := make([]string, len(params))
	for i, p := range params {
		all[i] = valueOf(p, args)
	}
	return all
}
