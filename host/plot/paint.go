package plot

import (
	"image/color"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Widths of lines, in points.
const (
	hair = 0.5
	wick = 0.7
)

var (
	white = color.NRGBA{255, 255, 255, 255}
	ink   = color.NRGBA{38, 45, 56, 255}
	grey  = color.NRGBA{106, 115, 128, 255}
	grid  = color.NRGBA{236, 239, 243, 255}
	frame = color.NRGBA{201, 207, 216, 255}
	green = color.NRGBA{38, 166, 154, 255}
	red   = color.NRGBA{239, 83, 80, 255}
)

// direction is the colour of a rise or a fall.
func direction(rising bool) color.NRGBA {
	if rising {
		return green
	}
	return red
}

// faint is c with the paper shining through.
func faint(c color.NRGBA) color.NRGBA {
	c.A = 110
	return c
}

// palette has a colour for each line of a pane, told apart also by those who
// do not tell red from green.
func palette(i int) color.NRGBA {
	colours := [...]color.NRGBA{
		{41, 98, 255, 255},  // blue
		{245, 124, 0, 255},  // orange
		{142, 36, 170, 255}, // purple
		{109, 76, 65, 255},  // brown
		{0, 151, 167, 255},  // cyan
		{216, 27, 96, 255},  // pink
		{85, 107, 47, 255},  // olive
	}
	return colours[i%len(colours)]
}

// plain writes in the fonts that come with the binary.
var plain = text.Plain{Fonts: font.NewCache(liberation.Collection())}

func smallText(c color.Color) draw.TextStyle {
	return draw.TextStyle{Color: c, Font: font.From(font.Font{Typeface: "Liberation", Variant: "Sans"}, 8.5), Handler: plain}
}

func titleText() draw.TextStyle {
	s := smallText(ink)
	s.Font.Size = 12
	return s
}

// label writes text at a point and returns where it ends.
func label(dc draw.Canvas, txt string, style draw.TextStyle, at vg.Point, x text.XAlignment, y text.YAlignment) vg.Length {
	style.XAlign, style.YAlign = x, y
	dc.FillText(style, at, txt)
	return at.X + style.Width(txt)
}

func box(left, right, from, to vg.Length) []vg.Point {
	return []vg.Point{{X: left, Y: from}, {X: right, Y: from}, {X: right, Y: to}, {X: left, Y: to}}
}

func corners(r vg.Rectangle) []vg.Point { return box(r.Min.X, r.Max.X, r.Min.Y, r.Max.Y) }
