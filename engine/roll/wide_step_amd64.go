//go:build goexperiment.simd

package roll

import "unsafe"

func splitWide(up, down, from, to []float64) int {
	n := steps(len(up))
	if n == 0 {
		return 0
	}
	q, r, pf, pt, zero := base(up), base(down[:n]), base(from[:n]), base(to[:n]), zeros()
	for i := 0; i < n; i += lanes {
		d := load(pt, i).Sub(load(pf, i))
		store(q, i, d.Max(zero))
		store(r, i, zero.Sub(d).Max(zero))
	}
	done()
	return n
}

// stepsWide begins with a vector of the values before that has the last one of the
// chunk before.
func stepsWide(x, out []float64, last float64) (n int, sum float64) {
	if n = strides(len(out)); n == 0 {
		return 0, 0
	}
	p, q := base(x[:n]), base(out)
	before := shifted(all(last), load(p, 0))
	s, t := zeros(), zeros()
	for i := n; ; {
		d, e := load(p, 0).Sub(before), load(p, lanes).Sub(load(p, lanes-1))
		store(q, 0, d)
		store(q, lanes, e)
		s, t = s.Add(d), t.Add(e)
		if i -= 2 * lanes; i == 0 {
			break
		}
		p, q = unsafe.Add(p, stride), unsafe.Add(q, stride)
		before = load(p, -1)
	}
	var sums [lanes]float64
	s.Add(t).Store(&sums)
	done()
	return n, sums[0] + sums[1] + sums[2] + sums[3]
}
