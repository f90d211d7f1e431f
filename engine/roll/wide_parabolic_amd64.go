//go:build goexperiment.simd

package roll

import (
	"simd/archsimd"
	"unsafe"
)

// rideWide keeps a long position in one lane and a short one, its prices negated,
// in the other. At each bar the lane in use goes on, and the other one begins
// where it would after a hit; a hit does no more than change which lane is in
// use. So nothing waits for a branch, and hits and new best prices are what no
// processor can predict. It leaves the last bar, beyond which it must not read.
func (p *Parabolic) rideWide(high, low, out []float64, i int) int {
	n := len(out) - 1
	if !wide || i >= n || p.offset != 0 {
		return i
	}
	two := func(long, short float64) Two {
		return archsimd.LoadFloat64x2(&[2]float64{long, short})
	}
	at := func(p unsafe.Pointer, i int) Two { return archsimd.LoadFloat64x2((*[2]float64)(unsafe.Add(p, i*8))) }
	up, down := p.accelerations[0], p.accelerations[1]
	first, step, limit := two(up.First, down.First), two(up.Step, down.Step), two(up.Limit, down.Limit)
	both := archsimd.BroadcastInt64x2(-1 << 63)
	second := archsimd.LoadInt64x2(&[2]int64{0, -1 << 63})
	var negative archsimd.Int64x2 // where results are to be prices
	if !p.signed {
		negative = second
	}
	sar, best, part := archsimd.BroadcastFloat64x2(p.sar), archsimd.BroadcastFloat64x2(p.best), archsimd.BroadcastFloat64x2(p.part)
	used := two(p.side, -p.side).Greater(two(0, 0)).ToInt64x2()
	before := two(p.low, -p.high)
	ph, pl, q := base(high[:n+1]), base(low[:n+1]), base(out)
	for ; i < n; i++ {
		near := at(pl, i).SelectFromPair(0, 2, at(ph, i)).AsInt64x2().Xor(second)
		far := near.SelectFromPair(1, 2, near).Xor(both).AsFloat64x2()
		now := near.AsFloat64x2()
		room := before.Min(now)
		before = now

		hit := now.LessEqual(sar).ToInt64x2().And(used)
		use := used.ToMask()
		grown := part.Add(step.Masked(far.Greater(best))).Min(limit)
		stop := best.SelectFromPair(1, 2, best).AsInt64x2().Xor(both).AsFloat64x2().Min(room)
		sar = sar.Merge(stop, use)
		best = best.Max(far).Merge(far, use)
		part = grown.Merge(first, use)
		used = used.Xor(hit).Xor(hit.SelectFromPair(1, 2, hit))

		result := sar.AsInt64x2().Xor(negative).And(used)
		result.Or(result.SelectFromPair(1, 2, result)).Store((*[2]int64)(unsafe.Add(q, i*8)))
		sar = best.Sub(sar).MulAdd(part, sar).Min(room)
	}
	lane := 0
	if p.side = 1; used.ToMask().ToBits()&1 == 0 {
		lane, p.side = 1, -1
	}
	var s, b, a [2]float64
	sar.Store(&s)
	best.Store(&b)
	part.Store(&a)
	p.sar, p.best, p.part = s[lane], b[lane], a[lane]
	p.high, p.low = high[n-1], low[n-1]
	return n
}
