package compute

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
)

// Format says how much of a result is written, and how finely.
type Format struct {
	Last     int // only the last bars; 0 for all
	Decimals int // digits after the point; -1 for the shortest that reads back exactly
}

// Exact writes everything as it is.
var Exact = Format{Decimals: -1}

// AppendJSON appends r as the API shows it:
//
//	{"name", "params", "warmup", "bars", "outputs": {name: [number or null]}, "engine"}
//
// and for a plugin "plugin" and "gas" too.
func (r *Result) AppendJSON(b []byte, f Format) ([]byte, error) {
	params, err := json.Marshal(r.Args)
	if err != nil {
		return nil, err
	}
	b = append(b, `{"name":"`...)
	b = append(b, r.Spec.Name...)
	b = append(b, `","params":`...)
	b = append(b, params...)
	b = append(b, `,"warmup":`...)
	b = strconv.AppendInt(b, int64(r.Warmup), 10)
	b = append(b, `,"bars":`...)
	b = strconv.AppendInt(b, int64(r.Bars), 10)
	b = append(b, `,"outputs":{`...)
	for i, o := range r.Spec.Outputs {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '"')
		b = append(b, o.Name...)
		b = append(b, `":`...)
		b = candle.AppendColumn(b, f.cut(r.Outputs[i]), f.Decimals)
	}
	b = append(b, `},"engine":"`+engine.Version+`"`...)
	if r.Origin != nil {
		plugin, err := json.Marshal(r.Origin)
		if err != nil {
			return nil, err
		}
		b = append(b, `,"plugin":`...)
		b = append(b, plugin...)
		b = append(b, `,"gas":`...)
		b = strconv.AppendUint(b, r.Gas, 10)
	}
	return append(b, '}'), nil
}

// Columns are the outputs for Arrow, named id.output.
func (r *Result) Columns(id string, f Format) []candle.NamedColumn {
	cols := make([]candle.NamedColumn, len(r.Spec.Outputs))
	for i, o := range r.Spec.Outputs {
		cols[i] = candle.NamedColumn{Name: id + "." + o.Name, Values: f.cut(r.Outputs[i])}
	}
	return cols
}

// cut is the part of a column that is written.
func (f Format) cut(col []float64) []float64 {
	if f.Last > 0 && f.Last < len(col) {
		return col[len(col)-f.Last:]
	}
	return col
}

// appendFields appends the fields of a struct as a JSON object, by their tags, those
// of embedded structs among them. A number that is none is null.
func appendFields(b []byte, v any) []byte {
	of := reflect.ValueOf(v)
	b = append(b, '{')
	for _, f := range reflect.VisibleFields(of.Type()) {
		if f.Anonymous {
			continue
		}
		name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
		value := of.FieldByIndex(f.Index)
		if option == "omitempty" && value.IsZero() {
			continue
		}
		if b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		b = append(strconv.AppendQuote(b, name), ':') // a name of ours
		switch value.Kind() {
		case reflect.Float64:
			b = candle.AppendFloat(b, value.Float())
		case reflect.Int:
			b = strconv.AppendInt(b, value.Int(), 10)
		case reflect.Bool:
			b = strconv.AppendBool(b, value.Bool())
		case reflect.String:
			b = strconv.AppendQuote(b, value.String()) // a time, or a word of ours
		default:
			panic(fmt.Sprintf("compute: %s has a kind that is not written", f.Name))
		}
	}
	return append(b, '}')
}
