// Package docs has the words that the reference and the service's own page both
// say of an indicator, beside its Spec: what its group is about, how it
// remembers, and where other libraries differ from it.
package docs

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Group is what a family of indicators is about.
type Group struct{ Title, Doc string }

// Groups has a Group for each of ta.Groups.
var Groups = map[ta.Group]Group{
	ta.GroupOverlap:    {"Overlap", "Drawn over the price, in its units."},
	ta.GroupMomentum:   {"Momentum", "How fast, how far and how firmly the price moves."},
	ta.GroupVolatility: {"Volatility", "How large the moves are, whichever way they go."},
	ta.GroupVolume:     {"Volume", "What was traded, and on which side."},
	ta.GroupCycle:      {"Cycle", "The market as a wave: its period, its phase, and whether there is one."},
	ta.GroupStatistic:  {"Statistics", "A window of bars as a sample."},
	ta.GroupPrice:      {"Price", "The prices of a bar as one."},
	ta.GroupArithmetic: {"Arithmetic", "A function of each value of a series, or of two."},
	ta.GroupPattern:    {"Patterns", "Candles that together look like something: 100, −100 or 0."},
	ta.GroupCustom:     {"Custom", "What is in no other group."},
}

// Memories say how far back a value looks, and when a wrong price is forgotten.
var Memories = map[ta.Memory]string{
	ta.Window:  "window: the last bars decide a value, and nothing before them",
	ta.Fading:  "fading: older bars weigh less and less, or nothing once the formula has begun anew; send some history before the first bar you use",
	ta.Running: "running: a value depends on the first bar sent: of a total only differences mean something",
}

// Others are the libraries that differences.md compares with, in its order.
var Others = []string{"TA-Lib", "TradingView", "pandas-ta"}

// Difference says how the figures of another library are, next to ours.
type Difference struct {
	From string // one of Others
	Text string
}

//go:embed differences.md
var differences string

// Differences are the entries of differences.md by the name of the indicator,
// each name's in the order of Others.
func Differences() (map[string][]Difference, error) {
	return parse(differences)
}

// parse reads sections: a heading of names, separated by commas, and an entry
// to a line, "- library: text". What is before the first heading is for people.
func parse(page string) (map[string][]Difference, error) {
	_, page, _ = strings.Cut(page, "\n## ")
	all := map[string][]Difference{}
	for section := range strings.SplitSeq(page, "\n## ") {
		heading, body, _ := strings.Cut(section, "\n")
		for line := range strings.Lines(body) {
			line = strings.TrimSpace(line)
			if line == "" {
				continue
			}
			from, text, ok := strings.Cut(strings.TrimPrefix(line, "- "), ": ")
			if !ok || !strings.HasPrefix(line, "- ") || !slices.Contains(Others, from) {
				return nil, fmt.Errorf("differences of %s: %q is not an entry, - %s: text", heading, line, strings.Join(Others, " or "))
			}
			for name := range strings.SplitSeq(heading, ", ") {
				all[name] = append(all[name], Difference{from, text})
			}
		}
	}
	for name := range all {
		slices.SortStableFunc(all[name], func(a, b Difference) int {
			return slices.Index(Others, a.From) - slices.Index(Others, b.From)
		})
	}
	return all, nil
}
