package canary

import "math"

// wilson are the bounds of a proportion of which x of n were seen: the score
// interval of E. B. Wilson (Probable Inference, the Law of Succession, and
// Statistical Inference, 1927), z standard deviations wide to each side. It
// holds for few samples and for proportions near 0 and 1, where x/n ± z·s/√n
// claims certainty. n = 0 gives (0, 1).
func wilson(x, n, z float64) (lower, upper float64) {
	if n <= 0 {
		return 0, 1
	}
	p, zz := x/n, z*z
	centre := p + zz/(2*n)
	half := z * math.Sqrt(p*(1-p)/n+zz/(4*n*n))
	scale := 1 + zz/n
	lower, upper = (centre-half)/scale, (centre+half)/scale
	// The ends are exact, which the floats above are not.
	if x <= 0 {
		lower = 0
	}
	if x >= n {
		upper = 1
	}
	return max(0, lower), min(1, upper)
}

// tail is the chance that x or more of n do what each does with probability p:
// the upper tail of the binomial distribution, exact for few as for many, where
// an interval of normal shape would convict on one error of three. A share that
// is not above p is not looked into: 1.
func tail(x, n, p float64) float64 {
	x, n = math.Floor(x), math.Ceil(n)
	if x <= n*p || p >= 1 {
		return 1
	}
	if p <= 0 {
		return 0
	}
	choose := func(v float64) float64 { l, _ := math.Lgamma(v + 1); return l }
	term := math.Exp(choose(n) - choose(x) - choose(n-x) + x*math.Log(p) + (n-x)*math.Log1p(-p))
	sum := 0.0
	for k := x; k <= n && term > sum*1e-12; k++ {
		sum += term
		term *= (n - k) / (k + 1) * p / (1 - p) // below 1 above the mean, and falling
	}
	return min(1, sum)
}

// difference are the bounds of p1 - p2, of which x1 of n1 and x2 of n2 were
// seen: method 10 of R. G. Newcombe (Interval Estimation for the Difference
// Between Independent Proportions, Statistics in Medicine 17, 1998), which is
// made of the Wilson bounds of both and is as sound near 0 as they are.
func difference(x1, n1, x2, n2, z float64) (lower, upper float64) {
	if n1 <= 0 || n2 <= 0 {
		return -1, 1
	}
	p1, p2 := x1/n1, x2/n2
	l1, u1 := wilson(x1, n1, z)
	l2, u2 := wilson(x2, n2, z)
	d := p1 - p2
	return d - math.Hypot(p1-l1, u2-p2), d + math.Hypot(u1-p1, p2-l2)
}
