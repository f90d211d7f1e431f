package chart

import (
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

func draw(t *testing.T, w *Brickwork, params map[string]any, b Bars) []Brick {
	t.Helper()
	a, err := w.Args(params)
	if err != nil {
		t.Fatal(err)
	}
	bricks, err := w.Draw(b, a)
	if err != nil {
		t.Fatalf("%s: %v", w.Name, err)
	}
	return bricks
}

// rising and falling are bricks that are done at their bar.
func rising(bar int, from, to float64) Brick {
	return Brick{Bar: bar, Last: bar, From: from, To: to, Up: true}
}

func falling(bar int, from, to float64) Brick { return Brick{Bar: bar, Last: bar, From: from, To: to} }

func TestBricks(t *testing.T) {
	type params = map[string]any
	dime, cent := 0.1, 0.01 // not constants, whose products are exact
	for _, c := range []struct {
		name   string
		work   *Brickwork
		params params
		bars   Bars
		want   []Brick
	}{
		{"renko: up, on, and down after two bricks", Renko, params{"brick": 10},
			single(100, 110, 105, 131, 120, 110, 121, 90),
			[]Brick{rising(1, 100, 110), rising(3, 110, 120), rising(3, 120, 130), falling(5, 120, 110), falling(7, 110, 100), falling(7, 100, 90)}},
		{"renko: just short of a brick, of the next and of a reversal", Renko, params{"brick": 10},
			single(100, 109.99, 90.01, 110, 119.99, 90.01), []Brick{rising(3, 100, 110)}},
		{"renko: two bricks back from the first close make two", Renko, params{"brick": 10},
			single(100, 80), []Brick{falling(1, 100, 90), falling(1, 90, 80)}},
		{"renko: levels in decimals are reached by prices in decimals", Renko, params{"brick": 0.1},
			single(0, 0.3, 0.1), []Brick{rising(1, 0, 0.1), rising(1, 0.1, 0.2), rising(1, 0.2, 3*dime), falling(2, 0.2, 0.1)}},
		{"renko: the mean true range of the first two bars, from the bar that completes it", Renko, params{"atr_period": 2},
			single(100, 103, 102, 104, 105.99, 100), // ranges 3 and 1
			[]Brick{rising(3, 102, 104), falling(5, 102, 100)}},
		{"renko: prices that stand have no range, so more bars are taken", Renko, params{"atr_period": 1},
			single(100, 100, 106, 109), []Brick{rising(3, 106, 109)}}, // (0 + 6) / 2

		{"line break: a black line turns at once while there are fewer than three", LineBreak, nil,
			single(135, 132, 128, 133, 135, 135.5),
			[]Brick{falling(1, 135, 132), falling(2, 132, 128), rising(5, 132, 135.5)}},
		{"line break: three white lines must be broken", LineBreak, nil,
			single(100, 105, 110, 108, 115, 120, 104, 104.5, 116, 105.5, 104.99),
			[]Brick{rising(1, 100, 105), rising(2, 105, 110), rising(4, 110, 115), rising(5, 115, 120), falling(6, 115, 104)}},
		{"line break: what touches breaks nothing", LineBreak, nil,
			single(100, 105, 110, 115, 120, 105, 120), []Brick{rising(1, 100, 105), rising(2, 105, 110), rising(3, 110, 115), rising(4, 115, 120)}},
		{"line break: after a turn, the three last are of both colours", LineBreak, nil,
			single(100, 105, 110, 115, 99, 114.99, 115.01, 98),
			[]Brick{rising(1, 100, 105), rising(2, 105, 110), rising(3, 110, 115), falling(4, 110, 99), rising(6, 110, 115.01), falling(7, 110, 98)}},
		{"line break: of two lines", LineBreak, params{"lines": 2},
			single(100, 105, 110, 115, 104.99), []Brick{rising(1, 100, 105), rising(2, 105, 110), rising(3, 110, 115), falling(4, 110, 104.99)}},

		{"point and figure: a column grows, and three boxes end it", PointFigure, params{"box": 10, "method": "close"},
			single(100, 111, 125, 140, 111, 110, 95, 129, 130),
			[]Brick{{1, 3, 110, 140, true, false}, {5, 6, 130, 100, false, false}, {8, 8, 110, 130, true, true}}},
		{"point and figure: a high beyond the column goes before a low that would end it", PointFigure, params{"box": 10},
			Bars{
				High:  []float64{100, 141, 151, 149},
				Low:   []float64{100, 100, 100, 120.01},
				Close: []float64{100, 120, 120, 121},
			},
			[]Brick{{1, 2, 110, 150, true, true}}},
		{"point and figure: a low ends the column where the high does not grow it", PointFigure, params{"box": 10},
			Bars{High: []float64{100, 141, 149.99}, Low: []float64{100, 100, 109}, Close: []float64{100, 120, 145}},
			[]Brick{{1, 1, 110, 140, true, false}, {2, 2, 130, 110, false, true}}},
		{"point and figure: the first bar that has both begins where it closes", PointFigure, params{"box": 10},
			Bars{High: []float64{100, 115, 115}, Low: []float64{100, 85, 75}, Close: []float64{100, 100, 99}},
			[]Brick{{2, 2, 90, 80, false, true}}},
		{"point and figure: the first column waits for a box", PointFigure, params{"box": 10, "method": "close"},
			single(105, 109.99, 100.01, 110, 119.99), []Brick{{3, 3, 110, 110, true, true}}},
		{"point and figure: of closes alone", PointFigure, params{"box": 10, "method": "close"},
			Bars{High: []float64{100, 145, 145}, Low: []float64{100, 85, 85}, Close: []float64{100, 100, 121}},
			[]Brick{{2, 2, 110, 120, true, true}}},
		{"point and figure: boxes of cents", PointFigure, params{"box": 0.01, "method": "close", "reversal": 3},
			single(100.20, 100.29, 100.26), []Brick{{1, 1, 10021 * cent, 10029 * cent, true, false}, {2, 2, 10028 * cent, 10026 * cent, false, true}}},
		{"point and figure: one box back and forth stays in its column", PointFigure, params{"box": 10, "method": "close", "reversal": 1},
			single(100, 120, 110, 130, 110),
			[]Brick{{1, 1, 110, 120, true, false}, {2, 3, 110, 130, true, false}, {4, 4, 120, 110, false, true}}},
	} {
		if got := draw(t, c.work, c.params, c.bars); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\n got %v\nwant %v", c.name, got, c.want)
		}
	}
}

