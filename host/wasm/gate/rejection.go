package gate

import "fmt"

// Rule names what a module was refused for. The text is stable: it is shown to the author and counted in metrics.
type Rule string

// The rules. Those of number and size have their limits in limits.go.
const (
	RuleFormat      Rule = "format"      // the bytes are not WebAssembly: truncated, a bad number, bytes left over
	RuleSize        Rule = "size"        // bytes of the module
	RuleSection     Rule = "section"     // unknown, out of order, twice, or at odds with another
	RuleType        Rule = "type"        // a value or function type that is not allowed
	RuleTypes       Rule = "types"       // number of function types
	RuleParameters  Rule = "parameters"  // of one function type
	RuleResults     Rule = "results"     // of one function type
	RuleImport      Rule = "import"      // one that is not on the list, or has another signature
	RuleImports     Rule = "imports"     // number
	RuleFunctions   Rule = "functions"   // number of those with bodies
	RuleTable       Rule = "table"       // more than one, or not of functions
	RuleTableSize   Rule = "table size"  // entries
	RuleMemory      Rule = "memory"      // none, several, shared or of 64 bits
	RuleMemorySize  Rule = "memory size" // pages of 64 KiB at the start
	RuleGlobals     Rule = "globals"     // number
	RuleGlobal      Rule = "global"      // an initial value that is not a constant
	RuleExport      Rule = "export"      // missing, of another signature, twice, or of a name kept for the meter
	RuleExports     Rule = "exports"     // number
	RuleStart       Rule = "start"       // a start function
	RuleSegment     Rule = "segment"     // passive elements, or a segment that does not fit its memory or table
	RuleElements    Rule = "elements"    // number of element segments
	RuleEntries     Rule = "entries"     // entries of all element segments
	RuleData        Rule = "data"        // number of data segments
	RuleCode        Rule = "code"        // bytes of all functions
	RuleBody        Rule = "body"        // bytes of one function
	RuleLocals      Rule = "locals"      // of one function, parameters included
	RuleNest        Rule = "nest"        // blocks within one another
	RuleLoopNest    Rule = "loop nest"   // loops within one another
	RuleProduct     Rule = "product"     // blocks times locals of one function
	RuleLabels      Rule = "labels"      // of one br_table
	RuleAllLabels   Rule = "all labels"  // of all br_tables
	RuleIndirect    Rule = "indirect"    // calls through the table, of all functions
	RuleCharges     Rule = "charges"     // bulk and memory.grow instructions of one function
	RuleWork        Rule = "work"        // sum over the functions of the square of the number of basic blocks
	RuleInstruction Rule = "instruction" // one that is not allowed
	RuleIndex       Rule = "index"       // of something that the module does not have
	RuleStructure   Rule = "structure"   // an else without an if, an end too many or too few
)

// Rejection is the error of Check: the first rule that the module breaks.
type Rejection struct {
	Rule   Rule
	Offset int // in the module, of what breaks the rule
	// Found and Allowed are the two sides of a rule that has a limit; Allowed is the largest that passes. Both are 0
	// for a rule that has none.
	Found, Allowed uint64
	Detail         string // what it was, in words or by name; may be empty where the numbers say all
}

// Error gives all that is known, in one line.
func (r *Rejection) Error() string {
	s := fmt.Sprintf("refused by rule %q at offset %d", r.Rule, r.Offset)
	if r.Found != 0 || r.Allowed != 0 {
		s += fmt.Sprintf(": %d, at most %d allowed", r.Found, r.Allowed)
	}
	if r.Detail != "" {
		s += ": " + r.Detail
	}
	return s
}
