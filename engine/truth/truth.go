package truth

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Class is what a figure is made of, and so how near to the truth it can be.
type Class string

const (
	Window     Class = "window"     // the last bars alone
	Variance   Class = "variance"   // squared distances from a mean
	Recurrence Class = "recurrence" // all bars so far
	Place      Class = "place"      // where a figure is in a range of itself
)

// Bound is the largest error that the engine may have, in the class's unit.
func (c Class) Bound() float64 {
	switch c {
	case Window:
		return 4
	case Variance:
		return 1e-12
	case Place:
		return 1e-15
	}
	return 1e-13
}

// Unit is what errors are counted in: units in the last place of the size that
// they are measured by, or parts of it.
func (c Class) Unit() string {
	if c == Window {
		return "ulp"
	}
	return "relative"
}

// Size is what an error is measured by.
type Size string

const (
	// Value is the true figure itself: of every output that is always above 0, or
	// always below.
	Value Size = "value"
	// Scale is the largest figure of the output in the same thousand bars: of every
	// output that is 0 now and then, where no error is small beside the figure.
	Scale Size = "scale"
	// Shake is what the places in ranges move by when the figures that they are of
	// do, to the first order: of every output of class Place.
	Shake Size = "shake"
)

// distances are the outputs that are the size of a difference: they come as near to
// 0 as one that is of both signs.
var distances = map[string]bool{"dx": true}

// block is how many bars have one scale.
const block = 1000

// settled is how many bars after a spike of 1e9 no recurrence knows of it any
// more: the slowest, kama, keeps a part 1 − (2/31)² of it in each bar, 1e-23 in
// so many.
const settled = 13_000

// Errors are the largest ones of a part of the series, in the class's unit.
type Errors struct {
	Before float64 `json:"before"` // no spike has come
	Fading float64 `json:"fading"` // it is out of the window, but recurrences still know of it; not bound
	After  float64 `json:"after"`  // it is gone
}

// Worst is the larger of the errors that are bound.
func (e Errors) Worst() float64 { return max(e.Before, e.After) }

// Row is how far the figures of one output are from the truth.
type Row struct {
	Indicator string   `json:"indicator"`
	Output    string   `json:"output"`
	Class     Class    `json:"class"`
	Size      Size     `json:"size"`
	Sides     []Errors `json:"sides"` // of each of those who computed it
}

// reference is a formula with its class.
type reference[T Number[T]] struct {
	class Class
	of    formula[T]
}

func references[T Number[T]]() map[string]reference[T] {
	all := map[string]reference[T]{}
	for _, those := range []struct {
		Class
		formulas map[string]formula[T]
	}{
		{Window, windows[T]()}, {Variance, variances[T]()}, {Recurrence, recurrences[T]()}, {Recurrence, cycles[T]()}, {Place, ranges[T]()},
	} {
		for name, f := range those.formulas {
			if _, ok := all[name]; ok {
				panic("truth: two formulas of " + name)
			}
			all[name] = reference[T]{those.Class, f}
		}
	}
	return all
}

// Names are the indicators that have a formula here, in order.
func Names() []string { return slices.Sorted(maps.Keys(references[Pair]())) }

// Of is what an indicator truly gives for in, in numbers that T has digits for.
// It panics where there is no formula of it.
func Of[T Number[T]](name string, a ta.Args, in ta.Columns) []Series[T] {
	return references[T]()[name].of(a, exactly[T](in))
}

func exactly[T Number[T]](in ta.Columns) []Series[T] {
	exact := make([]Series[T], len(in))
	for i, col := range in {
		exact[i] = seriesOf[T](col)
	}
	return exact
}

// Spike puts a close of 1e9, and a high, into s at a bar.
func Spike(s *law.Series, bar int) { s.High[bar], s.Close[bar] = 1e9, 1e9 }

