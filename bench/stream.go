package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// streamed are the 30 indicators that charts and bots ask for most, as far as
// that can be said: those that the charting programs and the libraries of
// indicators all list, with the parameters that they have by themselves.
var streamed = []string{
	"sma", "ema", "wma", "dema", "tema", "kama", "vwap", "bbands", "sar", "supertrend",
	"rsi", "macd", "stoch", "willr", "cci", "mfi", "adx", "aroon", "roc", "mom", "ppo", "trix", "ultosc",
	"atr", "natr", "obv", "stddev", "max", "min", "linearreg",
}

// streamBars is how many bars a stream has: too many for their branches to be
// learnt.
const streamBars = 20_000

// ticks is how long each indicator takes for a bar that comes alone.
type ticks struct {
	Rows   []tick  `json:"rows"`
	Median float64 `json:"median"` // of the nanoseconds
}

type tick struct {
	Name string  `json:"name"`
	Ours float64 `json:"ours"` // ns per bar
}

// stream measures the kernels bar by bar: what counts is the kernel's call, with the
// bar's values and for its results, and nothing else.
func stream() (*ticks, error) {
	all, err := streams(streamed)
	if err != nil {
		return nil, err
	}
	walk := sample.Walk(streamBars)
	sides := make([]*side, len(all))
	for i := range all {
		_, call := all[i].ticker(walk)
		sides[i] = &side{calls: []func(){call}}
	}
	race(sides)
	t := &ticks{}
	var ns []float64
	for i, s := range sides {
		t.Rows = append(t.Rows, tick{all[i].name, s.best / streamBars})
		ns = append(ns, t.Rows[i].Ours)
	}
	slices.Sort(ns)
	t.Median = (ns[(len(ns)-1)/2] + ns[len(ns)/2]) / 2
	return t, nil
}

// streams finds indicators by their names, with their own parameters.
func streams(names []string) ([]entrant, error) {
	var all []entrant
	for _, ind := range engine.Indicators() {
		if !slices.Contains(names, ind.Name) {
			continue
		}
		args, err := ind.Args(nil)
		if err != nil {
			return nil, err
		}
		all = append(all, entrant{contest{name: ind.Name}, ind, args})
	}
	if len(all) < len(names) {
		return nil, fmt.Errorf("the engine has %d of the %d indicators to be streamed", len(all), len(names))
	}
	return all, nil
}

// ticker is a call that gives a kernel, which goes on from call to call, the bars
// of c one by one, and where the results of the last one are put: as values, in
// columns of one where it takes no other.
func (e *entrant) ticker(c sample.Columns) (last ta.Columns, call func()) {
	series := e.inputs(c)
	kernel := e.indicator.New(e.args)
	last = rows(len(e.indicator.Outputs))
	n := len(c.Close)
	k, ok := kernel.(*ta.Ticking)
	if !ok {
		in := rows(len(series))
		return last, func() {
			for i := range n {
				for k, col := range series {
					in[k][0] = col[i]
				}
				kernel.Next(in, last)
			}
		}
	}
	return last, func() {
		var results [3]float64
		results[0], results[1], results[2] = tickAll(k, series, n)
		for i, col := range last {
			col[0] = results[i]
		}
	}
}

// tickAll gives k n bars and returns the results of the last one. There is no loop
// over the columns, which would be the caller's time.
func tickAll(k *ta.Ticking, series ta.Columns, n int) (p, q, r float64) {
	switch len(series) {
	case 1:
		x := series[0]
		for i := range n {
			p, q, r = k.Tick(x[i], 0, 0, 0)
		}
	case 2:
		x, y := series[0], series[1]
		for i := range n {
			p, q, r = k.Tick(x[i], y[i], 0, 0)
		}
	case 3:
		x, y, z := series[0], series[1], series[2]
		for i := range n {
			p, q, r = k.Tick(x[i], y[i], z[i], 0)
		}
	case 4:
		x, y, z, v := series[0], series[1], series[2], series[3]
		for i := range n {
			p, q, r = k.Tick(x[i], y[i], z[i], v[i])
		}
	}
	return p, q, r
}

// rows are columns of one bar.
func rows(columns int) ta.Columns {
	c := make(ta.Columns, columns)
	for i := range c {
		c[i] = make([]float64, 1)
	}
	return c
}

func (t *ticks) print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "\none bar at a time\tns\t\n")
	for _, r := range t.Rows {
		fmt.Fprintf(table, "%s\t%.1f\t\n", r.Name, r.Ours)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\nmedian of %d %.2f\n", len(t.Rows), t.Median)
	return err
}
