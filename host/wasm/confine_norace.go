//go:build !race

package wasm

const (
	// apart says whether a worker compiles.
	apart = true
	// dataLimited says whether a share's Bytes can be put in force.
	dataLimited = true
)
