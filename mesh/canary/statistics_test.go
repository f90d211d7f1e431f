package canary

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// TestIntervals: figures that others have published. Wilson of 0 of 10 at 95 %
// has the upper bound z²/(n+z²); the differences are examples (a), (b) and (g)
// of table II in Newcombe 1998, method 10.
func TestIntervals(t *testing.T) {
	const z = 1.959964
	near := func(what string, got, want, within float64) {
		t.Helper()
		if !(math.Abs(got-want) <= within) {
			t.Errorf("%s is %v, want %v", what, got, want)
		}
	}
	lower, upper := wilson(0, 10, z)
	near("lower of 0/10", lower, 0, 0)
	near("upper of 0/10", upper, z*z/(10+z*z), 1e-15)
	lower, upper = wilson(81, 263, z) // Newcombe 1998, Two-sided confidence intervals for the single proportion
	near("lower of 81/263", lower, 0.2553, 5e-5)
	near("upper of 81/263", upper, 0.3662, 5e-5)
	for _, e := range []struct{ x1, n1, x2, n2, lower, upper float64 }{
		{56, 70, 48, 80, 0.0524, 0.3339},
		{9, 10, 3, 10, 0.1705, 0.8090},
		{5, 56, 0, 29, -0.0381, 0.1926},
	} {
		lower, upper := difference(e.x1, e.n1, e.x2, e.n2, z)
		near("lower", lower, e.lower, 5e-5)
		near("upper", upper, e.upper, 5e-5)
	}
	if l, u := wilson(0, 0, z); l != 0 || u != 1 {
		t.Errorf("nothing was seen, and the bounds are %v, %v", l, u)
	}
}

// TestTail: by hand, against the sum of all terms, and against the normal
// distribution where there are many.
func TestTail(t *testing.T) {
	for _, c := range []struct{ x, n, p, want float64 }{
		{1, 3, 0.01, 1 - 0.99*0.99*0.99},
		{3, 3, 0.01, 1e-6},
		{2, 4, 0.25, 1 - 0.31640625 - 0.421875},
		{0, 5, 0.1, 1},
		{1, 5, 0, 0},
		{5, 5, 1, 1},
		{10100, 1e6, 0.01, 0.5 * math.Erfc(99.5/math.Sqrt(2*1e6*0.01*0.99))},
	} {
		if got := tail(c.x, c.n, c.p); math.Abs(got-c.want) > 1e-12+c.want*0.03 {
			t.Errorf("tail(%v, %v, %v) is %v, want %v", c.x, c.n, c.p, got, c.want)
		}
	}
	for x := 3.0; x < 100; x++ {
		if tail(x+1, 100, 0.02) > tail(x, 100, 0.02) {
			t.Errorf("%v of 100 are likelier than %v", x+1, x)
		}
	}
}

// TestHistogram: the quantile is Prometheus', and Above is its inverse.
func TestHistogram(t *testing.T) {
	h := Histogram{{0.1, 50}, {0.2, 90}, {0.4, 100}, {math.Inf(1), 100}}
	for _, c := range []struct{ q, want float64 }{{0.5, 0.1}, {0.25, 0.05}, {0.95, 0.3}, {1, 0.4}} {
		if got := h.Quantile(c.q); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("quantile %v is %v, want %v", c.q, got, c.want)
		}
		if n, known := h.Above(c.want); !known || math.Abs(n-100*(1-c.q)) > 1e-9 {
			t.Errorf("%v are above %v, want %v", n, c.want, 100*(1-c.q))
		}
	}
	beyond := Histogram{{0.1, 50}, {math.Inf(1), 100}}
	if got := beyond.Quantile(0.95); !math.IsInf(got, 1) {
		t.Errorf("a quantile beyond the last bound is %v", got)
	}
	if n, known := beyond.Above(0.5); known || n != 50 {
		t.Errorf("%v, %v are above what no bucket tells", n, known)
	}
	if got := (Histogram)(nil).Quantile(0.95); !math.IsNaN(got) {
		t.Errorf("a quantile of nothing is %v", got)
	}
}

// TestErrorRates plays many canaries, looked at every ten seconds for half an
// hour at ten requests a second of which a fifth are the canary's, and counts
// how often the judgement is wrong.
func TestErrorRates(t *testing.T) {
	const (
		runs   = 400
		step   = 10 * time.Second
		perSec = 10
	)
	p := DefaultPolicy()
	play := func(rnd *rand.Rand, stableRate, canaryRate float64) (verdict Verdict, at time.Duration) {
		var stable, canary Counts
		add := func(c *Counts, n int, rate float64) {
			c.Requests += float64(n)
			for range n {
				if rnd.Float64() < rate {
					c.Errors++
				}
			}
			c.Latency = counts(c.Requests, 0, 1).Latency
		}
		for at = step; at <= p.MinDuration; at += step {
			n := int(perSec * step.Seconds())
			add(&canary, n/5, canaryRate)
			add(&stable, n-n/5, stableRate)
			now := began.Add(at)
			if d := Decide(seen(now, stable, canary), p, now); d.Verdict != Wait {
				return d.Verdict, at
			}
		}
		return Wait, at
	}
	for _, c := range []struct {
		name           string
		stable, canary float64
		want           Verdict
		least          float64 // share of the runs
	}{
		{"equal, 0.1 % of errors", 0.001, 0.001, Promote, 0.99},
		{"equal, 0.3 % of errors", 0.003, 0.003, Promote, 0.95},
		{"canary 5 %", 0.001, 0.05, Abort, 0.99},
		{"canary 2 %", 0.001, 0.02, Abort, 0.95},
	} {
		t.Run(c.name, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(1, 2))
			got, wrong := 0, 0
			var took time.Duration
			for range runs {
				verdict, at := play(rnd, c.stable, c.canary)
				if verdict == c.want {
					got++
					took += at
				} else if verdict != Wait {
					wrong++
				}
			}
			t.Logf("%d of %d %s, %d the opposite, after %s in the mean", got, runs, c.want, wrong, (took / time.Duration(max(1, got))).Round(time.Second))
			if float64(got) < c.least*runs {
				t.Errorf("%d of %d %s, want %v", got, runs, c.want, c.least)
			}
			if wrong > runs/100 {
				t.Errorf("%d of %d were judged the opposite", wrong, runs)
			}
		})
	}
}
