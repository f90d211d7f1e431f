package wasm

import "testing"

// TestRealCallsAreQuick: a call over 1,000 bars of what the SDKs make gets by with
// what it gets at once, in each language, and does not grow its memory.
func TestRealCallsAreQuick(t *testing.T) {
	s := newSandbox(t, Config{})
	for name, code := range guests(t) {
		t.Run(name, func(t *testing.T) {
			m := load(t, s, code)
			const bars = 1_000
			r, err := m.quick.run(t.Context(), classOf(bars), budget(bars), defaults(t, m), walk(m.Spec().Inputs, bars, 1))
			if err != nil { // it takes long
				t.Fatal(err)
			}
			t.Logf("%d units", r.Gas)
		})
	}
}
