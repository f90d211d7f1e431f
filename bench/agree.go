package main

import (
	"errors"
	"fmt"
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// A race is between two who do the same work, so the values are compared before
// anything is timed: the last compareBars of each output. Both sides must agree
// to tolerance of the output's greatest value; go-talib keeps running sums, and
// so some rounding of its own.
const (
	compareBars = 200
	tolerance   = 1e-7
)

// differs returns how far two sides are apart, relative to the greatest value of
// the output that differs most.
func differs(ours, theirs ta.Columns) float64 {
	far := 0.0
	for k := range ours {
		n := len(ours[k])
		from := max(0, n-compareBars)
		most, apart := 0.0, 0.0
		for i := from; i < n; i++ {
			most = max(most, math.Abs(ours[k][i]))
			apart = max(apart, math.Abs(ours[k][i]-theirs[k][i]))
		}
		switch {
		case math.IsNaN(apart):
			return math.Inf(1)
		case apart > 0:
			far = max(far, apart/most)
		}
	}
	return far
}

// agreement compares everyone's values over c; the error has all who differ and
// should not.
func agreement(all []entrant, c sample.Columns, lib *library) (found []difference, err error) {
	for i := range all {
		d, e := all[i].agree(c, lib)
		found, err = append(found, d), errors.Join(err, e)
	}
	return found, err
}

// agree compares our values over c with those of the peer and, where there is
// one, of the C library.
func (e *entrant) agree(c sample.Columns, lib *library) (difference, error) {
	in := e.inputs(c)
	ours := e.indicator.Run(e.args, in)
	d := difference{Name: e.name, Older: e.older, GoTalib: differs(ours, e.peer(c))}
	if d.GoTalib > tolerance && e.older == "" {
		return d, fmt.Errorf("%s differs from go-talib by %.2g of its size", e.name, d.GoTalib)
	}
	if lib == nil {
		return d, nil
	}
	f, err := lib.function(e, len(in[0]))
	if err != nil {
		return d, err
	}
	f.bind(in)()
	d.TALib = differs(ours, f.columns())
	if d.TALib > tolerance {
		return d, fmt.Errorf("%s differs from TA-Lib by %.2g of its size", e.name, d.TALib)
	}
	return d, nil
}

// difference is how far others' values are from ours, relative to their size.
type difference struct {
	Name    string  `json:"name"`
	GoTalib float64 `json:"go_talib"`
	TALib   float64 `json:"talib,omitempty"`
	Older   string  `json:"older,omitempty"` // why go-talib may differ
}
