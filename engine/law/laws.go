package law

import (
	"fmt"
	"math"
	"slices"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Deterministic: the same input gives the same bits, and is left as it was.
func Deterministic(s Subject, in ta.Columns) error {
	before := make(ta.Columns, len(in))
	for i := range in {
		before[i] = append([]float64(nil), in[i]...)
	}
	want, err := s.run(in)
	if err != nil {
		return err
	}
	for i := range in {
		for bar, v := range in[i] {
			if math.Float64bits(v) != math.Float64bits(before[i][bar]) {
				return fmt.Errorf("bar %d of the input %s was written to", bar, s.Spec.Inputs[i])
			}
		}
	}
	got, err := s.run(in)
	if err != nil {
		return fmt.Errorf("the second time: %w", err)
	}
	return s.equal(got, want)
}

// Causal: no value depends on a later bar. Each cut, a number of bars, ends the
// series there; the values before it stay.
func Causal(s Subject, in ta.Columns, cuts ...int) error {
	whole, err := s.run(in)
	if err != nil {
		return err
	}
	for _, cut := range cuts {
		if cut < 1 || cut > len(in[0]) {
			continue
		}
		got, err := s.run(part(in, 0, cut))
		if err == nil {
			err = s.equal(got, part(whole, 0, cut))
		}
		if err != nil {
			return fmt.Errorf("without the bars from %d on: %w", cut, err)
		}
	}
	return nil
}

// Warmup: no bar before the warm-up has a value in every output, and none is
// infinite.
func Warmup(s Subject, in ta.Columns) error {
	out, err := s.run(in)
	if err != nil {
		return err
	}
	for bar := range in[0] {
		missing := false
		for i := range out {
			v := out[i][bar]
			missing = missing || v != v
			if math.IsInf(v, 0) {
				return fmt.Errorf("%s of bar %d is infinite", s.Spec.Outputs[i].Name, bar)
			}
		}
		if bar < s.Warmup && !missing {
			return fmt.Errorf("bar %d has a value, the warm-up is %d", bar, s.Warmup)
		}
	}
	return nil
}

// Begins is stricter than Warmup: on a series in which every value is defined,
// every output has its first value at the warm-up and one at each bar after it.
func Begins(s Subject, in ta.Columns) error {
	out, err := s.run(in)
	if err != nil {
		return err
	}
	for i := range out {
		for bar, v := range out[i] {
			if (v == v) != (bar >= s.Warmup) {
				return fmt.Errorf("%s of bar %d is %v, the warm-up is %d", s.Spec.Outputs[i].Name, bar, v, s.Warmup)
			}
		}
	}
	return nil
}

// Scale: with prices multiplied by 2^price and volumes by 2^volume each output
// is multiplied as its unit says, exactly. Periods and times are neither. Outputs
// of unit ta.None are free.
func Scale(s Subject, in ta.Columns, price, volume int) error {
	want, err := s.run(in)
	if err != nil {
		return err
	}
	scaled := make(ta.Columns, len(in))
	for i, input := range s.Spec.Inputs {
		switch input {
		case ta.Volume:
			scaled[i] = shifted(in[i], volume)
		case ta.Periods, ta.Timestamp:
			scaled[i] = in[i]
		default:
			scaled[i] = shifted(in[i], price)
		}
	}
	got, err := s.run(scaled)
	if err != nil {
		return fmt.Errorf("scaled: %w", err)
	}
	for i, output := range s.Spec.Outputs {
		switch output.Unit {
		case ta.Price:
			want[i] = shifted(want[i], price)
		case ta.Quantity:
			want[i] = shifted(want[i], volume)
		case ta.None:
			got[i] = want[i]
		}
	}
	if err := s.equal(got, want); err != nil {
		return fmt.Errorf("prices · 2^%d, volumes · 2^%d: %w", price, volume, err)
	}
	return nil
}

func shifted(x []float64, by int) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = math.Ldexp(v, by)
	}
	return y
}

// Holes: a bar that is NaN in any input has no value, and the bars after it are
// as if it had not been there. Every bar in turn loses another input. The same is
// asked of bars that come one by one, whose form looks for holes itself.
func Holes(s Subject, in ta.Columns, bars ...int) error {
	hole := map[int]bool{}
	holed := make(ta.Columns, len(in))
	for i := range in {
		holed[i] = append([]float64(nil), in[i]...)
	}
	for k, bar := range bars {
		if bar < len(in[0]) {
			holed[k%len(in)][bar] = math.NaN()
			hole[bar] = true
		}
	}
	left := without(in, func(bar int) bool { return hole[bar] })
	got, err := s.run(holed)
	if err != nil {
		return err
	}
	want := s.empty(len(in[0]))
	rest := s.empty(0)
	if len(left[0]) > 0 {
		if rest, err = s.run(left); err != nil {
			return err
		}
	}
	for i := range want {
		next := 0
		for bar := range want[i] {
			want[i][bar] = math.NaN()
			if !hole[bar] {
				want[i][bar] = rest[i][next]
				next++
			}
		}
	}
	if err := s.equal(got, want); err != nil || s.New == nil {
		return err
	}
	if k, ok := s.New().(*ta.Ticking); ok {
		if err := s.equal(s.ticked(k, holed), want); err != nil {
			return fmt.Errorf("one by one: %w", err)
		}
	}
	return nil
}

