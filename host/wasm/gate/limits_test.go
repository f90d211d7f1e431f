package gate_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"

	. "github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// counted adds to a good module what a rule counts, until there are n of it.
var counted = map[Rule]func(m *module, n int, all map[Rule]uint64){
	RuleSize: func(m *module, n int, _ map[Rule]uint64) {
		m.Custom = code(0, make([]byte, n/2)) // by halves, as the length of the length is not known
		m.Custom = append(m.Custom, make([]byte, n-len(m.Bytes()))...)
	},
	RuleTypes: func(m *module, n int, _ map[Rule]uint64) {
		m.Types = append(m.Types, make([]wasmtest.Type, n-len(m.Types))...)
	},
	RuleParameters: func(m *module, n int, _ map[Rule]uint64) {
		m.Types = append(m.Types, wasmtest.Type{Params: strings.Repeat("\x7f", n)})
	},
	RuleResults: func(m *module, n int, _ map[Rule]uint64) {
		m.Types = append(m.Types, wasmtest.Type{Results: strings.Repeat("\x7f", n)})
	},
	RuleImports: func(m *module, n int, _ map[Rule]uint64) {
		for len(m.Imports) < n {
			m.Imports = append(m.Imports, m.Imports[0])
			for i := range m.Exports[1:] {
				m.Exports[1+i].Index++
			}
		}
	},
	RuleFunctions: func(m *module, n int, _ map[Rule]uint64) {
		for len(m.Funcs) < n {
			m.Add(wasmtest.Func{Type: wasmtest.TypeNone})
		}
	},
	RuleTable: func(m *module, n int, _ map[Rule]uint64) {
		m.Table = code(u(uint64(n)), repeat(n, code(bytecode.FuncRef, 0, 1)))
	},
	RuleTableSize: func(m *module, n int, _ map[Rule]uint64) { m.Table = code(1, bytecode.FuncRef, 0, u(uint64(n))) },
	RuleMemory: func(m *module, n int, _ map[Rule]uint64) {
		m.Memory = code(u(uint64(n)), repeat(n, code(0, 1)))
	},
	RuleMemorySize: func(m *module, n int, _ map[Rule]uint64) { m.Memory = code(1, 0, u(uint64(n))) },
	RuleGlobals: func(m *module, n int, _ map[Rule]uint64) {
		for len(m.Globals) < n {
			m.Globals = append(m.Globals, wasmtest.Global{Type: i32, Init: zero})
		}
	},
	RuleExports: func(m *module, n int, _ map[Rule]uint64) {
		for len(m.Exports) < n {
			m.Exports = append(m.Exports, export(fmt.Sprint(len(m.Exports)), bytecode.KindFunction, 0))
		}
	},
	RuleElements: func(m *module, n int, _ map[Rule]uint64) {
		m.Table = code(1, bytecode.FuncRef, 0, 1)
		for len(m.Elements) < n {
			m.Elements = append(m.Elements, code(0, zero, end, 0))
		}
	},
	RuleEntries: func(m *module, n int, all map[Rule]uint64) {
		m.Table = code(1, bytecode.FuncRef, 0, u(all[RuleTableSize]))
		for n > 0 {
			some := min(n, int(all[RuleTableSize])/2)
			m.Elements = append(m.Elements, code(0, zero, end, u(uint64(some)), make([]byte, some)))
			n -= some
		}
	},
	RuleData: func(m *module, n int, _ map[Rule]uint64) {
		for len(m.Data) < n {
			m.Data = append(m.Data, code(1, 0))
		}
	},
	RuleCode: func(m *module, n int, _ map[Rule]uint64) {
		const around = 4 // a length of two bytes, no locals, an end
		left := n - 4*5  // the functions that there are
		for ; left > 0; left -= 8192 {
			add(m, 0, repeat(min(left, 8192)-around, code(bytecode.Nop)))
		}
	},
	RuleBody: func(m *module, n int, _ map[Rule]uint64) {
		// The number of locals, which is none, and the end take a byte each.
		add(m, 0, repeat(n-2, code(bytecode.Nop)))
	},
	RuleLocals:   func(m *module, n int, _ map[Rule]uint64) { add(m, n, nil) },
	RuleNest:     func(m *module, n int, _ map[Rule]uint64) { add(m, 0, nested(n, byte(bytecode.Block), 0x40)) },
	RuleLoopNest: func(m *module, n int, _ map[Rule]uint64) { add(m, 0, nested(n, byte(bytecode.Loop), 0x40)) },
	RuleProduct: func(m *module, n int, all map[Rule]uint64) {
		locals := int(all[RuleLocals])
		for n%locals != 0 {
			locals--
		}
		add(m, locals, repeat(n/locals, code(bytecode.Block, 0x40, end)))
	},
	RuleLabels: func(m *module, n int, _ map[Rule]uint64) { add(m, 0, branchTable(n)) },
	RuleAllLabels: func(m *module, n int, all map[Rule]uint64) {
		for ; n > 0; n -= int(all[RuleLabels]) {
			add(m, 0, branchTable(min(n, int(all[RuleLabels]))))
		}
	},
	RuleIndirect: func(m *module, n int, _ map[Rule]uint64) {
		m.Table = code(1, bytecode.FuncRef, 0, 1)
		for ; n > 0; n -= 3000 {
			add(m, 0, repeat(min(n, 3000), code(zero, bytecode.CallIndirect, wasmtest.TypeNone, 0)))
		}
	},
	RuleCharges: func(m *module, n int, _ map[Rule]uint64) {
		add(m, 0, repeat(n, code(zero, zero, zero, bytecode.MemoryFill, 0)))
	},
	RuleWork: func(m *module, n int, _ map[Rule]uint64) {
		for n > 0 { // as a sum of squares
			parts := 1
			for (parts+1)*(parts+1) <= n {
				parts++
			}
			add(m, 0, repeat(parts, code(bytecode.Br, 0)))
			n -= parts * parts
		}
	},
}

