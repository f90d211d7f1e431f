//go:build goexperiment.simd

package roll

func (w *wave) componentWide(level, behind []float64, sum *[2]float64) bool {
	if !wide || len(level) == 0 {
		return false
	}
	n := len(level)
	p, pb, ps, pc, s, c := base(level), base(behind[:n]), base(w.sine[:n]), base(w.cosine[:n]), zeros(), zeros()
	newest, newestBehind := all(level[n-1]), all(behind[n-1])
	for i := 0; i < n; i += lanes {
		v := load(p, i).Sub(newest).Sub(load(pb, i).Sub(newestBehind))
		s, c = v.MulAdd(load(ps, i), s), v.MulAdd(load(pc, i), c)
	}
	var parts [2][lanes]float64
	s.Store(&parts[0])
	c.Store(&parts[1])
	done()
	for k, t := range parts {
		sum[k] = t[0] + t[1] + (t[2] + t[3])
	}
	return true
}
