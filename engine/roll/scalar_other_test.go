//go:build !(goexperiment.simd && amd64)

package roll

// scalar runs f: without SIMD the wide bodies are off already.
func scalar(f func()) { f() }
