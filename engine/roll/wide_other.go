//go:build !(goexperiment.simd && amd64)

package roll

// Without SIMD the wide bodies do nothing, and the scalar loops do it all.

func addWide(dst, a, b []float64) int                         { return 0 }
func subWide(dst, a, b []float64) int                         { return 0 }
func scaleWide(dst, a []float64, c float64) int               { return 0 }
func mulAddWide(dst, a []float64, c float64, b []float64) int { return 0 }
func divideWide(dst, a []float64, d, inv float64) int         { return 0 }
func aheadWide(x, y []float64, from int, c *powers) int       { return from }
