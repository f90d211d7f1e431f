package wasm

import (
	"path/filepath"
	"testing"
	"time"

	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// TestMemoryBytes: a call of more bars has an instance with more memory, which
// has room for its columns.
func TestMemoryBytes(t *testing.T) {
	m := load(t, newSandbox(t, Config{}), wt.Guest{Name: "good"}.Build())
	if got := m.MemoryBytes(1); got != m.Report().MemoryBytes || got != m.MemoryBytes(classes[0]) {
		t.Errorf("%d bytes for 1 bar, the report has %d", got, m.Report().MemoryBytes)
	}
	last := uint64(0)
	for _, bars := range classes {
		got := m.MemoryBytes(bars)
		if columns := uint64(2 * 8 * bars); got <= last || got < columns || got > columns+2*pageSize {
			t.Errorf("%d bytes for %d bars, whose columns take %d", got, bars, columns)
		}
		last = got
	}
}

// TestCompiledTook: who is told of native code is told how long it took.
func TestCompiledTook(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "compiled")
	code := wt.Guest{Name: "good"}.Build()
	for _, want := range []bool{false, true} {
		told := 0
		begun := time.Now()
		s := newSandbox(t, Config{CodeDir: dir, Compiled: func(kept bool, took time.Duration) {
			told++
			if kept != want || took <= 0 || took > time.Since(begun) {
				t.Errorf("kept %v in %v, want kept %v", kept, took, want)
			}
		}})
		load(t, s, code).Keep()
		s.Close()
		if told != 1 {
			t.Errorf("told %d times", told)
		}
	}
}
