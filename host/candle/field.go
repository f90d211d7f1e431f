package candle

import (
	"strconv"
	"strings"
)

// field is a column that candles may have, in the order in which the values of
// a bar are checked.
type field int

const (
	fieldOpen field = iota
	fieldHigh
	fieldLow
	fieldClose
	fieldVolume
	fieldTimestamp
	fields // how many there are
)

var fieldNames = [fields]string{"open", "high", "low", "close", "volume", "timestamp"}

// allowedFields ends the message about a field that is none of them.
const allowedFields = "a bar has timestamp, open, high, low, close and volume"

func (f field) String() string { return fieldNames[f] }

// fieldOf returns the field of that name.
func fieldOf(name string) (field, bool) {
	for f, n := range fieldNames {
		if n == name {
			return field(f), true
		}
	}
	return 0, false
}

// column returns where the values of f, which is not the timestamp, are kept.
func (s *Series) column(f field) *[]float64 {
	return [...]*[]float64{&s.Open, &s.High, &s.Low, &s.Close, &s.Volume}[f]
}

// place names the value of field f at bar.
func place(form Form, f field, bar int) string {
	if form == ByRow {
		return "/candles/" + strconv.Itoa(bar) + "/" + f.String()
	}
	return "/candles/" + f.String() + "/" + strconv.Itoa(bar)
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

// Pointer makes the JSON Pointer (RFC 6901) that these tokens lead to:
// Pointer("params", "a/b") is "/params/a~1b".
func Pointer(tokens ...string) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteByte('/')
		_, _ = pointerEscapes.WriteString(&b, t) // a Builder takes everything
	}
	return b.String()
}
