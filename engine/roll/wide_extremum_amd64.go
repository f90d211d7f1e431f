//go:build goexperiment.simd

package roll

import "unsafe"

// extremeFootWide has a loop for the largest and one for the smallest: turning
// one into the other by the sign would be a third of the work. A block of 16 is
// two of 8, the older one two vectors before. Each sums the values too, but not
// those before the first: times 0, which only what is not finite does not become.
// A sum, as the 0 that is added to a result, is the second half of a multiply-add,
// for the units that add are those that compare, and have enough to do.
func extremeFootWide(x, dst []float64, size int, smallest bool) (n int, sum float64) {
	if n = strides(len(dst)); n == 0 {
		return 0, 0
	}
	var sums [lanes]float64
	p, q := base(x[:n+size-1]), base(dst)
	switch {
	case size < 8 && smallest:
		smallestOfFew(p, q, n, size, &sums)
	case size < 8:
		largestOfFew(p, q, n, size, &sums)
	case smallest:
		smallestOf(p, q, n, size, &sums)
	default:
		largestOf(p, q, n, size, &sums)
	}
	done()
	return n, sums[0] + sums[1] + sums[2] + sums[3]
}

// largestOf is of 8 or 16 values. That of 16 does two steps before it turns, which
// spares it to hand the blocks on from register to register.
func largestOf(p, q unsafe.Pointer, n, size int, sums *[lanes]float64) {
	zero, unit := zeros(), all(1)
	sum := zero
	p = unsafe.Add(p, (size-1)*8)
	u2 := load(p, -4).Max(load(p, -5)) // of the vector before the first
	u4 := u2.Max(load(p, -6).Max(load(p, -7)))
	if size == 8 {
		for i := n; ; {
			s, t := load(p, 0), load(p, lanes)
			s2, t2 := s.Max(load(p, -1)), t.Max(load(p, lanes-1))
			sum = s.MulAdd(zero, t).MulAdd(zero, sum)
			s4, t4 := u2.Select128FromPair(1, 2, s2).Max(s2), s2.Select128FromPair(1, 2, t2).Max(t2)
			store(q, 0, s4.Max(u4).MulAdd(unit, zero))
			store(q, lanes, t4.Max(s4).MulAdd(unit, zero))
			if i -= 2 * lanes; i == 0 {
				sum.Store(sums)
				return
			}
			u2, u4 = t2, t4
			p, q = unsafe.Add(p, stride), unsafe.Add(q, stride)
		}
	}
	v4 := load(p, -8).Max(load(p, -9)).Max(load(p, -10).Max(load(p, -11)))
	w4 := load(p, -12).Max(load(p, -13)).Max(load(p, -14).Max(load(p, -15)))
	u8, v8 := u4.Max(v4), v4.Max(w4)
	for i := n; ; {
		s, t := load(p, 0), load(p, lanes)
		sum = s.MulAdd(zero, t).MulAdd(zero, sum)
		s2, t2 := s.Max(load(p, -1)), t.Max(load(p, lanes-1))
		s4, t4 := u2.Select128FromPair(1, 2, s2).Max(s2), s2.Select128FromPair(1, 2, t2).Max(t2)
		s8, t8 := s4.Max(u4), t4.Max(s4)
		store(q, 0, s8.Max(v8).MulAdd(unit, zero))
		store(q, lanes, t8.Max(u8).MulAdd(unit, zero))
		if i -= 2 * lanes; i == 0 {
			break
		}
		s, t = load(p, 2*lanes), load(p, 3*lanes)
		sum = s.MulAdd(zero, t).MulAdd(zero, sum)
		v2 := s.Max(load(p, 2*lanes-1))
		u2 = t.Max(load(p, 3*lanes-1))
		v4 := t2.Select128FromPair(1, 2, v2).Max(v2)
		u4 = v2.Select128FromPair(1, 2, u2).Max(u2)
		v8, u8 = v4.Max(t4), u4.Max(v4)
		store(q, 2*lanes, v8.Max(s8).MulAdd(unit, zero))
		store(q, 3*lanes, u8.Max(t8).MulAdd(unit, zero))
		if i -= 2 * lanes; i == 0 {
			break
		}
		p, q = unsafe.Add(p, 2*stride), unsafe.Add(q, 2*stride)
	}
	sum.Store(sums)
}

// largestOfFew is of 1 to 7 values: four, two and one, as many as there are.
func largestOfFew(p, q unsafe.Pointer, n, size int, sums *[lanes]float64) {
	zero, unit := zeros(), all(1)
	sum := zero
	p = unsafe.Add(p, (size-1)*8)
	one := unsafe.Add(p, -8*(size&6))
	var u2 vector // of the vector before
	switch size & 6 {
	case 4:
		u2 = load(p, -2).Max(load(p, -3))
		u2 = u2.Select128FromPair(0, 0, u2) // only its later half is used
	case 6:
		u2 = load(p, -4).Max(load(p, -5))
	}
	for i := n; ; {
		s, t := load(p, 0), load(p, lanes)
		sum = s.MulAdd(zero, t).MulAdd(zero, sum)
		if size > 1 {
			s2, t2 := s.Max(load(p, -1)), t.Max(load(p, lanes-1))
			if size&4 != 0 {
				s, t = u2.Select128FromPair(1, 2, s2).Max(s2), s2.Select128FromPair(1, 2, t2).Max(t2)
				if size&2 != 0 {
					s, t = u2.Max(s), s2.Max(t)
				}
				u2 = t2
			} else {
				s, t = s2, t2
			}
			if size&1 != 0 {
				s, t = load(one, 0).Max(s), load(one, lanes).Max(t)
			}
		}
		store(q, 0, s.MulAdd(unit, zero))
		store(q, lanes, t.MulAdd(unit, zero))
		if i -= 2 * lanes; i == 0 {
			sum.Store(sums)
			return
		}
		p, q, one = unsafe.Add(p, stride), unsafe.Add(q, stride), unsafe.Add(one, stride)
	}
}

