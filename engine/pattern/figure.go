package pattern

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// rule marks the bars of a word on which a pattern is complete.
type rule func(c *chart)

// figure is a pattern as its file tells it.
type figure struct {
	name, title, doc string
	unit             ta.Unit // ta.Signal unless given

	candles int // how many the rule looks at
	over    int // candles before them that the longest average takes
	wait    int // bars that TA-Lib waits beyond that
	rule    rule

	// A part of a body, if the rule uses one: fixed, or the default of the
	// parameter that says how deep a close must come into an earlier body.
	part, penetration float64
}

// indicator is what a figure is to the engine.
func indicator(f figure) *ta.Indicator {
	if f.unit == "" {
		f.unit = ta.Signal
	}
	ind := &ta.Indicator{
		Spec: ta.Spec{
			Name: f.name, Title: f.title, Doc: f.doc, Group: ta.GroupPattern,
			Inputs:  []ta.Input{ta.Open, ta.High, ta.Low, ta.Close},
			Outputs: []ta.Output{{Name: f.name, Unit: f.unit}},
			Memory:  ta.Window,
		},
		Warmup: func(ta.Args) int { return f.warmup() },
		New:    func(ta.Args) ta.Kernel { return f.kernel(f.part) },
	}
	if f.penetration != 0 {
		ind.Params = []ta.Param{
			ta.Number("penetration", f.penetration, 0, 3e37, "how deep into the body, as a part of it"),
		}
		ind.New = func(a ta.Args) ta.Kernel { return f.kernel(a.Float("penetration")) }
	}
	return ind
}

// warmup is the first bar on which all candles that the rule looks at are there,
// and have what they are measured by.
func (f *figure) warmup() int { return f.over + f.candles - 1 + f.wait }

func (f *figure) kernel(part float64) ta.Kernel {
	chart, early := newChart(f.warmup(), part), roll.NewSkip(f.warmup())
	return ta.NewKernel(func(in, out ta.Columns) {
		signal := out[0]
		for from := 0; from < len(signal); from += stretch {
			drawn := signal[from:min(from+stretch, len(signal))]
			chart.take(in, from, from+len(drawn))
			for i := 0; i < len(drawn); i += roll.Word {
				chart.look(i, drawn[i:min(i+roll.Word, len(drawn))])
				f.rule(chart)
			}
		}
		roll.Blank(early.Next(len(signal)), signal)
	}, chart, early)
}
