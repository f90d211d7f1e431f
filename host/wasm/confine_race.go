//go:build race

package wasm

// dataLimited is false as the race detector's own memory is far more than that.
const dataLimited = false
