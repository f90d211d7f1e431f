package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
	"github.com/gravitywavesml/gravity_techanalysis/engine/truth"
)

// The series that engine/testdata/golden/spiked.json has figures of, and the bars
// that it has them of: calm ones, and others long after a price of 1e9.
const (
	spikedBars = 20_000
	spikedAt   = 2_000
)

var spikedParts = map[string]int{"before": spikedAt - 100, "after": spikedBars - 100} // and 100 bars on

// wrong is how far a figure of TA-Lib is from the truth, as a part of it, to be in
// the file.
const wrong = 1e-12

// writeSpiked writes TA-Lib's figures of those functions that are wrong on this
// series.
func writeSpiked(lib *library, out io.Writer) error {
	s := law.Walk(1, spikedBars)
	truth.Spike(s, spikedAt)
	names := truth.Names()
	functions := map[string]map[string]map[string][]float64{}
	for _, ind := range engine.Indicators() {
		if _, ok := slices.BinarySearch(names, ind.Name); !ok {
			continue
		}
		a, err := ind.Args(nil)
		if err != nil {
			return err
		}
		in := s.Columns(ind.Inputs)
		columns, err := lib.figures(ind, a, in)
		if err != nil {
			return err
		}
		if columns == nil || slices.ContainsFunc(columns, func(c []float64) bool { return c == nil }) {
			continue
		}
		figures := map[string]map[string][]float64{}
		most := 0.0
		for part, from := range spikedParts {
			most = max(most, slices.Max(truth.Off(ind, a, in, from, from+100, columns)))
			for k, o := range ind.Outputs {
				if figures[o.Name] == nil {
					figures[o.Name] = map[string][]float64{}
				}
				figures[o.Name][part] = columns[k][from : from+100]
			}
		}
		if most > wrong {
			functions[strings.ToUpper(ind.Name)] = figures
		}
	}
	fmt.Fprintf(out, "{\"library\": %q,\n\"series\": \"law.Walk(1, %d), close and high 1e9 at bar %d\", \"from\": {\"before\": %d, \"after\": %d},\n\"functions\": {\n",
		lib.version(), spikedBars, spikedAt, spikedParts["before"], spikedParts["after"])
	for i, name := range slices.Sorted(maps.Keys(functions)) {
		b, err := json.Marshal(functions[name])
		if err != nil {
			return err
		}
		if i > 0 {
			fmt.Fprintln(out, ",")
		}
		fmt.Fprintf(out, "%q: %s", name, b)
	}
	_, err := fmt.Fprintln(out, "}}")
	return err
}
