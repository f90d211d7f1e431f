//go:build !(goexperiment.simd && amd64)

package roll

func mergeTiltsWide(dst, newer, older [][]float64, w float64) int                     { return 0 }
func gatherTiltsWide(sum, tilt, mean, own, level []float64, size, weight float64) int { return 0 }
func mergeJointWide(dst, newer, older [][]float64, wm, wq float64) int                { return 0 }
func correlationWide(dst, xx, yy, xy []float64) int                                   { return 0 }
