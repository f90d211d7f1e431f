package hostile

import (
	"math"
	"strings"

	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// Late has modules that are sound up to LateBars.
func Late() []Module {
	late := func(name, kind, says string, bad ...any) Module {
		g := wt.Guest{
			Name: "late_" + strings.ReplaceAll(name, " ", "_"), Extra: wt.Call(wt.ExtraFunction),
			Run: code(wt.If(wt.Over(LateBars), code(bad...)), wt.EachBar(wt.Mean())),
		}
		return Module{
			Item: "behaves at check time and misbehaves later", Name: "later " + name, Bytes: guest(g), Plugin: g.Name,
			By: Call, What: kind, Says: says,
		}
	}
	grow := code(wt.Int(1), 0x40, 0, drop)
	untilFull := code(wt.Int(300), wt.Set(wt.I32), 0x03, 0x40, grow, wt.Get(wt.I32), wt.Int(1), 0x6b, 0x22, wt.I32, 0x0d, 0, 0x0b)
	const ret = 0x0f
	return []Module{
		late("loops", "out-of-gas", "units", wt.Loop()),
		late("fills its memory in a loop", "out-of-gas", "units", 0x03, 0x40, wt.Int(0), wt.Int(0), wt.Int(65_536), 0xfc, 0x0b, 0, 0x0c, 0, 0x0b),
		late("grows in a loop", "out-of-gas", "units", 0x03, 0x40, grow, 0x0c, 0, 0x0b),
		late("recurses", "depth-exceeded", "stack", wt.Call(wt.ExtraFunction)),
		late("traps", "trap", "unreachable", wt.Trap()),
		late("reads outside", "trap", "out of bounds", wt.Int(-8), 0x28, 2, 0, drop),
		late("gives a code", "trap", "code 7", wt.Int(7), ret),
		late("fills its memory and traps", "memory", "limit", untilFull, wt.Trap()),
		late("gives an infinity", "bad-output", "output mean at bar 9 is infinite", only(9, math.Inf(-1)), ret),
		late("forgets to write", "bad-output", "output mean at bar 0 was not written", wt.Int(0), ret),
	}
}
