package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// DX is the directional movement index.
var DX = &ta.Indicator{
	Spec: ta.Spec{
		Name: "dx", Title: "Directional Movement Index", Group: ta.GroupMomentum,
		Doc: `How one-sided the directional movement is, whichever way it goes: 0 where both sides are equal, 100 where there is but one. Its average is the ADX.

100 · |+DI − −DI| / (+DI + −DI), over n bars. The true range that both directional indicators are divided by cancels, so the close takes no part. Where nothing has moved it is what it was a bar before, at first 0.

J. W. Wilder, New Concepts in Technical Trading Systems, 1978.`,
		Inputs:  []ta.Input{ta.High, ta.Low, ta.Close},
		Params:  []ta.Param{ta.Bars("period", 14, 2, "bars summed")},
		Outputs: []ta.Output{{Name: "dx", Unit: ta.Percent}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New: func(a ta.Args) ta.Kernel {
		dx, held := newDX(a.Int("period")), &held{}
		return ta.NewKernel(func(in, out ta.Columns) {
			lead, holes := dx.next(in, out[0])
			held.next(out[0][lead:], holes)
			roll.Blank(lead, out[0])
		}, dx.direction, dx.up, dx.down, held)
	},
}

// dx is the index, NaN where nothing has moved.
type dx struct {
	direction         *roll.Direction
	up, down          *roll.Recurrence
	plus, minus, sums [ta.Tile]float64
}

func newDX(n int) *dx {
	return &dx{direction: roll.NewDirection(), up: roll.NewWilderSum(n), down: roll.NewWilderSum(n)}
}

// next says where the index begins, and whether it is NaN anywhere after that.
func (d *dx) next(in ta.Columns, out []float64) (lead int, holes bool) {
	m := len(out)
	return d.index(d.direction.Next(in[0], in[1], d.plus[:m], d.minus[:m]), out)
}

// watch is next for bars that may have holes: it is not ok, with d as it was, where it
// met one, or cannot tell.
func (d *dx) watch(in ta.Columns, out []float64) (lead int, holes, ok bool) {
	m := len(out)
	if !d.direction.Watch(in[0], in[1], in[2], d.plus[:m], d.minus[:m]) {
		return 0, false, false
	}
	lead, holes = d.index(0, out)
	return lead, holes, true
}

// index goes on from the movements, which begin at lead.
func (d *dx) index(lead int, out []float64) (int, bool) {
	m := len(out)
	sums := d.sums[:m]
	d.down.Next(d.minus[lead:m], sums[lead:])
	lead += d.up.Next(d.plus[lead:m], out[lead:])
	return lead, roll.Imbalance(out[lead:], out[lead:], sums[lead:])
}

// held fills holes with the value before them.
type held struct{ value float64 }

func (h *held) next(x []float64, holes bool) {
	if holes {
		for i := range x {
			if x[i] != x[i] {
				x[i] = h.value
			}
			h.value = x[i]
		}
	}
	if len(x) > 0 {
		h.value = x[len(x)-1]
	}
}

// AppendState implements ta.State.
func (h *held) AppendState(b []byte) []byte { return ta.AppendFloats(b, h.value) }

// Restore implements ta.State.
func (h *held) Restore(state []byte) ([]byte, error) {
	var v [1]float64
	rest, err := ta.RestoreFloats(state, v[:])
	h.value = v[0]
	return rest, err
}
