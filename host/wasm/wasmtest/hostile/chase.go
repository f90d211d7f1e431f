package hostile

import (
	"fmt"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// Chases has modules that follow a ring of addresses: each load has the next one's
// address, and waits for the memory. A unit of their gas takes up to a hundred
// times what another does, so that in a large memory a call gets few at once. They
// begin with more than LateBars.
func Chases() (all []Module) {
	const item, mib = "loads that wait for one another", 1 << 20
	chase := func(name string, memory int, then ...any) wt.Guest {
		g := wt.Guest{Name: name, Pages: uint32(memory >> 16), Run: code(wt.If(wt.Over(LateBars), code(then...)), wt.EachBar(wt.Mean()))}
		if memory > 16*mib {
			g.Padding = 256 << 10 // it is Large
		}
		return g
	}
	for _, kib := range []int{64, 256, 1024} {
		g := chase(fmt.Sprintf("chase_%d", kib), 2*kib<<10, ring(kib<<10, 64), follow(kib<<10, 0))
		all = append(all, Module{
			Item: item, Name: fmt.Sprintf("later follows addresses through %d KiB without end", kib), Bytes: guest(g), Plugin: g.Name,
			By: Call, What: "out-of-gas", Says: "units",
		})
	}
	for _, of := range []int{16, 64} {
		const turns = 5000 // of a hundred loads: more than a call gets at once
		g := chase(fmt.Sprintf("chases_%d", of), of*mib, ring(of*mib/2, of*4), follow(of*mib/2, turns))
		all = append(all, Module{Item: item, Name: fmt.Sprintf("follows addresses through half of %d MiB and then works", of), Bytes: guest(g), Plugin: g.Name, By: Nobody})
	}
	return all
}

// ring is code that makes the upper half of a memory of twice so many bytes a
// ring: each line, of which there is a power of two, has the address of another,
// from the half's beginning.
func ring(half, line int) []byte {
	address := wt.U(uint64(half))
	next := code(wt.Get(wt.I32), wt.Int(1103515245), 0x6c, wt.Int(int32(12345*line)), bytecode.I32Add, wt.Int(int32(half-line)), 0x71)
	return code(
		wt.Int(0), wt.Set(wt.I32),
		bytecode.Loop, bytecode.EmptyBlock,
		wt.Get(wt.I32), next, bytecode.I32Store, 2, address,
		next, bytecode.LocalTee, wt.I32, bytecode.BrIf, 0, end, // until it is at 0 again
	)
}

// follow is code that follows the ring: so many turns of 100 loads, or, for 0, 2³²
// of them, which is without an end.
func follow(half, turns int) []byte {
	return code(
		wt.Int(0), wt.Set(wt.I32), wt.Int(int32(turns)), wt.Set(wt.Bar),
		bytecode.Loop, bytecode.EmptyBlock,
		wt.Get(wt.I32), repeat(100, code(bytecode.I32Load, 2, wt.U(uint64(half)))), wt.Set(wt.I32),
		wt.Get(wt.Bar), wt.Int(1), bytecode.I32Sub, bytecode.LocalTee, wt.Bar, bytecode.BrIf, 0, end,
	)
}
