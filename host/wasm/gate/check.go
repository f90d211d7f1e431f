// Package gate looks at an uploaded WebAssembly module before anything else does, and refuses what would be dangerous
// to decode, compile or run: see the rules in rejection.go and their limits in limits.go. It reads the bytes once,
// front to back, and allocates nothing by counts that the module only claims to have.
//
// It is not a validator: the types of operands are left to the compiler, which checks them in the module as the meter
// rewrote it. That loses nothing. What the meter inserts leaves the operand stack and the labels as they were, and
// the gate checks every index of every instruction and section against what the module itself declares; so an
// instruction that is wrong in the uploaded module is wrong in the rewritten one, and cannot mean a local or global
// that the meter added. (A module may otherwise be invalid by one index, valid once the meter has added a global, and
// then write to its own gas.)
package gate

import (
	"errors"
	"fmt"
	"strings"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
)

const pageSize = bytecode.PageSize

// Info is what the gate learnt of a module that it let through.
type Info struct {
	Tier          Tier
	Functions     int    // with bodies
	Imports       int    // functions of WASIModule
	Globals       int    // mutable or not
	MinPages      uint32 // memory at the start, in 64 KiB
	HasBar        bool   // exports ta_bar
	HasInitialize bool   // exports _initialize

	// The largest of any one function, for comparison with the limits.
	Body, Locals, Nest, LoopNest, Product, Labels, Charges, Parts int

	Work int // of all functions: see RuleWork
}

// Check reads a module and gives what it found, or a *Rejection for the first rule that the module breaks. It keeps no
// reference to the bytes.
func Check(module []byte) (Info, error) {
	c := newChecker(module)
	if err := c.check(); err != nil {
		var format *bytecode.FormatError
		if errors.As(err, &format) {
			err = &Rejection{Rule: RuleFormat, Offset: format.Offset, Detail: format.What}
		}
		return Info{}, err
	}
	return c.info, nil
}

// checker has read a part of a module.
type checker struct {
	module []byte
	info   Info

	types     []signature
	functions []uint16 // the type of each, imported ones first
	table     uint32   // entries
	hasTable  bool
	hasMemory bool
	mutable   []bool // of each global
	memory    bool   // exported
	exported  []bool // of each entry of abi
	entries   int    // of all element segments
	dataCount int    // -1 if not declared
	data      int
	bodies    int
	allLabels int
	indirect  int

	// steps counts what was looked at: sections, entries of sections, value types, groups of locals, instructions and
	// labels. Each is a byte long at least and is looked at once, so that there are no more steps than bytes.
	steps int
}

func newChecker(module []byte) *checker {
	c := &checker{module: module, dataCount: -1, exported: make([]bool, len(abi))}
	if len(module) > MaxSmallBytes {
		c.info.Tier = Large
	}
	return c
}

func (c *checker) limits() *limits { return &tiers[c.info.Tier] }

// refuse is a rejection by a rule without numbers.
func refuse(rule Rule, offset int, format string, args ...any) error {
	return &Rejection{Rule: rule, Offset: offset, Detail: fmt.Sprintf(format, args...)}
}

// atMost rejects a number over its limit.
func atMost[N int | uint32](rule Rule, offset int, found N, allowed N) error {
	if found > allowed {
		return &Rejection{Rule: rule, Offset: offset, Found: uint64(found), Allowed: uint64(allowed)}
	}
	return nil
}

// below rejects an index that is not below the number of things there are.
func below(what string, offset int, index uint32, count int) error {
	if uint64(index) >= uint64(count) {
		return refuse(RuleIndex, offset, "%s %d of %d", what, index, count)
	}
	return nil
}

// CheckSize is the first rule, for who knows how long a module is before it has it.
// The error is a *Rejection.
func CheckSize(bytes int) error { return atMost(RuleSize, 0, bytes, Large.MaxBytes()) }

func (c *checker) check() error {
	if err := CheckSize(len(c.module)); err != nil {
		return err
	}
	if !strings.HasPrefix(string(c.module[:min(len(c.module), len(bytecode.Header))]), bytecode.Header) {
		return refuse(RuleFormat, 0, "not a WebAssembly module of version 1")
	}
	r := bytecode.NewReaderAt(c.module, len(bytecode.Header), len(c.module))
	for last := 0; r.More(); c.steps++ {
		s := r.NextSection()
		if err := r.Err(); err != nil {
			return err
		}
		if s.ID != bytecode.SectionCustom {
			rank := bytecode.SectionRank(s.ID)
			if rank == 0 {
				return refuse(RuleSection, s.From, "section %d is unknown", s.ID)
			}
			if rank <= last {
				return refuse(RuleSection, s.From, "section %d is out of order", s.ID)
			}
			last = rank
		}
		body := s.Body
		if err := c.section(s.ID, &body); err != nil {
			return err
		}
		body.Done()
		if err := body.Err(); err != nil {
			return err
		}
	}
	return c.whole()
}

