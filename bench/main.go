// Command bench measures the engine beside its peers: go-talib, a port of
// TA-Lib to Go, and TA-Lib's own C library where it can be loaded. Beside the
// port both sides allocate their outputs, beside the library both write to
// buffers made before; all sides compute the same series with the same
// parameters, in one process and in turn, after their values were found equal.
//
// Trust the ratios, not the nanoseconds: those are the machine's.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
)

func main() {
	err := run(os.Args[1:], os.Getenv, os.Stdout)
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "bench:", err)
	if errors.Is(err, errUse) {
		os.Exit(2)
	}
	os.Exit(1)
}

var errUse = errors.New("wrong use")

// sizes are the lengths of series: a request's, and the longest that one may be.
var sizes = []int{1_000, 100_000}

func run(args []string, getenv func(string) string, out io.Writer) error {
	if len(args) > 0 && args[0] == "truth" {
		return tellTruth(args[1:], getenv, out)
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	path := flags.String("talib", getenv("TALIB_LIBRARY"), "TA-Lib's shared library, to be measured too [TALIB_LIBRARY]")
	asJSON := flags.Bool("json", false, "print JSON")
	geomean := flags.Float64("require-geomean", 0, "fail where the geometric mean of the ratios to go-talib at 100,000 bars is less")
	least := flags.Float64("require-min", 0, "fail where one of those ratios is less")
	aims := flags.Bool("require-aims", false, "fail where a ratio to TA-Lib at 100,000 bars, or the geometric mean, is less than what is aimed at")
	only := flags.String("only", "", "measure these indicators alone, with commas between them")
	bars := flags.Int("bars", 0, "measure series of this length alone")
	alone := flags.Bool("stream", false, "measure bars that come one by one, and nothing else")
	tick := flags.Float64("require-tick", 0, "fail where the median of their nanoseconds is more")
	guests := flags.Bool("sandbox", false, "measure plugins, and nothing else")
	guestAims := flags.Bool("require-sandbox", false, "fail where plugins take longer than what is aimed at")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("%w: %w", errUse, err)
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%w: unexpected %q", errUse, flags.Arg(0))
	}
	lib, err := optionalLibrary(*path)
	if err != nil {
		return err
	}
	var names []string
	if *only != "" {
		names = strings.Split(*only, ",")
	}
	lengths := sizes
	if *bars > 0 {
		lengths = []int{*bars}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if *alone || *guests {
		names, lengths = nil, nil
	}
	r, err := races(lib, lengths, names)
	if err != nil {
		return err
	}
	all := *only == "" && *bars == 0 && !*alone && !*guests
	if all || *alone {
		if r.Stream, err = stream(); err != nil {
			return err
		}
	}
	if all || *guests {
		if r.Sandbox, err = sandbox(context.Background()); err != nil {
			return err
		}
	}
	if *asJSON {
		err = json.NewEncoder(out).Encode(r)
	} else {
		err = r.print(out, lib != nil)
	}
	if err != nil {
		return err
	}
	if *tick > 0 && (r.Stream == nil || r.Stream.Median > *tick) {
		return fmt.Errorf("the median of a bar that comes alone is not measured, or more than %v ns", *tick)
	}
	if *guestAims && (r.Sandbox == nil || len(r.Sandbox.Missed) > 0) {
		return errors.New("plugins are not measured, or take longer than what is aimed at")
	}
	if len(r.Sizes) == 0 {
		return nil
	}
	last := r.Sizes[len(r.Sizes)-1]
	if last.Geomean < *geomean || last.Least < *least {
		return fmt.Errorf("the geometric mean is %.2f and the lowest ratio %.2f (%s); required are %v and %v",
			last.Geomean, last.Least, last.Lowest, *geomean, *least)
	}
	if *aims {
		return last.Aimed.err()
	}
	return nil
}

// races compares and then measures everything, or what is named.
func races(lib *library, lengths []int, names []string) (*report, error) {
	all, err := entrants(names...)
	if err != nil {
		return nil, err
	}
	r := &report{
		Go: runtime.Version(), Processor: processor(), SIMD: simd(),
		Statistic: fmt.Sprintf("least of %d rounds, all sides in turn", rounds),
	}
	for _, bars := range lengths {
		parts := stretches(bars)
		if r.Differences, err = agreement(all, parts[0], lib); err != nil {
			return nil, err
		}
		s := size{Bars: bars}
		for i := range all {
			row, err := all[i].measure(parts, lib)
			if err != nil {
				return nil, err
			}
			s.Rows = append(s.Rows, row)
		}
		s.sum()
		r.Sizes = append(r.Sizes, s)
	}
	return r, nil
}

// simd says whether the engine was built with its wide bodies.
func simd() bool {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return false
	}
	for _, s := range info.Settings {
		if s.Key == "GOEXPERIMENT" {
			return strings.Contains(s.Value, "simd") && runtime.GOARCH == "amd64"
		}
	}
	return false
}

// processor is the name of the processor where the system tells it, and else
// the architecture.
func processor() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(info)) {
		if name, ok := strings.CutPrefix(line, "model name"); ok {
			return strings.TrimSpace(strings.TrimLeft(name, "\t :"))
		}
	}
	return runtime.GOARCH
}
