// Package bytecode reads the binary format of WebAssembly, one piece at a time and without allocating: numbers, names,
// sections and instructions. The gate and the meter read modules through it, so that the two cannot disagree about
// where an instruction ends. It knows the shape of a module and none of the limits that the service puts on one.
//
// Chapters and section numbers in comments are those of the WebAssembly core specification, version 2.0.
package bytecode

import (
	"fmt"
	"unicode/utf8"
)

// FormatError says where the bytes stop being WebAssembly.
type FormatError struct {
	Offset int    // in the module
	What   string // what was being read, and what is wrong with it
}

// Error gives the fault and its offset.
func (e *FormatError) Error() string { return fmt.Sprintf("offset %d: %s", e.Offset, e.What) }

// Reader reads a module, or a part of one, from front to back. Offsets are those of the whole module, in a part too.
// After the first fault every read gives zero and More says no, so a loop over a broken module ends; Err has the fault.
type Reader struct {
	module []byte // up to the end of the part
	at     int
	fault  *FormatError
}

// NewReader begins at the first byte of module.
func NewReader(module []byte) Reader { return Reader{module: module} }

// NewReaderAt reads module[from:to].
func NewReaderAt(module []byte, from, to int) Reader { return Reader{module: module[:to], at: from} }

// Offset is where the next byte will come from.
func (r *Reader) Offset() int { return r.at }

// Left is the number of bytes not yet read.
func (r *Reader) Left() int { return len(r.module) - r.at }

// More says whether bytes are left and no fault was met.
func (r *Reader) More() bool { return r.fault == nil && r.at < len(r.module) }

// Err is the first fault, or nil.
func (r *Reader) Err() error {
	if r.fault == nil {
		return nil
	}
	return r.fault
}

// Fail records a fault at an offset, unless there is one already.
func (r *Reader) Fail(offset int, what string) {
	if r.fault == nil {
		r.fault = &FormatError{Offset: offset, What: what}
	}
}

// Byte reads one byte.
func (r *Reader) Byte() byte {
	if r.fault != nil {
		return 0
	}
	if r.at >= len(r.module) {
		r.Fail(r.at, "the module or section ends too early")
		return 0
	}
	c := r.module[r.at]
	r.at++
	return c
}

// U32 reads an unsigned LEB128 number of 32 bits (5.2.2).
func (r *Reader) U32() uint32 {
	if r.fault == nil && r.at < len(r.module) && r.module[r.at] < 0x80 { // nearly all of them
		r.at++
		return uint32(r.module[r.at-1])
	}
	from, v := r.at, uint32(0)
	for shift := 0; ; shift += 7 {
		c := r.Byte()
		if shift == 28 && c > 0x0f {
			r.Fail(from, "a number does not fit 32 bits")
			return 0
		}
		v |= uint32(c&0x7f) << shift
		if c < 0x80 {
			return v
		}
	}
}

// Signed reads a signed LEB128 number of 32, 33 or 64 bits.
func (r *Reader) Signed(bits int) int64 {
	from, v := r.at, int64(0)
	for shift := 0; ; shift += 7 {
		c := r.Byte()
		v |= int64(c&0x7f) << shift
		left := bits - shift // bits that this byte may still give
		if left <= 7 {
			// What lies above the number's own bits must repeat its sign, and nothing may follow.
			sign := int8(c<<1) >> left // left >= 1: 32 = 4*7+4, 33 = 4*7+5, 64 = 9*7+1
			if c >= 0x80 || sign != 0 && sign != -1 {
				r.Fail(from, "a number does not fit its width")
				return 0
			}
		}
		if c < 0x80 {
			if n := 64 - shift - 7; n > 0 {
				v = v << n >> n
			}
			return v
		}
	}
}

// Bytes reads n bytes, which stay part of the module.
func (r *Reader) Bytes(n uint32) []byte {
	if r.fault != nil {
		return nil
	}
	if uint64(n) > uint64(r.Left()) {
		r.Fail(r.at, "a length reaches past the end of the module or section")
		return nil
	}
	b := r.module[r.at : r.at+int(n)]
	r.at += int(n)
	return b
}

// Name reads a length and that many bytes of UTF-8 (5.2.4).
func (r *Reader) Name() []byte {
	from := r.at
	b := r.Bytes(r.U32())
	if !utf8.Valid(b) {
		r.Fail(from, "a name is not UTF-8")
	}
	return b
}

// Part reads a length and gives a Reader of that many bytes, which are skipped here.
func (r *Reader) Part() Reader {
	n := r.U32()
	from := r.at
	if r.Bytes(n); r.fault != nil {
		return Reader{fault: r.fault}
	}
	return Reader{module: r.module[:r.at], at: from}
}

// Done records a fault if bytes are left, which the part should not have had.
func (r *Reader) Done() {
	if r.More() {
		r.Fail(r.at, "bytes are left over at the end of a section or body")
	}
}
