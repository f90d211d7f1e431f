package ta

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// Formula computes the warm-up of a plugin from its parameters. It is made of
// whole numbers, names of parameters, + - *, parentheses, min(a, b) and
// max(a, b):
//
//	max(fast, slow) + signal - 1
//
// The zero Formula is 0.
type Formula struct {
	text string
	code []term // postfix: operands before what combines them
}

// Limits of a formula. They bound the time and stack that a stranger's text
// can ask for; real warm-ups have about 40 characters and a depth of 2.
const (
	MaxFormulaLength = 512 // bytes
	MaxFormulaDepth  = 16  // parentheses within one another
)

// formulaBound is where values end, on either side of 0: the product of two
// is less than 2^62, so an int64 holds every step. No series is as long.
const formulaBound = 1<<31 - 1

// term is one step of a formula: a number, a parameter or an operation.
type term struct {
	op     byte // '+' '-' '*' 'm' (min) 'M' (max); 'n' for a number, 'p' for a parameter
	number int64
	name   string
	at     int // where it is in the text, from 0
}

// ErrFormula is what every FormulaError is.
var ErrFormula = errors.New("invalid formula")

// FormulaError says where a formula is wrong.
type FormulaError struct {
	Text    string
	At      int // in bytes, from 0
	Message string
}

func (e *FormulaError) Error() string {
	return fmt.Sprintf("formula %q, position %d: %s", e.Text, e.At, e.Message)
}

func (e *FormulaError) Unwrap() error { return ErrFormula }

// ParseFormula reads a formula. The error is a *FormulaError.
func ParseFormula(text string) (Formula, error) {
	p := formulaParser{text: text}
	if len(text) > MaxFormulaLength {
		p.text = text[:MaxFormulaLength]
		return Formula{}, p.errorf(MaxFormulaLength, "it is longer than %d bytes", MaxFormulaLength)
	}
	if err := p.sum(0); err != nil {
		return Formula{}, err
	}
	if p.at < len(text) {
		return Formula{}, p.errorf(p.at, "unexpected %q", text[p.at])
	}
	return Formula{text, p.code}, nil
}

// String is the text that f was parsed from.
func (f Formula) String() string {
	if f.text == "" {
		return "0"
	}
	return f.text
}

// Check says whether every name in f is one of params; the error is a
// *FormulaError.
func (f Formula) Check(params []Param) error {
	for _, t := range f.code {
		named := func(p Param) bool { return p.Name == t.name }
		if t.op == 'p' && !slices.ContainsFunc(params, named) {
			return &FormulaError{f.text, t.at, fmt.Sprintf("there is no parameter %q", t.name)}
		}
	}
	return nil
}

// Eval is the value for a, whose parameters f was checked with: 0 where it
// would be negative. A parameter that is not a whole number counts as the next
// larger one, a choice as its index. Values beyond ±(2^31-1) become that.
func (f Formula) Eval(a Args) int {
	var space [3 * (MaxFormulaDepth + 1)]int64 // a sum, a product and an argument may wait at each depth
	stack := space[:0]
	for _, t := range f.code {
		switch t.op {
		case 'n':
			stack = append(stack, t.number)
			continue
		case 'p':
			stack = append(stack, saturate(a.Float(t.name)))
			continue
		}
		top := len(stack) - 1
		x, y := stack[top-1], stack[top]
		switch t.op {
		case '+':
			x += y
		case '-':
			x -= y
		case '*':
			x *= y
		case 'm':
			x = min(x, y)
		case 'M':
			x = max(x, y)
		}
		stack[top-1] = max(-formulaBound, min(x, formulaBound))
		stack = stack[:top]
	}
	if len(stack) == 0 {
		return 0
	}
	return int(max(stack[0], 0))
}

// saturate rounds up to a whole number within the bound.
func saturate(v float64) int64 {
	switch {
	case v >= formulaBound:
		return formulaBound
	case v <= -formulaBound:
		return -formulaBound
	}
	i := int64(v)
	if float64(i) < v {
		i++
	}
	return i
}

// MarshalJSON writes a plain number as a number, all else as text.
func (f Formula) MarshalJSON() ([]byte, error) {
	if len(f.code) == 0 || len(f.code) == 1 && f.code[0].op == 'n' {
		return strconv.AppendInt(nil, int64(f.Eval(Args{})), 10), nil
	}
	return json.Marshal(f.text)
}

