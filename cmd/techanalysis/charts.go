package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
)

// newCharts finds chart patterns in a file of candles, and lists them.
func newCharts(io streams) *cobra.Command {
	var (
		patterns []string
		asJSON   bool
		last     int
	)
	cmd := &cobra.Command{
		Use:   "charts [FILE]",
		Short: "Find chart patterns in a file of candles; without a file, list them",
		Long: "Find chart patterns in a file of candles: .csv, .json or .arrow, or - for any of them from standard input. Without a file, list the patterns.\n\n" +
			"A pattern is NAME:parameter=value:..., and for divergences input.oscillator=column: " +
			"head_shoulders,double_top:reversal=2,bearish_divergence:oscillator=macd_hist. Unless told, every pattern is looked for.\n\n" +
			"A line is a figure, with the bar whose close made it known, its confidence (how much of its rules' tolerances is left, on average, from 0 to 1) and its points. --json has the evidence for each rule.",
		Example: "  techanalysis charts prices.csv --patterns head_shoulders,double_top:reversal=2\n" +
			"  techanalysis charts prices.csv --last 5",
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if last < 0 {
				return errors.New("--last is 0 for all, or 1 or more")
			}
			switch {
			case len(args) == 0 && len(patterns) > 0:
				return errors.New("in which candles? techanalysis charts FILE --patterns NAME")
			case len(args) == 0 && asJSON:
				return failed(listPatternsJSON(io.out))
			case len(args) == 0:
				return failed(listPatterns(io.out))
			}
			s := search{file: args[0], last: last}
			if err := s.run(io.in, patterns); err != nil {
				return err
			}
			if asJSON {
				return failed(s.writeJSON(io.out))
			}
			return failed(s.writeTable(io.out))
		},
	}
	f := cmd.Flags()
	f.StringSliceVarP(&patterns, "patterns", "p", nil, "patterns, separated by commas; all unless told")
	f.BoolVar(&asJSON, "json", false, "print JSON, as POST /api/v1/charts/NAME answers, by the pattern's name")
	f.IntVar(&last, "last", 0, "only figures that became known in the last `BARS`; 0 for all")
	return cmd
}

// search is one use of the command.
type search struct {
	file string
	last int

	candles *candle.Series
	items   []compute.Item
	results []*compute.Figures // of each
}

func (s *search) run(in io.Reader, patterns []string) (err error) {
	if len(patterns) == 0 {
		for _, p := range compute.Patterns() {
			patterns = append(patterns, p.Name)
		}
	}
	if s.items, err = parseItems(patterns); err != nil {
		return err
	}
	for _, item := range s.items { // before a large file is read
		_, unknown := compute.Pattern(item.Name)
		err = errors.Join(err, unknown)
	}
	if err != nil {
		return err
	}
	if s.candles, err = readCandles(s.file, in); err != nil {
		return err
	}
	c, err := newCompute()
	if err != nil {
		return failed(err)
	}
	request := c.Request(s.candles)
	for _, item := range s.items {
		found, err := request.Figures(item, s.last)
		if err != nil {
			return fmt.Errorf("%s: %w", item.ID, err)
		}
		s.results = append(s.results, found)
	}
	return nil
}

// writeJSON prints what POST /api/v1/charts/NAME answers, by id.
func (s *search) writeJSON(w io.Writer) error {
	b := []byte(`{"results":{`)
	for i, found := range s.results {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(strconv.AppendQuote(b, s.items[i].ID), ':') // an id is a name and a number
		var err error
		if b, err = found.AppendJSON(b); err != nil {
			return err
		}
	}
	_, err := w.Write(append(b, "}}\n"...))
	return err
}

// writeTable prints a line for each figure, in order of the bar that made it known.
func (s *search) writeTable(w io.Writer) error {
	type line struct {
		id string
		compute.Figure
	}
	var lines []line
	total := 0
	for i, found := range s.results {
		total += found.Found
		for _, f := range found.Figures {
			lines = append(lines, line{s.items[i].ID, f})
		}
	}
	slices.SortStableFunc(lines, func(x, y line) int { return cmp.Compare(x.Bar, y.Bar) })
	heading, bars := times(s.candles, 0)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%s\tpattern\tdirection\tconfidence\tpoints\n", heading)
	for _, l := range lines {
		points := make([]string, len(l.Points))
		for i, p := range l.Points {
			points[i] = fmt.Sprintf("%s %s %v", p.Name, bars[p.Bar], p.Price)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%.2f\t%s\n", bars[l.Bar], l.id, l.Direction, l.Confidence, strings.Join(points, ", "))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if len(lines) == total {
		return nil
	}
	_, err := fmt.Fprintf(w, "\nthe newest %d of %d figures; --last shows those of the last bars\n", len(lines), total)
	return err
}

func listPatterns(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "NAME\tTITLE\tINPUTS\tPARAMETERS")
	for _, p := range compute.Patterns() {
		args, err := p.Args(nil)
		if err != nil {
			return fmt.Errorf("defaults of %s: %w", p.Name, err)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", p.Name, p.Title, strings.Join(compute.Info(&p.Spec).Inputs, " "), describe(p.Params, args, " "))
	}
	return t.Flush()
}

// listPatternsJSON prints what GET /api/v1/charts answers.
func listPatternsJSON(w io.Writer) error {
	list := struct {
		Patterns []compute.PatternInfo `json:"patterns"`
		Engine   string                `json:"engine"`
	}{Engine: engine.Version}
	for _, p := range compute.Patterns() {
		list.Patterns = append(list.Patterns, compute.Info(&p.Spec))
	}
	return json.NewEncoder(w).Encode(list)
}
