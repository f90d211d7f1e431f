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
		Long: "Compute indicators over a file of candles: .csv, .json or .arrow, or - for any of them from standard input.\n\n" +
			"An indicator is NAME:parameter=value:..., and input.NAME=column to have it read another column: " +
			"rsi,ema:period=12,bbands:ma_type=ema,sma:input.real=hl2.\n\n" +
			"Where some of several fail, the others are printed, and the exit code is 1.",
		Example: "  techanalysis analyze prices.csv --indicators rsi,ema:period=12,bbands\n" +
			"  techanalysis analyze prices.csv --indicators macd,bbands --plot chart.png",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(indicators) == 0 {
				return errors.New("which indicators? --indicators rsi,ema:period=12; techanalysis indicators lists them")
			}
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
			write := a.writeTable
			if asJSON {
				write = a.writeJSON
			}
			return failed(errors.Join(a.failures, write(io.out)))
		},
	}
	f := cmd.Flags()
	f.StringSliceVarP(&indicators, "indicators", "i", nil, "indicators, separated by commas")
	f.BoolVar(&asJSON, "json", false, "print JSON, as POST /api/v1/compute answers")
	f.IntVar(&last, "last", 0, fmt.Sprintf("only the last `BARS`; 0 for all (the table's default is %d)", tableBars))
	f.StringVar(&chart, "plot", "", "also draw a chart to `FILE`, .png or .svg")
	f.IntVar(&bars, "bars", 250, "draw only the last `BARS`; 0 for all")
	return cmd
}

// tableBars is how many bars a table shows unless told: what fits on a screen.
const tableBars = 20

// analysis is one use of the command.
type analysis struct {
	file, chart string
	last, bars  int

	candles  *candle.Series
	items    []compute.Item    // that have a result
	results  []*compute.Result // of each
	failures error             // what did not work, while something did
}

// run reads the candles, computes, and draws the chart where one is wanted. The
// error is for what leaves nothing to print.
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
	var unknown []error
	for _, item := range items {
		if _, err := c.Find(item.Name); err != nil {
			unknown = append(unknown, err)
		}
	}
	if len(unknown) == len(items) { // before a large file is read
		return errors.Join(unknown...)
	}
	if a.candles, err = readCandles(a.file, in); err != nil {
		return err
	}
	request := c.Request(a.candles)
	for _, item := range items {
		res, err := request.Run(ctx, item)
		if err != nil {
			if !strings.HasPrefix(err.Error(), item.ID+" ") { // it names itself
				err = fmt.Errorf("%s: %w", item.ID, err)
			}
			a.failures = errors.Join(a.failures, err)
			continue
		}
		a.items, a.results = append(a.items, item), append(a.results, res)
	}
	if len(a.results) == 0 {
		return a.failures // natives fail by their input alone
	}
	if a.chart == "" {
		return nil
	}
	if a.candles.Close == nil {
		return plot.ErrNoClose
	}
	a.failures = errors.Join(a.failures, a.draw(format))
	return nil
}

// newCompute has every native indicator. A file is read once, so nothing is
// kept.
func newCompute() (*compute.Engine, error) {
	return computeOver(registry.New(engine.Indicators()))
}

// computeOver has what names have.
func computeOver(names *registry.Registry) (*compute.Engine, error) {
	none, err := cache.New(0, compute.Size, func(bool) {})
	if err != nil {
		return nil, err
	}
	return compute.New(names, none), nil
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
		return item, fmt.Errorf("%q is not NAME or NAME:parameter=value", text)
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
		b = append(strconv.AppendQuote(b, a.items[i].ID), ':') // an id is a name and a number
		var err error
		if b, err = res.AppendJSON(b, compute.Format{Last: a.last, Decimals: compute.Exact.Decimals}); err != nil {
			return err
		}
	}
	_, err := w.Write(append(b, "}}\n"...))
	return err
}

// draw writes the chart.
func (a *analysis) draw(format plot.Format) error {
	c := plot.Chart{Title: titleOf(a.file), Candles: a.candles, Bars: a.bars}
	for i, res := range a.results {
		c.Indicators = append(c.Indicators, plot.Indicator{Label: label(a.items[i], res), Spec: res.Spec, Outputs: res.Outputs})
	}
	return drawTo(a.chart, c, format)
}

// drawTo writes a chart to a file. One that could not be written whole is removed.
func drawTo(path string, c plot.Chart, format plot.Format) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	err = errors.Join(plot.Write(w, c, format), w.Flush(), file.Close())
	if err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// label names a result by all that makes it what it is: sma 5 hl2.
func label(item compute.Item, res *compute.Result) string {
	words := append([]string{item.Name}, values(res.Spec.Params, res.Args)...)
	for _, input := range res.Spec.Inputs {
		if column := item.Inputs[string(input)].Column; column != "" {
			words = append(words, column)
		}
	}
	return strings.Join(words, " ")
}

// titleOf is what the candles of a file are called: its name without its ending, in
// capitals where it is as short as a ticker.
func titleOf(file string) string {
	if file == "-" {
		return "standard input"
	}
	name := filepath.Base(file)
	name = strings.TrimSuffix(name, filepath.Ext(name))
	const ticker = 5
	if len(name) <= ticker {
		name = strings.ToUpper(name)
	}
	return name
}

// values are those of the parameters in order, choices by name.
func values(params []ta.Param, args ta.Args) []string {
	all := make([]string, len(params))
	for i, p := range params {
		all[i] = valueOf(p, args)
	}
	return all
}
