//go:build !(goexperiment.simd && amd64)

package roll

func addFeetWide(x, two, four, eight []float64) int                { return 0 }
func ultimateWide(dst []float64, bought, ranges [][][]float64) int { return 0 }
