//go:build race

package wasm

// apart and dataLimited are false as the race detector makes a compiler ten times
// as slow and its memory far more than a share; it is for what races in one process.
const (
	apart       = false
	dataLimited = false
)
