package candle

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// ReadArrow reads an Arrow IPC stream whose columns are named as those of
// candles: prices and volume of any type of number, timestamp of an Arrow
// timestamp, a date, or whole numbers by the rules of JSON. Null and NaN are a
// missing value. Record batches are joined; compressed ones are refused, for
// what they would grow to is not known before. Errors are as those of Decode,
// with pointers by column; what is no such stream is a *SyntaxError.
//
// The reader is our own, for candles need six flat types of Arrow's many, and
// the reader of arrow-go believes the lengths in a stream: one changed bit in a
// schema has it allocate gigabytes, which no recover can catch.
func ReadArrow(r io.Reader, limits Limits) (*Series, error) {
	body, err := readAll(r, limits)
	if err != nil {
		return nil, err
	}
	return decodeArrow(body, limits)
}

// readAll reads r to its end, and refuses more than the limit.
func readAll(r io.Reader, limits Limits) ([]byte, error) {
	var b bytes.Buffer
	n, err := b.ReadFrom(io.LimitReader(r, limits.bytes()+1))
	if err != nil {
		return nil, fmt.Errorf("read candles: %w", err)
	}
	if n > limits.bytes() {
		return nil, &Error{Code: CodeTooMany, Message: fmt.Sprintf("there are more than %d bytes, the most that are taken at once; send fewer bars", limits.bytes())}
	}
	return b.Bytes(), nil
}

// decodeArrow reads the messages of body: a schema, then record batches.
func decodeArrow(body []byte, limits Limits) (*Series, error) {
	m := arrowMessages{body: body}
	d := arrowDecoder{max: limits.candles()}
	for first := true; ; first = false {
		msg, more, err := m.next()
		switch {
		case err != nil:
			return nil, err
		case first && (!more || msg.kind != arrowSchema):
			return nil, m.fault("an Arrow stream begins with a schema")
		case !more:
			return d.result()
		case first:
			err = d.schema(&msg)
		case msg.kind == arrowRecordBatch:
			err = d.batch(&msg)
		default:
			err = m.fault("this message is no record batch; send candles as flat columns")
		}
		if msg.flat.bad {
			return nil, m.fault("the message leads out of itself")
		}
		if err != nil {
			return nil, err
		}
	}
}

// Numbers of Arrow's format/Message.fbs and Schema.fbs.
const (
	arrowContinuation = 0xffffffff

	// MessageHeader
	arrowSchema      = 1
	arrowRecordBatch = 3

	// Type
	arrowNull      = 1
	arrowInt       = 2
	arrowFloat     = 3
	arrowDate      = 8
	arrowTimestamp = 10
)

// arrowMessages cuts a stream into messages, which are slices of it.
type arrowMessages struct {
	body  []byte
	at    int
	start int // of the message that was cut last
}

// arrowMessage is the flatbuffer of a message, in which header is a table, and
// the bytes that its buffers are in.
type arrowMessage struct {
	kind   int
	flat   flat
	header int
	body   []byte
}

func (m *arrowMessages) fault(message string) error {
	return &SyntaxError{Offset: m.start, Message: message}
}

// next cuts the next message by the framing of
// https://arrow.apache.org/docs/format/Columnar.html#encapsulated-message-format.
// The mark of the end is optional.
func (m *arrowMessages) next() (msg arrowMessage, more bool, err error) {
	m.start = m.at
	if m.at == len(m.body) {
		return msg, false, nil
	}
	size, ok := m.word()
	if ok && size == arrowContinuation { // streams before Arrow 0.15 have none
		size, ok = m.word()
	}
	if ok && size == 0 {
		return msg, false, nil
	}
	meta, fits := m.cut(int64(size))
	if !ok || !fits {
		return msg, false, m.fault("the Arrow stream ends inside of a message")
	}

	msg.flat.b = meta
	root := msg.flat.follow(0)
	msg.kind = msg.flat.small(root, 1, 1, 0)
	msg.header, _ = msg.flat.table(root, 2)
	var length int64
	if at, ok := msg.flat.field(root, 3); ok {
		length = msg.flat.i64(at)
	}
	if msg.flat.bad {
		return msg, false, m.fault("there is no Arrow message here")
	}
	if msg.body, fits = m.cut(length); !fits {
		return msg, false, m.fault("the Arrow stream ends inside of the body of a message")
	}
	return msg, true, nil
}

func (m *arrowMessages) word() (uint32, bool) {
	b, ok := m.cut(4)
	if !ok {
		return 0, false
	}
	return binary.LittleEndian.Uint32(b), true
}

func (m *arrowMessages) cut(n int64) ([]byte, bool) {
	if n < 0 || n > int64(len(m.body)-m.at) {
		return nil, false
	}
	b := m.body[m.at : m.at+int(n)]
	m.at += int(n)
	return b, true
}

// arrowDecoder appends record batches to a Series.
type arrowDecoder struct {
	max     int
	columns []arrowColumn // of the stream, in its order
	s       Series
	bad     flaws
	clock   clock
}

func (d *arrowDecoder) result() (*Series, error) {
	if d.s.Bars == 0 {
		return nil, noArrowRows()
	}
	if fl, ok := check(&d.s, &d.bad); ok {
		return nil, &Error{Pointer: place(ByColumn, fl.field, fl.bar), Code: fl.code, Message: fl.message}
	}
	return &d.s, nil
}

func noArrowRows() error {
	return &Error{Pointer: "/candles", Code: CodeNoCandles, Message: "there are no candles; send at least one column with one row"}
}

