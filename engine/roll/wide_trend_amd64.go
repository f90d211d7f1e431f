//go:build goexperiment.simd

package roll

func mergeTiltsWide(dst, newer, older [][]float64, w float64) int {
	n := steps(len(dst[0]))
	if n == 0 {
		return 0
	}
	q, a, b := columns(dst, n), columns(newer, n), columns(older, n)
	half, k := all(-0.5), all(w)
	for i := 0; i < n; i += lanes {
		m, t := load(a[0], i), load(a[1], i).Add(load(b[1], i))
		d := m.Sub(load(b[0], i))
		store(q[0], i, d.MulAdd(half, m))
		store(q[1], i, d.MulAdd(k, t))
	}
	done()
	return n
}

func gatherTiltsWide(sum, tilt, mean, own, level []float64, size, weight float64) int {
	n := steps(len(sum))
	if n == 0 {
		return 0
	}
	ps, pt, pm, po, pb := base(sum), base(tilt[:n]), base(mean[:n]), base(own[:n]), base(level[:n])
	k, w := all(size), all(weight)
	for i := 0; i < n; i += lanes {
		d := load(pm, i).Sub(load(pb, i))
		store(ps, i, d.MulAdd(k, load(ps, i)))
		store(pt, i, d.MulAdd(w, load(pt, i).Add(load(po, i))))
	}
	done()
	return n
}
