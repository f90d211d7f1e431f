package candle

// Members gives every member of a JSON object to each, in order and by its name
// and the bytes of its value, which is nested no deeper than 64. It ends with the
// first error of each, which it returns, or with a *SyntaxError: for value is to
// be one object and nothing more. Names may come twice.
func Members(value []byte, each func(name string, value []byte) error) error {
	s := scanner{b: value}
	return s.every('{', '}', "an object", func() (bool, error) {
		name, ok := s.key()
		if !ok {
			return false, nil
		}
		member, ok := s.bytes()
		if !ok {
			return false, nil
		}
		return true, each(name, member)
	})
}

// Elements does for a JSON list what Members does for an object.
func Elements(value []byte, each func(value []byte) error) error {
	s := scanner{b: value}
	return s.every('[', ']', "a list", func() (bool, error) {
		element, ok := s.bytes()
		if !ok {
			return false, nil
		}
		return true, each(element)
	})
}

// every calls one for every part between opening and closing; one is false when
// there is a fault in the syntax.
func (s *scanner) every(opening, closing byte, what string, one func() (bool, error)) error {
	ok := s.take(opening, what)
	more := ok && s.peek() != closing
	if ok && !more {
		s.i++
	}
	for more {
		var err error
		if ok, err = one(); err != nil {
			return err
		}
		if ok {
			more, ok = s.next(closing)
		}
		more = more && ok
	}
	if !ok || !s.end() {
		return s.err
	}
	return nil
}

// bytes skips a value of any kind and returns it.
func (s *scanner) bytes() (value []byte, ok bool) {
	s.peek()
	start := s.i
	ok = s.skip()
	return s.b[start:s.i:s.i], ok
}
