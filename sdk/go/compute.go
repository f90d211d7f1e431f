//go:build !wasip1

package plugin

import "fmt"

// Compute runs ind on the machine at hand, for tests: columns has one of equal
// length for each input, params what differs from the defaults (a choice by
// its index). It returns a column for each output. The error is a Code, or
// says what is wrong with the columns or parameters.
func (ind *Indicator) Compute(params map[string]float64, columns map[Input][]float64) (map[string][]float64, error) {
	c := &Call{spec: &ind.Spec}
	for i, name := range ind.Inputs {
		column, ok := columns[name]
		if !ok {
			return nil, fmt.Errorf("input %s is missing", name)
		}
		if i == 0 {
			c.bars = len(column)
		}
		if len(column) != c.bars {
			return nil, fmt.Errorf("input %s has %d bars, %s has %d", name, len(column), ind.Inputs[0], c.bars)
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
			return nil, fmt.Errorf("parameter %s cannot be %v", p.Name, v)
		}
		c.params = append(c.params, v)
	}
	if given != len(params) {
		return nil, fmt.Errorf("%s does not have all of the parameters %v", ind.Name, params)
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
