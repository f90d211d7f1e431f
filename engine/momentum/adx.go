package momentum

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// ADX is the average directional index.
var ADX = &ta.Indicator{
	Spec: ta.Spec{
		Name: "adx", Title: "Average Directional Movement Index", Group: ta.GroupMomentum,
		Doc: `How strong the trend is, whichever way it goes. Above 25 is commonly read as a trend, below 20 as none.

Wilder's average over n bars of DX = 100 · |+DI − −DI| / (+DI + −DI), seeded by the mean of the first n. The true range that both directional indicators are divided by cancels, so the close takes no part. Bars on which nothing has moved yet have no DX: they count as 0 in the seed, and keep the average as it is after it.

J. W. Wilder, New Concepts in Technical Trading Systems, 1978.`,
		Inputs:  []ta.Input{ta.High, ta.Low, ta.Close},
		Params:  []ta.Param{ta.Bars("period", 14, 2, "bars summed, and averaged")},
		Outputs: []ta.Output{{Name: "adx", Unit: ta.Percent}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int { return 2*a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		dx, average := newDX(a.Int("period")), newPatient(a.Int("period"))
		sums := roll.NewPair(dx.up, dx.down)
		var index [ta.Tile]float64
		finish := func(lead int, holes bool, adx []float64) {
			index := index[:len(adx)]
			lead += average.next(index[lead:], adx[lead:], holes)
			roll.Blank(lead, adx)
		}
		k := ta.NewTicking(func(in, out ta.Columns) {
			lead, holes := dx.next(in, index[:len(out[0])])
			finish(lead, holes, out[0])
		}, func(high, low, close, _ float64) (adx, _, _ float64) {
			if ta.Holes(high, low, close, 0) {
				return ta.NoValues()
			}
			plus, minus := roll.Lanes(sums.Tick(dx.direction.Tick(high, low)))
			return average.Tick(roll.ImbalanceOf(plus, minus)), 0, 0
		}, dx.direction, sums, average)
		return ta.Watchful(k, func(in, out ta.Columns) bool {
			lead, holes, ok := dx.watch(in, index[:len(out[0])])
			if ok {
				finish(lead, holes, out[0])
			}
			return ok
		})
	},
}

// patient is an average that waits while there is nothing to average.
type patient struct {
	*roll.Recurrence
	held float64 // the last result, NaN before the first
}

func newPatient(n int) *patient { return &patient{Recurrence: roll.NewWilder(n), held: math.NaN()} }

// next sets out to the averages. With holes, dx may have NaN: in the seed it
// counts as 0, later on it leaves the average as it is.
func (p *patient) next(dx, out []float64, holes bool) (lead int) {
	if !holes {
		lead = p.Recurrence.Next(dx, out)
		if len(out) > 0 {
			p.held = out[len(out)-1]
		}
		return lead
	}
	for i := range dx {
		if dx[i] != dx[i] {
			if p.held == p.held {
				out[i] = p.held
				continue
			}
			dx[i] = 0
		}
		lead += p.Recurrence.Next(dx[i:i+1], out[i:i+1])
		p.held = out[i]
	}
	return lead
}

// Tick is next for one value.
func (p *patient) Tick(dx float64) float64 {
	if dx == dx {
		p.held = p.Recurrence.Tick(dx)
	}
	return p.held
}

// AppendState implements ta.State.
func (p *patient) AppendState(b []byte) []byte {
	return ta.AppendFloats(p.Recurrence.AppendState(b), p.held)
}

// Restore implements ta.State.
func (p *patient) Restore(state []byte) ([]byte, error) {
	rest, err := p.Recurrence.Restore(state)
	if err != nil {
		return nil, err
	}
	var held [1]float64
	rest, err = ta.RestoreFloats(rest, held[:])
	p.held = held[0]
	return rest, err
}