// add adds a function () -> ().
func add(m *module, n int, body []byte) {
	f := wasmtest.Func{Type: wasmtest.TypeNone, Code: body}
	if n > 0 {
		f.Locals = []wasmtest.Locals{locals(uint64(n), i64)}
	}
	m.Add(f)
}

// branchTable is a br_table of n labels, its default one among them.
func branchTable(n int) []byte {
	return code(zero, bytecode.BrTable, u(uint64(n-1)), make([]byte, n))
}

// TestLimits: a module at a limit passes, and with one more it is refused by the rule, which says where, how many
// there are and how many there may be.
func TestLimits(t *testing.T) {
	for _, tier := range []Tier{Small, Large} {
		limits := LimitsOf(tier)
		for rule, limit := range limits {
			if tier == Small && (rule == RuleSize || rule == RuleCode || rule == RuleImports) {
				continue // with one more it is Large
			}
			t.Run(fmt.Sprintf("%v/%s", tier, rule), func(t *testing.T) {
				check := func(n uint64) (int, error) {
					t.Helper()
					module := with(func(m *module) {
						if tier == Large {
							importing(m, "sched_yield", wasmtest.Type{Results: "\x7f"})
						}
						counted[rule](m, int(n), limits)
					})
					info, err := Check(module)
					if err == nil && info.Tier != tier {
						t.Errorf("it is %v, want %v", info.Tier, tier)
					}
					return len(module), err
				}
				if _, err := check(limit); err != nil {
					t.Errorf("%d: %v", limit, err)
				}
				bytes, err := check(limit + 1)
				var r *Rejection
				if !errors.As(err, &r) {
					t.Fatalf("%d: %v, want a rejection", limit+1, err)
				}
				if r.Rule != rule || r.Found != limit+1 || r.Allowed != limit {
					t.Errorf("%d: %v", limit+1, err)
				}
				if first := len(bytecode.Header); rule != RuleSize && (r.Offset < first || r.Offset > bytes) {
					t.Errorf("it is refused at offset %d of %d", r.Offset, bytes)
				}
			})
		}
	}
}

// TestTiers: a module is Large from the first byte over the limit on.
func TestTiers(t *testing.T) {
	for size, want := range map[int]Tier{MaxSmallBytes: Small, MaxSmallBytes + 1: Large} {
		module := with(func(m *module) { counted[RuleSize](m, size, nil) })
		if info, err := Check(module); err != nil || info.Tier != want || len(module) != size {
			t.Errorf("%d bytes are %v, %v; want %d and %v", len(module), info.Tier, err, size, want)
		}
	}
}

// TestABISaysWhatTheGateTakes: sdk/ABI.md has the exports with their types, and the
// limits that an author meets.
func TestABISaysWhatTheGateTakes(t *testing.T) {
	page, err := os.ReadFile("../../../sdk/ABI.md")
	if err != nil {
		t.Fatal(err)
	}
	said := make(map[string]string)
	named := regexp.MustCompile(`\w+ (i32|i64)`) // a parameter and its type
	for _, m := range regexp.MustCompile("(?m)^\\| `(\\w+)` \\| `(\\(.*?\\) -> .*?)` \\|").FindAllStringSubmatch(string(page), -1) {
		said[m[1]] = named.ReplaceAllString(m[2], "$1")
	}
	if want := Signatures(); !maps.Equal(said, want) {
		t.Errorf("it says %v, and the gate wants %v", said, want)
	}
	small, large := LimitsOf(Small), LimitsOf(Large)
	size := func(bytes uint64) string {
		if bytes < 1<<20 {
			return fmt.Sprintf("%d KiB", bytes>>10)
		}
		return fmt.Sprintf("%v MiB", float64(bytes)/(1<<20))
	}
	for _, row := range []struct {
		what string
		rule Rule
		unit uint64
	}{{"module", RuleSize, 1}, {"code of all functions", RuleCode, 1}, {"memory", RuleMemorySize, 64 << 10}} {
		want := fmt.Sprintf("| %s | %s | %s |", row.what, size(small[row.rule]*row.unit), size(large[row.rule]*row.unit))
		if !strings.Contains(string(page), want) {
			t.Errorf("it does not say %q", want)
		}
	}
}
