package engine_test

import (
	"os"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
)

// Every name that docs/names.md sends a reader to is an indicator.
func TestNames(t *testing.T) {
	page, err := os.ReadFile("../docs/names.md")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, ind := range engine.Indicators() {
		known[ind.Name] = true
	}
	_, table, _ := strings.Cut(string(page), "|---|---|---|\n")
	rows := 0
	for row := range strings.Lines(table) {
		rows++
		for i, name := range strings.Split(row, "`") {
			if i%2 == 1 && !known[name] {
				t.Errorf("there is no %s: %s", name, row)
			}
		}
	}
	if rows == 0 {
		t.Error("the page has no table")
	}
}
