//go:build !race

package wasm

// Every guest is compiled here, which takes minutes under the race detector, and
// nothing runs at once.

import (
	"context"
	"errors"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// makesAnew is the guest whose calls of 1,000 bars take long: it makes a profile of 40
// bars in 24 rows anew at each, in 6,800 units.
const makesAnew = "volume_profile_score.wasm"

// TestRealCallsAreQuick: a call over 1,000 bars of what the SDKs make gets by with what
// it gets before it takes long, in each language, and does not grow its memory; but for
// the one that makesAnew.
func TestRealCallsAreQuick(t *testing.T) {
	s := newSandbox(t, Config{})
	for name, code := range guests(t) {
		t.Run(name, func(t *testing.T) {
			m := load(t, s, code)
			const bars = 1_000
			r, err := m.quick.run(t.Context(), classOf(bars), budget(bars), defaults(t, m), walk(m.Spec().Inputs, bars, 1))
			if name == makesAnew && errors.Is(err, errLong) {
				return
			}
			if err != nil || name == makesAnew {
				t.Fatalf("%d units, and the error %v", r.Gas, err)
			}
			t.Logf("%d units", r.Gas)
			in, release, err := m.quick.lease(t.Context(), classOf(bars))
			if err != nil {
				t.Fatal(err)
			}
			before := in.memory.Size()
			_, err = in.compute(t.Context(), &m.spec, budget(bars), defaults(t, m), walk(m.Spec().Inputs, bars, 1))
			if after := in.memory.Size(); err != nil || after != before {
				t.Errorf("its memory has %d bytes after the call, and had %d: %v", after, before, err)
			}
			release(err)
		})
	}
}

// What the SDKs make passes, leaves nothing behind, runs with every number of bars,
// and the same series gives the same bits in an instance of any class.
func TestGuestsOfTheSDKs(t *testing.T) {
	s := newSandbox(t, Config{})
	for name, code := range guests(t) {
		t.Run(name, func(t *testing.T) {
			m := load(t, s, code)
			defer m.Close()
			resets(t, m)
			args := defaults(t, m)
			var last ta.Columns
			for _, n := range []int{300, 1_024, 5_000, 100_000} {
				r, err := m.Run(context.Background(), args, walk(m.Spec().Inputs, n, 4))
				if err != nil {
					t.Fatalf("%d bars: %v", n, err)
				}
				if last != nil {
					if i, bar := differ(last, r.Outputs, len(last[0])); bar >= 0 {
						t.Fatalf("%d bars: output %d is another at bar %d", n, i, bar)
					}
				}
				last = r.Outputs
			}
		})
	}
}
