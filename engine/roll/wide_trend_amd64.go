//go:build goexperiment.simd

package roll

func mergeTiltsWide(mean, tilt []float64, a, b *tilted, w float64) int {
	n := steps(len(mean))
	if n == 0 {
		return 0
	}
	qm, qt := base(mean), base(tilt[:n])
	am, at, ax := base(a.mean[:n]), base(a.tilt[:n]), base(a.newest[:n])
	bm, bt, bx := base(b.mean[:n]), base(b.tilt[:n]), base(b.newest[:n])
	half, k := all(-0.5), all(w)
	for i := 0; i < n; i += lanes {
		m, t := load(am, i), load(at, i).Add(load(bt, i))
		d := m.Sub(load(bx, i).Sub(load(ax, i)).Add(load(bm, i)))
		store(qm, i, d.MulAdd(half, m))
		store(qt, i, d.MulAdd(k, t))
	}
	done()
	return n
}

func gatherTiltsWide(sum, tilt []float64, b *tilted, x, level []float64, size, weight float64) int {
	n := steps(len(sum))
	if n == 0 {
		return 0
	}
	ps, pt, px, pl := base(sum), base(tilt[:n]), base(x[:n]), base(level[:n])
	bm, bt, bx := base(b.mean[:n]), base(b.tilt[:n]), base(b.newest[:n])
	k, w := all(size), all(weight)
	for i := 0; i < n; i += lanes {
		d := load(bx, i).Sub(load(px, i)).Add(load(bm, i)).Sub(load(pl, i))
		store(ps, i, d.MulAdd(k, load(ps, i)))
		store(pt, i, d.MulAdd(w, load(pt, i).Add(load(bt, i))))
	}
	done()
	return n
}
