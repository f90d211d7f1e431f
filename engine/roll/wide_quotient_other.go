//go:build !(goexperiment.simd && amd64)

package roll

func mulWide(dst, a, b []float64) int                            { return 0 }
func ratioWide(dst, a, b []float64, none float64) int            { return 0 }
func growthWide(dst, x, before []float64) int                    { return 0 }
func stretchWide(high, low, x []float64) int                     { return 0 }
func sidesWide(x, up, down []float64) int                        { return 0 }
func factorsWide(price, volume, out []float64, sign float64) int { return 1 }
func countBelowWide(w, x, out []float64, n int) int              { return 0 }