// masonry is each kind at its defaults and with other parameters.
var masonry = []struct {
	work   *Brickwork
	params map[string]any
}{
	{Renko, nil},
	{Renko, map[string]any{"atr_period": 3}},
	{LineBreak, nil},
	{LineBreak, map[string]any{"lines": 1}},
	{PointFigure, nil},
	{PointFigure, map[string]any{"reversal": 1}},
	{PointFigure, map[string]any{"method": "close", "reversal": 2, "atr_period": 5}},
}

func mapped(b Bars, f func(float64) float64) Bars {
	for _, col := range b.columns()[:4] {
		x := make([]float64, b.Len())
		for i, v := range *col {
			x[i] = f(v)
		}
		*col = x
	}
	return b
}

// What was drawn stays when there are more bars; doubled prices double it, bit for
// bit; and upside down it is upside down.
func TestBricksLaws(t *testing.T) {
	for _, m := range masonry {
		for _, s := range law.All(11, 900) {
			name := m.work.Name + " of " + s.Name
			b := barsOf(s)
			whole := draw(t, m.work, m.params, b)
			if s.Name == "walk" && len(whole) < 10 {
				t.Errorf("%s: %d bricks", name, len(whole))
			}
			for n := 0; n < b.Len(); n += 1 + n/16 {
				part := draw(t, m.work, m.params, b.first(n))
				done := part
				if k := len(part) - 1; k >= 0 && part[k].Open {
					done = part[:k]
					if whole[k].Bar != part[k].Bar || whole[k].From != part[k].From {
						t.Fatalf("%s: the open brick of %d bars is %v, and becomes %v", name, n, part[k], whole[k])
					}
				}
				if len(done) > 0 && !reflect.DeepEqual(done, whole[:len(done)]) {
					t.Fatalf("%s: the bricks of the first %d bars change", name, n)
				}
				known := 0
				for _, brick := range whole {
					if brick.Bar < n {
						known++
					}
				}
				if known != len(part) {
					t.Fatalf("%s: %d bricks in %d bars, %d of them are known then", name, len(part), n, known)
				}
			}
			double := draw(t, m.work, m.params, mapped(b, func(v float64) float64 { return 2 * v }))
			for i := range double {
				double[i].From, double[i].To = double[i].From/2, double[i].To/2
			}
			if !reflect.DeepEqual(double, whole) {
				t.Errorf("%s: doubled prices give another chart", name)
			}
			turned := draw(t, m.work, m.params, b.flipped())
			for i := range turned {
				turned[i].From, turned[i].To, turned[i].Up = -turned[i].From, -turned[i].To, !turned[i].Up
			}
			if !reflect.DeepEqual(turned, whole) {
				t.Errorf("%s: upside down there is another chart", name)
			}
		}
	}
}

