package chart

import (
	"fmt"
	"math"
	"strings"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Harmonics are figures of five turns, X A B C D, whose legs are in the ratios of
// Fibonacci's numbers, their roots and reciprocals.
var (
	Gartley = harmonic{
		name: "gartley", title: "Gartley",
		is:     "A correction that stays within XA",
		source: "H. M. Gartley, Profits in the Stock Market, 1935, with the ratios of S. M. Carney, Harmonic Trading, volume 1, 2010.",
		bounds: []bound{
			{abOfXA, 0.618, 0.618, 0.618}, {bcOfAB, 0.382, 0.618, 0.886}, {cdOfBC, 1.13, 1.440, 1.618}, {adOfXA, 0.786, 0.786, 0.786},
		},
	}.pattern()

	Bat = harmonic{
		name: "bat", title: "Bat",
		is:     "A correction that takes back nearly all of XA",
		source: "S. M. Carney, Harmonic Trading, volume 1, 2010.",
		bounds: []bound{
			{abOfXA, 0.382, 0.5, 0.618}, {bcOfAB, 0.382, 0.618, 0.886}, {cdOfBC, 1.618, 2.249, 2.618}, {adOfXA, 0.886, 0.886, 0.886},
		},
	}.pattern()

	AlternateBat = harmonic{
		name: "alternate_bat", title: "Alternate Bat",
		is:     "A bat with a shallow B, which goes a little beyond X",
		source: "S. M. Carney, Harmonic Trading, volume 2, 2010.",
		bounds: []bound{
			{abOfXA, 0, 0.382, 0.382}, {bcOfAB, 0.382, 0.886, 0.886}, {cdOfBC, 2, 3.210, 3.618}, {adOfXA, 1.13, 1.13, 1.13},
		},
	}.pattern()

	Butterfly = harmonic{
		name: "butterfly", title: "Butterfly",
		is:     "A deep B, and a D beyond X",
		source: "B. Gilmore, with the ratios of S. M. Carney, Harmonic Trading, volume 1, 2010.",
		bounds: []bound{
			{abOfXA, 0.786, 0.786, 0.786}, {bcOfAB, 0.382, 0.618, 0.886}, {cdOfBC, 1.618, 1.996, 2.24}, {adOfXA, 1.27, 1.27, 1.27},
		},
	}.pattern()

	Crab = harmonic{
		name: "crab", title: "Crab",
		is:     "A long last leg, far beyond X",
		source: "S. M. Carney, Harmonic Trading, volume 1, 2010.",
		bounds: []bound{
			{abOfXA, 0.382, 0.618, 0.618}, {bcOfAB, 0.382, 0.786, 0.886}, {cdOfBC, 2.24, 3.059, 3.618}, {adOfXA, 1.618, 1.618, 1.618},
		},
	}.pattern()

	DeepCrab = harmonic{
		name: "deep_crab", title: "Deep Crab",
		is:     "A crab with a B near X, but not beyond it",
		source: "S. M. Carney, Harmonic Trading, volumes 1 and 2, 2010.",
		bounds: []bound{
			{abOfXA, 0.886, 0.886, 1}, {bcOfAB, 0.382, 0.618, 0.886}, {cdOfBC, 2, 2.337, 3.618}, {adOfXA, 1.618, 1.618, 1.618},
		},
	}.pattern()

	Shark = harmonic{
		name: "shark", title: "Shark",
		is:     "A C beyond A that does not hold, and a fall back to about X at once (Carney names the points 0 X A B C)",
		source: "S. M. Carney, Harmonic Trading, volume 3, 2016; first in Patterns into Profits, 2011.",
		bounds: []bound{
			{abOfXA, 0, 0.382, 1}, {bcOfAB, 1.13, 1.272, 1.618}, {cdOfBC, 1.618, 2.013, 2.24}, {cdOfXC, 0.886, 0.886, 1.13},
		},
	}.pattern()

	Cypher = harmonic{
		name: "cypher", title: "Cypher",
		is:     "A C beyond A, and a D that takes back most of the way from X to C",
		source: "D. Oglesbee, as published by those whom he taught; there is no book of his.",
		bounds: []bound{
			{abOfXA, 0.382, 0.5, 0.618}, {xcOfXA, 1.272, 1.343, 1.414}, {cdOfXC, 0.786, 0.786, 0.786},
		},
	}.pattern()

	FiveZero = harmonic{
		name: "five_zero", title: "5-0",
		is:     "The first correction after a turn: B beyond X, C beyond A, and half of the way back",
		source: "S. M. Carney, Harmonic Trading, volume 2, 2010.",
		bounds: []bound{
			{abOfXA, 1.13, 1.272, 1.618}, {bcOfAB, 1.618, 2, 2.24}, {cdOfBC, 0.5, 0.5, 0.5}, {cdOfAB, 0.809, 1, 1.12},
		},
	}.pattern()
)

// harmonics lists them all.
var harmonics = []*Pattern{Gartley, Bat, AlternateBat, Butterfly, Crab, DeepCrab, Shark, Cypher, FiveZero}

// harmonic is such a figure as it is published.
type harmonic struct {
	name, title, is, source string
	bounds                  []bound
}

// bound is what a ratio may be. The ideal is what the source prefers. The ratios
// of a figure depend on one another, as three of them place A B C D on a leg XA: so
// where the source gives a range and prefers nothing in it, the ideal is what the
// other ideals make of it, and else one by which they are all possible.
type bound struct {
	ratio              ratio
	least, ideal, most float64
}

// let is the bound with a tolerance, a part of the ratio, on the sides on which the
// ideal itself is the bound: no price turns at a ratio to the last digit. A range is
// as published.
func (b bound) let(tolerance float64) bound {
	if b.least == b.ideal {
		b.least *= 1 - tolerance
	}
	if b.most == b.ideal {
		b.most *= 1 + tolerance
	}
	return b
}

// ratio is of the distance between two of the five turns to that between another
// two.
type ratio int

const (
	abOfXA ratio = iota
	bcOfAB
	cdOfBC
	cdOfAB
	adOfXA
	xcOfXA
	cdOfXC
)

const turnX, turnA, turnB, turnC, turnD = 0, 1, 2, 3, 4

// legs are the turns that a ratio is between.
var legs = [...]struct {
	leg, whole string
	from, to   int // of the leg
	begin, end int // of what it is a part of
}{
	abOfXA: {"AB", "XA", turnA, turnB, turnX, turnA},
	bcOfAB: {"BC", "AB", turnB, turnC, turnA, turnB},
	cdOfBC: {"CD", "BC", turnC, turnD, turnB, turnC},
	cdOfAB: {"CD", "AB", turnC, turnD, turnA, turnB},
	adOfXA: {"AD", "XA", turnA, turnD, turnX, turnA},
	xcOfXA: {"XC", "XA", turnX, turnC, turnX, turnA},
	cdOfXC: {"CD", "XC", turnC, turnD, turnX, turnC},
}

func (r ratio) String() string { return legs[r].leg + "/" + legs[r].whole }

// of is the ratio of five turns.
func (r ratio) of(t []Swing) float64 {
	l := legs[r]
	return math.Abs(t[l.to].Price-t[l.from].Price) / r.whole(t)
}

// whole is the length of what the leg is a part of.
func (r ratio) whole(t []Swing) float64 {
	return math.Abs(t[legs[r].end].Price - t[legs[r].begin].Price)
}

func (h harmonic) pattern() *Pattern {
	var rules strings.Builder
	for i, b := range h.bounds {
		if i > 0 {
			rules.WriteString("; ")
		}
		fmt.Fprintf(&rules, "%v: %v", b.ratio, b.least)
		if b.most != b.least {
			fmt.Fprintf(&rules, " to %v, at best %v", b.most, b.ideal)
		}
	}
	return &Pattern{
		Spec: Spec{
			Name: h.name, Title: h.title,
			Doc: h.is + ". X, A, B, C and D are five turns in a row; it is bullish where X and D are lows, and bearish, all upside down, where they are highs.\n\nThe lengths of the legs as parts of one another. " +
				rules.String() + ". A bound that is itself the best is let out by tolerance, a part of it." + turnsDoc + harmonicDoc + confidenceDoc + h.source,
			Params: append(swingParams(3),
				ta.Number("tolerance", 0.03, 0, 0.2, "how far a ratio may be from an ideal that is its bound, as a part of it")),
		},
		find: h.find,
	}
}

const harmonicDoc = `D is a turn like the others, so the figure is known once the price has come back from it, and not at D. Its zone is the potential reversal zone: the prices at which D keeps every rule that measures it. Where no price does there is none.`

// find gives the figures that break no more than one rule.
func (h harmonic) find(b Bars, a ta.Args) (all []Detection) {
	tolerance := a.Float("tolerance")
	for t := range runs(swings(b, a), 5) {
		if !h.near(t, tolerance) {
			continue
		}
		d := Detection{
			Direction: Bullish, Bar: t[turnD].Known,
			Points: named(t, "X", "A", "B", "C", "D"), Zone: h.zone(t, tolerance),
		}
		if t[turnX].High {
			d.Direction = Bearish
		}
		for _, bound := range h.bounds {
			l, limit := legs[bound.ratio], bound.let(tolerance)
			d.Rules = append(d.Rules, between(bound.ratio.String(), "the length of "+l.leg+" as a part of that of "+l.whole,
				bound.ratio.of(t), limit.least, limit.ideal, limit.most))
		}
		all = append(all, d)
	}
	return all
}

// near says whether no more than one ratio is out of its bounds.
func (h harmonic) near(t []Swing, tolerance float64) bool {
	broken := 0
	for _, bound := range h.bounds {
		found, limit := bound.ratio.of(t), bound.let(tolerance)
		if !(limit.least <= found && found <= limit.most) { // nor one that is no number
			broken++
		}
	}
	return broken <= 1
}

// zone is where D keeps every rule that measures it, nil where no price does.
func (h harmonic) zone(t []Swing, tolerance float64) *Zone {
	side := 1.0 // from C to D
	if t[turnC].High {
		side = -1
	}
	near, far := math.Inf(-1), math.Inf(1) // in the direction of side
	for _, bound := range h.bounds {
		l := legs[bound.ratio]
		if l.to != turnD {
			continue
		}
		limit, whole, origin := bound.let(tolerance), bound.ratio.whole(t), float64(side*t[l.from].Price)
		near = max(near, origin+float64(limit.least*whole))
		far = min(far, origin+float64(limit.most*whole))
	}
	if near > far {
		return nil
	}
	return &Zone{side * near, side * far}
}
