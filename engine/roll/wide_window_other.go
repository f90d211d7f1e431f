//go:build !(goexperiment.simd && amd64)

package roll

func newestWide(v, a, olderV, olderA, newerV, newerA []float64, h float64) int { return 0 }
func placeWide(out, olderV, olderA, newerV, newerA []float64, last, apart float64) int {
	return 0
}
func distancesWide(w, mean, dst []float64, n int) int { return 0 }
