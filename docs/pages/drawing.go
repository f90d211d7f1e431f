package pages

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// drawing is a picture of one indicator, and what to say below it.
type drawing struct {
	svg     []byte
	caption string
}

// draw shows ind over the end of the sample: what is a price and near the
// prices over the candles, all else in panels of its own below, patterns as
// marks at the candles. A pattern is shown where it was last found.
func (p *prices) draw(ind *ta.Indicator) (*drawing, error) {
	out, note, err := p.compute(ind)
	if err != nil {
		return nil, err
	}
	to := p.Bars
	if ind.Group == ta.GroupPattern {
		switch found := lastFound(out); {
		case found < 0:
			note = fmt.Sprintf(" The pattern is nowhere in the %d bars of the sample.", p.Bars)
		default:
			to = min(p.Bars, found+shown/4)
			note = fmt.Sprintf(" It was last found on %s.", p.day(found).Format(time.DateOnly))
		}
	}
	from := max(0, to-shown)
	c := &canvas{first: from, bars: to - from}
	c.begin(ind.Title)
	c.panel(priceHeight, p.over(ind, out, from, to))
	for _, unit := range ta.Units {
		if layers := p.below(ind, out, unit, from, to); layers != nil {
			c.panel(panelHeight, layers)
		}
	}
	c.dates(p, from, to)
	return &drawing{
		svg:     c.end(),
		caption: fmt.Sprintf("IBM, daily, %s to %s, at the default parameters.%s", p.day(from).Format(time.DateOnly), p.day(to-1).Format(time.DateOnly), note),
	}, nil
}

func (p *prices) day(bar int) time.Time { return time.UnixMilli(p.Time[bar]).UTC() }

// lastFound is the last bar at which an output is not 0, −1 where there is none.
func lastFound(out ta.Columns) int {
	last := -1
	for _, col := range out {
		for bar, v := range col {
			if v != 0 && !math.IsNaN(v) {
				last = max(last, bar)
			}
		}
	}
	return last
}

// over are the layers of the first panel: the candles, what is traded if ind
// reads that, and the outputs that are drawn over them.
func (p *prices) over(ind *ta.Indicator, out ta.Columns, from, to int) []layer {
	layers := []layer{candles{p.Open[from:to], p.High[from:to], p.Low[from:to], p.Close[from:to]}}
	if slices.Contains(ind.Inputs, ta.Volume) {
		layers = append(layers, volumes(p.Volume[from:to]))
	}
	colour := 0
	for i, o := range ind.Outputs {
		col := out[i][from:to]
		switch {
		case ind.Group == ta.GroupPattern:
			layers = append(layers, marks{o.Name, col, p.High[from:to], p.Low[from:to]})
		case p.overlaid(ind, i, col, from, to):
			layers = append(layers, line{o.Name, col, palette[colour%len(palette)]})
			colour++
		}
	}
	return layers
}

// below are the layers of the panel for the outputs of a unit that are not over
// the candles; nil where there is none.
func (p *prices) below(ind *ta.Indicator, out ta.Columns, unit ta.Unit, from, to int) (layers []layer) {
	if ind.Group == ta.GroupPattern {
		return nil
	}
	for i, o := range ind.Outputs {
		col := out[i][from:to]
		switch {
		case o.Unit != unit || p.overlaid(ind, i, col, from, to):
		case unit == ta.Signal || strings.HasSuffix(o.Name, "hist"):
			layers = append([]layer{bars{o.Name, col}}, layers...) // behind the lines
		default:
			layers = append(layers, line{o.Name, col, palette[len(layers)%len(palette)]})
		}
	}
	return layers
}

// overlaid says whether an output is where the prices are: an average is, an
// average range or the difference of two averages is not.
func (p *prices) overlaid(ind *ta.Indicator, i int, col []float64, from, to int) bool {
	unit := ind.Outputs[i].Unit
	if unit != ta.Price && !(unit == ta.None && ind.Group == ta.GroupOverlap) {
		return false
	}
	bottom, top := limits(p.Low[from:to], p.High[from:to])
	low, high := limits(col)
	return bottom-(top-bottom) <= low && high <= top+(top-bottom)
}
