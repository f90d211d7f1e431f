package main

// spread is the mean and the variance of values that weigh less the older they are:
// each keeps so much of its weight from one to the next. The oldest is the first, so
// the weights add up to less than they would for ever, and are divided by that.
type spread struct {
	keep    float64
	weight  float64 // of all
	mean    float64
	squares float64 // of the distances from the mean, each with its weight
}

// add is West's update: the old values weigh less, and the new one weighs 1.
func (s *spread) add(v float64) {
	s.weight = s.keep*s.weight + 1
	d := v - s.mean
	s.mean += d / s.weight
	s.squares = s.keep*s.squares + d*(v-s.mean)
}

func (s *spread) variance() float64 { return s.squares / s.weight }
