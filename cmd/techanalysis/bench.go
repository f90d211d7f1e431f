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
	in := columns(c, ind.Inputs)
	costs, err := race(bars, func() error { ind.Run(args, in); return nil })
	if err != nil {
		return measured{}, err
	}
	return newMeasured(ind, args, bars, costs[0]), nil
}

func newMeasured(ind *ta.Indicator, args ta.Args, bars int, c cost) measured {
	return measured{ind.Name, args, bars, c.ns, c.allocs, describe(ind.Params, args, " ")}
}

// columns are what those inputs read of a walk. The second of two series is the
// open, and the windows of the bars are of 2 to 30.
func columns(c sample.Columns, inputs []ta.Input) ta.Columns {
	in := make(ta.Columns, len(inputs))
	for i, input := range inputs {
		switch input {
		case ta.Real1:
			in[i] = c.Open
		case ta.Periods:
			in[i] = make([]float64, len(c.Close))
			for bar := range in[i] {
				in[i][bar] = float64(2 + bar*7%29)
			}
		default:
			in[i] = c.Named(input.Column())
		}
	}
	return in
}

// cost is that of one thing that is measured.
type cost struct {
	ns     float64 // for each bar
	allocs float64 // by one run
}

// race measures one or more things that each run over so many bars, by turns,
// so that what else the machine does meets them all. An error ends it.
func race(bars int, runs ...func() error) ([]cost, error) {
	loop := func(run func() error, n int) (time.Duration, uint64, error) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		for range n {
			if err := run(); err != nil {
				return 0, 0, err
			}
		}
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		return took, after.Mallocs - before.Mallocs, nil
	}
	loops := make([]int, len(runs))
	for i, run := range runs {
		n := 1
		for {
			took, _, err := loop(run, n)
			if err != nil {
				return nil, err
			}
			if took >= benchTime {
				break
			}
			n *= 2
		}
		loops[i] = n
	}
	times, allocs := make([][]float64, len(runs)), make([][]float64, len(runs))
	for range benchRuns {
		for i, run := range runs {
			took, mallocs, err := loop(run, loops[i])
			if err != nil {
				return nil, err
			}
			n := float64(loops[i])
			times[i] = append(times[i], float64(took.Nanoseconds())/n/float64(bars))
			allocs[i] = append(allocs[i], float64(mallocs)/n)
		}
	}
	costs := make([]cost, len(runs))
	for i := range costs {
		costs[i] = cost{middle(times[i]), middle(allocs[i])}
	}
	return costs, nil
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
