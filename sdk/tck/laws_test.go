package tck_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/sdk/tck"
)

// plugin is a mean of the last period closes, and with it what an author can do
// wrong.
type plugin struct {
	spec   ta.Spec
	warmup func(ta.Args) int
	run    func(a ta.Args, x []float64) ([]float64, error)
	calls  int
}

func (p *plugin) Spec() *ta.Spec           { return &p.spec }
func (p *plugin) Warmup(a ta.Args) int     { return p.warmup(a) }
func (p *plugin) Origin() *registry.Origin { return nil }

func (p *plugin) Run(ctx context.Context, a ta.Args, in ta.Columns) (registry.Result, error) {
	p.calls++
	out, err := p.run(a, in[0])
	return registry.Result{Outputs: ta.Columns{out}, Gas: uint64(len(in[0]))}, errors.Join(err, ctx.Err())
}

// mean is right in everything.
func mean() *plugin {
	return &plugin{
		spec: ta.Spec{
			Name: "mean", Title: "Mean", Group: ta.GroupCustom, Inputs: []ta.Input{ta.Close},
			Params:  []ta.Param{ta.Number("period", 5, 1, 50, ""), ta.Choice("of", 0, []string{"price", "double"}, "")},
			Outputs: []ta.Output{{Name: "mean", Unit: ta.Price}}, Memory: ta.Window,
		},
		warmup: func(a ta.Args) int { return a.Int("period") - 1 },
		run:    func(a ta.Args, x []float64) ([]float64, error) { return means(a, x), nil },
	}
}

// means are the means of the last period values, holes not counted.
func means(a ta.Args, x []float64) []float64 {
	out := none(len(x))
	var last []float64
	for i, v := range x {
		if v != v {
			continue
		}
		last = append(last, v)
		if n := a.Int("period"); len(last) >= n {
			sum := 0.0
			for _, v := range last[len(last)-n:] {
				sum += v
			}
			out[i] = sum / float64(n) * (1 + a.Float("of"))
		}
	}
	return out
}

// streaming is a plugin that takes single bars: it keeps them all, runs over
// them, and gives the last value, or what lie makes of it.
type streaming struct {
	*plugin
	lie func(bar int, v float64) float64
}

func (p streaming) Streams() bool { return true }

func (p streaming) Stream(_ context.Context, a ta.Args) (registry.Stream, error) {
	return &bars{streaming: p, args: a}, nil
}

type bars struct {
	streaming
	args ta.Args
	x    []float64
}

func (b *bars) Next(in, out []float64) (uint64, error) {
	b.x = append(b.x, in[0])
	values, err := b.run(b.args, b.x)
	if err != nil {
		return 0, err
	}
	bar := len(values) - 1
	out[0] = b.lie(bar, values[bar])
	return 1, nil
}

func (b *bars) Close() {}

// TestStreamingLaw: who takes single bars gives for them what it gives for all,
// with every parameter, and who takes none is not asked.
func TestStreamingLaw(t *testing.T) {
	const rule = "chunk-invariance"
	find := func(all []tck.Law) *tck.Law {
		i := slices.IndexFunc(all, func(l tck.Law) bool { return l.Name == rule })
		if i < 0 {
			return nil
		}
		return &all[i]
	}
	if l := find(laws(t, mean(), 400)); l != nil {
		t.Errorf("asked of one that takes no single bars: %+v", l)
	}
	for name, c := range map[string]struct {
		lie    func(bar int, v float64) float64
		broken string
	}{
		"right":        {func(_ int, v float64) float64 { return v }, ""},
		"lies":         {func(bar int, v float64) float64 { return v * float64(1+bar/250) }, "at default parameters on the series walk: bar by bar: mean of bar 250"},
		"a bit is off": {func(bar int, v float64) float64 { return math.Nextafter(v, v*float64(1+bar/299)) }, "mean of bar 299"},
	} {
		all, err := tck.Laws(t.Context(), streaming{mean(), c.lie}, 400)
		if err != nil {
			t.Fatal(err)
		}
		if l := find(all); l == nil || l.Kept != (c.broken == "") || !strings.Contains(l.Broken, c.broken) {
			t.Errorf("%s: %+v, want %q", name, l, c.broken)
		}
	}
}

func none(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.NaN()
	}
	return out
}