// Every brick begins where it must, next to the one before.
func TestBricksJoin(t *testing.T) {
	b := barsOf(law.Walk(5, 3000))
	for _, m := range masonry {
		all, box := draw(t, m.work, m.params, b), 0.0
		for i, brick := range all {
			if brick.Up != (brick.To > brick.From) && brick.To != brick.From {
				t.Fatalf("%s: %v goes the other way", m.work.Name, brick)
			}
			if brick.Open && i < len(all)-1 {
				t.Fatalf("%s: brick %d of %d is open", m.work.Name, i, len(all))
			}
			if i == 0 {
				continue
			}
			before := all[i-1]
			joins := brick.From == before.To
			if brick.Up != before.Up {
				joins = brick.From == before.From
			}
			if m.work == PointFigure { // one box beside the end of the column before
				box = math.Max(box, math.Abs(brick.From-before.To))
				joins = math.Abs(math.Abs(brick.From-before.To)-box) < 1e-9 && (brick.Up != before.Up || m.params["reversal"] == 1)
			}
			if !joins || brick.Bar < before.Last {
				t.Fatalf("%s: %v after %v", m.work.Name, brick, before)
			}
		}
	}
}

// A brick that is too small is an error, not a machine without memory, and stays
// one.
func TestBricksTooFine(t *testing.T) {
	for _, c := range []struct {
		work   *Brickwork
		params map[string]any
		close  []float64
	}{
		{Renko, map[string]any{"brick": 1e-3}, []float64{0, 1000}},
		{Renko, map[string]any{"brick": 1e-3}, []float64{1000, 0}},
		{Renko, map[string]any{"brick": 1e-300}, []float64{1, 2}},
		{PointFigure, map[string]any{"box": 1e-16}, []float64{1, 2}},
	} {
		a, err := c.work.Args(c.params)
		if err != nil {
			t.Fatal(err)
		}
		if bricks, err := c.work.Draw(single(c.close...), a); !errors.Is(err, ErrFine) || bricks != nil {
			t.Errorf("%s %v: %d bricks, error %v", c.work.Name, c.params, len(bricks), err)
		}
		mason := c.work.New(a)
		for _, v := range append(c.close, c.close[0]) {
			err = mason.Lay(v, v, v)
		}
		if !errors.Is(err, ErrFine) || len(mason.Bricks()) > MaxBricks {
			t.Errorf("%s: %d bricks, error %v", c.work.Name, len(mason.Bricks()), err)
		}
	}
}

// A bar with a hole is as if it had not been there, but counts.
func TestBricksSkipHoles(t *testing.T) {
	b := barsOf(law.Walk(8, 500))
	var holed Bars // a hole before and after each bar
	for i := range b.Len() {
		holed.High = append(holed.High, math.NaN(), b.High[i], 1e9)
		holed.Low = append(holed.Low, 1, b.Low[i], math.Inf(-1))
		holed.Close = append(holed.Close, 1, b.Close[i], 1)
	}
	for _, m := range masonry {
		want := draw(t, m.work, m.params, b)
		for i := range want {
			want[i].Bar, want[i].Last = 3*want[i].Bar+1, 3*want[i].Last+1
		}
		if got := draw(t, m.work, m.params, holed); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: holes between the bars change the chart", m.work.Name)
		}
		a, err := m.work.Args(m.params)
		if err != nil {
			t.Fatal(err)
		}
		mason := m.work.New(a)
		for i := range holed.Close {
			if err := mason.Lay(holed.High[i], holed.Low[i], holed.Close[i]); err != nil {
				t.Fatal(err)
			}
		}
		if got := mason.Bricks(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: bar by bar it is another chart", m.work.Name)
		}
	}
}

// Specs are as an indicator's may be.
func TestBrickworkSpecs(t *testing.T) {
	for _, w := range Brickworks {
		s := ta.Spec{
			Name: w.Name, Title: w.Title, Group: ta.GroupPrice, Memory: ta.Running, Params: w.Params,
			Inputs: []ta.Input{ta.Close}, Outputs: []ta.Output{{Name: "brick", Unit: ta.Price}},
		}
		if err := s.Validate(); err != nil || w.Doc == "" {
			t.Errorf("%s: %v", w.Name, err)
		}
	}
}
