package roll

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Atan is math.Atan, up to two steps of a float64.
func TestArctan(t *testing.T) {
	x := []float64{0, math.Copysign(0, -1), 1, -1, 1.0 / 16, math.Nextafter(1.0/16, 0), 5e-324, 1e-300, -1e300, math.MaxFloat64, math.Inf(1), math.Inf(-1)}
	r := rand.New(rand.NewPCG(13, 14))
	for range 100_000 {
		x = append(x, (2*r.Float64()-1)*math.Exp2(float64(r.IntN(40)-30)))
	}
	for _, v := range x {
		got, want := Atan(v), math.Atan(v)
		if !(math.Abs(got-want) <= math.Abs(want)/(1<<51)) || math.Signbit(got) != math.Signbit(v) {
			t.Errorf("Atan(%v) is %v, want %v", v, got, want)
		}
	}
	if v := Atan(nan); v == v {
		t.Errorf("Atan(NaN) is %v", v)
	}
}
