package roll

// Ultimate sets dst to Williams's blend of three windows, of what was bought as
// a part of the ranges: 100 · (4·a + 2·b + c) / 7, the shortest first. A window
// without a range counts as 0.
func Ultimate(dst []float64, bought, ranges *Sums) {
	for i := ultimateWide(dst, bought.parts, ranges.parts); i < len(dst); i++ {
		s, weight := 0.0, 4.0
		for k := range bought.parts {
			if r := total(ranges.parts[k], i); r != 0 {
				s += float64(weight * (total(bought.parts[k], i) / r))
			}
			weight /= 2
		}
		dst[i] = s * (100.0 / 7)
	}
}

// total is the sum of the i-th values of the parts.
func total(parts [][]float64, i int) float64 {
	s := parts[0][i]
	for _, p := range parts[1:] {
		s += p[i]
	}
	return s
}
