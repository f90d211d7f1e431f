//go:build goexperiment.simd

package roll

import "unsafe"

// ultimateWide does two vectors at once: what finds a part is then done half as
// often.
func ultimateWide(dst []float64, bought, ranges [][][]float64) int {
	n := len(dst) &^ (2*lanes - 1)
	if !wide || n == 0 {
		return 0
	}
	// No window of up to ta.MaxPeriod values has more than 40 parts.
	var parts [3 * 40][2]unsafe.Pointer
	var ends [3]int
	m := 0
	for k := range bought {
		for j := range bought[k] {
			parts[m] = [2]unsafe.Pointer{base(bought[k][j][:n]), base(ranges[k][j][:n])}
			m++
		}
		ends[k] = m
	}
	q, scale, zero := base(dst), all(100.0/7), zeros()
	for i := 0; i < n; i += 2 * lanes {
		s, t, weight, j := zero, zero, all(4), 0
		for k := range ends {
			p := &parts[j]
			a, r := load(p[0], i), load(p[1], i)
			b, u := load(p[0], i+lanes), load(p[1], i+lanes)
			for j++; j < ends[k]; j++ {
				p := &parts[j]
				a, r = a.Add(load(p[0], i)), r.Add(load(p[1], i))
				b, u = b.Add(load(p[0], i+lanes)), u.Add(load(p[1], i+lanes))
			}
			s = s.Add(weight.Mul(a.Div(r)).Masked(r.NotEqual(zero)))
			t = t.Add(weight.Mul(b.Div(u)).Masked(u.NotEqual(zero)))
			weight = weight.Mul(all(0.5))
		}
		store(q, i, s.Mul(scale))
		store(q, i+lanes, t.Mul(scale))
	}
	done()
	return n
}

func ultimateDoubledWide(dst []float64, bought, ranges *[4][]float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	b, b1, b2, b3 := base(bought[0][:n]), base(bought[1][:n]), base(bought[2][:n]), base(bought[3][:n])
	r, r1, r2, r3 := base(ranges[0][:n]), base(ranges[1][:n]), base(ranges[2][:n]), base(ranges[3][:n])
	q, scale, four, two, zero := base(dst), all(100.0/7), all(4), all(2), zeros()
	for i := 0; i < n; i += lanes {
		a, s := load(b, i), load(r, i)
		short := a.Div(s).Masked(s.NotEqual(zero))
		a, s = a.Add(load(b1, i)), s.Add(load(r1, i))
		middle := a.Div(s).Masked(s.NotEqual(zero))
		a, s = a.Add(load(b2, i).Add(load(b3, i))), s.Add(load(r2, i).Add(load(r3, i)))
		long := a.Div(s).Masked(s.NotEqual(zero))
		store(q, i, short.MulAdd(four, middle.MulAdd(two, long)).Mul(scale))
	}
	done()
	return n
}
