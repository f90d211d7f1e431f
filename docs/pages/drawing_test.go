package pages

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// indicator is the one of that name.
func indicator(t *testing.T, name string) *ta.Indicator {
	t.Helper()
	all := engine.Indicators()
	i := slices.IndexFunc(all, func(ind *ta.Indicator) bool { return ind.Name == name })
	if i < 0 {
		t.Fatalf("there is no %s", name)
	}
	return all[i]
}

func TestWarmupFormula(t *testing.T) {
	for name, want := range map[string]string{
		"rsi":   "period",
		"tema":  "3*period - 3",
		"macd":  "max(fast_period, slow_period) + signal_period - 2",
		"stoch": "fast_k_period + slow_k_period + slow_d_period - 3",
		"hma":   "", // it has a root
		"obv":   "", // it has no period
	} {
		if got := warmupFormula(indicator(t, name)); got != want {
			t.Errorf("%s begins at bar %q, want %q", name, got, want)
		}
	}
}

// Every drawing is well-formed and small, has as many panels as it should, and
// names its outputs.
func TestDrawings(t *testing.T) {
	p, err := readSample()
	if err != nil {
		t.Fatal(err)
	}
	heights := map[string]int{ // of those that show a rule
		"bbands":     priceHeight,               // over the prices
		"rsi":        priceHeight + panelHeight, // below them
		"atr":        priceHeight + panelHeight, // in their unit, but not where they are
		"supertrend": priceHeight + panelHeight, // one each way
		"cdldoji":    priceHeight,               // marks
		"acos":       priceHeight + panelHeight, // has no value at prices
		"mavp":       priceHeight,               // is told an input
	}
	for _, ind := range engine.Indicators() {
		d, err := p.draw(ind)
		if err != nil {
			t.Errorf("%s: %v", ind.Name, err)
			continue
		}
		const most = 14_000 // bytes
		if len(d.svg) > most {
			t.Errorf("%s has %d bytes", ind.Name, len(d.svg))
		}
		for _, o := range ind.Outputs {
			if !bytes.Contains(d.svg, []byte(">"+o.Name+"</text>")) {
				t.Errorf("the drawing of %s does not name %s", ind.Name, o.Name)
			}
		}
		var svg struct {
			Height int `xml:"height,attr"`
		}
		if err := xml.Unmarshal(d.svg, &svg); err != nil {
			t.Errorf("%s: %v", ind.Name, err)
		}
		if sum, ok := heights[ind.Name]; ok {
			panels := 1
			if sum > priceHeight {
				panels = 2
			}
			if want := (sum + panels*gap + foot) / 2; svg.Height != want {
				t.Errorf("the drawing of %s is %d high, want %d", ind.Name, svg.Height, want)
			}
		}
	}
}

// A pattern is marked wherever it is in what is shown, on the side that its sign
// says.
func TestMarks(t *testing.T) {
	p, err := readSample()
	if err != nil {
		t.Fatal(err)
	}
	ind := indicator(t, "cdlengulfing")
	out, _, err := p.compute(ind)
	if err != nil {
		t.Fatal(err)
	}
	to := min(p.Bars, lastFound(out)+shown/4)
	up, down := 0, 0
	for _, v := range out[0][to-shown : to] {
		if v > 0 {
			up++
		}
		if v < 0 {
			down++
		}
	}
	d, err := p.draw(ind)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(string(d.svg), "l7 14h-14z"); got != up || up == 0 {
		t.Errorf("%d marks from below, want %d", got, up)
	}
	if got := strings.Count(string(d.svg), "l7-14h-14z"); got != down || down == 0 {
		t.Errorf("%d marks from above, want %d", got, down)
	}
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		want      string
	}{
		{183, 212, "190 200 210"},
		{0, 100, "0 50 100"},
		{-1.2, 1.3, "-1 0 1"},
		{0.01, 0.034, "0.01 0.02 0.03"},
		{1e6, 3.2e6, "1M 2M 3M"},
		{0, 4.1e91, "0 2e+91 4e+91"},
	} {
		values, format := ticks(c.low, c.high, 3)
		var got []string
		for _, v := range values {
			got = append(got, format(v))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("from %v to %v: %v, want %s", c.low, c.high, got, c.want)
		}
	}
}

// A line is broken at a hole, and a value alone between two is seen.
func TestLineIsBroken(t *testing.T) {
	hole := math.NaN()
	c := &canvas{bars: 6}
	line{"x", []float64{1, 2, hole, 3, hole, 1}, ink}.draw(c, &panel{height: 100, low: 1, high: 3})
	d := xml.NewDecoder(&c.b)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			path := e.Attr[len(e.Attr)-1].Value
			if strings.Count(path, "m") != 3 || strings.Count(path, "l") != 3 {
				t.Errorf("the path is %s", path)
			}
		}
	}
}
