package cycle

import (
	"math"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Of a wave of 16 bars: the period is 16, the parts of the phasor are as large as
// one another and a quarter apart, the sine is that of the phase, and the lead
// sine is an eighth ahead of it.
func TestWave(t *testing.T) {
	x := make([]float64, 600)
	for i := range x {
		x[i] = 50 + 0.5*math.Sin(2*math.Pi*float64(i)/16)
	}
	run := func(ind *ta.Indicator) ta.Columns {
		a, err := ind.Args(nil)
		if err != nil {
			t.Fatal(err)
		}
		return ind.Run(a, ta.Columns{x})
	}
	period, phase, phasor, sine, mode := run(DCPeriod)[0], run(DCPhase)[0], run(Phasor), run(SineWave), run(TrendMode)[0]
	for i := 400; i < len(x); i++ {
		if !(math.Abs(period[i]-16) <= 0.8) {
			t.Fatalf("bar %d: the period is %v", i, period[i])
		}
		if a, b := phasor[0][i], phasor[1][i-4]; !(math.Abs(a-b) <= 0.05) && !(math.Abs(a+b) <= 0.05) {
			t.Fatalf("bar %d: in phase %v, quadrature a quarter before %v", i, a, b)
		}
		if want := math.Sin(phase[i] * math.Pi / 180); !(math.Abs(sine[0][i]-want) <= 1e-12) {
			t.Fatalf("bar %d: the sine is %v, of %v degrees", i, sine[0][i], phase[i])
		}
		if want := math.Sin((phase[i] + 45) * math.Pi / 180); !(math.Abs(sine[1][i]-want) <= 1e-12) {
			t.Fatalf("bar %d: the lead sine is %v, of %v degrees", i, sine[1][i], phase[i])
		}
		if !(phase[i] > -45-1e-9 && phase[i] <= 315) || mode[i] != 0 && phase[i] > phase[i-1] {
			t.Fatalf("bar %d: phase %v, mode %v", i, phase[i], mode[i])
		}
	}
}

// A price that only rises trends.
func TestTrend(t *testing.T) {
	x := make([]float64, 400)
	for i := range x {
		x[i] = 100 * math.Pow(1.01, float64(i))
	}
	a, err := TrendMode.Args(nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, mode := range TrendMode.Run(a, ta.Columns{x})[0][100:] {
		if mode != 1 {
			t.Fatalf("bar %d is in a cycle", 100+i)
		}
	}
}

// Of a wave of 20 bars Ehlers' own find the period, the sine of the phase and the one
// an eighth ahead of it; the phasor goes round once in it, and backwards.
func TestEhlers(t *testing.T) {
	const length = 20.0
	high, low := make([]float64, 600), make([]float64, 600)
	for i := range high {
		middle := 50 + 0.5*math.Sin(2*math.Pi*float64(i)/length)
		high[i], low[i] = middle+0.25, middle-0.25
	}
	run := func(ind *ta.Indicator) ta.Columns {
		a, err := ind.Args(nil)
		if err != nil {
			t.Fatal(err)
		}
		return ind.Run(a, ta.Columns{high, low})
	}
	periods, phases, sines := run(EhlersCycle), run(EhlersPhase), run(EhlersSine)
	for i := 400; i < len(high); i++ {
		for k := range periods {
			if !(math.Abs(periods[k][i]-length) <= 0.05*length) {
				t.Fatalf("bar %d: %s is %v", i, EhlersCycle.Outputs[k].Name, periods[k][i])
			}
		}
		for k, want := range []float64{360 / length, 360 - 360/length} {
			if turned := math.Mod(phases[k][i]-phases[k][i-1]+720, 360); !(math.Abs(turned-want) <= 2) {
				t.Fatalf("bar %d: %s has turned by %v", i, EhlersPhase.Outputs[k].Name, turned)
			}
		}
		// The wave itself, which the smoothing does not delay: that is made up for.
		if want := math.Sin(2 * math.Pi * float64(i) / length); !(math.Abs(sines[0][i]-want) <= 0.15) {
			t.Fatalf("bar %d: the sine is %v, of a wave at %v", i, sines[0][i], want)
		}
		if want := math.Sin(2*math.Pi*float64(i)/length + math.Pi/4); !(math.Abs(sines[1][i]-want) <= 0.15) {
			t.Fatalf("bar %d: the lead sine is %v, of a wave at %v", i, sines[1][i], want)
		}
	}
}
