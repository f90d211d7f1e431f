package gate

import (
	"fmt"
	"reflect"
)

// Steps is how many steps Check takes with a module.
func Steps(module []byte) int {
	c := newChecker(module)
	_ = c.check() // a module that is refused has its steps, too
	return c.steps
}

// LimitsOf are the limits of the rules that have one, for modules of a tier.
func LimitsOf(t Tier) map[Rule]uint64 {
	all := map[Rule]uint64{
		RuleTypes: MaxTypes, RuleParameters: MaxParameters, RuleResults: MaxResults, RuleImports: MaxImports, RuleExports: MaxExports,
		RuleGlobals: MaxGlobals, RuleLoopNest: MaxLoopNest, RuleTable: 1, RuleMemory: 1,
	}
	rules := map[string]Rule{
		"bytes": RuleSize, "pages": RuleMemorySize, "functions": RuleFunctions, "code": RuleCode, "body": RuleBody, "locals": RuleLocals, "nest": RuleNest,
		"product": RuleProduct, "labels": RuleLabels, "allLabels": RuleAllLabels, "indirect": RuleIndirect, "charges": RuleCharges, "work": RuleWork,
		"table": RuleTableSize, "elements": RuleElements, "entries": RuleEntries, "data": RuleData,
	}
	of := reflect.ValueOf(tiers[t])
	for i := range of.NumField() {
		name := of.Type().Field(i).Name
		rule, known := rules[name]
		if !known {
			panic(fmt.Sprintf("which rule is the limit %s of?", name))
		}
		if f := of.Field(i); f.CanInt() {
			all[rule] = uint64(f.Int())
		} else {
			all[rule] = f.Uint()
		}
	}
	return all
}

// Signatures are those of the functions that a module may export by the ABI.
func Signatures() map[string]string {
	all := make(map[string]string)
	for _, e := range abi {
		all[e.name] = e.signature.String()
	}
	return all
}
