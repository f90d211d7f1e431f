package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// RSI is the relative strength index.
var RSI = &ta.Indicator{
	Spec: ta.Spec{
		Name: "rsi", Title: "Relative Strength Index", Group: ta.GroupMomentum,
		Doc: `How much of the recent movement was upward: 100 when every step was a gain, 0 when every one was a loss or there was none. Above 70 is commonly read as overbought, below 30 as oversold.

100 · gain / (gain + loss), where gain and loss are Wilder's averages over n bars of the steps up and down.

J. W. Wilder, New Concepts in Technical Trading Systems, 1978.`,
		Inputs:  []ta.Input{ta.Real},
		Params:  []ta.Param{ta.Bars("period", 14, 2, "bars averaged")},
		Outputs: []ta.Output{{Name: "rsi", Unit: ta.Percent}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New: func(a ta.Args) ta.Kernel {
		n := a.Int("period")
		gain, loss := roll.NewWilder(n), roll.NewWilder(n)
		steps, averages := newStrength(gain, loss), roll.NewPair(gain, loss)
		finish := func(lead int, rsi []float64) {
			up, down, losses := steps.up[:len(rsi)], steps.down[:len(rsi)], steps.losses[:len(rsi)]
			gain.Next(up[lead:], rsi[lead:])
			lead += loss.NextShare(down[lead:], losses[lead:], rsi[lead:], rsi[lead:])
			roll.Blank(lead, rsi)
		}
		k := ta.NewTicking(func(in, out ta.Columns) {
			m := len(out[0])
			finish(steps.moves.Next(in[0], steps.up[:m], steps.down[:m]), out[0])
		}, func(x, _, _, _ float64) (rsi, _, _ float64) {
			if ta.Hole(x) {
				return ta.NoValues()
			}
			up, down := roll.Lanes(averages.Tick(steps.moves.Tick(x)))
			return roll.ShareOf(up, down, 0), 0, 0
		}, steps.moves, averages)
		return ta.Watchful(k, func(in, out ta.Columns) bool {
			m := len(out[0])
			ok := steps.moves.Watch(in[0], steps.up[:m], steps.down[:m])
			if ok {
				finish(0, out[0])
			}
			return ok
		})
	},
}

// share is the part of the gains in percent, 0 where nothing moved.
func share(dst, gain, loss []float64) { roll.Share(dst, gain, loss, 0) }

// strength weighs the steps up against the steps down.
type strength struct {
	moves            *roll.Moves
	gain, loss       roll.Average
	up, down, losses [ta.Tile]float64
}

func newStrength(gain, loss roll.Average) *strength {
	return &strength{moves: roll.NewMoves(), gain: gain, loss: loss}
}

func (s *strength) parts() []ta.State { return []ta.State{s.moves, s.gain, s.loss} }

// next sets out to what weigh makes of gains and losses.
func (s *strength) next(x, out []float64, weigh func(dst, gain, loss []float64)) int {
	up, down, losses := s.up[:len(x)], s.down[:len(x)], s.losses[:len(x)]
	lead := s.moves.Next(x, up, down)
	s.loss.Next(down[lead:], losses[lead:])
	lead += s.gain.Next(up[lead:], out[lead:])
	weigh(out[lead:], out[lead:], losses[lead:])
	roll.Blank(lead, out)
	return lead
}
