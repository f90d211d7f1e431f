//go:build !(goexperiment.simd && amd64)

package roll

func mulWide(dst, a, b []float64) int                 { return 0 }
func ratioWide(dst, a, b []float64, none float64) int { return 0 }
func growthWide(dst, x, before []float64) int         { return 0 }
func stretchWide(high, low, x []float64) int          { return 0 }
