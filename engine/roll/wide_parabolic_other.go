//go:build !(goexperiment.simd && amd64)

package roll

func (p *Parabolic) rideWide(near, far, out []float64, i int, before float64) (int, float64) {
	return i, before
}
