package registry

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// given is a Streamer whose series ends with an error at a bar.
type given struct {
	Runner
	spec   ta.Spec
	at     int
	bars   int
	closed bool
}

var errGiven = errors.New("as it was told")

func (g *given) Spec() *ta.Spec                                  { return &g.spec }
func (g *given) Streams() bool                                   { return true }
func (g *given) Stream(context.Context, ta.Args) (Stream, error) { return g, nil }
func (g *given) Close()                                          { g.closed = true }
func (g *given) Next(in, out []float64) (uint64, error) {
	if g.bars == g.at {
		return 0, errGiven
	}
	g.bars++
	out[0], out[1] = in[0]+in[1], float64(g.bars)
	return 3, nil
}

// TestOneByOne: every bar in its place, what all have cost, and a series that is
// closed however it ended.
func TestOneByOne(t *testing.T) {
	in := ta.Columns{{1, 2, 3}, {10, 20, 30}}
	for _, at := range []int{0, 2, 3} {
		g := &given{at: at, spec: ta.Spec{Outputs: make([]ta.Output, 2)}}
		r, err := OneByOne(t.Context(), g, ta.Args{}, in)
		if g.bars != at || !g.closed {
			t.Errorf("after %d bars closed %v, want %d", g.bars, g.closed, at)
		}
		if at < 3 {
			if err != errGiven || r.Outputs != nil || r.Gas != 0 {
				t.Errorf("that fails at bar %d gives %v, %v", at, r, err)
			}
			continue
		}
		if err != nil || r.Gas != 9 || !slices.Equal(r.Outputs[0], []float64{11, 22, 33}) || !slices.Equal(r.Outputs[1], []float64{1, 2, 3}) {
			t.Errorf("whole: %v, %v", r, err)
		}
	}
}
