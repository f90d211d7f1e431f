package ta

import (
	"encoding/binary"
	"errors"
	"math"
)

// Kernel computes an indicator over bars that arrive in chunks of any size.
//
// Next consumes the next len(in[0]) bars and fills out to the same length, NaN
// where there is no value. A kernel remembers what it has seen, so one chunk
// of n bars and n chunks of one bar give the same bits: batch and stream are
// one. in and out do not overlap. It is for one goroutine at a time.
//
// AppendState appends all that the kernel remembers to b; Restore puts it into
// a kernel made by the same New with the same Args, which then goes on with
// the same bits.
type Kernel interface {
	Next(in, out Columns)
	AppendState(b []byte) []byte
	Restore(state []byte) error
}

// State is a part of a kernel that remembers something.
type State interface {
	AppendState(b []byte) []byte
	// Restore takes its own state from the front and returns what follows.
	Restore(state []byte) (rest []byte, err error)
}

// ErrState is what Restore returns for bytes that are not a state of the kernel.
var ErrState = errors.New("not a state of this kernel")

// Tile is the most bars that a step is given at once: what a call and the ends of
// loops cost is shared by so many, and the three columns of most passes stay in
// the first-level cache.
const Tile = 1024

// NewKernel makes a Kernel of a step and the parts that the step remembers
// things in, in a fixed order.
//
// A step is given at most Tile bars at a time, all of them finite. A bar with
// a hole (NaN or infinite in any input) never reaches it: the bar's outputs
// are NaN, and the bars after it have the values they would have had if it had
// not been there. So no hole can poison what follows, whatever the arithmetic.
func NewKernel(step func(in, out Columns), parts ...State) Kernel {
	return &kernel{step: step, parts: parts}
}

// Watchful gives a kernel that NewKernel or NewTicking made a step that looks for
// holes itself, while it has the bars in registers: bars that come from far away are
// then read once, and not first of all to look for holes. It is asked with whole
// steps of sixteen bars, up to Tile of them, and returns false where it met a hole,
// or may have, or does not want to: then it has changed nothing but out, and the
// kernel does what it does without one.
func Watchful(k Kernel, watch func(in, out Columns) bool) Kernel {
	k.(interface {
		setWatch(func(in, out Columns) bool)
	}).setWatch(watch)
	return k
}

func (k *kernel) setWatch(watch func(in, out Columns) bool) { k.watch = watch }

type kernel struct {
	step    func(in, out Columns)
	watch   func(in, out Columns) bool // nil for most
	parts   []State
	in, out Columns // headers of the current tile, kept to spare an allocation
}

func (k *kernel) Next(in, out Columns) {
	n := len(in[0])
	if n == 1 {
		k.bar(in, out)
		return
	}
	for from := 0; from < n; {
		to := min(from+Tile, n)
		if k.watch != nil && to-from >= 16 {
			to -= (to - from) & 15
			k.tile(in, out, from, to)
			if k.watch(k.in, k.out) {
				from = to
				continue
			}
		}
		if finite(in, from, to) {
			k.run(in, out, from, to)
		} else {
			k.around(in, out, from, to)
		}
		from = to
	}
}

// bar is Next for a single bar, which is a tile already: a stream comes this way
// at every tick.
func (k *kernel) bar(in, out Columns) {
	for _, col := range in {
		if v := col[0]; v-v != 0 {
			for _, col := range out {
				col[0] = math.NaN()
			}
			return
		}
	}
	k.step(in, out)
}

// around gives the step the runs of bars between holes.
func (k *kernel) around(in, out Columns, from, to int) {
	start := from
	for i := from; i < to; i++ {
		hole := false
		for _, col := range in {
			hole = hole || col[i]-col[i] != 0
		}
		if !hole {
			continue
		}
		k.run(in, out, start, i)
		for _, col := range out {
			col[i] = math.NaN()
		}
		start = i + 1
	}
	k.run(in, out, start, to)
}

func (k *kernel) run(in, out Columns, from, to int) {
	if from == to {
		return
	}
	k.tile(in, out, from, to)
	k.step(k.in, k.out)
}

// tile sets the headers.
func (k *kernel) tile(in, out Columns, from, to int) {
	k.in, k.out = k.in[:0], k.out[:0]
	for _, col := range in {
		k.in = append(k.in, col[from:to:to])
	}
	for _, col := range out {
		k.out = append(k.out, col[from:to:to])
	}
}

func (k *kernel) AppendState(b []byte) []byte {
	for _, p := range k.parts {
		b = p.AppendState(b)
	}
	return b
}

func (k *kernel) Restore(state []byte) error {
	for _, p := range k.parts {
		var err error
		if state, err = p.Restore(state); err != nil {
			return err
		}
	}
	if len(state) != 0 {
		return ErrState
	}
	return nil
}

// AppendFloats appends values to a state, exactly.
func AppendFloats(b []byte, values ...float64) []byte {
	for _, v := range values {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return b
}

// RestoreFloats fills values from the front of a state and returns what follows.
func RestoreFloats(state []byte, values []float64) ([]byte, error) {
	if len(state) < 8*len(values) {
		return nil, ErrState
	}
	for i := range values {
		values[i] = math.Float64frombits(binary.LittleEndian.Uint64(state[8*i:]))
	}
	return state[8*len(values):], nil
}

// finite says whether no bar has a hole: a sum with NaN or infinity in it is no
// number, and x−x is 0 for all others. A sum of huge values can be infinite too;
// then it is not known, and around looks at every bar.
func finite(in Columns, from, to int) bool {
	n, sum := finiteWide(in, from, to)
	for _, col := range in {
		for _, v := range col[from+n : to] {
			sum += v
		}
	}
	return sum-sum == 0
}
