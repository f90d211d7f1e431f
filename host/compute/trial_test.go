package compute

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/cache"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
)

// version is a runner that adds a number to its input, or fails.
type version struct {
	counter
	digest string
	adds   float64
	err    error
	least  int
}

func (v *version) Warmup(ta.Args) int { return v.least }
func (v *version) Origin() *registry.Origin {
	return &registry.Origin{Name: v.spec.Name, Version: "1.0.0", Digest: v.digest}
}
func (v *version) Run(_ context.Context, _ ta.Args, in ta.Columns) (registry.Result, error) {
	v.runs++
	if v.err != nil {
		return registry.Result{}, v.err
	}
	out := make([]float64, len(in[0]))
	for i, x := range in[0] {
		out[i] = x + v.adds
	}
	return registry.Result{Outputs: ta.Columns{out}, Gas: 7}, nil
}

func newVersion(digest string, adds float64) *version {
	c := counter{spec: ta.Spec{
		Name: "echo", Inputs: []ta.Input{ta.Real}, Outputs: []ta.Output{{Name: "echo", Unit: ta.Price}},
		Params: []ta.Param{ta.Number("weight", 1, 0, 10, "changes nothing")},
	}}
	return &version{counter: c, digest: digest, adds: adds}
}

// stage is an engine on which echo can be on trial.
type stage struct {
	*Engine
	names *registry.Registry
	told  []registry.Tried
}

func newStage(t testing.TB, cacheBytes int64) *stage {
	t.Helper()
	names := registry.New(engine.Indicators())
	results, err := cache.New(cacheBytes, Size, func(bool) {})
	if err != nil {
		t.Fatal(err)
	}
	return &stage{Engine: New(names, results), names: names}
}

func (s *stage) alone(active *version) {
	s.names.Replace(map[string]registry.Runner{"echo": active}, nil)
}

func (s *stage) try(active, candidate *version, percent float64) {
	s.names.Replace(map[string]registry.Runner{"echo": &registry.Trial{
		Runner: active, Candidate: candidate, Percent: percent,
		Tell: func(c registry.Tried) { s.told = append(s.told, c) },
	}}, nil)
}

// ask computes echo in a request of its own.
func (s *stage) ask(t testing.TB, item Item, closes ...float64) (*Result, error) {
	t.Helper()
	item.Name = "echo"
	return s.Request(&candle.Series{Close: closes, Bars: len(closes)}).Run(t.Context(), item)
}

// TestShare: of 10,000 requests that differ in a price alone, and of as many that
// differ in a parameter alone, the candidate's are as many as the percentage says,
// within five standard deviations of a fair choice. The requests are always the
// same, so this passes always or never. A smaller share is within a larger one.
func TestShare(t *testing.T) {
	const requests = 10_000
	active, candidate := newVersion("sha256:aa", 0), newVersion("sha256:bb", 1)
	for what, request := range map[string]func(i int) (Item, float64){
		"prices":     func(i int) (Item, float64) { return Item{}, 1 + float64(i)/64 },
		"parameters": func(i int) (Item, float64) { return Item{Params: map[string]any{"weight": float64(i) / 1024}}, 1 },
	} {
		before := make([]bool, requests)
		for _, percent := range []float64{0.1, 1, 5, 25, 50, 99, 100} {
			s := newStage(t, 0)
			s.try(active, candidate, percent)
			got := 0
			for i := range requests {
				item, price := request(i)
				r, err := s.ask(t, item, price, 2)
				if err != nil {
					t.Fatal(err)
				}
				chosen := r.Origin.Digest == candidate.digest
				if chosen {
					got++
				}
				if before[i] && !chosen {
					t.Fatalf("%s: request %d is in a smaller share and not in %v%%", what, i, percent)
				}
				before[i] = chosen
			}
			p := percent / 100
			mean, most := requests*p, 5*math.Sqrt(requests*p*(1-p))
			if math.Abs(float64(got)-mean) > most {
				t.Errorf("%s: %v%% are %d of %d requests, want %v give or take %.0f", what, percent, got, requests, mean, most)
			}
			if len(s.told) != got {
				t.Errorf("%s: %v%%: %d calls of the share were told of, %d answered by the candidate", what, percent, len(s.told), got)
			}
		}
	}
}