// Compare measures the columns of those who computed ind over in, which has a
// spike at a bar, by its formula. Of a column that is nil the errors are NaN.
func Compare(ind *ta.Indicator, a ta.Args, in ta.Columns, spike int, sides ...ta.Columns) []Row {
	warm, bars := ind.Warmup(a), len(in[0])
	gone := min(spike+warm+1, bars)
	calm := gone
	class := references[Pair]()[ind.Name].class
	if ind.Memory != ta.Window {
		calm = min(max(gone, spike+settled), bars)
	}
	want := Of[Pair](ind.Name, a, in)
	var shake []Series[Pair]
	if class == Place {
		shake = shakes[ind.Name](a, exactly[Pair](in))
	}
	rows := make([]Row, len(want))
	for k, exact := range want {
		size := Value
		var by Series[Pair]
		if class == Place {
			size, by = Shake, shake[k]
		} else if distances[ind.Name] || crosses(exact[warm:spike]) || crosses(exact[calm:]) {
			size = Scale
		}
		rows[k] = Row{Indicator: ind.Name, Output: ind.Outputs[k].Name, Class: class, Size: size}
		for _, side := range sides {
			if side[k] == nil {
				nan := math.NaN()
				rows[k].Sides = append(rows[k].Sides, Errors{nan, nan, nan})
				continue
			}
			worst := func(from, to int, size Size) float64 {
				return largest(exact, side[k], from, to, size, by, class == Window)
			}
			fading := size
			if size == Value {
				fading = Scale // what was above 0 may swing below it
			}
			rows[k].Sides = append(rows[k].Sides, Errors{
				worst(warm, spike, size), worst(gone, calm, fading), worst(calm, bars, size),
			})
		}
	}
	return rows
}

// Off is how far columns of ind are from the truth in some bars, at most: as parts of
// the value, or, for an output that is 0 in these bars now and then, of the scale.
func Off(ind *ta.Indicator, a ta.Args, in ta.Columns, from, to int, columns ta.Columns) []float64 {
	off := make([]float64, len(columns))
	for k, want := range Of[Pair](ind.Name, a, in) {
		size := Value
		if distances[ind.Name] || crosses(want[from:to]) {
			size = Scale
		}
		off[k] = largest(want, columns[k], from, to, size, nil, false)
	}
	return off
}

// crosses says whether not all of x is on one side of 0.
func crosses(x Series[Pair]) bool {
	if len(x) == 0 {
		return false
	}
	first := sign(x[0])
	return first == 0 || slices.ContainsFunc(x, func(v Pair) bool { return sign(v) != first })
}

// largest is the largest error of got from bar from on, up to bar to, in units in
// the last place or as a part: infinite where one of both has a number and the
// other has none.
func largest(want Series[Pair], got []float64, from, to int, size Size, by Series[Pair], places bool) float64 {
	most := 0.0
	for ; from < to; from += block - from%block {
		end := min(from+block-from%block, to)
		scale := 0.0
		for _, v := range want[from:end] {
			scale = max(scale, math.Abs(v.high))
		}
		for i := from; i < end; i++ {
			if none(want[i]) != math.IsNaN(got[i]) {
				return math.Inf(1)
			}
			d := math.Abs(want[i].Minus(want[i].Of(got[i])).high)
			if !(d > 0) {
				continue
			}
			unit := math.Abs(want[i].high)
			switch size {
			case Scale:
				unit = scale
			case Shake:
				unit = by[i].high
			}
			if places {
				unit = math.Nextafter(unit, math.Inf(1)) - unit
			}
			most = max(most, d/unit)
		}
	}
	return most
}

// Format is an error as tables have it.
func (c Class) Format(e float64) string {
	if c == Window {
		return fmt.Sprintf("%.2g", e)
	}
	return fmt.Sprintf("%.1e", e)
}

// Unjudged says of every other function of TA-Lib, but for the patterns of
// candles, why it has no formula here.
var Unjudged = map[string]string{
	"sar":          ties,
	"sarext":       ties,
	"ht_trendmode": whole,
	"maxindex":     whole,
	"minindex":     whole,
	"minmaxindex":  whole,
	"fractal":      whole,
	"ceil":         whole,
	"floor":        whole,
	"acos":         elementary,
	"asin":         elementary,
	"atan":         elementary,
	"cos":          elementary,
	"cosh":         elementary,
	"exp":          elementary,
	"ln":           elementary,
	"log10":        elementary,
	"sin":          elementary,
	"sinh":         elementary,
	"sqrt":         elementary,
	"tan":          elementary,
	"tanh":         elementary,
}

const (
	ties = "a price that reaches the stop to the cent reverses the position, or not, as rounding " +
		"has it, and no figure after that is comparable"
	whole      = "its figures are whole numbers, and equal TA-Lib's"
	elementary = "a function of one number, which the tests of engine/roll hold to math/big"
)
