package plugin

import (
	"errors"
	"strconv"
)

// Compute runs ind on the machine at hand, for tests: columns has one of equal
// length for each input, params what differs from the defaults (a choice by
// its index). It returns a column for each output. The error is a Code, or
// says what is wrong with the columns or parameters.
func (ind *Indicator) Compute(params map[string]float64, columns map[Input][]float64) (map[string][]float64, error) {
	c := &Call{spec: &ind.Spec}
	for i, name := range ind.Inputs {
		column, ok := columns[name]
		if !ok {
			return nil, errors.New("input " + string(name) + " is missing")
		}
		if i == 0 {
			c.bars = len(column)
		}
		if len(column) != c.bars {
			return nil, errors.New("input " + string(name) + " has " + strconv.Itoa(len(column)) + " bars, " +
				string(ind.Inputs[0]) + " has " + strconv.Itoa(c.bars))
		}
		c.in = append(c.in, column)
	}
	given := 0
	for _, p := range ind.Params {
		v, ok := params[p.Name]
		if !ok {
			v = p.Default
		} else {
			given++
		}
		if !(p.Min <= v && v <= p.Max) || p.Integer && v != float64(int(v)) {
			return nil, errors.New("parameter " + p.Name + " cannot be " + strconv.FormatFloat(v, 'g', -1, 64))
		}
		c.params = append(c.params, v)
	}
	if given != len(params) {
		return nil, errors.New(ind.Name + " does not have all of the given parameters")
	}
	results := make(map[string][]float64, len(ind.Outputs))
	for _, out := range ind.Outputs {
		column := make([]float64, c.bars)
		c.out = append(c.out, column)
		results[out.Name] = column
	}
	if code := ind.run(c); code != 0 {
		return nil, Code(code)
	}
	return results, nil
}
