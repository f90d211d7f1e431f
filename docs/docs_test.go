package docs

import (
	"slices"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

func TestParse(t *testing.T) {
	const page = "# Differences\n\n- prose: with a colon\n\n## a, b\n\n- pandas-ta: one: two\n- TA-Lib: three\n\n## b\n\n- TA-Lib: four\n"
	got, err := parse(page)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]Difference{
		"a": {{"TA-Lib", "three"}, {"pandas-ta", "one: two"}},
		"b": {{"TA-Lib", "three"}, {"TA-Lib", "four"}, {"pandas-ta", "one: two"}},
	} {
		if !slices.Equal(got[name], want) {
			t.Errorf("%s has %v, want %v", name, got[name], want)
		}
	}
	for _, bad := range []string{"- TaLib: x", "- TA-Lib x", "TA-Lib: x", "prose"} {
		if all, err := parse("# D\n\n## a\n\n" + bad + "\n"); err == nil || !strings.Contains(err.Error(), bad) {
			t.Errorf("%q is read as %v, %v", bad, all, err)
		}
	}
}

// Every group and every kind of memory has its words.
func TestWords(t *testing.T) {
	for _, g := range ta.Groups {
		if Groups[g].Title == "" || Groups[g].Doc == "" {
			t.Errorf("the group %s has no words in Groups", g)
		}
	}
	for _, m := range ta.Memories {
		if Memories[m] == "" {
			t.Errorf("the memory %s has no words in Memories", m)
		}
	}
}
