//go:build !(goexperiment.simd && amd64)

package roll

func aboveWide(x, y []float64) (uint64, int)                { return 0, 0 }
func greaterWide(dst, a, b []float64) int                   { return 0 }
func lesserWide(dst, a, b []float64) int                    { return 0 }
func apartWide(dst, a, b []float64) int                     { return 0 }
func meansWide(dst, x []float64, n int, d, inv float64) int { return 0 }
