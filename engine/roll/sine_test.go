package roll

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Sine is math.Sin of so many degrees.
func TestSine(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	for range 100_000 {
		d := 1200*r.Float64() - 600
		if got, want := Sine(d), math.Sin(math.Remainder(d, 360)*math.Pi/180); !(math.Abs(got-want) <= 8e-16) { // math.Sin's angle is rounded
			t.Fatalf("of %v degrees it is %v, want %v", d, got, want)
		}
	}
	for d, want := range map[float64]float64{0: 0, 90: 1, 180: 0, 270: -1, 360: 0, -90: -1, 450: 1, 540: 0} {
		if got := Sine(d); got != want {
			t.Errorf("of %v degrees it is %v, want %v", d, got, want)
		}
	}
}
