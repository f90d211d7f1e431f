package main

import (
	"fmt"
	"io"
	"math"
	"text/tabwriter"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// report is all that a run found.
type report struct {
	Go          string       `json:"go"`
	Processor   string       `json:"processor"`
	SIMD        bool         `json:"simd"`
	Statistic   string       `json:"statistic"`
	Differences []difference `json:"differences"` // relative, over the longest series
	Sizes       []size       `json:"sizes"`
	Stream      *ticks       `json:"stream,omitempty"`
	Sandbox     *sandboxed   `json:"sandbox,omitempty"`
}

// size is a race over series of one length.
type size struct {
	Bars         int     `json:"bars"`
	Rows         []row   `json:"rows"`
	Geomean      float64 `json:"geomean"`
	Lowest       string  `json:"lowest"` // the name with the least ratio
	Least        float64 `json:"least"`
	GeomeanTALib float64 `json:"geomean_talib,omitempty"`
	LowestTALib  string  `json:"lowest_talib,omitempty"`
	LeastTALib   float64 `json:"least_talib,omitempty"`
	Aimed        *aimed  `json:"aimed,omitempty"` // what is asked of the ratios to TA-Lib, where all of it was measured
}

// row is one indicator: nanoseconds per bar, and how many times ours go into
// theirs. Floor is what its columns alone take (0 where that is not measured), and
// RatioFloor how many times that goes into TALib: about the most that can be had
// on this machine. Like is compared with like: go-talib and Allocating make their
// outputs in the call, TALib and Ours write to outputs made before.
type row struct {
	Name            string  `json:"name"`
	Params          ta.Args `json:"params"`
	Ours            float64 `json:"ours"`
	Allocating      float64 `json:"allocating"`
	GoTalib         float64 `json:"go_talib"`
	Ratio           float64 `json:"ratio"` // GoTalib by Allocating
	TALib           float64 `json:"talib,omitempty"`
	Floor           float64 `json:"floor,omitempty"`
	RatioFloor      float64 `json:"ratio_floor,omitempty"`      // TALib by Floor
	RatioTALib      float64 `json:"ratio_talib,omitempty"`      // TALib by Ours
	RatioAllocating float64 `json:"ratio_allocating,omitempty"` // TALib by Allocating
}

// sum fills in what follows from the rows.
func (s *size) sum() {
	s.Geomean, s.Lowest, s.Least = overall(s.Rows, func(r row) float64 { return r.Ratio })
	if s.Rows[0].TALib > 0 {
		s.GeomeanTALib, s.LowestTALib, s.LeastTALib = overall(s.Rows, func(r row) float64 { return r.RatioTALib })
		if s.Bars == aimedBars {
			s.Aimed = aim(s.Rows)
		}
	}
}

// overall is the geometric mean of the ratios, and the least of them.
func overall(rows []row, ratio func(row) float64) (geomean float64, lowest string, least float64) {
	logs := 0.0
	least = math.Inf(1)
	for _, r := range rows {
		logs += math.Log(ratio(r))
		if ratio(r) < least {
			lowest, least = r.Name, ratio(r)
		}
	}
	return math.Exp(logs / float64(len(rows))), lowest, least
}

func (r *report) print(w io.Writer, withTALib bool) error {
	simd := "with SIMD"
	if !r.SIMD {
		simd = "without SIMD: build with GOEXPERIMENT=simd on amd64"
	}
	fmt.Fprintf(w, "%s, %s, %s; %s; ns per bar on one thread\n", r.Go, r.Processor, simd, r.Statistic)
	for _, s := range r.Sizes {
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintf(t, "\n%d bars\tcolumns alone\tours\tallocating\tgo-talib\tratio\t", s.Bars)
		if withTALib {
			fmt.Fprint(t, "TA-Lib C\tratio\tallocating\t")
		}
		fmt.Fprintln(t)
		for _, row := range s.Rows {
			alone := "–"
			if row.Floor > 0 {
				alone = fmt.Sprintf("%.2f", row.Floor)
			}
			fmt.Fprintf(t, "%s\t%s\t%.2f\t%.2f\t%.2f\t%.1f\t", row.Name, alone, row.Ours, row.Allocating, row.GoTalib, row.Ratio)
			if withTALib {
				fmt.Fprintf(t, "%.2f\t%.2f\t%.2f\t", row.TALib, row.RatioTALib, row.RatioAllocating)
			}
			fmt.Fprintln(t)
		}
		if err := t.Flush(); err != nil {
			return err
		}
		fmt.Fprintf(w, "\ngeometric mean of %d ratios to go-talib %.2f, lowest %.2f (%s); both allocate their outputs\n", len(s.Rows), s.Geomean, s.Least, s.Lowest)
		if withTALib {
			fmt.Fprintf(w, "geometric mean of %d ratios to TA-Lib %.2f, lowest %.2f (%s); both write to buffers made before\n",
				len(s.Rows), s.GeomeanTALib, s.LeastTALib, s.LowestTALib)
		}
		s.Aimed.print(w)
	}
	if r.Stream != nil {
		if err := r.Stream.print(w); err != nil {
			return err
		}
	}
	if r.Sandbox != nil {
		if err := r.Sandbox.print(w); err != nil {
			return err
		}
	}
	for _, d := range r.Differences {
		if d.GoTalib > tolerance {
			fmt.Fprintf(w, "%s: go-talib differs by %.1g: %s\n", d.Name, d.GoTalib, d.Older)
		}
	}
	return nil
}
