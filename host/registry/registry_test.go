package registry

import (
	"context"
	"errors"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// given is a Streamer whose caller goes away at a bar.
type given struct {
	Runner
	spec   ta.Spec
	leave  func()
	at     int
	bars   int
	closed bool
}

func (g *given) Spec() *ta.Spec                                  { return &g.spec }
func (g *given) Streams() bool                                   { return true }
func (g *given) Stream(context.Context, ta.Args) (Stream, error) { return g, nil }
func (g *given) Close()                                          { g.closed = true }
func (g *given) Next(_, _ []float64) (uint64, error) {
	if g.bars++; g.bars == g.at {
		g.leave()
	}
	return 1, nil
}

// TestOneByOneIsGivenUp: a series is not computed to its end for nobody.
func TestOneByOneIsGivenUp(t *testing.T) {
	const n = 10 * looks
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	g := &given{leave: leave, at: looks + 1}
	if _, err := OneByOne(ctx, g, ta.Args{}, ta.Columns{make([]float64, n)}); !errors.Is(err, context.Canceled) || g.bars != 2*looks || !g.closed {
		t.Errorf("after %d bars: %v, closed %v", g.bars, err, g.closed)
	}
	g = &given{leave: func() {}}
	if r, err := OneByOne(t.Context(), g, ta.Args{}, ta.Columns{make([]float64, n)}); err != nil || r.Gas != n || g.bars != n || !g.closed {
		t.Errorf("whole: %d bars, gas %d, %v", g.bars, r.Gas, err)
	}
}
