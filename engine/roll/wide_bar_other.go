//go:build !(goexperiment.simd && amd64)

package roll

func movesWide(x, up, down []float64) int                     { return 1 }
func trueRangeWide(high, low, close, out []float64) int       { return 1 }
func directionWide(high, low, plus, minus []float64) int      { return 1 }
func flowWide(price, volume, in, out []float64) int           { return 1 }
func signedWide(x, volume, out []float64) int                 { return 1 }
func typicalWide(dst, high, low, close []float64) int         { return 0 }
func withinWide(dst, x, end, low, high []float64) int         { return 0 }
func percentWide(dst, a, b []float64) int                     { return 0 }
func shareWide(dst, a, b []float64) int                       { return 0 }
func imbalanceWide(dst, a, b []float64) (int, bool)           { return 0, false }
func changeWide(dst, x, before []float64) int                 { return 0 }
func accumulationWide(dst, high, low, close, v []float64) int { return 0 }
func channelWide(dst, x, mean, deviation []float64) int       { return 0 }
