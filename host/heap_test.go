package host

import (
	"runtime"
	"testing"
)

// TestHeadroom: while the service runs, the collector waits for a heap that is
// larger by twice the headroom, and no longer.
func TestHeadroom(t *testing.T) {
	next := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.NextGC
	}
	before, during := next(), uint64(0)
	if err := withHeadroom(func() error { during = next(); return nil }); err != nil {
		t.Fatal(err)
	}
	if during < before+headroom {
		t.Errorf("the next collection is due at %d bytes, and without headroom at %d", during, before)
	}
	if after := next(); after > before+headroom {
		t.Errorf("headroom is still there: the next collection is due at %d bytes", after)
	}
}
