package pattern

import (
	"slices"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// quad is the open, high, low and close of a bar.
type quad [4]float64

// plain are candles before a pattern: bodies of 1, ranges of 2, both shadows 1/2.
// A doji's body is up to 0.2 then, near is 0.4, far 1.2 and equal 0.1.
func plain() (all []quad) {
	for range 10 {
		all = append(all, quad{100, 101.5, 99.5, 101}, quad{101, 101.5, 99.5, 100})
	}
	return all
}

func run(t *testing.T, ind *ta.Indicator, params map[string]any, candles []quad) []float64 {
	t.Helper()
	a, err := ind.Args(params)
	if err != nil {
		t.Fatal(err)
	}
	in := make(ta.Columns, 4)
	for _, c := range candles {
		for k, v := range c {
			in[k] = append(in[k], v)
		}
	}
	return ind.Run(a, in)[0]
}

// Patterns as a textbook draws them are found, and no longer where one candle is
// drawn a little differently. These are the ones that the walks of the golden
// figures hardly ever have.
func TestTextbook(t *testing.T) {
	type drawing = []quad
	for _, c := range []struct {
		ind   *ta.Indicator
		want  float64
		drawn drawing
		miss  string
		at    int // of the candle that spoils it
		spoil quad
	}{
		{ThreeBlackCrows, -100,
			drawing{{100, 103, 99.9, 102.5}, {102.5, 102.6, 101, 101.1}, {102, 102.1, 100, 100.1}, {101, 101.1, 98.9, 99}},
			"the third opens above the body of the second", 3, quad{102.2, 102.3, 98.9, 99}},
		{ThreeLineStrike, 100,
			drawing{{100, 101.2, 99.8, 101}, {100.5, 102.2, 100.3, 102}, {101.5, 103.2, 101.3, 103}, {103.5, 103.6, 99, 99.5}},
			"the last closes above the first open", 3, quad{103.5, 103.6, 100, 100.2}},
		{ThreeStarsInSouth, 100,
			drawing{{104, 104.1, 96, 101}, {103, 103.1, 97, 101.5}, {100, 100.05, 99.45, 99.5}},
			"the second has a new low", 1, quad{103, 103.1, 95, 101.5}},
		{AbandonedBaby, -100,
			drawing{{100, 104.2, 99.9, 104}, {105, 105.5, 104.6, 105}, {104, 104.3, 101, 101.2}},
			"there is no gap after the baby", 2, quad{104, 104.7, 101, 101.2}},
		{Counterattack, 100,
			drawing{{104, 104.2, 99.9, 100}, {97, 100.2, 96.9, 100.05}},
			"the closes differ", 1, quad{97, 100.4, 96.9, 100.3}},
		{EveningDojiStar, -100,
			drawing{{100, 104.2, 99.9, 104}, {104.5, 105, 104.2, 104.5}, {104, 104.2, 100.9, 101}},
			"the third is not deep in the first", 2, quad{104.3, 104.4, 102.9, 103}},
		{GapSideSideWhite, 100,
			drawing{{100, 101.5, 99.5, 101}, {102, 103.5, 101.5, 103}, {102.05, 103.4, 101.6, 103.1}},
			"the opens differ", 2, quad{102.3, 103.4, 101.6, 103.1}},
		{IdenticalThreeCrows, -100,
			drawing{{104, 104.1, 101.9, 102}, {102.05, 102.1, 99.9, 100}, {100, 100.1, 97.9, 98}},
			"the second opens above the first close", 1, quad{102.5, 102.6, 99.9, 100}},
		{InvertedHammer, 100,
			drawing{{100, 101.5, 99.5, 101}, {99, 101, 98.95, 99.3}},
			"there is no gap between the bodies", 1, quad{99.8, 101.5, 99.75, 100.1}},
		{KickingByLength, -100, // the black one is the longer
			drawing{{104, 104.05, 99.95, 100}, {104.5, 107.55, 104.45, 107.5}},
			"there is no gap", 1, quad{104, 107.55, 103.95, 107.5}},
		{Kicking, 100,
			drawing{{104, 104.05, 99.95, 100}, {104.5, 107.55, 104.45, 107.5}},
			"there is no gap", 1, quad{104, 107.55, 103.95, 107.5}},
		{MatHold, 100,
			drawing{{100, 104.2, 99.9, 104}, {104.8, 105, 104.3, 104.5}, {104.2, 104.4, 103.4, 103.6}, {103.9, 104, 103.2, 103.4}, {103.8, 106, 103.7, 105.9}},
			"the last does not get above those that rested", 4, quad{103.8, 106, 103.7, 104.9}},
		{MorningStar, 100,
			drawing{{104, 104.2, 99.9, 100}, {99.5, 99.8, 98.9, 99.2}, {99.8, 103.2, 99.7, 103}},
			"there is no gap before the star", 1, quad{100.2, 100.4, 99.5, 99.9}},
		{Piercing, 100,
			drawing{{104, 104.2, 99.9, 100}, {99.5, 102.7, 99.4, 102.5}},
			"the second closes in the lower half", 1, quad{99.5, 102.1, 99.4, 101.9}},
		{RiseFallThreeMethods, 100,
			drawing{{100, 104.2, 99.9, 104}, {103.8, 104, 103, 103.3}, {103.4, 103.5, 102.6, 102.8}, {102.9, 103, 102, 102.3}, {102.8, 105.2, 102.7, 105}},
			"the last closes below the first", 4, quad{102.35, 104, 102.3, 103.95}},
		{ShootingStar, -100,
			drawing{{100, 101.5, 99.5, 101}, {101.5, 103.5, 101.45, 101.8}},
			"there is no gap between the bodies", 1, quad{100.9, 103, 100.85, 101.2}},
		{StickSandwich, 100,
			drawing{{102, 102.5, 99.5, 100}, {100.8, 103, 100.5, 102.5}, {103, 103.2, 99.5, 100.05}},
			"the second goes below the first close", 1, quad{100.8, 103, 99.9, 102.5}},
		{TasukiGap, 100,
			drawing{{100, 101.5, 99.5, 101}, {102, 103.5, 101.8, 103}, {102.6, 103, 101.2, 101.5}},
			"the third fills the gap", 2, quad{102.1, 102.5, 100.8, 100.95}},
		{Tristar, -100,
			drawing{{100, 100.5, 99.5, 100}, {101, 101.5, 100.6, 101.05}, {100.2, 100.7, 99.8, 100.2}},
			"the third is no doji", 2, quad{100.2, 100.7, 99.8, 100.5}},
		{UpsideGapTwoCrows, -100,
			drawing{{100, 104.2, 99.9, 104}, {105, 105.2, 104.4, 104.6}, {105.4, 105.5, 104.2, 104.3}},
			"the third closes the gap", 2, quad{105.4, 105.5, 103.8, 103.9}},
	} {
		candles := append(plain(), c.drawn...)
		last := len(candles) - 1
		if got := run(t, c.ind, nil, candles)[last]; got != c.want {
			t.Errorf("%s is %v, want %v", c.ind.Name, got, c.want)
		}
		candles[last-len(c.drawn)+1+c.at] = c.spoil
		if got := run(t, c.ind, nil, candles)[last]; got != 0 {
			t.Errorf("%s is %v although %s", c.ind.Name, got, c.miss)
		}
	}
}

// How deep the third candle of a star must come is for the caller to say.
func TestPenetration(t *testing.T) {
	candles := append(plain(), quad{100, 104.2, 99.9, 104}, quad{104.5, 105, 104.2, 104.5}, quad{104.3, 104.4, 102.9, 103})
	for part, want := range map[float64]float64{0: -100, 0.24: -100, 0.26: 0, 3e37: 0} {
		got := run(t, EveningStar, map[string]any{"penetration": part}, candles)
		if last := got[len(got)-1]; last != want {
			t.Errorf("by %v it is %v, want %v", part, last, want)
		}
	}
}

// A trap is sprung once, within three candles, and only the newest one.
func TestHikkakeRemembers(t *testing.T) {
	wide, inside, down := quad{100, 110, 90, 100}, quad{100, 105, 95, 100}, quad{98, 104, 94, 96}
	idle, over, under := quad{96, 104, 94, 96}, quad{100, 107, 94, 106}, quad{100, 106, 93, 94.5}
	before := []quad{idle, idle, idle, idle, idle}
	for _, c := range []struct {
		what string
		then []quad
		want []float64 // of then
	}{
		{"at once", []quad{over, idle}, []float64{200, 0}},
		{"on the third", []quad{idle, idle, over}, []float64{0, 0, 200}},
		{"too late", []quad{idle, idle, idle, over}, []float64{0, 0, 0, 0}},
		{"once only", []quad{over, over}, []float64{200, 0}},
		{"on the wrong side", []quad{under}, []float64{0}},
		{"after a newer trap", []quad{{96, 103, 95, 100}, {100, 106, 96, 100}, {100, 106, 94, 94.9}}, []float64{0, -100, -200}},
	} {
		candles := slices.Concat(before, []quad{wide, inside, down}, c.then)
		got := run(t, Hikkake, nil, candles)
		at := len(candles) - len(c.then)
		if got[at-1] != 100 || !slices.Equal(got[at:], c.want) {
			t.Errorf("%s: %v, want 100 and then %v", c.what, got[at-1:], c.want)
		}
	}
}
