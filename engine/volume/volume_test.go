package volume

import (
	"math"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// The first bar counts as bought, an equal close as neither; a bar without a
// range adds nothing to the line.
func TestByHand(t *testing.T) {
	high, low := []float64{10, 12, 8, 8, 20}, []float64{8, 8, 8, 4, 10}
	close, volume := []float64{9, 11, 8, 8, 12.5}, []float64{100, 200, 300, 400, 500}
	for _, c := range []struct {
		ind  *ta.Indicator
		in   ta.Columns
		want []float64
	}{
		{OBV, ta.Columns{close, volume}, []float64{100, 300, 0, 0, 500}},
		{AD, ta.Columns{high, low, close, volume}, []float64{0, 100, 100, 500, 250}},
	} {
		a, err := c.ind.Args(nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, got := range c.ind.Run(a, c.in)[0] {
			if got != c.want[i] {
				t.Errorf("%s: bar %d is %v, want %v", c.ind.Name, i, got, c.want[i])
			}
		}
	}
}

// The oscillator is what its definition says, for periods either way round, and
// loses nothing to the level of the line.
func TestADOscIsADifferenceOfAverages(t *testing.T) {
	const n = 900
	in := ta.Columns{make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)}
	for i := range n {
		mid := 100 + 20*math.Sin(float64(i)/11)
		in[0][i], in[1][i], in[2][i] = mid+2, mid-3, mid+1.7*math.Cos(float64(i))
		in[3][i] = 1000 + 900*math.Sin(float64(i)/5)
	}
	plain, err := AD.Args(nil)
	if err != nil {
		t.Fatal(err)
	}
	line := AD.Run(plain, in)[0]
	average := func(k int) []float64 {
		y := append([]float64(nil), line...)
		for i := 1; i < n; i++ {
			y[i] = y[i-1] + 2/float64(k+1)*(line[i]-y[i-1])
		}
		return y
	}
	for _, periods := range [][2]int{{3, 10}, {10, 3}, {2, 600}, {5, 5}} {
		a, err := ADOsc.Args(map[string]any{"fast_period": periods[0], "slow_period": periods[1]})
		if err != nil {
			t.Fatal(err)
		}
		fast, slow := average(periods[0]), average(periods[1])
		for i, got := range ADOsc.Run(a, in)[0] {
			if i < ADOsc.Warmup(a) {
				if !math.IsNaN(got) {
					t.Errorf("%v: bar %d has a value", periods, i)
				}
				continue
			}
			if want := fast[i] - slow[i]; !(math.Abs(got-want) <= 1e-9) {
				t.Fatalf("%v: bar %d is %v, want %v", periods, i, got, want)
			}
		}
	}
}
