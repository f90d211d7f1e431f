//go:build goexperiment.simd

package roll

import "unsafe"

// newerVectors is newer.
func newerVectors(ov, oa, nv, na, h vector) (v, a vector) {
	older := ov.Greater(nv)
	return ov.Merge(nv, older), oa.Add(h).Merge(na, older)
}

func newestFootWide(x, rest, value, age []float64, sign float64, r int) (n int, sum float64) {
	if n = steps(len(rest)); n == 0 {
		return 0, 0
	}
	var sums [lanes]float64
	seen := zeros()
	p := unsafe.Add(base(x[:n+footing]), footing*8)
	before, single := unsafe.Add(p, -8), unsafe.Add(p, -8*(r&6))
	k, zero, one, two, four := all(sign), zeros(), all(1), all(2), all(4)
	uv2, ua2 := newerVectors(load(p, -5).Mul(k), zero, load(p, -4).Mul(k), zero, one)
	vv2, va2 := newerVectors(load(p, -7).Mul(k), zero, load(p, -6).Mul(k), zero, one)
	uv4, ua4 := newerVectors(vv2, va2, uv2, ua2, two)
	if r == 0 {
		pv, pa := base(value[:n]), base(age[:n])
		for i := 0; i < n; i += lanes {
			v := load(p, i).Mul(k)
			v2, a2 := newerVectors(load(before, i).Mul(k), zero, v, zero, one)
			seen = seen.Add(v)
			v4, a4 := newerVectors(uv2.Select128FromPair(1, 2, v2), ua2.Select128FromPair(1, 2, a2), v2, a2, two)
			v8, a8 := newerVectors(uv4, ua4, v4, a4, four)
			v8.Store(at(pv, i))
			a8.Store(at(pa, i))
			uv2, ua2, uv4, ua4 = v2, a2, v4, a4
		}
		seen.Store(&sums)
		done()
		return n, sums[0] + sums[1] + sums[2] + sums[3]
	}
	q, last, apart := base(rest), allWhole(r-1), allWhole(r&6)
	for i := 0; i < n; i += lanes {
		v, a := load(p, i).Mul(k), zero
		seen = seen.Add(v)
		v2, a2 := newerVectors(load(before, i).Mul(k), zero, v, zero, one)
		if r&4 != 0 {
			v, a = newerVectors(uv2.Select128FromPair(1, 2, v2), ua2.Select128FromPair(1, 2, a2), v2, a2, two)
			if r&2 != 0 {
				v, a = newerVectors(uv2, ua2, v, a, four)
			}
		} else if r&2 != 0 {
			v, a = v2, a2
		}
		if r&1 != 0 {
			_, a = newerVectors(load(single, i).Mul(k), zero, v, a, apart)
		}
		store(q, i, last.Sub(a))
		uv2, ua2 = v2, a2
	}
	seen.Store(&sums)
	done()
	return n, sums[0] + sums[1] + sums[2] + sums[3]
}

func newestEightWide(value, age []float64, v, a *octet, size float64) int {
	n := steps(len(value))
	if n == 0 {
		return 0
	}
	pv, pa, cv, ca := base(value), base(age[:n]), v.base(n), a.base(n)
	k1, k2, k4 := all(size), all(2*size), all(4*size)
	for i := 0; i < n; i += lanes {
		v6, a6 := newerVectors(load(cv[0], i), load(ca[0], i), load(cv[1], i), load(ca[1], i), k1)
		v4, a4 := newerVectors(load(cv[2], i), load(ca[2], i), load(cv[3], i), load(ca[3], i), k1)
		fv4, fa4 := newerVectors(v6, a6, v4, a4, k2)
		v2, a2 := newerVectors(load(cv[4], i), load(ca[4], i), load(cv[5], i), load(ca[5], i), k1)
		v0, a0 := newerVectors(load(cv[6], i), load(ca[6], i), load(cv[7], i), load(ca[7], i), k1)
		fv, fa := newerVectors(v2, a2, v0, a0, k2)
		v8, a8 := newerVectors(fv4, fa4, fv, fa, k4)
		v8.Store(at(pv, i))
		a8.Store(at(pa, i))
	}
	done()
	return n
}

func placeWide(out []float64, parts []placed, last float64) int {
	n := steps(len(out))
	if n == 0 {
		return 0
	}
	for k := range parts {
		_, _ = parts[k].value[:n], parts[k].age[:n]
	}
	firstV, firstA, rest := base(parts[0].value), base(parts[0].age), parts[1:]
	q, end := base(out), all(last)
	for i := 0; i < n; i += lanes {
		v, a := load(firstV, i), load(firstA, i)
		for k := range rest {
			r := &rest[k]
			v, a = newerVectors(load(base(r.value), i), load(base(r.age), i), v, a, r.back.vector())
		}
		store(q, i, end.Sub(a))
	}
	done()
	return n
}
