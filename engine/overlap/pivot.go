package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// sessions is what the docs of all pivots say of the session.
const sessions = "\n\nThe session is the period bars before this one: with 1 the bar before, so daily bars have the pivots of the day before. With more it moves along with each bar and never depends on where the series begins; for levels that stand still from one session to the next send bars as long as a session."

// pivot makes an indicator of levels that the session before gives. levels sets
// out for bars whose inputs are in and whose sessions before are s.
func pivot(spec ta.Spec, levels func(s *session, in, out ta.Columns)) *ta.Indicator {
	spec.Group, spec.Memory = ta.GroupOverlap, ta.Window
	spec.Params = []ta.Param{ta.Bars("period", 1, 1, "bars of the session")}
	return &ta.Indicator{
		Spec:   spec,
		Warmup: func(a ta.Args) int { return a.Int("period") },
		New: func(a ta.Args) ta.Kernel {
			s := newSession(a.Int("period"))
			part := make(ta.Columns, len(spec.Inputs)+len(spec.Outputs))
			return ta.NewKernel(func(in, out ta.Columns) {
				lead := s.next(in)
				for i, col := range in {
					part[i] = col[lead:]
				}
				for i, col := range out {
					part[len(in)+i] = col[lead:]
				}
				levels(s, part[:len(in)], part[len(in):])
				roll.Blank(lead, out...)
			}, s.begin, s.highest, s.lowest, s.beforeHigh, s.beforeLow, s.beforeClose)
		},
	}
}

// levelled are the outputs of a pivot with as many levels of resistance, r1 and
// so on, and of support, s1 and so on.
func levelled(names ...string) (outputs []ta.Output) {
	for _, name := range names {
		outputs = append(outputs, ta.Output{Name: name, Unit: ta.Price})
	}
	return outputs
}

// session has the open, high, low and close of the session before each bar.
type session struct {
	begin                              *roll.Lag // to the session's first bar
	highest, lowest                    *roll.Extremum
	beforeHigh, beforeLow, beforeClose *roll.Lag
	buf                                [6][ta.Tile]float64
	open, high, low, close             []float64
	a, b                               []float64 // room for the levels' own sums
}

func newSession(n int) *session {
	return &session{
		begin: roll.NewLag(n), highest: roll.NewMax(n), lowest: roll.NewMin(n),
		beforeHigh: roll.NewLag(1), beforeLow: roll.NewLag(1), beforeClose: roll.NewLag(1),
	}
}

// next takes open, high, low and close of some bars, or, where levels do without
// it, all but the open; s.open is then not to be used.
func (s *session) next(in ta.Columns) int {
	m := len(in[0])
	s.open, s.high, s.low, s.close = s.buf[0][:m], s.buf[1][:m], s.buf[2][:m], s.buf[3][:m]
	s.a, s.b = s.buf[4][:m], s.buf[5][:m]
	lead := s.begin.Next(in[0], s.open)
	in = in[len(in)-3:]
	from := s.highest.Next(in[0], s.a)
	s.lowest.Next(in[1], s.b)
	s.beforeHigh.Next(s.a[from:], s.high[from:])
	s.beforeLow.Next(s.b[from:], s.low[from:])
	s.beforeClose.Next(in[2], s.close)
	for _, col := range [...]*[]float64{&s.open, &s.high, &s.low, &s.close, &s.a, &s.b} {
		*col = (*col)[lead:]
	}
	return lead
}

// reflect sets out to what follows from a pivot in out[0]: the low and the high
// mirrored at it, the pivot and a range, and the high and the low and twice their
// distance from the pivot, as far as there are outputs.
func (s *session) reflect(out ta.Columns) {
	p, n := out[0], len(out)/2
	roll.Sub(s.a, p, s.low)
	roll.Sub(s.b, p, s.high)
	roll.Add(out[1], p, s.a)
	roll.Add(out[1+n], p, s.b)
	if n == 1 {
		return
	}
	roll.MulAdd(out[3], s.a, 2, s.high)
	roll.MulAdd(out[3+n], s.b, 2, s.low)
	roll.Sub(s.a, s.high, s.low)
	roll.Add(out[2], p, s.a)
	roll.Sub(out[2+n], p, s.a)
}

// spread sets out to levels above and below base, some parts of the range away:
// first those above, then those below.
func (s *session) spread(base []float64, out ta.Columns, parts ...float64) {
	roll.Sub(s.a, s.high, s.low)
	for i, part := range parts {
		roll.MulAdd(out[i], s.a, part, base)
		roll.MulAdd(out[len(parts)+i], s.a, -part, base)
	}
}
