//go:build !(goexperiment.simd && amd64)

package roll

func addFootWide(x, rest, eight []float64, r int) int                          { return 0 }
func gatherWide(out []float64, parts [][]float64, d, inv float64) int          { return 0 }
func largerFootWide(dst, x []float64, size int) int                            { return 0 }
func smallerFootWide(dst, x []float64, size int) int                           { return 0 }
func mergeEqualWide(m, q, am, aq, bm, bq []float64, wq float64) int            { return 0 }
func mergeFootWide(x, mean, ssd, eightM, eightQ []float64, r int) int          { return 0 }
func mergeAllWide(mean, ssd []float64, parts []sampled) int                    { return 0 }
func weighTwoWide(s, w, os, ow, ns, nw []float64, h float64) int               { return 0 }
func weighFootWide(x, rest, eightS, eightW []float64, r int, w, p float64) int { return 0 }
func gatherWeightedWide(out []float64, parts []weighed, w, d, inv float64) int { return 0 }
func newestWide(v, a, ov, oa, nv, na []float64, h float64) int                 { return 0 }
func newestFootWide(v, a, x []float64, sign float64, size int) int             { return 0 }
func placeWide(out, ov, oa, nv, na []float64, last, apart float64) int         { return 0 }
