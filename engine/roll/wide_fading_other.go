//go:build !(goexperiment.simd && amd64)

package roll

func fadeWide(out, keep, add []float64, y *[lanes]float64) int { return 0 }
func adaptWide(keep, add, x, past, noise []float64) int        { return 0 }
func distanceWide(dst, a, b []float64) int                     { return 0 }
