package roll

// NextLess is Next, and in the same pass sets less to from less the results. less
// may be from.
func (r *Recurrence) NextLess(x, out, from, less []float64) int {
	i := r.besideWide(x, out, from, less, false)
	lead := r.Next(x[i:], out[i:])
	Sub(less[i+lead:], from[i+lead:], out[i+lead:])
	return lead
}

// NextShare is Next, and in the same pass sets share to what of is of the sum of
// itself and the results, in percent, as Share does with 0 for none. share may be
// of.
func (r *Recurrence) NextShare(x, out, of, share []float64) int {
	i := r.besideWide(x, out, of, share, true)
	lead := r.Next(x[i:], out[i:])
	Share(share[i+lead:], of[i+lead:], out[i+lead:], 0)
	return lead
}
