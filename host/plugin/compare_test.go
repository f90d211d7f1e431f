package plugin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
)

var nan = math.NaN()

// banded are specs of two outputs; the candidate has them the other way round,
// and one more.
func banded() (active, candidate *ta.Spec) {
	up, low, more := ta.Output{Name: "up"}, ta.Output{Name: "low"}, ta.Output{Name: "more"}
	return &ta.Spec{Outputs: []ta.Output{up, low}}, &ta.Spec{Outputs: []ta.Output{more, low, up}}
}

// call is one of which the active version gave up and low.
func call(up, low, otherUp, otherLow []float64) registry.Tried {
	more := make([]float64, len(up))
	return registry.Tried{Bars: len(up), Active: ta.Columns{up, low}, Candidate: ta.Columns{more, otherLow, otherUp}}
}

// said is a report without what it leaves out, as it is shown.
func said(t *testing.T, r Report) string {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(b), `"`, "")
}

// TestCompare: what a report says of one call.
func TestCompare(t *testing.T) {
	walk := func(n int, from int, by float64) []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = 100 + float64(i)
			if i >= from {
				v[i] += by
			}
		}
		return v
	}
	plain := walk(50, 50, 0)
	head := func(same, different, faults, activeFaults, bars, differ, nan int) string {
		return fmt.Sprintf("{calls:1,same:%d,different:%d,faults:%d,active_faults:%d,bars:%d,bars_different:%d,nan_different:%d", same, different, faults, activeFaults, bars, differ, nan)
	}
	for name, c := range map[string]struct {
		call registry.Tried
		want string
	}{
		"equal": {call(plain, plain, slices.Clone(plain), slices.Clone(plain)), head(1, 0, 0, 0, 50, 0, 0) + "}"},
		"from bar 20 on, of one output": {call(plain, plain, plain, walk(50, 20, 0.5)), head(0, 1, 0, 0, 50, 10, 0) +
			",first:{output:low,bar:20},largest_relative:0.001}"},
		"both outputs of a bar": {call([]float64{1, 2}, []float64{3, 4}, []float64{1, 3}, []float64{3, -4}), head(0, 1, 0, 0, 2, 1, 0) +
			",first:{output:up,bar:1},largest_relative:1}"},
		"the largest of two": {call([]float64{1000, 1}, []float64{0, 0}, []float64{1010, 2}, []float64{0, 0}), head(0, 1, 0, 0, 2, 1, 0) +
			",first:{output:up,bar:0},largest_relative:0.1}"},
		"no value, either way": {call([]float64{nan, nan, 3, 4}, []float64{0, 0, 0, 0}, []float64{nan, 2, nan, 4}, []float64{0, 0, 0, 0}), head(0, 1, 0, 0, 4, 1, 1) +
			",first:{output:up,bar:1}}"},
		"neighbours": {call([]float64{1}, []float64{0}, []float64{math.Nextafter(1, 0)}, []float64{0}), head(0, 1, 0, 0, 1, 1, 0) +
			",first:{output:up,bar:0},largest_relative:1e-16}"},
		"zeros of two signs": {call([]float64{0}, []float64{math.Copysign(0, -1)}, []float64{math.Copysign(0, -1)}, []float64{0}), head(1, 0, 0, 0, 1, 0, 0) + "}"},
		"as far as can be": {call([]float64{math.MaxFloat64}, []float64{0}, []float64{-math.MaxFloat64}, []float64{0}), head(0, 1, 0, 0, 1, 1, 0) +
			",first:{output:up,bar:0},largest_relative:1}"},
		"the smallest there is": {call([]float64{0}, []float64{0}, []float64{5e-324}, []float64{0}), head(0, 1, 0, 0, 1, 1, 0) +
			",first:{output:up,bar:0},largest_relative:1}"},
		"a fault":                   {registry.Tried{Bars: 9, Active: ta.Columns{{}, {}}, CandidateErr: &wasm.Fault{Kind: wasm.Trap, Detail: "31337", Code: 31337}}, head(0, 0, 1, 0, 0, 0, 0) + ",first_fault:trap}"},
		"a refusal":                 {registry.Tried{Bars: 9, Active: ta.Columns{{}, {}}, CandidateErr: &ta.ParamError{}}, head(0, 0, 1, 0, 0, 0, 0) + ",first_fault:refused}"},
		"a fault of the active one": {registry.Tried{Bars: 9, ActiveErr: wasm.ErrTrap, Candidate: ta.Columns{{}, {}, {}}}, head(0, 1, 0, 1, 0, 0, 0) + "}"},
		"faults of both": {registry.Tried{Bars: 9, ActiveErr: wasm.ErrTrap, CandidateErr: fmt.Errorf("run: %w", &wasm.Fault{Kind: wasm.OutOfGas})}, head(0, 0, 1, 1, 0, 0, 0) +
			",first_fault:out-of-gas}"},
	} {
		active, candidate := banded()
		var came []Outcome
		tally := newTally(active, candidate, func(o Outcome) { came = append(came, o) })
		tally.tell(c.call)
		got := tally.report()
		if text := said(t, got); text != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, text, c.want)
		}
		want := map[bool]Outcome{true: Different, false: Same}[got.Different > 0]
		if got.Faults > 0 {
			want = Faulted
		}
		if !slices.Equal(came, []Outcome{want}) {
			t.Errorf("%s: it came out %v, want %s", name, came, want)
		}
	}
}

