package wasm

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest/hostile"
)

// BenchmarkRun has whole calls over 1,000 bars: columns in, ta_run, columns
// out, reset. "native" is what the guests core_* do in the same steps, in Go.
func BenchmarkRun(b *testing.B) {
	in := walk([]ta.Input{ta.Real}, 1_000, 1)
	b.Run("native", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			wt.CoreColumns(in[0], 20, 20, 14)
		}
	})
	s := newSandbox(b, Config{})
	run := func(name string, code []byte) {
		b.Run(name, func(b *testing.B) {
			m := load(b, s, code)
			args, columns := defaults(b, m), walk(m.Spec().Inputs, 1_000, 1)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := m.Run(context.Background(), args, columns); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	run("wasmtest", wt.Guest{Name: "good"}.Build())
	for name, code := range guests(b) {
		run(name, code)
	}
}

// BenchmarkBar has bars that come one by one beside the same steps in Go, and
// beside ta_run over 1,000 of them at once: by turns, the least times of a bar in
// nanoseconds, and how many times one goes into the other.
func BenchmarkBar(b *testing.B) {
	s := newSandbox(b, Config{})
	for name, code := range guests(b) {
		if !strings.HasPrefix(name, "stream_") {
			continue
		}
		b.Run(name, func(b *testing.B) {
			m := load(b, s, code)
			in := walk(m.Spec().Inputs, 1_000, 1)
			stream, native := begin(b, m), wt.NewCoreBars(20, 20, 14)
			out := make([]float64, len(m.Spec().Outputs))
			each := func(next func(in []float64)) float64 {
				begun := time.Now()
				for i := range in[0] {
					next(in[0][i : i+1])
				}
				return float64(time.Since(begun)) / float64(len(in[0]))
			}
			bar, batch, own := math.Inf(1), math.Inf(1), math.Inf(1)
			for b.Loop() {
				own = min(own, each(func(in []float64) { native.Next(in, out) }))
				bar = min(bar, each(func(in []float64) {
					if _, err := stream.Next(in, out); err != nil {
						b.Fatal(err)
					}
				}))
				begun := time.Now()
				if _, err := m.Run(b.Context(), defaults(b, m), in); err != nil {
					b.Fatal(err)
				}
				batch = min(batch, float64(time.Since(begun))/float64(len(in[0])))
			}
			b.ReportMetric(bar, "ns/bar")
			b.ReportMetric(own, "ns/native")
			b.ReportMetric(batch, "ns/at-once")
			b.ReportMetric(bar/own, "times-native")
			b.ReportMetric(bar/batch, "times-at-once")
		})
	}
}

// BenchmarkLoad has the whole way in: gate, meter, compiler and checks.
func BenchmarkLoad(b *testing.B) {
	s := newSandbox(b, Config{})
	for name, code := range guests(b) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				load(b, s, code).Close()
			}
		})
	}
}

// BenchmarkLongestCall has the calls that last longest for their gas: what a
// call that is out for trouble can hold a core for, in the processor's time, at the
// least of several, as others may load the machine. Over 50 ms it fails. Those without
// a memory to speak of have the most units. A Large module has one slice, after which
// others have their turn, and a stream one bar, which is the first and so has all that
// a bar may have.
func BenchmarkLongestCall(b *testing.B) {
	s := newSandbox(b, Config{})
	calls := longest()
	for _, name := range slices.Sorted(maps.Keys(calls)) {
		b.Run(name, func(b *testing.B) {
			m := load(b, s, calls[name].Build())
			args, columns := defaults(b, m), walk(m.Spec().Inputs, longestBars, 1)
			timed(b, func() (time.Duration, error) {
				in, err := m.quick.instance(classOf(longestBars))
				if err != nil {
					b.Fatal(err)
				}
				defer in.close()
				gas := atOnce(uint64(in.memory.Size()))
				if m.quick.refilled {
					gas = sliceGas
				}
				begun := spent(b)
				_, err = in.compute(context.Background(), &m.spec, gas, args, columns)
				return spent(b) - begun, err
			})
		})
	}
	for _, pages := range []int{208, 512, 928} {
		b.Run(fmt.Sprintf("a bar over addresses across lines in %d pages", pages), func(b *testing.B) {
			m := load(b, s, chaseInBar(pages).Build())
			args, out := defaults(b, m), make([]float64, 1)
			timed(b, func() (time.Duration, error) {
				bars, err := m.Stream(b.Context(), args)
				if err != nil {
					b.Fatal(err)
				}
				defer bars.Close()
				begun := spent(b)
				_, err = bars.Next([]float64{chaseFrom}, out)
				return spent(b) - begun, err
			})
		})
	}
}

