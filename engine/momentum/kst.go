package momentum

import (
	"fmt"

	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// KST is Pring's know sure thing.
var KST = &ta.Indicator{
	Spec: ta.Spec{
		Name: "kst", Title: "Know Sure Thing", Group: ta.GroupMomentum,
		Doc: `The momentum of four cycles in one line, the longest weighing most: it turns when most of them do. A cross of its signal is read as a turn of the trend, its sign as the trend itself.

kst = 1·SMA(ROC(x, r1), s1) + 2·SMA(ROC(x, r2), s2) + 3·SMA(ROC(x, r3), s3) + 4·SMA(ROC(x, r4), s4), kst_signal = SMA(kst, signal); ROC(x, n) = 100 · (x / x[n bars before] − 1), 0 where the price before is 0.

M. J. Pring, Summed Rate of Change (KST), Technical Analysis of Stocks & Commodities, 1992.`,
		Inputs: []ta.Input{ta.Real},
		Params: []ta.Param{
			ta.Bars("roc1_period", 10, 1, "bars that the first, the shortest, looks back"),
			ta.Bars("roc2_period", 15, 1, "bars that the second looks back"),
			ta.Bars("roc3_period", 20, 1, "bars that the third looks back"),
			ta.Bars("roc4_period", 30, 1, "bars that the fourth looks back"),
			ta.Bars("sma1_period", 10, 1, "bars that the first is averaged over"),
			ta.Bars("sma2_period", 10, 1, "bars that the second is averaged over"),
			ta.Bars("sma3_period", 10, 1, "bars that the third is averaged over"),
			ta.Bars("sma4_period", 15, 1, "bars that the fourth is averaged over"),
			ta.Bars("signal_period", 9, 1, "bars of the signal"),
		},
		Outputs: []ta.Output{{Name: "kst", Unit: ta.Percent}, {Name: "kst_signal", Unit: ta.Percent}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int {
		lead := 0
		for k := 1; k <= 4; k++ {
			lead = max(lead, kstPeriod(a, "roc", k)+kstPeriod(a, "sma", k)-1)
		}
		return lead + a.Int("signal_period") - 1
	},
	New: func(a ta.Args) ta.Kernel {
		var changes [4]*roll.Lag
		var averages [4]*roll.Sum
		signal := roll.NewMean(a.Int("signal_period"))
		parts := []ta.State{signal}
		for k := range changes {
			changes[k], averages[k] = roll.NewLag(kstPeriod(a, "roc", k+1)), roll.NewMean(kstPeriod(a, "sma", k+1))
			parts = append(parts, changes[k], averages[k])
		}
		var raw, smooth [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			kst, line := out[0], out[1]
			raw, smooth := raw[:len(kst)], smooth[:len(kst)]
			clear(kst)
			most := 0
			for k := range changes {
				lead := changes[k].Compare(in[0], raw, roll.Change)
				lead += averages[k].Next(raw[lead:], smooth[lead:])
				roll.MulAdd(kst[lead:], smooth[lead:], float64(k+1), kst[lead:])
				most = max(most, lead)
			}
			most += signal.Next(kst[most:], line[most:])
			roll.Blank(most, kst, line)
		}, parts...)
	},
}

func kstPeriod(a ta.Args, kind string, k int) int { return a.Int(fmt.Sprintf("%s%d_period", kind, k)) }
