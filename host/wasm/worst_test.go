package wasm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/meter"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest/hostile"
)

// measureJob is the environment variable by which this test's program is a
// compiler that says what it took, which a worker does not.
const measureJob = "WASM_TEST_JOB"

// measures does a job as a worker does, and then prints the most memory that it
// had at a time, in KiB. What the system counts for the process has that of the
// one that started it in it.
func measures(job string) int {
	if code := work([]string{job}, os.Stdin, os.Stdout); code != 0 {
		return code
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		fmt.Println(err)
		return exitFailed
	}
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	var kib int64
	if _, err := fmt.Sscan(peak, &kib); err != nil {
		fmt.Println(err)
		return exitFailed
	}
	fmt.Println(kib)
	return 0
}

// took is what a compiler took.
type took struct {
	processor time.Duration
	bytes     int64
}

// measured does a job in another process. The error is a *Rejected if the module
// took more than its share.
func (j job) measured(ctx context.Context, metered []byte) (took, error) {
	told, err := json.Marshal(j)
	if err != nil {
		return took{}, err
	}
	worker := exec.CommandContext(ctx, os.Args[0])
	worker.Env = []string{measureJob + "=" + string(told)}
	var out, crash firstBytes
	worker.Stdin, worker.Stdout, worker.Stderr = bytes.NewReader(metered), &out, &crash
	var exit *exec.ExitError
	if err := worker.Run(); errors.As(err, &exit) {
		return took{processor: exit.UserTime() + exit.SystemTime()}, j.verdict(exit, out, crash)
	} else if err != nil {
		return took{}, err
	}
	var kib int64
	if _, err := fmt.Sscan(string(out), &kib); err != nil {
		return took{}, err
	}
	return took{worker.ProcessState.UserTime() + worker.ProcessState.SystemTime(), kib << 10}, nil
}

// forms are those that a module of a tier may have, and how the meter makes them.
func forms(t gate.Tier) map[string]func(module []byte) ([]byte, error) {
	all := map[string]func([]byte) ([]byte, error){"slices": meter.RewriteRefilled}
	if t == gate.Small {
		all["once"] = meter.Rewrite
	}
	return all
}

// shape is a module with so many copies of its functions.
type shape func(copies int) []byte

// shaped makes a shape of bytes: woven of them, or by the recipe that they are.
func shaped(woven bool, b []byte) shape {
	if woven {
		return hostile.Weave(b).Copies
	}
	return hostile.FromBytes(b).Copies
}

// most is about as many copies as pass the gate, no more than an eighth too few;
// 0 if it does not pass with one.
func (of shape) most() (copies int) {
	passes := func(n int) bool {
		_, err := gate.Check(of(n))
		return err == nil
	}
	over := 1
	for ; passes(over) && over < 8192; over *= 2 {
		copies = over
	}
	for over-copies > copies/8 {
		if half := (copies + over) / 2; half == copies {
			break
		} else if passes(half) {
			copies = half
		} else {
			over = half
		}
	}
	return copies
}

// FuzzCompile has modules of any shape that the gate lets through compiled in each
// form that they may have, by a compiler in a process of its own under the limits of a
// worker: it must get through each, and find it valid.
//
// Go's fuzzer says of an input that takes ten seconds of the clock that it hung,
// and whole modules may take longer. So a module gets a few of the copies of its
// functions that the gate allows, and their time is counted as often as all have
// it. Where that is more than the share, there are four times as many copies: what
// a process takes to start then counts for less. A function that the compiler is
// not through with when the clock ends is refused if the processor was its own
// for long enough to say so. BenchmarkCompileSearch has whole modules.
func FuzzCompile(f *testing.F) {
	if !apart {
		f.Skip("the race detector makes a compiler ten times as slow")
	}
	r := rand.New(rand.NewPCG(1, 1))
	for range 8 {
		recipe, weave := hostile.RandomRecipe(r), hostile.RandomWeave(r)
		recipe[0], weave[0] = recipe[0]&^1, weave[0]&^1 // Large ones may take seconds
		f.Add(false, recipe)
		f.Add(true, weave[:min(len(weave), 61)])
	}
	f.Fuzz(func(t *testing.T, woven bool, b []byte) {
		of := shaped(woven, b)
		most := of.most()
		if most == 0 {
			return
		}
		whole := of(most)
		info, err := gate.Check(whole)
		if err != nil {
			t.Fatal(err)
		}
		const few = 16 << 10 // bytes, unless one copy has more
		copies := min(1+most*few/len(whole), most)
		ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
		defer cancel()
		var all sync.WaitGroup
		for form, rewrite := range forms(info.Tier) {
			all.Go(func() {
				if err := of.compiles(ctx, info.Tier, copies, most, rewrite); err != nil {
					t.Errorf("%v, %s: %v", info.Tier, form, err)
				}
			})
		}
		all.Wait()
	})
}

