package wasm

import (
	"context"
	"errors"
	"fmt"

	"github.com/tetratelabs/wazero/api"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
)

var _ registry.Streamer = (*Module)(nil)

// errStreamEnded is what Next says after Close.
var errStreamEnded = errors.New("the stream has been closed")

// stream is a series whose bars come one by one, in an instance that nobody
// else has until Close: what it remembers of the bars is in its own memory.
type stream struct {
	instance *instance
	release  func(error)
	bar      api.Function
	outputs  []ta.Output
	inputs   int
	room     []float64 // a bar's inputs, then its outputs, then the parameters
	operands [3]uint64
	stack    [3]uint64 // the operands of a call, and then its result
	saved    int64     // gas
	bars     int
	ended    error
}

// Streams says whether the module takes bars one by one: whether it exports
// ta_bar.
func (m *Module) Streams() bool { return m.info.HasBar }

// Stream begins a series whose bars come one by one. It gives the bits that Run
// gives over all of them, as its checks have shown for some, and has the gas of
// one call over them: a bar that takes little leaves more for the next, up to
// that of a call over one bar.
//
// Until it is closed it has an instance of its own, which counts for what calls
// that take long may have together, and the module is not freed. ctx is for the wait for that
// instance. Its errors are those of Run.
func (m *Module) Stream(ctx context.Context, args ta.Args) (registry.Stream, error) {
	if !m.Streams() {
		return nil, fmt.Errorf("%s takes no single bars: it has no %s", m.spec.Name, gate.ExportBar)
	}
	if err := m.begin(); err != nil {
		return nil, err
	}
	quick := func(context.Context) (*program, error) { return &m.quick, nil }
	in, release, err := m.leaseLong(ctx, 0, quick)
	if err != nil {
		m.end()
		return nil, err
	}
	s := &stream{
		instance: in, bar: in.module.ExportedFunction(gate.ExportBar),
		outputs: m.spec.Outputs, inputs: len(m.spec.Inputs), saved: callGas,
		release: func(err error) { release(err); m.end() },
	}
	if !s.look(len(m.spec.Params)) {
		s.ended = fmt.Errorf("the columns of %s are not in its memory", m.spec.Name)
		s.Close()
		return nil, s.ended
	}
	params := s.inputs + len(s.outputs)
	copy(s.room[params:], args.Values())
	at := func(value int) uint64 { return uint64(in.room) + 8*uint64(value) }
	s.operands = [3]uint64{at(0), at(params), at(s.inputs)}
	return s, nil
}

// look makes room a view of the columns, each of one value, and of so many
// parameters.
func (s *stream) look(params int) (ok bool) {
	s.room, ok = floats(s.instance.memory, s.instance.room, s.inputs+len(s.outputs)+params)
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
			f.bar = &bar
		}
		s.ended = err
		return 0, err
	}
	s.bars++
	return gas, nil
}

func (s *stream) next(in, out []float64) (gas uint64, err error) {
	copy(s.room, in)
	unify(s.room[:len(in)])
	for i := range out {
		s.room[len(in)+i] = unwritten
	}
	s.stack = s.operands
	has := min(s.saved, callGas) + barGas
	if gas, err = s.instance.invoke(context.Background(), s.bar, has, s.stack[:]); err != nil {
		return 0, err
	}
	s.saved = has - int64(gas)
	if code := int32(s.stack[0]); code != 0 {
		f := fault(Trap, "ta_bar returned code %d", code)
		f.Code = code
		return 0, f
	}
	if !s.look(0) { // a view of before is worthless once the memory has grown
		return 0, errors.New("the columns are no longer in the plugin's memory")
	}
	copy(out, s.room[len(in):])
	if bad := accept(out); bad >= 0 {
		return 0, badValue(s.outputs[bad].Name, s.bars, out[bad])
	}
	return gas, nil
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
