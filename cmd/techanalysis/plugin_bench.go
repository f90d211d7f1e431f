package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/plugin"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// newPluginBench measures a module on this machine.
func newPluginBench(io streams) *cobra.Command {
	var (
		bars   int
		native string
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "bench FILE.wasm",
		Short: "Measure a module as the service runs it, beside a native indicator",
		Long: "Measure a module as the service runs it: metered, columns copied in and out, memory put back. By turns with a native " +
			"indicator over the same bars, on one thread; medians of several runs.\n\n" +
			"The native is the one that is most alike, by what it reads and gives, its group, memory and warm-up, unless --native names another.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if bars < 1 || bars > wasm.MaxSeries {
				return fmt.Errorf("--bars must be from 1 to %d", wasm.MaxSeries)
			}
			var other *rival
			if native != "" {
				var err error
				if other, err = parseRival(native); err != nil {
					return err
				}
			}
			module, err := os.ReadFile(args[0])
			if err != nil {
				return err
			}
			b := benched{Bars: bars}
			if err := b.run(cmd.Context(), module, other); err != nil {
				return refused(io.out, args[0], err, asJSON)
			}
			if asJSON {
				return failed(json.NewEncoder(io.out).Encode(b))
			}
			return failed(b.writeTable(io.out))
		},
	}
	cmd.Flags().IntVar(&bars, "bars", 1000, "bars in a call")
	cmd.Flags().StringVar(&native, "native", "", "native `INDICATOR` to measure beside it, NAME or NAME:parameter=value")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON; for a module that is refused, the refusal")
	return cmd
}

// benched is what a module costs.
type benched struct {
	Plugin      plugin.Version `json:"plugin"`
	Params      ta.Args        `json:"params"`
	Bars        int            `json:"bars"`
	NsPerBar    float64        `json:"ns_per_bar"`
	NsStreamed  float64        `json:"ns_per_bar_streamed,omitempty"` // where bars come one by one; absent for a module that takes none
	GasPerBar   float64        `json:"gas_per_bar"`
	MemoryBytes uint64         `json:"memory_bytes"` // of an instance for so many bars
	CompileMs   float64        `json:"compile_ms"`   // in its own process
	FromDiskMs  float64        `json:"from_disk_ms"` // the native code that was kept
	UploadMs    float64        `json:"upload_ms"`    // gate, meter, compiler, checks, store
	Native      measured       `json:"native"`
	Ratio       float64        `json:"ratio"` // of the two times for a bar
}

// rival is a native indicator with its parameters.
type rival struct {
	*ta.Indicator
	args ta.Args
}

func parseRival(text string) (*rival, error) {
	item, err := parseItem(text)
	if err != nil {
		return nil, err
	}
	if len(item.Inputs) > 0 {
		return nil, fmt.Errorf("--native %s: a native reads what it always does", text)
	}
	inds, err := chosen([]string{item.Name})
	if err != nil {
		return nil, err
	}
	args, err := inds[0].Args(item.Params)
	return &rival{inds[0], args}, err
}

// run uploads the module to a service that is not there, starts that again, and
// measures calls.
func (b *benched) run(ctx context.Context, module []byte, other *rival) error {
	return inWorkshop(func(dir string) error {
		dir, err := b.uploads(ctx, dir, module)
		if err != nil {
			return err
		}
		m, end, err := b.restart(ctx, dir)
		if err != nil {
			return err
		}
		defer end()
		if b.Params, err = m.Spec().Args(nil); err != nil {
			return err
		}
		if other == nil {
			if other, err = mostLike(m.Spec(), m.Warmup(b.Params)); err != nil {
				return err
			}
		}
		return b.calls(ctx, m, other)
	})
}

// compileRuns is odd, and few: a module written in Go takes seconds.
const compileRuns = 3

// uploads has the module compiled, each time where nothing is known of it, and
// returns the last of these places.
func (b *benched) uploads(ctx context.Context, dir string, module []byte) (last string, err error) {
	var compile, all []float64
	for i := range compileRuns {
		last = filepath.Join(dir, strconv.Itoa(i))
		took, compiler, err := b.upload(ctx, last, module)
		if err != nil {
			return "", err
		}
		compile, all = append(compile, milliseconds(compiler)), append(all, milliseconds(took))
	}
	b.CompileMs, b.UploadMs = middle(compile), middle(all)
	return last, nil
}

// upload uploads the module, and says how much of the time the compiler took.
func (b *benched) upload(ctx context.Context, dir string, module []byte) (took, compiler time.Duration, err error) {
	o, err := openOffline(ctx, dir)
	if err != nil {
		return 0, 0, err
	}
	defer o.close()
	begun := time.Now()
	if b.Plugin, _, err = o.upload(ctx, module); err != nil {
		return 0, 0, err
	}
	b.Plugin.State = ""
	return time.Since(begun), o.took, nil
}

