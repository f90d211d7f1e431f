//go:build !goexperiment.simd || !amd64

package main

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// floor is for vectors: without them it is not measured.
func floor(in, out ta.Columns) bool { return false }
