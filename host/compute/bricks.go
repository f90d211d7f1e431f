package compute

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/chart"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// MaxBricks is how many bricks an answer has at most, the newest.
const MaxBricks = 10_000

// Bricks are a chart of price alone, drawn of the candles of a request.
type Bricks struct {
	Spec *chart.Spec
	Args ta.Args
	Bars int
	Laid int // how many there were
	// Bricks are those that were asked for, at most MaxBricks, oldest first.
	Bricks []Brick
}

// Brick is one with the time of the bar that laid it, RFC 3339, or "" where candles
// have none.
type Brick struct {
	chart.Brick
	Timestamp string `json:"timestamp,omitempty"`
}

// Brickworks lists every chart of bricks.
func Brickworks() []*chart.Brickwork { return chart.Brickworks }

// Brickwork returns the chart of bricks of that name, or an *UnknownError.
func Brickwork(name string) (*chart.Brickwork, error) {
	titles := map[string]string{}
	var names []string
	for _, w := range chart.Brickworks {
		if w.Name == name {
			return w, nil
		}
		names, titles[w.Name] = append(names, w.Name), w.Title
	}
	return nil, &UnknownError{WhatBricks, name, near(name, names, func(n string) string { return titles[n] })}
}

// Bricks draws the chart that item names, of all candles. The answer has the bricks
// that were laid or grew in the last bars, 0 for all. Errors are an *UnknownError,
// *ta.ParamError, *InputError or *candle.Error.
func (r *Request) Bricks(item Item, last int) (*Bricks, error) {
	w, err := Brickwork(item.Name)
	if err != nil {
		return nil, err
	}
	args, err := w.Args(item.Params)
	if err != nil {
		return nil, err
	}
	bars, err := r.bars(&w.Spec, item)
	if err != nil {
		return nil, err
	}
	all, err := w.Draw(bars, args)
	if err != nil { // chart.ErrFine
		size := w.Params[0].Name
		return nil, &ta.ParamError{Param: size, Code: "out-of-range", Message: fmt.Sprintf("%s has more than %d bricks of these candles: %s must be larger", w.Name, chart.MaxBricks, size)}
	}
	if from := bars.Len() - last; last > 0 {
		all = slices.DeleteFunc(all, func(b chart.Brick) bool { return b.Last < from })
	}
	b := &Bricks{Spec: &w.Spec, Args: args, Bars: bars.Len(), Laid: len(all), Bricks: []Brick{}}
	for _, brick := range all[max(0, len(all)-MaxBricks):] {
		b.Bricks = append(b.Bricks, Brick{brick, r.timestamp(brick.Bar)})
	}
	return b, nil
}

// AppendJSON appends b as the API shows it:
//
//	{"name", "params", "bars", "laid", "bricks": [...], "engine"}
func (b *Bricks) AppendJSON(to []byte) ([]byte, error) {
	text, err := json.Marshal(struct {
		Name   string  `json:"name"`
		Params ta.Args `json:"params"`
		Bars   int     `json:"bars"`
		Laid   int     `json:"laid"`
		Bricks []Brick `json:"bricks"`
		Engine string  `json:"engine"`
	}{b.Spec.Name, b.Args, b.Bars, b.Laid, b.Bricks, engine.Version})
	return append(to, text...), err
}
