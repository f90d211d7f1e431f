package main

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// measured is what one indicator costs.
type measured struct {
	Name      string  `json:"name"`
	Params    ta.Args `json:"params"`
	Bars      int     `json:"bars"`
	NsPerBar  float64 `json:"ns_per_bar"`
	Allocs    float64 `json:"allocs"` // of memory, by one run over all bars
	paramText string
}

// newBench measures the engine on this machine.
func newBench(io streams) *cobra.Command {
	var (
		bars   int
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "bench [NAME...]",
		Short: "Measure native indicators: nanoseconds per bar, on one thread",
		Long: "Measure native indicators at their default parameters over a random walk: nanoseconds per bar and allocations, " +
			"allocating the outputs included, on one thread; the median of several runs. Without names, all of them.",
		RunE: func(_ *cobra.Command, args []string) error {
			if bars < 1 || bars > ta.MaxPeriod {
				return fmt.Errorf("--bars must be from 1 to %d", ta.MaxPeriod)
			}
			inds, err := chosen(args)
			if err != nil {
				return err
			}
			results := make([]measured, len(inds))
			in := sample.Walk(bars)
			for i, ind := range inds {
				if results[i], err = measure(ind, in, bars); err != nil {
					return failed(err)
				}
			}
			if asJSON {
				return failed(json.NewEncoder(io.out).Encode(results))
			}
			return failed(benchTable(io.out, results))
		},
	}
	cmd.Flags().IntVar(&bars, "bars", 100_000, "bars in a run")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// chosen are the native indicators of those names, or all.
func chosen(names []string) ([]*ta.Indicator, error) {
	all := engine.Indicators()
	if len(names) == 0 {
		return all, nil
	}
	found := make([]*ta.Indicator, len(names))
	for i, name := range names {
		k := slices.IndexFunc(all, func(ind *ta.Indicator) bool { return ind.Name == name })
		if k < 0 {
			c, err := newCompute()
			if err != nil {
				return nil, failed(err)
			}
			_, err = c.Find(name)
			return nil, err
		}
		found[i] = all[k]
	}
	return found, nil
}

// benchRuns is odd, so that the median is a run.
const benchRuns = 9

// benchTime is how long a run lasts at least: long enough for the clock, and
// for a slice of another process not to decide it.
const benchTime = 5 * time.Millisecond

func measure(ind *ta.Indicator, c sample.Columns, bars int) (measured, error) {
	args, err := ind.Args(nil)
	if err != nil {
		return measured{}, fmt.Errorf("defaults of %s: %w", ind.Name, err)
	}
	in := make(ta.Columns, len(ind.Inputs))
	for i, input := range ind.Inputs {
		if in[i] = c.Named(input.Column()); in[i] == nil {
			return measured{}, fmt.Errorf("%s reads %s, and there is no such series to measure with", ind.Name, input)
		}
	}
	loop := func(n int) (time.Duration, uint64) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		for range n {
			ind.Run(args, in)
		}
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		return took, after.Mallocs - before.Mallocs
	}
	n := 1
	for took, _ := loop(n); took < benchTime; took, _ = loop(n) {
		n *= 2
	}
	times := make([]float64, benchRuns)
	allocs := make([]float64, benchRuns)
	for i := range times {
		took, mallocs := loop(n)
		times[i] = float64(took.Nanoseconds()) / float64(n) / float64(bars)
		allocs[i] = float64(mallocs) / float64(n)
	}
	return measured{ind.Name, args, bars, middle(times), middle(allocs), describe(ind.Params, args, " ")}, nil
}

// middle is the median of an odd number of values.
func middle(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

func benchTable(w io.Writer, results []measured) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "NAME\tBARS\tNS/BAR\tALLOCS\tPARAMETERS")
	for _, r := range results {
		fmt.Fprintf(t, "%s\t%d\t%6.2f\t%6.0f\t%s\n", r.Name, r.Bars, r.NsPerBar, r.Allocs, r.paramText)
	}
	return t.Flush()
}
