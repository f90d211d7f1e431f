package plot

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// pane is one strip of the picture with a scale of its own.
type pane struct {
	height vg.Length
	marks  []mark // drawn in this order
	legend []entry
	foot   float64 // the part of the height kept free below the values
	guide  bool    // draw a line at zero where the values cross it
	last   float64 // a price to flag on the axis; 0 for none
	rising bool    // the colour of that flag

	rect      vg.Rectangle
	step      vg.Length // from one bar to the next
	low, high float64   // the values at the ends of the scale
	floor     vg.Length // where low is
	ceiling   vg.Length // where high is
}

// entry is what the legend says of one indicator.
type entry struct {
	label  string
	values []reading
}

// reading is the newest value of one output.
type reading struct {
	name  string
	value float64
	color color.NRGBA
}

// place fits the pane into a rectangle and its scale to the values.
func (p *pane) place(r vg.Rectangle, bars int) {
	p.rect, p.step = r, (r.Max.X-r.Min.X)/vg.Length(bars)
	p.low, p.high = math.NaN(), math.NaN()
	for _, m := range p.marks {
		p.low, p.high = limits([]float64{p.low, p.high, m.low, m.high})
	}
	switch {
	case math.IsNaN(p.low): // nothing to draw
		p.low, p.high = 0, 1
	case p.low == p.high: // a flat line in the middle
		room := max(math.Abs(p.low)/100, math.SmallestNonzeroFloat64*1e3)
		p.low, p.high = p.low-room, p.high+room
	}
	height := r.Max.Y - r.Min.Y
	p.floor = r.Min.Y + max(6, vg.Length(p.foot)*height)
	p.ceiling = r.Max.Y - 6 - vg.Length(p.rows())*rowHeight
}

func (p *pane) x(bar int) vg.Length { return p.rect.Min.X + (vg.Length(bar)+0.5)*p.step }

func (p *pane) y(v float64) vg.Length {
	// Halves, so that a range as wide as floats go does not overflow.
	return p.floor + (p.ceiling-p.floor)*vg.Length((v/2-p.low/2)/(p.high/2-p.low/2))
}

// barWidth is the width of a candle's body.
func (p *pane) barWidth() vg.Length { return min(0.72*p.step, 9) }

// wickWidth is less where bars lie closer than a wick is wide, so that one does
// not hide the next.
func (p *pane) wickWidth() vg.Length { return max(hair, min(wick, p.step)) }

// lineWidth is less where many bars are drawn, so that candles stay visible.
func (p *pane) lineWidth() vg.Length { return max(0.7, min(1, p.step/2)) }

func (p *pane) draw(dc draw.Canvas, ticks []timeTick) {
	for _, t := range ticks {
		x := p.x(t.bar)
		dc.StrokeLine2(draw.LineStyle{Color: grid, Width: hair}, x, p.rect.Min.Y, x, p.rect.Max.Y)
	}
	const apart, most = 17, 9 // points between two values of the axis, about; and how many there are
	values, decimals := valueTicks(p.low, p.high, min(most, float64((p.ceiling-p.floor)/apart)))
	for _, v := range values {
		y := p.y(v)
		dc.StrokeLine2(draw.LineStyle{Color: grid, Width: hair}, p.rect.Min.X, y, p.rect.Max.X, y)
		if p.last != 0 && math.Abs(float64(y-p.y(p.last))) < 10 {
			continue // the flag stands here
		}
		label(dc, compact(v, decimals), smallText(grey), vg.Point{X: p.rect.Max.X + 6, Y: y}, draw.XLeft, draw.YCenter)
	}
	if p.guide && p.low < 0 && 0 < p.high {
		dc.StrokeLine2(draw.LineStyle{Color: frame, Width: 0.8}, p.rect.Min.X, p.y(0), p.rect.Max.X, p.y(0))
	}
	for _, m := range p.marks {
		m.draw(dc, p)
	}
	edge := append(corners(p.rect), p.rect.Min)
	dc.StrokeLines(draw.LineStyle{Color: frame, Width: 0.6}, edge)
	if p.last != 0 && !math.IsNaN(p.last) {
		p.flag(dc, decimals)
	}
	p.drawLegend(dc)
}

// flag marks the newest price on the axis.
func (p *pane) flag(dc draw.Canvas, decimals int) {
	c, y := direction(p.rising), p.y(p.last)
	dc.StrokeLine2(draw.LineStyle{Color: faint(c), Width: 0.6, Dashes: []vg.Length{2, 2}}, p.rect.Min.X, y, p.rect.Max.X, y)
	dc.FillPolygon(c, box(p.rect.Max.X+1, p.rect.Max.X+marginRight-4, y-7, y+7))
	label(dc, compact(p.last, max(decimals, 2)), smallText(white), vg.Point{X: p.rect.Max.X + 6, Y: y}, draw.XLeft, draw.YCenter)
}

// rowHeight is the height of a line of the legend.
const rowHeight = 13

// rows counts the lines of the legend.
func (p *pane) rows() int {
	if len(p.legend) == 0 {
		return 0
	}
	rows := 1
	p.eachWord(func(row int, _ vg.Length, _ string, _ draw.TextStyle) { rows = row + 1 })
	return rows
}

func (p *pane) drawLegend(dc draw.Canvas) {
	p.eachWord(func(row int, x vg.Length, word string, style draw.TextStyle) {
		label(dc, word, style, vg.Point{X: x, Y: p.rect.Max.Y - 5 - vg.Length(row)*rowHeight}, draw.XLeft, draw.YTop)
	})
}

// eachWord lays the legend out, in as many rows as it needs; an entry is not
// broken over two.
func (p *pane) eachWord(do func(row int, x vg.Length, word string, style draw.TextStyle)) {
	const left, between, apart = 8, 5, 18
	type word struct {
		text  string
		style draw.TextStyle
	}
	x, row := p.rect.Min.X+left, 0
	for _, e := range p.legend {
		words := []word{{e.label, smallText(ink)}}
		for _, r := range e.values {
			text := r.name
			if !math.IsNaN(r.value) && !math.IsInf(r.value, 0) {
				if text != "" {
					text += " "
				}
				text += compact(r.value, significant(r.value))
			}
			words = append(words, word{text, smallText(r.color)})
		}
		need := vg.Length(0)
		for _, w := range words {
			need += w.style.Width(w.text) + between
		}
		if x > p.rect.Min.X+left && x+need > p.rect.Max.X-left {
			x, row = p.rect.Min.X+left, row+1
		}
		for _, w := range words {
			do(row, x, w.text, w.style)
			x += w.style.Width(w.text) + between
		}
		x += apart - between
	}
}
