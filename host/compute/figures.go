package compute

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/chart"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// MaxFigures is how many figures an answer has at most, the newest: parameters
// that allow everything find one at every turn.
const MaxFigures = 1000

// oscillator is the one input of a pattern that can be mapped.
const oscillator = "oscillator"

// Figures are what one pattern found in the candles of a request.
type Figures struct {
	Spec  *chart.Spec
	Args  ta.Args
	Bars  int
	Found int // how many there were
	// Figures are those that were asked for, at most MaxFigures, in order of the
	// bar that made them known.
	Figures []Figure
}

// Figure is a detection with its time, RFC 3339, or "" where candles have none.
type Figure struct {
	chart.Detection
	Timestamp string `json:"timestamp,omitempty"`
}

// Patterns lists every pattern.
func Patterns() []*chart.Pattern { return chart.Patterns }

// PatternInfo is a pattern as listings show it.
type PatternInfo struct {
	Name   string     `json:"name"`
	Title  string     `json:"title"`
	Doc    string     `json:"doc"`
	Inputs []string   `json:"inputs"`
	Params []ta.Param `json:"params"`
}

// Info is what listings show of a pattern, or of a chart of bricks.
func Info(s *chart.Spec) PatternInfo {
	i := PatternInfo{s.Name, s.Title, s.Doc, []string{"high", "low", "close"}, s.Params}
	if s.Compares {
		i.Inputs = append(i.Inputs, oscillator)
	}
	return i
}

// Pattern returns the pattern of that name, or an *UnknownError.
func Pattern(name string) (*chart.Pattern, error) {
	named := func(name string) int {
		return slices.IndexFunc(chart.Patterns, func(p *chart.Pattern) bool { return p.Name == name })
	}
	if i := named(name); i >= 0 {
		return chart.Patterns[i], nil
	}
	names := make([]string, len(chart.Patterns))
	for i, p := range chart.Patterns {
		names[i] = p.Name
	}
	return nil, &UnknownError{WhatPattern, name, near(name, names, func(n string) string { return chart.Patterns[named(n)].Title })}
}

// Figures looks for the pattern that item names, in the last bars, 0 for all: a
// figure is in them if it became known there. Nothing is kept of it. Errors are
// an *UnknownError, *ta.ParamError, *InputError or *candle.Error.
func (r *Request) Figures(item Item, last int) (*Figures, error) {
	p, err := Pattern(item.Name)
	if err != nil {
		return nil, err
	}
	args, err := p.Args(item.Params)
	if err != nil {
		return nil, err
	}
	bars, err := r.bars(&p.Spec, item)
	if err != nil {
		return nil, err
	}
	all := p.Find(bars, args)
	if from := bars.Len() - last; last > 0 {
		all = slices.DeleteFunc(all, func(d chart.Detection) bool { return d.Bar < from })
	}
	f := &Figures{Spec: &p.Spec, Args: args, Bars: bars.Len(), Found: len(all), Figures: []Figure{}}
	for _, d := range all[max(0, len(all)-MaxFigures):] {
		f.Figures = append(f.Figures, Figure{d, r.timestamp(d.Bar)})
	}
	return f, nil
}

// timestamp is when a bar began, RFC 3339, or "" where candles do not say.
func (r *Request) timestamp(bar int) string {
	if r.candles.Time == nil {
		return ""
	}
	return time.UnixMilli(r.candles.Time[bar]).UTC().Format(time.RFC3339Nano)
}

// bars are the candles as the pattern, or the chart of bricks, reads them.
func (r *Request) bars(s *chart.Spec, item Item) (b chart.Bars, err error) {
	for name := range item.Inputs {
		if name != oscillator || !s.Compares {
			return b, &InputError{name, "unknown-input", fmt.Sprintf("%s has no input %q that can be mapped", s.Name, name)}
		}
	}
	for _, col := range []struct {
		to   *[]float64
		from Source
		name string
	}{
		{&b.High, Source{Column: "high"}, "high"}, {&b.Low, Source{Column: "low"}, "low"},
		{&b.Close, Source{Column: "close"}, "close"}, {&b.Oscillator, item.Inputs[oscillator], oscillator},
	} {
		if col.from.Column == "" && col.from.Values == nil {
			continue
		}
		if *col.to, err = r.source(s.Name, col.name, col.from); err != nil {
			return b, err
		}
	}
	return b, nil
}

// AppendJSON appends f as the API shows it:
//
//	{"name", "params", "bars", "found", "detections": [...], "engine"}
func (f *Figures) AppendJSON(b []byte) ([]byte, error) {
	text, err := json.Marshal(struct {
		Name       string   `json:"name"`
		Params     ta.Args  `json:"params"`
		Bars       int      `json:"bars"`
		Found      int      `json:"found"`
		Detections []Figure `json:"detections"`
		Engine     string   `json:"engine"`
	}{f.Spec.Name, f.Args, f.Bars, f.Found, f.Figures, engine.Version})
	return append(b, text...), err
}
