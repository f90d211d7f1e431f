//go:build !(goexperiment.simd && amd64)

package roll

func quotientWide(dst, a, b []float64) int            { return 0 }
func relativeWide(dst, x, before []float64) int       { return 0 }
func balanceWide(dst, a, b []float64) int             { return 0 }
func oddsWide(dst, a, b []float64) int                { return 0 }
func efficiencyWide(dst, x, past, gone []float64) int { return 0 }
func surpriseWide(dst, x, forecast []float64) int     { return 0 }
func magnitudeWide(dst, a []float64) int              { return 0 }
func middleWide(dst, a, b []float64) int              { return 0 }
func productWide(dst, a, b []float64) int             { return 0 }
func weighedWide(dst, a, b []float64) int             { return 0 }
