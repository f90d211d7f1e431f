package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// AC is the accelerator oscillator.
var AC = &ta.Indicator{
	Spec: ta.Spec{
		Name: "ac", Title: "Accelerator/Decelerator Oscillator", Group: ta.GroupMomentum,
		Doc: `Whether the awesome oscillator is above or below its own average: momentum turns before prices do, and its acceleration before that.

AO − SMA(AO, signal).

B. Williams, New Trading Dimensions, 1998.`,
		Inputs:  []ta.Input{ta.High, ta.Low},
		Params:  append(awesomePeriods[:2:2], ta.Bars("signal_period", 5, 2, "bars of the average of the oscillator")),
		Outputs: []ta.Output{{Name: "ac", Unit: ta.Price}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return awesomeLead(a) + a.Int("signal_period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		n, m, signal := a.Int("fast_period"), a.Int("slow_period"), a.Int("signal_period")
		// AO less its mean is made of its steps, and those of both means of the
		// highs and lows n and m bars before: no level takes part, so neither does its
		// rounding.
		fast, slow := newRise(n), newRise(m)
		mean := roll.NewWeighted(signal-1, 1, 0, float64(signal))
		var step, other [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			ac := out[0]
			step, other := step[:len(ac)], other[:len(ac)]
			lead := max(fast.next(in, step, ac), slow.next(in, other, ac))
			roll.Sub(step[lead:], step[lead:], other[lead:])
			lead += mean.Next(step[lead:], ac[lead:])
			roll.Blank(lead, ac)
		}, fast.high, fast.low, slow.high, slow.low, mean)
	},
}

// rise is how far the mean over n bars of (high + low) / 2 rose in a bar.
type rise struct {
	high, low *roll.Lag
	divisor   float64
}

func newRise(n int) *rise { return &rise{roll.NewLag(n), roll.NewLag(n), float64(2 * n)} }

func (r *rise) next(in ta.Columns, out, spare []float64) int {
	lead := r.high.Compare(in[0], out, roll.Sub)
	r.low.Compare(in[1], spare, roll.Sub)
	roll.Add(out[lead:], out[lead:], spare[lead:])
	roll.Divide(out[lead:], out[lead:], r.divisor)
	return lead
}
