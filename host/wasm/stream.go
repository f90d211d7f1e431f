package wasm

import (
	"context"
	"errors"
	"fmt"

	"github.com/tetratelabs/wazero/api"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/meter"
)

var _ registry.Streamer = (*Module)(nil)

// errStreamEnded is what Next says after Close.
var errStreamEnded = errors.New("the stream has been closed")

// stream is a series whose bars come one by one, in an instance that nobody
// else has until Close: what it remembers of the bars is in its own memory.
type stream struct {
	module   *Module
	ctx      context.Context // when it is cancelled, so are the bars that are left
	inside   context.Context // of a bar's call
	instance *instance
	release  func(error)
	bar      api.Function
	outputs  []ta.Output
	inputs   int
	params   int
	room     []float64 // a bar's inputs, then its outputs, then the parameters
	size     uint32    // of the memory that room is a view of
	operands [3]uint64
	stack    [3]uint64 // the operands of a call, and then its result
	gas      int64     // that the next bar may use, of what is left
	used     int64     // by all bars
	most     int64     // that a bar may use: its memory may grow
	bars     int
	ended    error
}

// Streams says whether the module takes bars one by one: whether it exports
// ta_bar.
func (m *Module) Streams() bool { return m.info.HasBar }

// Stream begins a series whose bars come one by one. It gives the bits that Run
// gives over all of them, as its checks have shown for some, and has the gas of
// one call over them: what a bar does not take is there for those after it. A bar has
// no more of it than a call gets at once in the largest memory, and half as much at
// least while there is so much. Before it gets more, others may run, and the stream
// ends if ctx has, or if the module is halted.
//
// Until it is closed it has an instance of its own, which counts for what calls
// that take long may have together, and the module is not freed. Its errors are
// those of Run.
func (m *Module) Stream(ctx context.Context, args ta.Args) (registry.Stream, error) {
	s, err := m.stream(ctx, args)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// runBars is Run for more bars than there is room for.
func (m *Module) runBars(ctx context.Context, args ta.Args, in ta.Columns) (r registry.Result, err error) {
	s, err := m.stream(ctx, args)
	if err != nil {
		return r, err
	}
	defer s.Close()
	var cancel context.CancelFunc
	s.ctx, cancel = context.WithTimeout(ctx, m.sandbox.timeout) // from now, as in runSlow
	defer cancel()
	return registry.Feed(s, in, len(s.outputs))
}

func (m *Module) stream(ctx context.Context, args ta.Args) (*stream, error) {
	if !m.Streams() {
		return nil, fmt.Errorf("%s takes no single bars: it has no %s", m.spec.Name, gate.ExportBar)
	}
	if err := m.begin(); err != nil {
		return nil, err
	}
	quick := func(context.Context) (*program, error) { return &m.quick, nil }
	in, release, err := m.leaseLong(ctx, barClass, quick)
	if err != nil {
		m.end()
		return nil, err
	}
	s := &stream{
		module: m, ctx: ctx, instance: in, bar: in.module.ExportedFunction(gate.ExportBar),
		outputs: m.spec.Outputs, inputs: len(m.spec.Inputs), params: len(m.spec.Params),
		most:    atOnce(uint64(in.limit)),
		release: func(err error) { in.settle(); release(err); m.end() },
	}
	in.linear.room = nil
	s.inside = context.Background()
	if in.program.refilled {
		in.slices = &purse{giveWay: func() error { return nil }, gas: in.gas} // empty: between bars is where others may run
		s.inside = in.slices.within()
	}
	if !s.look() {
		s.ended = fmt.Errorf("the columns of %s are not in its memory", m.spec.Name)
		s.Close()
		return nil, s.ended
	}
	behind := s.inputs + len(s.outputs)
	copy(s.room[behind:], args.Values())
	at := func(value int) uint64 { return uint64(in.room) + 8*uint64(value) }
	s.operands = [3]uint64{at(0), at(behind), at(s.inputs)}
	in.stack.Set(meter.DefaultStack) // a bar gives back what it takes
	s.pay()
	return s, nil
}

// look makes room a view of the memory as it is.
func (s *stream) look() (ok bool) {
	s.size = s.instance.memory.Size()
	s.room, ok = floats(s.instance.memory, s.instance.room, s.inputs+len(s.outputs)+s.params)
	return ok
}

// Next is one call of ta_bar.
func (s *stream) Next(in, out []float64) (gas uint64, err error) {
	if s.ended != nil {
		return 0, s.ended
	}
	if len(in) != s.inputs || len(out) != len(s.outputs) {
		return 0, fmt.Errorf("a bar has %d inputs and %d outputs, and was given %d and %d", s.inputs, len(s.outputs), len(in), len(out))
	}
	if gas, err = s.next(in, out); err != nil {
		if f := (*Fault)(nil); errors.As(err, &f) && f.bar == nil {
			bar := s.bars
			f.bar, f.Detail = &bar, fmt.Sprintf("at bar %d: %s", bar, f.Detail)
		}
		s.ended = err
		return 0, err
	}
	s.bars++
	return gas, nil
}

func (s *stream) next(in, out []float64) (gas uint64, err error) {
	if s.gas < s.most/2 { // not for each bar, as that takes a tenth of its time
		if err := s.module.giveWay(s.ctx); err != nil {
			return 0, ended(err, s.used)
		}
		s.pay()
	}
	copy(s.room, in)
	unify(s.room[:len(in)])
	for i := range out {
		s.room[len(in)+i] = unwritten
	}
	s.stack = s.operands
	if err := s.instance.enter(s.inside, s.bar, s.stack[:]); err != nil {
		return 0, s.instance.fault(s.gas, err)
	}
	left := int64(s.instance.gas.Get())
	gas = uint64(s.gas - left)
	s.gas = left
	s.used += int64(gas)
	if code := int32(s.stack[0]); code != 0 {
		f := fault(Trap, "ta_bar returned code %d", code)
		f.Code = code
		return 0, f
	}
	if s.instance.memory.Size() != s.size && !s.look() { // a view of before is worthless once the memory has grown
		return 0, errors.New("the columns are no longer in the plugin's memory")
	}
	copy(out, s.room[len(in):])
	if bad := accept(out); bad >= 0 {
		return 0, badValue(s.outputs[bad].Name, s.bars, out[bad])
	}
	return gas, nil
}

// pay gives what a call over the bars until now and the next has and they have not
// used, or as much of it as a bar may use.
func (s *stream) pay() {
	s.gas = min(budget(s.bars+1)-s.used, s.most)
	s.instance.gas.Set(uint64(s.gas))
}

// Close ends the series: the instance forgets it, or is thrown away after a
// fault.
func (s *stream) Close() {
	if s.release == nil {
		return
	}
	s.release(s.ended)
	s.release = nil
	if s.ended == nil {
		s.ended = errStreamEnded
	}
}
