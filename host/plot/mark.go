package plot

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
)

// mark is something drawn in a pane.
type mark struct {
	low, high float64 // the values that it reaches; NaN when it asks for no room
	draw      func(dc draw.Canvas, p *pane)
}

// volumeShare is the part of the price pane's height that volume may fill.
const volumeShare = 0.16

// candleMark draws a wick from low to high and a body from open to close, or a
// line of closes where that is all there is.
func candleMark(s *candle.Series) mark {
	if s.Open == nil || s.High == nil || s.Low == nil {
		return lineMark(s.Close, ink, false)
	}
	low, high := limits(s.Open, s.High, s.Low, s.Close)
	return mark{low, high, func(dc draw.Canvas, p *pane) {
		half := p.barWidth() / 2
		for i := range s.Bars {
			if math.IsNaN(s.Open[i] + s.High[i] + s.Low[i] + s.Close[i]) {
				continue
			}
			c := direction(s.Close[i] >= s.Open[i])
			x := p.x(i)
			dc.StrokeLine2(draw.LineStyle{Color: c, Width: p.wickWidth()}, x, p.y(s.Low[i]), x, p.y(s.High[i]))
			if 2*half <= wick {
				continue // so many bars that there is room for the wick alone
			}
			from, to := p.y(min(s.Open[i], s.Close[i])), p.y(max(s.Open[i], s.Close[i]))
			dc.FillPolygon(c, box(x-half, x+half, from, max(to, from+wick)))
		}
	}}
}

// volumeMark draws the traded volume at the foot of the pane, in a scale of
// its own that nobody reads.
func volumeMark(s *candle.Series) mark {
	_, most := limits(s.Volume)
	return mark{math.NaN(), math.NaN(), func(dc draw.Canvas, p *pane) {
		if !(most > 0) {
			return
		}
		foot, room := p.rect.Min.Y, volumeShare*(p.rect.Max.Y-p.rect.Min.Y)
		half := p.barWidth() / 2
		for i, v := range s.Volume {
			if !(v > 0) {
				continue
			}
			rising := s.Open == nil || s.Close[i] >= s.Open[i]
			dc.FillPolygon(faint(direction(rising)), box(p.x(i)-half, p.x(i)+half, foot, foot+room*vg.Length(v/most)))
		}
	}}
}

// lineMark draws a line that is broken where there is no value.
func lineMark(col []float64, c color.NRGBA, dashed bool) mark {
	low, high := limits(col)
	return mark{low, high, func(dc draw.Canvas, p *pane) {
		style := draw.LineStyle{Color: c, Width: p.lineWidth()}
		if dashed {
			style.Width, style.Dashes = 0.8*style.Width, []vg.Length{4, 2}
		}
		for _, run := range runs(col) {
			pts := make([]vg.Point, 0, run[1]-run[0])
			for i := run[0]; i < run[1]; i++ {
				pts = append(pts, vg.Point{X: p.x(i), Y: p.y(col[i])})
			}
			if len(pts) == 1 { // a value between two holes would vanish
				pts = []vg.Point{{X: pts[0].X - 1, Y: pts[0].Y}, {X: pts[0].X + 1, Y: pts[0].Y}}
			}
			dc.StrokeLines(style, pts)
		}
	}}
}

// bandMark fills what is between two lines.
func bandMark(upper, lower []float64, c color.NRGBA) mark {
	both := make([]float64, len(upper))
	for i := range both {
		both[i] = upper[i] + lower[i]
	}
	return mark{math.NaN(), math.NaN(), func(dc draw.Canvas, p *pane) {
		c.A = 18
		for _, run := range runs(both) {
			var pts []vg.Point
			for i := run[0]; i < run[1]; i++ {
				pts = append(pts, vg.Point{X: p.x(i), Y: p.y(upper[i])})
			}
			for i := run[1] - 1; i >= run[0]; i-- {
				pts = append(pts, vg.Point{X: p.x(i), Y: p.y(lower[i])})
			}
			dc.FillPolygon(c, pts)
		}
	}}
}

// histogramMark draws bars from zero.
func histogramMark(col []float64) mark {
	low, high := limits(col)
	return mark{min(low, 0), max(high, 0), func(dc draw.Canvas, p *pane) {
		half := p.barWidth() / 2
		for i, v := range col {
			if math.IsNaN(v) || v == 0 {
				continue
			}
			dc.FillPolygon(faint(direction(v > 0)), box(p.x(i)-half, p.x(i)+half, p.y(0), p.y(v)))
		}
	}}
}

// runs are the stretches [from, to) of a column without a hole.
func runs(col []float64) (found [][2]int) {
	from := -1
	for i, v := range col {
		switch hole := math.IsNaN(v) || math.IsInf(v, 0); {
		case hole && from >= 0:
			found = append(found, [2]int{from, i})
			from = -1
		case !hole && from < 0:
			from = i
		}
	}
	if from >= 0 {
		found = append(found, [2]int{from, len(col)})
	}
	return found
}
