// Package compute answers what a request asks of candles: it finds the
// indicator, fits the candles to its inputs, runs it unless the result is at
// hand, and writes the result. The service and the command line share it, so
// both give the same bytes. It knows no HTTP.
package compute

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"unsafe"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/cache"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
)

// Item asks for one indicator.
type Item struct {
	ID     string            // names the result; in one request each once
	Name   string            // the indicator
	Params map[string]any    // float64, or string for a choice
	Inputs map[string]Source // what an input reads, where it is not its default
}

// Source is what an input reads: a column of the candles by name, or values of
// the caller's own, as many as there are candles.
type Source struct {
	Column string
	Values []float64
}

// Result is one indicator over the candles of a request. Outputs are shared:
// do not write to them.
type Result struct {
	Spec    *ta.Spec
	Args    ta.Args
	Warmup  int // index of the first bar that can have a value
	Bars    int // how many candles there were
	Outputs ta.Columns
	Origin  *registry.Origin // nil for a native indicator
	Gas     uint64
	Hit     bool // the cache had it
	key     cache.Key
}

// UnknownError says that there is no indicator, or no pattern, of that name.
type UnknownError struct {
	What        string // WhatIndicator, WhatPattern or WhatBricks
	Name        string
	Suggestions []string // names that are near, nearest first
}

// What an UnknownError can say that there is not.
const (
	WhatIndicator = "indicator"
	WhatPattern   = "pattern"
	WhatBricks    = "chart of bricks"
)

func (e *UnknownError) Error() string {
	msg := fmt.Sprintf("there is no %s %q", e.What, e.Name)
	if len(e.Suggestions) > 0 {
		msg += "; did you mean " + strings.Join(e.Suggestions, " or ") + "?"
	}
	return msg
}

// HistoryError says that there are not enough candles for a single value.
type HistoryError struct {
	Name      string
	Need, Got int
}

func (e *HistoryError) Error() string {
	return fmt.Sprintf("%s needs at least %d candles with these parameters, and there are %d: send more history or a shorter period", e.Name, e.Need, e.Got)
}

// InputError says what is wrong with the mapping of an input.
type InputError struct {
	Input   string
	Code    string // unknown-input, unknown-column, missing-field or different-lengths
	Message string
}

func (e *InputError) Error() string { return e.Message }

// Engine runs indicators. It is safe for concurrent use.
type Engine struct {
	registry *registry.Registry
	cache    *cache.Cache[registry.Result]
	stored   Stored
}

// Stored finds a version of a plugin by its digest that need not answer under its
// name; nil where there is none.
type Stored func(ctx context.Context, name, digest string) (registry.Runner, error)

// New returns an Engine over what the registry has.
func New(r *registry.Registry, c *cache.Cache[registry.Result]) *Engine {
	none := func(context.Context, string, string) (registry.Runner, error) { return nil, nil }
	return &Engine{r, c, none}
}

// Versions has backtests find stored versions. It is for before the first request.
func (e *Engine) Versions(s Stored) { e.stored = s }

// Size is the weight of a result in the cache, in bytes.
func Size(r registry.Result) int {
	n := 0
	for _, col := range r.Outputs {
		n += 8 * cap(col)
	}
	return n
}

// Find returns the runner of that name, an *UnknownError, or what the registry
// says of one that is not here yet.
func (e *Engine) Find(name string) (registry.Runner, error) {
	if run, ok := e.registry.Get(name); ok {
		return run, nil
	}
	if err := e.registry.Absent(name); err != nil {
		return nil, fmt.Errorf("find %.80q: %w", name, err)
	}
	return nil, &UnknownError{WhatIndicator, name, near(name, e.registry.Names(), func(n string) string {
		if run, ok := e.registry.Get(n); ok {
			return run.Spec().Title
		}
		return ""
	})}
}

