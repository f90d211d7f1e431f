package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// SARExt is the parabolic stop and reverse with a side of its own for each way.
var SARExt = &ta.Indicator{
	Spec: ta.Spec{
		Name: "sarext", Title: "Parabolic SAR, Extended", Group: ta.GroupOverlap,
		Doc: `The parabolic SAR with an acceleration of its own for long and for short positions, a chosen beginning, and a distance to begin a new stop at. It is negative while the position is short.

As sar; start_value 0 begins as that does, above 0 with a long position stopped there, below 0 with a short one stopped at its size. On a reversal the new stop is moved away by the part offset_on_reverse of itself. start_value is a price, so no scaling law holds for every value of it, and the output has no unit.

J. W. Wilder, New Concepts in Technical Trading Systems, 1978; the extension is TA-Lib's.`,
		Inputs: []ta.Input{ta.High, ta.Low},
		Params: []ta.Param{
			ta.Number("start_value", 0, -3e37, 3e37, "the first stop, negative for a short position; 0 finds one"),
			ta.Number("offset_on_reverse", 0, 0, 3e37, "the part of a new stop that it is moved away by"),
			ta.Number("acceleration_init_long", 0.02, 0, 3e37, "the part of the distance at first, long"),
			ta.Number("acceleration_long", 0.02, 0, 3e37, "what it grows by with a new high"),
			ta.Number("acceleration_max_long", 0.2, 0, 3e37, "the largest part, long"),
			ta.Number("acceleration_init_short", 0.02, 0, 3e37, "the part of the distance at first, short"),
			ta.Number("acceleration_short", 0.02, 0, 3e37, "what it grows by with a new low"),
			ta.Number("acceleration_max_short", 0.2, 0, 3e37, "the largest part, short"),
		},
		Outputs: []ta.Output{{Name: "sarext", Unit: ta.None, Doc: "a price, negative while short"}},
		Memory:  ta.Fading, // two that began differently are one after some reversals
	},
	Warmup: func(ta.Args) int { return 1 },
	New: func(a ta.Args) ta.Kernel {
		speed := func(side string) roll.Acceleration {
			return roll.Acceleration{
				First: a.Float("acceleration_init_" + side), Step: a.Float("acceleration_" + side), Limit: a.Float("acceleration_max_" + side),
			}
		}
		return stops(roll.NewParabolic(a.Float("start_value"), a.Float("offset_on_reverse"), speed("long"), speed("short"), true))
	},
}
