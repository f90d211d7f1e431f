package candle_test

import (
	"bytes"
	"errors"
	"math"
	"runtime"
	"slices"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
)

// arrowStream writes batches, given as JSON lists of rows, in that schema.
func arrowStream(t testing.TB, fields []arrow.Field, options []ipc.Option, batches ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	schema := arrow.NewSchema(fields, nil)
	w := ipc.NewWriter(&b, append(options, ipc.WithSchema(schema))...)
	for _, rows := range batches {
		rec, _, err := array.RecordFromJSON(memory.DefaultAllocator, schema, bytes.NewReader([]byte(rows)))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(rec); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func nullableField(name string, dt arrow.DataType) arrow.Field {
	return arrow.Field{Name: name, Type: dt, Nullable: true}
}

func readArrow(body []byte, limits candle.Limits) (*candle.Series, error) {
	return candle.ReadArrow(bytes.NewReader(body), limits)
}

func TestReadArrow(t *testing.T) {
	f64 := arrow.PrimitiveTypes.Float64
	body := arrowStream(t, []arrow.Field{
		nullableField("timestamp", arrow.FixedWidthTypes.Timestamp_ns), nullableField("close", f64),
		nullableField("high", arrow.PrimitiveTypes.Float32), nullableField("volume", arrow.PrimitiveTypes.Int32),
		nullableField("low", arrow.PrimitiveTypes.Uint8), nullableField("open", arrow.Null),
	}, nil,
		`[{"timestamp":"2024-06-01T00:00:00Z","close":1.5,"high":2.5,"volume":7,"low":1,"open":null},
		  {"timestamp":"2024-06-01T01:00:00Z","close":null,"high":3,"volume":null,"low":2,"open":null}]`,
		`[{"timestamp":"2024-06-01T02:00:00Z","close":2,"high":3,"volume":0,"low":null,"open":null}]`)
	s, err := readArrow(body, candle.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	nan := math.NaN()
	if s.Bars != 3 || !slices.Equal(s.Time, []int64{1717200000000, 1717203600000, 1717207200000}) {
		t.Errorf("%d bars at %v", s.Bars, s.Time)
	}
	for name, want := range map[string][]float64{"close": {1.5, nan, 2}, "high": {2.5, 3, 3}, "volume": {7, nan, 0}, "low": {1, 2, nan}, "open": {nan, nan, nan}} {
		if col, _ := s.Column(name); !slices.EqualFunc(col, want, same) {
			t.Errorf("%s is %v, want %v", name, col, want)
		}
	}
}

func TestReadArrowTime(t *testing.T) {
	for name, c := range map[string]struct {
		dt   arrow.DataType
		rows string
		want int64
	}{
		"seconds":               {arrow.FixedWidthTypes.Timestamp_s, `[{"timestamp":"2024-06-01T00:00:00Z"}]`, 1717200000000},
		"microseconds":          {arrow.FixedWidthTypes.Timestamp_us, `[{"timestamp":"1969-12-31T23:59:59.999999Z"}]`, -1},
		"date32":                {arrow.FixedWidthTypes.Date32, `[{"timestamp":"2024-06-01"}]`, 1717200000000},
		"date64":                {arrow.FixedWidthTypes.Date64, `[{"timestamp":"2024-06-01"}]`, 1717200000000},
		"whole seconds":         {arrow.PrimitiveTypes.Int32, `[{"timestamp":1717200000}]`, 1717200000000},
		"whole milliseconds":    {arrow.PrimitiveTypes.Int64, `[{"timestamp":1717200000000}]`, 1717200000000},
		"unsigned milliseconds": {arrow.PrimitiveTypes.Uint64, `[{"timestamp":1717200000000}]`, 1717200000000},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := readArrow(arrowStream(t, []arrow.Field{nullableField("timestamp", c.dt)}, nil, c.rows), candle.Limits{})
			if err != nil || s.Time[0] != c.want {
				t.Errorf("got %v, %v, want %d", s, err, c.want)
			}
		})
	}
}

func TestReadArrowRefuses(t *testing.T) {
	f64, i64 := arrow.PrimitiveTypes.Float64, arrow.PrimitiveTypes.Int64
	closes := []arrow.Field{nullableField("close", f64)}
	for _, c := range []struct {
		name          string
		fields        []arrow.Field
		rows          []string
		pointer, code string
	}{
		{"negative, in the second batch", closes, []string{`[{"close":1},{"close":2}]`, `[{"close":-1}]`}, "/candles/close/2", candle.CodeNegative},
		{"high below low", []arrow.Field{nullableField("high", f64), nullableField("low", f64)}, []string{`[{"high":1,"low":2}]`}, "/candles/high/0", candle.CodeHighBelowLow},
		{"unknown column", []arrow.Field{nullableField("price", f64)}, []string{`[{"price":1}]`}, "/candles/price", candle.CodeUnknownField},
		{"column twice", []arrow.Field{closes[0], closes[0]}, nil, "/candles/close", candle.CodeDuplicateField},
		{"text", []arrow.Field{nullableField("close", arrow.BinaryTypes.String)}, []string{`[{"close":"1"}]`}, "/candles/close", candle.CodeWrongType},
		{"fractional timestamps", []arrow.Field{nullableField("timestamp", f64)}, []string{`[{"timestamp":1}]`}, "/candles/timestamp", candle.CodeWrongType},
		{"null timestamp", []arrow.Field{nullableField("timestamp", i64)}, []string{`[{"timestamp":1},{"timestamp":null}]`}, "/candles/timestamp/1", candle.CodeBadTimestamp},
		{"null instant", []arrow.Field{nullableField("timestamp", arrow.FixedWidthTypes.Timestamp_s)}, []string{`[{"timestamp":null}]`}, "/candles/timestamp/0", candle.CodeBadTimestamp},
		{"instant of the year 10000", []arrow.Field{nullableField("timestamp", arrow.FixedWidthTypes.Date64)}, []string{`[{"timestamp":253402300800000}]`}, "/candles/timestamp/0", candle.CodeTimestampRange},
		{"time goes back", []arrow.Field{nullableField("timestamp", i64)}, []string{`[{"timestamp":2}]`, `[{"timestamp":1}]`}, "/candles/timestamp/1", candle.CodeNotIncreasing},
		{"too many", closes, []string{`[{"close":1},{"close":2}]`, `[{"close":1},{"close":2},{"close":3}]`}, "/candles", candle.CodeTooMany},
		{"no row", closes, []string{`[]`}, "/candles", candle.CodeNoCandles},
		{"no batch", closes, nil, "/candles", candle.CodeNoCandles},
		{"no column", nil, nil, "/candles", candle.CodeNoCandles},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := readArrow(arrowStream(t, c.fields, nil, c.rows...), candle.Limits{MaxCandles: 4})
			if !isError(err, c.pointer, c.code) {
				t.Errorf("got %v, want %s %s", err, c.pointer, c.code)
			}
		})
	}
	packed := arrowStream(t, closes, []ipc.Option{ipc.WithZstd()}, `[{"close":1}]`)
	if _, err := readArrow(packed, candle.Limits{}); !isError(err, "/candles", candle.CodeWrongType) {
		t.Errorf("compressed: got %v", err)
	}
	if _, err := readArrow(packed, candle.Limits{MaxBytes: 10}); !isError(err, "", candle.CodeTooMany) {
		t.Errorf("too long: got %v", err)
	}
	var infinite bytes.Buffer
	if err := candle.WriteArrow(&infinite, []candle.NamedColumn{{Name: "close", Values: []float64{1, math.Inf(1)}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := readArrow(infinite.Bytes(), candle.Limits{}); !isError(err, "/candles/close/1", candle.CodeNotFinite) {
		t.Errorf("infinite: got %v", err)
	}
}

// TestReadArrowCut: a stream that ends early is a fault of the syntax, except
// between two messages; and no byte of it can be changed into a panic.
func TestReadArrowCut(t *testing.T) {
	whole := arrowStream(t, []arrow.Field{nullableField("close", arrow.PrimitiveTypes.Float64)}, nil, `[{"close":1},{"close":null}]`)
	for n := range whole {
		if _, err := readArrow(whole[:n], candle.Limits{}); err != nil && !errors.Is(err, candle.ErrSyntax) && !isError(err, "/candles", candle.CodeNoCandles) {
			t.Errorf("the first %d bytes: %v", n, err)
		}
	}
	for i := range whole {
		for _, x := range []byte{1, 0x80, 0xff} {
			hostile := bytes.Clone(whole)
			hostile[i] ^= x
			s, err := readArrow(hostile, candle.Limits{})
			if err != nil && !errors.Is(err, candle.ErrSyntax) && !errors.Is(err, candle.ErrInvalid) {
				t.Errorf("byte %d: %v", i, err)
			}
			if err == nil && s.Bars != len(s.Close) {
				t.Errorf("byte %d: %d bars, %d closes", i, s.Bars, len(s.Close))
			}
		}
	}
}

func TestWriteArrow(t *testing.T) {
	nan := math.NaN()
	want := []float64{nan, 1, 2, nan, math.SmallestNonzeroFloat64, math.MaxFloat64, 0, 3, nan}
	var b bytes.Buffer
	if err := candle.WriteArrow(&b, []candle.NamedColumn{{Name: "close", Values: want}, {Name: "volume", Values: make([]float64, len(want))}}); err != nil {
		t.Fatal(err)
	}
	r, err := ipc.NewReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Release()
	if !r.Next() {
		t.Fatal(r.Err())
	}
	if n := r.RecordBatch().Column(0).NullN(); n != 3 {
		t.Errorf("%d nulls, want 3", n)
	}
	s, err := readArrow(b.Bytes(), candle.Limits{})
	if err != nil || !slices.EqualFunc(s.Close, want, same) || s.Bars != len(want) {
		t.Errorf("got %v, %v", s, err)
	}
	if err := candle.WriteArrow(&b, []candle.NamedColumn{{Values: want}, {Values: want[1:]}}); err == nil {
		t.Error("columns of different lengths were written")
	}
}

// FuzzReadArrow: no stream panics or has the reader allocate what it claims to
// need, and what is taken keeps the rules.
func FuzzReadArrow(f *testing.F) {
	f64 := arrow.PrimitiveTypes.Float64
	f.Add(arrowStream(f, []arrow.Field{nullableField("close", f64)}, nil, `[{"close":1},{"close":null}]`))
	f.Add(arrowStream(f, []arrow.Field{
		nullableField("timestamp", arrow.FixedWidthTypes.Timestamp_ns), nullableField("high", arrow.PrimitiveTypes.Float32),
		nullableField("volume", arrow.PrimitiveTypes.Int32), nullableField("low", arrow.PrimitiveTypes.Uint8), nullableField("open", arrow.Null),
	}, nil, `[{"timestamp":"2024-06-01T00:00:00Z","high":2.5,"volume":7,"low":1,"open":null}]`,
		`[{"timestamp":"2024-06-01T02:00:00Z","high":3,"volume":0,"low":null,"open":null}]`))
	f.Add(arrowStream(f, []arrow.Field{nullableField("timestamp", arrow.PrimitiveTypes.Int64)}, nil, `[{"timestamp":1},{"timestamp":null}]`))
	f.Add(arrowStream(f, []arrow.Field{nullableField("timestamp", arrow.FixedWidthTypes.Date32)}, nil, `[{"timestamp":"2024-06-01"}]`))
	f.Add(arrowStream(f, []arrow.Field{nullableField("close", f64)}, []ipc.Option{ipc.WithZstd()}, `[{"close":1}]`))
	const most = 100
	f.Fuzz(func(t *testing.T, stream []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		s, err := readArrow(stream, candle.Limits{MaxCandles: most})
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 8<<20+16*uint64(len(stream)) {
			t.Fatalf("%d bytes were allocated for a stream of %d", used, len(stream))
		}
		if err != nil {
			if !errors.Is(err, candle.ErrSyntax) && !errors.Is(err, candle.ErrInvalid) {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		if s.Bars < 1 || s.Bars > most || s.Time != nil && len(s.Time) != s.Bars {
			t.Fatalf("%d bars at %d times", s.Bars, len(s.Time))
		}
		for i := 1; i < len(s.Time); i++ {
			if s.Time[i] <= s.Time[i-1] {
				t.Fatalf("time stands still at %d", i)
			}
		}
		for _, name := range candle.Columns {
			col, ok := s.Column(name)
			if ok && len(col) != s.Bars {
				t.Fatalf("%s has %d values of %d", name, len(col), s.Bars)
			}
			for i, v := range col {
				if name == "timestamp" {
					if v != float64(s.Time[i])/1000 {
						t.Fatalf("bar %d is at %v s and %d ms", i, v, s.Time[i])
					}
					continue
				}
				if v < 0 || math.IsInf(v, 0) || name != "volume" && (v > at(s.High, i) || v < at(s.Low, i)) {
					t.Fatalf("%s of bar %d is %v", name, i, v)
				}
			}
		}
	})
}

// at is a value of a column, NaN where there is none.
func at(col []float64, i int) float64 {
	if col == nil {
		return math.NaN()
	}
	return col[i]
}
