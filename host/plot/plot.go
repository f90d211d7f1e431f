// Package plot draws candles with indicators as a picture: what is in the
// prices' own scale over the candles, everything else in a pane of its own
// below. It knows columns and Specs; it reads no file and computes nothing.
package plot

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
)

// Chart is what to draw.
type Chart struct {
	Title      string
	Candles    *candle.Series // close is needed; candles are drawn where open, high and low are there too
	Indicators []Indicator
	Bars       int // only the last bars; 0 for all

	run *run // what a strategy made of the candles; nil where there is none
}

// Indicator is one indicator over the candles of a Chart.
type Indicator struct {
	Label   string // as the legend calls it
	Spec    *ta.Spec
	Outputs ta.Columns // one for each output of Spec, as long as the candles, NaN where undefined
}

// Format is a kind of picture.
type Format string

const (
	PNG Format = "png"
	SVG Format = "svg"
)

// ErrNoClose says that there is no price to draw.
var ErrNoClose = errors.New("a chart needs the column close")

// FormatOf is the format that the name of a file asks for.
func FormatOf(file string) (Format, error) {
	ext := strings.ToLower(filepath.Ext(file))
	switch f := Format(strings.TrimPrefix(ext, ".")); f {
	case PNG, SVG:
		return f, nil
	}
	return "", fmt.Errorf("a chart is written to a .png or .svg file, not to %q", filepath.Base(file))
}

// Sizes, in points of 1/72 inch.
const (
	width       = 800
	priceHeight = 300
	paneHeight  = 92
	gap         = 5 // between panes
	marginLeft  = 10
	marginRight = 58 // room for the values of the axis
	marginTop   = 30 // room for the title
	marginFoot  = 22 // room for the dates

	dpi = 144 // two pixels to a point
)

// Write draws c to w. The error is ErrNoClose, or that of w.
func Write(w io.Writer, c Chart, f Format) error {
	c, err := c.cut()
	if err != nil {
		return err
	}
	panes := c.panes()
	height := vg.Length(marginTop + marginFoot - gap)
	for _, p := range panes {
		height += p.height + gap
	}

	var target interface {
		vg.CanvasSizer
		io.WriterTo
	}
	switch f {
	case SVG:
		target = vgsvg.New(width, height)
	default:
		target = vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(dpi))}
	}
	c.draw(draw.New(target), panes)
	if _, err := target.WriteTo(w); err != nil {
		return fmt.Errorf("write chart: %w", err)
	}
	return nil
}

// cut is c with the last bars alone.
func (c Chart) cut() (Chart, error) {
	s := c.Candles
	if s.Close == nil || s.Bars == 0 {
		return Chart{}, ErrNoClose
	}
	from := 0
	if 0 < c.Bars && c.Bars < s.Bars {
		from = s.Bars - c.Bars
	}
	part := func(col []float64) []float64 {
		if col == nil {
			return nil
		}
		return col[from:]
	}
	short := &candle.Series{
		Open: part(s.Open), High: part(s.High), Low: part(s.Low), Close: part(s.Close), Volume: part(s.Volume),
		Bars: s.Bars - from,
	}
	if s.Time != nil {
		short.Time = s.Time[from:]
	}
	inds := make([]Indicator, len(c.Indicators))
	for i, ind := range c.Indicators {
		inds[i] = Indicator{ind.Label, ind.Spec, make(ta.Columns, len(ind.Outputs))}
		for k, col := range ind.Outputs {
			inds[i].Outputs[k] = col[from:]
		}
	}
	return Chart{c.Title, short, inds, 0, c.run.cut(from)}, nil
}

// draw paints the whole picture: panes from the top down, then what they share.
func (c Chart) draw(dc draw.Canvas, panes []*pane) {
	dc.FillPolygon(white, corners(dc.Rectangle))
	area := vg.Rectangle{
		Min: vg.Point{X: dc.Min.X + marginLeft, Y: dc.Min.Y + marginFoot},
		Max: vg.Point{X: dc.Max.X - marginRight, Y: dc.Max.Y - marginTop},
	}
	ticks := timeTicks(c.Candles.Time, c.Candles.Bars)
	top := area.Max.Y
	for _, p := range panes {
		p.place(vg.Rectangle{
			Min: vg.Point{X: area.Min.X, Y: top - p.height},
			Max: vg.Point{X: area.Max.X, Y: top},
		}, c.Candles.Bars)
		p.draw(dc, ticks)
		top -= p.height + gap
	}
	for _, t := range ticks {
		label(dc, t.label, smallText(grey), vg.Point{X: panes[0].x(t.bar), Y: area.Min.Y - 5}, draw.XCenter, draw.YTop)
	}
	head := vg.Point{X: area.Min.X, Y: dc.Max.Y - 9}
	end := label(dc, c.Title, titleText(), head, draw.XLeft, draw.YTop)
	label(dc, c.span(), smallText(grey), vg.Point{X: end + 8, Y: head.Y - 2.5}, draw.XLeft, draw.YTop)
}
