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

// benchSlice is how long a run lasts at least: long enough for the clock, and
// short beside what a scheduler gives a process, so that most runs meet no other
// process and their median is one of those.
const benchSlice = 500 * time.Microsecond

// There are as many runs as take benchTime, within these ends. They are odd, so
// that the median is a run.
const (
	benchTime              = 50 * time.Millisecond
	fewestRuns, mostOfRuns = 9, 99
)

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
	lanes := make([]lane, len(runs))
	rounds := 0
	for i, run := range runs {
		lanes[i].run = run
		took, err := lanes[i].fit()
		if err != nil {
			return nil, err
		}
		rounds = max(rounds, int(benchTime/took)|1)
	}
	for range min(max(rounds, fewestRuns), mostOfRuns) {
		for i := range lanes {
			took, mallocs, err := lanes[i].lap()
			if err != nil {
				return nil, err
			}
			n := float64(lanes[i].loops)
			lanes[i].times = append(lanes[i].times, float64(took.Nanoseconds())/n/float64(bars))
			lanes[i].allocs = append(lanes[i].allocs, float64(mallocs)/n)
		}
	}
	costs := make([]cost, len(lanes))
	for i, l := range lanes {
		costs[i] = cost{middle(l.times), middle(l.allocs)}
	}
	return costs, nil
}

// lane is one of those that race.
type lane struct {
	run           func() error
	loops         int // of it in a lap
	times, allocs []float64
}

// lap runs it as often as loops says.
func (l *lane) lap() (took time.Duration, mallocs uint64, err error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	for range l.loops {
		if err := l.run(); err != nil {
			return 0, 0, err
		}
	}
	took = time.Since(start)
	runtime.ReadMemStats(&after)
	return took, after.Mallocs - before.Mallocs, nil
}

// fit finds how many loops take benchSlice, and what a lap then takes. The
// fastest of three decides: another process makes a lap slow, and none fast.
func (l *lane) fit() (took time.Duration, err error) {
	for l.loops = 1; ; l.loops *= 2 {
		took = time.Hour
		for range 3 {
			one, _, err := l.lap()
			if err != nil {
				return 0, err
			}
			took = min(took, one)
		}
		if took >= benchSlice {
			return took, nil
		}
	}
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
