package meter

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
)

// Rewrite gives the metered form of a module that gate.Check let through. It does not change its argument. It refuses
// again whatever could make an invalid module valid; of other modules than the gate lets through it gives an error, or
// a module that the engine refuses, and may take long and much memory over it.
func Rewrite(original []byte) ([]byte, error) { return rewrite(original, false) }

// RewriteRefilled is Rewrite, but for what happens when the gas has run out: the module calls the host, as RefillModule
// and RefillFunction say, which gives enough or ends the call. So the host can let a call go on for
// long and yet not have it hold a processor for long. It computes the same bits, for the same gas, and is slower.
func RewriteRefilled(original []byte) ([]byte, error) { return rewrite(original, true) }

func rewrite(original []byte, refilled bool) ([]byte, error) {
	m := module{in: original, out: make([]byte, 0, 2*len(original)), refilled: refilled}
	if err := m.rewrite(); err != nil {
		return nil, fmt.Errorf("meter: %w", err)
	}
	return m.out, nil
}

// functionType is one entry of the type section.
type functionType struct {
	params, results []byte
	// block is the type, as it stands in a block, of one that takes nothing and gives the results.
	block []byte
}

// module is a module that has been rewritten up to some section.
type module struct {
	in, out  []byte
	refilled bool // the host is asked for more gas, by a function that is imported behind the others

	types      []functionType
	refillType uint32   // the index of that of the imported function
	functions  []uint32 // the type of each, imported ones first
	imports    int      // of functions
	globals    int      // in the original; gas is the next, stack the one behind
	mutable    []uint32 // those of the globals that can change
	bodies     int

	// Room that is used again for each body.
	body   []byte
	edits  []edit
	frames []frame
}

func (m *module) rewrite() error {
	r := bytecode.NewReader(m.in)
	if string(r.Bytes(uint32(len(bytecode.Header)))) != bytecode.Header {
		return errors.New("not a WebAssembly module of version 1")
	}
	m.out = append(m.out, bytecode.Header...)
	last := 0
	for r.More() {
		s := r.NextSection()
		if r.Err() != nil || s.ID == bytecode.SectionCustom {
			continue
		}
		rank := bytecode.SectionRank(s.ID)
		if rank <= last {
			return fmt.Errorf("section %d is unknown or out of order", s.ID)
		}
		m.addMissing(last, rank)
		if err := m.rewriteSection(&s); err != nil {
			return err
		}
		if err := s.Body.Err(); err != nil {
			return err
		}
		last = rank
	}
	m.addMissing(last, bytecode.SectionRank(bytecode.SectionData)+1)
	return r.Err()
}

// addMissing writes the sections that the meter needs and that the module does not have between two ranks.
func (m *module) addMissing(last, next int) {
	if rank := bytecode.SectionRank(bytecode.SectionImport); m.refilled && last < rank && rank < next {
		m.writeImports(0, nil)
	}
	if rank := bytecode.SectionRank(bytecode.SectionGlobal); last < rank && rank < next {
		m.writeGlobals(nil)
	}
	if rank := bytecode.SectionRank(bytecode.SectionExport); last < rank && rank < next {
		m.writeExports(0, nil)
	}
}

func (m *module) rewriteSection(s *bytecode.Section) error {
	r := &s.Body
	switch s.ID {
	case bytecode.SectionType:
		return m.typeSection(r)
	case bytecode.SectionGlobal:
		return m.globalSection(r)
	case bytecode.SectionExport:
		m.exportSection(r)
		return nil
	case bytecode.SectionElement:
		return m.elementSection(r)
	case bytecode.SectionCode:
		return m.codeSection(r)
	case bytecode.SectionStart:
		return errors.New("a start function would run without gas")
	case bytecode.SectionImport:
		m.importSection(r)
		return nil
	case bytecode.SectionFunction:
		for n := r.U32(); n > 0 && r.Err() == nil; n-- {
			m.functions = append(m.functions, r.U32())
		}
	}
	m.out = append(m.out, m.in[s.From:s.To]...)
	return nil
}

// write writes a section that is a vector of so many entries.
func (m *module) write(id byte, entries uint32, contents ...[]byte) {
	count := binary.AppendUvarint(nil, uint64(entries))
	size := len(count)
	for _, c := range contents {
		size += len(c)
	}
	m.out = append(m.out, id)
	m.out = binary.AppendUvarint(m.out, uint64(size))
	m.out = append(m.out, count...)
	for _, c := range contents {
		m.out = append(m.out, c...)
	}
}

// typeSection reads the types, and adds for each that has several results one that has these and no parameters: a
// block that gives several values names its type by index.
func (m *module) typeSection(r *bytecode.Reader) error {
	n := r.U32()
	from := r.Offset()
	var added []byte
	extra := uint32(0)
	for i := uint32(0); i < n && r.Err() == nil; i++ {
		if r.Byte() != bytecode.FuncForm {
			return errors.New("a type that is not of a function")
		}
		t := functionType{params: r.Bytes(r.U32()), results: r.Bytes(r.U32())}
		switch len(t.results) {
		case 0:
			t.block = []byte{bytecode.EmptyBlock}
		case 1:
			t.block = t.results
		default:
			t.block = appendSigned(nil, int64(n)+int64(extra))
			extra++
			added = append(added, bytecode.FuncForm, 0)
			added = binary.AppendUvarint(added, uint64(len(t.results)))
			added = append(added, t.results...)
		}
		m.types = append(m.types, t)
	}
	own := m.in[from:r.Offset()]
	if m.refilled {
		m.refillType = n + extra
		extra++
		added = append(added, bytecode.FuncForm, 0, 0)
	}
	m.write(bytecode.SectionType, n+extra, own, added)
	return nil
}

