package chart

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// grid has a level at every whole number of sizes from its base.
type grid struct{ base, size float64 }

// decimals is how far, as a part of them, prices that are equal in decimals can be
// apart as float64: that of the price, of the base, of the size, of the product and
// of the sum are each rounded by up to 2^-53. A price so near a level is at it, as
// 0.3 is at the third level of 0.1.
const decimals = 5.0 / (1 << 53)

// most is how many levels a price may be from the base. The quotient below is then
// off by less than one level, and never so far above a whole number that decimals
// would not reach it.
const most = 1 << 50

// level is the price of the k-th level.
func (g grid) level(k int) float64 { return g.base + float64(float64(k)*g.size) }

// reaches says whether a price is at the k-th level or above it.
func (g grid) reaches(price float64, k int) bool {
	step := float64(float64(k) * g.size)
	slack := float64(decimals * (math.Abs(g.base) + math.Abs(step)))
	return price >= g.base+step-slack
}

// under is the highest level that a price reaches; ok is false where levels are too
// many to count.
func (g grid) under(price float64) (k int, ok bool) {
	levels := math.Floor((price - g.base) / g.size)
	if !(math.Abs(levels) < most) {
		return 0, false
	}
	if k = int(levels); g.reaches(price, k+1) {
		k++
	}
	return k, true
}

// over is the lowest level that a price is at or below: that under the price where
// all are negated.
func (g grid) over(price float64) (k int, ok bool) {
	k, ok = grid{-g.base, g.size}.under(-price)
	return -k, ok
}

// measure finds the size of a brick: the one that is given, or, where that is 0,
// the mean true range (Wilder's first average true range) of the first bars. It is
// never changed, as a size taken from the newest bars would redraw the past.
type measure struct {
	size   float64
	bars   int // whose ranges are wanted
	seen   int // ranges so far
	sum    float64
	before float64 // the close before
	any    bool
}

// sized are the parameters of a measure.
func sized(name string) []ta.Param {
	return []ta.Param{
		ta.Number(name, 0, 0, 3e37, "the size, in the unit of the price; 0 takes the mean true range of the first atr_period bars"),
		ta.Bars("atr_period", 14, 1, "bars whose mean true range is the size, where none is given"),
	}
}

func newMeasure(a ta.Args, name string) measure {
	return measure{size: a.Float(name), bars: a.Int("atr_period")}
}

// take looks at a bar and says whether the size is known at its close. Where no
// price moved in all of the first bars it takes as many more as it needs.
func (m *measure) take(high, low, close float64) bool {
	if m.size > 0 {
		return true
	}
	if m.any {
		m.sum += math.Max(high, m.before) - math.Min(low, m.before)
		m.seen++
		if m.seen >= m.bars {
			m.size = m.sum / float64(m.seen)
		}
	}
	m.before, m.any = close, true
	return m.size > 0
}
