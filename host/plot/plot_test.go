package plot

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// walk are n daily candles from 2024-01-01.
func walk(n int) *candle.Series {
	w := sample.Walk(n)
	s := &candle.Series{Open: w.Open, High: w.High, Low: w.Low, Close: w.Close, Volume: w.Volume, Bars: n}
	day := time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)
	for range n {
		s.Time = append(s.Time, day.UnixMilli())
		day = day.AddDate(0, 0, 1)
	}
	return s
}

// output is an output of an indicator with its values.
type output struct {
	name string
	unit ta.Unit
	col  []float64
}

func indicator(name string, group ta.Group, outputs ...output) Indicator {
	ind := Indicator{Label: name + " 14", Spec: &ta.Spec{Name: name, Group: group}}
	for _, o := range outputs {
		ind.Spec.Outputs = append(ind.Spec.Outputs, ta.Output{Name: o.name, Unit: o.unit})
		ind.Outputs = append(ind.Outputs, o.col)
	}
	return ind
}

// times is a column multiplied.
func times(col []float64, by float64) []float64 {
	out := make([]float64, len(col))
	for i, v := range col {
		out[i] = v * by
	}
	return out
}

func svg(t *testing.T, c Chart) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, c, SVG); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
	}
	for _, bad := range []string{"NaN", "Inf"} {
		if strings.Contains(text, bad) {
			t.Fatalf("a coordinate is %s", bad)
		}
	}
	return text
}

func TestWhereOutputsAreDrawn(t *testing.T) {
	s := walk(300)
	holes := append(make([]float64, 0, 300), s.Close...)
	for i := range 299 {
		holes[i] = math.NaN()
	}
	for _, tc := range []struct {
		name string
		ind  Indicator
		over bool // some of it is drawn over the candles
		more int  // panes of its own
	}{
		{"an average", indicator("ema", ta.GroupOverlap, output{"ema", ta.Price, s.Close}), true, 0},
		{"an average far from the price", indicator("ema", ta.GroupOverlap, output{"ema", ta.Price, times(s.Close, 9)}), true, 0},
		{"the greatest price, though no overlap", indicator("max", ta.GroupStatistic, output{"max", ta.Price, s.High}), true, 0},
		{"a value at the last bar alone", indicator("max", ta.GroupStatistic, output{"max", ta.Price, holes}), true, 0},
		{"a range in units of price", indicator("atr", ta.GroupVolatility, output{"atr", ta.Price, times(s.Close, 0.01)}), false, 1},
		{"percents where the prices are", indicator("rsi", ta.GroupMomentum, output{"rsi", ta.Percent, s.Close}), false, 1},
		{"three that share a scale", indicator("macd", ta.GroupMomentum,
			output{"macd", ta.Price, times(s.Close, 0.02)}, output{"macd_signal", ta.Price, times(s.Close, 0.02)}, output{"macd_hist", ta.Price, times(s.Close, 0)}), false, 1},
		{"a price, a percent and a signal", indicator("squeeze", ta.GroupCustom,
			output{"line", ta.Price, s.Close}, output{"width", ta.Percent, times(s.Close, 0.1)}, output{"signal", ta.Signal, times(s.Close, 0)}), true, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			panes := Chart{Candles: s, Indicators: []Indicator{tc.ind}}.panes()
			if over := len(panes[0].legend) == 1; over != tc.over || len(panes)-1 != tc.more {
				t.Errorf("over the candles: %v, panes below: %d; want %v and %d", over, len(panes)-1, tc.over, tc.more)
			}
		})
	}
}

func TestPictures(t *testing.T) {
	s := walk(1_300)
	c := Chart{Title: "Prices & more", Candles: s, Bars: 250, Indicators: []Indicator{
		indicator("bbands", ta.GroupOverlap, output{"upper", ta.Price, times(s.Close, 1.05)}, output{"middle", ta.Price, s.Close}, output{"lower", ta.Price, times(s.Close, 0.95)}),
		indicator("rsi", ta.GroupMomentum, output{"rsi", ta.Percent, times(s.Close, 0.5)}),
	}}
	text := svg(t, c)
	for _, want := range []string{
		"Prices &amp; more", "250 bars, 2026-11-16 to 2027-07-23", "bbands 14", "upper ", "rsi 14", // the title and the legend
		">2027<", ">Feb<", ">Jul<", // the axis
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the chart does not say %q", want)
		}
	}
	var b bytes.Buffer
	if err := Write(&b, c, PNG); err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	size := picture.Bounds()
	if wide, high := size.Dx(), size.Dy(); wide != 2*width || high != 2*(marginTop+priceHeight+gap+paneHeight+marginFoot) {
		t.Errorf("%d by %d pixels", wide, high)
	}
	colours := map[[3]uint32]bool{}
	for y := range size.Dy() {
		for x := range size.Dx() {
			r, g, b, _ := picture.At(x, y).RGBA()
			colours[[3]uint32{r >> 8, g >> 8, b >> 8}] = true
		}
	}
	for name, c := range map[string][3]uint32{"green": {38, 166, 154}, "red": {239, 83, 80}, "blue": {41, 98, 255}} {
		if !colours[c] {
			t.Errorf("nothing is %s", name)
		}
	}
}

// Whatever the numbers are, every coordinate is finite.
func TestAnyNumbers(t *testing.T) {
	constant := func(n int, v float64) []float64 {
		col := make([]float64, n)
		for i := range col {
			col[i] = v
		}
		return col
	}
	of := func(n int, v float64) *candle.Series {
		return &candle.Series{Open: constant(n, v), High: constant(n, v), Low: constant(n, v), Close: constant(n, v), Volume: constant(n, v), Bars: n}
	}
	holes := walk(50)
	for i := range holes.Close {
		if i%3 == 0 {
			holes.Open[i], holes.Close[i], holes.Volume[i] = math.NaN(), math.NaN(), math.NaN()
		}
	}
	wide := walk(50)
	wide.High[20], wide.Low[21] = math.MaxFloat64, 0
	for name, s := range map[string]*candle.Series{
		"one bar":       of(1, 7),
		"flat":          of(30, 7),
		"zero":          of(30, 0),
		"tiny":          of(30, 5e-324),
		"huge":          of(30, math.MaxFloat64),
		"nothing":       of(30, math.NaN()),
		"holes":         holes,
		"all of floats": wide,
		"closes alone":  {Close: walk(40).Close, Bars: 40},
	} {
		t.Run(name, func(t *testing.T) {
			n := s.Bars
			svg(t, Chart{Candles: s, Indicators: []Indicator{
				indicator("none", ta.GroupMomentum, output{"none", ta.Percent, constant(n, math.NaN())}),
				indicator("edges", ta.GroupMomentum, output{"edges_hist", ta.Ratio, append(constant(n-1, -math.MaxFloat64), math.MaxFloat64)}),
				indicator("infinite", ta.GroupMomentum, output{"infinite", ta.Ratio, append(constant(n-1, 1), math.Inf(1))}),
				indicator("band", ta.GroupOverlap, output{"upper", ta.Price, s.Close}, output{"lower", ta.Price, s.Close}),
			}})
		})
	}
	if err := Write(io.Discard, Chart{Candles: &candle.Series{Open: []float64{1}, Bars: 1}}, SVG); !errors.Is(err, ErrNoClose) {
		t.Errorf("without closes: %v", err)
	}
}

func TestFormatOf(t *testing.T) {
	for file, want := range map[string]Format{"a.png": PNG, "dir.d/B.SVG": SVG, "a.jpg": "", "png": "", "": ""} {
		if got, err := FormatOf(file); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", file, got, err)
		}
	}
}