// tries are the most calls of which a benchmark takes the least.
const tries = 200

// leastOf is the least that a call took that is to end without gas. Where that is more
// than most, the machine may have been slow for others' sake, so more are tried.
func leastOf(b *testing.B, most time.Duration, call func() (time.Duration, error)) time.Duration {
	b.Helper()
	least := time.Hour
	try := func() {
		took, err := call()
		if !errors.Is(err, ErrOutOfGas) {
			b.Fatal(err)
		}
		least = min(least, took)
	}
	for b.Loop() {
		try()
	}
	for n := b.N; n < tries && least > most; n++ {
		try()
	}
	return least
}

// timed reports the least that a call took that is to end without gas, and fails
// where that is more than a call may.
func timed(b *testing.B, call func() (time.Duration, error)) {
	b.Helper()
	least := leastOf(b, held, call)
	b.ReportMetric(float64(least.Microseconds())/1e3, "ms")
	if least > held {
		b.Errorf("it held a processor for %v, and may for %v", least, time.Duration(held))
	}
}

// longestBars is a call that is out for trouble, and so is a bar of chaseFrom.
const (
	longestBars = hostile.LateBars + 100
	chaseFrom   = 12345.678
)

// chaseAcross is hostile.Prebuilt without an end, in either tier.
func chaseAcross(pages int) wt.Guest {
	g := hostile.Prebuilt(pages, 1<<30)
	if g.Pages > gate.Small.MaxPages() {
		g.Padding = gate.MaxSmallBytes // it is Large
	}
	return g
}

// chaseInBar is chaseAcross in ta_bar, which has it of ta_run.
func chaseInBar(pages int) wt.Guest {
	g := chaseAcross(pages)
	price := wt.Code(wt.Get(wt.BarIn), []byte{0x2b, 3, 0}) // f64.load
	g.OneBar = wt.Code(
		wt.If(wt.Code(price, wt.Float(chaseFrom), []byte{0x61}), // f64.eq
			wt.Code(wt.Get(wt.BarIn), wt.Int(longestBars), wt.Int(longestBars), wt.Get(wt.BarParams), wt.Get(wt.BarOut),
				wt.Call(wt.RunFunction), []byte{0x1a})), // drop
		wt.MeanOfBars())
	return g
}

