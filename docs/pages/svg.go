package pages

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Sizes in the units of a drawing, two to a pixel. All places are whole units:
// a drawing is small, and the same on every machine.
const (
	step        = 11 // from bar to bar
	edge        = 10 // at the left, and above and below what a panel shows
	axis        = 110
	head        = 34 // the legend of a panel
	priceHeight = 400
	panelHeight = 180
	gap         = 12
	foot        = 34
)

// palette are the colours of lines.
var palette = []string{"#1f6feb", "#d97706", "#0a8754", "#8b3fc8", "#d1242f", "#0e8a9c", "#946b00", "#57606a"}

const (
	ink    = "#57606a"
	faint  = "#d8dee4"
	rising = "#3fa66b"
	fallen = "#d9606a"
)

// canvas is a drawing in the making.
type canvas struct {
	b           bytes.Buffer
	first, bars int
	top         int // where the next panel begins
}

// layer is something drawn in a panel.
type layer interface {
	limits() (low, high float64) // what it reaches; NaN when it asks for no room
	legend() (name, colour string)
	draw(c *canvas, p *panel)
}

// panel is a part of a drawing with a scale of its own.
type panel struct {
	top, height int
	low, high   float64
}

func (p *panel) y(v float64) int {
	part := (p.high - v) / (p.high - p.low)
	return p.top + head + int(math.Round(part*float64(p.height-head-edge)))
}

func x(bar int) int { return edge + step/2 + bar*step }

func (c *canvas) begin(title string) {
	c.b.WriteString("<title>")
	xml.EscapeText(&c.b, []byte(title)) // to a buffer: it cannot fail
	c.b.WriteString("</title>\n")
}

// panel draws layers below one another's legends, in a scale that has room for
// all of them.
func (c *canvas) panel(height int, layers []layer) {
	var reach []float64
	for _, l := range layers {
		low, high := l.limits()
		reach = append(reach, low, high)
	}
	p := &panel{top: c.top, height: height}
	p.low, p.high = limits(reach)
	if !(p.low < p.high) { // nothing, or one value alone
		room := max(1, math.Abs(p.low)/100)
		if math.IsNaN(p.low) {
			p.low, p.high = 0, 0
			room = 1
		}
		p.low, p.high = p.low-room, p.high+room
	}
	c.grid(p)
	at := edge
	for _, l := range layers {
		l.draw(c, p)
		if name, colour := l.legend(); name != "" {
			c.text(at, p.top+24, "start", colour, name)
			at += 13*len(name) + 24
		}
	}
	c.top += height + gap
}

// grid draws a few round values.
func (c *canvas) grid(p *panel) {
	values, format := ticks(p.low, p.high, float64(p.height)/60)
	right := edge + c.bars*step
	var d strings.Builder
	for _, v := range values {
		fmt.Fprintf(&d, "M%d %dH%d", edge, p.y(v), right)
		c.text(right+8, p.y(v)+7, "start", ink, format(v))
	}
	c.stroke(d.String(), faint, 1)
}

// ticks are round values between low and high, about as many as asked, and how
// to write them.
func ticks(low, high, about float64) (values []float64, format func(float64) string) {
	raw := (high/2 - low/2) / about * 2
	size := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 5, 10} {
		if m*size >= 0.99*raw {
			size *= m
			break
		}
	}
	for k := math.Ceil(low / size); k*size <= high && len(values) < 10; k++ {
		values = append(values, k*size+0) // +0: no "-0"
	}
	most := max(math.Abs(low), math.Abs(high))
	for _, u := range []struct {
		size float64
		name string
	}{{1e9, "G"}, {1e6, "M"}, {1e4, "k"}} {
		if most >= 1e12 || size < 1e-6 {
			return values, func(v float64) string { return strconv.FormatFloat(v, 'g', 2, 64) }
		}
		if most >= u.size {
			unit := u.size
			if u.name == "k" {
				unit = 1e3
			}
			return values, func(v float64) string { return strconv.FormatFloat(v/unit, 'f', decimals(size/unit), 64) + u.name }
		}
	}
	return values, func(v float64) string { return strconv.FormatFloat(v, 'f', decimals(size), 64) }
}

// decimals are the places that tell multiples of size apart.
func decimals(size float64) int {
	return max(0, -int(math.Floor(math.Log10(size)+1e-9)))
}

// dates names the months below all panels.
func (c *canvas) dates(p *prices, from, to int) {
	for bar := from + 1; bar < to; bar++ {
		day := p.day(bar)
		if day.Month() == p.day(bar-1).Month() || bar-from < 4 {
			continue
		}
		name := day.Format("Jan")
		if day.Month() == time.January {
			name = day.Format("2006")
		}
		c.text(x(bar-from), c.top+18, "middle", ink, name)
	}
	c.top += foot
}

func (c *canvas) end() []byte {
	width := edge + c.bars*step + axis
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="sans-serif" font-size="22">`+"\n", width, c.top, width/2, c.top/2)
	fmt.Fprintf(&b, `<path fill="#fff" d="M0 0H%dV%dH0z"/>`+"\n", width, c.top)
	b.Write(c.b.Bytes())
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func (c *canvas) text(x, y int, anchor, colour, text string) {
	if anchor != "start" {
		anchor = ` text-anchor="` + anchor + `"`
	} else {
		anchor = ""
	}
	fmt.Fprintf(&c.b, `<text x="%d" y="%d"%s fill="%s">`, x, y, anchor, colour)
	xml.EscapeText(&c.b, []byte(text))
	c.b.WriteString("</text>\n")
}

func (c *canvas) stroke(d, colour string, width int) {
	if d != "" {
		fmt.Fprintf(&c.b, `<path fill="none" stroke="%s" stroke-width="%d" stroke-linejoin="round" d="%s"/>`+"\n", colour, width, d)
	}
}

// pen writes the steps of a path, each from where the last one ended.
type pen struct {
	d    strings.Builder
	x, y int
}

func (p *pen) move(x, y int) {
	fmt.Fprintf(&p.d, "m%d%s", x-p.x, signed(y-p.y))
	p.x, p.y = x, y
}

func (p *pen) line(x, y int) {
	fmt.Fprintf(&p.d, "l%d%s", x-p.x, signed(y-p.y))
	p.x, p.y = x, y
}

func (p *pen) vertical(y int) {
	fmt.Fprintf(&p.d, "v%d", y-p.y)
	p.y = y
}

// signed is a number after another one, which a minus sets apart by itself.
func signed(n int) string {
	if n < 0 {
		return strconv.Itoa(n)
	}
	return " " + strconv.Itoa(n)
}
