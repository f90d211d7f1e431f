package bytecode

// Header is what every module begins with: the magic number and version 1 (5.5.16).
const Header = "\x00asm\x01\x00\x00\x00"

// Section identifiers (5.5.2).
const (
	SectionCustom    = 0
	SectionType      = 1
	SectionImport    = 2
	SectionFunction  = 3
	SectionTable     = 4
	SectionMemory    = 5
	SectionGlobal    = 6
	SectionExport    = 7
	SectionStart     = 8
	SectionElement   = 9
	SectionCode      = 10
	SectionData      = 11
	SectionDataCount = 12
)

// sectionRank is the place of each section in a module, custom ones aside (5.5.16): the data count, which came later,
// has the last number and stands before the code.
var sectionRank = [...]int{
	SectionType: 1, SectionImport: 2, SectionFunction: 3, SectionTable: 4, SectionMemory: 5, SectionGlobal: 6,
	SectionExport: 7, SectionStart: 8, SectionElement: 9, SectionDataCount: 10, SectionCode: 11, SectionData: 12,
}

// SectionRank is the place of a section among the others, from 1; 0 for custom and unknown ones.
func SectionRank(id byte) int {
	if int(id) >= len(sectionRank) {
		return 0
	}
	return sectionRank[id]
}

// Value types (5.3.1, 5.3.2) that numbers and vectors have. Reference types are not read.
const (
	I32  = 0x7f
	I64  = 0x7e
	F32  = 0x7d
	F64  = 0x7c
	V128 = 0x7b
)

// IsValueType says whether b is one of I32, I64, F32, F64 and V128.
func IsValueType(b byte) bool { return V128 <= b && b <= I32 }

// FuncRef is the type of a table's elements (5.3.3), FuncForm what a function type begins with (5.3.6), and EmptyBlock
// the type of a block with neither parameters nor results (5.4.1).
const (
	FuncRef    = 0x70
	FuncForm   = 0x60
	EmptyBlock = 0x40
)

// Kinds of imports and exports (5.5.5, 5.5.10).
const (
	KindFunction = 0
	KindTable    = 1
	KindMemory   = 2
	KindGlobal   = 3
)

// PageSize is the unit of a memory's size in bytes (4.2.8).
const PageSize = 64 << 10

// Section is one section of a module.
type Section struct {
	ID       byte
	From, To int // its whole extent in the module, identifier and length included
	Body     Reader
}

// NextSection reads one section.
func (r *Reader) NextSection() Section {
	from := r.at
	id := r.Byte()
	body := r.Part()
	return Section{ID: id, From: from, To: r.at, Body: body}
}