// TestShareIsTheRequests: the choice is the same on every replica and after a
// restart, depends on the candidate, and on nothing that does not change the
// values: not on how a default is said, nor on which version is active.
func TestShareIsTheRequests(t *testing.T) {
	pattern := func(active, candidate string, item Item) string {
		s := newStage(t, 0)
		s.try(newVersion(active, 0), newVersion(candidate, 1), 50)
		var b strings.Builder
		for i := range 64 {
			r, err := s.ask(t, item, float64(i), 2)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprint(&b, map[bool]string{true: "c", false: "a"}[r.Origin.Digest == candidate])
		}
		return b.String()
	}
	// sha256 of the candidate, 0, the parameters, and sha256 of the closes; its
	// first 32 bits. Computed by a program of a few lines in another language.
	const want = "ccacccacaaaacaacaaaaccccaccaaccccacccccacaaaaacccaaacaccaaaaaacc"
	said := Item{Params: map[string]any{"weight": 1.0}, Inputs: map[string]Source{"real": {Column: "close"}}}
	for what, got := range map[string]string{
		"as it was written down":  pattern("sha256:aa", "sha256:bb", Item{}),
		"the defaults said":       pattern("sha256:aa", "sha256:bb", said),
		"with another active one": pattern("sha256:cc", "sha256:bb", Item{}),
	} {
		if got != want {
			t.Errorf("%s the choice is\n%s, want\n%s", what, got, want)
		}
	}
	if pattern("sha256:aa", "sha256:cc", Item{}) == want {
		t.Error("another candidate gets the same calls")
	}
}

// TestTrialAndCache: a candidate's values are never given as the active one's,
// nor the other way, whatever the cache holds of either; each is computed once.
func TestTrialAndCache(t *testing.T) {
	s := newStage(t, 1<<20)
	active, candidate := newVersion("sha256:aa", 0), newVersion("sha256:bb", 1)
	wants := func(v *version, hit bool) {
		t.Helper()
		r, err := s.ask(t, Item{}, 3, 4)
		if err != nil {
			t.Fatal(err)
		}
		if r.Origin.Digest != v.digest || r.Outputs[0][0] != 3+v.adds || r.Hit != hit {
			t.Errorf("%s gives %v, at hand %v; want %s, %v", r.Origin.Digest, r.Outputs, r.Hit, v.digest, hit)
		}
	}
	s.alone(active)
	wants(active, false)
	s.try(active, candidate, 100)
	wants(candidate, false)
	wants(candidate, true)
	s.alone(active)
	wants(active, true)
	s.alone(candidate) // promoted
	wants(candidate, true)
	if active.runs != 1 || candidate.runs != 1 {
		t.Errorf("they ran %d and %d times", active.runs, candidate.runs)
	}
	if len(s.told) != 2 || s.told[1].Active[0][1] != 4 || s.told[1].Candidate[0][1] != 5 || s.told[1].Bars != 2 {
		t.Errorf("told of %+v", s.told)
	}
}

// TestTrialHarmsNobody: whatever a candidate does, the call is answered as if it
// were not there, and what it did is told; what the active version refuses is
// refused, and where it faults the candidate may answer.
func TestTrialHarmsNobody(t *testing.T) {
	broken := errors.New("it broke")
	narrow := newVersion("sha256:bb", 1)
	narrow.spec.Params = []ta.Param{ta.Number("weight", 1, 0, 2, "changes nothing")}
	slow := newVersion("sha256:bb", 1)
	slow.least = 2
	faulty := newVersion("sha256:bb", 1)
	faulty.err = broken
	for what, c := range map[string]struct {
		active, candidate  *version
		item               Item
		want               float64 // of the first bar; NaN for an error
		tells              int
		fault, activeFault bool
	}{
		"it is well":               {newVersion("sha256:aa", 0), newVersion("sha256:bb", 1), Item{}, 4, 1, false, false},
		"it faults":                {newVersion("sha256:aa", 0), faulty, Item{}, 3, 1, true, false},
		"it takes fewer values":    {newVersion("sha256:aa", 0), narrow, Item{Params: map[string]any{"weight": 5.0}}, 3, 1, true, false},
		"it needs more bars":       {newVersion("sha256:aa", 0), slow, Item{}, 3, 1, true, false},
		"the active one faults":    {faulty, newVersion("sha256:cc", 1), Item{}, 4, 1, false, true},
		"both fault":               {faulty, faulty, Item{}, math.NaN(), 1, true, true},
		"what nobody may ask":      {newVersion("sha256:aa", 0), newVersion("sha256:bb", 1), Item{Params: map[string]any{"weight": 11.0}}, math.NaN(), 0, false, false},
		"what the candidate may":   {narrow, newVersion("sha256:aa", 1), Item{Params: map[string]any{"weight": 5.0}}, math.NaN(), 0, false, false},
		"too short for the active": {slow, newVersion("sha256:aa", 1), Item{}, math.NaN(), 0, false, false},
	} {
		s := newStage(t, 0)
		s.try(c.active, c.candidate, 100)
		r, err := s.ask(t, c.item, 3, 4)
		if err != nil != (c.want != c.want) || err == nil && r.Outputs[0][0] != c.want {
			t.Errorf("%s: %+v, %v; want %v", what, r, err, c.want)
		}
		if len(s.told) != c.tells {
			t.Errorf("%s: told %d times", what, len(s.told))
			continue
		}
		if c.tells == 0 {
			continue
		}
		if got := s.told[0]; (got.CandidateErr != nil) != c.fault || (got.ActiveErr != nil) != c.activeFault ||
			(got.Active == nil) != c.activeFault || (got.Candidate == nil) != c.fault {
			t.Errorf("%s: told of %+v", what, got)
		}
	}
}
