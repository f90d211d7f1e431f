package plugin

import (
	"strconv"
	"unicode/utf8"
)

// Describe is the Spec as the JSON that ../ABI.md calls the description. It is
// written by hand because encoding/json would double the size of a module.
func (s *Spec) Describe() []byte {
	w := &writer{}
	w.open('{')
	w.text("name", s.Name)
	w.text("version", s.Version)
	w.optional("title", s.Title)
	w.optional("doc", s.Doc)
	w.optional("group", string(s.Group))
	w.key("inputs")
	w.open('[')
	for _, in := range s.Inputs {
		w.item()
		w.quote(string(in))
	}
	w.close(']')
	w.key("params")
	w.open('[')
	for i := range s.Params {
		w.item()
		w.param(&s.Params[i])
	}
	w.close(']')
	w.key("outputs")
	w.open('[')
	for _, out := range s.Outputs {
		w.item()
		w.open('{')
		w.text("name", out.Name)
		w.text("unit", string(out.Unit))
		w.optional("doc", out.Doc)
		w.close('}')
	}
	w.close(']')
	w.optional("memory", string(s.Memory))
	warmup := s.Warmup
	if warmup == "" {
		warmup = "0"
	}
	w.text("warmup", warmup)
	w.close('}')
	return w.b
}

// writer appends JSON to b.
type writer struct {
	b     []byte
	first bool // nothing is written yet in the innermost object or array
}

func (w *writer) open(bracket byte) {
	w.b = append(w.b, bracket)
	w.first = true
}

func (w *writer) close(bracket byte) {
	w.b = append(w.b, bracket)
	w.first = false
}

// item separates a value from the one before it.
func (w *writer) item() {
	if !w.first {
		w.b = append(w.b, ',')
	}
	w.first = false
}

func (w *writer) key(name string) {
	w.item()
	w.quote(name)
	w.b = append(w.b, ':')
}

func (w *writer) text(name, value string) {
	w.key(name)
	w.quote(value)
}

func (w *writer) optional(name, value string) {
	if value != "" {
		w.text(name, value)
	}
}

func (w *writer) number(name string, value float64) {
	w.key(name)
	w.b = strconv.AppendFloat(w.b, value, 'g', -1, 64)
}

func (w *writer) param(p *Param) {
	w.open('{')
	w.text("name", p.Name)
	if p.Choices == nil {
		w.number("default", p.Default)
		w.number("min", p.Min)
		w.number("max", p.Max)
		w.optional("at_least", p.AtLeast)
		if p.Integer {
			w.key("integer")
			w.b = append(w.b, "true"...)
		}
	} else {
		w.text("default", p.Choices[int(p.Default)])
		w.key("choices")
		w.open('[')
		for _, choice := range p.Choices {
			w.item()
			w.quote(choice)
		}
		w.close(']')
	}
	w.optional("doc", p.Doc)
	w.close('}')
}

// quote appends s as a JSON string; bytes that are not UTF-8 become U+FFFD.
func (w *writer) quote(s string) {
	const hex = "0123456789abcdef"
	w.b = append(w.b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			w.b = append(w.b, '\\', byte(r))
		case r < ' ':
			w.b = append(w.b, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		default:
			w.b = utf8.AppendRune(w.b, r)
		}
	}
	w.b = append(w.b, '"')
}
