package tck

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Cases are what a plugin must give for given bars.
type Cases struct {
	Doc    string              `json:"doc"`    // where the numbers are from
	Inputs map[ta.Input]Column `json:"inputs"` // of every case that has none of its own by that name
	Cases  []Case              `json:"cases"`
}

// Case is one call.
type Case struct {
	Name    string              `json:"name"`
	Params  map[string]any      `json:"params"` // the others have their defaults
	Inputs  map[ta.Input]Column `json:"inputs"`
	Outputs map[string]Column   `json:"outputs"` // those that are compared
	ULP     uint64              `json:"ulp"`     // how many floats a value may be away; 0: the same bits
	Near    float64             `json:"near"`    // or how far, as a share of the largest wanted of the output
}

// Column is a series as JSON has it: null is NaN.
type Column []float64

// UnmarshalJSON reads an array of numbers and nulls.
func (c *Column) UnmarshalJSON(b []byte) error {
	var values []*float64
	if err := json.Unmarshal(b, &values); err != nil {
		return err
	}
	*c = make(Column, len(values))
	for i, v := range values {
		(*c)[i] = math.NaN()
		if v != nil {
			(*c)[i] = *v
		}
	}
	return nil
}

// ErrCases is what every error of a file of cases is: the file is wrong, not
// the plugin.
var ErrCases = errors.New("not cases")

// ParseCases reads a file of cases.
func ParseCases(b []byte) (*Cases, error) {
	c := new(Cases)
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(c); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCases, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: something follows the JSON object", ErrCases)
	}
	if len(c.Cases) == 0 {
		return nil, fmt.Errorf("%w: there is no case", ErrCases)
	}
	return c, nil
}

// call is a case that fits a plugin.
type call struct {
	Case
	label string
	args  ta.Args
	in    ta.Columns
}

// calls are the cases for a plugin, if they fit what it says of itself.
func (c *Cases) calls(spec *ta.Spec) ([]call, error) {
	all := make([]call, len(c.Cases))
	for i := range c.Cases {
		k := &all[i]
		k.Case, k.label = c.Cases[i], c.Cases[i].Name
		if k.label == "" {
			k.label = fmt.Sprintf("case %d", i+1)
		}
		if err := k.fit(spec, c.Inputs); err != nil {
			return nil, fmt.Errorf("%w for %s: %s: %w", ErrCases, spec.Name, k.label, err)
		}
	}
	return all, nil
}

// fit takes a column for each input, and sees that nothing else is asked for
// and all is of one length.
func (k *call) fit(spec *ta.Spec, shared map[ta.Input]Column) (err error) {
	if k.args, err = spec.Args(k.Params); err != nil {
		return err
	}
	for _, inputs := range []map[ta.Input]Column{k.Inputs, shared} {
		for name := range inputs {
			if !slices.Contains(spec.Inputs, name) {
				return fmt.Errorf("there is no input %q", name)
			}
		}
	}
	for _, name := range spec.Inputs {
		col, ok := k.Inputs[name]
		if !ok {
			if col, ok = shared[name]; !ok {
				return fmt.Errorf("the input %s is missing", name)
			}
		}
		if len(col) == 0 || len(k.in) > 0 && len(col) != len(k.in[0]) {
			return fmt.Errorf("the input %s has %d bars, and all have the same number of them, 1 at least", name, len(col))
		}
		k.in = append(k.in, col)
	}
	if !(0 <= k.Near && k.Near < 1) {
		return fmt.Errorf("near is a share, from 0 to less than 1, not %v", k.Near)
	}
	if len(k.Outputs) == 0 {
		return errors.New("it has no outputs to compare with")
	}
	for name, want := range k.Outputs {
		if !slices.ContainsFunc(spec.Outputs, func(o ta.Output) bool { return o.Name == name }) {
			return fmt.Errorf("there is no output %q", name)
		}
		if len(want) != len(k.in[0]) {
			return fmt.Errorf("the output %s has %d bars, and the inputs have %d", name, len(want), len(k.in[0]))
		}
	}
	return nil
}

// MarshalJSON writes NaN as null, and numbers so that they read back the same.
func (c Column) MarshalJSON() ([]byte, error) {
	values := make([]*float64, len(c))
	for i := range c {
		if !math.IsNaN(c[i]) {
			values[i] = &c[i]
		}
	}
	return json.Marshal(values)
}