// compiles says whether the compiler would get through the most copies, by what
// it takes for some.
func (of shape) compiles(ctx context.Context, tier gate.Tier, copies, most int, rewrite func([]byte) ([]byte, error)) error {
	for ; ; copies = min(4*copies, most) {
		module, err := rewrite(of(copies))
		if err != nil {
			return err
		}
		job := job{Tier: tier, Share: compilerShares[tier]}
		took, err := job.measured(ctx, module)
		all, share := took.processor*time.Duration(most)/time.Duration(copies), time.Duration(job.Share.Seconds)*time.Second
		switch {
		case ctx.Err() != nil && all < share/2: // others had the processor
			return nil
		case err != nil:
			return fmt.Errorf("%d copies of %d, after %v: %w", copies, most, took.processor, err)
		case all <= share:
			return nil
		case copies == most || took.processor > 2*time.Second:
			return fmt.Errorf("%d copies of %d take %v, and %v are for all", copies, most, took.processor, share)
		}
	}
}

// BenchmarkCompileWorst has the worst modules that the gate lets through, and
// what each takes the gate (ms) and then the compiler, in a process with its
// limits: milliseconds of a processor and megabytes, for each form. The aims are
// 50 ms, and 1 s and 100 MB.
func BenchmarkCompileWorst(b *testing.B) {
	worst := hostile.Worst()
	for _, name := range slices.Sorted(maps.Keys(worst)) {
		b.Run(name, func(b *testing.B) {
			info, err := gate.Check(worst[name])
			if err != nil {
				b.Fatal(err)
			}
			metered := map[string][]byte{}
			for form, rewrite := range forms(info.Tier) {
				if metered[form], err = rewrite(worst[name]); err != nil {
					b.Fatal(err)
				}
			}
			var gated []time.Duration
			compiled := map[string][]time.Duration{}
			var memory int64
			for b.Loop() {
				begun := time.Now()
				if _, err := gate.Check(worst[name]); err != nil {
					b.Fatal(err)
				}
				gated = append(gated, time.Since(begun))
				for form, module := range metered {
					t, err := job{info.Tier, b.TempDir(), compilerShares[info.Tier]}.measured(b.Context(), module)
					if err != nil {
						b.Fatal(err)
					}
					compiled[form], memory = append(compiled[form], t.processor), max(memory, t.bytes)
				}
			}
			b.ReportMetric(median(gated), "ms/gate")
			for form, took := range compiled {
				b.ReportMetric(median(took), "ms/"+form)
			}
			b.ReportMetric(float64(memory)/1e6, "MB")
		})
	}
}

// BenchmarkCompileSearch looks for a module that is worse: each turn it changes
// the worst of a few families a little, or begins another. Each has as many
// functions as the gate allows; of a large one some are compiled, and their time is
// counted as often as all have it. It prints what it found; -benchtime 500x is
// how far it goes.
func BenchmarkCompileSearch(b *testing.B) {
	for name, of := range map[string]struct{ woven, large bool }{
		"recipe/Small": {false, false}, "recipe/Large": {false, true}, "woven/Small": {true, false}, "woven/Large": {true, true},
	} {
		b.Run(name, func(b *testing.B) {
			type found struct {
				bytes        []byte
				all          time.Duration // that the whole module would take
				most, copies int
				took
			}
			r := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
			random := hostile.RandomRecipe
			if of.woven {
				random = hostile.RandomWeave
			}
			var best []found // the worst first
			next := func() []byte {
				if len(best) == 0 || r.IntN(4) == 0 {
					return random(r)
				}
				changed := bytes.Clone(best[r.IntN(min(len(best), 8))].bytes)
				for range 1 + r.IntN(3) {
					at := r.IntN(len(changed))
					changed[at] = byte(int(changed[at]) + r.IntN(61) - 30)
				}
				return changed
			}
			compiled := 0
			for b.Loop() {
				var f found
				var tier gate.Tier
				for f.most == 0 { // some are outside the gate
					f.bytes = next()
					f.bytes[0] &^= 1
					if of.large {
						f.bytes[0] |= 1
					}
					f.most = shaped(of.woven, f.bytes).most()
				}
				module := shaped(of.woven, f.bytes)
				info, err := gate.Check(module(f.most))
				if err != nil {
					b.Fatal(err)
				}
				tier = info.Tier
				const some = 256 << 10
				f.copies = min(1+f.most*some/len(module(f.most)), f.most)
				refilled, err := meter.RewriteRefilled(module(f.copies))
				if err != nil {
					b.Fatal(err)
				}
				compiled++
				f.took, err = job{tier, "", share{Seconds: 60, Bytes: 4 << 30}}.measured(b.Context(), refilled)
				f.all = f.processor * time.Duration(f.most) / time.Duration(f.copies)
				if err == nil && f.all > time.Duration(compilerShares[tier].Seconds)*time.Second {
					err = errors.New("that is more than its share")
				}
				if err != nil {
					b.Errorf("%x, %v: %v", f.bytes, f.all, err)
				}
				best = append(best, f)
				slices.SortFunc(best, func(x, y found) int { return int(y.all - x.all) })
				best = best[:min(len(best), 32)]
			}
			for _, f := range best[:min(len(best), 5)] {
				b.Logf("%v (%v for %d of %d), %d MB, %x", f.all, f.processor, f.copies, f.most, f.took.bytes>>20, f.bytes)
			}
			b.ReportMetric(float64(best[0].all.Milliseconds()), "ms/worst")
			b.ReportMetric(float64(compiled), "modules")
		})
	}
}
