package compute

import (
	"cmp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// near are up to three of names within two edits of name, or that contain it, or
// whose title it is, or that have a word within two edits of it in their title:
// bolinger is bbands. Of titles the one with the fewest words beside it comes
// first, and of names that are as near one that begins with name: stoc is stoch
// before it is stc.
func near(name string, names []string, title func(name string) string) []string {
	const most, edits = 3, 2
	type candidate struct {
		name  string
		far   int
		words int // of the title that it was found by
		other int // 0 where it begins with name
	}
	var found []candidate
	lower := strings.ToLower(name)
	for _, n := range names {
		far := edits + 1
		if len(name) <= 64 {
			far = levenshtein.ComputeDistance(lower, n)
		}
		if far > edits && len(lower) >= 3 && strings.Contains(n, lower) {
			far = edits
		}
		if far > edits && strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(title(n))) == lower {
			far = 1 // its whole title: head_and_shoulders, three_line_break
		}
		words := 0
		if far > edits {
			if words = titled(title(n), lower, edits); words > 0 {
				far = edits
			}
		}
		if far <= edits && far < len(n) {
			other := 1
			if strings.HasPrefix(n, lower) {
				other = 0
			}
			found = append(found, candidate{n, far, words, other})
		}
	}
	if slices.ContainsFunc(found, func(c candidate) bool { return c.far == 0 }) {
		return []string{lower} // written with capitals: it can be no other
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		return cmp.Or(a.far-b.far, a.words-b.words, a.other-b.other)
	})
	var nearest []string
	for _, c := range found[:min(most, len(found))] {
		nearest = append(nearest, c.name)
	}
	return nearest
}

// titled is how many words a title has, if one of them is near, else 0.
func titled(title, lower string, edits int) int {
	const long = 5 // a shorter word is near too many others
	if len(lower) < long || len(lower) > 64 {
		return 0
	}
	words := strings.Fields(strings.ToLower(title))
	if slices.ContainsFunc(words, func(word string) bool {
		return len(word) >= long && len(word) <= 64 && levenshtein.ComputeDistance(lower, word) <= edits
	}) {
		return len(words)
	}
	return 0
}
