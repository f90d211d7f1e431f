package candle

import (
	"fmt"
	"math"
)

// Decode reads a request: a JSON object of which the member "candles" is a
// series, in either form. Every other member is given to member, by its name and
// as the bytes of its value, whose syntax is sound and which is nested no deeper
// than 64; an error of member is returned as it is. With a nil member, any other
// member is refused.
//
// The error is a *SyntaxError for what is not JSON, wherever it is; otherwise
// that of the first member, by its place in the body, that is unknown, given
// twice, of the wrong type or length; otherwise an *Error for the first bad
// value. (A bar in the form of rows is refused in the order of the bars.) Decode keeps no reference to body, and walks it once.
func Decode(body []byte, limits Limits, member func(name string, value []byte) error) (*Series, error) {
	d := decoder{scanner: scanner{b: body}, max: limits.candles()}
	if !d.request(member) || !d.end() {
		return nil, d.scanner.err
	}
	return d.result()
}

// DecodeCandles reads the value of candles alone, in either form, as Decode
// does; pointers begin with /candles all the same.
func DecodeCandles(value []byte, limits Limits) (*Series, error) {
	d := decoder{scanner: scanner{b: value}, max: limits.candles(), given: true}
	if !d.candles() || !d.end() {
		return nil, d.scanner.err
	}
	return d.result()
}

// ParseNumbers reads a JSON list of numbers, in which null is a missing value,
// NaN. Negative numbers are allowed, infinite ones are not. pointer says where
// the list is, and an *Error adds the place in the list to it.
func ParseNumbers(value []byte, pointer string) ([]float64, error) {
	d := decoder{scanner: scanner{b: value}, max: math.MaxInt}
	if d.peek() != '[' {
		found, ok := d.found()
		if !ok || !d.end() {
			return nil, d.scanner.err
		}
		return nil, &Error{Pointer: pointer, Code: CodeWrongType, Message: fmt.Sprintf("%s; write a list of numbers", found)}
	}
	col, ok := d.numbers(fieldOpen, make([]float64, 0, len(value)/16))
	if !ok || !d.end() {
		return nil, d.scanner.err
	}
	for i, x := range col {
		if d.bad.any && d.bad.first.bar == i {
			break
		}
		if math.IsInf(x, 0) {
			d.bad.add(i, fieldOpen, CodeNotFinite, "a number is too large; the largest is about 1.8e308")
			break
		}
	}
	if d.bad.any {
		return nil, &Error{Pointer: fmt.Sprintf("%s/%d", pointer, d.bad.first.bar), Code: d.bad.first.code, Message: d.bad.first.message}
	}
	return col, nil
}

// decoder reads candles into a Series. A fault in the syntax ends it; anything
// else that is refused is kept, and the rest of the bytes are only checked.
type decoder struct {
	scanner
	max     int
	s       Series
	given   bool // candles were there
	refusal error
	whole   int // bars, in the form of rows, before the one that was refused
	bad     flaws
	clock   clock
}

func (d *decoder) refuse(pointer, code, message string) {
	if d.refusal == nil {
		d.refusal = &Error{Pointer: pointer, Code: code, Message: message}
	}
}

func (d *decoder) result() (*Series, error) {
	if !d.given {
		d.refuse("/candles", CodeNoCandles, `there are no candles; give "candles" as an object of columns or a list of bars`)
	}
	if d.refusal != nil {
		d.s.Bars = d.whole
	}
	if fl, ok := check(&d.s, &d.bad); ok && (d.refusal == nil || fl.bar < d.whole) {
		return nil, &Error{Pointer: place(d.s.Form, fl.field, fl.bar), Code: fl.code, Message: fl.message}
	}
	if d.refusal != nil {
		return nil, d.refusal
	}
	return &d.s, nil
}

