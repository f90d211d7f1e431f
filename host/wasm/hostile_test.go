package wasm

import (
	"context"
	"errors"
	"strings"
	"testing"

	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest/hostile"
)

// TestHostile: each module ends as its row says, at upload or when it is called,
// and neither the sandbox nor another module is the worse for it.
func TestHostile(t *testing.T) {
	s := newSandbox(t, Config{})
	other := load(t, s, wt.Guest{Name: "other"}.Build())
	for _, h := range hostile.All() {
		t.Run(h.Name, func(t *testing.T) {
			m, err := s.Load(context.Background(), h.Bytes)
			switch h.By {
			case hostile.Gate, hostile.Check:
				wantRejected(t, h, err)
				if m != nil {
					t.Error("there is a module all the same")
				}
			case hostile.Library: // which is another package
				if err != nil {
					t.Fatal(err)
				}
				m.Close()
			default:
				if err != nil {
					t.Fatal(err)
				}
				callHostile(t, h, m)
				m.Close()
			}
			wantMean(t, other, 600)
		})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.modules) != 1 {
		t.Errorf("%d modules are loaded, want the one that is good", len(s.modules))
	}
}

// wantRejected checks what Load says of a module that it refuses.
func wantRejected(t *testing.T, h hostile.Module, err error) {
	t.Helper()
	var r *Rejected
	if !errors.As(err, &r) || !errors.Is(err, ErrRejected) {
		t.Fatalf("error %v, want a rejection", err)
	}
	if r.Gate != h.What || !strings.Contains(r.Detail, h.Says) {
		t.Errorf("%v; want the check %q and %q", r, h.What, h.Says)
	}
	if (r.Offset != nil) != (h.By == hostile.Gate) || r.Offset != nil && (*r.Offset < 0 || *r.Offset > int64(len(h.Bytes))) {
		t.Errorf("%v; want an offset if it is the gate that refuses", r)
	}
	if (r.Bar != nil) != (h.Bar != nil) || r.Bar != nil && *r.Bar != *h.Bar {
		t.Errorf("%v; want a bar: %v", r, h.Bar != nil)
	}
}

// callHostile calls a module that was let in, several times: each call ends like
// the first, and those in which it behaves give the mean.
func callHostile(t *testing.T, h hostile.Module, m *Module) {
	t.Helper()
	const bars = hostile.LateBars + 100
	kinds := map[string]error{}
	for kind, sentinel := range sentinels {
		kinds[string(kind)] = sentinel
	}
	for range 3 {
		if h.By == hostile.Call {
			_, err := m.Run(context.Background(), defaults(t, m), walk(m.Spec().Inputs, bars, 1))
			var f *Fault
			if !errors.As(err, &f) || !errors.Is(err, kinds[h.What]) || !strings.Contains(f.Detail, h.Says) {
				t.Fatalf("error %v, want %v with %q", err, kinds[h.What], h.Says)
			}
			if (f.Code != 0) != strings.HasPrefix(h.Says, "code ") {
				t.Errorf("code %d", f.Code)
			}
		} else {
			wantMean(t, m, bars)
		}
		wantMean(t, m, hostile.LateBars)
	}
}
