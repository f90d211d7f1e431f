package roll

// Word is how many bars a set of bars has, one bit each.
const Word = 64

// Above is the set of bars, at most a Word, on which x > y: bit i is for bar i.
func Above(x, y []float64) uint64 {
	m, i := aboveWide(x, y)
	for ; i < len(x); i++ {
		m |= bit(x[i] > y[i]) << i
	}
	return m
}

// bit is 1 where it is so; the compiler needs no branch for it.
func bit(so bool) (b uint64) {
	if so {
		b = 1
	}
	return b
}
