//go:build !(goexperiment.simd && amd64)

package roll

func bodiesWide(open, close, up, down []float64) int              { return 0 }
func powerWide(dst, open, high, low, close []float64) int         { return 0 }
func accelerateWide(upper, lower, high, low []float64) int        { return 0 }
func swingWide(dst, x, before, after []float64) int               { return 0 }
func dipWide(dst, x, before, after []float64) int                 { return 0 }
func pressureWide(high, low, close, bought, ranges []float64) int { return 1 }
func gatheredWide(high, low, close, out []float64) int            { return 1 }
