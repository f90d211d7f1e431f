package candle

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// maxDepth is how deep the lists and objects of a request may be nested: a bit
// of a word for each level.
const maxDepth = 64

// scanner walks JSON (RFC 8259) in b. Its methods are false when there is a
// fault in the syntax, which err then has; i is the next byte.
type scanner struct {
	b   []byte
	i   int
	err *SyntaxError
}

func (s *scanner) fail(at int, message string) bool {
	if s.err == nil {
		s.err = &SyntaxError{Offset: at, Message: message}
	}
	return false
}

// expected fails at the next byte.
func (s *scanner) expected(what string) bool {
	if s.i >= len(s.b) {
		return s.fail(len(s.b), "the JSON ends where "+what+" is due")
	}
	return s.fail(s.i, fmt.Sprintf("%s is due, not %s", what, strconv.QuoteRune(rune(s.b[s.i]))))
}

// peek skips white space and returns the next byte, 0 at the end. No valid JSON
// has a 0 outside a string, so both are refused in one place.
func (s *scanner) peek() byte {
	for s.i < len(s.b) {
		c := s.b[s.i]
		if c > ' ' || c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			return c
		}
		s.i++
	}
	return 0
}

// take skips white space and the byte c, named what.
func (s *scanner) take(c byte, what string) bool {
	if s.peek() != c {
		return s.expected(what)
	}
	s.i++
	return true
}

// end is whether nothing but white space follows.
func (s *scanner) end() bool {
	if s.peek() != 0 || s.i < len(s.b) {
		return s.fail(s.i, "more follows the end of the JSON value; send one value")
	}
	return true
}

// literal skips the word, of which the first letter has been seen.
func (s *scanner) literal(word string) bool {
	if len(s.b)-s.i < len(word) || string(s.b[s.i:s.i+len(word)]) != word {
		return s.fail(s.i, "a value is due: text, a number, true, false, null, a list or an object")
	}
	s.i += len(word)
	return true
}

// str skips a string, at its opening quote, and returns what is between the
// quotes as it is written. plain is false when there are escapes in it.
func (s *scanner) str() (raw []byte, plain, ok bool) {
	b, start := s.b, s.i+1
	plain, ascii := true, true
	for i := start; i < len(b); i++ {
		switch c := b[i]; {
		case c == '"':
			if !ascii && !utf8.Valid(b[start:i]) {
				return nil, false, s.fail(start, "text is not valid UTF-8")
			}
			s.i = i + 1
			return b[start:i], plain, true
		case c == '\\':
			plain = false
			n := escape(b[i+1:])
			if n == 0 {
				return nil, false, s.fail(i, `a backslash must be followed by one of "\/bfnrt or by u and four hexadecimal digits`)
			}
			i += n
		case c < ' ':
			return nil, false, s.fail(i, "a control character in text must be escaped")
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return nil, false, s.fail(len(b), "the JSON ends inside of text")
}

// escape returns the length of the escape that b begins with, after the
// backslash; 0 when it is none.
func escape(b []byte) int {
	if len(b) == 0 {
		return 0
	}
	switch b[0] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 1
	case 'u':
		if len(b) < 5 {
			return 0
		}
		for _, c := range b[1:5] {
			if c-'0' > 9 && (c|0x20)-'a' > 5 {
				return 0
			}
		}
		return 5
	}
	return 0
}

// unescape returns what the text means that str has found.
func unescape(raw []byte, plain bool) string {
	if plain {
		return string(raw)
	}
	quoted := make([]byte, 0, len(raw)+2)
	quoted = append(append(append(quoted, '"'), raw...), '"')
	var text string
	if err := json.Unmarshal(quoted, &text); err != nil {
		return string(raw) // not reached: str has checked every escape
	}
	return text
}

// key skips the name of an object's member and the colon.
func (s *scanner) key() (name string, ok bool) {
	if s.peek() != '"' {
		return "", s.expected("a name in double quotes")
	}
	raw, plain, ok := s.str()
	if !ok || !s.take(':', "a colon") {
		return "", false
	}
	return unescape(raw, plain), true
}

// next is what follows a member of a list or an object that ends with closing:
// more is whether a comma does.
func (s *scanner) next(closing byte) (more, ok bool) {
	switch s.peek() {
	case ',':
		s.i++
		return true, true
	case closing:
		s.i++
		return false, true
	}
	if closing == ']' {
		return false, s.expected("a comma or ]")
	}
	return false, s.expected("a comma or }")
}

// skip skips a value of any kind and checks its syntax. It does not recurse.
func (s *scanner) skip() bool {
	var inObject uint64 // a bit for each level, the innermost the lowest: is it an object?
	depth := 0
	for {
		// A value is due.
		opened := false
		switch c := s.peek(); c {
		case '{', '[':
			if depth == maxDepth {
				return s.fail(s.i, fmt.Sprintf("lists and objects are nested deeper than %d", maxDepth))
			}
			s.i++
			depth++
			inObject <<= 1
			closing := byte(']')
			if c == '{' {
				inObject |= 1
				closing = '}'
			}
			opened = s.peek() != closing
		case '"':
			if _, _, ok := s.str(); !ok {
				return false
			}
		case 't':
			if !s.literal("true") {
				return false
			}
		case 'f':
			if !s.literal("false") {
				return false
			}
		case 'n':
			if !s.literal("null") {
				return false
			}
		default:
			_, end, ok := number(s.b, s.i)
			if !ok {
				return s.expected("a value")
			}
			s.i = end
		}

		// Close what ends here, up to a comma or the end of the value.
		for more := opened; !more; {
			if depth == 0 {
				return true
			}
			closing := byte(']')
			if inObject&1 == 1 {
				closing = '}'
			}
			var ok bool
			if more, ok = s.next(closing); !ok {
				return false
			}
			if !more {
				depth--
				inObject >>= 1
			}
		}
		if inObject&1 == 1 {
			if s.peek() != '"' {
				return s.expected("a name in double quotes")
			}
			if _, _, ok := s.str(); !ok || !s.take(':', "a colon") {
				return false
			}
		}
	}
}

// quote shows text in a message, cut where it is long.
func quote(text []byte) string {
	const most = 40
	if len(text) > most {
		return strconv.Quote(string(text[:most])) + "…"
	}
	return strconv.Quote(string(text))
}
