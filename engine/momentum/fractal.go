package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Fractal are Williams's fractals.
var Fractal = &ta.Indicator{
	Spec: ta.Spec{
		Name: "fractal", Title: "Williams Fractal", Group: ta.GroupMomentum,
		Doc: `Bars at which the market turned: a high above those of the bars on both sides of it, and a low below them. The mark is on the bar that confirms it, right_bars after the turn, since nobody knows before.

swing_high is 100 where the high of right_bars before is above the highs of left_bars before it and of right_bars after it, else 0; swing_low likewise with lower lows. Equal prices are no turn.

B. Williams, Trading Chaos, 1995.`,
		Inputs: []ta.Input{ta.High, ta.Low},
		Params: []ta.Param{
			ta.Bars("left_bars", 2, 1, "bars before the turn"),
			ta.Bars("right_bars", 2, 1, "bars after it"),
		},
		Outputs: []ta.Output{
			{Name: "swing_high", Unit: ta.Percent, Doc: "100 on the bar that confirms a high, else 0"},
			{Name: "swing_low", Unit: ta.Percent, Doc: "100 on the bar that confirms a low, else 0"},
		},
		Memory: ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("left_bars") + a.Int("right_bars") },
	New: func(a ta.Args) ta.Kernel {
		left, right := a.Int("left_bars"), a.Int("right_bars")
		high, low := newTurn(left, right, roll.NewMax, roll.Swing), newTurn(left, right, roll.NewMin, roll.Dip)
		return ta.NewKernel(func(in, out ta.Columns) {
			high.next(in[0], out[0])
			low.next(in[1], out[1])
		}, high.before, high.after, high.pivot, high.shift, low.before, low.after, low.pivot, low.shift)
	},
}

// turn compares a value with the extremes on both sides of it.
type turn struct {
	before, after *roll.Extremum
	pivot, shift  *roll.Lag
	mark          func(dst, x, before, after []float64)
	x, a, b, c    [ta.Tile]float64
}

func newTurn(left, right int, extremum func(int) *roll.Extremum, mark func(dst, x, before, after []float64)) *turn {
	return &turn{
		before: extremum(left), after: extremum(right),
		pivot: roll.NewLag(right), shift: roll.NewLag(right + 1), mark: mark,
	}
}

func (t *turn) next(x, out []float64) {
	m := len(x)
	pivot, before, after, raw := t.x[:m], t.a[:m], t.b[:m], t.c[:m]
	t.pivot.Next(x, pivot)
	t.after.Next(x, after)
	lead := t.before.Next(x, raw)
	lead += t.shift.Next(raw[lead:], before[lead:])
	t.mark(out[lead:], pivot[lead:], before[lead:], after[lead:])
	roll.Blank(lead, out)
}
