package hostile

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"

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
	g := Prebuilt(128, 210) // of 2,500 loads
	return append(all, Module{Item: item, Name: "follows addresses across lines through 8 MiB that were ready, and then works", Bytes: guest(g), Plugin: g.Name, By: Nobody})
}

// Prebuilt is a guest that has nothing to do but loads once it is called, and each
// of those has half of its address in one line of the cache and half in the next. A
// page of data has the addresses, ta_alloc copies it over so many pages of memory,
// and each load adds the beginning of another: 1,024 addresses lead through all. It
// follows them for so many turns of 2,500.
func Prebuilt(pages, turns int) wt.Guest {
	const page, line, across, lines = 1 << 16, 64, 62, 1 << 16 / 64
	r := rand.New(rand.NewPCG(1, 2))
	order := r.Perm(lines)
	data := make([]byte, page)
	for i, at := range order {
		next := binary.LittleEndian.AppendUint32(nil, uint32(page+line*order[(i+1)%lines]))
		for k, b := range next {
			data[(line*at+across+k)%page] = b
		}
	}
	const loads = 2500
	var follow []byte
	for range loads {
		follow = code(follow, bytecode.I32Load, 0, wt.U(uint64(across+page*r.IntN(pages-2))))
	}
	chase := code(
		wt.Int(int32(page+line*order[0])), wt.Set(wt.I32), wt.Int(int32(turns)), wt.Set(wt.Bar),
		bytecode.Loop, bytecode.EmptyBlock,
		wt.Get(wt.I32), follow, wt.Set(wt.I32),
		wt.Get(wt.Bar), wt.Int(1), bytecode.I32Sub, bytecode.LocalTee, wt.Bar, bytecode.BrIf, 0, end,
	)
	const most = 30_000 // bytes that there is room for below the data
	return wt.Guest{
		Name: "chase_ready", Pages: uint32(pages),
		Alloc: code(
			wt.If(code(wt.Get(0), wt.Int(most), 0x4a), code(zero, bytecode.Return)), // i32.gt_s
			wt.Int(2*page), wt.Set(0),
			bytecode.Loop, bytecode.EmptyBlock,
			wt.Get(0), wt.Int(page), wt.Int(page), bytecode.MemoryCopy, 0, 0,
			wt.Get(0), wt.Int(page), bytecode.I32Add, bytecode.LocalTee, 0, wt.Int(int32(page*pages)), bytecode.I32LtS, bytecode.BrIf, 0, end,
			wt.Int(32<<10),
		),
		Run: code(wt.If(wt.Over(LateBars), chase), wt.EachBar(wt.Mean())),
		Change: func(m *wt.Module) {
			m.Data = append(m.Data, code(0, wt.Int(page), end, wt.U(page), data))
		},
	}
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
