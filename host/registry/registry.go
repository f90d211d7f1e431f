// Package registry maps names to what computes them, native indicators and
// plugins alike, and is read on every request without a lock.
package registry

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Runner computes one indicator. It is safe for concurrent use.
type Runner interface {
	Spec() *ta.Spec
	// Warmup is the index of the first bar that can have a value.
	Warmup(ta.Args) int
	// Run computes the outputs of in, as long as in, NaN where undefined.
	Run(ctx context.Context, args ta.Args, in ta.Columns) (Result, error)
	// Origin says which plugin this is; it is nil for a native indicator.
	Origin() *Origin
}

// Streamer is a Runner that may take bars one by one, too.
type Streamer interface {
	Runner
	// Streams says whether it does.
	Streams() bool
	// Stream begins a series, which may end with its context.
	Stream(context.Context, ta.Args) (Stream, error)
}

// Stream is a series of which the bars come one by one. It remembers them until
// it is closed, and is used by one goroutine at a time.
type Stream interface {
	// Next computes the outputs of the next bar, as Run does those of all bars:
	// in has a value for each input, out room for one of each output. It says
	// how much metered work the bar took. After an error there is no next bar.
	Next(in, out []float64) (gas uint64, err error)
	Close()
}

// OneByOne is Run, but the bars of in come one by one.
func OneByOne(ctx context.Context, s Streamer, args ta.Args, in ta.Columns) (Result, error) {
	stream, err := s.Stream(ctx, args)
	if err != nil {
		return Result{}, err
	}
	defer stream.Close()
	return Feed(stream, in, len(s.Spec().Outputs))
}

// Feed gives a stream the bars of in, and gathers its outputs, of which there are
// so many.
func Feed(s Stream, in ta.Columns, outputs int) (Result, error) {
	n := len(in[0])
	r := Result{Outputs: make(ta.Columns, outputs)}
	for i := range r.Outputs {
		r.Outputs[i] = make([]float64, n)
	}
	bar, values := make([]float64, len(in)), make([]float64, outputs)
	for j := range n {
		for i := range in {
			bar[i] = in[i][j]
		}
		gas, err := s.Next(bar, values)
		if err != nil {
			return Result{}, err
		}
		r.Gas += gas
		for i := range values {
			r.Outputs[i][j] = values[i]
		}
	}
	return r, nil
}

// Result is what one run gave.
type Result struct {
	Outputs ta.Columns
	Gas     uint64 // units of metered work that a plugin used; 0 for natives
}

// Origin identifies the uploaded module behind a Runner.
type Origin struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Digest  string `json:"digest"` // "sha256:" and 64 hexadecimal digits
}

// Trial is the active version of a plugin and a candidate beside it, which gets
// a share of its calls. To who asks what it takes and gives it is the active one.
type Trial struct {
	Runner            // the active version
	Candidate Runner  // takes every call that the active one takes, and has its outputs
	Percent   float64 // of the calls that are the candidate's, over 0 and up to 100
	// Tell is called with each call of the share, from many goroutines.
	Tell func(Tried)
}

// Tried is a call that was the candidate's, and what both versions made of it.
// The columns are shared: do not write to them.
type Tried struct {
	Bars                    int
	Active, Candidate       ta.Columns // nil where there is an error
	ActiveErr, CandidateErr error
}

// Native makes a Runner of an indicator of the engine.
func Native(ind *ta.Indicator) Runner { return native{ind} }

type native struct{ ind *ta.Indicator }

func (n native) Spec() *ta.Spec       { return &n.ind.Spec }
func (n native) Warmup(a ta.Args) int { return n.ind.Warmup(a) }
func (n native) Origin() *Origin      { return nil }
func (n native) Run(_ context.Context, a ta.Args, in ta.Columns) (Result, error) {
	return Result{Outputs: n.ind.Run(a, in)}, nil
}

// Registry holds the runners. Natives are there from the start; plugins come
// and go, all at once, and never under a native's name.
type Registry struct {
	mu      sync.Mutex // held by Replace
	natives map[string]Runner
	now     atomic.Pointer[content]
}

// content is what there is at a moment.
type content struct {
	all    map[string]Runner
	absent func(name string) error
}

// New returns a registry of the native indicators.
func New(natives []*ta.Indicator) *Registry {
	r := &Registry{natives: make(map[string]Runner, len(natives))}
	for _, ind := range natives {
		r.natives[ind.Name] = Native(ind)
	}
	r.now.Store(&content{r.natives, nil})
	return r
}

// Get returns the runner of that name.
func (r *Registry) Get(name string) (Runner, bool) {
	run, ok := r.now.Load().all[name]
	return run, ok
}

// Absent says why there is no runner of that name although there may be one
// elsewhere; nil where there is none.
func (r *Registry) Absent(name string) error {
	if absent := r.now.Load().absent; absent != nil {
		return absent(name)
	}
	return nil
}

// Reserved says whether name belongs to a native indicator.
func (r *Registry) Reserved(name string) bool {
	_, ok := r.natives[name]
	return ok
}

// Names lists what there is, in order.
func (r *Registry) Names() []string {
	return slices.Sorted(maps.Keys(r.now.Load().all))
}

// Replace makes plugins the only plugins there are, and absent, which may be
// nil, what Absent says of other names. A request that began before goes on
// with what it found.
func (r *Registry) Replace(plugins map[string]Runner, absent func(name string) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	next := make(map[string]Runner, len(r.natives)+len(plugins))
	maps.Copy(next, plugins)
	maps.Copy(next, r.natives)
	r.now.Store(&content{next, absent})
}
