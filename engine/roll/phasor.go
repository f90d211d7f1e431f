package roll

import "math"

// phasor is what is known of the bar before: the period, the phasor turned on by
// a quarter and smoothed, and, smoothed again, its product with the one before
// that, whose angle is how far it turned.
type phasor struct {
	period, tuning float64
	now, turned    [2]float64
}

// The gain of the filters is tuned to a period: 0.075 · period + 0.54.
const (
	tuningSlope = 0.075
	tuningBase  = 0.54
)

// turn takes smoothed prices that are turned by a quarter and sets d, which has 9
// values before the first, to these tuned, q, which has 6, to d turned and tuned,
// and period to the periods.
//
// The tuning t, made of the period of the bar before, is what all waits for, so
// what follows from it does so in as few steps as there can be. With
//
//	q = t·(ends·f·t + rest of d's turn)
//
// both parts of the turned phasor are linear in q, and so is what its product
// with the one before has for an angle: b₀ + b₁·t + (a₀ + a₁·t)·q, where a and b
// are made of what was known before.
func (p *phasor) turn(f, d, q, period []float64, room *doubled) {
	i := p.turnWide(f, d, q, period, room)
	for ; i < len(f); i++ {
		dw, qw := d[i:i+10:i+10], q[i:i+7:i+7]
		t := p.tuning
		restD := math.FMA(-ends, dw[3], float64(inner*(dw[7]-dw[5])))
		restQ := math.FMA(-ends, qw[0], float64(inner*(qw[4]-qw[2])))
		ahead := quarterTurn(dw[0], dw[2], dw[4], dw[6])
		dw[9] = float64(f[i] * t)
		qw[6] = float64(math.FMA(float64(ends*f[i]), t, restD) * t)

		// now[0] = 0.2·(d₃ − t·(ends·q + restQ)) + 0.8·before[0]
		// now[1] = 0.2·(q + t·ahead) + 0.8·before[1]
		before := p.now
		kept := [2]float64{math.FMA(0.8, before[0], float64(0.2*dw[6])), float64(0.8 * before[1])}
		tuned := [2]float64{float64(-0.2 * restQ), float64(0.2 * ahead)}
		slope := [2]float64{-0.2 * ends * t, 0.2}
		for k, s := range slope {
			p.now[k] = math.FMA(s, qw[6], math.FMA(tuned[k], t, kept[k]))
		}

		// turned = 0.2·(now·before, as a real and an imaginary part) + 0.8·turned
		across := [2]float64{before[1], -before[0]}
		for k := range p.turned {
			b0 := math.FMA(float64(0.2*kept[0]), before[k], math.FMA(float64(0.2*kept[1]), across[k], float64(0.8*p.turned[k])))
			b1 := math.FMA(float64(0.2*tuned[0]), before[k], float64(float64(0.2*tuned[1])*across[k]))
			a1, a0 := float64(-0.04*ends*before[k]), float64(0.04*across[k])
			p.turned[k] = math.FMA(qw[6], math.FMA(a1, t, a0), math.FMA(b1, t, b0))
		}

		// Ehlers lets the period change by half up and a third down.
		low, high := larger(0.67*p.period, shortestCycle), larger(smaller(1.5*p.period, longestCycle), shortestCycle)
		length := p.period
		if p.turned[0] != 0 && p.turned[1] != 0 {
			length = cycleOf(p.turned[0] / p.turned[1])
		}
		length = larger(smaller(length, high), low)
		p.tuning = math.FMA(tuningSlope*0.2, length, math.FMA(tuningSlope*0.8, p.period, tuningBase))
		p.period = math.FMA(0.2, length, float64(0.8*p.period))
		period[i] = p.period
	}
}
