package rest

import (
	"context"
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
)

// chart is a drawing of an indicator over the sample prices, at its defaults.
type chart struct {
	SVG   template.HTML
	Lines []lineView
}

// lineView is an entry of a chart's legend.
type lineView struct {
	Name, Last string
	Class      string
}

// samplePrices are real prices, which the page draws with and offers to try.
func samplePrices() (*candle.Series, error) {
	prices, err := candle.Decode(read(pricesName), candle.Limits{}, func(name string, _ []byte) error {
		return fmt.Errorf("unexpected member %q", name)
	})
	if err != nil {
		return nil, fmt.Errorf("sample prices: %w", err)
	}
	return prices, nil
}

// told is what a drawing has the inputs of spec read that have no default: a
// second series is the open, and window lengths go round from 2 to 30.
func told(spec *ta.Spec, bars int) map[string]compute.Source {
	inputs := map[string]compute.Source{}
	for _, in := range spec.Inputs {
		switch {
		case in.Column() != "":
		case in == ta.Periods:
			lengths := make([]float64, bars)
			for i := range lengths {
				lengths[i] = float64(2 + i%29)
			}
			inputs[string(in)] = compute.Source{Values: lengths}
		default:
			inputs[string(in)] = compute.Source{Column: string(ta.Open)}
		}
	}
	return inputs
}

// chart draws one indicator: over the price if it is of the overlap group, in
// a pane of its own otherwise.
func (s *Server) chart(name string, prices *candle.Series) (*chart, error) {
	run, err := s.Compute.Find(name)
	if err != nil {
		return nil, err
	}
	spec := run.Spec()
	res, err := s.Compute.Request(prices).Run(context.Background(), compute.Item{ID: name, Name: name, Inputs: told(spec, prices.Bars)})
	if err != nil {
		return nil, fmt.Errorf("draw %s: %w", name, err)
	}
	c := &chart{}
	p := pane{width: 560, height: 150, left: res.Warmup}
	if spec.Group == ta.GroupOverlap {
		p.add("price", prices.Close)
	}
	for i, o := range spec.Outputs {
		class := "line" + strconv.Itoa(i)
		p.add(class, res.Outputs[i])
		c.Lines = append(c.Lines, lineView{o.Name, short(res.Outputs[i][len(res.Outputs[i])-1]), class})
	}
	c.SVG = p.svg(fmt.Sprintf("%s over %d days of the sample prices", spec.Title, prices.Bars))
	return c, nil
}

// hero draws candles between the bands of an indicator, at the head of the page.
func (s *Server) hero(prices *candle.Series) (template.HTML, error) {
	const name = "bbands"
	run, err := s.Compute.Find(name)
	if err != nil {
		return "", err
	}
	res, err := s.Compute.Request(prices).Run(context.Background(), compute.Item{ID: name, Name: name})
	if err != nil {
		return "", fmt.Errorf("draw %s: %w", name, err)
	}
	p := pane{width: 1120, height: 260, left: res.Warmup, candles: prices}
	for i := range run.Spec().Outputs {
		p.add("line"+strconv.Itoa(i), res.Outputs[i])
	}
	return p.svg("Candles of the sample prices between Bollinger bands"), nil
}

// pane is a chart being drawn.
type pane struct {
	width, height float64
	left          int            // the first bar that is drawn
	candles       *candle.Series // drawn below the lines; may be nil
	lines         []line
}

type line struct {
	class  string
	values []float64
}

func (p *pane) add(class string, values []float64) {
	p.lines = append(p.lines, line{class, values})
}

// span is the range of all that is drawn.
func (p *pane) span() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	see := func(values []float64) {
		for _, v := range values[min(p.left, len(values)):] {
			if !math.IsNaN(v) {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	for _, l := range p.lines {
		see(l.values)
	}
	if p.candles != nil {
		see(p.candles.Low)
		see(p.candles.High)
	}
	if !(low < high) { // nothing, or one value alone
		low, high = low-1, high+1
	}
	return low, high
}

// svg draws the pane. Colours are the style sheet's.
func (p *pane) svg(label string) template.HTML {
	const edge = 6 // room for the thickness of lines
	low, high := p.span()
	bars := len(p.lines[0].values) - p.left
	x := func(bar int) string {
		return coordinate((float64(bar-p.left) + 0.5) / float64(bars) * p.width)
	}
	y := func(v float64) string {
		return coordinate(edge + (high-v)/(high-low)*(p.height-2*edge))
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %v %v" preserveAspectRatio="none" role="img" aria-label="%s">`,
		p.width, p.height, template.HTMLEscapeString(label))
	if low < 0 && high > 0 {
		fmt.Fprintf(&b, `<path class="zero" d="M0 %sH%v"/>`, y(0), p.width)
	}
	if c := p.candles; c != nil {
		var rising, falling, wicks strings.Builder
		for i := p.left; i < c.Bars; i++ {
			fmt.Fprintf(&wicks, "M%s %sV%s", x(i), y(c.High[i]), y(c.Low[i]))
			body := &rising
			if c.Close[i] < c.Open[i] {
				body = &falling
			}
			fmt.Fprintf(body, "M%s %sV%s", x(i), y(c.Open[i]), y(c.Close[i]))
		}
		fmt.Fprintf(&b, `<path class="wick" d="%s"/><path class="rise" d="%s"/><path class="fall" d="%s"/>`, &wicks, &rising, &falling)
	}
	for _, l := range p.lines {
		var d strings.Builder
		command := "M"
		for i := p.left; i < len(l.values); i++ {
			if math.IsNaN(l.values[i]) {
				command = "M"
				continue
			}
			d.WriteString(command + x(i) + " " + y(l.values[i]))
			command = "L"
		}
		fmt.Fprintf(&b, `<path class="%s" d="%s"/>`, l.class, &d)
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

// coordinate is a place in a drawing, to a tenth of a unit.
func coordinate(v float64) string {
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}

// short is a value for a legend.
func short(v float64) string {
	switch a := math.Abs(v); {
	case math.IsNaN(v):
		return "–"
	case a >= 1e15:
		return strconv.FormatFloat(v, 'e', 2, 64)
	case a >= 1e9:
		return strconv.FormatFloat(v/1e9, 'f', 2, 64) + " bn"
	case a >= 1e6:
		return strconv.FormatFloat(v/1e6, 'f', 2, 64) + " m"
	case a >= 1000:
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}
