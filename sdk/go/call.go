package plugin

import "math"

// Call is one computation: columns of bars, oldest first, and parameters that
// are complete and in range. Its methods take names of the Spec and panic for
// others.
type Call struct {
	spec    *Spec
	bars    int
	in, out [][]float64
	params  []float64
}

// Bars is the number of bars, the length of every column.
func (c *Call) Bars() int { return c.bars }

// In is the column of an input. NaN is a hole in the data; no value is
// infinite. It is the host's memory: read it, do not write to it, and do not
// keep it.
func (c *Call) In(name Input) []float64 {
	for i, in := range c.spec.Inputs {
		if in == name {
			return c.in[i]
		}
	}
	panic("plugin: " + c.spec.Name + " has no input " + string(name))
}

// Out is the column of an output, NaN throughout until Run fills it.
func (c *Call) Out(name string) []float64 {
	for i := range c.spec.Outputs {
		if c.spec.Outputs[i].Name == name {
			return c.out[i]
		}
	}
	panic("plugin: " + c.spec.Name + " has no output " + name)
}

// Param is the value of a parameter; a choice is its index.
func (c *Call) Param(name string) float64 { return c.params[c.spec.param(name)] }

// Int is the value of an integer parameter.
func (c *Call) Int(name string) int { return int(c.Param(name)) }

// Choice is the name chosen for a choice.
func (c *Call) Choice(name string) string {
	i := c.spec.param(name)
	return c.spec.Params[i].Choices[int(c.params[i])]
}

func (s *Spec) param(name string) int {
	for i := range s.Params {
		if s.Params[i].Name == name {
			return i
		}
	}
	panic("plugin: " + s.Name + " has no parameter " + name)
}

// run fills the outputs and returns what ta_run does.
func (ind *Indicator) run(c *Call) int32 {
	for _, column := range c.out {
		for i := range column {
			column[i] = math.NaN()
		}
	}
	switch err := ind.Run(c).(type) {
	case nil:
		return 0
	case Code:
		return max(1, int32(err))
	}
	return 1
}