// schema refuses columns that candles do not have, and other types.
func (d *arrowDecoder) schema(msg *arrowMessage) error {
	f := &msg.flat
	if f.small(msg.header, 0, 2, 0) != 0 {
		return &Error{Pointer: "/candles", Code: CodeWrongType, Message: "the Arrow stream is big-endian; send little-endian"}
	}
	var seen [fields]bool
	first, count := f.vector(msg.header, 1, 4)
	for i := range count {
		table := f.follow(first + 4*i)
		at, n := f.vector(table, 0, 1)
		name := string(f.bytes(at, n))
		if f.bad {
			return nil
		}
		pointer := Pointer("candles", name)
		fd, known := fieldOf(name)
		switch {
		case !known:
			return &Error{Pointer: pointer, Code: CodeUnknownField, Message: fmt.Sprintf("%s is no column of candles; %s", quote([]byte(name)), allowedFields)}
		case seen[fd]:
			return &Error{Pointer: pointer, Code: CodeDuplicateField, Message: name + " is given twice; give it once"}
		}
		seen[fd] = true
		col, ok := arrowColumnOf(f, table, fd)
		switch {
		case ok:
		case fd == fieldTimestamp:
			return &Error{Pointer: pointer, Code: CodeWrongType, Message: "timestamp is of a type that is no time; send an Arrow timestamp, or Unix seconds or milliseconds as int64"}
		default:
			return &Error{Pointer: pointer, Code: CodeWrongType, Message: name + " is of a type that is no number; send float64"}
		}
		d.columns = append(d.columns, col)
		if fd == fieldTimestamp {
			d.s.Time = []int64{}
		} else {
			*d.s.column(fd) = []float64{}
		}
	}
	if count == 0 {
		return noArrowRows()
	}
	return nil
}

// batch appends the rows of one record batch. Its nodes and buffers are in the
// order of the columns: a node each, and for all but those of nulls alone a
// buffer of validity and one of values.
func (d *arrowDecoder) batch(msg *arrowMessage) error {
	f := &msg.flat
	if _, compressed := f.field(msg.header, 3); compressed {
		return &Error{Pointer: "/candles", Code: CodeWrongType,
			Message: "the Arrow record batches are compressed; write them without, and compress the whole body where it is long"}
	}
	var rows int64
	if at, ok := f.field(msg.header, 0); ok {
		rows = f.i64(at)
	}
	if rows < 0 || rows > int64(d.max-d.s.Bars) {
		return &Error{Pointer: "/candles", Code: CodeTooMany, Message: tooManyMessage(d.max)}
	}
	const structSize = 16 // FieldNode {length, null_count} and Buffer {offset, length}
	node, nodes := f.vector(msg.header, 1, structSize)
	buffer, buffers := f.vector(msg.header, 2, structSize)
	for _, c := range d.columns {
		if nodes == 0 || f.i64(node) != rows {
			f.bad = true
			return nil
		}
		node, nodes = node+structSize, nodes-1
		var valid, values []byte
		if c.size > 0 {
			if buffers < 2 {
				f.bad = true
				return nil
			}
			valid = msg.buffer(buffer)
			values = msg.buffer(buffer + structSize)
			buffer, buffers = buffer+2*structSize, buffers-2
		}
		if int64(len(values)) < rows*int64(c.size) || len(valid) > 0 && int64(len(valid)) < (rows+7)/8 {
			f.bad = true
			return nil
		}
		d.append(c, valid, values, int(rows))
	}
	d.s.Bars += int(rows)
	return nil
}

// buffer returns the bytes that the struct Buffer at that place is about.
func (msg *arrowMessage) buffer(at int) []byte {
	offset, length := msg.flat.i64(at), msg.flat.i64(at+8)
	if length < 0 || offset < 0 || length > int64(len(msg.body)) || offset > int64(len(msg.body))-length {
		msg.flat.bad = true
		return nil
	}
	return msg.body[offset : offset+length]
}

func (d *arrowDecoder) append(c arrowColumn, valid, values []byte, rows int) {
	null := func(i int) bool { return len(valid) > 0 && valid[i/8]>>(i%8)&1 == 0 }
	switch {
	case c.field != fieldTimestamp:
		dst := d.s.column(c.field)
		start := len(*dst)
		*dst = c.appendNumbers(*dst, values, rows)
		if len(valid) > 0 {
			for i := range rows {
				if null(i) {
					(*dst)[start+i] = math.NaN()
				}
			}
		}
	case c.unit == wholeNumbers:
		for i, v := range c.appendNumbers(make([]float64, 0, rows), values, rows) {
			if null(i) {
				d.time(i, 0, CodeBadTimestamp, nullTimestamp)
				continue
			}
			// From 2^53 on v has lost its last digits, and is out of range.
			ms, code, message := d.clock.number(v)
			d.time(i, ms, code, message)
		}
	default:
		for i := range rows {
			ms, ok := c.millis(values, i)
			switch {
			case null(i):
				d.time(i, 0, CodeBadTimestamp, nullTimestamp)
			case !ok || ms < firstMillis || ms > lastMillis:
				d.time(i, 0, CodeTimestampRange, "timestamp is outside the years 1 to 9999; is its unit the right one?")
			default:
				d.time(i, ms, "", "")
			}
		}
	}
}

// time appends the timestamp of a row of the batch, and keeps the flaw that a
// message tells of.
func (d *arrowDecoder) time(row int, ms int64, code, message string) {
	if message != "" {
		d.bad.add(d.s.Bars+row, fieldTimestamp, code, message)
	}
	d.s.Time = append(d.s.Time, ms)
}
