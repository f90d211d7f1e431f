//go:build goexperiment.simd

package roll

// adaptWide is Kaufman's weight as the coefficients of a fading.
func adaptWide(keep, add, x, past, noise []float64) int {
	n := steps(len(keep))
	if n == 0 {
		return 0
	}
	qk, qa := base(keep), base(add[:n])
	p, pp, pn := base(x[:n]), base(past[:n]), base(noise[:n])
	slow, span, fast, one, unsigned := all(slowest), all(fastest-slowest), all(fastest), all(1), withoutSign()
	for i := 0; i < n; i += lanes {
		v, rough := load(p, i), load(pn, i)
		whole := magnitude(v.Sub(load(pp, i)), unsigned)
		c := whole.Div(rough).MulAdd(span, slow).Merge(fast, whole.Less(rough))
		gain := c.Mul(c)
		store(qk, i, one.Sub(gain))
		store(qa, i, gain.Mul(v))
	}
	done()
	return n
}
