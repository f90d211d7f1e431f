package roll

// NextLess is Next, and in the same pass sets less to x less the results.
func (r *Recurrence) NextLess(x, out, less []float64) int {
	i := r.lessWide(x, out, less)
	lead := r.Next(x[i:], out[i:])
	Sub(less[i+lead:], x[i+lead:], out[i+lead:])
	return lead
}
