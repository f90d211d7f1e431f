package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// rounds is how often all sides have their turn.
var rounds = 25

const batchTime = 2 * time.Millisecond

// shifts is how many different stretches of the walk the sides take in turn. A
// processor learns the branches of a short series that it sees again and again,
// which flatters code that has many.
const shifts = 32

// stretches cuts a walk into pieces of bars each.
func stretches(bars int) []sample.Columns {
	n := shifts
	if bars > 10_000 {
		n = 2 // too long to be learnt
	}
	walk := sample.Walk(n * bars)
	parts := make([]sample.Columns, n)
	for i := range parts {
		from, to := i*bars, (i+1)*bars
		parts[i] = sample.Columns{
			Open: walk.Open[from:to:to], High: walk.High[from:to:to], Low: walk.Low[from:to:to],
			Close: walk.Close[from:to:to], Volume: walk.Volume[from:to:to],
		}
	}
	return parts
}

// side is one who computes: a call for each stretch.
type side struct {
	calls []func()
	n     int     // calls in a batch
	best  float64 // ns per call, the least of all rounds
}

// run makes the next n calls.
func (s *side) run(n int) time.Duration {
	start := time.Now()
	for i := range n {
		s.calls[i%len(s.calls)]()
	}
	return time.Since(start)
}

// race times the sides in turn, round by round, so that whatever else the
// machine does falls on all of them. Garbage is collected between the batches
// and not within: what a side allocates is in its time, when the collector
// happens to run is not. What counts is the least time of a side: everything
// else on the machine only adds.
func race(sides []*side) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	for _, s := range sides {
		s.n, s.best = len(s.calls), math.Inf(1)
		for s.run(s.n) < batchTime {
			s.n *= 2
		}
	}
	for range rounds {
		for _, s := range sides {
			// A batch before the one that counts: what the side before left in caches
			// and registers is not this one's, nor is it this one's part to ask the
			// system for the memory that all of them use.
			s.run(s.n)
			runtime.GC()
			s.best = min(s.best, float64(s.run(s.n).Nanoseconds())/float64(s.n))
		}
	}
}

// measure races one indicator over stretches of equal length.
func (e *entrant) measure(parts []sample.Columns, lib *library) (row, error) {
	bars := len(parts[0].Close)
	ours, allocating, peer, least := &side{}, &side{}, &side{}, &side{}
	var c, call *side
	out := make(ta.Columns, len(e.indicator.Outputs)) // made before, as the C library's are
	for i := range out {
		out[i] = make([]float64, bars)
	}
	for _, part := range parts {
		in := e.inputs(part)
		ours.calls = append(ours.calls, func() { e.indicator.Into(e.args, in, out) })
		allocating.calls = append(allocating.calls, func() { e.indicator.Run(e.args, in) })
		peer.calls = append(peer.calls, func() { e.peer(part) })
		least.calls = append(least.calls, func() { floor(in, out) })
	}
	sides := []*side{ours, allocating, peer}
	if floor(e.inputs(parts[0]), out) {
		sides = append(sides, least)
	}
	if lib != nil {
		f, err := lib.function(e, bars)
		if err != nil {
			return row{}, err
		}
		c, call = &side{}, &side{}
		for _, part := range parts {
			in := e.inputs(part)
			c.calls = append(c.calls, f.bind(in))
			call.calls = append(call.calls, f.bind(first(in)))
		}
		sides = append(sides, c, call)
	}
	race(sides)
	r := row{
		Name: e.name, Params: e.args,
		Ours: ours.best / float64(bars), Allocating: allocating.best / float64(bars), GoTalib: peer.best / float64(bars),
	}
	r.Ratio, r.Floor = r.GoTalib/r.Allocating, least.best/float64(bars)
	if lib != nil {
		// Calling C from Go costs what a caller in C does not pay; it is the
		// time of a call over a single bar.
		r.TALib = max(0, c.best-call.best) / float64(bars)
		r.RatioTALib, r.RatioAllocating = r.TALib/r.Ours, r.TALib/r.Allocating
		if r.Floor > 0 {
			r.RatioFloor = r.TALib / r.Floor
		}
	}
	return r, nil
}

// first is the first bar alone.
func first(in ta.Columns) ta.Columns {
	bar := make(ta.Columns, len(in))
	for i, col := range in {
		bar[i] = col[:1]
	}
	return bar
}
