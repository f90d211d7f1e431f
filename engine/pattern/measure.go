package pattern

import "github.com/gravitywavesml/gravity_techanalysis/engine/roll"

// measure is something that is measured of every candle.
type measure uint

const (
	opens measure = iota
	highs
	lows
	closes
	tops         // upper ends of the bodies
	bottoms      // lower ends of the bodies
	bodies       // their lengths
	parts        // a part of each
	uppers       // lengths of the upper shadows
	lowers       // lengths of the lower shadows
	shadows      // lengths of both together
	ranges       // from low to high
	middles      // of the ranges
	meanBodies   // of the ten candles before, as are the next two
	meanRanges   //
	meanShadows  //
	nearbyRanges // the mean of the five candles before
	traces
	shortShadow
	nears
	fars
	equals
	measures // how many there are
)

// column is a measure of all candles.
func (c *chart) column(m measure) []float64 {
	if c.drawn&(1<<m) == 0 {
		c.draw(m)
	}
	return c.columns[m][:c.end]
}

func (c *chart) draw(m measure) {
	c.drawn |= 1 << m
	if c.columns[m] == nil {
		c.columns[m] = make([]float64, c.past+stretch)
	}
	dst := c.columns[m][:c.end]
	switch m {
	case tops:
		roll.Greater(dst, c.column(opens), c.column(closes))
	case bottoms:
		roll.Lesser(dst, c.column(opens), c.column(closes))
	case bodies:
		roll.Apart(dst, c.column(opens), c.column(closes))
	case parts:
		roll.Scale(dst, c.column(bodies), c.part)
	case uppers:
		roll.Sub(dst, c.column(highs), c.column(tops))
	case lowers:
		roll.Sub(dst, c.column(bottoms), c.column(lows))
	case shadows:
		roll.Add(dst, c.column(uppers), c.column(lowers))
	case ranges:
		roll.Sub(dst, c.column(highs), c.column(lows))
	case middles:
		roll.Scale(dst, c.column(ranges), 0.5)
		roll.Add(dst, c.column(lows), dst)
	case meanBodies:
		c.mean(dst, c.column(bodies), 10)
	case meanRanges:
		c.mean(dst, c.column(ranges), 10)
	case meanShadows:
		c.mean(dst, c.column(shadows), 10)
	case nearbyRanges:
		c.mean(dst, c.column(ranges), 5)
	case traces:
		roll.Scale(dst, c.column(meanRanges), 0.1)
	case shortShadow:
		roll.Scale(dst, c.column(meanShadows), 0.5)
	case nears:
		roll.Scale(dst, c.column(nearbyRanges), 0.2)
	case fars:
		roll.Scale(dst, c.column(nearbyRanges), 0.6)
	case equals:
		roll.Scale(dst, c.column(nearbyRanges), 0.05)
	}
}

// mean sets dst to the means of the n lengths before each candle; the first n
// candles, which have not so many, are never asked.
func (c *chart) mean(dst, lengths []float64, n int) {
	roll.Means(dst[n:], lengths[:len(lengths)-1], n)
}
