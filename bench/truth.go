package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"runtime"
	"strings"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/engine/truth"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// tellTruth prints how far our figures, and TA-Lib's, are from what their formulas
// mean, over a long walk with a spike of 1e9 in its middle. The error is of ours
// that are further than they may be.
func tellTruth(args []string, getenv func(string) string, out io.Writer) error {
	flags := flag.NewFlagSet("bench truth", flag.ContinueOnError)
	path := flags.String("talib", getenv("TALIB_LIBRARY"), "TA-Lib's shared library, to be compared, too [TALIB_LIBRARY]")
	bars := flags.Int("bars", 1_000_000, "how long the walk is; from 50,000 on the spike can be gone")
	spiked := flags.Bool("spiked", false, "print engine/testdata/golden/spiked.json instead")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("%w: %w", errUse, err)
	}
	if flags.NArg() > 0 || *bars < 50_000 {
		return fmt.Errorf("%w: bench truth [--talib FILE] [--bars N], 50,000 or more", errUse)
	}
	lib, err := optionalLibrary(*path)
	if err != nil {
		return err
	}
	if *spiked {
		if lib == nil {
			return fmt.Errorf("%w: the figures are TA-Lib's: name its library", errUse)
		}
		return writeSpiked(lib, out)
	}
	w := sample.Walk(*bars)
	s := &law.Series{Open: w.Open, High: w.High, Low: w.Low, Close: w.Close, Volume: w.Volume}
	spike := *bars / 2
	truth.Spike(s, spike)
	fmt.Fprintf(out, "%d bars, a price of 1e9 at bar %d; the largest errors before it, and after it is gone\n\n", *bars, spike)
	fmt.Fprintf(out, truthLine, "", "", "class", "of its", "unit", "bound", "before", "after", "", "before", "after")
	broken := 0
	for result := range judgements(s, spike, lib) {
		r := <-result
		if r.err != nil {
			return r.err
		}
		for _, row := range r.rows {
			broken += printRow(out, row)
		}
	}
	fmt.Fprintf(out, "\n%d of ours are further off than they may be\n", broken)
	if broken > 0 {
		return fmt.Errorf("%d figures are further from the truth than they may be", broken)
	}
	return nil
}

const truthLine = "%-20s%-16s%-11s%-6s %-9s%8s |%9s%9s %-7s|%9s%9s\n"

// printRow prints a line, which has TA-Lib's errors where there are any, and counts
// ours if it is too far off.
func printRow(out io.Writer, row truth.Row) (broken int) {
	ours, verdict := row.Sides[0], "holds"
	if !(ours.Worst() <= row.Class.Bound()) {
		verdict, broken = "BROKEN", 1
	}
	theirs := [2]string{"", ""}
	if len(row.Sides) > 1 && !math.IsNaN(row.Sides[1].After) {
		theirs = [2]string{row.Class.Format(row.Sides[1].Before), row.Class.Format(row.Sides[1].After)}
	}
	output := row.Output
	if output == row.Indicator {
		output = ""
	}
	fmt.Fprintf(out, truthLine, row.Indicator, output, row.Class, row.Size, row.Class.Unit(), fmt.Sprint(row.Class.Bound()),
		row.Class.Format(ours.Before), row.Class.Format(ours.After), verdict, theirs[0], theirs[1])
	return broken
}

type judgement struct {
	rows []truth.Row
	err  error
}

// judgements are those of all indicators that have a formula, in order, made as
// many at a time as there are processors.
func judgements(s *law.Series, spike int, lib *library) <-chan chan judgement {
	queue := make(chan chan judgement, runtime.GOMAXPROCS(0)-1)
	have := map[string]bool{}
	for _, name := range truth.Names() {
		have[name] = true
	}
	go func() {
		defer close(queue)
		for _, ind := range engine.Indicators() {
			if !have[ind.Name] {
				continue
			}
			result := make(chan judgement, 1)
			queue <- result
			go func() { result <- judge(ind, s, spike, lib) }()
		}
	}()
	return queue
}

func judge(ind *ta.Indicator, s *law.Series, spike int, lib *library) judgement {
	a, err := ind.Args(nil)
	if err != nil {
		return judgement{err: err}
	}
	in := s.Columns(ind.Inputs)
	sides := []ta.Columns{ind.Run(a, in)}
	theirs, err := lib.figures(ind, a, in)
	if err != nil {
		return judgement{err: err}
	}
	if theirs != nil {
		sides = append(sides, theirs)
	}
	return judgement{rows: truth.Compare(ind, a, in, spike, sides...)}
}

// figures are what the function of ind's name gives, nil where there is none. A
// column is nil whose values C writes as whole numbers.
func (l *library) figures(ind *ta.Indicator, a ta.Args, in ta.Columns) (ta.Columns, error) {
	if l == nil || !l.has(ind.Name) {
		return nil, nil
	}
	f, err := l.function(&entrant{contest{name: ind.Name}, ind, a}, len(in[0]))
	if err != nil {
		return nil, err
	}
	f.bind(in)()
	columns := f.columns()
	for k, o := range ind.Outputs {
		if o.Unit == ta.Signal {
			columns[k] = nil
		}
	}
	return columns, nil
}

// optionalLibrary loads TA-Lib where a path is given.
func optionalLibrary(path string) (*library, error) {
	if path = strings.TrimSpace(path); path == "" {
		return nil, nil
	}
	return openLibrary(path)
}
