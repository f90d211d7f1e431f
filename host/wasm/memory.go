package wasm

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"unsafe"

	"github.com/tetratelabs/wazero/api"
)

func le32(b []byte) uint32 { return binary.LittleEndian.Uint32(b) }

// floats is a view of count values at an address that is a multiple of 8, or
// false where that is not within the memory. It is good until the guest runs.
// The engine runs on little-endian machines only, where a value is in the
// guest's memory as it is in the host's.
func floats(mem api.Memory, at uint32, count int) ([]float64, bool) {
	if at%8 != 0 || uint64(at)+8*uint64(count) > uint64(mem.Size()) {
		return nil, false
	}
	b, ok := mem.Read(at, uint32(8*count))
	if !ok || count == 0 {
		return nil, ok
	}
	return unsafe.Slice((*float64)(unsafe.Pointer(unsafe.SliceData(b))), count), true
}

// unwritten is a NaN that outputs are filled with before a call: what still
// has these bits after it was not written.
var unwritten = math.Float64frombits(0x7ff8_7461_0000_0001)

// unwrite fills columns with it.
func unwrite(x []float64) {
	for len(x) > 0 {
		x = x[copy(x, allUnwritten[:]):]
	}
}

var allUnwritten = func() (x [tile]float64) {
	for i := range x {
		x[i] = unwritten
	}
	return x
}()

// tile is how many values are looked at together: few have a NaN among them.
const tile = 256

// give copies a column to a guest. What is no number becomes the one NaN, so
// that a guest's answer depends on values alone and not on bits of a NaN.
func give(dst, src []float64) {
	copy(dst, src)
	for part := range slices.Chunk(dst, tile) {
		if !finite(part) {
			unify(part)
		}
	}
}

// unify makes what is no number the one NaN.
func unify(x []float64) {
	for i, v := range x {
		if v-v != 0 {
			x[i] = math.NaN()
		}
	}
}

// take copies a column from a guest, every NaN as the one NaN. It returns the
// index of the first value that is infinite or was not written, or -1.
func take(dst, src []float64) (bad int) {
	copy(dst, src)
	for from := 0; from < len(dst); from += tile {
		part := dst[from:min(from+tile, len(dst))]
		if finite(part) {
			continue
		}
		if bad := accept(part); bad >= 0 {
			return from + bad
		}
	}
	return -1
}

// accept is take of values that were copied.
func accept(x []float64) (bad int) {
	for i, v := range x {
		switch {
		case v-v == 0:
		case v == v || math.Float64bits(v) == math.Float64bits(unwritten):
			return i
		default:
			x[i] = math.NaN()
		}
	}
	return -1
}

// finite says that no value is NaN or infinite: then their sum is not. It may
// deny it of values so large that a sum of them is infinite. Eight sums, as one
// addition after another would wait for each.
func finite(x []float64) bool {
	var a, b, c, d, e, f, g, h float64
	for len(x) >= 8 {
		a, b, c, d = a+x[0], b+x[1], c+x[2], d+x[3]
		e, f, g, h = e+x[4], f+x[5], g+x[6], h+x[7]
		x = x[8:]
	}
	for _, v := range x {
		a += v
	}
	sum := (a + b + c + d) + (e + f + g + h)
	return sum-sum == 0
}

// snapshot is what an instance's memory and mutable globals are before a call.
type snapshot struct {
	size    uint32 // of the memory, in bytes
	pieces  []piece
	globals []uint64
}

// piece is what is not 0 in a memory: these bytes at an address.
type piece struct {
	at    uint32
	bytes []byte
}

func takeSnapshot(mem api.Memory, globals []api.MutableGlobal) *snapshot {
	s := &snapshot{size: mem.Size()}
	b, _ := mem.Read(0, s.size)
	s.pieces = pieces(b)
	for _, g := range globals {
		s.globals = append(s.globals, g.Get())
	}
	return s
}

// block is how many bytes are looked at together: those that are all 0 belong to
// no piece. To clear them takes half of what it takes to copy them, and a stack
// is 64 KiB of them.
const block = 1 << 10

// pieces are the blocks of b that are not all 0, those side by side as one.
func pieces(b []byte) (all []piece) {
	for at := 0; at < len(b); at += block {
		part := b[at:min(at+block, len(b))]
		if bytes.Equal(part, zeroBlock[:len(part)]) {
			continue
		}
		if last := len(all) - 1; last >= 0 && int(all[last].at)+len(all[last].bytes) == at {
			all[last].bytes = append(all[last].bytes, part...)
			continue
		}
		all = append(all, piece{uint32(at), slices.Clone(part)})
	}
	return all
}

var zeroBlock [block]byte

func (s *snapshot) equal(t *snapshot) bool {
	return s.size == t.size && slices.Equal(s.globals, t.globals) &&
		slices.EqualFunc(s.pieces, t.pieces, func(p, q piece) bool { return p.at == q.at && bytes.Equal(p.bytes, q.bytes) })
}

// restore puts everything back, or says that it cannot because the memory has
// grown, which nothing undoes.
func (s *snapshot) restore(mem api.Memory, globals []api.MutableGlobal) bool {
	if mem.Size() != s.size {
		return false
	}
	b, ok := mem.Read(0, s.size)
	if !ok {
		return false
	}
	from := 0
	for _, p := range s.pieces {
		clear(b[from:p.at])
		from = int(p.at) + copy(b[p.at:], p.bytes)
	}
	clear(b[from:])
	for i, g := range globals {
		g.Set(s.globals[i])
	}
	return true
}