// longest has the guests of BenchmarkLongestCall, by name.
func longest() map[string]wt.Guest {
	const random, vector, single = 0x28, 8, 9 // i32.load; locals
	loop := func(code ...any) []byte {
		return wt.Code([]byte{0x03, 0x40}, wt.Code(code...), []byte{0x0c, 0, 0x0b})
	}
	guest := func(pages uint32, bad []byte) wt.Guest {
		return wt.Guest{Name: "late", Pages: pages, Run: wt.Code(wt.If(wt.Over(longestBars-1), bad), wt.EachBar(wt.Mean())), Change: func(m *wt.Module) {
			run := &m.Funcs[wt.RunFunction]
			run.Locals = append(run.Locals, wt.Locals{Count: 1, Type: bytecode.V128}, wt.Locals{Count: 1, Type: bytecode.F32})
		}}
	}
	// Each takes what the one before gave, so that it waits for it.
	chain := func(local byte, before []byte, one ...any) wt.Guest {
		return guest(1, wt.Code(before, loop(wt.Get(local), wt.Repeat(300, wt.Code(one...)), wt.Set(local))))
	}
	simd := func(op uint64) []byte { return wt.Code([]byte{0xfd}, wt.U(op)) }
	vectors := func(op uint64, between ...any) wt.Guest {
		return chain(vector, nil, wt.Code(between...), simd(op))
	}
	calls := map[string]wt.Guest{
		"loop":   guest(1, wt.Loop()),
		"fill":   guest(256, loop(wt.Int(0), wt.Int(0), wt.Int(4<<20), []byte{0xfc, 0x0b, 0})),
		"divide": guest(1, loop(wt.Get(wt.F64), wt.Float(1.1), []byte{0xa3}, wt.Set(wt.F64))),
		"walk over memory": guest(256, loop(wt.Get(wt.I32), wt.Int(1103515245), []byte{0x6c}, wt.Int(12345), []byte{0x6a, 0x22, wt.I32},
			wt.Int(0xff_fff8), []byte{0x71, random, 2, 0}, wt.Get(wt.I32), []byte{0x6a}, wt.Set(wt.I32))),
		"copy":                         guest(256, loop(wt.Int(0), wt.Int(8<<20), wt.Int(7<<20), []byte{0xfc, 0x0a, 0, 0})),
		"i64x2.shr_s":                  vectors(0xcc, wt.Int(3)),
		"i32x4.trunc_sat_f32x4_s":      vectors(0xf8),
		"i32x4.trunc_sat_f32x4_u":      vectors(0xf9),
		"f32x4.convert_i32x4_u":        vectors(0xfb),
		"i32x4.trunc_sat_f64x2_s_zero": vectors(0xfc),
		"i32x4.trunc_sat_f64x2_u_zero": vectors(0xfd),
		"i8x16.popcnt":                 vectors(0x62),
		"f64x2.div":                    vectors(0xf3, wt.Get(vector)),
	}
	for _, pages := range []int{66, 96, 128, 208, 512, 928} {
		calls[fmt.Sprintf("addresses across lines in %d pages", pages)] = chaseAcross(pages)
	}
	// Some processors take some 150 cycles for each value this small. None of these
	// steps leaves the range, whatever their number: times and through 1, and a step up
	// with one down.
	float := func(v float32) []byte { return binary.LittleEndian.AppendUint32([]byte{0x43}, math.Float32bits(v)) }
	lanes := func(constant []byte) []byte { // v128.const with its value in each
		return wt.Code(simd(0x0c), wt.Repeat(16/len(constant[1:]), constant[1:]))
	}
	for _, of := range []struct {
		name               string
		local              byte
		tiny, one          []byte
		add, sub, mul, div []byte
	}{
		{"f64", wt.F64, wt.Float(0x1p-1040), wt.Float(1), []byte{0xa0}, []byte{0xa1}, []byte{0xa2}, []byte{0xa3}},
		{"f32", single, float(0x1p-140), float(1), []byte{0x92}, []byte{0x93}, []byte{0x94}, []byte{0x95}},
		{"f64x2", vector, lanes(wt.Float(0x1p-1040)), lanes(wt.Float(1)), simd(0xf0), simd(0xf1), simd(0xf2), simd(0xf3)},
		{"f32x4", vector, lanes(float(0x1p-140)), lanes(float(1)), simd(0xe4), simd(0xe5), simd(0xe6), simd(0xe7)},
	} {
		small := func(one ...any) wt.Guest { return chain(of.local, wt.Code(of.tiny, wt.Set(of.local)), one...) }
		calls[of.name+".add of subnormals"] = small(of.tiny, of.add, of.tiny, of.sub)
		calls[of.name+".mul of subnormals"] = small(of.one, of.mul)
		calls[of.name+".div of subnormals"] = small(of.one, of.div)
	}
	// The conversions have no second operand, which is a unit of its own.
	calls["f32.demote_f64 of subnormals"] = chain(single, wt.Code(float(0x1p-140), wt.Set(single)), []byte{0xbb, 0xb6})
	calls["f32x4.demote_f64x2_zero of subnormals"] = chain(vector, wt.Code(lanes(float(0x1p-140)), wt.Set(vector)), simd(0x5f), simd(0x5e))
	return calls
}

