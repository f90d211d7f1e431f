//go:build !(goexperiment.simd && amd64)

package roll

func addFootWide(x, rest, eight []float64, r int) int                       { return 0 }
func addEightWide(dst []float64, o *octet) int                              { return 0 }
func gatherWide(out []float64, parts [][]float64, d, inv float64) int       { return 0 }
func largerFootWide(x, rest, eight []float64, r int, sign float64) int      { return 0 }
func largerEightWide(dst []float64, o *octet) int                           { return 0 }
func largerGatherWide(out []float64, parts [][]float64, sign float64) int   { return 0 }
func mergeFootWide(x, mean, ssd, eightM, eightQ []float64, r int) int       { return 0 }
func mergeEightWide(mean, ssd []float64, m, q *octet, size float64) int     { return 0 }
func mergeAllWide(mean, ssd []float64, parts []sampled) int                 { return 0 }
func weighFootWide(x, s4, w4, s8, w8 []float64) int                         { return 0 }
func weighEightWide(sum, weighted []float64, s, w *octet, size float64) int { return 0 }
func combineWide(out []float64, columns [][]float64, weights []repeated, d, inv float64) int {
	return 0
}
func newestFootWide(x, rest, value, age []float64, sign float64, r int) int { return 0 }
func newestEightWide(value, age []float64, v, a *octet, size float64) int   { return 0 }
func placeWide(out []float64, parts []placed, last float64) int             { return 0 }
