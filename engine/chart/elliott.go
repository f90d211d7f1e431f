package chart

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Elliott's waves: five with the trend, three against it.
var (
	ElliottImpulse = &Pattern{
		Spec: Spec{
			Name: "elliott_impulse", Title: "Elliott Impulse",
			Doc:    `Five waves between six turns, of which the first, third and fifth go one way. It is bullish where they rise, and then a correction downwards is due.` + impulseDoc + wavesDoc,
			Params: swingParams(3),
		},
		find: impulse.find,
	}
	ElliottZigzag = &Pattern{
		Spec: Spec{
			Name: "elliott_zigzag", Title: "Elliott Zigzag",
			Doc:    `A sharp correction in three waves, A, B and C, between four turns. It is bullish where A and C fall, as the trend that it corrects rises.` + zigzagDoc + wavesDoc,
			Params: swingParams(3),
		},
		find: zigzagCorrection.find,
	}
	ElliottFlat = &Pattern{
		Spec: Spec{
			Name: "elliott_flat", Title: "Elliott Flat",
			Doc:    `A correction sideways in three waves, A, B and C, between four turns. It is bullish where A and C fall, as the trend that it corrects rises.` + flatDoc + wavesDoc,
			Params: swingParams(3),
		},
		find: flatCorrection.find,
	}
	Elliott = &Pattern{
		Spec: Spec{
			Name: "elliott", Title: "Elliott Wave Count",
			Doc: `What the waves that end at the newest turn are counted as: of an impulse (0 1 2 3 4 5), a zigzag and a flat (0 A B C), the one that breaks the fewest rules, of those the one of most waves, and then the one of the highest confidence. The latest one is given, with the rules that it keeps and those that it breaks; a later turn makes another. It is bullish where the larger trend rises: that of an impulse, and the one that a correction corrects.` +
				impulseDoc + zigzagDoc + flatDoc + wavesDoc,
			Params: swingParams(3),
		},
		find:   counts(impulse, zigzagCorrection, flatCorrection),
		latest: true,
	}
)

// waves lists them all.
var waves = []*Pattern{ElliottImpulse, ElliottZigzag, ElliottFlat, Elliott}

const (
	impulseDoc = "\n\nAn impulse. wave 2: how much of wave 1 it takes back, 0 to 1, at best 0.618: it never goes beyond the start of wave 1. wave 3: its length in waves 2, at least 1, at best 1.618: it goes beyond the end of wave 1. wave 3 of the three: its length in the shorter of waves 1 and 5, at least 1, at best 1.618: it is never the shortest. wave 4: how far its end stays beyond that of wave 1, in waves 1, at least 0, at best 0.382: it does not enter the territory of wave 1. Guidelines, which break nothing. extension: how near wave 3 is to 1.618 waves 1; equality: how near wave 5 is to wave 1; wave 5: its length in waves 4, where less than 1 is a truncation; alternation: how far apart waves 2 and 4 are in what they take back, at best 0.236."

	zigzagDoc = "\n\nA zigzag. zigzag B: how much of A it takes back, 0 to 1, at best 0.5: it never goes beyond the start of A. zigzag C: its length in waves B, at least 1, at best 2: it goes beyond the end of A. The book says almost always; one that falls short is not counted. A guideline. equality: how near C is to A."

	flatDoc = "\n\nA flat. flat B: how much of A it takes back, at least 0.9, at best 1 or more; beyond 1.05 a flat is called expanded. flat C: its length in waves B, at least 1, at best 1.1: it goes beyond the end of A. So a running flat, which does not, is not counted. Guidelines. start: how near the end of B is to the start of A; equality: how near C is to A."

	wavesDoc = turnsDoc + `Only the turns of one size are looked at: that waves are themselves made of five or three is not. Waves are counted when the last of them has ended, so an impulse after its third wave reads as a zigzag. A guideline that says how near a length is to another is the shorter as a part of the longer. Diagonals and triangles are not counted.` + confidenceDoc +
		`A. J. Frost and R. R. Prechter, Elliott Wave Principle, 10th edition, 2005.`
)

// way is how far the price is at a later turn beyond an earlier one, in the
// direction of the first wave.
type way func(from, to int) float64

// count is a reading of the waves between some turns.
type count struct {
	name      string
	waves     int
	direction Direction // of the larger trend, where the first wave rises
	points    []string
	rules     func(w way) []Rule
}

