package gravity_test

import (
	"bufio"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
)

const module = "github.com/gravitywavesml/gravity_techanalysis"

// A rule is a row of the import table in ARCHITECTURE.md: a room, what of this
// module it may import, and which libraries are its own.
type rule struct {
	room      string // a folder; a trailing /* is the folders in it
	imports   []string
	libraries []string
}

// table reads the import table, the one after the heading "Who may import whom".
func table(t *testing.T) []rule {
	t.Helper()
	f, err := os.Open("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rules []rule
	inside := false
	code := regexp.MustCompile("`([^`]+)`")
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := lines.Text()
		if strings.HasPrefix(line, "## ") {
			inside = line == "## Who may import whom"
		}
		cells := strings.Split(line, "|")
		if !inside || len(cells) != 5 || !strings.Contains(cells[1], "`") {
			continue
		}
		words := func(cell string) (found []string) {
			for _, m := range code.FindAllStringSubmatch(cell, -1) {
				found = append(found, m[1])
			}
			return found
		}
		rules = append(rules, rule{words(cells[1])[0], words(cells[2]), words(cells[3])})
	}
	if len(rules) < 10 {
		t.Fatalf("ARCHITECTURE.md has %d rows in its import table; is it there?", len(rules))
	}
	return rules
}

// matches says whether a pattern of the table covers a folder.
func matches(pattern, folder string) bool {
	if parent, ok := strings.CutSuffix(pattern, "/*"); ok {
		return path.Dir(folder) == parent
	}
	return pattern == folder
}

func find(rules []rule, folder string) *rule {
	for i := range rules {
		if matches(rules[i].room, folder) {
			return &rules[i]
		}
	}
	return nil
}

// packages maps each folder of the module to the imports of its files that are
// not tests.
func packages(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if file == "." {
				return nil
			}
			name := d.Name()
			_, own := os.Stat(filepath.Join(file, "go.mod"))
			if strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules" || own == nil {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		folder := filepath.ToSlash(filepath.Dir(file))
		if found[folder] == nil {
			found[folder] = []string{}
		}
		for _, i := range f.Imports {
			imp, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			found[folder] = append(found[folder], imp)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestImports holds every package to its row of the table.
func TestImports(t *testing.T) {
	rules := table(t)
	for folder, imports := range packages(t) {
		r := find(rules, folder)
		if r == nil {
			t.Errorf("%s has no row in the import table of ARCHITECTURE.md", folder)
			continue
		}
		for _, imp := range imports {
			if own, ok := strings.CutPrefix(imp, module+"/"); ok {
				if !slices.ContainsFunc(r.imports, func(p string) bool { return matches(p, own) }) {
					t.Errorf("%s imports %s: the table says it may import %v", folder, own, r.imports)
				}
			} else if strings.Contains(strings.Split(imp, "/")[0], ".") {
				if !slices.ContainsFunc(r.libraries, func(l string) bool { return imp == l || strings.HasPrefix(imp, l+"/") }) {
					t.Errorf("%s imports %s: the table gives it %v", folder, imp, r.libraries)
				}
			}
		}
	}
}

// TestNoNamesOutsideEngine: what an indicator is, its Spec says. Code outside
// the engine never compares with an indicator's name.
func TestNoNamesOutsideEngine(t *testing.T) {
	names := map[string]bool{}
	for _, ind := range engine.Indicators() {
		names[strconv.Quote(ind.Name)] = true
	}
	for folder := range packages(t) {
		if folder == "engine" || strings.HasPrefix(folder, "engine/") {
			continue
		}
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			set := token.NewFileSet()
			f, err := parser.ParseFile(set, file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			compared := func(e ast.Expr) {
				if l, ok := e.(*ast.BasicLit); ok && names[l.Value] {
					t.Errorf("%s compares with the name of an indicator, %s", set.Position(l.Pos()), l.Value)
				}
			}
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.BinaryExpr:
					compared(n.X)
					compared(n.Y)
				case *ast.CaseClause:
					for _, e := range n.List {
						compared(e)
					}
				}
				return true
			})
		}
	}
}

// TestRoomsExist holds the table to the tree.
func TestRoomsExist(t *testing.T) {
	have := packages(t)
	for _, r := range table(t) {
		found := false
		for folder := range have {
			found = found || matches(r.room, folder)
		}
		if !found {
			t.Errorf("the import table has a row for %s, where there is no package", r.room)
		}
	}
}
