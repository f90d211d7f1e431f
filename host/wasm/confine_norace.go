//go:build !race

package wasm

// dataLimited says whether a share's Bytes can be put in force.
const dataLimited = true