var (
	impulse          = count{"elliott_impulse", 5, Bullish, []string{"0", "1", "2", "3", "4", "5"}, impulseRules}
	zigzagCorrection = count{"elliott_zigzag", 3, Bearish, []string{"0", "A", "B", "C"}, zigzagRules}
	flatCorrection   = count{"elliott_flat", 3, Bearish, []string{"0", "A", "B", "C"}, flatRules}
)

// find gives the waves that break no more than one rule.
func (c count) find(b Bars, a ta.Args) (all []Detection) {
	for t := range runs(swings(b, a), c.waves+1) {
		if d := c.read(t); near(d.Rules) {
			all = append(all, d)
		}
	}
	return all
}

// counts gives the best of some readings at each turn.
func counts(readings ...count) func(b Bars, a ta.Args) []Detection {
	return func(b Bars, a ta.Args) (all []Detection) {
		turns := swings(b, a)
		for end := range len(turns) + 1 {
			var best *Detection
			for _, c := range readings {
				if c.waves >= end {
					continue
				}
				if d := c.read(turns[end-c.waves-1 : end]); best == nil || better(&d, best) {
					best = &d
				}
			}
			if best != nil {
				all = append(all, *best)
			}
		}
		return all
	}
}

// read counts the waves between turns.
func (c count) read(t []Swing) Detection {
	d := Detection{Pattern: c.name, Direction: c.direction, Bar: t[c.waves].Known, Points: named(t, c.points...)}
	side := 1.0
	if t[0].High {
		side, d.Direction = -1, -d.Direction
	}
	d.Rules = c.rules(func(from, to int) float64 { return side * (t[to].Price - t[from].Price) })
	return d
}

// better says whether d is a better reading than e.
func better(d, e *Detection) bool {
	broken := func(d *Detection) (n int) {
		for _, r := range d.Rules {
			if !r.Met {
				n++
			}
		}
		return n
	}
	if m, n := broken(d), broken(e); m != n {
		return m < n
	}
	if m, n := len(d.Points), len(e.Points); m != n {
		return m > n
	}
	return confidence(d.Rules) > confidence(e.Rules)
}

func impulseRules(w way) []Rule {
	one, two, three, four, five := w(0, 1), -w(1, 2), w(2, 3), -w(3, 4), w(4, 5)
	return []Rule{
		between("wave 2", "how much of wave 1 it takes back: not beyond its start", two/one, 0, 0.618, 1),
		atLeast("wave 3", "its length in waves 2: beyond the end of wave 1", three/two, 1, 1.618),
		atLeast("wave 3 of the three", "its length in the shorter of waves 1 and 5: it is not the shortest", three/min(one, five), 1, 1.618),
		atLeast("wave 4", "how far its end is beyond that of wave 1, in waves 1: not in its territory", w(1, 4)/one, 0, 0.382),
		nearness("extension", "how near wave 3 is to 1.618 waves 1", three, 1.618*one),
		nearness("equality", "how near wave 5 is to wave 1", five, one),
		atLeast("wave 5", "its length in waves 4: beyond the end of wave 3, else it is truncated", five/four, 0, 1),
		atLeast("alternation", "how far apart waves 2 and 4 are in what they take back", math.Abs(two/one-four/three), 0, 0.236),
	}
}

func zigzagRules(w way) []Rule {
	a, b, c := w(0, 1), -w(1, 2), w(2, 3)
	return []Rule{
		between("zigzag B", "how much of A it takes back: not beyond its start", b/a, 0, 0.5, 1),
		atLeast("zigzag C", "its length in waves B: beyond the end of A", c/b, 1, 2),
		nearness("equality", "how near C is to A", c, a),
	}
}

func flatRules(w way) []Rule {
	a, b, c := w(0, 1), -w(1, 2), w(2, 3)
	return []Rule{
		atLeast("flat B", "how much of A it takes back: nearly all or more", b/a, 0.9, 1),
		atLeast("flat C", "its length in waves B: beyond the end of A", c/b, 1, 1.1),
		nearness("start", "how near the end of B is to the start of A", b, a),
		nearness("equality", "how near C is to A", c, a),
	}
}

// nearness is a guideline: how near a length is to another, from 0 to 1, where they
// are equal. No length breaks it.
func nearness(name, doc string, x, y float64) Rule {
	return between(name, doc, min(x, y)/max(x, y), 0, 1, 1)
}