// smallestOf is of 8 or 16 values.
func smallestOf(p, q unsafe.Pointer, n, size int, sums *[lanes]float64) {
	zero, unit := zeros(), all(1)
	sum := zero
	p = unsafe.Add(p, (size-1)*8)
	u2 := load(p, -4).Min(load(p, -5)) // of the vector before the first
	u4 := u2.Min(load(p, -6).Min(load(p, -7)))
	if size == 8 {
		for i := n; ; {
			s, t := load(p, 0), load(p, lanes)
			s2, t2 := s.Min(load(p, -1)), t.Min(load(p, lanes-1))
			sum = s.MulAdd(zero, t).MulAdd(zero, sum)
			s4, t4 := u2.Select128FromPair(1, 2, s2).Min(s2), s2.Select128FromPair(1, 2, t2).Min(t2)
			store(q, 0, s4.Min(u4).MulAdd(unit, zero))
			store(q, lanes, t4.Min(s4).MulAdd(unit, zero))
			if i -= 2 * lanes; i == 0 {
				sum.Store(sums)
				return
			}
			u2, u4 = t2, t4
			p, q = unsafe.Add(p, stride), unsafe.Add(q, stride)
		}
	}
	v4 := load(p, -8).Min(load(p, -9)).Min(load(p, -10).Min(load(p, -11)))
	w4 := load(p, -12).Min(load(p, -13)).Min(load(p, -14).Min(load(p, -15)))
	u8, v8 := u4.Min(v4), v4.Min(w4)
	for i := n; ; {
		s, t := load(p, 0), load(p, lanes)
		sum = s.MulAdd(zero, t).MulAdd(zero, sum)
		s2, t2 := s.Min(load(p, -1)), t.Min(load(p, lanes-1))
		s4, t4 := u2.Select128FromPair(1, 2, s2).Min(s2), s2.Select128FromPair(1, 2, t2).Min(t2)
		s8, t8 := s4.Min(u4), t4.Min(s4)
		store(q, 0, s8.Min(v8).MulAdd(unit, zero))
		store(q, lanes, t8.Min(u8).MulAdd(unit, zero))
		if i -= 2 * lanes; i == 0 {
			break
		}
		s, t = load(p, 2*lanes), load(p, 3*lanes)
		sum = s.MulAdd(zero, t).MulAdd(zero, sum)
		v2 := s.Min(load(p, 2*lanes-1))
		u2 = t.Min(load(p, 3*lanes-1))
		v4 := t2.Select128FromPair(1, 2, v2).Min(v2)
		u4 = v2.Select128FromPair(1, 2, u2).Min(u2)
		v8, u8 = v4.Min(t4), u4.Min(v4)
		store(q, 2*lanes, v8.Min(s8).MulAdd(unit, zero))
		store(q, 3*lanes, u8.Min(t8).MulAdd(unit, zero))
		if i -= 2 * lanes; i == 0 {
			break
		}
		p, q = unsafe.Add(p, 2*stride), unsafe.Add(q, 2*stride)
	}
	sum.Store(sums)
}

// smallestOfFew is of 1 to 7 values: four, two and one, as many as there are.
func smallestOfFew(p, q unsafe.Pointer, n, size int, sums *[lanes]float64) {
	zero, unit := zeros(), all(1)
	sum := zero
	p = unsafe.Add(p, (size-1)*8)
	one := unsafe.Add(p, -8*(size&6))
	var u2 vector // of the vector before
	switch size & 6 {
	case 4:
		u2 = load(p, -2).Min(load(p, -3))
		u2 = u2.Select128FromPair(0, 0, u2) // only its later half is used
	case 6:
		u2 = load(p, -4).Min(load(p, -5))
	}
	for i := n; ; {
		s, t := load(p, 0), load(p, lanes)
		sum = s.MulAdd(zero, t).MulAdd(zero, sum)
		if size > 1 {
			s2, t2 := s.Min(load(p, -1)), t.Min(load(p, lanes-1))
			if size&4 != 0 {
				s, t = u2.Select128FromPair(1, 2, s2).Min(s2), s2.Select128FromPair(1, 2, t2).Min(t2)
				if size&2 != 0 {
					s, t = u2.Min(s), s2.Min(t)
				}
				u2 = t2
			} else {
				s, t = s2, t2
			}
			if size&1 != 0 {
				s, t = load(one, 0).Min(s), load(one, lanes).Min(t)
			}
		}
		store(q, 0, s.MulAdd(unit, zero))
		store(q, lanes, t.MulAdd(unit, zero))
		if i -= 2 * lanes; i == 0 {
			sum.Store(sums)
			return
		}
		p, q, one = unsafe.Add(p, stride), unsafe.Add(q, stride), unsafe.Add(one, stride)
	}
}
