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
	return strings.ReplaceAll(strings.ReplaceAll(string(b), `"`, ""), `,params:{}`, "")
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
		"from bar 20 on, of one output": {call(plain, plain, plain, walk(50, 20, 0.5)), head(0, 1, 0, 0, 50, 30, 0) +
			",first:{output:low,bar:20,active:120,candidate:120.5,absolute:0.5,relative:0.004149377593360996,bars:50}" +
			",largest_absolute:{output:low,bar:20,active:120,candidate:120.5,absolute:0.5,relative:0.004149377593360996,bars:50}" +
			",largest_relative:{output:low,bar:20,active:120,candidate:120.5,absolute:0.5,relative:0.004149377593360996,bars:50}}"},
		"both outputs of a bar": {call([]float64{1, 2}, []float64{3, 4}, []float64{1, 3}, []float64{3, -4}), head(0, 1, 0, 0, 2, 1, 0) +
			",first:{output:up,bar:1,active:2,candidate:3,absolute:1,relative:0.3333333333333333,bars:2}" +
			",largest_absolute:{output:low,bar:1,active:4,candidate:-4,absolute:8,relative:2,bars:2}" +
			",largest_relative:{output:low,bar:1,active:4,candidate:-4,absolute:8,relative:2,bars:2}}"},
		"the largest two apart": {call([]float64{1000, 1}, []float64{0, 0}, []float64{1010, 2}, []float64{0, 0}), head(0, 1, 0, 0, 2, 2, 0) +
			",first:{output:up,bar:0,active:1000,candidate:1010,absolute:10,relative:0.009900990099009901,bars:2}" +
			",largest_absolute:{output:up,bar:0,active:1000,candidate:1010,absolute:10,relative:0.009900990099009901,bars:2}" +
			",largest_relative:{output:up,bar:1,active:1,candidate:2,absolute:1,relative:0.5,bars:2}}"},
		"no value, either way": {call([]float64{nan, nan, 3, 4}, []float64{0, 0, 0, 0}, []float64{nan, 2, nan, 4}, []float64{0, 0, 0, 0}), head(0, 1, 0, 0, 4, 2, 2) +
			",first:{output:up,bar:1,candidate:2,bars:4}}"},
		"zeros of two signs": {call([]float64{0}, []float64{math.Copysign(0, -1)}, []float64{math.Copysign(0, -1)}, []float64{0}), head(1, 0, 0, 0, 1, 0, 0) + "}"},
		"as far as can be": {call([]float64{math.MaxFloat64}, []float64{0}, []float64{-math.MaxFloat64}, []float64{0}), head(0, 1, 0, 0, 1, 1, 0) +
			strings.ReplaceAll(",first:X,largest_absolute:X,largest_relative:X}", "X", "{output:up,bar:0,active:1.7976931348623157e+308,candidate:-1.7976931348623157e+308,absolute:1.7976931348623157e+308,relative:2,bars:1}")},
		"the smallest there is": {call([]float64{0}, []float64{0}, []float64{5e-324}, []float64{0}), head(0, 1, 0, 0, 1, 1, 0) +
			strings.ReplaceAll(",first:X,largest_absolute:X,largest_relative:X}", "X", "{output:up,bar:0,active:0,candidate:5e-324,absolute:5e-324,relative:1,bars:1}")},
		"a fault": {registry.Tried{Bars: 9, Active: ta.Columns{{}, {}}, CandidateErr: wasm.ErrTrap}, head(0, 0, 1, 0, 0, 0, 0) +
			",first_fault:{detail:the plugin trapped,bars:9}}"},
		"a fault of the active one": {registry.Tried{Bars: 9, ActiveErr: wasm.ErrTrap, Candidate: ta.Columns{{}, {}, {}}}, head(0, 1, 0, 1, 0, 0, 0) + "}"},
		"faults of both": {registry.Tried{Bars: 9, ActiveErr: wasm.ErrTrap, CandidateErr: wasm.ErrOutOfGas}, head(0, 0, 1, 1, 0, 0, 0) +
			",first_fault:{detail:the plugin is out of gas,bars:9}}"},
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

// TestCompareMany: of many calls the counts are added, and the lowest bar and the
// largest differences are kept, in whatever order the calls come. What a caller
// gave up, or met a module that was just unloaded, counts as nothing.
func TestCompareMany(t *testing.T) {
	equal := call([]float64{1, 2, 3}, []float64{1, 2, 3}, []float64{1, 2, 3}, []float64{1, 2, 3})
	late := call([]float64{1, 2, 3}, []float64{1, 2, 1000}, []float64{1, 2, 3}, []float64{1, 2, 1004})
	early := call([]float64{1, 2, 3}, []float64{1, 2, 3}, []float64{1, 2.5, 3}, []float64{1, 2, 3})
	hole := call([]float64{1, 2, 3}, []float64{1, 2, 3}, []float64{1, 2, nan}, []float64{1, 2, 3})
	faulted := registry.Tried{Bars: 3, Active: equal.Active, CandidateErr: wasm.ErrTrap}
	calls := []registry.Tried{equal, late, early, hole, faulted,
		{CandidateErr: context.Canceled}, {CandidateErr: fmt.Errorf("run: %w", wasm.ErrClosed)}, {ActiveErr: context.DeadlineExceeded}}
	const want = "{calls:5,same:1,different:3,faults:1,active_faults:0,bars:12,bars_different:3,nan_different:1" +
		",first:{output:up,bar:1,active:2,candidate:2.5,absolute:0.5,relative:0.2,bars:3}" +
		",largest_absolute:{output:low,bar:2,active:1000,candidate:1004,absolute:4,relative:0.00398406374501992,bars:3}" +
		",largest_relative:{output:up,bar:1,active:2,candidate:2.5,absolute:0.5,relative:0.2,bars:3}" +
		",first_fault:{detail:the plugin trapped,bars:3}}"
	for turn := range len(calls) {
		active, candidate := banded()
		n := 0
		tally := newTally(active, candidate, func(Outcome) { n++ })
		for i := range calls {
			tally.tell(calls[(i+turn)%len(calls)])
		}
		if got := said(t, tally.report()); got != want || n != 5 {
			t.Errorf("turned by %d, %d outcomes:\n got %s\nwant %s", turn, n, got, want)
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
