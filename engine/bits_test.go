package engine_test

import (
	"encoding/binary"
	"flag"
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

var update = flag.Bool("update", false, "write testdata/bits.txt anew; engine.Version must change with it")

// The bits of every output are those of testdata/bits.txt, built with SIMD and
// without: what was cached, logged or compared by one build holds for the other.
func TestBits(t *testing.T) {
	t.Parallel()
	const file = "testdata/bits.txt"
	got := bitListing(t, engine.Indicators()...)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, what := range bitNews(string(want), got) {
		t.Error(what)
	}
}

// bitListing has a line for each trial of each indicator: a digest of its outputs
// over series that end in the first tile, one over series that end in the third,
// its name and its arguments.
func bitListing(t testing.TB, indicators ...*ta.Indicator) string {
	list := fmt.Sprintf("engine %s\n", engine.Version)
	first, third := law.All(1, bars), append(law.All(1, reaching), pierced(reaching))
	for _, ind := range indicators {
		for _, a := range trials(t, ind) {
			list += fmt.Sprintf("%016x %016x %s %s\n", digest(ind, a, first), digest(ind, a, third), ind.Name, describe(a))
		}
	}
	return list
}

// bitNews says what is new, missing or changed between two listings of bits, and
// what to do about it.
func bitNews(want, got string) (news []string) {
	const write = "go test ./engine -run TestBits -update writes it"
	before, after := bitLines(want), bitLines(got)
	var fresh, gone, changed []string
	for _, key := range slices.Sorted(maps.Keys(after)) {
		switch bits, ok := before[key]; {
		case !ok:
			fresh = append(fresh, key)
		case bits != after[key]:
			changed = append(changed, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(before)) {
		if _, ok := after[key]; !ok {
			gone = append(gone, key)
		}
	}
	for _, n := range []struct {
		keys []string
		text string
	}{
		{fresh, "has no bits in testdata/bits.txt: " + write},
		{gone, "has bits in testdata/bits.txt and is no more: " + write},
		{changed, "has other bits than in testdata/bits.txt: if it should, raise engine.Version; " + write},
	} {
		if len(n.keys) > 0 {
			news = append(news, fmt.Sprintf("%s (one of %d) %s", n.keys[0], len(n.keys), n.text))
		}
	}
	if news == nil && want != got {
		news = append(news, "testdata/bits.txt has another version or order: "+write)
	}
	return news
}

// bitLines are the bits of a listing by indicator and parameters.
func bitLines(listing string) map[string]string {
	lines := map[string]string{}
	for line := range strings.Lines(listing) {
		if words := strings.SplitN(strings.TrimSpace(line), " ", 3); len(words) == 3 {
			lines[words[2]] = words[0] + " " + words[1]
		}
	}
	return lines
}

func TestBitNews(t *testing.T) {
	const base = "engine 1.0.0\n01 1a a {}\n02 1b b {}\n"
	for got, want := range map[string]string{
		base:                                     "",
		base + "03 1c c {}\n":                    "c {} (one of 1) has no bits",
		"engine 1.0.0\n01 1a a {}\n":             "b {} (one of 1) has bits in testdata/bits.txt and is no more",
		"engine 1.0.0\n11 1a a {}\n12 1b b {}\n": "a {} (one of 2) has other bits",
		"engine 1.0.0\n01 1a a {}\n02 2b b {}\n": "b {} (one of 1) has other bits",
		"engine 1.0.1\n01 1a a {}\n02 1b b {}\n": "another version or order",
		"engine 1.0.0\n02 1b b {}\n01 1a a {}\n": "another version or order",
	} {
		news := strings.Join(bitNews(base, got), "\n")
		if !strings.Contains(news, want) || (want == "") != (news == "") {
			t.Errorf("%q: %q, want %q", got, news, want)
		}
	}
}

// pierced is a walk of n bars whose few holes leave long runs, which begin
// anywhere in a tile.
func pierced(n int) *law.Series {
	s := law.Walk(2, n)
	s.Name = "pierced"
	for bar := 350; bar < n; bar += 611 {
		for _, col := range [...][]float64{s.Open, s.High, s.Low, s.Close, s.Volume} {
			col[bar] = math.NaN()
		}
	}
	return s
}

// digest is the FNV-1a of all outputs over all of the series.
func digest(ind *ta.Indicator, a ta.Args, series []*law.Series) uint64 {
	h := fnv.New64a()
	var b []byte
	for _, s := range series {
		for _, col := range ind.Run(a, s.Columns(ind.Inputs)) {
			b = b[:0]
			for _, v := range col {
				if v != v {
					v = math.NaN() // one of many
				}
				b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
			}
			h.Write(b)
		}
	}
	return h.Sum64()
}
