package engine_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
)

const (
	notListed  = "%s of engine/%s is not in the list, Indicators of engine/%s"
	wrongGroup = "engine/%s says ta.%s, and is not in the folder of that group"
)

// Every indicator is valid, has a name of its own and is of the group whose
// folder it is in; and every variable of a group's folder that is an indicator
// is in its list.
func TestListed(t *testing.T) {
	names := map[string]bool{}
	folders := map[string]bool{}
	for _, ind := range engine.Indicators() {
		if err := ind.Validate(); err != nil {
			t.Errorf("%s: %v", ind.Name, err)
		}
		if names[ind.Name] {
			t.Errorf("%s is listed twice", ind.Name)
		}
		names[ind.Name] = true
		folders[string(ind.Group)] = true
	}
	for folder := range folders {
		list := map[string]bool{}
		made := indicators(t, folder, list)
		if len(list) == 0 {
			t.Errorf("engine/%s has no variable Indicators", folder)
		}
		for name, file := range made {
			if !list[name] {
				t.Errorf(notListed, name, file, folder)
			}
		}
	}
}

// indicators are the variables of a folder that are made as an indicator, each
// with its file: by a literal, or by a function of the folder that returns one.
// The names that the variable Indicators has are put into list.
func indicators(t *testing.T, folder string, list map[string]bool) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	makers, values, from := map[string]bool{}, map[string]ast.Expr{}, map[string]string{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if group, ok := n.(*ast.SelectorExpr); ok && strings.HasPrefix(group.Sel.Name, "Group") && group.Sel.Name != "Group" && !strings.EqualFold(group.Sel.Name, "Group"+folder) {
				t.Errorf(wrongGroup, file, group.Sel.Name)
			}
			return true
		})
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if r := d.Type.Results; r != nil && len(r.List) == 1 && isIndicator(r.List[0].Type) {
					makers[d.Name.Name] = true
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if v, ok := s.(*ast.ValueSpec); ok && d.Tok == token.VAR && len(v.Values) == 1 {
						values[v.Names[0].Name], from[v.Names[0].Name] = v.Values[0], file
					}
				}
			}
		}
	}
	ast.Inspect(values["Indicators"], func(n ast.Node) bool {
		if name, ok := n.(*ast.Ident); ok {
			list[name.Name] = true
		}
		return true
	})
	made := map[string]string{}
	for name, value := range values {
		switch v := value.(type) {
		case *ast.UnaryExpr: // &ta.Indicator{…}
			if c, ok := v.X.(*ast.CompositeLit); ok && isIndicator(&ast.StarExpr{X: c.Type}) {
				made[name] = from[name]
			}
		case *ast.CallExpr:
			if f, ok := v.Fun.(*ast.Ident); ok && makers[f.Name] {
				made[name] = from[name]
			}
		}
	}
	return made
}

// isIndicator says whether a type is written *ta.Indicator.
func isIndicator(e ast.Expr) bool {
	star, ok := e.(*ast.StarExpr)
	if !ok {
		return false
	}
	s, ok := star.X.(*ast.SelectorExpr)
	return ok && s.Sel.Name == "Indicator"
}