// importSection reads the imports, all of which are functions.
func (m *module) importSection(r *bytecode.Reader) {
	n := r.U32()
	from := r.Offset()
	for i := n; i > 0 && r.Err() == nil; i-- {
		r.Name()
		r.Name()
		if at := r.Offset(); r.Byte() != bytecode.KindFunction {
			r.Fail(at, "an import that is not a function")
		}
		m.functions = append(m.functions, r.U32())
		m.imports++
	}
	m.writeImports(n, m.in[from:r.Offset()])
}

// writeImports writes the module's own n imports, and behind them the one that asks for gas.
func (m *module) writeImports(n uint32, own []byte) {
	var added []byte
	if m.refilled {
		n++
		added = appendName(appendName(added, RefillModule), RefillFunction)
		added = append(added, bytecode.KindFunction)
		added = binary.AppendUvarint(added, uint64(m.refillType))
	}
	m.write(bytecode.SectionImport, n, own, added)
}

// moved is the index that a function of the original has in what is written: those with bodies come behind the one that
// is imported more.
func (m *module) moved(function uint32) uint64 {
	if m.refilled && int64(function) >= int64(m.imports) {
		return uint64(function) + 1
	}
	return uint64(function)
}

// elementSection writes the elements with the functions' new indexes. They are of the forms 0 and 2 (5.5.12), as the gate
// has it.
func (m *module) elementSection(r *bytecode.Reader) error {
	n := r.U32()
	var out []byte
	for i := n; i > 0 && r.Err() == nil; i-- {
		from := r.Offset()
		form := r.U32()
		if form == 2 {
			r.U32() // the table
		} else if form != 0 {
			return errors.New("elements of a form that the gate refuses")
		}
		if r.NextInstruction(); r.NextInstruction().Op != bytecode.End {
			return errors.New("elements whose place is not a constant")
		}
		if form == 2 {
			r.Byte() // that they are functions
		}
		out = append(out, m.in[from:r.Offset()]...)
		count := r.U32()
		out = binary.AppendUvarint(out, uint64(count))
		for ; count > 0 && r.Err() == nil; count-- {
			out = binary.AppendUvarint(out, m.moved(r.U32()))
		}
	}
	m.write(bytecode.SectionElement, n, out)
	return nil
}

// globalSection reads the globals and adds the two counters behind them.
func (m *module) globalSection(r *bytecode.Reader) error {
	n := r.U32()
	from := r.Offset()
	for i := uint32(0); i < n && r.Err() == nil; i++ {
		r.Byte()
		if r.Byte() == 1 {
			m.mutable = append(m.mutable, i)
		}
		if r.NextInstruction(); r.NextInstruction().Op != bytecode.End {
			return errors.New("a global whose initial value is not a constant")
		}
		m.globals++
	}
	m.writeGlobals(m.in[from:r.Offset()])
	return nil
}

func (m *module) gas() uint64   { return uint64(m.globals) }
func (m *module) stack() uint64 { return uint64(m.globals) + 1 }

// writeGlobals writes the module's own globals, then gas and stack, each mutable and 0.
func (m *module) writeGlobals(own []byte) {
	counters := []byte{
		bytecode.I64, 1, byte(bytecode.I64Const), 0, byte(bytecode.End),
		bytecode.I32, 1, byte(bytecode.I32Const), 0, byte(bytecode.End),
	}
	m.write(bytecode.SectionGlobal, uint32(m.globals)+2, own, counters)
}

// exportSection writes the exports with the functions' new indexes.
func (m *module) exportSection(r *bytecode.Reader) {
	n := r.U32()
	var own []byte
	for i := n; i > 0 && r.Err() == nil; i-- {
		from := r.Offset()
		r.Name()
		kind := r.Byte()
		own = append(own, m.in[from:r.Offset()]...)
		index := uint64(r.U32())
		if kind == bytecode.KindFunction {
			index = m.moved(uint32(index))
		}
		own = binary.AppendUvarint(own, index)
	}
	m.writeExports(n, own)
}

// writeExports writes the module's own n exports, then the counters and all mutable globals.
func (m *module) writeExports(n uint32, own []byte) {
	var added []byte
	export := func(name string, global uint64) {
		added = appendName(added, name)
		added = append(added, bytecode.KindGlobal)
		added = binary.AppendUvarint(added, global)
		n++
	}
	export(GasGlobal, m.gas())
	export(StackGlobal, m.stack())
	for i, global := range m.mutable {
		export(GlobalName(i), uint64(global))
	}
	m.write(bytecode.SectionExport, n, own, added)
}

// appendName appends a name (5.2.4).
func appendName(b []byte, name string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(name))), name...)
}

// appendSigned appends v as signed LEB128 (5.2.2).
func appendSigned(b []byte, v int64) []byte {
	for {
		c := byte(v & 0x7f)
		v >>= 7
		if v == 0 && c&0x40 == 0 || v == -1 && c&0x40 != 0 {
			return append(b, c)
		}
		b = append(b, c|0x80)
	}
}
