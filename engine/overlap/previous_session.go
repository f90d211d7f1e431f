package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// PreviousSession are the prices that the session before left behind.
var PreviousSession = &ta.Indicator{
	Spec: ta.Spec{
		Name: "previous_session", Title: "Previous Session's High and Low", Group: ta.GroupOverlap,
		Doc: `The highest, the lowest and the last price of the session before: levels that everybody in the market can see, at which prices turn, or run once they are past.

high = highest high, low = lowest low, close = last close of the last session with a bar before this bar's. A session is a day that begins session_start minutes after midnight, UTC: 0 where trade never stops, and for other markets any minute at which they are closed, so that a change to summer time does not matter. The first session is taken for whole, though the series may begin within it. For the levels of so many bars before, whenever they were, take donchian's of the bar before, or pivot_floor.

T. Crabel, Day Trading with Short Term Price Patterns and Opening Range Breakout, 1990.`,
		Inputs: []ta.Input{ta.High, ta.Low, ta.Close, ta.Timestamp},
		Params: []ta.Param{{Name: "session_start", Max: 24*60 - 1, Integer: true, Doc: "minutes after midnight, UTC, at which sessions begin"}},
		Outputs: []ta.Output{
			{Name: "high", Unit: ta.Price}, {Name: "low", Unit: ta.Price}, {Name: "close", Unit: ta.Price},
		},
		Memory: ta.Fading, // nothing is left of the session before the last
	},
	Warmup: func(ta.Args) int { return 1 },
	New: func(a ta.Args) ta.Kernel {
		before := roll.NewPreviousSession(a.Int("session_start"))
		return ta.NewKernel(func(in, out ta.Columns) { before.Next(in[0], in[1], in[2], in[3], out) }, before)
	},
}