// Request computes over the candles of one request. It is for one goroutine.
type Request struct {
	engine  *Engine
	candles *candle.Series
	digests map[string][sha256.Size]byte // of candle columns
	done    map[cache.Key]registry.Result
	most    int    // values that there may be; 0 for any number
	format  Format // what is written of each result
}

// Request begins a request over candles.
func (e *Engine) Request(candles *candle.Series) *Request {
	return &Request{engine: e, candles: candles, digests: map[string][sha256.Size]byte{}, done: map[cache.Key]registry.Result{}}
}

// Run computes one item. Errors are an *UnknownError, *ta.ParamError,
// *InputError, *candle.Error, *HistoryError, the registry's, or the runner's own.
func (r *Request) Run(ctx context.Context, item Item) (*Result, error) {
	res, err := r.run(ctx, item)
	if err == nil {
		r.keep(res)
	}
	return res, err
}

func (r *Request) run(ctx context.Context, item Item) (*Result, error) {
	run, err := r.engine.Find(item.Name)
	if err != nil {
		return nil, err
	}
	trial, tried := run.(*registry.Trial)
	if tried {
		run = trial.Runner
	}
	q, err := r.ask(run, item)
	if err != nil {
		return nil, err
	}
	if tried && q.key.shared(trial.Candidate.Origin().Digest, trial.Percent) {
		return r.try(ctx, trial, q, item)
	}
	return r.answer(ctx, q)
}

// question is an item as one runner takes it.
type question struct {
	run  registry.Runner
	args ta.Args
	in   ta.Columns
	key  *key
}

// ask fits an item to what run takes.
func (r *Request) ask(run registry.Runner, item Item) (*question, error) {
	spec := run.Spec()
	args, err := spec.Args(item.Params)
	if err != nil {
		return nil, err
	}
	q := &question{run: run, args: args, key: newKey(run, args)}
	if q.in, err = r.inputs(spec, item, q.key); err != nil {
		return nil, err
	}
	if warmup := run.Warmup(args); r.candles.Bars <= warmup {
		return nil, &HistoryError{spec.Name, warmup + 1, r.candles.Bars}
	}
	return q, nil
}

// answer runs what was asked, unless the result is at hand.
func (r *Request) answer(ctx context.Context, q *question) (*Result, error) {
	k := q.key.sum()
	got, hit := r.done[k]
	if !hit {
		var err error
		got, hit, err = r.engine.cache.Do(k, func() (registry.Result, error) { return q.run.Run(ctx, q.args, q.in) })
		if err != nil {
			return nil, err
		}
	}
	return &Result{
		Spec: q.run.Spec(), Args: q.args, Warmup: q.run.Warmup(q.args), Bars: r.candles.Bars,
		Outputs: got.Outputs, Origin: q.run.Origin(), Gas: got.Gas, Hit: hit, key: k,
	}, nil
}

// try gives a call to the candidate, and to the active version too, so that they
// can be compared. Where the candidate fails, or does not take what the active
// one took, the answer is the active one's: no caller is worse off for a trial.
func (r *Request) try(ctx context.Context, trial *registry.Trial, q *question, item Item) (*Result, error) {
	active, activeErr := r.answer(ctx, q)
	var got *Result
	other, err := r.ask(trial.Candidate, item)
	if err == nil {
		got, err = r.answer(ctx, other)
	}
	tried := registry.Tried{Bars: r.candles.Bars, ActiveErr: activeErr, CandidateErr: err}
	if activeErr == nil {
		tried.Active = active.Outputs
	}
	if err == nil {
		tried.Candidate = got.Outputs
	}
	trial.Tell(tried)
	if err != nil {
		return active, activeErr
	}
	return got, nil
}

