package engine_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// What follows is the example of CONTRIBUTING.md, which says what the tests say
// of it when something is forgotten. It is no indicator of the engine.

// CV is the coefficient of variation.
var CV = &ta.Indicator{
	Spec: ta.Spec{
		Name: "cv", Title: "Coefficient of Variation", Group: ta.GroupStatistic,
		Doc: `How far the last n prices are from their mean, in percent of the mean, so that a cheap share can be compared with a dear one.

100 · σ / mean, σ the population's standard deviation of the last n prices; 0 where the mean is 0.

K. Pearson, Regression, Heredity and Panmixia, 1896.`,
		Inputs:  []ta.Input{ta.Real},
		Params:  []ta.Param{ta.Bars("period", 20, 2, "bars in the sample")},
		Outputs: []ta.Output{{Name: "cv", Unit: ta.Percent}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		spread := roll.NewDeviation(a.Int("period"))
		var mean [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			mean, cv := mean[:len(in[0])], out[0]
			lead := spread.Next(in[0], mean, cv)
			roll.Percent(cv[lead:], cv[lead:], mean[lead:])
		}, spread)
	},
}

var exampleReference = map[string]func(a ta.Args, in ta.Columns) ta.Columns{
	"cv": func(a ta.Args, in ta.Columns) ta.Columns {
		spread, mean := refDeviation(in[0], a.Int("period")), refMean(in[0], a.Int("period"))
		return ta.Columns{each(spread, func(i int) float64 { return 100 * spread[i] / mean[i] })}
	},
}

// The code in CONTRIBUTING.md is the code above, which obeys the laws and gives
// what it should; and each thing that can be forgotten is found, in the words
// that are quoted there.
func TestContributing(t *testing.T) {
	guide, source := text(t, "../CONTRIBUTING.md"), text(t, "contributing_test.go")
	blocks := strings.Split(guide, "```go\n")[1:]
	if len(blocks) != 3 {
		t.Errorf("CONTRIBUTING.md has %d blocks of Go, want the file, its line in the list and its definition", len(blocks))
	}
	for i, block := range blocks {
		code, _, _ := strings.Cut(block, "```\n")
		if i == 0 { // from the imports on, it is here
			_, code, _ = strings.Cut(code, "\n)\n")
		}
		if i != 1 && !strings.Contains(source, code) {
			t.Errorf("CONTRIBUTING.md has this, contributing_test.go has not:\n%s", code)
		}
	}
	quotes := func(what, said string) {
		if !strings.Contains(guide, said+"\n") {
			t.Errorf("%s: CONTRIBUTING.md does not quote: %s", what, said)
		}
	}
	quotes("no line in the list", fmt.Sprintf(notListed, "CV", "statistic/cv.go", "statistic"))
	quotes("another folder's group", fmt.Sprintf(wrongGroup, "statistic/cv.go", "GroupMomentum"))
	quotes("no figures", fmt.Sprintf(noFigures, "cv"))
	quotes("no bits", bitNews(bitListing(t), bitListing(t, CV))[0])

	if said := complaint(t, CV); said != "" {
		t.Errorf("the example breaks a law: %s", said)
	}
	var closes []float64
	for line := range strings.Lines(string(sample.IBM)) {
		if v, err := strconv.ParseFloat(strings.Split(line, ",")[4], 64); err == nil { // else it is the header
			closes = append(closes, v)
		}
	}
	values := CV.Run(trials(t, CV)[0], ta.Columns{closes})[0]
	for i := len(closes) - 2; i < len(closes); i++ {
		quotes("the last of the sample", fmt.Sprintf("  %.3f  %f", closes[i], values[i]))
	}
	for what, spoil := range map[string]func(ind *ta.Indicator){
		"another unit": func(ind *ta.Indicator) { ind.Outputs = []ta.Output{{Name: "cv", Unit: ta.Price}} },
		"another warm-up": func(ind *ta.Indicator) {
			ind.Warmup = func(a ta.Args) int { return a.Int("period") }
		},
		"a part left out": func(ind *ta.Indicator) {
			ind.New = func(a ta.Args) ta.Kernel { return forgetful{CV.New(a)} }
		},
		"another formula": func(ind *ta.Indicator) {
			ind.New = func(a ta.Args) ta.Kernel { return hundredth{CV.New(a)} }
		},
	} {
		ind := &ta.Indicator{Spec: CV.Spec, Warmup: CV.Warmup, New: CV.New}
		spoil(ind)
		// The last digits of what a definition wants are the processor's.
		said, _, found := strings.Cut(complaint(t, ind), ", want ")
		switch {
		case said == "":
			t.Errorf("%s: nothing is said", what)
		case found && !strings.Contains(guide, said+", want "), !found && !strings.Contains(guide, said+"\n"):
			t.Errorf("%s: CONTRIBUTING.md does not quote: %s", what, said)
		}
	}
}

// complaint is the first thing that TestLaws or TestReferences says of ind.
func complaint(t *testing.T, ind *ta.Indicator) string {
	for _, a := range trials(t, ind) {
		for _, kind := range law.All(1, bars) {
			in := kind.Columns(ind.Inputs)
			if err := obeys(law.Native(ind, a), in, rand.New(rand.NewPCG(7, 8))); err != nil {
				return fmt.Sprintf("%s %s: %v", describe(a), kind.Name, err)
			}
			if kind.Name == "holed" {
				continue // as in TestReferences
			}
			begin := min(ind.Warmup(a), bars)
			got, want := ind.Run(a, in)[0], exampleReference[ind.Name](a, in)[0]
			if err := same(got, begin, pointers(want[begin:])); err != nil {
				return fmt.Sprintf("%s %s: %s: %v", describe(a), kind.Name, ind.Name, err)
			}
		}
	}
	return ""
}

// forgetful is a kernel that was not told one of its parts.
type forgetful struct{ ta.Kernel }

func (forgetful) AppendState(b []byte) []byte { return b }
func (forgetful) Restore(state []byte) error {
	if len(state) != 0 {
		return ta.ErrState
	}
	return nil
}

// hundredth is a kernel that gives parts of one instead of percent.
type hundredth struct{ ta.Kernel }

func (k hundredth) Next(in, out ta.Columns) {
	k.Kernel.Next(in, out)
	roll.Divide(out[0], out[0], 100)
}

func text(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
