// Package chart finds the figures that prices draw: head and shoulders,
// triangles, divergences and their like. A figure is no column of numbers, so
// the room has a vocabulary of its own. It is made of the engine's indicators
// and of the swings of the price, and knows nothing but bars that have closed.
package chart

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Bars are candles as columns of equal length, oldest first. Open and Volume
// may be nil where no pattern asked for reads them. A bar with a hole, a value
// that is NaN or infinite in any column, is skipped as the engine's indicators
// skip it: the others are found as if it had not been there.
type Bars struct {
	Open, High, Low, Close, Volume []float64

	// Oscillator is what divergences compare the price with, where it is not
	// to be one of the engine's. It is no part of a bar: one that has none is
	// no hole.
	Oscillator []float64
}

// Len is how many bars there are.
func (b Bars) Len() int { return len(b.Close) }

// columns are those that make a bar.
func (b *Bars) columns() []*[]float64 {
	return []*[]float64{&b.Open, &b.High, &b.Low, &b.Close, &b.Volume}
}

// whole are the bars without a hole, and where each of them was.
func (b Bars) whole() (Bars, []int) {
	var at []int
	columns := b.columns()
	for i := range b.Close {
		hole := false
		for _, col := range columns {
			hole = hole || *col != nil && (*col)[i]-(*col)[i] != 0
		}
		if !hole {
			at = append(at, i)
		}
	}
	if len(at) == b.Len() {
		return b, at
	}
	for _, col := range append(columns, &b.Oscillator) {
		if *col == nil {
			continue
		}
		left := make([]float64, len(at))
		for i, from := range at {
			left[i] = (*col)[from]
		}
		*col = left
	}
	return b, at
}

// flipped are the bars upside down: every price is negated, so that what was a
// top is a bottom. No bit is lost.
func (b Bars) flipped() Bars {
	b.High, b.Low = b.Low, b.High
	for _, col := range [...]*[]float64{&b.Open, &b.High, &b.Low, &b.Close, &b.Oscillator} {
		if *col == nil {
			continue
		}
		down := make([]float64, len(*col))
		for i, v := range *col {
			down[i] = -v
		}
		*col = down
	}
	return b
}

// Direction is where a figure says that the price goes.
type Direction int

const (
	Bearish Direction = -1
	Neutral Direction = 0
	Bullish Direction = 1
)

// String is bullish, bearish or neutral.
func (d Direction) String() string {
	return [...]string{"bearish", "neutral", "bullish"}[d+1]
}

// MarshalText writes the direction in words.
func (d Direction) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Point is one of those that make a figure.
type Point struct {
	Name  string  `json:"name"`
	Bar   int     `json:"bar"`
	Price float64 `json:"price"`
}

// Rule is one of the conditions of a figure, and what was found: it is met
// where Found is from Least to Most, either of which may be infinite. Ideal,
// between them, is what the book would draw. Found is a pure number: a ratio
// of distances, or a number of bars, blind to the scale of prices.
type Rule struct {
	Name  string
	Doc   string // what is measured, and in what
	Found float64
	Least float64
	Ideal float64
	Most  float64
	Met   bool
}

// between is a rule with a bound on either side of its ideal. What is infinite,
// since prices were too large to tell their distance, meets none.
func between(name, doc string, found, least, ideal, most float64) Rule {
	return Rule{name, doc, found, least, ideal, most, least <= found && found <= most && !math.IsInf(found, 0)}
}

// atLeast is a rule with a lower bound alone: ideal or more is as good as can be.
func atLeast(name, doc string, found, least, ideal float64) Rule {
	return between(name, doc, found, least, ideal, math.Inf(1))
}

// atMost is a rule with an upper bound alone: ideal or less is as good as can be.
func atMost(name, doc string, found, ideal, most float64) Rule {
	return between(name, doc, found, math.Inf(-1), ideal, most)
}

// Margin is how much of the tolerance is left: 1 at the ideal, or beyond it on
// a side without a bound, falling in a straight line to 0 at the bound; 0 where
// the rule is broken.
func (r Rule) Margin() float64 {
	if !r.Met {
		return 0
	}
	bound := r.Least
	if r.Found > r.Ideal {
		bound = r.Most
	}
	if math.IsInf(bound, 0) || bound == r.Ideal {
		return 1
	}
	return (r.Found - bound) / (r.Ideal - bound)
}

// MarshalJSON leaves out a bound that is infinite, and a figure that is none.
func (r Rule) MarshalJSON() ([]byte, error) {
	finite := func(v float64) *float64 {
		if v-v != 0 {
			return nil
		}
		return &v
	}
	return json.Marshal(struct {
		Name  string   `json:"name"`
		Doc   string   `json:"doc"`
		Found *float64 `json:"found,omitempty"`
		Least *float64 `json:"least,omitempty"`
		Ideal float64  `json:"ideal"`
		Most  *float64 `json:"most,omitempty"`
		Met   bool     `json:"met"`
	}{r.Name, r.Doc, finite(r.Found), finite(r.Least), r.Ideal, finite(r.Most), r.Met})
}