// section reads one section. It may return before the end if r has met a fault, which its caller looks for.
func (c *checker) section(id byte, r *bytecode.Reader) error {
	switch id {
	case bytecode.SectionType:
		return c.typeSection(r)
	case bytecode.SectionImport:
		return c.importSection(r)
	case bytecode.SectionFunction:
		return c.functionSection(r)
	case bytecode.SectionTable:
		return c.tableSection(r)
	case bytecode.SectionMemory:
		return c.memorySection(r)
	case bytecode.SectionGlobal:
		return c.globalSection(r)
	case bytecode.SectionExport:
		return c.exportSection(r)
	case bytecode.SectionStart:
		return refuse(RuleStart, r.Offset(), "a start function runs before the host has set its limits")
	case bytecode.SectionElement:
		return c.elementSection(r)
	case bytecode.SectionDataCount:
		at := r.Offset()
		c.dataCount = int(r.U32())
		return atMost(RuleData, at, c.dataCount, c.limits().data)
	case bytecode.SectionCode:
		return c.codeSection(r)
	case bytecode.SectionData:
		return c.dataSection(r)
	default: // custom: a name, and bytes that the meter drops
		r.Name()
		r.Bytes(uint32(r.Left()))
		return nil
	}
}

// whole is what can be said when all sections have been read.
func (c *checker) whole() error {
	end := len(c.module)
	switch {
	case c.bodies != c.info.Functions:
		return refuse(RuleSection, end, "%d functions are declared and %d have bodies", c.info.Functions, c.bodies)
	case c.dataCount >= 0 && c.dataCount != c.data:
		return refuse(RuleSection, end, "%d data segments are declared and there are %d", c.dataCount, c.data)
	case !c.hasMemory:
		return refuse(RuleMemory, end, "the module has no memory")
	case !c.memory:
		return refuse(RuleExport, end, "the memory is not exported as %q", ExportMemory)
	}
	for i, e := range abi {
		if e.required && !c.exported[i] {
			return refuse(RuleExport, end, "%s: %s is not exported", e.name, e.signature)
		}
	}
	return nil
}

func (c *checker) typeSection(r *bytecode.Reader) error {
	at := r.Offset()
	n := r.U32()
	if err := atMost(RuleTypes, at, n, MaxTypes); err != nil {
		return err
	}
	for ; n > 0 && r.Err() == nil; n-- {
		c.steps++
		at := r.Offset()
		if r.Byte() != bytecode.FuncForm && r.Err() == nil {
			return refuse(RuleType, at, "a type that is not of a function")
		}
		params, err := valueTypes(r, RuleParameters, MaxParameters)
		if err != nil {
			return err
		}
		results, err := valueTypes(r, RuleResults, MaxResults)
		if err != nil {
			return err
		}
		c.types = append(c.types, signature{params, results})
		c.steps += len(params) + len(results)
	}
	return nil
}

// valueTypes reads a vector of value types.
func valueTypes(r *bytecode.Reader, rule Rule, limit uint32) (string, error) {
	at := r.Offset()
	n := r.U32()
	if err := atMost(rule, at, n, limit); err != nil {
		return "", err
	}
	at = r.Offset()
	types := r.Bytes(n)
	for i, t := range types {
		if !bytecode.IsValueType(t) {
			return "", refuse(RuleType, at+i, "value type %#x is not a number or vector", t)
		}
	}
	return string(types), nil
}

func (c *checker) importSection(r *bytecode.Reader) error {
	at := r.Offset()
	n := r.U32()
	if err := atMost(RuleImports, at, n, MaxImports); err != nil {
		return err
	}
	for ; n > 0 && r.Err() == nil; n-- {
		c.steps++
		at := r.Offset()
		module, name := r.Name(), r.Name()
		kind := r.Byte()
		if r.Err() != nil {
			return nil
		}
		want, ok := wasi[string(name)]
		if string(module) != WASIModule || !ok || kind != bytecode.KindFunction {
			return refuse(RuleImport, at, "%.64q.%.64q is not among the functions that may be imported", module, name)
		}
		index := r.U32()
		if err := below("type", at, index, len(c.types)); err != nil {
			return err
		}
		if got := c.types[index]; got != want {
			return refuse(RuleImport, at, "%s.%s is %s and was declared as %s", module, name, want, got)
		}
		c.info.Tier = Large
		c.info.Imports++
		c.functions = append(c.functions, uint16(index))
	}
	return nil
}

