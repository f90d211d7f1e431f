package engine_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// bars is how long the series are whose figures are known, and crossing that of
// those which more than a tile is needed for, and no multiple of one; reaching ends
// in the third tile, and without one bar in ten as well.
const (
	bars     = 701
	crossing = ta.Tile + 189
	reaching = 2*ta.Tile + bars
)

// long is a period that is longer than most and still fits the series.
const long = 150

// trials are the arguments that ind is tried with: the defaults, and each
// parameter in turn at its ends, a period also at long, and every choice. A
// parameter that another one may not be less than takes that one along.
func trials(t testing.TB, ind *ta.Indicator) []ta.Args {
	t.Helper()
	var all []ta.Args
	try := func(given map[string]any) {
		a, err := ind.Args(ordered(ind, given))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, a)
	}
	try(nil)
	for _, p := range ind.Params {
		for _, choice := range p.Choices {
			try(map[string]any{p.Name: choice})
		}
		if p.Choices == nil {
			try(map[string]any{p.Name: p.Min})
			try(map[string]any{p.Name: p.Max})
		}
		if p.Max == ta.MaxPeriod {
			try(map[string]any{p.Name: long})
		}
	}
	return all
}

// ordered completes given, so that a parameter is at least the one that it may not
// be less than: of the two the one that is not given follows, or the later one.
func ordered(ind *ta.Indicator, given map[string]any) map[string]any {
	value := func(name string) (v float64) {
		for _, p := range ind.Params {
			if p.Name == name {
				v = p.Default
			}
		}
		switch g := given[name].(type) {
		case float64:
			v = g
		case int:
			v = float64(g)
		}
		return v
	}
	for _, p := range ind.Params {
		if p.AtLeast == "" || value(p.Name) >= value(p.AtLeast) {
			continue
		}
		if _, told := given[p.AtLeast]; told {
			given[p.Name] = value(p.AtLeast)
		} else {
			given[p.AtLeast] = value(p.Name)
		}
	}
	return given
}

func describe(a ta.Args) string {
	b, err := a.MarshalJSON()
	if err != nil {
		panic(err)
	}
	return string(b)
}

// awaiting are the indicators whose first value may be later than the warm-up, and
// what it waits for: law.Begins does not hold for them.
var awaiting = map[string]string{
	"vwap_anchored":    "the anchor",
	"previous_session": "the end of a session",
	"swing_levels":     "a turn",
}

// Every indicator obeys every law, on every kind of series, with its parameters
// at their defaults and at their ends; at the defaults on a series of three tiles
// and on one that stands still, too.
func TestLaws(t *testing.T) {
	t.Parallel()
	series := law.All(1, bars)
	longer := []*law.Series{pierced(reaching), law.Still(1, bars, 0.01, 1000)}
	for _, ind := range engine.Indicators() {
		t.Run(ind.Name, func(t *testing.T) {
			t.Parallel()
			late := false
			for trial, a := range trials(t, ind) {
				s := law.Native(ind, a)
				kinds := series
				if trial == 0 {
					kinds = slices.Concat(series, longer)
				}
				if s.Warmup >= crossing { // nothing but NaN: one series will do
					kinds = series[:1]
				}
				for _, kind := range kinds {
					in := kind.Columns(ind.Inputs)
					if err := obeys(s, in, rand.New(rand.NewPCG(7, 8))); err != nil {
						t.Errorf("%s %s: %v", describe(a), kind.Name, err)
					}
				}
				if err := law.Begins(s, small(series[0]).Columns(ind.Inputs)); err != nil {
					late = true
					if awaiting[ind.Name] == "" {
						t.Errorf("%s: warm-up: %v", describe(a), err)
					}
				}
				for _, n := range []int{1, 2, 3} {
					if err := law.Deterministic(s, law.Walk(1, n).Columns(ind.Inputs)); err != nil {
						t.Errorf("%s: %d bars: %v", describe(a), n, err)
					}
				}
			}
			if what := awaiting[ind.Name]; what != "" && !late {
				t.Errorf("its first value never waits for %s", what)
			}
		})
	}
}

// small is s at a thousandth of its prices: below 1, where the arc sine has a
// value too.
func small(s *law.Series) *law.Series {
	part := *s
	for _, col := range []*[]float64{&part.Open, &part.High, &part.Low, &part.Close} {
		*col = slices.Clone(*col)
		for i := range *col {
			(*col)[i] /= 1024
		}
	}
	return &part
}