// UnmarshalJSON takes a whole number or the text of a formula.
func (f *Formula) UnmarshalJSON(b []byte) error {
	text := string(b)
	switch {
	case b[0] == '"':
		if err := json.Unmarshal(b, &text); err != nil {
			return err
		}
	case !digit(b[0]):
		return fmt.Errorf("%w: it is a whole number or a text, not %.20s", ErrFormula, b)
	}
	parsed, err := ParseFormula(text)
	if err != nil {
		return err
	}
	*f = parsed
	return nil
}

// formulaParser reads
//
//	sum     = product {("+" | "-") product}
//	product = value {"*" value}
//	value   = number | name | "(" sum ")" | ("min" | "max") "(" sum "," sum ")"
type formulaParser struct {
	text string
	at   int
	code []term
}

func (p *formulaParser) errorf(at int, format string, args ...any) error {
	return &FormulaError{p.text, at, fmt.Sprintf(format, args...)}
}

// next is the character that is due, after spaces; 0 at the end.
func (p *formulaParser) next() byte {
	for p.at < len(p.text) && p.text[p.at] == ' ' {
		p.at++
	}
	if p.at == len(p.text) {
		return 0
	}
	return p.text[p.at]
}

func (p *formulaParser) expect(c byte) error {
	switch got := p.next(); got {
	case c:
		p.at++
		return nil
	case 0:
		return p.errorf(p.at, "it ends where %q is due", c)
	default:
		return p.errorf(p.at, "%q where %q is due", got, c)
	}
}

func (p *formulaParser) sum(depth int) error {
	if err := p.product(depth); err != nil {
		return err
	}
	for c := p.next(); c == '+' || c == '-'; c = p.next() {
		at := p.at
		p.at++
		if err := p.product(depth); err != nil {
			return err
		}
		p.code = append(p.code, term{op: c, at: at})
	}
	return nil
}

func (p *formulaParser) product(depth int) error {
	if err := p.value(depth); err != nil {
		return err
	}
	for p.next() == '*' {
		at := p.at
		p.at++
		if err := p.value(depth); err != nil {
			return err
		}
		p.code = append(p.code, term{op: '*', at: at})
	}
	return nil
}

func (p *formulaParser) value(depth int) error {
	switch c := p.next(); {
	case c == 0:
		return p.errorf(p.at, "it ends where a number or name is due")
	case c == '(':
		return p.group(depth)
	case digit(c):
		return p.number()
	case letter(c):
		return p.name(depth)
	default:
		return p.errorf(p.at, "%q where a number or name is due", c)
	}
}

// group reads a sum in parentheses.
func (p *formulaParser) group(depth int) error {
	if depth == MaxFormulaDepth {
		return p.errorf(p.at, "more than %d parentheses within one another", MaxFormulaDepth)
	}
	if err := p.expect('('); err != nil {
		return err
	}
	if err := p.sum(depth + 1); err != nil {
		return err
	}
	return p.expect(')')
}

func (p *formulaParser) number() error {
	from := p.at
	for p.at < len(p.text) && digit(p.text[p.at]) {
		p.at++
	}
	v, err := strconv.ParseInt(p.text[from:p.at], 10, 64)
	if err != nil || v > formulaBound {
		return p.errorf(from, "a number is at most %d", formulaBound)
	}
	p.code = append(p.code, term{op: 'n', number: v, at: from})
	return nil
}

// name reads the name of a parameter, or min or max where a parenthesis follows.
func (p *formulaParser) name(depth int) error {
	from := p.at
	for p.at < len(p.text) && (letter(p.text[p.at]) || digit(p.text[p.at]) || p.text[p.at] == '_') {
		p.at++
	}
	name := p.text[from:p.at]
	if p.next() != '(' {
		p.code = append(p.code, term{op: 'p', name: name, at: from})
		return nil
	}
	op := map[string]byte{"min": 'm', "max": 'M'}[name]
	if op == 0 {
		return p.errorf(from, "there is no function %q; there are min and max", name)
	}
	if depth == MaxFormulaDepth {
		return p.errorf(p.at, "more than %d parentheses within one another", MaxFormulaDepth)
	}
	p.at++
	if err := p.sum(depth + 1); err != nil {
		return err
	}
	if err := p.expect(','); err != nil {
		return err
	}
	if err := p.sum(depth + 1); err != nil {
		return err
	}
	p.code = append(p.code, term{op: op, at: from})
	return p.expect(')')
}

func digit(c byte) bool  { return '0' <= c && c <= '9' }
func letter(c byte) bool { return 'a' <= c && c <= 'z' }