// TestCompareMany: of many calls the counts are added and the largest difference is
// kept, in whatever order the calls come; of the first bar and the first fault
// the first call's. What a caller gave up, or met a module that was just unloaded,
// counts as nothing.
func TestCompareMany(t *testing.T) {
	equal := call([]float64{1, 2, 3}, []float64{1, 2, 3}, []float64{1, 2, 3}, []float64{1, 2, 3})
	late := call([]float64{1, 2, 3}, []float64{1, 2, 1000}, []float64{1, 2, 3}, []float64{1, 2, 1004})
	early := call([]float64{1, 2, 3}, []float64{1, 2, 3}, []float64{1, 2.5, 3}, []float64{1, 2, 3})
	hole := call([]float64{1, 2, 3}, []float64{1, 2, 3}, []float64{nan, 2, 3}, []float64{1, 2, 3})
	trap := registry.Tried{Bars: 3, Active: equal.Active, CandidateErr: &wasm.Fault{Kind: wasm.Trap}}
	deep := registry.Tried{Bars: 3, Active: equal.Active, CandidateErr: &wasm.Fault{Kind: wasm.DepthExceeded}}
	calls := []registry.Tried{equal, late, early, hole, trap, deep,
		{CandidateErr: context.Canceled}, {CandidateErr: fmt.Errorf("run: %w", wasm.ErrClosed)}, {ActiveErr: context.DeadlineExceeded}}
	first := map[int]string{0: "low,bar:2", 1: "low,bar:2", 2: "up,bar:1", 3: "up,bar:0"}
	for turn := range len(calls) {
		active, candidate := banded()
		n := 0
		tally := newTally(active, candidate, func(Outcome) { n++ })
		for i := range calls {
			tally.tell(calls[(i+turn)%len(calls)])
		}
		spot, fault := "low,bar:2", "trap"
		if s, ok := first[turn]; ok {
			spot = s
		}
		if turn == 5 {
			fault = "depth-exceeded"
		}
		want := "{calls:6,same:1,different:3,faults:2,active_faults:0,bars:12,bars_different:1,nan_different:1" +
			",first:{output:" + spot + "},largest_relative:0.1,first_fault:" + fault + "}"
		if got := said(t, tally.report()); got != want || n != 6 {
			t.Errorf("turned by %d, %d outcomes:\n got %s\nwant %s", turn, n, got, want)
		}
	}
}

// TestTellsLittle: what one call of a candidate's choice can do to a report that
// has seen others. A number that it picks at each call would be a letter of a message.
func TestTellsLittle(t *testing.T) {
	const bars = 1000
	// differs has k bars differ from the last on, the value there so much as k says.
	differs := func(k int, v float64) registry.Tried {
		a, b := make([]float64, bars), make([]float64, bars)
		for i := range k {
			a[bars-1-i], b[bars-1-i] = 1, v
		}
		return call(a, a, b, a)
	}
	seen := map[string]bool{}
	for k := 1; k < 900; k++ {
		active, candidate := banded()
		tally := newTally(active, candidate, func(Outcome) {})
		tally.tell(differs(100, nan))
		tally.tell(differs(100, 0.25))
		tally.tell(differs(k, 1/float64(1+k)))
		seen[said(t, tally.report())] = true
	}
	if len(seen) != 2 { // 200 bars before; with 800 more there are 1000
		t.Errorf("the last call can make %d reports: %v", len(seen), seen)
	}
}

// TestTen: what is rounded is rounded down, at most to the power itself.
func TestTen(t *testing.T) {
	for n, want := range map[int64]int64{0: 0, 1: 1, 9: 1, 10: 10, 99: 10, 100: 100, 12345: 10000, math.MaxInt64: 1e18} {
		if got := ten(n); got != want {
			t.Errorf("%d is shown as %d, want %d", n, got, want)
		}
	}
	for v, want := range map[float64]float64{0: 0, 0x1p-53: 1e-16, 0.0099: 1e-3, 0.01: 0.01, 0.999: 0.1, 1: 1, 2: 1} {
		if got := tenth(v); got != want {
			t.Errorf("%v is shown as %v, want %v", v, got, want)
		}
	}
}

// TestNarrower: which candidate would leave callers of the active version without
// something.
func TestNarrower(t *testing.T) {
	spec := func(params, inputs, outputs string) *ta.Spec {
		s := new(ta.Spec)
		for _, n := range strings.Fields(params) {
			s.Params = append(s.Params, ta.Number(n, 1, 0, 2, ""))
		}
		for _, n := range strings.Fields(inputs) {
			s.Inputs = append(s.Inputs, ta.Input(n))
		}
		for _, n := range strings.Fields(outputs) {
			s.Outputs = append(s.Outputs, ta.Output{Name: n})
		}
		return s
	}
	active := spec("fast slow", "high low", "up down")
	for want, candidate := range map[string]*ta.Spec{
		"":                      spec("slow more fast", "low", "more down up"),
		"has no parameter slow": spec("fast", "high low", "up down"),
		"has no output down":    spec("fast slow", "high low", "up"),
		"needs the input volume, which the active one does not": spec("fast slow", "high low volume", "up down"),
	} {
		if got := narrower(active, candidate); got != want {
			t.Errorf("it %q, want %q", got, want)
		}
	}
	e := Entry{Name: "m", Active: "a", Versions: []Record{{Digest: "a", Spec: active}, {Digest: "b", Spec: spec("", "high", "up down")}}}
	if err := e.triable("b"); !errors.Is(err, ErrNoCandidate) || !strings.Contains(err.Error(), "fast") {
		t.Errorf("one without parameters: %v", err)
	}
}
