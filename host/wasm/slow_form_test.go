//go:build !race

package wasm

import (
	"errors"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
)

// TestNoSlowForm: a module whose form for long calls the compiler does not get
// through is not compiled again and again.
func TestNoSlowForm(t *testing.T) {
	m := load(t, newSandbox(t, Config{}), busy())
	before := compilerShares
	compilerShares[gate.Small].Bytes = 1 << 20 // too little for any
	t.Cleanup(func() { compilerShares = before })
	_, first := m.slowProgram(t.Context())
	if !errors.Is(first, ErrOutOfGas) {
		t.Fatalf("it ended with %v", first)
	}
	compilerShares = before
	if _, again := m.slowProgram(t.Context()); again != first {
		t.Errorf("the second time it ended with %v", again)
	}
	wantMean(t, m, 1_000)
}
