package ta

import "slices"

// Into is Run with the columns for the outputs made before, as long as those of
// in. It allocates nothing where it has lately been called with the same
// arguments: making a kernel takes longer than running it over a short series.
func (ind *Indicator) Into(a Args, in, out Columns) {
	s, ok := ind.idle.Get().(*shelf)
	if !ok {
		s = new(shelf)
	}
	s.take(ind, a).Next(in, out)
	ind.idle.Put(s)
}

// shelf has the kernels that one call after another used, for as many different
// arguments as a request commonly has. The collector clears it away.
type shelf struct {
	kernels [4]shelved
	next    int // which one gives way
}

// shelved is a kernel that was used, and how it was before that.
type shelved struct {
	values []float64 // of its arguments
	kernel Kernel
	unused []byte // its state; nil until it is used again
}

// take is a kernel that has seen nothing.
func (s *shelf) take(ind *Indicator, a Args) Kernel {
	for i := range s.kernels {
		k := &s.kernels[i]
		if k.kernel == nil || !slices.Equal(k.values, a.values) {
			continue
		}
		if k.unused == nil {
			k.unused = ind.New(a).AppendState([]byte{})
		}
		if err := k.kernel.Restore(k.unused); err != nil {
			panic("ta: " + ind.Name + " refuses a state of its own: " + err.Error())
		}
		return k.kernel
	}
	k := &s.kernels[s.next]
	s.next = (s.next + 1) % len(s.kernels)
	*k = shelved{values: a.values, kernel: ind.New(a)}
	return k.kernel
}
