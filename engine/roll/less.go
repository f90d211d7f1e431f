package roll

// NextLess is Next, and in the same pass sets less to from less the results. less
// may be from.
func (r *Recurrence) NextLess(x, out, from, less []float64) int {
	i := r.lessWide(x, out, from, less)
	lead := r.Next(x[i:], out[i:])
	Sub(less[i+lead:], from[i+lead:], out[i+lead:])
	return lead
}
