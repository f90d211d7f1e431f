package pages

import (
	"bytes"
	"fmt"
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// shown is how many bars a drawing has.
const shown = 120

// prices are the sample, all of it: what is drawn is its end, which is long
// after every indicator has settled.
type prices struct{ *candle.Series }

func readSample() (*prices, error) {
	s, err := candle.ReadCSV(bytes.NewReader(sample.IBM), candle.Limits{})
	return &prices{s}, err
}

// inputs are the columns that ind reads: those it reads unless told, another
// column for what must be told, and lengths that go round for lengths of windows.
func (p *prices) inputs(ind *ta.Indicator) (in ta.Columns, note string) {
	for _, input := range ind.Inputs {
		name := input.Column()
		switch {
		case input == ta.Periods:
			lengths := make([]float64, p.Bars)
			for i := range lengths {
				lengths[i] = float64(2 + i%29)
			}
			note = fmt.Sprintf(" `%s` goes round from 2 to 30.", input)
			in = append(in, lengths)
			continue
		case name == "":
			name = string(ta.Open)
			note = fmt.Sprintf(" `%s` reads the %s.", input, name)
		}
		col, _ := p.Column(name)
		in = append(in, col)
	}
	return in, note
}

// compute runs ind at its defaults. Where it has no value at any price, as the
// arc sine, it is given the same series between −1 and 1.
func (p *prices) compute(ind *ta.Indicator) (out ta.Columns, note string, err error) {
	a, err := ind.Args(nil)
	if err != nil {
		return nil, "", err
	}
	in, note := p.inputs(ind)
	for _, col := range in {
		if col == nil {
			return nil, "", fmt.Errorf("the sample has no column for one of its inputs, %s", list(ind.Inputs))
		}
	}
	if out = ind.Run(a, in); !empty(out) {
		return out, note, nil
	}
	for i, col := range in {
		low, high := limits(col)
		in[i] = make([]float64, len(col))
		for bar, v := range col {
			in[i][bar] = 2*(v-low)/(high-low) - 1
		}
	}
	return ind.Run(a, in), " It has no value at prices like these, so it is drawn over the prices brought between −1 and 1.", nil
}

func empty(out ta.Columns) bool {
	for _, col := range out {
		for _, v := range col {
			if !math.IsNaN(v) {
				return false
			}
		}
	}
	return true
}

// limits are the least and the greatest of all values, NaN where there is none.
func limits(cols ...[]float64) (low, high float64) {
	low, high = math.NaN(), math.NaN()
	for _, col := range cols {
		for _, v := range col {
			if !math.IsNaN(v) {
				if !(low <= v) {
					low = v
				}
				if !(high >= v) {
					high = v
				}
			}
		}
	}
	return low, high
}
