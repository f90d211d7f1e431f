//go:build !(goexperiment.simd && amd64)

package roll

func quarterWide(dst, x []float64) int { return 0 }

type doubled struct{}

func (p *phasor) turnWide(f, d, q, period []float64, room *doubled) int { return 0 }
func smooth4Wide(dst, x []float64) int                                  { return 0 }
