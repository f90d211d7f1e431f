// Package hostile has a module for each way to misbehave that is known: what it
// does, and what must become of it. The tests of the gate, of the meter, of the
// sandbox and of the API all go through this one list, each as far as a module
// gets with it, and docs/hostile.md is written from it.
//
// worst.go has modules that break no rule and give the compiler as much to do as
// the rules allow, and recipe.go makes more such.
package hostile

import (
	"slices"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// Module is a module that misbehaves.
type Module struct {
	Item  string // of Items that it is an example of; "" for none
	Name  string // what it does
	Bytes []byte
	// Plugin is what it calls itself, where it gets as far as a call.
	Plugin string
	By     By
	// What is the rule of the gate, the check at upload, or the kind of fault: as
	// the API gives it. "" where By says all.
	What string
	// Found and Allowed are the numbers of a rule that has a limit.
	Found, Allowed uint64
	Says           string // a part of the reason that is given
	Bar            *int   // that the reason names
	// Bomb says that the compiler would not get through it with its share, had it
	// come by the gate.
	Bomb bool
}

// By is who deals with a module.
type By string

// Those who do, in the order in which a module comes to them.
const (
	Gate    By = "gate"    // refuses it at upload, before anything else reads it
	Check   By = "check"   // refuses it at upload: validation, description, trial
	Library By = "library" // refuses it at upload, for what others there are
	Call    By = "call"    // ends each call of more than LateBars with a fault
	Nobody  By = "nobody"  // it harms no one, and gives the mean that it describes
)

// LateBars are the most bars with which modules behave that misbehave later. It
// is more than the trial at upload has.
const LateBars = 500

// Items are what the project has promised to withstand: each has a module at
// least.
var Items = []string{
	"infinite loop",
	"exponential calls without a loop",
	"recursion with small frames",
	"recursion with big frames",
	"memory.grow loop",
	"straight-line bulk fills",
	"table fill and grow",
	"100M-entry table",
	"4 GiB memory",
	"data out of bounds",
	"2³²-1 locals",
	"10,000 functions of 50,000 locals",
	"1M functions",
	"1M types",
	"1M globals",
	"200k exports",
	"br_table of 1M",
	"100k nested blocks",
	"100k nested loops",
	"100k nested ifs",
	"loop×local phi bombs of 5 KB",
	"200k calls",
	"call spam that grows when metered",
	"bulk-op spam that grows when metered",
	"wrong signature",
	"missing memory",
	"trap in start",
	"loop in start",
	"unknown imports",
	"socket imports",
	"file imports",
	"malformed LEB",
	"truncation",
	"huge counts",
	"NaN payloads",
	"misaligned result pointers",
	"overlapping result pointers",
	"out-of-bounds result pointers",
	"a Spec that lies",
	"a Spec of 10 MB",
	"a Spec that is not UTF-8",
	"a Spec that claims a native's name",
	"gas tampering through globals",
	"gas tampering through exports",
	"state kept between calls",
	"behaves at check time and misbehaves later",
	"loads that wait for one another",
}

// All are all of them, in the order in which they are dealt with.
func All() []Module {
	return slices.Concat(Format(), Counts(), Compiler(), Lasting(), Contract(), Tampering(), Descriptions(), Runs(), Answers(), Late(), Chases(), Harmless())
}

// refused is a module that the gate refuses by a rule without numbers.
func refused(item, name, rule string, module []byte) Module {
	return Module{Item: item, Name: name, Bytes: module, By: Gate, What: rule}
}

// tooMany is a module that the gate refuses by a rule with a limit.
func tooMany(item, name, rule string, found, allowed uint64, module []byte) Module {
	return Module{Item: item, Name: name, Bytes: module, By: Gate, What: rule, Found: found, Allowed: allowed}
}

// bomb marks a module that the compiler would not get through.
func bomb(m Module) Module {
	m.Bomb = true
	return m
}

// Pieces of modules.
var (
	code   = wt.Code
	repeat = wt.Repeat
	zero   = code(bytecode.I32Const, 0)
)

const (
	i32  = "\x7f"
	i64  = "\x7e"
	end  = bytecode.End
	drop = 0x1a
)

// with changes the smallest good module.
func with(change func(m *wt.Module)) []byte {
	m := wt.Good()
	change(m)
	return m.Bytes()
}

// run is the smallest good module with another ta_run, which ends with a 0 for
// its result.
func run(body []byte, l ...wt.Locals) []byte {
	return wt.GoodRun(code(body, zero), l...).Bytes()
}

// withTable is the smallest good module with a table, and another ta_run.
func withTable(body []byte) []byte {
	m := wt.GoodRun(body)
	m.Table = code(1, bytecode.FuncRef, 0, 1)
	return m.Bytes()
}

// guest is a plugin that is described, but for what a test changes.
func guest(g wt.Guest) []byte {
	if g.Name == "" {
		g.Name = "bad"
	}
	return g.Build()
}

func locals(n uint64) wt.Locals { return wt.Locals{Count: n, Type: bytecode.I64} }

func export(name string, kind byte, index int) wt.Export {
	return wt.Export{Name: name, Kind: kind, Index: index}
}

// importing adds an import of WASI; functions move up by one.
func importing(m *wt.Module, name string, t wt.Type) {
	m.Types = append(m.Types, t)
	m.Imports = []wt.Import{{Module: "wasi_snapshot_preview1", Name: name, Type: len(m.Types) - 1}}
	for i := range m.Exports {
		if m.Exports[i].Kind == bytecode.KindFunction {
			m.Exports[i].Index++
		}
	}
}

// wasi is the smallest good module with an import of WASI.
func wasi(name string, t wt.Type) []byte {
	return with(func(m *wt.Module) { importing(m, name, t) })
}

// nested puts n openings of blocks around nothing.
func nested(n int, opening ...byte) []byte {
	return code(repeat(n, opening), repeat(n, code(end)))
}

func bar(n int) *int { return &n }
