//go:build !(goexperiment.simd && amd64)

package roll

func (w *wave) componentWide(x []float64, sum *[2]float64) bool { return false }
