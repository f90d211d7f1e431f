//go:build !(goexperiment.simd && amd64)

package roll

func quarterWide(dst, x []float64) int { return 0 }
func smooth4Wide(dst, x []float64) int { return 0 }