func (c *checker) functionSection(r *bytecode.Reader) error {
	at := r.Offset()
	n := r.U32()
	if err := atMost(RuleFunctions, at, n, uint32(c.limits().functions)); err != nil {
		return err
	}
	c.info.Functions = int(n)
	for ; n > 0 && r.Err() == nil; n-- {
		c.steps++
		at := r.Offset()
		index := r.U32()
		if err := below("type", at, index, len(c.types)); err != nil {
			return err
		}
		c.functions = append(c.functions, uint16(index))
	}
	return nil
}

// size reads the limits of a table or memory (5.3.7), of which only the minimum matters: the compiler checks that
// the maximum is not below it, and the host has a limit of its own.
func size(r *bytecode.Reader, rule Rule) (uint32, error) {
	at := r.Offset()
	flag := r.Byte()
	if flag > 1 {
		return 0, refuse(rule, at, "shared or of 64 bits")
	}
	least := r.U32()
	if flag == 1 {
		r.U32()
	}
	return least, nil
}

func (c *checker) tableSection(r *bytecode.Reader) error {
	at := r.Offset()
	n := r.U32()
	if err := atMost(RuleTable, at, n, 1); err != nil || n == 0 {
		return err
	}
	at = r.Offset()
	if r.Byte() != bytecode.FuncRef && r.Err() == nil {
		return refuse(RuleTable, at, "a table of something else than functions")
	}
	least, err := size(r, RuleTable)
	if err != nil {
		return err
	}
	c.hasTable, c.table = true, least
	return atMost(RuleTableSize, at, least, c.limits().table)
}

func (c *checker) memorySection(r *bytecode.Reader) error {
	at := r.Offset()
	n := r.U32()
	if err := atMost(RuleMemory, at, n, 1); err != nil || n == 0 {
		return err
	}
	at = r.Offset()
	least, err := size(r, RuleMemory)
	if err != nil {
		return err
	}
	c.hasMemory, c.info.MinPages = true, least
	return atMost(RuleMemorySize, at, least, c.info.Tier.MaxPages())
}

func (c *checker) globalSection(r *bytecode.Reader) error {
	at := r.Offset()
	n := r.U32()
	if err := atMost(RuleGlobals, at, n, MaxGlobals); err != nil {
		return err
	}
	c.info.Globals = int(n)
	for ; n > 0 && r.Err() == nil; n-- {
		c.steps++
		at := r.Offset()
		if t := r.Byte(); !bytecode.IsValueType(t) && r.Err() == nil {
			return refuse(RuleType, at, "value type %#x is not a number or vector", t)
		}
		mutable := r.Byte()
		if mutable > 1 {
			return refuse(RuleGlobal, at, "neither mutable nor constant")
		}
		c.mutable = append(c.mutable, mutable == 1)
		in := r.NextInstruction()
		switch in.Op {
		case bytecode.I32Const, bytecode.I64Const, bytecode.F32Const, bytecode.F64Const, bytecode.V128Const:
		default:
			return refuse(RuleGlobal, at, "its initial value is not a constant")
		}
		if r.NextInstruction().Op != bytecode.End && r.Err() == nil {
			return refuse(RuleGlobal, at, "its initial value is more than a constant")
		}
	}
	return nil
}

func (c *checker) exportSection(r *bytecode.Reader) error {
	at := r.Offset()
	n := r.U32()
	if err := atMost(RuleExports, at, n, MaxExports); err != nil {
		return err
	}
	names := make(map[string]bool)
	for ; n > 0 && r.Err() == nil; n-- {
		c.steps++
		at := r.Offset()
		name := string(r.Name())
		kind := r.Byte()
		index := r.U32()
		if r.Err() != nil {
			return nil
		}
		if names[name] {
			return refuse(RuleExport, at, "%.64q is exported twice", name)
		}
		names[name] = true
		count, what := 0, ""
		switch kind {
		case bytecode.KindFunction:
			count, what = len(c.functions), "function"
		case bytecode.KindTable:
			what = "table"
			if c.hasTable {
				count = 1
			}
		case bytecode.KindMemory:
			what = "memory"
			if c.hasMemory {
				count = 1
			}
		case bytecode.KindGlobal:
			count, what = len(c.mutable), "global"
		default:
			return refuse(RuleExport, at, "%.64q is of unknown kind %d", name, kind)
		}
		if err := below(what, at, index, count); err != nil {
			return err
		}
		if err := c.export(at, name, kind, index); err != nil {
			return err
		}
	}
	return nil
}

