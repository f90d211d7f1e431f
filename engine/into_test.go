package engine_test

import (
	"math"
	"runtime"
	"runtime/debug"
	"sync"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Many series one after another, with other arguments in between and from several
// callers at once, give the bits that a kernel made for each of them gives: what
// Into goes on with has forgotten everything.
func TestIntoForgets(t *testing.T) {
	series := law.All(3, crossing)
	for _, ind := range engine.Indicators() {
		all := trials(t, ind)
		all = all[:min(len(all), 6)] // more than are kept
		var callers sync.WaitGroup
		for caller := range 2 {
			callers.Go(func() {
				for round := range 17 {
					a := all[round*(caller+1)%len(all)]
					s := series[round%len(series)]
					in := s.Columns(ind.Inputs)
					got, want := columns(ind, len(in[0])), columns(ind, len(in[0]))
					ind.Into(a, in, got)
					ind.New(a).Next(in, want)
					for i := range want {
						for bar, w := range want[i] {
							if g := got[i][bar]; math.Float64bits(g) != math.Float64bits(w) && (g == g || w == w) {
								t.Errorf("%s %s over %s: bar %d is %v, want %v", ind.Name, describe(a), s.Name, bar, g, w)
								return
							}
						}
					}
				}
			})
		}
		callers.Wait()
	}
}

func columns(ind *ta.Indicator, bars int) ta.Columns {
	out := make(ta.Columns, len(ind.Outputs))
	for i := range out {
		out[i] = make([]float64, bars)
	}
	return out
}

// A call with the arguments of the call before allocates nothing, but where what
// is kept depends on the values: their order, or an average for each number of
// them that is chosen.
func TestIntoAllocatesNothing(t *testing.T) {
	// A collection, and another number of processors, clear away what is kept, as
	// they should; AllocsPerRun measures on one.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	walk := law.Walk(1, crossing)
	for _, ind := range engine.Indicators() {
		if ind.Name == "percentile" || ind.Name == "mavp" {
			continue
		}
		a := trials(t, ind)[0]
		in, out := walk.Columns(ind.Inputs), columns(ind, crossing)
		call := func() { ind.Into(a, in, out) }
		call() // its kernel is made
		call() // and how it was before
		if n := testing.AllocsPerRun(20, call); n > 0 {
			t.Errorf("%s allocates %v times", ind.Name, n)
		}
	}
}
