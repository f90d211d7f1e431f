package host

import (
	"runtime"
	"testing"
)

// TestHeadroom: while the service runs, the collector waits for a heap that is
// larger by twice the headroom, and afterwards no longer.
func TestHeadroom(t *testing.T) {
	next := func() uint64 {
		// What other tests left may need a second round, as finalizers do.
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.NextGC
	}
	next()
	var during uint64
	if err := withHeadroom(func() error { during = next(); return nil }); err != nil {
		t.Fatal(err)
	}
	if after := next(); during < after+headroom {
		t.Errorf("with headroom the next collection is due at %d bytes, and without at %d", during, after)
	}
}
