//go:build goexperiment.simd

package roll

import "unsafe"

// optional is base for a column that may be empty: nil then.
func optional(s []float64, n int) unsafe.Pointer {
	if len(s) == 0 {
		return nil
	}
	return base(s[:n])
}

// cursors are the beginnings of the parts of a window. A ladder has at most
// seven parts of each rung, and the rest.
type cursors [1 + 7*10]unsafe.Pointer

// set takes the parts, for n values of each: the first four, the first of all in
// place of those that are missing, and the others.
func (c *cursors) set(parts [][]float64, n int) (near [4]unsafe.Pointer, far []unsafe.Pointer) {
	for k, part := range parts {
		c[k] = base(part[:n])
	}
	for k := range near {
		near[k] = c[0]
		if k < len(parts) {
			near[k] = c[k]
		}
	}
	return near, c[min(4, len(parts)):len(parts)]
}

// earlier is v as it was two bars before, where u is the vector before it.
func earlier(u, v vector) vector { return u.Select128FromPair(1, 2, v) }

// shifted is v as it was one bar before, where u is the vector before it.
func shifted(u, v vector) vector { return earlier(u, v).SelectFromPairGrouped(1, 2, v) }

// A foot's wide body starts from the values of the four bars before the first
// one, which it makes from the footing, and hands them on from step to step.

// base are the columns' beginnings, for n values of each.
func (o *octet) base(n int) (c [8]unsafe.Pointer) {
	for k, col := range o {
		c[k] = base(col[:n])
	}
	return c
}