// obeys tries the laws that hold on any series of prices and volumes, with cuts
// and holes where r says.
func obeys(s law.Subject, in ta.Columns, r *rand.Rand) error {
	n := len(in[0])
	near := []int{s.Warmup, s.Warmup + 1, s.Warmup + 2, n / 2, n - 1}
	holes := []int{0, 3, 4, n / 3, n - 1}
	for range n / 20 {
		holes = append(holes, r.IntN(n))
	}
	for _, l := range []struct {
		name string
		err  error
	}{
		// First, as a run goes on with the kernel of the run before, by its state.
		{"state", law.State(s, in, 0, 1, s.Warmup/2, s.Warmup, s.Warmup+5, n/2, n)},
		{"deterministic", law.Deterministic(s, in)},
		{"causal", law.Causal(s, in, near...)},
		{"warm-up", law.Warmup(s, in)},
		{"scale", law.Scale(s, in, 1, 0)},
		{"scale", law.Scale(s, in, -9, 6)},
		{"holes", law.Holes(s, in, holes...)},
		{"window", law.Window(s, in, near...)},
		{"chunks", law.Chunks(s, in, cuts(n, func() int { return 1 })...)},
		{"chunks", law.Chunks(s, in, cuts(n, func() int { return 1 + r.IntN(100) })...)},
		{"chunks", law.Chunks(s, in, cuts(n, func() int { return 1 + r.IntN(2)*r.IntN(2)*r.IntN(20) })...)},
		{"ticks", law.Ticks(s, in)},
		{"ticks", law.Ticks(s, in, cuts(n, func() int { return 1 + r.IntN(2)*r.IntN(100) })...)},
	} {
		if l.err != nil {
			return fmt.Errorf("%s: %w", l.name, l.err)
		}
	}
	return nil
}

func cuts(n int, step func() int) (at []int) {
	for i := step(); i < n; i += step() {
		at = append(at, i)
	}
	return at
}

// Whatever numbers come, no indicator panics, and those laws hold that do not
// depend on what prices can be: the same bits again, in any chunks, restored in
// the middle, with the future cut off, and around holes.
func FuzzLaws(f *testing.F) {
	f.Add(uint64(0), uint16(0), []byte("prices of any size, and bytes that are none"))
	f.Add(uint64(99), uint16(5), binary.LittleEndian.AppendUint64(nil, math.Float64bits(math.MaxFloat64)))
	f.Fuzz(func(t *testing.T, seed uint64, pick uint16, raw []byte) {
		r := rand.New(rand.NewPCG(seed, 9))
		all := engine.Indicators()
		ind := all[int(pick)%len(all)]
		a := anyArgs(t, ind, r)
		s := law.Native(ind, a)
		in := law.All(seed, 1+r.IntN(200))[r.IntN(7)].Columns(ind.Inputs)
		for i := range in { // the raw numbers go anywhere
			in[i] = append([]float64(nil), in[i]...)
			for k := 0; len(raw) >= 8; k++ {
				in[i][r.IntN(len(in[i]))] = math.Float64frombits(binary.LittleEndian.Uint64(raw))
				raw = raw[8:]
			}
		}
		n := len(in[0])
		middle := r.IntN(n)
		for name, err := range map[string]error{
			"deterministic": law.Deterministic(s, in),
			"causal":        law.Causal(s, in, middle),
			"holes":         law.Holes(s, in, middle),
			"chunks":        law.Chunks(s, in, cuts(n, func() int { return 1 + r.IntN(30) })...),
			"ticks":         law.Ticks(s, in, cuts(n, func() int { return 1 + r.IntN(30) })...),
			"state":         law.State(s, in, middle),
		} {
			if err != nil {
				t.Errorf("%s %s, %s: %v", ind.Name, describe(a), name, err)
			}
		}
	})
}

// anyArgs draws every parameter: short periods mostly, since the series are.
func anyArgs(t *testing.T, ind *ta.Indicator, r *rand.Rand) ta.Args {
	given := map[string]any{}
	for _, p := range ind.Params {
		switch {
		case p.Choices != nil:
			given[p.Name] = p.Choices[r.IntN(len(p.Choices))]
		case p.Integer:
			given[p.Name] = min(p.Max, p.Min+float64(r.IntN(40)))
		case r.IntN(2) == 0:
			given[p.Name] = p.Default
		default:
			given[p.Name] = max(p.Min, min(p.Max, 4*r.Float64()))
		}
	}
	a, err := ind.Args(ordered(ind, given))
	if err != nil {
		t.Fatal(err)
	}
	return a
}
