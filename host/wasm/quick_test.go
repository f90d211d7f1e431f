package wasm

import (
	"errors"
	"math"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
)

// makesAnew is the guest whose calls of 1,000 bars take long: it makes a profile of 40
// bars in 24 rows anew at each, in 6,800 units.
const makesAnew = "volume_profile_score.wasm"

// TestRealCallsAreQuick: a call over 1,000 bars of what the SDKs make gets by with what
// it gets before it takes long, in each language, and does not grow its memory; but for
// the one that makesAnew.
func TestRealCallsAreQuick(t *testing.T) {
	for name, code := range guests(t) {
		t.Run(name, func(t *testing.T) {
			m := loadGuest(t, code)
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

// TestAtOnce: what a call gets at once is what lasts 50 ms where a unit takes what
// dearest has, less in more memory, and in no memory less than a slice.
func TestAtOnce(t *testing.T) {
	for _, of := range dearest {
		if lasts := float64(atOnce(uint64(of.bytes))) * of.ns; lasts > held || lasts < held-of.ns {
			t.Errorf("in %.0f bytes it lasts %.0f ns", of.bytes, lasts)
		}
	}
	last := int64(math.MaxInt64)
	for bytes := uint64(pageSize); bytes <= uint64(memoryLimit(gate.Large)); bytes += pageSize {
		got := atOnce(bytes)
		if got > last || got < sliceGas {
			t.Errorf("%d units in %d bytes, %d in a page less, and a slice has %d", got, bytes, last, sliceGas)
		}
		last = got
	}
}
