// Package stream is for a technical indicator that is computed bar by bar: the
// host may hand over all bars of a series at once, or one by one as they come.
// The author writes a Spec, and a function that begins a series and returns the
// one that takes its bars:
//
//	func init() {
//		stream.Register(stream.Indicator{
//			Spec: plugin.Spec{
//				Name: "momentum", Version: "1.0.0",
//				Inputs:  []plugin.Input{plugin.Close},
//				Outputs: []plugin.Output{{Name: "momentum", Unit: plugin.Price}},
//				Memory:  plugin.Window, Warmup: "1",
//			},
//			Begin: func(*stream.Series) stream.Next {
//				last := math.NaN()
//				return func(in, out []float64) error {
//					if v := in[0]; !math.IsNaN(v) {
//						out[0], last = v-last, v
//					}
//					return nil
//				}
//			},
//		})
//	}
//
//	func main() {}
//
// It is built as package plugin says. Compute runs it in a plain Go test.
package stream

import (
	"math"

	plugin "github.com/gravitywavesml/gravity_techanalysis/sdk/go"
)

// Indicator is a Spec and what computes it.
type Indicator struct {
	plugin.Spec

	// Begin makes what is to be remembered of a series, and returns what takes
	// its bars. Every series has its own.
	Begin func(s *Series) Next
}

// Next takes the next bar of a series: in has a value of each input, out is
// room for one of each output, in the order of the Spec. An input is NaN where
// the data has a hole, and never infinite; an output is NaN until it is given a
// value. Neither is to be kept. An error ends the series; the caller is shown
// its plugin.Code.
type Next func(in, out []float64) error

// Series is what is known of one before its first bar: parameters that are
// complete and in range. Its methods take names of the Spec and panic for
// others.
type Series struct {
	spec   *plugin.Spec
	params []float64
}

// Param is the value of a parameter; a choice is its index.
func (s *Series) Param(name string) float64 { return s.params[s.place(name)] }

// Int is the value of an integer parameter.
func (s *Series) Int(name string) int { return int(s.Param(name)) }

// Choice is the name chosen for a choice.
func (s *Series) Choice(name string) string {
	i := s.place(name)
	return s.spec.Params[i].Choices[int(s.params[i])]
}

func (s *Series) place(name string) int {
	for i := range s.spec.Params {
		if s.spec.Params[i].Name == name {
			return i
		}
	}
	panic("plugin: " + s.spec.Name + " has no parameter " + name)
}

// registered is the one indicator of this module.
var registered *Indicator

// Register makes ind the indicator of the module. Call it once, from init, in
// place of plugin.Register.
func Register(ind Indicator) {
	if ind.Begin == nil {
		panic("plugin: indicator " + ind.Name + " has no Begin")
	}
	plugin.Register(ind.columns())
	registered = &ind
}

// Compute runs ind on the machine at hand over whole columns, for tests, as
// plugin.Indicator.Compute says.
func (ind *Indicator) Compute(params map[string]float64, columns map[plugin.Input][]float64) (map[string][]float64, error) {
	all := ind.columns()
	return all.Compute(params, columns)
}

// columns is ind over whole columns.
func (ind *Indicator) columns() plugin.Indicator {
	return plugin.Indicator{Spec: ind.Spec, Run: ind.run}
}

// run gives a series of its own the bars of a call.
func (ind *Indicator) run(c *plugin.Call) error {
	params := make([]float64, len(ind.Params))
	for i := range params {
		params[i] = c.Param(ind.Params[i].Name)
	}
	ins, outs := make([][]float64, len(ind.Inputs)), make([][]float64, len(ind.Outputs))
	for i, name := range ind.Inputs {
		ins[i] = c.In(name)
	}
	for i := range outs {
		outs[i] = c.Out(ind.Outputs[i].Name)
	}
	next := ind.Begin(&Series{&ind.Spec, params})
	in, out := make([]float64, len(ins)), make([]float64, len(outs))
	for bar := range c.Bars() {
		for i := range ins {
			in[i] = ins[i][bar]
		}
		clearValues(out)
		if err := next(in, out); err != nil {
			return err
		}
		for i := range outs {
			outs[i][bar] = out[i]
		}
	}
	return nil
}

// clearValues takes all values away.
func clearValues(out []float64) {
	for i := range out {
		out[i] = math.NaN()
	}
}