func laws(t *testing.T, p *plugin, most int) []tck.Law {
	t.Helper()
	all, err := tck.Laws(t.Context(), p, most)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestLaws: each mistake is found, by the rule that it breaks and where, and
// what is right is not complained of.
func TestLaws(t *testing.T) {
	good := mean()
	for _, l := range laws(t, good, 1_000) {
		if !l.Kept || !l.Exact || l.Broken != "" {
			t.Errorf("%+v of what is right", l)
		}
	}
	if good.calls < 500 {
		t.Errorf("%d calls tried all rules, parameters and series", good.calls)
	}

	for name, c := range map[string]struct {
		do     func(p *plugin)
		breaks string // the rule, and where
		where  string
		also   []string // rules that cannot but break with it; the others are kept
	}{
		"fails at an end": {func(p *plugin) {
			p.run = func(a ta.Args, x []float64) ([]float64, error) {
				if a.Int("period") == 50 {
					return nil, errors.New("out of gas")
				}
				return means(a, x), nil
			}
		}, "output", "with period=50 on the series walk: out of gas", nil},
		"fails at a choice": {func(p *plugin) {
			p.run = func(a ta.Args, x []float64) ([]float64, error) {
				if a.Choice("of") == "double" {
					return nil, errors.New("trap")
				}
				return means(a, x), nil
			}
		}, "output", "with of=double", nil},
		"fails where nothing moves": {func(p *plugin) {
			p.run = func(a ta.Args, x []float64) ([]float64, error) {
				if len(x) > 200 && slices.Min(x) == slices.Max(x) {
					return nil, errors.New("infinite")
				}
				return means(a, x), nil
			}
		}, "output", "at default parameters on the series flat: infinite", nil},
		"has no room for its warm-up": {func(p *plugin) { p.spec.Params[0].Max = 990 }, "output",
			"with period=990: the first value is promised for bar 989, and a call has 1000 bars at most", nil},
		"begins before the warm-up": {func(p *plugin) {
			p.warmup = func(a ta.Args) int { return a.Int("period") }
			p.spec.Memory = ta.Fading
		}, "warm-up", "at default parameters on the series walk: bar 4 has a value, the warm-up is 5", nil},
		"begins after it": {func(p *plugin) {
			p.warmup = func(a ta.Args) int { return max(0, a.Int("period")-2) }
			p.spec.Memory = ta.Fading
		}, "warm-up", "output mean has its first value at bar 4, and the warm-up is 3", nil},
		"counts its calls": {func(p *plugin) {
			p.spec.Memory, p.spec.Outputs[0].Unit = ta.Fading, ta.None
			p.run = func(a ta.Args, x []float64) ([]float64, error) {
				out := means(a, x)
				if a.Int("period") == 50 && p.calls%2 == 0 {
					out[len(out)-1]++
				}
				return out, nil
			}
		}, "determinism", "with period=50", []string{"causality", "holes"}},
		"looks a bar ahead": {func(p *plugin) {
			p.run = func(a ta.Args, x []float64) ([]float64, error) {
				out := means(a, x)
				return append(out[1:], math.NaN()), nil
			}
			p.warmup = func(a ta.Args) int { return max(0, a.Int("period")-2) }
			p.spec.Memory = ta.Fading
		}, "causality", "at default parameters on the series walk: without the bars from", []string{"holes"}},
		"takes a hole for a bar": {func(p *plugin) {
			p.run = func(a ta.Args, x []float64) ([]float64, error) {
				out := none(len(x))
				for i := a.Int("period") - 1; i < len(x); i++ {
					sum := 0.0
					for _, v := range x[i+1-a.Int("period") : i+1] {
						sum += v
					}
					out[i] = sum / float64(a.Int("period"))
				}
				return out, nil
			}
		}, "holes", "mean of bar 8 is NaN", nil},
		"adds a number to a price": {func(p *plugin) {
			p.run = func(a ta.Args, x []float64) ([]float64, error) {
				out := means(a, x)
				for i := range out {
					out[i] += 0.01
				}
				return out, nil
			}
		}, "scale", "prices · 2^1, volumes · 2^0: mean of bar 4 is", nil},
		"remembers more than a window": {func(p *plugin) {
			p.run = func(a ta.Args, x []float64) ([]float64, error) {
				out, sum := means(a, x), 0.0
				for i, v := range x {
					if v == v {
						sum += v
						out[i] += sum / 1000
					}
				}
				return out, nil
			}
		}, "window", "with the 4 bars before it alone: mean of bar", nil},
	} {
		p := mean()
		c.do(p)
		for _, l := range laws(t, p, 1_000) {
			if slices.Contains(c.also, l.Name) {
				continue
			}
			want := l.Name != c.breaks
			if l.Kept != want || l.Kept != (l.Broken == "") || l.Broken != "" && !strings.Contains(l.Broken, c.where) {
				t.Errorf("%s: %s is kept %v, %q; want %v, %q", name, l.Name, l.Kept, l.Broken, want, c.where)
			}
		}
	}
}

// TestLawsOrder: a parameter that may not be less than another takes it along,
// and an end that nothing allows is left out.
func TestLawsOrder(t *testing.T) {
	p := mean()
	slow := ta.Number("slow", 20, 2, 60, "")
	slow.AtLeast = "period"
	slowest := ta.Number("slowest", 40, 4, 80, "")
	slowest.AtLeast = "slow"
	p.spec.Params = []ta.Param{p.spec.Params[0], slow, slowest, p.spec.Params[1]}
	tried := map[string]bool{}
	p.run = func(a ta.Args, x []float64) ([]float64, error) {
		tried[fmt.Sprint(a.Values()[:3])] = true
		if a.Float("slow") == 4 {
			return nil, errors.New("stopped")
		}
		return means(a, x), nil
	}
	all := laws(t, p, 1_000)
	want := []string{"[5 20 40]", "[1 20 40]", "[50 50 50]", "[2 2 40]", "[5 60 60]", "[4 4 4]", "[5 20 80]"}
	for _, values := range want {
		if !tried[values] {
			t.Errorf("%s was not tried", values)
		}
	}
	if len(tried) != len(want) {
		t.Errorf("%v were tried, want %v", tried, want)
	}
	if got := all[0].Broken; !strings.HasPrefix(got, "with period=4 slow=4 slowest=4 on the series walk: stopped") {
		t.Errorf("the setting is called %q", got)
	}
}

// TestLawsClaimed: what a description does not claim is not asked for.
func TestLawsClaimed(t *testing.T) {
	p := mean()
	p.spec.Memory, p.spec.Outputs[0].Unit = ta.Fading, ta.None
	var tried []string
	for _, l := range laws(t, p, 1_000) {
		tried = append(tried, l.Name)
	}
	if want := []string{"output", "warm-up", "determinism", "causality", "holes"}; !slices.Equal(tried, want) {
		t.Errorf("%v are tried, want %v", tried, want)
	}
}

// TestLawsRounding: a running sum keeps the window law up to rounding, and that
// is said.
func TestLawsRounding(t *testing.T) {
	p := mean()
	p.spec.Params = p.spec.Params[:1]
	p.run = func(a ta.Args, x []float64) ([]float64, error) {
		out, sum := none(len(x)), 0.0
		var last []float64
		for i, v := range x {
			if v != v {
				continue
			}
			last, sum = append(last, v), sum+v
			n := a.Int("period")
			if len(last) > n {
				sum -= last[len(last)-n-1]
			}
			if len(last) >= n {
				out[i] = sum / float64(n)
			}
		}
		return out, nil
	}
	for _, l := range laws(t, p, 1_000) {
		if !l.Kept || l.Exact != (l.Name != "window") {
			t.Errorf("%+v", l)
		}
	}
}

// TestLawsCancelled: what was not tried is neither kept nor broken.
func TestLawsCancelled(t *testing.T) {
	p := mean()
	ctx, cancel := context.WithCancel(t.Context())
	inner := p.run
	p.run = func(a ta.Args, x []float64) ([]float64, error) {
		if p.calls == 20 {
			cancel()
		}
		return inner(a, x)
	}
	if all, err := tck.Laws(ctx, p, 1_000); !errors.Is(err, context.Canceled) || all != nil {
		t.Errorf("%v, %v", all, err)
	}
	if p.calls > 100 {
		t.Errorf("it went on for %d calls", p.calls)
	}
}

func TestLongest(t *testing.T) {
	p := mean()
	args, err := p.spec.Args(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, limit := range []int{0, 1, 499, 500, 999, 1_000} {
		p.run = func(a ta.Args, x []float64) ([]float64, error) {
			if len(x) > limit {
				return nil, fmt.Errorf("%d are too many", len(x))
			}
			return means(a, x), nil
		}
		bars, why, err := tck.Longest(t.Context(), p, args, 1_000)
		if err != nil || bars != limit {
			t.Errorf("%d bars, %v, want %d", bars, err, limit)
		}
		if limit == 1_000 && why != nil || limit < 1_000 && (why == nil || why.Error() != fmt.Sprintf("%d are too many", limit+1)) {
			t.Errorf("at most %d: %v", limit, why)
		}
	}
}

// both has the close in each of its two outputs.
type both struct{ *plugin }

func (b both) Run(_ context.Context, _ ta.Args, in ta.Columns) (registry.Result, error) {
	return registry.Result{Outputs: ta.Columns{in[0], in[0]}}, nil
}