// BenchmarkDearestUnit is a call that chases its memory, at the sizes that dearest
// has and between them: the processor's time for a unit, the least of several, beside
// what dearest has for so many bytes. Over that it fails: a call would hold a processor
// for longer than it may. A load at offset 62 is half in one line of the cache and half
// in the next, and one at 4,094 so in two pages.
func BenchmarkDearestUnit(b *testing.B) {
	s := newSandbox(b, Config{})
	for _, kib := range []int{64, 128, 192, 256, 320, 384, 448, 512, 640, 1 << 10, 1536, 2 << 10, 2816, 4 << 10, 5 << 10, 6 << 10, 8 << 10, 10 << 10, 12 << 10, 16 << 10, 32 << 10, 64 << 10} {
		for _, of := range []struct{ stride, offset int }{{64, 0}, {64, 62}, {4096, 4094}} {
			b.Run(fmt.Sprintf("%d KiB, at %d", kib, of.offset), func(b *testing.B) {
				bytes := kib << 10
				gas := atOnce(uint64(bytes)) / 4 // less is seldom interrupted
				follow := wt.Code([]byte{0x03, 0x40}, wt.Get(wt.I32), wt.Repeat(200, wt.Code([]byte{0x28, 0}, wt.U(uint64(of.offset)))), wt.Set(wt.I32), []byte{0x0c, 0, 0x0b})
				g := wt.Guest{Name: "late", Pages: uint32(bytes) / pageSize, Run: wt.Code(wt.If(wt.Over(9_000), follow), wt.EachBar(wt.Mean()))}
				if g.Pages > gate.Small.MaxPages() {
					g.Padding = gate.MaxSmallBytes // it is Large
				}
				m := load(b, s, g.Build())
				order := rand.New(rand.NewPCG(1, 1)).Perm(bytes/of.stride - 1)
				allowed := held / float64(atOnce(uint64(bytes)))
				least := leastOf(b, time.Duration(allowed*float64(gas)), func() (time.Duration, error) {
					in, err := m.quick.instantiate()
					if err != nil {
						b.Fatal(err)
					}
					defer in.close()
					// Each has the address of another, in one ring: the next load waits for
					// the one before, and is a unit.
					for i, at := range order {
						in.memory.WriteUint32Le(uint32(at*of.stride+of.offset), uint32(order[(i+1)%len(order)]*of.stride))
					}
					run := in.module.ExportedFunction(gate.ExportRun)
					begun := spent(b)
					_, err = in.invoke(b.Context(), run, gas, []uint64{0, 10_000, 0, 0, 0})
					return spent(b) - begun, err
				})
				unit := float64(least.Nanoseconds()) / float64(gas)
				b.ReportMetric(unit, "ns/unit")
				b.ReportMetric(allowed, "ns/allowed")
				if unit > allowed {
					b.Errorf("a unit took %.1f ns, and %.1f are reckoned", unit, allowed)
				}
			})
		}
	}
}

// spent is the time of processors that this process has had, which is its own
// whatever others load the machine with.
func spent(b *testing.B) time.Duration {
	b.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// median is in milliseconds.
func median(d []time.Duration) float64 {
	slices.Sort(d)
	return float64(d[len(d)/2]) / float64(time.Millisecond)
}

// BenchmarkSlow has what a call that takes long pays for being one, and every call of a
// Large module: its form beside the quick one, by turns, over as many bars as a call
// may have, the medians in milliseconds.
func BenchmarkSlow(b *testing.B) {
	s := newSandbox(b, Config{})
	for name, code := range guests(b) {
		b.Run(name, func(b *testing.B) {
			m := load(b, s, code)
			form := func(refilled bool) *program {
				p := &program{module: m, refilled: refilled}
				metered, err := p.rewrite(code)
				if err == nil {
					err = p.compile(b.Context(), metered, s.compile)
				}
				if err != nil {
					b.Fatal(err)
				}
				b.Cleanup(p.free)
				return p
			}
			quick, slow := form(false), form(true)
			bars := m.Report().MaxBars
			args, in := defaults(b, m), walk(m.Spec().Inputs, bars, 1)
			run := func(p *program) time.Duration {
				begun := time.Now()
				if _, err := throughout(b.Context(), p, args, in); err != nil {
					b.Fatal(err)
				}
				return time.Since(begun)
			}
			var once, sliced []time.Duration
			for b.Loop() {
				once = append(once, run(quick))
				sliced = append(sliced, run(slow))
			}
			b.ReportMetric(median(once), "ms/once")
			b.ReportMetric(median(sliced), "ms/slices")
			b.ReportMetric(median(sliced)/median(once), "times")
		})
	}
}