// inputs finds a column for each input of the indicator and adds it to key.
func (r *Request) inputs(spec *ta.Spec, item Item, k *key) (ta.Columns, error) {
	for name := range item.Inputs {
		if !slices.Contains(spec.Inputs, ta.Input(name)) {
			return nil, &InputError{name, "unknown-input", fmt.Sprintf("%s has no input %q; it reads %s", spec.Name, name, join(spec.Inputs))}
		}
	}
	in := make(ta.Columns, len(spec.Inputs))
	for i, input := range spec.Inputs {
		src, told := item.Inputs[string(input)]
		if !told {
			src.Column = input.Column()
		}
		var err error
		if in[i], err = r.source(spec.Name, string(input), src); err != nil {
			return nil, err
		}
		if src.Values != nil {
			k.add(sha256.Sum256(raw(src.Values)))
			continue
		}
		d, ok := r.digests[src.Column]
		if !ok {
			d = sha256.Sum256(raw(in[i]))
			r.digests[src.Column] = d
		}
		k.add(d)
	}
	return in, nil
}

// source is what an input of the indicator, or of the pattern, of that name reads.
func (r *Request) source(name, input string, src Source) ([]float64, error) {
	switch {
	case src.Values != nil:
		if len(src.Values) != r.candles.Bars {
			return nil, &InputError{input, candle.CodeDifferentLengths, fmt.Sprintf("%s has %d values and there are %d candles: send one for each", input, len(src.Values), r.candles.Bars)}
		}
		return src.Values, nil
	case src.Column == "":
		return nil, &InputError{input, candle.CodeMissingField, fmt.Sprintf("%s has no default for the input %q: name a column or send an array in inputs.%s", name, input, input)}
	case !slices.Contains(candle.Columns, src.Column):
		return nil, &InputError{input, "unknown-column", fmt.Sprintf("there is no column %q; %s may read %s, or an array", src.Column, input, strings.Join(candle.Columns, ", "))}
	}
	col, ok := r.candles.Column(src.Column)
	if !ok {
		return nil, &candle.Error{Pointer: r.columnPointer(src.Column), Code: candle.CodeMissingField, Message: fmt.Sprintf("%s needs the column %s, which the candles do not have", name, src.Column)}
	}
	return col, nil
}

// columnPointer leads to where a column that is missing should be: of candles
// as rows, in the first.
func (r *Request) columnPointer(column string) string {
	if r.candles.Form == candle.ByRow {
		return candle.Pointer("candles", "0", column)
	}
	return candle.Pointer("candles", column)
}

func join(inputs []ta.Input) string {
	names := make([]string, len(inputs))
	for i, in := range inputs {
		names[i] = string(in)
	}
	return strings.Join(names, ", ")
}

// key collects all that a result depends on.
type key struct {
	b       []byte
	content int // where the parameters and columns begin, behind who computes
}

func newKey(run registry.Runner, args ta.Args) *key {
	b := append([]byte(engine.Version), 0)
	b = append(append(b, run.Spec().Name...), 0)
	if o := run.Origin(); o != nil {
		b = append(b, o.Digest...)
	}
	b = append(b, 0)
	k := &key{b, len(b)}
	for _, v := range args.Values() {
		k.b = binary.LittleEndian.AppendUint64(k.b, math.Float64bits(v))
	}
	return k
}

func (k *key) add(d [sha256.Size]byte) { k.b = append(k.b, d[:]...) }
func (k *key) sum() cache.Key          { return sha256.Sum256(k.b) }

// shared says whether a call is among the percent of the calls that go to the
// candidate of that digest: by what is asked and by nothing else, so that every
// replica says the same, and the same again later. A larger percentage has all
// calls that a smaller one has; another candidate has others.
func (k *key) shared(candidate string, percent float64) bool {
	d := sha256.Sum256(append([]byte(candidate+"\x00"), k.b[k.content:]...))
	place := float64(binary.BigEndian.Uint32(d[:])) // of 1<<32; both products are exact
	return place*100 < percent*(1<<32)
}

// raw is the memory of a column, for hashing: the same on all machines that this
// runs on, whose numbers are little-endian.
func raw(col []float64) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(col))), 8*len(col))
}