// restart has the native code loaded that was kept, several times, and leaves
// the last of them running.
func (b *benched) restart(ctx context.Context, dir string) (m *wasm.Module, end func(), err error) {
	times := make([]float64, fewestRuns)
	for i := range times {
		o, err := openOffline(ctx, dir)
		if err != nil {
			return nil, nil, err
		}
		skipped, err := o.library.Sync(ctx)
		if err == nil && len(skipped) > 0 {
			err = skipped[0].Err
		}
		if err == nil && !o.kept {
			err = fmt.Errorf("the native code of %s was not kept in %s", b.Plugin.Name, dir)
		}
		if err == nil {
			m, err = o.module(b.Plugin.Name)
		}
		if err != nil {
			o.close()
			return nil, nil, err
		}
		times[i], end = milliseconds(o.took), o.close
		if i < len(times)-1 {
			end()
		}
	}
	b.FromDiskMs = middle(times)
	return m, end, nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// calls measures calls of the module and of the native, by turns.
func (b *benched) calls(ctx context.Context, m *wasm.Module, other *rival) error {
	if err := m.Takes(b.Bars); err != nil {
		return err
	}
	walk := sample.Walk(b.Bars)
	in := columns(walk, m.Spec().Inputs)
	first, err := m.Run(ctx, b.Params, in)
	if err != nil {
		return fmt.Errorf("a call of %d bars: %w", b.Bars, err)
	}
	b.GasPerBar = float64(first.Gas) / float64(b.Bars)
	b.MemoryBytes = m.MemoryBytes(b.Bars)
	native, nativeIn := registry.Native(other.Indicator), columns(walk, other.Inputs)
	runs := []func() error{
		func() error { _, err := m.Run(ctx, b.Params, in); return err },
		func() error { _, err := native.Run(ctx, other.args, nativeIn); return err },
	}
	if m.Streams() {
		stream, err := m.Stream(ctx, b.Params)
		if err != nil {
			return fmt.Errorf("a stream: %w", err)
		}
		defer stream.Close()
		runs = append(runs, func() error { return streamed(stream, in, len(m.Spec().Outputs)) })
	}
	costs, err := race(b.Bars, runs...)
	if err != nil {
		return err
	}
	b.NsPerBar = costs[0].ns
	if m.Streams() {
		b.NsStreamed = costs[2].ns
	}
	b.Native = newMeasured(other.Indicator, other.args, b.Bars, costs[1])
	b.Ratio = b.NsPerBar / b.Native.NsPerBar
	return nil
}

// streamed gives the bars to a stream one by one. They go on from round to
// round, as those of a market do.
func streamed(s registry.Stream, in ta.Columns, outputs int) error {
	var bar, out [16]float64 // more than a plugin may have of either
	for j := range in[0] {
		for i := range in {
			bar[i] = in[i][j]
		}
		if _, err := s.Next(bar[:len(in)], out[:outputs]); err != nil {
			return fmt.Errorf("a bar that comes alone: %w", err)
		}
	}
	return nil
}

// mostLike is the native indicator that does what is most like the work of a
// plugin, by what is known of both without running them.
func mostLike(spec *ta.Spec, warmup int) (*rival, error) {
	var best *rival
	var least [5]int
	for _, ind := range engine.Indicators() {
		args, err := ind.Args(nil)
		if err != nil {
			return nil, fmt.Errorf("defaults of %s: %w", ind.Name, err)
		}
		unlike := [5]int{
			unlikeInputs(spec.Inputs, ind.Inputs),
			distance(len(spec.Outputs), len(ind.Outputs)),
			differs(spec.Group, ind.Group),
			differs(spec.Memory, ind.Memory),
			distance(warmup, ind.Warmup(args)),
		}
		if best == nil || less(unlike, least) {
			best, least = &rival{ind, args}, unlike
		}
	}
	return best, nil
}

// unlikeInputs is how many columns only one of the two reads.
func unlikeInputs(a, b []ta.Input) (n int) {
	reads := map[string]int{}
	for _, in := range a {
		reads[seriesOf(in)]++
	}
	for _, in := range b {
		reads[seriesOf(in)]--
	}
	for _, left := range reads {
		n += distance(left, 0)
	}
	return n
}

// seriesOf is the column that an input reads, or its own name where the caller
// must give one.
func seriesOf(in ta.Input) string {
	if name := in.Column(); name != "" {
		return name
	}
	return string(in)
}

func distance(a, b int) int { return max(a-b, b-a) }

func differs[T comparable](a, b T) int {
	if a == b {
		return 0
	}
	return 1
}

func less(a, b [5]int) bool {
	for i := range a {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

func (b *benched) writeTable(w io.Writer) error {
	v := b.Plugin
	plugin := v.Name + " " + v.Version
	if len(v.Spec.Params) > 0 {
		plugin += ", " + describe(v.Spec.Params, b.Params, " ")
	}
	native := b.Native.Name
	if b.Native.paramText != "" {
		native += ", " + b.Native.paramText
	}
	streamed := "it takes no single bars"
	if v.Report.Streams {
		streamed = fmt.Sprintf("%.2f ns for each bar that comes alone", b.NsStreamed)
	}
	return writeRows(w, [][2]string{
		{"plugin", plugin},
		{"size", fmt.Sprintf("%d bytes, %d functions, %s", v.Report.Size, v.Report.Functions, v.Report.Tier)},
		{"compile", fmt.Sprintf("%.1f ms, and an upload with all checks %.1f ms", b.CompileMs, b.UploadMs)},
		{"from disk", fmt.Sprintf("%.2f ms: %.0f times as fast as compiling", b.FromDiskMs, b.CompileMs/b.FromDiskMs)},
		{"call", fmt.Sprintf("%d bars", b.Bars)},
		{"memory", fmt.Sprintf("%d KiB", b.MemoryBytes>>10)},
		{"gas", fmt.Sprintf("%.1f for each bar", b.GasPerBar)},
		{"time", fmt.Sprintf("%.2f ns for each bar", b.NsPerBar)},
		{"streamed", streamed},
		{"native", fmt.Sprintf("%.2f ns for each bar: %s", b.Native.NsPerBar, native)},
		{"ratio", fmt.Sprintf("%.1f times the native's time", b.Ratio)},
	})
}