// without leaves out the bars that are holes.
func without(in ta.Columns, hole func(bar int) bool) ta.Columns {
	left := make(ta.Columns, len(in))
	for bar := range in[0] {
		if hole(bar) {
			continue
		}
		for i := range in {
			left[i] = append(left[i], in[i][bar])
		}
	}
	return left
}

// Window: a value of an indicator whose memory is ta.Window depends on the last
// Warmup+1 bars alone, to the last bit. It is tried at the given bars, holes not
// counted.
func Window(s Subject, in ta.Columns, bars ...int) error {
	if s.Spec.Memory != ta.Window {
		return nil
	}
	in = without(in, func(bar int) bool {
		for _, col := range in {
			if col[bar] != col[bar] {
				return true
			}
		}
		return false
	})
	whole, err := s.run(in)
	if err != nil {
		return err
	}
	alone := make(ta.Columns, len(whole))
	for i := range whole {
		alone[i] = slices.Clone(whole[i])
	}
	for _, bar := range bars {
		if bar < s.Warmup || bar >= len(in[0]) {
			continue
		}
		from := bar - s.Warmup
		out, err := s.run(part(in, from, bar+1))
		if err != nil {
			return fmt.Errorf("bar %d with the %d before it alone: %w", bar, s.Warmup, err)
		}
		for i := range out {
			alone[i][bar] = out[i][s.Warmup]
		}
	}
	if err := s.equal(alone, whole); err != nil {
		return fmt.Errorf("with the %d bars before it alone: %w", s.Warmup, err)
	}
	return nil
}

// Chunks: however the bars are cut, the bits are the same.
func Chunks(s Subject, in ta.Columns, cuts ...int) error {
	want, err := s.run(in)
	if err != nil {
		return err
	}
	return s.equal(s.chunked(s.New(), in, cuts...), want)
}

// Ticks: bars that come one by one, without columns, give the same bits, and so do
// they in turns with chunks: one by one up to the first cut, together up to the
// second, and so on. It holds for a kernel that does not take bars so.
func Ticks(s Subject, in ta.Columns, cuts ...int) error {
	k, ok := s.New().(*ta.Ticking)
	if !ok {
		return nil
	}
	want, err := s.run(in)
	if err != nil {
		return err
	}
	return s.equal(s.ticked(k, in, cuts...), want)
}

// Stream: bars that come one by one give the same bits as all of them at once.
func Stream(s Subject, in ta.Columns) error {
	want, err := s.run(in)
	if err != nil {
		return err
	}
	got, err := s.checked(s.Stream, in)
	if err != nil {
		return fmt.Errorf("bar by bar: %w", err)
	}
	if err := s.equal(got, want); err != nil {
		return fmt.Errorf("bar by bar: %w", err)
	}
	return nil
}

// State: a kernel restored from the state of another one, whose last bars came
// one by one, goes on with the same bits, in whichever way its bars come, and a
// state that is cut short, or has more, is refused.
func State(s Subject, in ta.Columns, cuts ...int) error {
	want, err := s.run(in)
	if err != nil {
		return err
	}
	n := len(in[0])
	for _, cut := range cuts {
		if cut > n {
			continue
		}
		first, second := s.New(), s.New()
		s.chunked(first, part(in, 0, cut), max(0, cut-3), max(0, cut-2), max(0, cut-1))
		state := first.AppendState(nil)
		if err := second.Restore(state); err != nil {
			return fmt.Errorf("restored at bar %d: %w", cut, err)
		}
		got := s.chunked(second, part(in, cut, n))
		if err := s.equal(got, part(want, cut, n)); err != nil {
			return fmt.Errorf("restored at bar %d: bars after it: %w", cut, err)
		}
		if second, ok := second.(*ta.Ticking); ok && cut < n {
			if err := second.Restore(state); err != nil {
				return fmt.Errorf("restored again at bar %d: %w", cut, err)
			}
			if err := s.equal(s.ticked(second, part(in, cut, n)), part(want, cut, n)); err != nil {
				return fmt.Errorf("restored again at bar %d: bars after it, one by one: %w", cut, err)
			}
		}
		if s.New().Restore(append(state, 0)) == nil || len(state) > 0 && s.New().Restore(state[1:]) == nil {
			return fmt.Errorf("a state of %d bytes is taken with one more or one less", len(state))
		}
	}
	return nil
}
