package candle

import "encoding/binary"

// flat reads a flatbuffer from a stranger. A place outside of it reads as 0 and
// makes it bad; nothing is allocated by a length that it claims, and its tables
// are followed to a fixed depth, so that none can lead in circles.
//
// The format is https://flatbuffers.dev/internals: offsets are from where they
// stand, and a table begins with the distance back to its vtable, which has its
// own size, the table's size, and the place of every field.
type flat struct {
	b   []byte
	bad bool
}

func (f *flat) bytes(at, n int) []byte {
	if at < 0 || n < 0 || n > len(f.b) || at > len(f.b)-n {
		f.bad = true
		return make([]byte, 8) // no value is longer
	}
	return f.b[at : at+n]
}

func (f *flat) u8(at int) int    { return int(f.bytes(at, 1)[0]) }
func (f *flat) u16(at int) int   { return int(binary.LittleEndian.Uint16(f.bytes(at, 2))) }
func (f *flat) u32(at int) int   { return int(binary.LittleEndian.Uint32(f.bytes(at, 4))) }
func (f *flat) i32(at int) int   { return int(int32(binary.LittleEndian.Uint32(f.bytes(at, 4)))) }
func (f *flat) i64(at int) int64 { return int64(binary.LittleEndian.Uint64(f.bytes(at, 8))) }

// follow returns where the offset at that place leads.
func (f *flat) follow(at int) int { return at + f.u32(at) }

// field returns where field n of a table is; ok is false when it has its default.
func (f *flat) field(table, n int) (at int, ok bool) {
	vtable := table - f.i32(table)
	slot := 4 + 2*n
	if slot+2 > f.u16(vtable) {
		return 0, false
	}
	offset := f.u16(vtable + slot)
	return table + offset, offset != 0
}

// table returns the table that field n of a table leads to.
func (f *flat) table(table, n int) (at int, ok bool) {
	if at, ok = f.field(table, n); ok {
		at = f.follow(at)
	}
	return at, ok
}

// vector returns the first of count elements of so many bytes that field n of a
// table leads to; all of them are inside.
func (f *flat) vector(table, n, size int) (first, count int) {
	at, ok := f.table(table, n)
	if !ok {
		return 0, 0
	}
	count = f.u32(at)
	f.bytes(at+4, count*size)
	if f.bad {
		return 0, 0
	}
	return at + 4, count
}

// small returns field n, an integer of 1 or 2 bytes.
func (f *flat) small(table, n, size, absent int) int {
	at, ok := f.field(table, n)
	switch {
	case !ok:
		return absent
	case size == 1:
		return f.u8(at)
	}
	return f.u16(at)
}
