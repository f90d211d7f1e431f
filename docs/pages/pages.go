// Package pages writes the reference: a page and a drawing for each indicator
// of the engine, and a list of all. Everything on a page is read from the Spec,
// computed with the indicator, or in docs/differences.md; nothing is said twice.
//
// The pages are in docs/reference. They are written by the test of this package.
package pages

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"text/template"

	"github.com/gravitywavesml/gravity_techanalysis/docs"
	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

//go:embed page.md
var pageText string

//go:embed index.md
var indexText string

// page is what page.md shows.
type page struct {
	*ta.Indicator
	About     string   // the first paragraph of the Doc
	Formula   []string // those between
	Source    string   // the last
	Warmup    string   // a formula, or "" where none was found
	First     int      // the warm-up at the defaults
	Doubled   int      // the warm-up with every period twice as long
	Window    int      // bars that decide a value at the defaults, if the memory is a window
	Recall    string   // how the memory works
	Told      []told
	Caption   string
	Body      string // of the command that calls the service
	Item      string // of the command that reads a file
	TALib     string // the name of TA-Lib's function, or ""
	Elsewhere []docs.Difference
}

// Reference is every file of the reference, by name. talib maps an indicator to
// the function of TA-Lib whose figures the tests hold it to.
func Reference(talib map[string]string) (map[string][]byte, error) {
	t := template.New("").Funcs(template.FuncMap{"prose": prose, "cell": cell, "defaultOf": defaultOf, "list": list})
	pageTemplate := template.Must(template.Must(t.Clone()).Parse(pageText))
	indexTemplate := template.Must(template.Must(t.Clone()).Parse(indexText))
	prices, err := readSample()
	if err != nil {
		return nil, err
	}
	differences, err := docs.Differences()
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	grouped := map[ta.Group][]*page{}
	for _, ind := range engine.Indicators() {
		p, err := newPage(ind)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", ind.Name, err)
		}
		p.TALib, p.Elsewhere = talib[ind.Name], differences[ind.Name]
		delete(differences, ind.Name)
		drawn, err := prices.draw(ind)
		if err != nil {
			return nil, fmt.Errorf("draw %s: %w", ind.Name, err)
		}
		p.Caption = drawn.caption
		var b bytes.Buffer
		if err := pageTemplate.Execute(&b, p); err != nil {
			return nil, err
		}
		files[ind.Name+".md"] = b.Bytes()
		files[ind.Name+".svg"] = drawn.svg
		grouped[ind.Group] = append(grouped[ind.Group], p)
	}
	for name := range differences {
		return nil, fmt.Errorf("differences.md has a section for %q, which is no indicator", name)
	}
	index, err := writeIndex(indexTemplate, grouped)
	files["README.md"] = index
	return files, err
}

// family is a group in the list.
type family struct {
	docs.Group
	Pages []*page
}

func writeIndex(t *template.Template, grouped map[ta.Group][]*page) ([]byte, error) {
	var families []family
	for _, g := range ta.Groups {
		if len(grouped[g]) > 0 {
			families = append(families, family{docs.Groups[g], grouped[g]})
		}
	}
	var b bytes.Buffer
	err := t.Execute(&b, families)
	return b.Bytes(), err
}

func newPage(ind *ta.Indicator) (*page, error) {
	paragraphs := strings.Split(ind.Doc, "\n\n")
	last := len(paragraphs) - 1
	if last < 2 {
		return nil, fmt.Errorf("its Doc has %d paragraphs: it wants one for what it measures, one or more for the formula, and one for the source", last+1)
	}
	for _, o := range ind.Outputs {
		if o.Unit == ta.None && !strings.Contains(ind.Doc, "unit") {
			return nil, fmt.Errorf("its Doc does not say why the output %s has no unit", o.Name)
		}
	}
	for _, p := range ind.Params {
		if p.Doc == "" {
			return nil, fmt.Errorf("its parameter %s has no Doc", p.Name)
		}
	}
	a, err := ind.Args(nil)
	if err != nil {
		return nil, err
	}
	more, err := doubled(ind)
	if err != nil {
		return nil, err
	}
	first := ind.Warmup(a)
	p := &page{
		Indicator: ind, First: first, Warmup: warmupFormula(ind), Doubled: more, Window: 1 + first,
		About: paragraphs[0], Formula: paragraphs[1:last], Source: paragraphs[last],
		Recall: docs.Memories[ind.Memory], Told: tell(ind.Inputs),
	}
	p.Body, p.Item = p.calls()
	return p, nil
}

// told is an input that has no column of its own, and what the examples have it
// read.
type told struct {
	Input  ta.Input
	Column string
}

func tell(inputs []ta.Input) (all []told) {
	for _, in := range inputs {
		if in.Column() == "" {
			all = append(all, told{in, string(ta.Open)})
		}
	}
	return all
}

// calls are the body of a request for the service and the item of a command
// that has the indicator read a file.
func (p *page) calls() (body, item string) {
	body, item = "-d @sample/request.json", p.Name
	var inputs []string
	for _, t := range p.Told {
		inputs = append(inputs, fmt.Sprintf("%q: %q", t.Input, t.Column))
		item += fmt.Sprintf(":input.%s=%s", t.Input, t.Column)
	}
	if inputs != nil {
		body = fmt.Sprintf(`-d "$(sed 's/^"last"/"inputs": {%s}, &/' sample/request.json)"`, strings.Join(inputs, ", "))
	}
	return body, item
}

// prose is text that means nothing but itself in Markdown.
func prose(text string) string {
	return strings.NewReplacer(`*`, `\*`, `<`, `\<`, "`", "\\`", `~`, `\~`).Replace(text)
}

// cell is prose in a table.
func cell(text string) string { return strings.ReplaceAll(prose(text), "|", `\|`) }

// Line is the first sentence of what the page says, for the list.
func (p *page) Line() string {
	line, _, _ := strings.Cut(p.About, ". ")
	line, _, _ = strings.Cut(line, ": ")
	return strings.TrimSuffix(line, ".") + "."
}

// defaultOf is the default of a parameter, a choice by its name.
func defaultOf(p ta.Param) string {
	if p.Choices != nil {
		return p.Choices[int(p.Default)]
	}
	return fmt.Sprint(p.Default)
}

func list(inputs []ta.Input) string {
	names := make([]string, len(inputs))
	for i, in := range inputs {
		names[i] = "`" + string(in) + "`"
	}
	return strings.Join(names, ", ")
}
