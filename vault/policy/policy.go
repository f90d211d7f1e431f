// Package policy holds who may read what in Vault, a file for each policy. Every
// path in them is exact.
package policy

import (
	"embed"
	"strings"
)

//go:embed *.hcl
var files embed.FS

// The names of the policies.
const (
	Service   = "technical-analysis"
	Operators = "technical-analysis-operators"
)

// Text is a policy in Vault's language, for the KV engine at mount.
func Text(name, mount string) string {
	text, err := files.ReadFile(name + ".hcl")
	if err != nil {
		panic(err) // the names are the two above
	}
	return strings.ReplaceAll(string(text), `path "secret/`, `path "`+mount+`/`)
}
