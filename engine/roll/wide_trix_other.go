//go:build !(goexperiment.simd && amd64)

package roll

func thirdChangeWide(dst, x, s1, s2, s3 []float64, behind float64) int { return 0 }
