package gate_test

import (
	"slices"
	"syscall"
	"testing"
	"time"

	. "github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest/hostile"
)

// BenchmarkGate has modules as large as may be, of the instructions that are most to look at for their bytes, and the
// hostile module that takes longest: of a processor, and the least of several, as others may load the machine. The aim is
// 50 ms.
func BenchmarkGate(b *testing.B) {
	full := func(of []byte) []byte { // 4 MB of bodies of 47 KB
		return with(func(m *module) {
			body := repeat(47<<10/len(of), of)
			for range 4<<20/len(body) - 1 {
				m.Add(wasmtest.Func{Type: wasmtest.TypeNone, Code: body})
			}
		})
	}
	for name, m := range map[string][]byte{
		"nops":      full(code(bytecode.Nop)),
		"additions": full(code(bytecode.I32Add)),
		"selects":   full(code(0x1c, 1, i32)),
		"vectors":   full(code(0xfd, 0x6e)),
		"calls":     full(code(bytecode.Call, 0)),
		"constants": full(code(bytecode.I64Const, 0xff, 0)),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(m)))
			least := time.Hour // what others take of the machine is no part of it
			for b.Loop() {
				begun := spent(b)
				if _, err := Check(m); err != nil {
					b.Fatal(err)
				}
				least = min(least, spent(b)-begun)
			}
			b.ReportMetric(float64(least.Microseconds())/1e3, "ms")
		})
	}
	b.Run("hostile", func(b *testing.B) {
		all := hostile.All()
		least := make([]time.Duration, len(all))
		for i := range least {
			least[i] = time.Hour
		}
		for b.Loop() {
			for i, m := range all {
				begun := spent(b)
				_, err := Check(m.Bytes)
				least[i] = min(least[i], spent(b)-begun)
				if (m.By == hostile.Gate) != (err != nil) {
					b.Fatal(m.Name, err)
				}
			}
		}
		worst := slices.Max(least)
		b.ReportMetric(float64(worst.Microseconds())/1e3, "ms")
		b.Log("longest: ", all[slices.Index(least, worst)])
	})
}

// spent is the time of processors that this process has had.
func spent(b *testing.B) time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