// request reads the whole body's object.
func (d *decoder) request(member func(string, []byte) error) bool {
	if d.peek() != '{' {
		if d.i >= len(d.b) {
			return d.fail(d.i, "the body is empty; send a JSON object")
		}
		d.refuse("", CodeWrongType, "the body is not an object; send a JSON object with candles in it")
		return d.skip()
	}
	d.i++
	if d.peek() == '}' {
		d.i++
		return true
	}
	seen := map[string]bool{}
	for more := true; more; {
		name, ok := d.key()
		if !ok {
			return false
		}
		if seen[name] {
			d.refuse(Pointer(name), CodeDuplicateField, fmt.Sprintf("%s is given twice; give it once", quote([]byte(name))))
		}
		seen[name] = true
		if name == "candles" && !d.given {
			d.given = true
			ok = d.candles()
		} else {
			ok = d.other(name, member)
		}
		if !ok {
			return false
		}
		if more, ok = d.next('}'); !ok {
			return false
		}
	}
	return true
}

func (d *decoder) other(name string, member func(string, []byte) error) bool {
	value, ok := d.bytes()
	if !ok {
		return false
	}
	switch {
	case d.refusal != nil:
	case member == nil:
		d.refuse(Pointer(name), CodeUnknownField, fmt.Sprintf("%s is not known here; send candles alone", quote([]byte(name))))
	default:
		d.refusal = member(name, value)
	}
	return true
}

func (d *decoder) candles() bool {
	if d.refusal != nil {
		return d.skip()
	}
	switch d.peek() {
	case '{':
		d.s.Form = ByColumn
		return d.columns()
	case '[':
		d.s.Form = ByRow
		return d.rows()
	}
	found, ok := d.found()
	d.refuse("/candles", CodeWrongType, "candles are "+found+"; write an object of columns or a list of bars")
	return ok
}

// found skips a value that is not what is due, and says what it is.
func (d *decoder) found() (what string, ok bool) {
	switch d.peek() {
	case '"':
		raw, _, ok := d.str()
		return "text, " + quote(raw), ok
	case '{':
		return "an object", d.skip()
	case '[':
		return "a list", d.skip()
	case 't':
		return "true", d.skip()
	case 'f':
		return "false", d.skip()
	case 'n':
		return "null", d.skip()
	}
	return "a number", d.skip()
}

// value reads a number or null for field f of a bar.
func (d *decoder) value(f field, bar int) (x float64, ok bool) {
	c := d.peek()
	if c == '-' || c-'0' <= 9 {
		x, end, ok := number(d.b, d.i)
		d.i = end
		if !ok {
			return 0, d.fail(end, "a number is not written as JSON wants it")
		}
		return x, true
	}
	if c == 'n' {
		return math.NaN(), d.literal("null")
	}
	text := c == '"'
	start := d.i
	found, ok := d.found()
	if ok && d.bad.before(bar, f) {
		hint := "write a number, or null for a missing value"
		if text {
			if _, end, isNumber := number(d.b, start+1); isNumber && end == d.i-1 {
				hint = "write the number without quotes: " + string(d.b[start+1:end])
			}
		}
		d.bad.add(bar, f, CodeWrongType, fmt.Sprintf("a number is due, not %s; %s", found, hint))
	}
	return math.NaN(), ok
}

// time reads a timestamp.
func (d *decoder) time(bar int) (ms int64, ok bool) {
	c := d.peek()
	var code, message string
	switch {
	case c == '-' || c-'0' <= 9:
		x, end, ok := number(d.b, d.i)
		d.i = end
		if !ok {
			return 0, d.fail(end, "a number is not written as JSON wants it")
		}
		return d.instant(bar, x), true
	case c == '"':
		raw, plain, ok := d.str()
		if !ok {
			return 0, false
		}
		if !plain {
			raw = []byte(unescape(raw, false))
		}
		ms, code, message = d.clock.text(raw)
	case c == 'n':
		if !d.literal("null") {
			return 0, false
		}
		code, message = CodeBadTimestamp, nullTimestamp
	default:
		found, ok := d.found()
		if !ok {
			return 0, false
		}
		code, message = CodeWrongType, fmt.Sprintf("timestamp is %s; write RFC 3339 text, or Unix seconds or milliseconds as a number", found)
	}
	if message != "" {
		d.bad.add(bar, fieldTimestamp, code, message)
	}
	return ms, true
}

// instant takes a timestamp written as a number.
func (d *decoder) instant(bar int, x float64) int64 {
	ms, code, message := d.clock.number(x)
	if message != "" {
		d.bad.add(bar, fieldTimestamp, code, message)
	}
	return ms
}
