package candle

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// NamedColumn is a column of results.
type NamedColumn struct {
	Name   string
	Values []float64
}

// WriteArrow writes the columns, which are equally long, as an Arrow IPC stream
// of one record batch of float64, in which NaN is null.
func WriteArrow(w io.Writer, columns []NamedColumn) error {
	rows := 0
	if len(columns) > 0 {
		rows = len(columns[0].Values)
	}
	named := make([]arrow.Field, len(columns))
	values := make([]arrow.Array, len(columns))
	for i, c := range columns {
		if len(c.Values) != rows {
			return fmt.Errorf("write Arrow: column %s has %d values and not %d", c.Name, len(c.Values), rows)
		}
		named[i] = arrow.Field{Name: c.Name, Type: arrow.PrimitiveTypes.Float64, Nullable: true}
		values[i] = nullable(c.Values)
	}
	schema := arrow.NewSchema(named, nil)
	out := ipc.NewWriter(w, ipc.WithSchema(schema))
	err := out.Write(array.NewRecordBatch(schema, values, int64(rows)))
	if err := errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("write Arrow: %w", err)
	}
	return nil
}

// nullable is an array on top of values, without a copy.
func nullable(values []float64) arrow.Array {
	var valid *memory.Buffer
	missing := 0
	for i, v := range values {
		if v == v {
			continue
		}
		if valid == nil {
			valid = memory.NewBufferBytes(bytes.Repeat([]byte{0xff}, (len(values)+7)/8))
		}
		valid.Bytes()[i/8] &^= 1 << (i % 8)
		missing++
	}
	return array.MakeFromData(array.NewData(arrow.PrimitiveTypes.Float64, len(values),
		[]*memory.Buffer{valid, memory.NewBufferBytes(arrow.Float64Traits.CastToBytes(values))}, nil, missing, 0))
}
