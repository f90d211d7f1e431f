package pages

import (
	"fmt"
	"math"
)

// candles are bars of prices: a wick from low to high, a body from open to close.
type candles struct{ open, high, low, close []float64 }

func (l candles) limits() (low, high float64) { return limits(l.low, l.high) }
func (l candles) legend() (string, string)    { return "", "" }

func (l candles) draw(c *canvas, p *panel) {
	var wicks, up, down pen
	for i := range l.close {
		wicks.move(x(i), p.y(l.high[i]))
		wicks.vertical(p.y(l.low[i]))
		body := &up
		if l.close[i] < l.open[i] {
			body = &down
		}
		top, bottom := p.y(max(l.open[i], l.close[i])), p.y(min(l.open[i], l.close[i]))
		body.move(x(i), top)
		body.vertical(max(bottom, top+1)) // a line at least
	}
	c.stroke(wicks.d.String(), ink, 1)
	c.stroke(up.d.String(), rising, 7)
	c.stroke(down.d.String(), fallen, 7)
}

// volumes are drawn at the foot of a panel, in a scale that nobody reads.
type volumes []float64

func (l volumes) limits() (low, high float64) { return math.NaN(), math.NaN() }
func (l volumes) legend() (string, string)    { return "", "" }

func (l volumes) draw(c *canvas, p *panel) {
	_, most := limits(l)
	var all pen
	foot := p.top + p.height
	for i, v := range l {
		all.move(x(i), foot)
		all.vertical(foot - int(math.Round(60*v/most)))
	}
	c.stroke(all.d.String(), faint, 7)
}

// line is broken where there is no value.
type line struct {
	name   string
	values []float64
	colour string
}

func (l line) limits() (low, high float64) { return limits(l.values) }
func (l line) legend() (string, string)    { return l.name, l.colour }

func (l line) draw(c *canvas, p *panel) {
	var path pen
	broken := true
	for i, v := range l.values {
		switch {
		case math.IsNaN(v):
			broken = true
			continue
		case broken && (i+1 == len(l.values) || math.IsNaN(l.values[i+1])): // a value alone
			path.move(x(i)-3, p.y(v))
			path.line(x(i)+3, p.y(v))
		case broken:
			path.move(x(i), p.y(v))
		default:
			path.line(x(i), p.y(v))
		}
		broken = false
	}
	c.stroke(path.d.String(), l.colour, 3)
}

// bars stand on zero.
type bars struct {
	name   string
	values []float64
}

func (l bars) limits() (low, high float64) {
	low, high = limits(l.values)
	return min(low, 0), max(high, 0)
}
func (l bars) legend() (string, string) { return l.name, ink }

func (l bars) draw(c *canvas, p *panel) {
	var above, below pen
	for i, v := range l.values {
		path := &above
		if v < 0 {
			path = &below
		}
		if !math.IsNaN(v) && v != 0 {
			path.move(x(i), p.y(0))
			path.vertical(p.y(v))
		}
	}
	c.stroke(above.d.String(), rising, 7)
	c.stroke(below.d.String(), fallen, 7)
}

// marks point at the candles at which a pattern is found: from below where it
// is bullish, or has no direction, from above where it is bearish.
type marks struct {
	name      string
	values    []float64
	high, low []float64
}

func (l marks) limits() (low, high float64) { return math.NaN(), math.NaN() }
func (l marks) legend() (string, string)    { return l.name, palette[0] }

func (l marks) draw(c *canvas, p *panel) {
	for i, v := range l.values {
		switch {
		case v > 0:
			fmt.Fprintf(&c.b, `<path fill="%s" d="M%d %dl7 14h-14z"/>`+"\n", palette[0], x(i), p.y(l.low[i])+6)
		case v < 0:
			fmt.Fprintf(&c.b, `<path fill="%s" d="M%d %dl7-14h-14z"/>`+"\n", palette[4], x(i), p.y(l.high[i])-6)
		}
	}
}
