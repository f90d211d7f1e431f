package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// moves is what the docs of levels of a move say of the move.
const moves = `

The move is that between the highest high and the lowest low of the last n bars, from the one that came first to the one that came last; of equal prices the last one counts. Where both are of one bar, which does not say what came first, the move is up if that bar closed in the upper half of the range or in its middle, else down. The levels move with the window: they are those that could be drawn at each bar, and never of a turn that is not known yet.

R. Fischer, Fibonacci Applications and Strategies for Traders, 1993.`

// level is one of a move: a part of the way from its start to its end, and the name
// of the output.
type level struct {
	name string
	part float64
}

// fibonacci makes an indicator of the levels of a move, each at so much of the way
// from its start, 0, to its end, 1.
func fibonacci(name, title, doc string, levels ...level) *ta.Indicator {
	spec := ta.Spec{
		Name: name, Title: title, Group: ta.GroupOverlap, Doc: doc + moves,
		Inputs: []ta.Input{ta.High, ta.Low, ta.Close},
		Params: []ta.Param{ta.Bars("period", 50, 1, "bars in which the move is looked for")},
		Outputs: []ta.Output{
			{Name: "direction", Unit: ta.Ratio, Doc: "1 for a move up, −1 for one down"},
			{Name: "start", Unit: ta.Price, Doc: "the price at which the move began"},
			{Name: "end", Unit: ta.Price, Doc: "the price at which it ended"},
		},
		Memory: ta.Window,
	}
	for _, l := range levels {
		spec.Outputs = append(spec.Outputs, ta.Output{Name: l.name, Unit: ta.Price})
	}
	return &ta.Indicator{
		Spec:   spec,
		Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
		New: func(a ta.Args) ta.Kernel {
			n := a.Int("period")
			window, top, bottom := roll.NewRange(n), roll.NewPlaceOfMax(n), roll.NewPlaceOfMin(n)
			closes := roll.NewPick(n)
			var buf [4][ta.Tile]float64
			return ta.NewKernel(func(in, out ta.Columns) {
				direction, start, end := out[0], out[1], out[2]
				m := len(start)
				late, early, move, closed := buf[0][:m], buf[1][:m], buf[2][:m], buf[3][:m]
				top.Next(in[0], late)
				bottom.Next(in[1], early)
				closes.Next(in[2], late, closed)
				lead := window.Next(in[0], in[1], end, start)
				for i := lead; i < m; i++ {
					direction[i] = 1
					if late[i] < early[i] || late[i] == early[i] && closed[i]-start[i] < end[i]-closed[i] {
						direction[i] = -1
						start[i], end[i] = end[i], start[i]
					}
				}
				roll.Sub(move, end, start)
				for k, l := range levels {
					roll.MulAdd(out[3+k], move, l.part, start)
				}
				roll.Blank(lead, out...)
			}, window, top, bottom, closes)
		},
	}
}
