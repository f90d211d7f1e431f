//go:build !(goexperiment.simd && amd64)

package roll

func distancesWide(w, mean, dst []float64, n int) int   { return 0 }
func spreadWide(dst, ssd []float64, d, inv float64) int { return 0 }
