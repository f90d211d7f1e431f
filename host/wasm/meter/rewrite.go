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
func Rewrite(original []byte) ([]byte, error) {
	m := module{in: original, out: make([]byte, 0, 2*len(original))}
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
	in, out []byte

	types     []functionType
	functions []uint32 // the type of each, imported ones first
	imports   int      // of functions
	globals   int      // in the original; gas is the next, stack the one behind
	mutable   []uint32 // those of the globals that can change
	bodies    int

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
		n := r.U32()
		m.writeExports(n, r.Bytes(uint32(r.Left())))
		return nil
	case bytecode.SectionCode:
		return m.codeSection(r)
	case bytecode.SectionStart:
		return errors.New("a start function would run without gas")
	case bytecode.SectionImport:
		m.importSection(r)
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
	m.write(bytecode.SectionType, n+extra, m.in[from:r.Offset()], added)
	return nil
}

// importSection reads the imports, all of which are functions.
func (m *module) importSection(r *bytecode.Reader) {
	for n := r.U32(); n > 0 && r.Err() == nil; n-- {
		r.Name()
		r.Name()
		if at := r.Offset(); r.Byte() != bytecode.KindFunction {
			r.Fail(at, "an import that is not a function")
		}
		m.functions = append(m.functions, r.U32())
		m.imports++
	}
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

// writeExports writes the module's own n exports, then the counters and all mutable globals.
func (m *module) writeExports(n uint32, own []byte) {
	var added []byte
	export := func(name string, global uint64) {
		added = binary.AppendUvarint(added, uint64(len(name)))
		added = append(added, name...)
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
