package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
)

// members reads a JSON object of few members and calls each for every one of
// them, in order. what says in words what the object is.
func members(raw []byte, pointer, what string, each func(name string, value []byte) error) error {
	if kindOf(raw) != "object" {
		return refuse(pointer, "wrong-type", fmt.Sprintf("%s must be an object, not %s", what, article(kindOf(raw))))
	}
	seen := map[string]bool{}
	return candle.Members(raw, func(name string, value []byte) error {
		if seen[name] {
			return refuse(pointer+"/"+escape(name), "duplicate-field", fmt.Sprintf("%q is given twice", name))
		}
		seen[name] = true
		return each(name, value)
	})
}

// kindOf names the JSON type of a value that is known to be well formed.
func kindOf(raw []byte) string {
	raw = bytes.TrimLeft(raw, " \t\r\n")
	if len(raw) == 0 {
		return "nothing"
	}
	switch raw[0] {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "text"
	case 't', 'f':
		return "boolean"
	case 'n':
		return "null"
	}
	return "number"
}

func article(kind string) string {
	switch kind {
	case "object", "array":
		return "an " + kind
	case "text", "null", "nothing":
		return kind
	}
	return "a " + kind
}

// number reads a finite number.
func number(raw []byte, pointer string) (float64, error) {
	if k := kindOf(raw); k != "number" {
		return 0, refuse(pointer, "wrong-type", fmt.Sprintf("must be a number, not %s", article(k)))
	}
	v, err := strconv.ParseFloat(string(bytes.TrimSpace(raw)), 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return 0, refuse(pointer, "not-finite", "the number is too large for a 64-bit float")
	case err != nil || math.IsNaN(v) || math.IsInf(v, 0): // in a query it need not be JSON
		return 0, refuse(pointer, "wrong-type", "must be a number")
	}
	return v, nil
}

// integer reads a whole number from lowest to highest.
func integer(raw []byte, pointer string, lowest, highest int) (int, error) {
	v, err := number(raw, pointer)
	if err != nil {
		return 0, err
	}
	name := strings.TrimPrefix(pointer, "/")
	if v != math.Trunc(v) {
		return 0, refuse(pointer, "not-an-integer", fmt.Sprintf("%s must be a whole number", name))
	}
	if v < float64(lowest) || v > float64(highest) {
		return 0, refuse(pointer, "out-of-range", fmt.Sprintf("%s must be from %d to %d", name, lowest, highest))
	}
	return int(v), nil
}

// boolean reads true or false.
func boolean(raw []byte, pointer string) (bool, error) {
	switch string(bytes.TrimSpace(raw)) {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, refuse(pointer, "wrong-type", strings.TrimPrefix(pointer, "/")+" must be true or false")
}

// text reads a string.
func text(raw []byte, pointer string) (string, error) {
	if k := kindOf(raw); k != "text" {
		return "", refuse(pointer, "wrong-type", fmt.Sprintf("must be text, not %s", article(k)))
	}
	if raw := bytes.TrimSpace(raw); bytes.IndexByte(raw, '\\') < 0 { // nearly always
		return string(raw[1 : len(raw)-1]), nil
	}
	var s string
	err := json.Unmarshal(raw, &s)
	return s, err
}

// params reads {"period": 14, "ma_type": "ema"}.
func params(raw []byte, pointer string) (map[string]any, error) {
	given := map[string]any{}
	return given, members(raw, pointer, "params", func(name string, value []byte) (err error) {
		at := pointer + "/" + escape(name)
		switch kindOf(value) {
		case "number":
			given[name], err = number(value, at)
		case "text":
			given[name], err = text(value, at)
		default:
			err = &refusal{invalidParam, FieldError{at, "wrong-type", fmt.Sprintf("%s must be a number or the name of a choice, not %s", name, article(kindOf(value)))}}
		}
		return err
	})
}

// inputs reads {"real": "hl2", "real1": [1, 2, null]}.
func inputs(raw []byte, pointer string) (map[string]compute.Source, error) {
	given := map[string]compute.Source{}
	return given, members(raw, pointer, "inputs", func(name string, value []byte) error {
		at := pointer + "/" + escape(name)
		switch kindOf(value) {
		case "text":
			column, err := text(value, at)
			given[name] = compute.Source{Column: column}
			return err
		case "array":
			values, err := candle.ParseNumbers(value, at)
			if values == nil {
				values = []float64{} // an empty array is not an absent one
			}
			given[name] = compute.Source{Values: values}
			return err
		}
		return refuse(at, "wrong-type", fmt.Sprintf("the input %s must be the name of a column or an array of numbers, not %s", name, article(kindOf(value))))
	})
}

// format reads the members that say how results are written.
func format(f *compute.Format, name string, raw []byte) (known bool, err error) {
	switch name {
	case "last":
		f.Last, err = integer(raw, "/last", 1, math.MaxInt32)
	case "decimals":
		f.Decimals, err = integer(raw, "/decimals", 0, 15)
	default:
		return false, nil
	}
	return true, err
}

// notInQuery is the error for a parameter of the query that has no meaning there.
func notInQuery(name, read string) error {
	return refuse("/"+escape(name), "unknown-field", fmt.Sprintf("%q stands in the query, of which %s", name, read))
}

// queryOf reads a query, and gives the names in it in their order.
func queryOf(query string) (values url.Values, names []string, err error) {
	if query == "" {
		return nil, nil, nil
	}
	if values, err = url.ParseQuery(query); err != nil {
		return nil, nil, &refusal{malformed, FieldError{Message: "the query is not well formed: two hexadecimal digits follow each %, and & stands between parameters, not ;"}}
	}
	return values, slices.Sorted(maps.Keys(values)), nil
}

// twice is the error for a parameter of the query that stands there twice.
func twice(pointer, name string) error {
	return refuse(pointer, "duplicate-field", fmt.Sprintf("%q is given twice", name))
}

// unknownField is the error for a member that has no meaning here.
func unknownField(pointer, name string, known ...string) error {
	return refuse(pointer+"/"+escape(name), "unknown-field", fmt.Sprintf("there is no field %q; there are %s", name, strings.Join(known, ", ")))
}
