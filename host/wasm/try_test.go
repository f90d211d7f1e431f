package wasm

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// waiting is a module whose first value comes late, and takes so many turns of a
// loop, 5 units each, for each bar.
func waiting(warmup, turns int) []byte {
	turn := wt.Code(wt.Int(int32(turns)), wt.Set(wt.I32), []byte{0x03, 0x40}, wt.Get(wt.I32), wt.Int(1), []byte{0x6b, 0x22, wt.I32, 0x0d, 0, 0x0b})
	early := wt.Code(wt.Get(wt.Bar), wt.Int(int32(warmup)), []byte{0x48}) // i32.lt_s
	return wt.Guest{
		Name:        "waiting",
		Description: strings.Replace(wt.Describe("waiting", "1.0.0"), `"warmup":1`, fmt.Sprintf(`"warmup":%d`, warmup), 1),
		Run:         wt.EachBar(wt.Code(turn, wt.Unless(early, wt.Float(1), wt.Float(math.NaN())))),
	}.Build()
}

// TestTrialIsBounded: who waits for a module's trial waits for all its runs, so
// they are bounded together.
func TestTrialIsBounded(t *testing.T) {
	s := newSandbox(t, Config{})
	_, err := s.Load(t.Context(), waiting(120_000, 100)) // of which each run is within its own budget
	var r *Rejected
	if !errors.As(err, &r) || r.Gate != string(OutOfGas) || !strings.Contains(r.Detail, "a shorter warm-up") {
		t.Errorf("a trial of much gas ended with %v", err)
	}

	dear := waiting(10_000, 300) // takes the form that can be ended
	load(t, s, dear).Close()
	before := tryTime
	t.Cleanup(func() { tryTime = before })
	tryTime = time.Nanosecond
	var f *Fault
	if _, err := s.Load(t.Context(), dear); !errors.As(err, &f) || f.Kind != Timeout {
		t.Errorf("a trial of much time ended with %v", err)
	}
}
