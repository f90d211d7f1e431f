package pages

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// warmupFormula is the warm-up of ind in its parameters, as a ta.Formula, or ""
// where none of the kind looked for fits: a sum of parameters, each some times,
// one of them the largest of several. It is found by trying the Warmup itself,
// and holds on every one of many draws of all parameters that are numbers of
// bars; the others are at their defaults.
func warmupFormula(ind *ta.Indicator) string {
	var periods []ta.Param
	for _, p := range ind.Params {
		if p.Max == ta.MaxPeriod {
			periods = append(periods, p)
		}
	}
	if periods == nil {
		return "" // it is one number
	}
	draws := drawn(ind, periods)
	for among := range 1 << len(periods) {
		if f := fit(ind, periods, among, draws); f != "" {
			return f
		}
	}
	return ""
}

// doubled is the warm-up with every period twice its default.
func doubled(ind *ta.Indicator) (int, error) {
	given := map[string]any{}
	for _, p := range ind.Params {
		if p.Max == ta.MaxPeriod {
			given[p.Name] = 2 * p.Default
		}
	}
	a, err := ind.Args(given)
	if err != nil {
		return 0, err
	}
	return ind.Warmup(a), nil
}

// drawn are arguments whose periods are the least allowed, near it, or far from
// it and from one another, where they may be so together.
func drawn(ind *ta.Indicator, periods []ta.Param) (draws []ta.Args) {
	r := rand.New(rand.NewPCG(1, uint64(len(periods))))
	for range 200 {
		given := map[string]any{}
		for _, p := range periods {
			given[p.Name] = p.Min + float64(r.IntN([]int{1, 3, 200}[r.IntN(3)]))
		}
		if a, err := ind.Args(given); err == nil {
			draws = append(draws, a)
		}
	}
	return draws
}

// fit tries the formula in which the periods of the set among count by the
// largest of them, and says it if it holds on every draw.
func fit(ind *ta.Indicator, periods []ta.Param, among int, draws []ta.Args) string {
	var largest []string
	var terms [][]string // each with the names that make it grow
	for i, p := range periods {
		if among>>i&1 == 1 {
			largest = append(largest, p.Name)
		} else {
			terms = append(terms, []string{p.Name})
		}
	}
	switch len(largest) {
	case 0:
	case 1:
		return "" // the largest of one is a plain term
	default:
		terms = slices.Insert(terms, 0, largest)
	}
	const base = 50 // of every period, before one grows
	at := func(grown ...string) (int, error) {
		given := map[string]any{}
		for _, p := range periods {
			given[p.Name] = base
		}
		for _, name := range grown {
			given[name] = base + 1
		}
		a, err := ind.Args(given)
		if err != nil {
			return 0, err
		}
		return ind.Warmup(a), nil
	}
	var text strings.Builder
	start, err := at()
	if err != nil {
		return ""
	}
	rest := start
	for _, term := range terms {
		more, err := at(term...)
		if err != nil {
			return "" // one may not be longer than another
		}
		times := more - start
		rest -= base * times
		if times == 0 {
			continue
		}
		if text.Len() > 0 {
			text.WriteString(" + ")
		}
		if times != 1 {
			fmt.Fprintf(&text, "%d*", times)
		}
		text.WriteString(nested(term))
	}
	switch {
	case text.Len() == 0:
		fmt.Fprint(&text, rest)
	case rest < 0:
		fmt.Fprintf(&text, " - %d", -rest)
	case rest > 0:
		fmt.Fprintf(&text, " + %d", rest)
	}
	formula, err := ta.ParseFormula(text.String())
	if err != nil {
		return "" // it counts less than nothing
	}
	for _, a := range draws {
		if formula.Eval(a) != ind.Warmup(a) {
			return ""
		}
	}
	return formula.String()
}

// nested is the largest of several names, as a formula says it.
func nested(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return fmt.Sprintf("max(%s, %s)", names[0], nested(names[1:]))
}
