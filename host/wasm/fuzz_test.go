package wasm

import (
	"context"
	"errors"
	"testing"

	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// FuzzLoad feeds mutated modules to the whole way in, and runs what passes. No
// bytes may end in anything but a module that runs or a rejection; a module
// that never ends would be stopped by its gas, and the test by its timeout if
// that failed.
func FuzzLoad(f *testing.F) {
	for _, g := range []wt.Guest{
		{Name: "good"},
		{Name: "grows", Globals: 2, Run: wt.Code(wt.Int(1), []byte{0x40, 0, 0x1a}, wt.EachBar(wt.Mean()))},
		{Name: "late", Run: wt.Code(wt.If(wt.Over(500), wt.Loop()), wt.EachBar(wt.Mean()))},
		{Name: "recurses", Extra: wt.Call(wt.ExtraFunction), Run: wt.Code(wt.Call(wt.ExtraFunction), wt.Int(0))},
		{Name: "imports", Imports: []string{"abort"}},
		{Name: "outside", Alloc: wt.Int(-8)},
		{Name: "text", Description: "{}"},
	} {
		f.Add(g.Build())
	}
	for name, code := range guests(f) {
		if len(code) < 64<<10 { // mutating megabytes finds little
			f.Logf("seed %s", name)
			f.Add(code)
		}
	}
	s := newSandbox(f, Config{})
	f.Fuzz(func(t *testing.T, code []byte) {
		m, err := s.Load(context.Background(), code)
		if err != nil {
			var r *Rejected
			if !errors.As(err, &r) {
				t.Fatalf("error %v, want a rejection", err)
			}
			if r.Gate == "compile" {
				t.Errorf("%v: the gate should have known", r)
			}
			return
		}
		defer m.Close()
		if _, err := m.slowProgram(t.Context()); err != nil {
			t.Errorf("the form for long calls: %v", err)
		}
		if err := m.Spec().Validate(); err != nil {
			t.Error(err)
		}
		_, err = m.Run(context.Background(), defaults(t, m), walk(m.Spec().Inputs, 1_000, 1))
		var fault *Fault
		if err != nil && !errors.As(err, &fault) {
			t.Errorf("error %v, want a fault", err)
		}
	})
}
