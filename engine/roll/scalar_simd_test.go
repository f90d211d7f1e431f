//go:build goexperiment.simd && amd64

package roll

// scalar runs f with the wide bodies turned off.
func scalar(f func()) {
	defer func(was bool) { wide = was }(wide)
	wide = false
	f()
}
