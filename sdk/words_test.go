package sdk_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// The words that a description may use are the same ones in the engine, in the
// ABI and in every SDK: no author is kept from one, or offered one that is
// refused.
func TestWordsAgree(t *testing.T) {
	for _, w := range []struct {
		of    string   // the type of the constants
		want  []string // the engine's list
		field string   // the row of the ABI
		after int      // how many of the row's names come before the words
	}{
		{"Group", words(ta.Groups), "`group`", 0},
		{"Input", words(ta.Inputs), "`inputs`", 0},
		{"Unit", words(ta.Units), "`outputs`", 2}, // name and unit
		{"Memory", words(ta.Memories), "`memory`", 0},
	} {
		for _, place := range []struct {
			file string
			got  []string
		}{
			{"ABI.md", abiWords(t, w.field)[w.after:]},
			{"../engine/ta/ta.go", goWords(t, "../engine/ta/ta.go", w.of)},
			{"go/spec.go", goWords(t, "go/spec.go", w.of)},
			{"rust/src/spec.rs", matches(t, "rust/src/spec.rs", w.of+`::\w+ => "(\w+)"`)},
			{"assemblyscript/assembly/spec.ts", scriptWords(t, w.of)},
			{"c/ta.h", matches(t, "c/ta.h", `\[TA_`+strings.ToUpper(w.of)+`_\w+\] = "(\w+)"`)},
			{"c/ta.h's enums", enumWords(t, w.of)},
			{"zig/ta.zig", zigWords(t, w.of)},
		} {
			slices.Sort(place.got)
			if !slices.Equal(place.got, w.want) {
				t.Errorf("%s of %s: %v, and the engine has %v", w.of, place.file, place.got, w.want)
			}
		}
	}
}

// Every SDK can write every field that the ABI has for a parameter.
func TestParameterFieldsAgree(t *testing.T) {
	fields := append(abiWords(t, "`params`"), "name", "doc")
	if !slices.Contains(fields, "at_least") {
		t.Fatalf("the ABI has the fields %v", fields)
	}
	for _, file := range []string{"go/describe.go", "rust/src/describe.rs", "assemblyscript/assembly/spec.ts", "c/ta.h", "zig/ta.zig"} {
		for _, field := range fields {
			if len(matches(t, file, `"(`+field+`)\\?"`)) == 0 {
				t.Errorf("%s writes no %s", file, field)
			}
		}
	}
}

func words[T ~string](list []T) (all []string) {
	for _, w := range list {
		all = append(all, string(w))
	}
	slices.Sort(all)
	return all
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// matches are the first groups of a pattern in a file.
func matches(t *testing.T, file, pattern string) (all []string) {
	t.Helper()
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(read(t, file), -1) {
		all = append(all, m[1])
	}
	return all
}

// abiWords are the names between backquotes that the ABI has for a field, each
// once.
func abiWords(t *testing.T, field string) (all []string) {
	t.Helper()
	_, description, _ := strings.Cut(read(t, "ABI.md"), "\n## The description\n")
	for line := range strings.Lines(description) {
		said, ok := strings.CutPrefix(line, "| "+field+" | ")
		if !ok {
			continue
		}
		for i, quoted := range strings.Split(said, "`") {
			for _, w := range strings.Fields(quoted) {
				if i%2 == 1 && !slices.Contains(all, w) {
					all = append(all, w)
				}
			}
		}
		return all
	}
	t.Fatalf("ABI.md says nothing of the field %s", field)
	return nil
}

// goWords are the values of the constants of a type.
func goWords(t *testing.T, file, of string) (all []string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if name, ok := spec.Type.(*ast.Ident); ok && name.Name == of {
			for _, v := range spec.Values {
				w, err := strconv.Unquote(v.(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, w)
			}
		}
		return true
	})
	return all
}

// enumWords are the names of an enum in C, each without its prefix.
func enumWords(t *testing.T, of string) (all []string) {
	t.Helper()
	body, _, ok := strings.Cut(read(t, "c/ta.h"), "\n} ta_"+strings.ToLower(of)+";")
	if !ok {
		t.Fatalf("ta.h has no enum ta_%s", strings.ToLower(of))
	}
	body = body[strings.LastIndex(body, "typedef enum {"):]
	for _, m := range regexp.MustCompile(`(?m)^    TA_`+strings.ToUpper(of)+`_(\w+)`).FindAllStringSubmatch(body, -1) {
		all = append(all, strings.ToLower(m[1]))
	}
	return all
}

// zigWords are the names of an enum in Zig.
func zigWords(t *testing.T, of string) (all []string) {
	t.Helper()
	_, rest, ok := strings.Cut(read(t, "zig/ta.zig"), "pub const "+of+" = enum {")
	if !ok {
		t.Fatalf("ta.zig has no enum %s", of)
	}
	body, _, _ := strings.Cut(rest, "\n};")
	for _, m := range regexp.MustCompile(`(?m)^    (\w+),$`).FindAllStringSubmatch(body, -1) {
		all = append(all, m[1])
	}
	return all
}

// scriptWords are the values of the constants of a namespace.
func scriptWords(t *testing.T, of string) (all []string) {
	t.Helper()
	_, rest, ok := strings.Cut(read(t, "assemblyscript/assembly/spec.ts"), "export namespace "+of+" {")
	if !ok {
		t.Fatalf("spec.ts has no namespace %s", of)
	}
	body, _, _ := strings.Cut(rest, "\n}")
	for _, m := range regexp.MustCompile(`export const \w+ = "(\w+)"`).FindAllStringSubmatch(body, -1) {
		all = append(all, m[1])
	}
	return all
}