// export checks one export, whose index is in range, against the ABI.
func (c *checker) export(at int, name string, kind byte, index uint32) error {
	if strings.HasPrefix(name, ReservedPrefix) {
		return refuse(RuleExport, at, "%.64q: names that begin with %s are kept for the host", name, ReservedPrefix)
	}
	if name == ExportMemory {
		if kind != bytecode.KindMemory {
			return refuse(RuleExport, at, "%q is not the memory", name)
		}
		c.memory = true
		return nil
	}
	for i, e := range abi {
		if e.name != name {
			continue
		}
		if kind != bytecode.KindFunction || c.types[c.functions[index]] != e.signature {
			return refuse(RuleExport, at, "%s is not a function %s", name, e.signature)
		}
		if c.info.Tier < e.tier {
			return refuse(RuleExport, at, "%s may be exported by %s modules only", name, e.tier)
		}
		c.exported[i] = true
		c.info.HasBar = c.info.HasBar || name == ExportBar
		c.info.HasInitialize = c.info.HasInitialize || name == ExportInitialize
	}
	return nil
}

// address reads the constant expression that places a segment.
func address(r *bytecode.Reader) (uint32, error) {
	at := r.Offset()
	if op := r.Byte(); bytecode.Opcode(op) != bytecode.I32Const && r.Err() == nil {
		return 0, refuse(RuleSegment, at, "its place is not a constant")
	}
	v := uint32(r.Signed(32))
	if op := r.Byte(); bytecode.Opcode(op) != bytecode.End && r.Err() == nil {
		return 0, refuse(RuleSegment, at, "its place is more than a constant")
	}
	return v, nil
}

func (c *checker) elementSection(r *bytecode.Reader) error {
	at := r.Offset()
	n := r.U32()
	if err := atMost(RuleElements, at, n, uint32(c.limits().elements)); err != nil {
		return err
	}
	for ; n > 0 && r.Err() == nil; n-- {
		c.steps++
		at := r.Offset()
		// Of the eight forms (5.5.12) only those that fill the table with functions, without (0) and with (2) its
		// index: the others serve instructions that are refused.
		form := r.U32()
		if form != 0 && form != 2 {
			return refuse(RuleSegment, at, "elements of form %d", form)
		}
		if form == 2 && r.U32() != 0 || !c.hasTable {
			return refuse(RuleIndex, at, "elements of a table that is not declared")
		}
		place, err := address(r)
		if err != nil {
			return err
		}
		if form == 2 && r.Byte() != 0 {
			return refuse(RuleSegment, at, "elements that are not functions")
		}
		from := r.Offset()
		count := r.U32()
		if r.Err() == nil && uint64(place)+uint64(count) > uint64(c.table) {
			return refuse(RuleSegment, at, "elements %d to %d of a table of %d", place, uint64(place)+uint64(count), c.table)
		}
		c.entries += int(count)
		if err := atMost(RuleEntries, from, c.entries, c.limits().entries); err != nil {
			return err
		}
		for ; count > 0 && r.Err() == nil; count-- {
			c.steps++
			at := r.Offset()
			if err := below("function", at, r.U32(), len(c.functions)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *checker) dataSection(r *bytecode.Reader) error {
	at := r.Offset()
	n := r.U32()
	if err := atMost(RuleData, at, n, uint32(c.limits().data)); err != nil {
		return err
	}
	c.data = int(n)
	for ; n > 0 && r.Err() == nil; n-- {
		c.steps++
		at := r.Offset()
		form := r.U32() // 0 active, 1 passive, 2 active with a memory index (5.5.14)
		if form > 2 || form == 2 && r.U32() != 0 {
			return refuse(RuleSegment, at, "data of another memory, or of form %d", form)
		}
		if form == 1 {
			r.Bytes(r.U32())
			continue
		}
		if !c.hasMemory {
			return refuse(RuleIndex, at, "data of a memory that is not declared")
		}
		place, err := address(r)
		if err != nil {
			return err
		}
		end := uint64(place) + uint64(len(r.Bytes(r.U32())))
		if room := uint64(c.info.MinPages) * pageSize; end > room {
			return refuse(RuleSegment, at, "data up to byte %d of a memory of %d", end, room)
		}
	}
	return nil
}