// Detection is a figure that was found.
type Detection struct {
	Pattern   string    `json:"pattern"`
	Direction Direction `json:"direction"`

	// Bar is the one whose close made the figure known: the first at which
	// all that the figure uses had happened.
	Bar int `json:"bar"`

	// Confidence is the mean of the Margin of the rules, from 0 to 1: 1 where
	// every measure is what the book would draw, 0 where each is at its bound.
	// It means the same for every pattern, and is no probability of a profit.
	Confidence float64 `json:"confidence"`

	Points []Point `json:"points"` // in order of time
	Rules  []Rule  `json:"rules"`

	Zone *Zone `json:"zone,omitempty"` // nil for figures that have none
}

// Zone is where a figure is due to end: the prices at which its last point keeps
// the rules that measure it. The one that the price comes to first is Near.
type Zone struct {
	Near float64 `json:"near"`
	Far  float64 `json:"far"`
}

// Met says whether no rule is broken.
func (d *Detection) Met() bool {
	return !slices.ContainsFunc(d.Rules, func(r Rule) bool { return !r.Met })
}

// near says whether at most one of the rules is broken.
func near(rules []Rule) bool {
	broken := 0
	for _, r := range rules {
		if !r.Met {
			broken++
		}
	}
	return broken <= 1
}

func confidence(rules []Rule) float64 {
	if len(rules) == 0 {
		return 0
	}
	sum := 0.0
	for _, r := range rules {
		sum += r.Margin()
	}
	return sum / float64(len(rules))
}

// Spec is what the platform knows about a pattern without looking for it.
type Spec struct {
	Name   string     `json:"name"`  // as in URLs: [a-z][a-z0-9_]*
	Title  string     `json:"title"` // what people call it
	Doc    string     `json:"doc"`   // what it looks like, its rules, the source
	Params []ta.Param `json:"params"`

	// Compares says whether it reads Bars.Oscillator. Every pattern reads the
	// high, the low and the close.
	Compares bool `json:"-"`
}

// Args completes the given parameters with defaults and checks each of them.
// The error is a *ta.ParamError.
func (s *Spec) Args(given map[string]any) (ta.Args, error) {
	return (&ta.Spec{Name: s.Name, Params: s.Params}).Args(given)
}

// Pattern is a Spec with the code that looks for it.
//
// find gives the candidates among bars without holes, those that come near too:
// direction, points, rules and bar; the rest is filled in. It adds no candidate, and changes none, before a bar that it has seen: what it finds in
// the first bars of a series are those of the whole series that were known then.
type Pattern struct {
	Spec
	find func(b Bars, a ta.Args) []Detection

	// latest says that a candidate is a reading of all that there is, with the rules
	// that it keeps and those that it breaks, so that the newest is the one to find.
	latest bool
}

// Patterns lists every pattern, family by family.
var Patterns = slices.Concat(figures, harmonics, waves)

// Find finds the figures whose every rule is met, in order of their Bar; of
// readings the latest alone, whatever it breaks.
func (p *Pattern) Find(b Bars, a ta.Args) []Detection {
	all := p.Candidates(b, a)
	if p.latest {
		return all[max(0, len(all)-1):]
	}
	return slices.DeleteFunc(all, func(d Detection) bool { return !d.Met() })
}

// Candidates finds also what comes near: a figure that breaks a single rule is
// there with the rule that it breaks, and every reading as it was then.
func (p *Pattern) Candidates(b Bars, a ta.Args) []Detection {
	for _, col := range b.columns() {
		if *col != nil && len(*col) != b.Len() {
			panic(fmt.Sprintf("chart: columns of %d and %d bars", len(*col), b.Len()))
		}
	}
	b, at := b.whole()
	all := p.find(b, a)
	for i := range all {
		d := &all[i]
		if d.Pattern == "" {
			d.Pattern = p.Name
		}
		d.Bar, d.Confidence = at[d.Bar], confidence(d.Rules)
		for k := range d.Points {
			d.Points[k].Bar = at[d.Points[k].Bar]
		}
	}
	slices.SortStableFunc(all, func(x, y Detection) int { return cmp.Compare(x.Bar, y.Bar) })
	return all
}

// mirrored makes of a search for a bearish figure the one for the bullish figure
// that is the same upside down.
func mirrored(find func(b Bars, a ta.Args) []Detection) func(b Bars, a ta.Args) []Detection {
	return func(b Bars, a ta.Args) []Detection {
		all := find(b.flipped(), a)
		for i := range all {
			d := &all[i]
			d.Direction = -d.Direction
			for k := range d.Points {
				d.Points[k].Price = -d.Points[k].Price
			}
		}
		return all
	}
}
