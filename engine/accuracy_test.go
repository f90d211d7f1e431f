package engine_test

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/engine/truth"
)

// spiked is TA-Lib's figures in two parts of a series with a spike.
type spiked struct {
	From      map[string]int
	Functions map[string]map[string]map[string][]float64 // function, output, part
}

// wrong is from where on a figure of TA-Lib is called so, and what none of ours may
// be off by: a part of the value, or of the scale.
const wrong = 1e-12

// Why the figures of TA-Lib are off, as far as they show: every indicator that has
// such a figure is in reasons, and no other.
const (
	carried = "a sum that is carried along: what rounding took from it while the spike was in it does not come back"
	level   = "the level of the prices takes part, and its rounding is a large part of a small difference"
	total   = "a total that the spike is added to and taken from again: what rounding took meanwhile stays"
	change  = "the price's change, −1 after the spike but for some digits that are lost, is used in place of the quotient"
)

var reasons = map[string]string{
	"sma": carried, "ma": carried, "trima": carried, "kama": carried, "bbands": carried, "accbands": carried,
	"mavp": carried, "vwma": carried, "mfi": carried, "ac": carried, "ao": carried, "cmou": carried, "dpo": carried,
	"er": carried, "mama": carried, "ht_dcperiod": carried, "ht_dcphase": carried, "ht_phasor": carried, "ht_sine": carried, "macdext": carried, "qstick": carried, "ultosc": carried, "vortex": carried, "adr": carried,
	"sum":    carried,
	"stddev": level, "var": level, "fosc": level, "linearreg_slope": level, "linearreg_angle": level,
	"wad": total,
	"pvi": change,
}

// accuracies are the lines of the table in docs/accuracy.md: every output that
// TA-Lib is wrong in, on the walk of the golden figures or in a part of the spiked
// series.
func accuracies(t *testing.T) []string {
	var names map[string]naming
	read(t, "names", &names)
	var with spiked
	read(t, "spiked", &with)
	walks := walks(t)
	long := law.Walk(1, 20_000)
	truth.Spike(long, 2_000)

	judged := truth.Names()
	var lines []string
	for _, ind := range engine.Indicators() {
		if _, ok := slices.BinarySearch(judged, ind.Name); !ok {
			continue
		}
		a, err := ind.Args(nil)
		if err != nil {
			t.Fatal(err)
		}
		errors := make([][3][2]float64, len(ind.Outputs)) // TA-Lib's and ours: on the walk, before the spike, after it
		for k := range errors {
			for i := range errors[k] {
				errors[k][i] = [2]float64{math.NaN(), math.NaN()}
			}
		}
		compare := func(part int, in ta.Columns, from, to int, theirs ta.Columns) {
			ours := truth.Off(ind, a, in, from, to, ind.Run(a, in))
			for k, off := range truth.Off(ind, a, in, from, to, theirs) {
				errors[k][part] = [2]float64{off, ours[k]}
				if !(ours[k] <= wrong) {
					t.Errorf("%s: %s is off by %v", ind.Name, ind.Outputs[k].Name, ours[k])
				}
				if off > wrong && !(ours[k] < off) {
					t.Errorf("%s: %s is off by %v, TA-Lib's by %v", ind.Name, ind.Outputs[k].Name, ours[k], off)
				}
			}
		}
		for function, n := range names {
			if n.Name != ind.Name {
				continue
			}
			var g golden
			read(t, function, &g)
			c := g.Cases[0] // the defaults
			in := given(t, ind, g.Inputs, walks[c.Series])
			theirs := make(ta.Columns, len(ind.Outputs))
			for name, col := range c.Out {
				k := slices.IndexFunc(ind.Outputs, func(o ta.Output) bool { return o.Name == n.Outputs[name] })
				theirs[k] = blank(len(in[0]))
				for i, v := range col {
					if v != nil {
						theirs[k][c.Begin+i] = *v
					}
				}
			}
			compare(0, in, c.Begin, len(in[0]), theirs)
		}
		if f := with.Functions[strings.ToUpper(ind.Name)]; f != nil {
			in := long.Columns(ind.Inputs)
			for part, name := range []string{"before", "after"} {
				from, to := with.From[name], 0
				theirs := make(ta.Columns, len(ind.Outputs))
				for k, o := range ind.Outputs {
					theirs[k] = blank(len(in[0]))
					to = from + copy(theirs[k][from:], f[o.Name][name])
				}
				compare(1+part, in, from, to, theirs)
			}
		}
		listed := false
		for k, o := range ind.Outputs {
			most := 0.0
			cells := ""
			for _, e := range errors[k] {
				if e[0] > most {
					most = e[0]
				}
				for _, v := range e {
					if math.IsNaN(v) {
						cells += " |"
						continue
					}
					cells += fmt.Sprintf(" %.1e |", v)
				}
			}
			if most > wrong {
				listed = true
				lines = append(lines, fmt.Sprintf("| `%s` | %s |%s %s |", ind.Name, o.Name, cells, reasons[ind.Name]))
			}
		}
		if why := reasons[ind.Name]; listed != (why != "") {
			t.Errorf("%s: TA-Lib is wrong: %v; the reason: %q", ind.Name, listed, why)
		}
	}
	return lines
}

func blank(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.NaN()
	}
	return x
}

// Wherever TA-Lib's figures are wrong, ours are nearer to the truth, and no further
// from it than 1e-12; docs/accuracy.md says by how much, and why.
func TestAccuracy(t *testing.T) {
	t.Parallel()
	table := "| indicator | output | TA-Lib, walk | ours | TA-Lib, before the spike | ours | TA-Lib, after it | ours | reason |\n" +
		"|---|---|---|---|---|---|---|---|---|\n" + strings.Join(accuracies(t), "\n") + "\n"
	hold(t, "wrong", table)
	unjudged := "| indicator | why |\n|---|---|\n"
	for _, ind := range engine.Indicators() {
		if why := truth.Unjudged[ind.Name]; why != "" {
			unjudged += fmt.Sprintf("| `%s` | %s |\n", ind.Name, why)
		}
	}
	hold(t, "unjudged", unjudged)
}

// hold wants docs/accuracy.md to have text in the part of that name; with -update it
// writes it there.
func hold(t *testing.T, name, text string) {
	t.Helper()
	const file = "../docs/accuracy.md"
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- "+name+": written by go test ./engine -run Accuracy -update -->\n", "<!-- end of "+name+" -->\n"
	before, rest, ok := strings.Cut(string(page), begin)
	has, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no part %s", file, name)
	}
	if *update {
		if err := os.WriteFile(file, []byte(before+begin+text+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	was, is := strings.Split(has, "\n"), strings.Split(text, "\n")
	for i, line := range is {
		if i >= len(was) || was[i] != line {
			t.Errorf("%s does not say what was measured: go test ./engine -run Accuracy -update writes it; the first line that differs is\n%s", file, line)
			return
		}
	}
	if len(was) != len(is) {
		t.Errorf("%s has more lines than were measured", file)
	}
}
