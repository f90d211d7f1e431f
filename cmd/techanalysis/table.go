package main

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
)

// writeTable prints the results with a line for each bar: its time, its close,
// and every output.
func (a *analysis) writeTable(w io.Writer) error {
	from := 0
	if 0 < a.last && a.last < a.candles.Bars {
		from = a.candles.Bars - a.last
	}
	cols := []column{a.times(from)}
	if a.candles.Close != nil {
		cols = append(cols, numbers("close", a.candles.Close[from:]))
	}
	for i, res := range a.results {
		for k, out := range res.Spec.Outputs {
			cols = append(cols, numbers(heading(a.items[i].ID, res, out.Name), res.Outputs[k][from:]))
		}
	}
	b := new(strings.Builder)
	for row := -1; row < a.candles.Bars-from; row++ {
		for i, c := range cols {
			text := c.heading
			if row >= 0 {
				text = c.cells[row]
			}
			if i > 0 {
				b.WriteString("  ")
			}
			fmt.Fprintf(b, "%*s", c.width, text)
		}
		b.WriteByte('\n')
	}
	if from > 0 {
		fmt.Fprintf(b, "\nthe last %d of %d bars; --last 0 shows all\n", a.last, a.candles.Bars)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// heading is the id of a result, with the name of the output where it has
// several.
func heading(id string, res *compute.Result, output string) string {
	short, _ := strings.CutPrefix(output, res.Spec.Name+"_")
	if len(res.Spec.Outputs) == 1 || short == res.Spec.Name {
		return id
	}
	return id + "." + short
}

// column is one column of a table, right-aligned.
type column struct {
	heading string
	cells   []string
	width   int
}

func (c column) fit() column {
	c.width = len(c.heading)
	for _, cell := range c.cells {
		c.width = max(c.width, len(cell))
	}
	return c
}

// times are the times of the bars from one on.
func (a *analysis) times(from int) column {
	heading, cells := times(a.candles, from)
	return column{heading: heading, cells: cells}.fit()
}

// times are the times of the bars from one on in UTC, days alone where none of
// them is within one; or numbers from 0 where the candles have no time.
func times(candles *candle.Series, from int) (heading string, cells []string) {
	cells = make([]string, candles.Bars-from)
	if candles.Time == nil {
		for i := range cells {
			cells[i] = strconv.Itoa(from + i)
		}
		return "bar", cells
	}
	heading, layout := "date", time.DateOnly
	for _, ms := range candles.Time[from:] {
		if ms%(24*time.Hour).Milliseconds() != 0 {
			heading, layout = "time", time.DateTime
			break
		}
	}
	for i, ms := range candles.Time[from:] {
		cells[i] = time.UnixMilli(ms).UTC().Format(layout)
	}
	return heading, cells
}

// numbers writes a column with so many decimals that its greatest value has
// six digits, and - where there is no value.
func numbers(heading string, values []float64) column {
	most := 0.0
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			most = max(most, math.Abs(v))
		}
	}
	const digits = 6
	decimals := 0
	if most > 0 {
		decimals = min(12, max(0, digits-1-int(math.Floor(math.Log10(most)))))
	}
	cells := make([]string, len(values))
	for i, v := range values {
		cells[i] = "-"
		if !math.IsNaN(v) {
			cells[i] = strconv.FormatFloat(v, 'f', decimals, 64)
		}
	}
	return column{heading: heading, cells: cells}.fit()
}
